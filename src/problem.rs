//! One complaint about a file that a person wrote, precise enough to mend it at once.
//! It does not print, and it does not decide what happens next.

use std::fmt;

/// A file's name as the admin knows it, and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Path as shown in messages, such as `patterns/network-error.toml`.
    pub name: String,
    pub text: String,
}

/// What is wrong, where, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    pub file: String,
    /// 1-based; `None` where the file as a whole is meant (or cannot be read).
    pub line: Option<usize>,
    /// What is wrong, one sentence without a final dot.
    pub what: String,
    /// What to do about it, one sentence without a final dot.
    pub way_out: String,
}

impl Problem {
    pub fn new(file: &str, line: Option<usize>, what: impl Into<String>, way_out: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line, what: what.into(), way_out: way_out.into() }
    }

    /// The same with a byte offset into `text` in place of a line.
    pub fn at(source: &SourceFile, offset: usize, what: impl Into<String>, way_out: impl Into<String>) -> Self {
        Self::new(&source.name, Some(line_of(&source.text, offset)), what, way_out)
    }
}

/// The 1-based line that holds byte `offset`.
pub fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|b| *b == b'\n').count() + 1
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file, self.what)?,
            None => write!(f, "{}: {}", self.file, self.what)?,
        }
        write!(f, "\n    way out: {}", self.way_out)
    }
}
