//! The index over all phrases: which of them are worth running in a sentence.

use crate::triage::lists::Lists;
use crate::triage::occurrences::Occurrences;
use crate::triage::set::PatternSet;
use crate::triage::words::{Class, Words};
use std::collections::HashMap;

/// Every phrase hangs on its anchor, the demand that ordinary text meets least; the others are asked when that is met.
#[derive(Default)]
pub struct Index {
    /// Class to the phrases whose anchor it meets.
    pub anchored: Lists,
    /// Phrase to its other demands, the rarest first: a class, or with this bit set the number of an `either`.
    demands: Lists,
    /// Number to the classes of which one must occur.
    either: Lists,
}

const EITHER: u32 = 1 << 31;

impl Index {
    /// Whether the sentence meets all demands of a phrase whose anchor it meets.
    pub fn others_occur(&self, phrase: u32, occurrences: &Occurrences<'_>) -> bool {
        self.demands.of(phrase).iter().all(|demand| match demand & EITHER {
            0 => occurrences.has(*demand),
            _ => self.either.of(demand & !EITHER).iter().any(|class| occurrences.has(*class)),
        })
    }
}

/// Indexes all phrases; and tells the words which languages use them.
pub fn index(set: &mut PatternSet) {
    let PatternSet { phrases, patterns, words, .. } = set;
    let exceptions = patterns.iter().flat_map(|p| p.except.iter().map(|program| (program, p.tongue)));
    for (program, tongue) in phrases.iter().map(|(program, origin)| (program, origin.tongue)).chain(exceptions) {
        program.masks.iter().for_each(|(class, _)| words.speak(*class, tongue));
    }
    let mut numbers: HashMap<Vec<Class>, u32> = HashMap::new();
    let mut either = Vec::new();
    let mut anchored = vec![Vec::new(); words.len()];
    let mut demands = Vec::new();
    for (phrase, (program, _)) in phrases.iter().enumerate() {
        let mut wanted: Vec<&Vec<Class>> = program.required.iter().collect();
        wanted.sort_by_key(|one_of| cost(words, one_of));
        wanted.dedup();
        let mut wanted = wanted.into_iter();
        for class in wanted.next().into_iter().flatten() {
            if let Some(list) = anchored.get_mut(*class as usize) {
                list.push(phrase as u32);
            }
        }
        let number = |one_of: &Vec<Class>| match one_of.as_slice() {
            [only] => *only,
            _ => *numbers.entry(one_of.clone()).or_insert_with(|| {
                either.push(one_of.clone());
                (either.len() as u32 - 1) | EITHER
            }),
        };
        demands.push(wanted.map(number).collect());
    }
    set.index = Index { anchored: Lists::new(anchored), demands: Lists::new(demands), either: Lists::new(either) };
}

fn cost(words: &Words, one_of: &[Class]) -> usize {
    one_of.iter().map(|class| words.cost(*class)).sum()
}
