//! The pattern files as they are shipped, against their own tests and the labelled mails, through the whole chain
//! from bytes to decision.
#![expect(clippy::disallowed_methods, reason = "a test reads the labelled mails")]

use std::fs;
use std::path::Path;

use paytriage::config::read_sources;
use paytriage::mail::Mail;
use paytriage::triage::{Case, Decision, History, PatternSet, Policy, decide_alone};
use serde_json::Value;

fn patterns() -> PatternSet {
    let sources = read_sources(None, None).expect("the built-in files");
    PatternSet::load(&sources.patterns).unwrap_or_else(|problems| {
        let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("{}", all.join("\n"));
    })
}

/// The labelled mails that are plain text and carry no special headers.
fn plain_mails() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mails: Vec<Value> = ["english.jsonl", "multilingual.jsonl"]
        .iter()
        .flat_map(|name| {
            let text = fs::read_to_string(folder.join(name)).expect("the corpus");
            text.lines().map(|line| serde_json::from_str(line).expect("a mail")).collect::<Vec<Value>>()
        })
        .filter(|mail| mail["html"].is_null() && mail["headers"].as_object().is_some_and(serde_json::Map::is_empty))
        .collect();
    assert!(mails.len() > 150);
    mails
}

fn bytes(mail: &Value, before: &str, after: &str) -> Vec<u8> {
    let text = |key: &str| mail[key].as_str().unwrap_or("").to_owned();
    let head = format!("From: {}\nSubject: {}\nContent-Type: text/plain; charset=utf-8", text("from"), text("subject"));
    format!("{head}\n\n{before}{}{after}", text("body")).into_bytes()
}

/// What the bot would do: a cause, or the action.
fn outcome(set: &PatternSet, bytes: &[u8]) -> String {
    let mut mail = Mail::parse(bytes);
    let verdict = set.judge(&mut mail);
    let (policy, history) = (Policy::default(), History::default());
    let case =
        Case { policy: &policy, mail: &mail, verdict: &verdict, history: &history, whole: true, arrived_at: 0, now: 0 };
    match decide_alone(&case).decision {
        Decision::Reply { cause, .. } => cause,
        Decision::Escalate { .. } => "escalate".into(),
        Decision::Ignore { .. } => "ignore".into(),
    }
}

#[test]
fn every_test_block_passes() {
    let results = patterns().run_tests();
    let failed: Vec<String> = results
        .iter()
        .filter(|test| !test.passed)
        .map(|test| format!("{}:{}: expected {}, got {}", test.file, test.line, test.expected, test.got))
        .collect();
    assert!(failed.is_empty(), "{} of {} failed\n{}", failed.len(), results.len(), failed.join("\n"));
}

#[test]
fn quoted_history_below_a_mail_never_changes_the_outcome() {
    let set = patterns();
    let history = "\n\nOn Mon, 3 Mar 2025 at 10:00, Ada <ada@shop.example> wrote:\n\
        > The network error came again, there is not enough money on the card,\n\
        > I want a refund, and two pages are open of which one went through.\n";
    for mail in plain_mails() {
        // Below a forwarded mail, its history is part of what was forwarded.
        if Mail::parse(&bytes(&mail, "", "")).forwarded.is_empty() {
            let (without, with) = (outcome(&set, &bytes(&mail, "", "")), outcome(&set, &bytes(&mail, "", history)));
            assert_eq!(without, with, "{}", mail["id"]);
        }
    }
}

#[test]
fn a_guard_phrase_in_a_mail_never_leaves_a_reply() {
    let set = patterns();
    let guards = [
        "I want a refund, please give me my money back.",
        "I was charged twice.",
        "My lawyer will contact you.",
        "Please let me talk to a real person.",
    ];
    for mail in plain_mails().iter().filter(|mail| mail["lang"] == "en") {
        for guard in guards {
            let got = outcome(&set, &bytes(mail, &format!("{guard}\n\n"), ""));
            assert!(matches!(got.as_str(), "escalate" | "ignore"), "{} with {guard:?}: {got}", mail["id"]);
        }
    }
}
