//! Judges: patterns and mail give a verdict (what the mail is), policy, history and verdict give a decision
//! (what we do). Pure: no network, no disk, no clock.

mod concordance;
mod decide;
#[cfg(test)]
mod decide_tests;
mod destination;
mod files;
mod finding;
mod forward;
mod gate;
mod history;
mod index;
mod judge;
pub mod keywords;
mod lists;
mod load;
mod load_patterns;
mod load_topics;
mod load_trials;
mod phrase;
mod policy;
mod program;
mod read;
mod reason;
mod run;
mod sentences;
mod set;
mod signals;
mod source;
mod suggest;
mod text;
mod tongue;
mod trial;
mod vocabulary;
mod weigh;
mod words;

pub use decide::{Decision, Gate, Judgement, decide, decide_alone};
pub use finding::OVERVIEW;
pub use gate::Case;
pub use history::History;
pub use policy::{Caps, Policy};
pub use reason::Reason;
pub use set::{PatternSet, Topic};
pub use source::Action;
pub use trial::{TestResult, mail_of, outcome};

use serde::{Deserialize, Serialize};
use std::ops::Range;

use crate::mail::Field;
use keywords::Likely;

/// One hit of a pattern.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Id of the pattern, unique within its file.
    pub pattern: String,
    /// Id of the pattern file: a cause, or what always goes to a person.
    pub cause: String,
    pub field: Field,
    /// Byte offsets into `mail.text.shown`.
    pub span: Range<usize>,
    /// The matched words as the customer wrote them.
    pub text: String,
    /// Points; of a keyword, hundredths of a natural logarithm of odds.
    pub weight: i32,
    /// Pattern file and line of the phrase that hit.
    pub file: String,
    pub line: usize,
    /// Language of the phrase that hit, ISO 639-1; empty for phrases that hold in every language.
    pub language: String,
}

/// Points of one pattern file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Score {
    pub cause: String,
    pub points: i32,
    pub threshold: i32,
}

/// What the patterns say the mail is. Which automatic outcome they allow is `finding`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// Best first; only files with at least one hit.
    pub scores: Vec<Score>,
    pub evidence: Vec<Evidence>,
    /// What nearly hit: the words are there, the pattern's conditions are not met. For people, not for the ledger.
    #[serde(skip)]
    pub held_back: Vec<Evidence>,
    /// What the keywords say; empty where the set has none or they do not know the language.
    #[serde(default)]
    pub likely: Likely,
    pub finding: Finding,
    /// Language of the evidence that decided, else of the mail.
    pub language: Option<String>,
}

/// What the patterns alone would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Finding {
    /// A documented cause stands, and perhaps a second one that shares its reply.
    Cause { cause: String, also: Option<String> },
    /// A file with `action = "escalate"` stands: it always goes to a person.
    Guard { topic: String, sentence: String },
    /// A file with `action = "ignore"` stands: the words of an automatic mail.
    Automatic { topic: String },
    /// Two causes stand too close together.
    Ambiguous { causes: Vec<String> },
    /// No file reached its threshold.
    #[default]
    Nothing,
}

impl Finding {
    pub fn cause(id: &str) -> Self {
        Self::Cause { cause: id.to_owned(), also: None }
    }
}

#[cfg(test)]
mod engine_tests;
#[cfg(test)]
mod language_tests;
