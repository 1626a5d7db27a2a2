//! A pattern file as plain data, as it was written. Reading it is in `read.rs`, what it means in `load.rs`.

/// What follows when a file stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Reply,
    Escalate,
    Ignore,
    /// Named concepts that other files build on; no outcome of its own.
    Signal,
}

/// A value and where it stands in its file.
#[derive(Clone, Debug)]
pub struct Located<T> {
    pub value: T,
    pub offset: usize,
}

/// The part of the mail a pattern looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Subject,
    Opening,
    Body,
}

#[derive(Clone, Debug, Default)]
pub struct RawPattern {
    pub offset: usize,
    pub id: String,
    pub weight: Option<i32>,
    /// Language and phrase.
    pub phrases: Vec<(String, Located<String>)>,
    pub except: Vec<Located<String>>,
    pub regex: Vec<Located<String>>,
    pub needs: Vec<Located<String>>,
    pub near: Vec<Located<String>>,
    pub unless: Vec<Located<String>>,
    pub never_with: Vec<Located<String>>,
    pub place: Option<Place>,
}

#[derive(Clone, Debug, Default)]
pub struct RawTest {
    pub offset: usize,
    pub subject: String,
    pub body: String,
    pub expect: String,
}

/// One file, as written.
#[derive(Clone, Debug, Default)]
pub struct RawFile {
    pub title: Option<String>,
    pub action: Option<Action>,
    pub threshold: Option<i32>,
    pub margin: Option<i32>,
    pub sure: Option<i32>,
    pub plausible: Option<i32>,
    pub combine: Option<bool>,
    pub patterns: Vec<RawPattern>,
    pub tests: Vec<RawTest>,
    /// Group, language, member.
    pub groups: Vec<(String, String, Located<String>)>,
}
