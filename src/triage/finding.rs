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
    let Some(best) = likely.shares.iter().find_map(|(id, _)| topic(id)) else { return by_phrases };
    if percent(&best.id) >= best.sure as f32 {
        // The overview yields to a reason that a short mail names.
        let may_yield = best.id == OVERVIEW && likely.words <= SHORT;
        let named = matches!(&by_phrases, Finding::Cause { cause, .. } if may_yield && cause != OVERVIEW);
        return if named { by_phrases } else { Finding::cause(&best.id) };
    }
    let room = |id: &str, least: f32| topic(id).is_some_and(|_| percent(id) >= least);
    match &by_phrases {
        // A cause that no labelled mail has taught is the phrases' alone.
        Finding::Cause { cause, also: None } if likely.share(cause) == 0.0 => by_phrases,
        Finding::Cause { cause, also: None }
            if topic(cause).is_some_and(|t| room(cause, plausible(t, likely.words))) =>
        {
            by_phrases
        }
        Finding::Cause { cause, also: Some(other) } if room(cause, BOTH) && room(other, BOTH) => by_phrases,
        Finding::Ambiguous { .. } => by_phrases,
        _ => Finding::Nothing,
    }
}

/// Percent that the keywords must leave to a cause that phrases point to. A short mail has no room for a story that
/// turns what it says plainly into something else, and gives the keywords little to go by.
fn plausible(cause: &Topic, words: usize) -> f32 {
    let least = cause.plausible as f32;
    if words <= SHORT { least * SHORT_SHARE } else { least }
}

/// Words, or characters of a script without spaces.
const SHORT: usize = 20;
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
