//! How text falls into sentences and tokens.

use super::*;

fn sentences(text: &str) -> Vec<String> {
    let reading = Reading::of(text, 0);
    let words = |s: &Sentence| {
        let tokens = reading.tokens.get(s.tokens.clone()).unwrap_or_default();
        tokens.iter().map(|t| reading.word(t).to_owned()).collect::<Vec<_>>().join(" ")
    };
    reading.sentences.iter().map(words).collect()
}

#[test]
fn sentences_end_at_marks_of_every_script() {
    assert_eq!(sentences("It failed! Why? Help…now"), ["it failed", "why", "help", "now"]);
    assert_eq!(sentences("付款失败。为什么？"), ["付 款 失 败", "为 什 么"]);
}

#[test]
fn dots_inside_numbers_names_and_abbreviations_do_not_end_a_sentence() {
    assert_eq!(sentences("Paid 1.50 at shop.example, e.g. by card"), ["paid 1.50 at shop example e g by card"]);
    assert_eq!(sentences("ERR_CONNECTION_RESET. Help"), ["err_connection_reset", "help"]);
    assert_eq!(sentences("13,99€"), ["13,99 €"]);
}

#[test]
fn a_wrapped_line_goes_on_and_a_paragraph_or_bullet_does_not() {
    assert_eq!(sentences("my card was\ndeclined"), ["my card was declined"]);
    let wrapped = "Dear team, when I try to pay with my new credit card\nVisa says no";
    assert_eq!(sentences(wrapped).len(), 1);
    assert_eq!(sentences("Trying to pay\n\nnetwork error").len(), 2);
    assert_eq!(sentences("I did this\n- closed pages\n- waited").len(), 3);
    assert_eq!(sentences("Hello\nThe payment failed").len(), 2);
}

#[test]
fn the_subject_is_a_sentence_of_its_own_and_two_more_are_the_opening() {
    let reading = Reading::of("Payment failed\none. two. three.", "Payment failed".len());
    let zones: Vec<Zone> = reading.sentences.iter().map(|s| s.zone).collect();
    assert_eq!(zones, [Zone::Subject, Zone::Opening, Zone::Opening, Zone::Body]);
}

#[test]
fn spans_point_into_the_shown_text() {
    let shown = "I CAN\u{2019}T pay";
    let reading = Reading::of(shown, 0);
    assert_eq!(shown.get(reading.shown(1..3)), Some("CAN\u{2019}T pay"));
}
