//! Which keywords a text holds: words, two and three words in a row, pieces of words, and short runs of characters
//! where a script writes no spaces. It knows no weights.

use std::hash::Hasher;
use std::ops::Range;

use crate::triage::text::{Reading, stands_alone};
use crate::triage::words::{Quick, hash};

/// The border of a word, in keywords as they are written and read.
pub const BORDER: char = '_';
/// Characters of a piece of a word, and of a run of a script without spaces; borders count.
pub const PIECE: Range<usize> = 2..5;
pub const RUN: Range<usize> = 1..5;

/// A text as keywords are looked for in it: `_the_page_is_blank_`, of every number but the short ones how many
/// digits stand before its decimal mark, as `#4`.
#[derive(Default)]
pub struct Line {
    text: String,
    pub words: Vec<Word>,
    tokens: usize,
}

/// A word of an alphabet, or a run of characters that are a word each.
pub struct Word {
    /// With both borders.
    span: Range<usize>,
    /// The token that it begins with.
    pub token: usize,
    pub is_run: bool,
    /// How many words of an alphabet stand right before it in its sentence, as far as keywords reach.
    pub before: usize,
}

impl Line {
    pub fn of(reading: &Reading) -> Self {
        let mut line = Self::default();
        line.text.reserve(reading.text().len() * 5 / 4);
        line.words.reserve(reading.tokens.len());
        for sentence in &reading.sentences {
            line.tokens += sentence.tokens.len();
            line.text.push(BORDER);
            let mut before = 0;
            let mut last_end = None;
            for at in sentence.tokens.clone() {
                let Some(token) = reading.tokens.get(at) else { continue };
                let word = reading.word(token);
                let is_run = word.chars().next().is_some_and(stands_alone);
                let touches = last_end == Some(token.span.start);
                last_end = Some(token.span.end);
                let run = line.words.last_mut().filter(|last| is_run && touches && last.is_run);
                let start = line.text.len() - 1;
                if run.is_some() {
                    line.text.pop();
                }
                match word {
                    _ if token.number && word.len() > 2 => line.text.push_str(size_of(word)),
                    _ if word.contains(BORDER) => line.text.push_str(&word.replace(BORDER, "-")),
                    _ => line.text.push_str(word),
                }
                line.text.push(BORDER);
                let end = line.text.len();
                match run {
                    Some(run) => run.span.end = end,
                    None => line.words.push(Word { span: start..end, token: at, is_run, before }),
                }
                before = if is_run { 0 } else { (before + 1).min(2) };
            }
        }
        line
    }

    /// How many words the text has, or characters of a script without spaces.
    pub fn tokens(&self) -> usize {
        self.tokens
    }

    /// With both borders.
    pub fn word(&self, word: &Word) -> &str {
        self.text.get(word.span.clone()).unwrap_or("")
    }

    /// A keyword for how long the text is.
    pub fn length_mark(&self) -> &'static str {
        // Short mails tell less; doubled lengths are told apart.
        match self.tokens {
            0..=4 => "=1",
            5..=8 => "=2",
            9..=16 => "=3",
            17..=32 => "=4",
            33..=64 => "=5",
            65..=128 => "=6",
            _ => "=7",
        }
    }

    /// Every keyword of the text, some more than once.
    pub fn each_term<'a>(&'a self, mut give: impl FnMut(&'a str)) {
        give(self.length_mark());
        for (at, word) in self.words.iter().enumerate() {
            if word.is_run {
                pieces(self.word(word), RUN, |piece, _| give(piece));
                continue;
            }
            for first in at - word.before.min(at)..=at {
                let start = self.words.get(first).map_or(word.span.start, |first| first.span.start);
                give(self.text.get(start..word.span.end).unwrap_or(""));
            }
            pieces(self.word(word), PIECE, |piece, _| give(piece));
        }
    }
}

/// How large a number is: its digits without those behind a decimal mark.
fn size_of(number: &str) -> &'static str {
    let digits = |text: &str| text.chars().filter(|c| c.is_numeric()).count();
    let cents = number.rfind(['.', ',']).map_or(0, |mark| digits(number.get(mark..).unwrap_or("")));
    match digits(number) - if cents < 3 { cents } else { 0 } {
        0 | 1 => "#1",
        2 => "#2",
        3 => "#3",
        4 => "#4",
        5 => "#5",
        6 => "#6",
        7 | 8 => "#7",
        _ => "#9",
    }
}

/// All pieces of so many characters, borders included, each with the number of characters before it.
pub fn pieces<'a>(word: &'a str, lengths: Range<usize>, mut give: impl FnMut(&'a str, usize)) {
    for (before, (start, _)) in word.char_indices().enumerate() {
        let rest = word.get(start..).unwrap_or("");
        let ends = rest.char_indices().map(|(at, c)| at + c.len_utf8());
        for end in ends.take(lengths.end - 1).skip(lengths.start - 1) {
            give(rest.get(..end).unwrap_or(""), before);
        }
    }
}

/// The number under which a keyword is looked up: that of a word or piece is its hash, of several words the hash of
/// theirs.
pub fn key(term: &str) -> u64 {
    let inner = term.strip_prefix(BORDER).and_then(|term| term.strip_suffix(BORDER));
    match inner.filter(|inner| inner.contains(BORDER)) {
        None => hash(term),
        Some(inner) => joined(inner.split(BORDER).map(|word| hash(&format!("{BORDER}{word}{BORDER}")))),
    }
}

pub fn joined(words: impl Iterator<Item = u64>) -> u64 {
    let mut all = Quick::default();
    words.for_each(|word| all.write_u64(word));
    all.finish()
}
