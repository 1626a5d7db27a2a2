//! Keywords with weights counted from labelled mails: how likely each outcome is, judged by all the words together.
//! Patterns say what people have laid down; keywords say what a mail sounds like. It reads no file.

mod learn;
pub mod table;
mod terms;

use std::ops::Range;

use daachorse::DoubleArrayAhoCorasick;
use serde::{Deserialize, Serialize};

use crate::triage::text::Reading;
pub use learn::{Learned, Lesson, Plan, learn};
use learn::{softmax, value};
use terms::Line;

/// Stands for the pattern's id in evidence by keywords.
pub const KEYWORD: &str = "keyword";

/// The table of keywords, ready to be looked for: all of them in one pass over the text.
pub struct Keywords {
    pub outcomes: Vec<String>,
    /// ISO 639-1 codes of the languages that it was counted from.
    pub languages: Vec<String>,
    pub file: String,
    bias: Vec<f32>,
    /// Keyword by keyword, one for each outcome.
    weights: Vec<f32>,
    lines: Vec<u32>,
    automaton: DoubleArrayAhoCorasick<u32>,
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

/// So many keywords are shown to people.
const SHOWN: usize = 5;

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
        let mut met = vec![false; self.lines.len()];
        let mut hits: Vec<(u32, Range<usize>)> = Vec::with_capacity(line.text.len());
        for found in self.automaton.find_overlapping_iter(&line.text) {
            let keyword = found.value();
            if let Some(met) = met.get_mut(keyword as usize).filter(|met| !**met) {
                *met = true;
                hits.push((keyword, found.start()..found.end()));
            }
        }
        let mut shares = vec![0.0_f32; count];
        for (keyword, _) in &hits {
            shares.iter_mut().zip(self.of(*keyword)).for_each(|(sum, weight)| *sum += weight);
        }
        let x = value(hits.len());
        shares.iter_mut().zip(&self.bias).for_each(|(sum, bias)| *sum = *sum * x + bias);
        softmax(&mut shares);
        let mut ranked: Vec<usize> = (0..count).collect();
        ranked.sort_by(|a, b| share(&shares, *b).total_cmp(&share(&shares, *a)));
        let loudest = ranked.first().map(|best| self.loudest(*best, x, &hits, &line, reading)).unwrap_or_default();
        let named = |at: usize| Some((self.outcomes.get(at)?.clone(), share(&shares, at)));
        Likely { shares: ranked.into_iter().filter_map(named).collect(), words: line.words(), loudest }
    }

    fn of(&self, keyword: u32) -> &[f32] {
        let start = keyword as usize * self.outcomes.len();
        self.weights.get(start..start + self.outcomes.len()).unwrap_or_default()
    }

    fn loudest(
        &self,
        outcome: usize,
        x: f32,
        hits: &[(u32, Range<usize>)],
        line: &Line,
        reading: &Reading,
    ) -> Vec<Loud> {
        let above_mean = |weights: &[f32]| {
            let mean = weights.iter().sum::<f32>() / weights.len().max(1) as f32;
            (share(weights, outcome) - mean) * x
        };
        let mut ranked: Vec<(f32, &(u32, Range<usize>))> =
            hits.iter().map(|hit| (above_mean(self.of(hit.0)), hit)).filter(|(weight, _)| *weight > 0.0).collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.1.start.cmp(&b.1.1.start)));
        let mut loudest: Vec<Loud> = Vec::new();
        for (weight, (keyword, range)) in ranked {
            // The keyword for the length stands behind the text and is nothing that can be shown.
            if range.end == line.text.len() {
                continue;
            }
            let last = line.token_at(range.end.saturating_sub(2).max(range.start));
            let span = reading.shown(line.token_at(range.start + 1).min(last)..last + 1);
            if loudest.iter().all(|loud| loud.span.end <= span.start || span.end <= loud.span.start) {
                let line = self.lines.get(*keyword as usize).map_or(0, |line| *line as usize);
                loudest.push(Loud { span, line, weight });
            }
            if loudest.len() == SHOWN {
                break;
            }
        }
        loudest
    }
}

fn share(shares: &[f32], at: usize) -> f32 {
    shares.get(at).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests;
