//! The index over all phrases: which of them are worth running in a sentence.

use crate::triage::lists::Lists;
use crate::triage::set::PatternSet;
use crate::triage::words::{Class, Words};
use std::collections::HashMap;

/// Every phrase hangs on its anchor, the demand that ordinary text meets least; the others are asked when that is met.
#[derive(Default)]
pub struct Index {
    /// Class to the phrases whose anchor it meets.
    pub anchored: Lists,
    /// Phrase to its other demands, the rarest first.
    pub demands: Lists,
    /// Demand to the classes that meet it.
    pub classes: Lists,
}

/// Indexes all phrases; and tells the words which languages use them.
pub fn index(set: &mut PatternSet) {
    let PatternSet { phrases, patterns, words, .. } = set;
    let exceptions = patterns.iter().flat_map(|p| p.except.iter().map(|program| (program, p.tongue)));
    for (program, tongue) in phrases.iter().map(|(program, origin)| (program, origin.tongue)).chain(exceptions) {
        program.masks.iter().for_each(|(class, _)| words.speak(*class, tongue));
    }
    let mut numbers: HashMap<&Vec<Class>, u32> = HashMap::new();
    let mut classes = Vec::new();
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
        let number = |one_of| {
            *numbers.entry(one_of).or_insert_with(|| {
                classes.push(one_of.clone());
                classes.len() as u32 - 1
            })
        };
        demands.push(wanted.map(number).collect());
    }
    set.index = Index { anchored: Lists::new(anchored), demands: Lists::new(demands), classes: Lists::new(classes) };
}

fn cost(words: &Words, one_of: &[Class]) -> usize {
    one_of.iter().map(|class| words.cost(*class)).sum()
}
