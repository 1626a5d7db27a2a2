//! What must hold for every mail, whatever its words: `PROPTEST_CASES=2000 cargo test --test triage_properties`.
#![expect(clippy::disallowed_methods, reason = "a test reads the pattern files")]

use paytriage::mail::Mail;
use paytriage::mail::fold::fold;
use paytriage::problem::SourceFile;
use paytriage::triage::{PatternSet, mail_of, outcome};
use proptest::prelude::*;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

fn collect(folder: &Path, files: &mut Vec<SourceFile>) {
    for entry in fs::read_dir(folder).expect("patterns") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "toml" || ending == "tsv") {
            files.push(SourceFile { name: path.display().to_string(), text: fs::read_to_string(&path).expect("text") });
        }
    }
}

static FILES: LazyLock<Vec<SourceFile>> = LazyLock::new(|| {
    let mut files = Vec::new();
    collect(Path::new("patterns"), &mut files);
    files
});

fn load(files: &[SourceFile]) -> PatternSet {
    PatternSet::load(files).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

static SET: LazyLock<PatternSet> = LazyLock::new(|| load(&FILES));

/// The same files, last ones first.
static TURNED: LazyLock<PatternSet> = LazyLock::new(|| {
    let mut files = FILES.clone();
    files.reverse();
    load(&files)
});

static BODIES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let corpora = ["tests/corpus/english.jsonl", "tests/corpus/multilingual.jsonl"];
    let texts: Vec<String> = corpora.iter().map(|path| fs::read_to_string(path).expect("corpus")).collect();
    let mails = texts.iter().flat_map(|text| text.lines()).map(|line| {
        let labelled: serde_json::Value = serde_json::from_str(line).expect("a JSON object a line");
        labelled["body"].as_str().unwrap_or_default().to_owned()
    });
    mails.filter(|body| !body.is_empty()).collect()
});

/// Sentences of the labelled mails, mixed with anything at all.
fn text() -> impl Strategy<Value = String> {
    let corpus = any::<prop::sample::Index>().prop_map(|at| at.get(&BODIES).clone());
    let sentence = corpus.clone().prop_map(|body| body.split(['.', '。', '\n']).next().unwrap_or_default().to_owned());
    let odd = "[a-zA-Z'’ .,!?€0-9é付款失敗败余额ガ\u{3099}ﾞı\u{301}\u{200b}\u{202e}\u{1f600}\n-]{0,40}";
    let piece = prop_oneof![3 => sentence, 1 => corpus, 2 => odd, 1 => any::<String>()];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.join(" "))
}

/// A mail with this body and a history below it.
fn raw(body: &str, history: &str) -> Vec<u8> {
    let headers = "From: Ann <ann@example.com>\nTo: help@example.org\nSubject: A question\nMIME-Version: 1.0\n\
                   Message-ID: <1@example.com>\nContent-Type: text/plain; charset=utf-8\n\n";
    format!("{headers}{body}\n{history}").into_bytes()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_judged_and_evidence_lies_inside_it(subject in text(), body in text()) {
        let mail = mail_of(&subject.replace('\n', " "), &body);
        let verdict = SET.classify(&mail);
        for evidence in &verdict.evidence {
            prop_assert_eq!(mail.text.shown.get(evidence.span.clone()), Some(evidence.text.as_str()));
            prop_assert!(!evidence.text.is_empty());
        }
    }

    #[test]
    fn the_order_of_files_does_not_matter(body in text()) {
        let mail = mail_of("", &body);
        prop_assert_eq!(SET.classify(&mail), TURNED.classify(&mail));
    }

    #[test]
    fn folding_twice_is_folding_once(text in text()) {
        let once = fold(&text).text;
        prop_assert_eq!(&fold(&once).text, &once);
    }

    #[test]
    fn quoted_history_changes_nothing(at in any::<prop::sample::Index>(), old in any::<prop::sample::Index>()) {
        let (body, old) = (at.get(&BODIES), old.get(&BODIES));
        let quoted: String = old.lines().map(|line| format!("> {line}\n")).collect();
        let history = format!("\nOn Mon, 3 Aug 2026 at 10:12, Help <help@example.org> wrote:\n{quoted}");
        let judged = |history: &str| {
            let mail = Mail::parse(&raw(body, history));
            (outcome(&SET.classify(&mail).finding), mail.text.shown)
        };
        prop_assert_eq!(judged(""), judged(&history));
    }
}
