//! Which keywords a text holds: words, two and three words in a row, pieces of words, and short runs of characters
//! where a script writes no spaces. It knows no weights.

use std::ops::Range;

use crate::triage::text::{Reading, stands_alone};

/// The border of a word, in keywords as they are written and read.
pub const BORDER: char = '_';
/// Between two sentences; no keyword holds it.
const END: char = '\n';

/// Words of an alphabet in a row, characters of a piece of a word, characters of a script without spaces.
const WORDS: usize = 3;
const PIECE: Range<usize> = 2..5;
const RUN: usize = 4;

/// A text as keywords are looked for in it: `_the_page_is_blank_`, every number but the short ones as `#`.
#[derive(Default)]
pub struct Line {
    pub text: String,
    /// Where a stretch of `text` begins, and the token it was made from.
    starts: Vec<(usize, usize)>,
}

impl Line {
    pub fn of(reading: &Reading) -> Self {
        let mut line = Self::default();
        line.text.reserve(reading.text().len() * 5 / 4);
        for sentence in &reading.sentences {
            line.text.push(BORDER);
            let mut joined = true;
            for at in sentence.tokens.clone() {
                let Some(token) = reading.tokens.get(at) else { continue };
                let word = reading.word(token);
                let alone = is_run(word);
                let touches =
                    reading.tokens.get(at.wrapping_sub(1)).is_some_and(|last| last.span.end == token.span.start);
                let runs_on = alone && touches && line.text.chars().next_back().is_some_and(stands_alone);
                if !joined && !runs_on {
                    line.text.push(BORDER);
                }
                joined = false;
                line.starts.push((line.text.len(), at));
                line.text.push_str(if token.number && word.len() > 2 { "#" } else { word });
            }
            line.text.push(BORDER);
            line.text.push(END);
        }
        line.text.push_str(line.length_mark());
        line
    }

    pub fn words(&self) -> usize {
        self.starts.len()
    }

    /// A keyword for how long the text is.
    fn length_mark(&self) -> &'static str {
        // Short mails tell less; doubled lengths are told apart.
        match self.starts.len() {
            0..=4 => "=1",
            5..=8 => "=2",
            9..=16 => "=3",
            17..=32 => "=4",
            33..=64 => "=5",
            65..=128 => "=6",
            _ => "=7",
        }
    }

    /// The token that holds or follows this byte of the text.
    pub fn token_at(&self, offset: usize) -> usize {
        let at = self.starts.partition_point(|(start, _)| *start <= offset);
        self.starts.get(at.saturating_sub(1)).map_or(0, |(_, token)| *token)
    }

    /// Every keyword of the text, some more than once.
    pub fn each_term<'a>(&'a self, mut give: impl FnMut(&'a str)) {
        give(self.length_mark());
        for sentence in self.text.split(END) {
            let borders: Vec<usize> = sentence.match_indices(BORDER).map(|(at, _)| at).collect();
            for (first, start) in borders.iter().enumerate() {
                let Some(end) = borders.get(first + 1) else { break };
                let word = sentence.get(*start..end + 1).unwrap_or("");
                if word.chars().nth(1).is_some_and(stands_alone) {
                    pieces(word, 1..RUN + 1, &mut give);
                    continue;
                }
                for count in 1..=WORDS {
                    if let Some(end) = borders.get(first + count) {
                        give(sentence.get(*start..end + 1).unwrap_or(""));
                    }
                }
                pieces(word, PIECE, &mut give);
            }
        }
    }
}

fn is_run(word: &str) -> bool {
    word.chars().next().is_some_and(stands_alone)
}

/// All pieces of so many characters, borders included.
fn pieces<'a>(word: &'a str, lengths: Range<usize>, give: &mut impl FnMut(&'a str)) {
    let ends: Vec<usize> = word.char_indices().map(|(at, _)| at).chain([word.len()]).collect();
    for (first, start) in ends.iter().enumerate() {
        for length in lengths.clone() {
            match ends.get(first + length) {
                Some(end) => give(word.get(*start..*end).unwrap_or("")),
                None => break,
            }
        }
    }
}
