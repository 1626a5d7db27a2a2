//! Keywords with weights counted from labelled mails: how likely each outcome is, judged by all the words together.
//! Patterns say what people have laid down; keywords say what a mail sounds like. It reads no file.

mod keys;
mod learn;
pub mod table;
mod terms;

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::triage::lists::Lists;
use crate::triage::text::Reading;
use crate::triage::words::hash;
use keys::Keys;
pub use learn::{Learned, Lesson, Plan, learn};
use learn::{softmax, value};
use terms::{Line, PIECE, RUN, Word, joined, pieces};

/// Stands for the pattern's id in evidence by keywords.
pub const KEYWORD: &str = "keyword";

/// The table of keywords, ready to be looked up.
pub struct Keywords {
    pub outcomes: Vec<String>,
    /// ISO 639-1 codes of the languages that it was counted from.
    pub languages: Vec<String>,
    pub file: String,
    bias: Vec<f32>,
    /// Keyword by keyword, one for each outcome; those of a keyword sum to zero.
    weights: Vec<f32>,
    lines: Vec<u32>,
    keys: Keys,
    /// Keyword to the keywords that are pieces of it, where it is a word.
    pieces: Lists,
}

/// How likely each outcome is; the shares sum to one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Likely {
    /// Best first.
    pub shares: Vec<(String, f32)>,
    /// How many words the text has, or characters of a script without spaces.
    #[serde(default)]
    pub words: usize,
    /// The keywords that spoke loudest for the best outcome.
    pub loudest: Vec<Loud>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Loud {
    /// In the shown text.
    pub span: Range<usize>,
    /// Of the table's file.
    pub line: usize,
    /// Natural logarithm of the odds that it adds for the outcome over the mean of all.
    pub weight: f32,
}

/// So many keywords are shown to people, from so many that speak loudest; most of those share their words.
const SHOWN: usize = 5;
const LOUD: usize = 64;
/// Words of a mail that are remembered.
const REMEMBERED: usize = 1 << 10;

impl Likely {
    pub fn share(&self, outcome: &str) -> f32 {
        self.shares.iter().find(|(name, _)| name == outcome).map_or(0.0, |(_, share)| *share)
    }
}

impl Keywords {
    pub fn knows(&self, language: &str) -> bool {
        let base = language.split('-').next().unwrap_or(language);
        self.languages.iter().any(|known| known == base)
    }

    /// Linear in the text, whatever the number of keywords.
    pub fn weigh(&self, reading: &Reading) -> Likely {
        let line = Line::of(reading);
        let count = self.outcomes.len();
        let hits = self.hits(&line);
        let mut shares = vec![0.0_f32; count];
        for hit in &hits {
            shares.iter_mut().zip(self.of(hit.keyword)).for_each(|(sum, weight)| *sum += weight);
        }
        let x = value(hits.len());
        shares.iter_mut().zip(&self.bias).for_each(|(sum, bias)| *sum = *sum * x + bias);
        softmax(&mut shares);
        let mut ranked: Vec<usize> = (0..count).collect();
        ranked.sort_by(|a, b| share(&shares, *b).total_cmp(&share(&shares, *a)));
        let loudest = ranked.first().map(|best| self.loudest(*best, x, &hits, reading)).unwrap_or_default();
        let named = |at: usize| Some((self.outcomes.get(at)?.clone(), share(&shares, at)));
        Likely { shares: ranked.into_iter().filter_map(named).collect(), words: line.tokens(), loudest }
    }

    /// Each keyword of the text once, where it stands first.
    fn hits(&self, line: &Line) -> Vec<Hit> {
        let mut hits = Hits { met: vec![0; self.lines.len().div_ceil(64)], all: Vec::new() };
        hits.all.reserve(line.words.len() * 4);
        if let Some(keyword) = self.keys.find(hash(line.length_mark())) {
            hits.add(keyword, 0..0);
        }
        // The words met last, by their hash, so that most are read once.
        let mut seen = [0_u64; REMEMBERED];
        // The hashes of the two words before.
        let mut before = [0_u64; 2];
        for word in &line.words {
            let text = line.word(word);
            if word.is_run {
                // Counted once: a mail may be a single run.
                let last = text.chars().count() - 1;
                self.pieces_of(text, RUN, &mut hits, |start, end| {
                    word.token + start.max(1) - 1..word.token + end.min(last).max(2) - 1
                });
                continue;
            }
            let here = word.token..word.token + 1;
            let own = hash(text);
            if let Some(last) = seen.get_mut(own as usize % REMEMBERED).filter(|last| **last != own) {
                *last = own;
                match self.keys.find(own) {
                    Some(keyword) => {
                        hits.add(keyword, here.clone());
                        self.pieces.of(keyword).iter().for_each(|piece| hits.add(*piece, here.clone()));
                    }
                    None => self.pieces_of(text, PIECE, &mut hits, |_, _| here.clone()),
                }
            }
            self.words_before(word, own, before, &mut hits);
            before = [before[1], own];
        }
        hits.all
    }

    fn pieces_of(&self, text: &str, lengths: Range<usize>, hits: &mut Hits, at: impl Fn(usize, usize) -> Range<usize>) {
        pieces(text, lengths, |piece, before| {
            if let Some(keyword) = self.keys.find(hash(piece)) {
                hits.add(keyword, at(before, before + piece.chars().count()));
            }
        });
    }

    /// Two and three words in a row that end with this one.
    fn words_before(&self, word: &Word, own: u64, [second, first]: [u64; 2], hits: &mut Hits) {
        if word.before > 0
            && let Some(keyword) = self.keys.find(joined([first, own].into_iter()))
        {
            hits.add(keyword, word.token - 1..word.token + 1);
        }
        if word.before > 1
            && let Some(keyword) = self.keys.find(joined([second, first, own].into_iter()))
        {
            hits.add(keyword, word.token - 2..word.token + 1);
        }
    }

    fn of(&self, keyword: u32) -> &[f32] {
        let start = keyword as usize * self.outcomes.len();
        self.weights.get(start..start + self.outcomes.len()).unwrap_or_default()
    }

    fn loudest(&self, outcome: usize, x: f32, hits: &[Hit], reading: &Reading) -> Vec<Loud> {
        let above_mean = |weights: &[f32]| share(weights, outcome) * x;
        let weighed =
            hits.iter().filter(|hit| !hit.tokens.is_empty()).map(|hit| (above_mean(self.of(hit.keyword)), hit));
        let mut ranked: Vec<(f32, &Hit)> = weighed.filter(|(weight, _)| *weight > 0.0).collect();
        let by_weight = |a: &(f32, &Hit), b: &(f32, &Hit)| {
            b.0.total_cmp(&a.0).then_with(|| (a.1.tokens.start, a.1.keyword).cmp(&(b.1.tokens.start, b.1.keyword)))
        };
        if ranked.len() > LOUD {
            ranked.select_nth_unstable_by(LOUD, by_weight);
            ranked.truncate(LOUD);
        }
        ranked.sort_unstable_by(by_weight);
        let mut loudest: Vec<Loud> = Vec::new();
        for (weight, hit) in ranked {
            let span = reading.shown(hit.tokens.start as usize..hit.tokens.end as usize);
            if loudest.iter().all(|loud| loud.span.end <= span.start || span.end <= loud.span.start) {
                let line = self.lines.get(hit.keyword as usize).map_or(0, |line| *line as usize);
                loudest.push(Loud { span, line, weight });
            }
            if loudest.len() == SHOWN {
                break;
            }
        }
        loudest
    }
}

/// A keyword, and the tokens of the text that it was found in.
struct Hit {
    keyword: u32,
    tokens: Range<u32>,
}

struct Hits {
    /// A bit for each keyword.
    met: Vec<u64>,
    all: Vec<Hit>,
}

impl Hits {
    fn add(&mut self, keyword: u32, tokens: Range<usize>) {
        let Some(block) = self.met.get_mut(keyword as usize / 64) else { return };
        let bit = 1 << (keyword % 64);
        if *block & bit == 0 {
            *block |= bit;
            self.all.push(Hit { keyword, tokens: tokens.start as u32..tokens.end as u32 });
        }
    }
}

fn share(shares: &[f32], at: usize) -> f32 {
    shares.get(at).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests;
