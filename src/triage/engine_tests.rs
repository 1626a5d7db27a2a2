//! The engine with small pattern sets of its own: conditions, evidence, complaints, and its cost.

use crate::problem::SourceFile;
use crate::triage::{Finding, PatternSet, mail_of, outcome};

fn source(name: &str, text: &str) -> SourceFile {
    SourceFile { name: format!("patterns/{name}.toml"), text: text.to_owned() }
}

/// A cause `cause` with these lines in its only pattern.
fn with_pattern(lines: &str) -> SourceFile {
    let test = "[[test]]\nbody = \"x\"\nexpect = \"cause\"\n";
    source("cause", &format!("title = \"A cause\"\naction = \"reply\"\n[[pattern]]\nid = \"p\"\n{lines}\n{test}"))
}

fn signals(lines: &str) -> SourceFile {
    source("signals", &format!("title = \"Signals\"\naction = \"signal\"\n{lines}"))
}

fn set(files: &[SourceFile]) -> PatternSet {
    PatternSet::load(files).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn finds(files: &[SourceFile], body: &str) -> bool {
    outcome(&set(files).classify(&mail_of("Hello", body)).finding) == "cause"
}

fn finds_phrase(phrase: &str, body: &str) -> bool {
    finds(&[with_pattern(&format!("en = [\"{phrase}\"]"))], body)
}

fn complaints(files: &[SourceFile]) -> Vec<String> {
    PatternSet::load(files).err().unwrap_or_default().iter().map(ToString::to_string).collect()
}

#[test]
fn words_alternatives_options_and_endings_match() {
    assert!(finds_phrase("card (declined|refused)", "My card REFUSED"));
    assert!(!finds_phrase("card (declined|refused)", "card was refused"));
    assert!(
        finds_phrase("not [at all] enough", "not enough") && finds_phrase("not [at all] enough", "not at all enough")
    );
    assert!(finds_phrase("declin*", "declining") && finds_phrase("*card", "giftcard"));
    assert!(finds_phrase("paid #", "paid 13.99 today") && !finds_phrase("paid #", "paid them"));
    assert!(finds_phrase("(no|not enough) (money|cash)", "not enough cash"));
}

#[test]
fn a_gap_is_counted_in_words_and_stays_in_the_sentence() {
    assert!(finds_phrase("card .. declined", "card was just now declined"));
    assert!(!finds_phrase("card .. declined", "card one two three four five declined"));
    assert!(finds_phrase("card ..5 declined", "card one two three four five declined"));
    assert!(!finds_phrase("card .. declined", "My card. It declined"));
}

#[test]
fn marks_bind_a_phrase_to_the_ends_of_its_sentence() {
    assert!(finds_phrase("<thanks", "Well. Thanks a lot") && !finds_phrase("<thanks", "many thanks"));
    assert!(finds_phrase("thanks>", "many thanks. Bye") && !finds_phrase("thanks>", "thanks a lot"));
}

#[test]
fn scripts_without_spaces_match_by_characters() {
    let files = [with_pattern("zh = [\"余额不足\", \"扣款 .. 失败\"]\nja = [\"残高不足\"]")];
    assert!(finds(&files, "您好，我的卡余额不足，怎么办？"));
    assert!(finds(&files, "扣款一直失败"));
    assert!(finds(&files, "残高不足です"));
    assert!(!finds(&files, "余额充足"));
}

#[test]
fn evidence_names_span_words_line_and_language() {
    let set = set(&[with_pattern("weight = 3\nen = [\"no such thing\",\n \"isn't enough\"]")]);
    let mail = mail_of("Hi", "It ISN\u{2019}T enough!");
    let verdict = set.classify(&mail);
    let hit = verdict.evidence.first().expect("a hit");
    assert_eq!(hit.text, "ISN\u{2019}T enough");
    assert_eq!(mail.text.shown.get(hit.span.clone()), Some(hit.text.as_str()));
    assert_eq!((hit.line, hit.language.as_str(), verdict.language.as_deref()), (7, "en", Some("en")));
}

#[test]
fn a_pattern_counts_once_however_often_it_hits() {
    let verdict = set(&[with_pattern("en = [\"failed\"]")]).classify(&mail_of("failed", "failed. failed"));
    assert_eq!((verdict.evidence.len(), verdict.scores.first().map(|s| s.points)), (1, Some(3)));
}

#[test]
fn conditions_hold_in_the_mail_or_in_the_sentence() {
    let signals =
        signals("[[pattern]]\nid = \"paying\"\nen = [\"pay\"]\n[[pattern]]\nid = \"export\"\nen = [\"export\"]");
    let with = |lines: &str| [with_pattern(&format!("en = [\"network error\"]\n{lines}")), signals.clone()];
    let needs = with("needs = [\"paying|export\"]");
    assert!(finds(&needs, "Network error. I want to pay") && !finds(&needs, "Network error"));
    let near = with("near = [\"paying\"]");
    assert!(finds(&near, "network error when I pay") && !finds(&near, "Network error. I want to pay"));
    let unless = with("unless = [\"export\"]");
    assert!(!finds(&unless, "network error at export") && finds(&unless, "Network error. I also export"));
    let never = with("never-with = [\"export\"]");
    assert!(!finds(&never, "Network error. I also export"));
    let place = with("in = \"subject\"");
    assert!(!finds(&place, "network error"));
}

#[test]
fn an_exception_cancels_the_hit_it_touches_and_no_other() {
    let files = [with_pattern("en = [\"network error\"]\nexcept = [\"(no|not) [a] network error\"]")];
    assert!(!finds(&files, "there is no network error"));
    assert!(finds(&files, "there was no network error but today a network error came"));
}

#[test]
fn an_expression_is_the_last_resort() {
    assert!(finds(&[with_pattern("regex = ['err-[0-9]{3}']")], "I see ERR-504 here"));
}

#[test]
fn word_groups_may_use_word_groups_and_speak_one_language() {
    let vocabulary = source(
        "vocabulary",
        "[group.money]\nen = [\"cash\", \"{coin}\"]\n[group.coin]\nen = [\"penny\"]\nzh = [\"钱\"]",
    );
    let files = [vocabulary, with_pattern("en = [\"no {money}\"]\nzh = [\"没{coin}\"]")];
    assert!(finds(&files, "no penny") && finds(&files, "no cash") && finds(&files, "我没钱了"));
    assert!(!finds(&files, "no 钱"));
}

#[test]
fn every_problem_of_every_file_is_told_with_its_line() {
    let cause = source(
        "cause",
        "title = \"A\"\naction = \"replay\"\n[[pattern]]\nid = \"p\"\nwieght = 3\nen = [\"card (a|\",\n\"[x] ..\",\n\"{mony}\",\n\"(a||b)\"]\n\
         needs = [\"nothing\"]\n[[test]]\nbody = \"x\"\nexpect = \"cuase\"",
    );
    let vocabulary = source("vocabulary", "[group.money]\nen = [\"{cash}\"]\n[group.cash]\nen = [\"{money}\"]");
    let told = complaints(&[cause, vocabulary]).join("\n");
    for wanted in [
        "cause.toml:2: `replay` is no action",
        "did you mean `reply`?",
        "cause.toml:5: the key `wieght` is not known here",
        "cause.toml:6: a bracket is not closed",
        "cause.toml:7: \"[x] ..\" has no word that must be there",
        "cause.toml:8: there is no word group {mony}",
        "did you mean `money`?",
        "cause.toml:9: an alternative is empty",
        "cause.toml:10: there is no signal `nothing`",
        "cause.toml:11: the test expects `cuase`, which is nothing",
        "vocabulary.toml:2: word groups go round in a circle",
    ] {
        assert!(told.contains(wanted), "missing: {wanted}\nin:\n{told}");
    }
}

#[test]
fn duplicate_ids_and_missing_tests_are_told() {
    let text = "title = \"A\"\naction = \"reply\"\n[[pattern]]\nid = \"p\"\nen = [\"a\"]\n[[pattern]]\nid = \"p\"\nen = [\"b\"]";
    let told = complaints(&[source("cause", text)]).join("\n");
    assert!(told.contains("cause.toml:6: the id `p` is used twice"), "{told}");
    assert!(told.contains("the file has no test of its own"), "{told}");
}

#[test]
fn the_order_of_files_does_not_matter() {
    let files = [with_pattern("en = [\"a\"]"), signals("[[pattern]]\nid = \"s\"\nen = [\"b\"]")];
    let mut turned = files.clone();
    turned.reverse();
    assert_eq!(set(&files).fingerprint(), set(&turned).fingerprint());
    assert_ne!(set(&files).fingerprint(), set(&files[..1]).fingerprint());
}

#[test]
fn automatic_mail_comes_before_guards_and_guards_before_causes() {
    let file = |id: &str, action: &str, word: &str| {
        let head = format!("title = \"The {id}\"\naction = \"{action}\"\n[[pattern]]\nid = \"p\"\nen = [\"{word}\"]\n");
        source(id, &format!("{head}[[test]]\nbody = \"{word}\"\nexpect = \"{id}\"\n"))
    };
    let set = set(&[
        file("absence", "ignore", "away"),
        file("refund", "escalate", "refund"),
        file("network", "reply", "network"),
        file("balance", "reply", "balance"),
        file("unspecified", "reply", "failed"),
    ]);
    let found = |body: &str| set.classify(&mail_of("", body)).finding;
    assert_eq!(found("away refund network"), Finding::Automatic { topic: "absence".into() });
    let guard = Finding::Guard { topic: "refund".into(), sentence: "The refund".into() };
    assert_eq!(found("refund network"), guard);
    assert_eq!(found("network failed"), Finding::cause("network"));
    assert_eq!(found("failed"), Finding::cause("unspecified"));
    assert_eq!(found("network balance"), Finding::Ambiguous { causes: vec!["balance".into(), "network".into()] });
    assert_eq!(found("nothing"), Finding::Nothing);
    assert!(set.run_tests().iter().all(|test| test.passed));
}

#[test]
fn work_grows_in_step_with_the_text_even_for_hostile_text() {
    let set = set(&[with_pattern("en = [\"a ..30 [a] ..30 [a|a a] .. b\", \"(a|a a|a a a) .. (a|a a) c\"]")]);
    let steps = |words: usize| {
        let mail = mail_of("", &format!("{} b c", "a ".repeat(words)));
        set.classify_counting(&mail).1
    };
    let (small, large) = (steps(500), steps(5000));
    assert!(large < small * 11, "{small} steps for 500 words, {large} for 5000");
}
