//! Points and shares to a finding: which outcome patterns and keywords together allow. It never sees the mail.

use crate::triage::keywords::Likely;
use crate::triage::set::Topic;
use crate::triage::source::Action;
use crate::triage::{Finding, Score};

/// The overview of all documented causes; it yields to any of them that stands.
pub const OVERVIEW: &str = "unspecified";

/// `scores` are best first. Automatic mail comes first (answering it is the worst mistake), then what belongs to a
/// person, then the causes: those that phrases point to, if the keywords do not speak against them, and those that
/// the keywords are sure of.
pub fn finding(topics: &[Topic], scores: &[Score], likely: Option<&Likely>) -> Finding {
    let standing = |action: Action| {
        scores.iter().filter(|score| score.points >= score.threshold).filter_map(move |score| {
            let topic = topics.iter().find(|t| t.id == score.cause && t.action == action)?;
            Some((topic, score.points))
        })
    };
    if let Some((topic, _)) = standing(Action::Ignore).next() {
        return Finding::Automatic { topic: topic.id.clone() };
    }
    if let Some((topic, _)) = standing(Action::Escalate).next() {
        return Finding::Guard { topic: topic.id.clone(), sentence: topic.title.clone() };
    }
    let by_phrases = by_phrases(standing(Action::Reply).collect());
    match likely {
        None => by_phrases,
        Some(likely) => with_keywords(topics, by_phrases, likely),
    }
}

/// What the phrases alone allow.
fn by_phrases(mut causes: Vec<(&Topic, i32)>) -> Finding {
    if causes.len() > 1 {
        causes.retain(|(topic, _)| topic.id != OVERVIEW);
    }
    let Some((best, points)) = causes.first() else { return Finding::Nothing };
    let close: Vec<&Topic> =
        causes.iter().filter(|(_, other)| points - other < best.margin).map(|(topic, _)| *topic).collect();
    several(&close)
}

/// The keywords weigh all words of the mail, the phrases know what people have laid down: either may carry a reply,
/// neither against the other.
fn with_keywords(topics: &[Topic], by_phrases: Finding, likely: &Likely) -> Finding {
    let topic = |id: &str| topics.iter().find(|topic| topic.id == id && topic.action == Action::Reply);
    let percent = |id: &str| likely.share(id) * 100.0;
    // Answering a machine is the worst mistake: a breath of one, and a person looks.
    if percent(IGNORE) >= MACHINE {
        return Finding::Nothing;
    }
    let Some(best) = likely.shares.iter().find_map(|(id, _)| topic(id)) else { return by_phrases };
    let named = match &by_phrases {
        Finding::Cause { cause, .. } if cause != OVERVIEW && *cause != best.id => Some(cause),
        _ => None,
    };
    if percent(&best.id) >= best.sure as f32 {
        return match (named, best.id == OVERVIEW) {
            (None, _) => Finding::cause(&best.id),
            // The overview yields to a reason that a mail names, and holds its steps where a long one does.
            (Some(_), true) if likely.words <= MIDDLING => by_phrases,
            (Some(_), true) => Finding::cause(&best.id),
            // Two readers, two causes: a person looks.
            (Some(_), false) => Finding::Nothing,
        };
    }
    // Where the keywords hear a failed payment and no reason, and the phrases the reason, both speak for it.
    let left_to = |cause: &str| match cause != OVERVIEW && (best.id == OVERVIEW || best.id == cause) {
        true => percent(cause) + percent(OVERVIEW),
        false => percent(cause),
    };
    match &by_phrases {
        // A cause that no labelled mail has taught is the phrases' alone.
        Finding::Cause { cause, also: None } if likely.share(cause) == 0.0 => by_phrases,
        Finding::Cause { cause, also: None }
            if topic(cause).is_some_and(|topic| left_to(cause) >= plausible(topic, likely.words)) =>
        {
            by_phrases
        }
        Finding::Cause { cause, also: Some(other) } if percent(cause) >= BOTH && percent(other) >= BOTH => by_phrases,
        Finding::Ambiguous { .. } => by_phrases,
        _ => Finding::Nothing,
    }
}

/// The outcome of labelled mails that no person wrote to be answered.
const IGNORE: &str = "ignore";
/// Percent of it from which nothing is answered.
const MACHINE: f32 = 12.0;

/// Percent that the keywords must leave to a cause that phrases point to. A short mail has no room for a story that
/// turns what it says plainly into something else, and gives the keywords little to go by.
fn plausible(cause: &Topic, words: usize) -> f32 {
    let least = cause.plausible as f32;
    if words <= SHORT { least * SHORT_SHARE } else { least }
}

/// Words, or characters of a script without spaces.
const SHORT: usize = 20;
const MIDDLING: usize = 40;
const SHORT_SHARE: f32 = 0.4;

/// Percent that the keywords must leave to each of two causes that phrases point to, before both are answered.
const BOTH: f32 = 25.0;

/// One cause, two that may share a reply, or too many for a machine.
fn several(causes: &[&Topic]) -> Finding {
    match causes {
        [one] => Finding::cause(&one.id),
        [one, other] if one.combine && other.combine => {
            Finding::Cause { cause: one.id.clone(), also: Some(other.id.clone()) }
        }
        _ => Finding::Ambiguous { causes: causes.iter().map(|topic| topic.id.clone()).collect() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn topic(id: &str, combine: bool) -> Topic {
        Topic {
            id: id.into(),
            title: id.into(),
            action: Action::Reply,
            threshold: 3,
            margin: 1,
            sure: 70,
            plausible: 50,
            combine,
            file: String::new(),
        }
    }

    /// What follows from these points of phrases and shares of keywords in a mail of so many words.
    fn found(points: &[(&str, i32)], shares: &[(&str, f32)], words: usize) -> Finding {
        let topics = [topic("net", true), topic("purse", true), topic("pages", false), topic(OVERVIEW, false)];
        let score = |(cause, points): &(&str, i32)| Score { cause: (*cause).into(), points: *points, threshold: 3 };
        let scores: Vec<Score> = points.iter().map(score).collect();
        let mut shares: Vec<(String, f32)> = shares.iter().map(|(id, share)| ((*id).into(), *share)).collect();
        shares.sort_by(|a, b| b.1.total_cmp(&a.1));
        finding(&topics, &scores, Some(&Likely { shares, words, loudest: Vec::new() }))
    }

    #[test]
    fn keywords_that_are_sure_need_no_phrase() {
        assert_eq!(found(&[], &[("net", 0.7), ("escalate", 0.3)], 100), Finding::cause("net"));
        assert_eq!(found(&[], &[("net", 0.69), ("escalate", 0.31)], 100), Finding::Nothing);
    }

    #[test]
    fn phrases_are_believed_where_the_keywords_leave_room_and_sooner_in_a_short_mail() {
        let shares = [("net", 0.3), ("escalate", 0.7)];
        assert_eq!(found(&[("net", 5)], &shares, 100), Finding::Nothing);
        assert_eq!(found(&[("net", 5)], &shares, 10), Finding::cause("net"));
        assert_eq!(found(&[("net", 5)], &[("net", 0.5), ("escalate", 0.5)], 100), Finding::cause("net"));
    }

    #[test]
    fn a_cause_that_no_mail_has_taught_is_the_phrases_own() {
        assert_eq!(found(&[("pages", 3)], &[("net", 0.2), ("escalate", 0.8)], 100), Finding::cause("pages"));
    }

    #[test]
    fn two_causes_share_a_reply_only_where_both_say_so() {
        let shares = [("net", 0.4), ("purse", 0.4), ("pages", 0.2)];
        let both = Finding::Cause { cause: "net".into(), also: Some("purse".into()) };
        assert_eq!(found(&[("net", 3), ("purse", 3)], &shares, 100), both);
        let ambiguous = Finding::Ambiguous { causes: vec!["net".into(), "pages".into()] };
        assert_eq!(found(&[("net", 3), ("pages", 3)], &shares, 100), ambiguous);
    }

    #[test]
    fn the_overview_yields_to_a_reason_that_a_mail_names_unless_it_is_long() {
        let shares = [(OVERVIEW, 0.9), ("net", 0.1)];
        assert_eq!(found(&[("net", 3)], &shares, 40), Finding::cause("net"));
        assert_eq!(found(&[("net", 3)], &shares, 100), Finding::cause(OVERVIEW));
    }

    #[test]
    fn a_failed_payment_that_the_keywords_hear_and_a_reason_that_the_phrases_name_make_one_cause() {
        let shares = [(OVERVIEW, 0.5), ("net", 0.3), ("escalate", 0.2)];
        assert_eq!(found(&[("net", 3)], &shares, 100), Finding::cause("net"));
        assert_eq!(found(&[], &shares, 100), Finding::Nothing);
        let shares = [(OVERVIEW, 0.3), ("net", 0.1), ("escalate", 0.6)];
        assert_eq!(found(&[("net", 3)], &shares, 100), Finding::Nothing);
    }

    #[test]
    fn two_readers_that_are_sure_of_two_causes_leave_the_mail_to_a_person() {
        assert_eq!(found(&[("purse", 3)], &[("net", 0.9), ("purse", 0.1)], 10), Finding::Nothing);
        assert_eq!(found(&[("pages", 3)], &[("net", 0.9), ("escalate", 0.1)], 100), Finding::Nothing);
    }

    #[test]
    fn what_may_be_a_machines_is_not_answered() {
        assert_eq!(found(&[("net", 9)], &[("net", 0.8), ("ignore", 0.2)], 10), Finding::Nothing);
    }
}
