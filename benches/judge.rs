//! What judging one mail costs: `cargo bench --bench judge`. `dense` is 6 KB of nothing but complaints about payments
//! (some thirty mails in one), `ordinary` one such complaint and 6 KB of other English prose. `10x` adds nine copies of all patterns, every
//! word of them rotated through the alphabet, so that they are as many again in other words.
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the pattern files")]

use criterion::{Criterion, criterion_group, criterion_main};
use paytriage::mail::Mail;
use paytriage::mail::fold::fold;
use paytriage::problem::SourceFile;
use paytriage::triage::{Case, History, PatternSet, Policy, decide_alone};
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::Duration;
use toml::{Table, Value};

const TEXT: usize = 6 * 1024;

/// One labelled mail, and prose that happens to lie about.
fn ordinary() -> Vec<u8> {
    let mut body = "I tried to pay and it only ever says network error. What can I do?\n\n".to_owned();
    for file in ["README.md", "ARCHITECTURE.md"] {
        for line in fs::read_to_string(file).expect("prose").lines() {
            let prose = line.starts_with(|c: char| c.is_ascii_alphabetic()) && !line.contains([':', '<', '`', '|']);
            if prose || line.is_empty() && !body.ends_with("\n\n") {
                body.push_str(line);
                body.push('\n');
            }
        }
    }
    while body.len() < TEXT {
        body.push_str(&body.clone());
    }
    body.truncate(body.floor_char_boundary(TEXT));
    with_headers(&body)
}

fn with_headers(body: &str) -> Vec<u8> {
    let headers = "From: Ann <ann@example.com>\nTo: help@example.org\nSubject: Payment\n\
                   Message-ID: <1@example.com>\nContent-Type: text/plain; charset=utf-8\n\n";
    format!("{headers}{body}").replace('\n', "\r\n").into_bytes()
}

/// Bodies of the labelled mails, one after the other.
fn dense() -> Vec<u8> {
    let mut body = String::new();
    for line in fs::read_to_string("tests/corpus/english.jsonl").expect("corpus").lines() {
        let labelled: serde_json::Value = serde_json::from_str(line).expect("a JSON object a line");
        let text = labelled["body"].as_str().unwrap_or_default();
        // What the mail room cuts away would not be judged.
        let cut = ["wrote:", "---", "\n>", "Sent from", "From:", "egards", "heers", "<"];
        if text.len() < 400 && !cut.iter().any(|mark| text.contains(mark)) && body.len() + text.len() < TEXT {
            body.push_str(text);
            body.push_str("\n\n");
        }
    }
    with_headers(&body)
}

fn collect(folder: &Path, files: &mut Vec<SourceFile>) {
    for entry in fs::read_dir(folder).expect("patterns") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push(SourceFile {
                name: path.display().to_string(),
                text: fs::read_to_string(&path).expect("a file"),
            });
        }
    }
}

/// The phrase with its words rotated by `by` letters and its word groups renamed.
fn rotated(phrase: &str, by: u8) -> String {
    let mut inside = false;
    let mut out = String::new();
    for c in phrase.chars() {
        inside = (inside || c == '{') && c != '}';
        match c {
            'a'..='z' | 'A'..='Z' if !inside => {
                out.push(char::from((c.to_ascii_lowercase() as u8 - b'a' + by) % 26 + b'a'));
            }
            '}' => out.push_str(&format!("-{by}}}")),
            _ => out.push(c),
        }
    }
    out
}

fn each(value: &mut Value, change: &dyn Fn(&str) -> String) {
    match value {
        Value::String(text) => *text = change(text),
        Value::Array(items) => items.iter_mut().for_each(|item| each(item, change)),
        Value::Table(table) => table.iter_mut().for_each(|(_, item)| each(item, change)),
        _ => {}
    }
}

/// The same file in words that do not exist.
fn copy(file: &SourceFile, by: u8) -> SourceFile {
    let name = file.name.replace(".toml", &format!("-{by}.toml"));
    let mut table: Table = file.text.parse().expect("TOML");
    if let Some(Value::Table(groups)) = table.remove("group") {
        let mut renamed = Table::new();
        for (group, mut words) in groups {
            each(&mut words, &|phrase| rotated(phrase, by));
            renamed.insert(format!("{group}-{by}"), words);
        }
        table.insert("group".into(), Value::Table(renamed));
    }
    for pattern in table.get_mut("pattern").and_then(Value::as_array_mut).into_iter().flatten() {
        for (key, value) in pattern.as_table_mut().expect("a table") {
            match key.as_str() {
                "id" | "needs" | "near" | "unless" | "never-with" => {
                    each(value, &|ids| {
                        ids.split('|').map(|id| format!("{}-{by}", id.trim())).collect::<Vec<_>>().join("|")
                    });
                }
                "regex" | "in" => {}
                _ => each(value, &|phrase| rotated(phrase, by)),
            }
        }
    }
    let id = Path::new(&name).file_stem().expect("a name").to_string_lossy().into_owned();
    let tests = format!("[[test]]\nbody = \"x\"\nexpect = \"{id}\"\n[[test]]\nbody = \"x\"\nexpect = \"no-match\"\n");
    table.remove("test");
    // Files in language folders have no action of their own.
    let is_signal = name.contains("signals-") || table.get("action").and_then(Value::as_str) == Some("signal");
    let outcome = !is_signal && table.contains_key("pattern");
    let tests = if outcome { tests } else { String::new() };
    SourceFile { text: format!("{}\n{tests}", toml::to_string(&table).expect("TOML")), name }
}

fn judge(c: &mut Criterion) {
    let mut files = Vec::new();
    collect(Path::new("patterns"), &mut files);
    let phrases: Vec<&SourceFile> = files.iter().filter(|file| file.name.ends_with(".toml")).collect();
    let copies = (1..10).flat_map(|by| phrases.iter().map(move |file| copy(file, by)));
    let ten = copies.chain(files.clone()).collect();
    let load = |files: &Vec<SourceFile>| {
        let set = PatternSet::load(files).unwrap_or_else(|problems| panic!("{:#?}", problems.first()));
        println!("{set:?}");
        set
    };
    let sets = [("1x", load(&files)), ("10x", load(&ten))];
    let (policy, history) = (Policy::default(), History::default());
    let mut group = c.benchmark_group("judge");
    group.sample_size(20).measurement_time(Duration::from_secs(2)).warm_up_time(Duration::from_millis(500));
    for (name, raw) in [("ordinary", ordinary()), ("dense", dense())] {
        let mail = Mail::parse(&raw);
        assert!(mail.text.shown.len() > TEXT * 9 / 10, "the mail room left {} bytes", mail.text.shown.len());
        group.bench_function(format!("{name}/parse"), |b| b.iter(|| Mail::parse(black_box(&raw))));
        group.bench_function(format!("{name}/fold"), |b| b.iter(|| fold(black_box(&mail.text.shown))));
        for (times, set) in &sets {
            group.bench_function(format!("{name}/classify/{times}"), |b| b.iter(|| set.classify(black_box(&mail))));
            group.bench_function(format!("{name}/whole/{times}"), |b| {
                b.iter(|| {
                    let mail = &Mail::parse(black_box(&raw));
                    let verdict = &set.classify(mail);
                    let (history, policy) = (&history, &policy);
                    decide_alone(&Case { policy, mail, verdict, history, whole: true, arrived_at: 0, now: 0 })
                });
            });
        }
    }
    group.finish();
}

criterion_group!(benches, judge);
criterion_main!(benches);
