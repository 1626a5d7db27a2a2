//! Files in language folders: what they add to their base file, and every complaint about them.

use crate::mail::Mail;
use crate::problem::SourceFile;
use crate::triage::{Finding, PatternSet, mail_of, outcome};

const BASE: &str = "title = \"A cause\"\naction = \"reply\"\n[[pattern]]\nid = \"p\"\nen = [\"no {money}\"]\n\
                    [[test]]\nbody = \"no cash\"\nexpect = \"cause\"\n";
const CHINESE: &str = "[[pattern]]\nid = \"p\"\nphrases = [\"没{money}\"]\n\
                       [[test]]\nbody = \"没钱\"\nexpect = \"cause\"\n[[test]]\nbody = \"有钱\"\nexpect = \"no-match\"\n";

fn file(name: &str, text: &str) -> SourceFile {
    SourceFile { name: format!("patterns/{name}.toml"), text: text.to_owned() }
}

fn words() -> [SourceFile; 2] {
    let base = file("vocabulary", "[group.money]\nen = [\"cash\"]");
    [base, file("zh/vocabulary", "[group]\nmoney = [\"钱\"]")]
}

fn load(files: &[SourceFile]) -> Result<PatternSet, String> {
    let all: Vec<SourceFile> = words().iter().chain(files).cloned().collect();
    PatternSet::load(&all)
        .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<String>>().join("\n"))
}

fn set(files: &[SourceFile]) -> PatternSet {
    load(files).unwrap_or_else(|told| panic!("{told}"))
}

#[track_caller]
fn complains(files: &[SourceFile], wanted: &str) {
    let told = load(files).err().unwrap_or_default();
    assert!(told.contains(wanted), "missing: {wanted}\nin:\n{told}");
}

#[test]
fn a_language_file_adds_its_phrases_to_the_base_file_in_its_own_words() {
    let set = set(&[file("cause", BASE), file("zh/cause", CHINESE)]);
    let verdict = set.classify(&mail_of("", "我没钱"));
    assert_eq!(verdict.finding, Finding::cause("cause"));
    let hit = verdict.evidence.first().expect("a hit");
    assert_eq!((hit.file.as_str(), hit.line, hit.language.as_str()), ("patterns/zh/cause.toml", 3, "zh"));
    assert!(set.run_tests().iter().all(|t| t.passed));
    assert_eq!(set.causes().count(), 1);
    assert_eq!(set.pattern_ids().collect::<Vec<_>>(), [("patterns/cause.toml", "p"), ("patterns/zh/cause.toml", "p")]);
}

#[test]
fn the_same_pattern_in_two_languages_counts_once() {
    let verdict = set(&[file("cause", BASE), file("zh/cause", CHINESE)]).classify(&mail_of("", "没钱. no cash"));
    assert_eq!((verdict.evidence.len(), verdict.scores.first().map(|s| s.points)), (1, Some(3)));
}

#[test]
fn a_signal_stands_in_whichever_language_it_was_said() {
    let signals = "title = \"S\"\naction = \"signal\"\n[[pattern]]\nid = \"s\"\nen = [\"payment\"]";
    let chinese =
        "[[pattern]]\nid = \"s\"\nphrases = [\"付款\"]\n[[pattern]]\nid = \"t\"\nneeds = [\"s\"]\nphrases = [\"请\"]";
    for condition in ["needs", "near"] {
        let base = BASE
            .replace("en = [\"no", &format!("{condition} = [\"s\"]\nen = [\"no"))
            .replace("no cash", "no cash payment");
        let more = CHINESE.replace("phrases", &format!("{condition} = [\"s\"]\nphrases")).replace("没钱", "没钱付款");
        let files =
            [file("cause", &base), file("signals", signals), file("zh/signals", chinese), file("zh/cause", &more)];
        let set = set(&files);
        let found = |body: &str| outcome(&set.classify(&mail_of("", body)).finding);
        assert_eq!(found("没钱付款"), "cause", "{condition}");
        assert_eq!(found("没钱"), "no-match", "{condition}");
        assert_eq!(found("no cash 付款"), "cause", "{condition}");
    }
    for condition in ["unless", "never-with"] {
        let more = CHINESE.replace("phrases", &format!("{condition} = [\"s\"]\nphrases"));
        let files =
            [file("cause", BASE), file("signals", signals), file("zh/signals", chinese), file("zh/cause", &more)];
        let set = set(&files);
        let found = |body: &str| outcome(&set.classify(&mail_of("", body)).finding);
        assert_eq!((found("没钱付款"), found("没钱 payment")), ("no-match".into(), "no-match".into()), "{condition}");
        assert_eq!((found("没钱"), found("no cash payment")), ("cause".into(), "cause".into()), "{condition}");
    }
}

#[test]
fn exceptions_of_a_language_file_use_its_own_words() {
    let excepted = CHINESE.replace("phrases", "except = [\"没{money}包\"]\nphrases");
    let files = [file("cause", BASE), file("zh/cause", &excepted)];
    let found = |body: &str| outcome(&set(&files).classify(&mail_of("", body)).finding);
    assert_eq!((found("没钱"), found("没钱包")), ("cause".into(), "no-match".into()));
    let unknown = CHINESE.replace("phrases", "except = [\"{coin}\"]\nphrases");
    let coins = file("coins", "[group.coin]\nen = [\"penny\"]");
    complains(
        &[file("cause", BASE), file("zh/cause", &unknown), coins],
        "zh/cause.toml:3: the word group {coin} has no words in `zh`",
    );
}

#[test]
fn what_belongs_to_the_base_file_is_not_taken_from_a_language_file() {
    for (line, key) in [
        ("title = \"x\"", "title"),
        ("action = \"reply\"", "action"),
        ("threshold = 2", "threshold"),
        ("margin = 2", "margin"),
    ] {
        let text = format!("# 中文\n{line}\n{CHINESE}");
        let wanted = format!("zh/cause.toml:2: `{key}` belongs to the base file, not into a language folder");
        complains(&[file("cause", BASE), file("zh/cause", &text)], &wanted);
    }
    complains(&[file("zh/cause", CHINESE)], "zh/cause.toml:1: there is no base file `cause.toml`");
    complains(&[file("cause", BASE), file("zh/cuase", CHINESE)], "did you mean `cause`?");
}

#[test]
fn the_folder_alone_names_the_language() {
    let named = CHINESE.replace("phrases", "zh");
    complains(&[file("cause", BASE), file("zh/cause", &named)], "zh/cause.toml:3: `zh` names a language");
    complains(
        &[file("cause", &BASE.replace("en =", "phrases ="))],
        "cause.toml:5: the key `phrases` is not known here",
    );
    let twice = file("zh/words", "[group]\nmoney = [\"金\"]");
    let wanted = "words.toml:2: the word group {money} has `zh` words in patterns/zh/vocabulary.toml already";
    complains(&[file("cause", BASE), twice, file("words", "[group.x]\nen = [\"x\"]")], wanted);
}

#[test]
fn ids_are_unique_in_a_file_and_signals_in_a_language() {
    let twice = CHINESE.replacen("[[test]]", "[[pattern]]\nid = \"p\"\nphrases = [\"穷\"]\n[[test]]", 1);
    complains(&[file("cause", BASE), file("zh/cause", &twice)], "zh/cause.toml:4: the id `p` is used twice");
    let signals = "title = \"S\"\naction = \"signal\"\n";
    let signal = "[[pattern]]\nid = \"s\"\nphrases = [\"付\"]";
    let bases = [file("cause", BASE), file("a", signals), file("b", signals)];
    let both = [bases.as_slice(), &[file("zh/a", signal), file("zh/b", signal)]].concat();
    complains(&both, "zh/b.toml:1: the id `s` is used twice");
    let apart = [bases.as_slice(), &[file("zh/a", signal), file("ja/b", signal)]].concat();
    assert!(load(&apart).is_ok());
}

#[test]
fn a_language_file_has_tests_of_its_own_and_one_that_must_not_hit() {
    let without = CHINESE.split("[[test]]").next().unwrap_or_default();
    complains(&[file("cause", BASE), file("zh/cause", without)], "zh/cause.toml:1: the file has no test of its own");
    let positive = CHINESE.replace("\"no-match\"", "\"cause\"");
    complains(
        &[file("cause", BASE), file("zh/cause", &positive)],
        "zh/cause.toml:1: the file has no test that must not hit",
    );
    let guard = file("guard", &BASE.replace("reply", "escalate").replace("\"cause\"", "\"guard\""));
    let chinese = file("zh/guard", &positive.replace("\"cause\"", "\"guard\""));
    assert!(load(&[guard, chinese]).is_ok());
}

/// Guards of one word each, in four languages.
fn guards() -> PatternSet {
    let guard = |id: &str, language: &str, word: &str| {
        let head =
            format!("title = \"A\"\naction = \"escalate\"\n[[pattern]]\nid = \"p\"\n{language} = [\"{word}\"]\n");
        file(id, &format!("{head}[[test]]\nbody = \"{word}\"\nexpect = \"{id}\"\n"))
    };
    set(&[
        guard("english", "en", "gift"),
        guard("german", "de", "gift"),
        guard("chinese", "zh", "手紙"),
        guard("japanese", "ja", "てがみ"),
        guard("everyone", "any", "gif"),
    ])
}

#[test]
fn only_the_phrases_of_likely_languages_are_run() {
    let set = guards();
    let found = |language: Option<&str>, body: &str| {
        let mail = Mail { language: language.map(str::to_owned), ..mail_of("", body) };
        let mut causes: Vec<String> = set.classify(&mail).scores.into_iter().map(|s| s.cause).collect();
        causes.sort();
        causes.join(" ")
    };
    assert_eq!(found(Some("en"), "a gift"), "english");
    assert_eq!(found(Some("de"), "ein gift"), "english german", "an English error message may be in it");
    assert_eq!(found(Some("fr"), "un gift, un gif"), "english everyone");
    assert_eq!(found(Some("zh-Hans"), "gift 手紙"), "chinese english");
    assert_eq!(found(Some("zh-Hant"), "手紙"), "chinese");
    assert_eq!(found(Some("en"), "it says 手紙"), "chinese", "a pasted message in another script");
    assert_eq!(found(Some("ja"), "てがみ 手紙"), "japanese", "the same characters are other words in Japanese");
    assert_eq!(found(None, "gift"), "english german");
    assert_eq!(found(None, "手紙"), "chinese");
}

#[test]
fn a_slip_is_measured_by_the_words_of_the_language_alone() {
    let guard = |id: &str, language: &str, word: &str| {
        let head =
            format!("title = \"A\"\naction = \"escalate\"\n[[pattern]]\nid = \"p\"\n{language} = [\"{word}\"]\n");
        file(id, &format!("{head}[[test]]\nbody = \"{word}\"\nexpect = \"{id}\"\n"))
    };
    let set = set(&[guard("a", "it", "contac"), guard("b", "nl", "contacts"), guard("c", "en", "contact")]);
    let mail = |language: &str, body: &str| Mail { language: Some(language.to_owned()), ..mail_of("", body) };
    for slip in ["contac", "conact", "cotnact"] {
        assert_eq!(outcome(&set.classify(&mail("en", slip)).finding), "c", "{slip}");
    }
}

#[test]
fn a_chinese_verdict_names_the_script_of_the_mail() {
    let set = set(&[file("cause", BASE), file("zh/cause", CHINESE)]);
    let language = |language: Option<&str>, body: &str| {
        set.classify(&Mail { language: language.map(str::to_owned), ..mail_of("", body) }).language
    };
    assert_eq!(language(None, "我没钱了，请问怎么办").as_deref(), Some("zh-Hans"));
    assert_eq!(language(Some("zh-Hant"), "我没钱了").as_deref(), Some("zh-Hant"));
    assert_eq!(language(Some("zh-Hans"), "我没钱了, no cash").as_deref(), Some("zh-Hans"));
    assert_eq!(language(Some("de"), "keine Ahnung: no cash").as_deref(), Some("en"));
}
