//! All pattern files together, compiled: what may hit, what it is worth, and what it depends on.
//! Loading is in `load.rs`, judging in `judge.rs`.

use crate::triage::index::Index;
use crate::triage::keywords::Keywords;
use crate::triage::program::Program;
use crate::triage::source::{Action, Place};
use crate::triage::tongue::{Languages, Tongues};
use crate::triage::words::Words;
use regex::Regex;
use std::ops::Range;

/// One pattern file with an outcome: a documented cause, or what goes to a person or nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// File name without `.toml`.
    pub id: String,
    /// One human sentence.
    pub title: String,
    pub action: Action,
    pub threshold: i32,
    pub margin: i32,
    /// Percent: from here the keywords alone are believed.
    pub sure: i32,
    /// Percent: below this, phrases alone are not believed where the keywords know the language.
    pub plausible: i32,
    /// Whether it may share a reply with another cause that stands.
    pub combine: bool,
    /// As the admin knows the file.
    pub file: String,
}

/// A condition: one of these patterns must (or must not) hit.
pub(super) type OneOf = Vec<usize>;

pub(super) struct Pattern {
    pub id: String,
    pub topic: usize,
    /// Its own file: that of the topic, or the one of a language that adds to it.
    pub file: String,
    pub weight: i32,
    pub place: Option<Place>,
    /// Languages of the exceptions.
    pub tongue: Tongues,
    /// Phrases that cancel a hit which shares words with them.
    pub except: Vec<Program>,
    /// Somewhere in the mail.
    pub needs: Vec<OneOf>,
    pub never_with: Vec<OneOf>,
    /// In the same sentence.
    pub near: Vec<OneOf>,
    pub unless: Vec<OneOf>,
    pub signal: bool,
    /// Whether others ask for it in their own sentence, so that all its sentences matter.
    pub local: bool,
}

impl Pattern {
    /// Whether its first hit settles it, so that further sentences need no look.
    pub fn settles(&self) -> bool {
        !self.local && self.near.is_empty() && self.unless.is_empty()
    }

    /// Whether every hit stands.
    pub fn is_free(&self) -> bool {
        [&self.needs, &self.never_with, &self.near, &self.unless].iter().all(|conditions| conditions.is_empty())
    }
}

/// Where a phrase stands, for evidence.
pub(super) struct Origin {
    pub pattern: usize,
    pub file: String,
    pub line: usize,
    pub tongue: Tongues,
    /// Empty for phrases of every language.
    pub language: String,
}

/// A test block.
#[derive(Clone, Debug)]
pub(super) struct Trial {
    pub file: String,
    pub line: usize,
    /// Of the folder it stands in.
    pub language: Option<String>,
    pub subject: String,
    pub body: String,
    pub expect: String,
}

/// The compiled pattern files.
#[derive(Default)]
pub struct PatternSet {
    /// By id; files with action `signal` are not among them, except for their name.
    pub(super) topics: Vec<Topic>,
    /// Signals come after those they depend on, all others after the signals.
    pub(super) patterns: Vec<Pattern>,
    pub(super) phrases: Vec<(Program, Origin)>,
    pub(super) regexes: Vec<(Regex, Origin)>,
    pub(super) words: Words,
    pub(super) languages: Languages,
    pub(super) index: Index,
    /// `None` where the set has no table of keywords.
    pub(super) keywords: Option<Keywords>,
    pub(super) trials: Vec<Trial>,
    pub(super) fingerprint: String,
}

impl std::fmt::Debug for PatternSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (patterns, phrases) = (self.patterns.len(), self.phrases.len());
        write!(f, "PatternSet({}: {patterns} patterns, {phrases} phrases)", self.fingerprint)
    }
}

impl PatternSet {
    /// Every file with an outcome, by id.
    pub fn topics(&self) -> impl Iterator<Item = &Topic> {
        self.topics.iter().filter(|t| t.action != Action::Signal)
    }

    /// The documented causes: files with `action = "reply"`.
    pub fn causes(&self) -> impl Iterator<Item = &Topic> {
        self.topics.iter().filter(|t| t.action == Action::Reply)
    }

    /// Short hash of all files; the same whatever their order.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// File and id of every pattern that counts points.
    pub fn pattern_ids(&self) -> impl Iterator<Item = (&str, &str)> {
        let counting = self.patterns.iter().filter(|p| !p.signal);
        counting.map(|p| (p.file.as_str(), p.id.as_str()))
    }

    /// How many patterns and phrases there are.
    pub fn size(&self) -> (usize, usize) {
        (self.patterns.len(), self.phrases.len() + self.regexes.len())
    }
}

/// Whether two ranges share a token.
pub(super) fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}
