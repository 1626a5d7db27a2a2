//! Folded text to tokens and sentences: words of alphabetic scripts, single characters of scripts that write no
//! spaces. It knows nothing of patterns.

use crate::mail::fold as folding;
use std::ops::Range;

/// A line at least this wide (characters; wide ones count twice) was broken by a mail program, not by its writer.
const WRAPPED_FROM: usize = 45;

/// Marks that end a sentence wherever they stand; a dot needs a closer look.
const END_MARKS: [char; 11] = ['。', '！', '？', '｡', '…', '!', '?', ';', '؟', '।', '۔'];

/// One word, one number, one currency sign, one pictogram, or one character of a script without spaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Byte range in the folded text.
    pub span: Range<usize>,
    pub number: bool,
}

/// The part of the mail a sentence stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    Subject,
    /// The first two sentences of the body.
    Opening,
    Body,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Indices into `Reading::tokens`.
    pub tokens: Range<usize>,
    pub zone: Zone,
}

/// A text as patterns read it.
pub struct Reading {
    folded: folding::Folded,
    pub tokens: Vec<Token>,
    pub sentences: Vec<Sentence>,
}

impl Reading {
    /// Reads a shown text whose first `subject_len` bytes are the subject.
    pub fn of(shown: &str, subject_len: usize) -> Self {
        let folded = folding::fold(shown);
        let tokens = Vec::with_capacity(folded.text.len() / 4);
        let mut reading = Self { folded, tokens, sentences: Vec::new() };
        let mut splitter = Splitter::new(&reading.folded.text, &mut reading.tokens);
        splitter.run(|at| {
            let next = reading.folded.original(at..at + 1).start;
            shown.get(next..).and_then(|rest| rest.chars().next()).is_some_and(char::is_lowercase)
        });
        let ends = std::mem::take(&mut splitter.ends);
        reading.build_sentences(&ends, subject_len);
        reading
    }

    pub fn text(&self) -> &str {
        &self.folded.text
    }

    pub fn word(&self, token: &Token) -> &str {
        self.folded.text.get(token.span.clone()).unwrap_or("")
    }

    /// Byte range in the shown text of the tokens `range`.
    pub fn shown(&self, range: Range<usize>) -> Range<usize> {
        match (self.tokens.get(range.start), range.end.checked_sub(1).and_then(|last| self.tokens.get(last))) {
            (Some(first), Some(last)) => self.folded.original(first.span.start..last.span.end),
            _ => 0..0,
        }
    }

    fn build_sentences(&mut self, ends: &[usize], subject_len: usize) {
        let body = self.tokens.partition_point(|t| self.folded.original(t.span.clone()).start < subject_len);
        let mut marks: Vec<usize> = ends.iter().copied().chain([body, self.tokens.len()]).collect();
        marks.sort_unstable();
        let mut start = 0;
        let mut in_body = 0;
        for end in marks {
            if start < end {
                let zone = match (start < body, in_body) {
                    (true, _) => Zone::Subject,
                    (false, 0 | 1) => Zone::Opening,
                    (false, _) => Zone::Body,
                };
                in_body += usize::from(start >= body);
                self.sentences.push(Sentence { tokens: start..end, zone });
                start = end;
            }
        }
    }
}

/// The tokens of a piece of pattern text.
pub fn words(text: &str) -> Vec<String> {
    let folded = folding::fold(text);
    let mut tokens = Vec::new();
    Splitter::new(&folded.text, &mut tokens).run(|_| true);
    tokens.iter().filter_map(|t| folded.text.get(t.span.clone()).map(str::to_owned)).collect()
}

/// Scripts that put no spaces between words, so that every character is a token of its own.
pub fn stands_alone(c: char) -> bool {
    !c.is_ascii()
        && matches!(c as u32,
        0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF // Thai, Lao, Myanmar, Khmer
        | 0x1100..=0x11FF | 0x3130..=0x318F | 0xAC00..=0xD7AF // Hangul
        | 0x3005..=0x3007 | 0x3040..=0x30FF | 0x31F0..=0x31FF // Kana
        | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF) // Han
        && c != '\u{30fb}'
}

/// Signs that carry meaning alone: money, ticks and crosses, pictograms.
fn sign(c: char) -> bool {
    matches!(c as u32, 0x24 | 0xA2..=0xA5 | 0x9F3 | 0xE3F | 0x20A0..=0x20CF | 0x2600..=0x27BF | 0x1F300..=0x1FAFF)
}

fn in_word(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || c == '_';
    }
    (c.is_alphanumeric() && !stands_alone(c)) || c == '_' || mark(c)
}

/// Marks that sit inside words: combining accents, vowel signs and viramas of Indic scripts, Arabic points, joiners.
fn mark(c: char) -> bool {
    matches!(c as u32, 0x300..=0x36F | 0x64B..=0x65F | 0x900..=0x903 | 0x93A..=0x94F | 0x981..=0x983 | 0x9BC..=0x9CD
        | 0xA01..=0xA51 | 0xA81..=0xACD | 0xB01..=0xB4D | 0xB82..=0xBCD | 0xC00..=0xC4D | 0xC81..=0xCCD
        | 0xD00..=0xD4D | 0x200C..=0x200D)
}

struct Splitter<'a> {
    text: &'a str,
    tokens: &'a mut Vec<Token>,
    /// Numbers of tokens before each end of a sentence.
    ends: Vec<usize>,
}

impl<'a> Splitter<'a> {
    fn new(text: &'a str, tokens: &'a mut Vec<Token>) -> Self {
        Self { text, tokens, ends: Vec::new() }
    }

    /// `continues(offset)`: whether the line that starts at this folded offset starts in lower case.
    fn run(&mut self, continues: impl Fn(usize) -> bool) {
        let text = self.text;
        let mut line_width = 0;
        let mut next = 0;
        while let Some(byte) = text.as_bytes().get(next) {
            let at = next;
            let c = match byte.is_ascii() {
                true => char::from(*byte),
                false => text.get(next..).and_then(|rest| rest.chars().next()).unwrap_or(' '),
            };
            next += c.len_utf8();
            line_width += 1 + usize::from(stands_alone(c));
            if in_word(c) {
                let end = self.word_end(at);
                line_width += text.get(next..end).map_or(0, |rest| match rest.is_ascii() {
                    true => rest.len(),
                    false => rest.chars().count(),
                });
                self.push(at..end);
                next = end;
            } else if stands_alone(c) || sign(c) {
                self.push(at..at + c.len_utf8());
            } else if END_MARKS.contains(&c) || (c == '.' && self.dot_ends(at)) {
                self.ends.push(self.tokens.len());
            } else if c == '\n' {
                let rest = text.get(at + 1..).unwrap_or("");
                if line_ends(rest) || (line_width < WRAPPED_FROM && !continues(at + 1)) {
                    self.ends.push(self.tokens.len());
                }
                line_width = 0;
            }
        }
    }

    fn push(&mut self, span: Range<usize>) {
        let word = self.text.get(span.clone()).unwrap_or("");
        let number = word.bytes().next().is_some_and(|b| b.is_ascii_digit() || !b.is_ascii())
            && word.chars().next().is_some_and(char::is_numeric)
            && word.chars().all(|c| c.is_numeric() || matches!(c, '.' | ','));
        self.tokens.push(Token { span, number });
    }

    /// End of the word at `start`; `1.50` and `13,99` are one word.
    fn word_end(&self, start: usize) -> usize {
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        let plain = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
        if rest.get(plain).is_none_or(|b| b.is_ascii() && !matches!(b, b'.' | b',')) {
            return start + plain;
        }
        let mut chars = self.text.get(start..).unwrap_or("").char_indices().peekable();
        let mut digit_before = false;
        while let Some((at, c)) = chars.next() {
            let inside_number =
                matches!(c, '.' | ',') && digit_before && chars.peek().is_some_and(|(_, n)| n.is_numeric());
            if !in_word(c) && !inside_number {
                return start + at;
            }
            digit_before = c.is_numeric();
        }
        self.text.len()
    }

    /// Whether the dot at `at` ends a sentence: not in `example.com`, not after `e.g` or `Mr`.
    fn dot_ends(&self, at: usize) -> bool {
        let next = self.text.get(at + 1..).and_then(|rest| rest.chars().next());
        if next.is_some_and(|c| !c.is_whitespace() && !matches!(c, '.' | '"' | '\'' | ')' | '”' | '»')) {
            // Han text after a Latin dot is a new sentence all the same.
            return next.is_some_and(stands_alone);
        }
        let Some(last) = self.tokens.last().filter(|t| t.span.end == at) else { return true };
        let word = self.text.get(last.span.clone()).unwrap_or("");
        let letter_of_abbreviation = word.chars().count() == 1
            && last.span.start > 0
            && self.text.get(..last.span.start).is_some_and(|before| before.ends_with('.'));
        !letter_of_abbreviation
            && !matches!(
                word,
                "mr" | "mrs" | "ms" | "dr" | "no" | "nr" | "vs" | "approx" | "incl" | "avl" | "eg" | "ie"
            )
    }
}

/// Whether the line break before `rest` ends a sentence whatever the line before: an empty line or a list follows.
fn line_ends(rest: &str) -> bool {
    let line = rest.trim_start_matches([' ', '\t']);
    let mut chars = line.chars();
    match chars.next() {
        None | Some('\n' | '\r' | '*' | '•' | '·' | '>' | '–' | '—' | '#') => true,
        Some('-' | '+') => chars.next().is_some_and(char::is_whitespace),
        Some(c) if c.is_ascii_digit() => {
            let after = line.trim_start_matches(|c: char| c.is_ascii_digit());
            after.starts_with(". ") || after.starts_with(") ")
        }
        Some(_) => false,
    }
}

#[cfg(test)]
#[path = "text_tests.rs"]
mod tests;
