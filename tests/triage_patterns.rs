//! The pattern files as they are shipped: their own test blocks, and the labelled English mails.
#![expect(clippy::disallowed_methods, reason = "a test reads the pattern files")]

use paytriage::problem::SourceFile;
use paytriage::triage::{Action, Finding, PatternSet, mail_of, outcome};
use std::fs;
use std::path::Path;

fn collect(folder: &Path, files: &mut Vec<SourceFile>) {
    for entry in fs::read_dir(folder).expect("patterns/ is there") {
        let path = entry.expect("readable").path();
        let name = path.display().to_string();
        if path.is_dir() {
            collect(&path, files);
        } else if name.ends_with(".toml") {
            files.push(SourceFile { text: fs::read_to_string(&path).expect("readable"), name });
        }
    }
}

fn patterns() -> PatternSet {
    let mut files = Vec::new();
    collect(Path::new("patterns"), &mut files);
    PatternSet::load(&files).unwrap_or_else(|problems| {
        let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("{}", all.join("\n"));
    })
}

/// A crude stand-in for the mail room: cuts quoted and forwarded text, strips tags.
fn body_of(mail: &serde_json::Value) -> String {
    let text = |key: &str| mail.get(key).and_then(|v| v.as_str()).unwrap_or("").to_owned();
    let mut body = text("body");
    if body.is_empty() {
        let mut inside = false;
        let html = text("html").replace("</div>", "\n").replace("</p>", "\n").replace("<br>", "\n");
        body = html
            .chars()
            .filter(|c| {
                inside = (inside || *c == '<') && *c != '>';
                !inside && *c != '>'
            })
            .collect();
        for (entity, plain) in
            [("&nbsp;", " "), ("&quot;", "\""), ("&ldquo;", "\""), ("&rdquo;", "\""), ("&auml;", "ä")]
        {
            body = body.replace(entity, plain);
        }
    }
    let quote = |line: &str| {
        (line.ends_with(':') && (line.contains(" wrote:") || line.starts_with("Am ") || line.starts_with("Den ")))
            || line.starts_with("From: ") && line.contains(' ')
    };
    let mut kept: Vec<&str> = Vec::new();
    let forwarded = text("subject").starts_with("Fwd");
    for line in body.lines() {
        if quote(line) && !forwarded {
            break;
        }
        if !line.starts_with('>') || (forwarded && kept.len() < 8) {
            kept.push(line.trim_start_matches('>'));
        }
    }
    kept.join("\n")
}

struct Tally {
    replies: usize,
    wrong: Vec<String>,
    answerable: usize,
    answered: usize,
    ignored_persons: Vec<String>,
}

/// Judges a corpus file; prints every mail that was not answered though it could have been.
fn tally(set: &PatternSet, path: &str, show: bool) -> Tally {
    let mut tally = Tally { replies: 0, wrong: vec![], answerable: 0, answered: 0, ignored_persons: vec![] };
    for line in fs::read_to_string(path).expect("corpus").lines().filter(|l| !l.trim().is_empty()) {
        let labelled: serde_json::Value = serde_json::from_str(line).expect("a JSON object a line");
        let text = |key: &str| labelled.get(key).and_then(|v| v.as_str()).unwrap_or("").to_owned();
        let expect = text("expect");
        let accept: Vec<String> =
            labelled.get("accept").and_then(|a| serde_json::from_value(a.clone()).ok()).unwrap_or_default();
        // Headers are the mail room's business; here only what words can tell.
        let machine = labelled.get("headers").and_then(|h| h.as_object()).is_some_and(|h| !h.is_empty());
        if machine && expect == "ignore" {
            continue;
        }
        let subject = text("subject");
        let subject = subject.trim_start_matches("Re: ").trim_start_matches("Fwd: ");
        let verdict = set.classify(&mail_of(subject, &body_of(&labelled)));
        let got = outcome(&verdict.finding);
        let documented = set.causes().any(|c| c.id == expect);
        tally.answerable += usize::from(documented);
        let fits = got == expect || accept.contains(&got);
        let hits: Vec<String> =
            verdict.evidence.iter().map(|e| format!("{}/{}[{}]{}", e.cause, e.pattern, e.text, e.weight)).collect();
        let told = format!("{} wants {expect} {accept:?}, got {got}\n      {}", text("id"), hits.join("; "));
        let missed = match verdict.finding {
            Finding::Cause { .. } => {
                tally.replies += 1;
                tally.answered += usize::from(documented && fits);
                if !fits {
                    tally.wrong.push(told.clone());
                }
                !fits
            }
            Finding::Automatic { .. } => {
                if expect != "ignore" {
                    tally.ignored_persons.push(told.clone());
                }
                expect != "ignore"
            }
            _ => documented || expect == "ignore",
        };
        if show && missed {
            println!("{told}");
        }
    }
    println!(
        "{path}: {} replies, {} wrong; {} of {} answerable answered",
        tally.replies,
        tally.wrong.len(),
        tally.answered,
        tally.answerable
    );
    tally
}

#[test]
fn every_test_block_passes() {
    let results = patterns().run_tests();
    let failed: Vec<String> = results
        .iter()
        .filter(|r| !r.passed)
        .map(|r| {
            let hits: Vec<String> = r
                .verdict
                .evidence
                .iter()
                .map(|e| format!("{}/{}[{}]{}", e.cause, e.pattern, e.text, e.weight))
                .collect();
            format!("{}:{}: expected {}, got {}: {}", r.file, r.line, r.expected, r.got, hits.join("; "))
        })
        .collect();
    assert!(failed.is_empty(), "{} of {} failed\n{}", failed.len(), results.len(), failed.join("\n"));
}

#[test]
fn every_pattern_is_hit_by_a_test_of_its_file() {
    let set = patterns();
    let results = set.run_tests();
    let hit = |file: &str, id: &str| {
        results.iter().any(|r| r.file == file && r.verdict.evidence.iter().any(|e| e.file == file && e.pattern == id))
    };
    let missing: Vec<String> =
        set.pattern_ids().filter(|(file, id)| !hit(file, id)).map(|(file, id)| format!("{file}: {id}")).collect();
    assert!(missing.is_empty(), "patterns without a test that hits them:\n{}", missing.join("\n"));
}

#[test]
fn the_labelled_mails_get_no_wrong_reply() {
    let set = patterns();
    let tally = tally(&set, "tests/corpus/english.jsonl", true);
    assert!(tally.wrong.is_empty(), "wrong replies:\n{}", tally.wrong.join("\n"));
    assert!(tally.ignored_persons.is_empty(), "people ignored:\n{}", tally.ignored_persons.join("\n"));
    assert!(tally.answered * 4 >= tally.answerable * 3, "coverage fell below three quarters");
    assert!(set.topics().any(|t| t.action == Action::Ignore));
}

/// Mails outside the repository, for tuning: `cargo test --test triage_patterns fresh -- --ignored --nocapture`.
#[test]
#[ignore = "for tuning by hand"]
fn fresh_mails() {
    let set = patterns();
    println!("{set:?}");
    for entry in fs::read_dir("/tmp/triage-fresh").expect("fresh mails") {
        tally(&set, &entry.expect("readable").path().display().to_string(), true);
    }
}
