//! The index over all phrases: which of them are worth running in a sentence.

use crate::triage::concordance::Concordance;
use crate::triage::lists::Lists;
use crate::triage::set::PatternSet;
use crate::triage::tongue::Tongues;
use crate::triage::words::{Class, Words};
use std::collections::HashMap;

/// Every phrase hangs on its anchor, the demand that ordinary text meets least; the others are asked when that is met.
#[derive(Default)]
pub struct Index {
    /// Class to the phrases whose anchor it meets.
    pub anchored: Lists,
    /// Phrase to its demands, the rarest first: a class, or with this bit set the number of an `either`.
    demands: Lists,
    /// Number to the classes of which one must occur.
    either: Lists,
    /// Signal to its phrases, which hang on no anchor: they are run when the signal is asked for.
    pub of_signal: Lists,
    /// Phrase to its languages.
    tongues: Vec<Tongues>,
}

const EITHER: u32 = 1 << 31;

impl Index {
    pub fn speaks(&self, phrase: u32, spoken: Tongues) -> bool {
        self.tongues.get(phrase as usize).is_some_and(|tongues| tongues.meets(spoken))
    }

    /// The sentences of a block that meet all demands of a phrase, as bits.
    pub fn may_match(&self, phrase: u32, concordance: &Concordance, block: usize) -> u64 {
        let mut bits = u64::MAX;
        for demand in self.demands.of(phrase) {
            bits &= match demand & EITHER {
                0 => concordance.class_in(*demand, block),
                _ => {
                    let classes = self.either.of(demand & !EITHER).iter();
                    classes.fold(0, |any, class| any | concordance.class_in(*class, block))
                }
            };
            if bits == 0 {
                break;
            }
        }
        bits
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
    let mut of_signal = vec![Vec::new(); patterns.len()];
    let mut demands = Vec::new();
    for (phrase, (program, origin)) in phrases.iter().enumerate() {
        let mut wanted: Vec<&Vec<Class>> = program.required.iter().collect();
        wanted.sort_by_key(|one_of| cost(words, one_of));
        wanted.dedup();
        let is_signal = patterns.get(origin.pattern).is_some_and(|pattern| pattern.signal);
        for class in wanted.first().copied().into_iter().flatten().filter(|_| !is_signal) {
            if let Some(list) = anchored.get_mut(*class as usize) {
                list.push(phrase as u32);
            }
        }
        if let Some(list) = of_signal.get_mut(origin.pattern).filter(|_| is_signal) {
            list.push(phrase as u32);
        }
        let number = |one_of: &Vec<Class>| match one_of.as_slice() {
            [only] => *only,
            _ => *numbers.entry(one_of.clone()).or_insert_with(|| {
                either.push(one_of.clone());
                (either.len() as u32 - 1) | EITHER
            }),
        };
        demands.push(wanted.into_iter().map(number).collect());
    }
    let tongues = phrases.iter().map(|(_, origin)| origin.tongue).collect();
    set.index = Index {
        tongues,
        anchored: Lists::new(anchored),
        demands: Lists::new(demands),
        either: Lists::new(either),
        of_signal: Lists::new(of_signal),
    };
}

fn cost(words: &Words, one_of: &[Class]) -> usize {
    one_of.iter().map(|class| words.cost(*class)).sum()
}
