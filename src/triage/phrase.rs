//! The little language of phrases: text as a support person writes it, to a tree.
//! It neither knows the word groups nor compiles anything.

use crate::triage::text;

/// How one literal of a phrase compares with a token.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Word {
    Exact(String),
    Prefix(String),
    Suffix(String),
    /// `#`: any number.
    Number,
}

/// A phrase, or a part of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// One token that is one of these words.
    OneOf(Vec<Word>),
    /// Up to so many tokens, whatever they are.
    Gap(usize),
    Sequence(Vec<Node>),
    Either(Vec<Node>),
    Optional(Box<Node>),
    /// `{name}`, resolved by the vocabulary.
    Group(String),
}

/// A whole phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    pub node: Node,
    /// `<` and `>`: bound to the start or the end of the sentence.
    pub at_start: bool,
    pub at_end: bool,
}

/// What is wrong with a phrase, and the way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    pub what: String,
    pub way_out: String,
}

pub fn complain<T>(what: impl Into<String>, way_out: impl Into<String>) -> Result<T, Complaint> {
    Err(Complaint { what: what.into(), way_out: way_out.into() })
}

/// The widest gap; wider ones no longer say that two words belong together.
const WIDEST_GAP: usize = 30;

/// Parses one phrase. `gap` is what a bare `..` means.
pub fn parse(source: &str, gap: usize) -> Result<Phrase, Complaint> {
    let trimmed = source.trim();
    let (at_start, rest) = trimmed.strip_prefix('<').map_or((false, trimmed), |rest| (true, rest));
    let (at_end, rest) = rest.strip_suffix('>').map_or((false, rest), |rest| (true, rest));
    let mut parser = Parser { rest, gap, source: trimmed };
    let node = parser.alternatives(None)?;
    if matches!(&node, Node::Sequence(parts) if parts.is_empty()) {
        return complain("the phrase is empty", "write words between the quotes, or remove the line");
    }
    Ok(Phrase { node, at_start, at_end })
}

struct Parser<'a> {
    rest: &'a str,
    gap: usize,
    source: &'a str,
}

impl Parser<'_> {
    /// Alternatives up to the bracket `close`, or to the end.
    fn alternatives(&mut self, close: Option<char>) -> Result<Node, Complaint> {
        let mut branches = Vec::new();
        let mut parts = Vec::new();
        loop {
            self.rest = self.rest.trim_start();
            let Some(c) = self.rest.chars().next() else {
                if let Some(close) = close {
                    return complain(
                        format!("a bracket is not closed in \"{}\"", self.source),
                        format!("add the missing `{close}`"),
                    );
                }
                return self.either(branches, parts, close);
            };
            match c {
                ')' | ']' if Some(c) == close => {
                    self.skip(c);
                    return self.either(branches, parts, close);
                }
                ')' | ']' | '}' => {
                    return complain(
                        format!("`{c}` closes nothing in \"{}\"", self.source),
                        format!("remove the `{c}`, or add the bracket that opens it"),
                    );
                }
                '|' => {
                    self.skip(c);
                    if parts.is_empty() {
                        return self.empty_alternative();
                    }
                    branches.push(sequence(std::mem::take(&mut parts)));
                }
                '(' => {
                    self.skip(c);
                    parts.push(self.alternatives(Some(')'))?);
                }
                '[' => {
                    self.skip(c);
                    parts.push(Node::Optional(Box::new(self.alternatives(Some(']'))?)));
                }
                '{' => parts.push(self.group()?),
                '#' => {
                    self.skip(c);
                    parts.push(Node::OneOf(vec![Word::Number]));
                }
                '<' | '>' => {
                    return complain(
                        format!("`{c}` stands inside \"{}\"", self.source),
                        "`<` may only open a phrase (start of the sentence), `>` only end it",
                    );
                }
                _ => self.literal(&mut parts)?,
            }
        }
    }

    fn either(&self, mut branches: Vec<Node>, parts: Vec<Node>, close: Option<char>) -> Result<Node, Complaint> {
        if branches.is_empty() && (close.is_none() || !parts.is_empty()) {
            return Ok(sequence(parts));
        }
        if parts.is_empty() {
            return self.empty_alternative();
        }
        branches.push(sequence(parts));
        Ok(Node::Either(branches))
    }

    fn empty_alternative(&self) -> Result<Node, Complaint> {
        complain(
            format!("an alternative is empty in \"{}\"", self.source),
            "write a word on both sides of `|`; what may be missing goes into square brackets",
        )
    }

    fn group(&mut self) -> Result<Node, Complaint> {
        let inside = self.rest.get(1..).unwrap_or("");
        let Some((name, rest)) = inside.split_once('}') else {
            return complain(format!("a bracket is not closed in \"{}\"", self.source), "add the missing `}`");
        };
        self.rest = rest;
        Ok(Node::Group(name.trim().to_owned()))
    }

    /// A run of plain characters: words, `word*`, `*word`, or a gap.
    fn literal(&mut self, parts: &mut Vec<Node>) -> Result<(), Complaint> {
        let end = self.rest.find(|c: char| c.is_whitespace() || "()[]{}|<>#".contains(c)).unwrap_or(self.rest.len());
        let (run, rest) = self.rest.split_at(end);
        self.rest = rest;
        if let Some(width) = run.strip_prefix("..") {
            let width = if width.is_empty() { Ok(self.gap) } else { width.parse() };
            return match width {
                Ok(width @ 1..=WIDEST_GAP) => {
                    parts.push(Node::Gap(width));
                    Ok(())
                }
                _ => complain(
                    format!("`{run}` is no gap in \"{}\"", self.source),
                    format!("write `..`, or `..8` for up to 8 words; at most {WIDEST_GAP}"),
                ),
            };
        }
        let (ending, run) = run.strip_suffix('*').map_or((false, run), |run| (true, run));
        let (beginning, run) = run.strip_prefix('*').map_or((false, run), |run| (true, run));
        let words = text::words(run);
        let last = words.len().saturating_sub(1);
        if words.is_empty() || (ending && beginning) || run.contains('*') {
            return complain(
                format!("`{run}` is no word in \"{}\"", self.source),
                "write a word, `word*` for its endings or `*word` for its beginnings",
            );
        }
        for (at, word) in words.into_iter().enumerate() {
            parts.push(Node::OneOf(vec![match (ending && at == last, beginning && at == 0) {
                (true, _) => Word::Prefix(word),
                (_, true) => Word::Suffix(word),
                _ => Word::Exact(word),
            }]));
        }
        Ok(())
    }

    fn skip(&mut self, c: char) {
        self.rest = self.rest.strip_prefix(c).unwrap_or(self.rest);
    }
}

/// One part stands for itself.
fn sequence(mut parts: Vec<Node>) -> Node {
    match (parts.len(), parts.pop()) {
        (1, Some(only)) => only,
        (_, Some(last)) => {
            parts.push(last);
            Node::Sequence(parts)
        }
        (_, None) => Node::Sequence(parts),
    }
}
