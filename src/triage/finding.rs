//! Points to a finding: which outcome the patterns alone allow. It sees scores, never the mail.

use crate::triage::set::Topic;
use crate::triage::source::Action;
use crate::triage::{Finding, Score};

/// The overview of all documented causes; it yields to any of them that stands.
pub const OVERVIEW: &str = "unspecified";

/// `scores` are best first. Automatic mail comes first (answering it is the worst mistake), then what belongs to a
/// person, then the causes.
pub fn finding(topics: &[Topic], scores: &[Score]) -> Finding {
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
    let mut causes: Vec<(&Topic, i32)> = standing(Action::Reply).collect();
    if causes.len() > 1 {
        causes.retain(|(topic, _)| topic.id != OVERVIEW);
    }
    let Some((best, points)) = causes.first() else { return Finding::Nothing };
    let close = causes.iter().filter(|(_, other)| points - other < best.margin);
    let close: Vec<String> = close.map(|(topic, _)| topic.id.clone()).collect();
    if close.len() > 1 { Finding::Ambiguous { causes: close } } else { Finding::Cause { cause: best.id.clone() } }
}
