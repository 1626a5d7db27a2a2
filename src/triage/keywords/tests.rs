//! What is learned from a handful of mails, how it is written and read, and what it says of a text.

use super::*;
use crate::problem::SourceFile;
use crate::triage::mail_of;

const OUTCOMES: [&str; 2] = ["dry", "wet"];

fn lessons() -> Vec<Lesson> {
    let texts = [
        ("the sun is out and the road is dusty", 0),
        ("a dusty road under the sun", 0),
        ("dusty shoes, bright sun", 0),
        ("sun and dust all day", 0),
        ("rain fell on the wet road", 1),
        ("the rain made me wet", 1),
        ("wet shoes after the rain", 1),
        ("rain, rain all day", 1),
        ("今天下雨了", 1),
        ("昨天下雨很大", 1),
        ("又下雨", 1),
    ];
    texts.iter().map(|(text, outcome)| Lesson::of(&mail_of("", text), *outcome)).collect()
}

fn table_text() -> String {
    let plan = Plan { texts_at_least: 2, ..Plan::default() };
    let outcomes = OUTCOMES.map(str::to_owned);
    table::write(&learn(&lessons(), 2, plan), &outcomes, &["en".to_owned()])
}

fn read(text: &str) -> Result<Keywords, String> {
    let source = SourceFile { name: "patterns/keywords.tsv".into(), text: text.to_owned() };
    table::read(&source).map_err(|problem| problem.to_string())
}

fn weigh(keywords: &Keywords, text: &str) -> Likely {
    keywords.weigh(&Reading::of(text, 0))
}

#[test]
fn words_never_seen_together_are_weighed_by_what_each_has_taught() {
    let keywords = read(&table_text()).expect("a good table");
    for (text, best) in [("the shoes are dusty", "dry"), ("Raining again", "wet"), ("怎么又下雨", "wet")] {
        let likely = weigh(&keywords, text);
        assert_eq!(likely.shares.first().map(|(outcome, _)| outcome.as_str()), Some(best), "{text}: {likely:?}");
    }
}

#[test]
fn shares_sum_to_one_and_spans_point_into_the_shown_text() {
    let keywords = read(&table_text()).expect("a good table");
    let text = "¡Ünd THE RÄIN made\nme… wet! 今天下雨";
    let likely = weigh(&keywords, text);
    let sum: f32 = likely.shares.iter().map(|(_, share)| share).sum();
    assert!((sum - 1.0).abs() < 1e-4, "{likely:?}");
    assert!(!likely.loudest.is_empty());
    for loud in &likely.loudest {
        assert!(text.get(loud.span.clone()).is_some_and(|words| !words.is_empty()), "{loud:?}");
        assert!(loud.line > 0 && loud.weight > 0.0);
    }
}

#[test]
fn what_is_looked_up_is_what_was_learned() {
    let keywords = read(&table_text()).expect("a good table");
    for text in ["the rain made the wet road wet", "rain, zzrainzz! 昨天又下雨了 wet", "a_b shoes 1.234,50 又下雨 12"]
    {
        let line = Line::of(&Reading::of(text, 0));
        let mut looked_up: Vec<u32> = keywords.hits(&line).iter().map(|hit| hit.keyword).collect();
        let mut learned = Vec::new();
        line.each_term(|term| learned.extend(keywords.keys.find(terms::key(term))));
        looked_up.sort_unstable();
        learned.sort_unstable();
        learned.dedup();
        assert!(!learned.is_empty());
        assert_eq!(looked_up, learned, "{text}");
    }
}

#[test]
fn the_same_mails_teach_the_same_table() {
    assert_eq!(table_text(), table_text());
}

#[test]
fn a_text_of_nothing_known_is_weighed_too() {
    let keywords = read(&table_text()).expect("a good table");
    for text in ["", "\n\n", "_", "zzz", "\u{202e}\u{0}"] {
        assert_eq!(weigh(&keywords, text).shares.len(), 2, "{text:?}");
    }
}

#[test]
fn a_broken_table_is_refused_with_its_line() {
    let good = table_text();
    for (text, wanted) in [
        (String::new(), "keywords.tsv:1: the table of keywords is empty"),
        (good.replacen("languages\t", "tongues\t", 1), "keywords.tsv:4: a line `languages` is wanted here"),
        (format!("{good}龠\t12\n"), "2 whole numbers are wanted after the keyword"),
        (format!("{good}龠\t1\tx\n"), "2 whole numbers are wanted after the keyword"),
        (good.replacen("_sun_\t", "_rain_\t", 1), "this keyword stands twice or out of order"),
    ] {
        let told = read(&text).err().unwrap_or_default();
        assert!(told.contains(wanted), "missing: {wanted}\nin: {told}");
    }
}
