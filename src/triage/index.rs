//! The index over all phrases: which of them are worth running in a sentence.

use crate::triage::set::PatternSet;
use crate::triage::words::Class;
use std::collections::HashMap;

/// Numbers the demands of all phrases (many share them) and lists each phrase under its rarest demand.
pub fn index(set: &mut PatternSet) {
    let PatternSet { phrases, patterns, words, .. } = set;
    let exceptions = patterns.iter().flat_map(|p| p.except.iter().map(|program| (program, p.tongue)));
    for (program, tongue) in phrases.iter().map(|(program, origin)| (program, origin.tongue)).chain(exceptions) {
        program.masks.iter().for_each(|(class, _)| words.speak(*class, tongue));
    }
    let mut numbers: HashMap<&Vec<Class>, usize> = HashMap::new();
    let mut wanted = vec![0usize; set.words.len()];
    let mut meets = vec![Vec::new(); set.words.len()];
    let mut demands = Vec::new();
    for (program, _) in &set.phrases {
        let mut own = Vec::new();
        for classes in &program.required {
            let next = numbers.len();
            let number = *numbers.entry(classes).or_insert(next);
            for class in classes.iter().map(|c| *c as usize) {
                if let (Some(times), Some(met)) = (wanted.get_mut(class), meets.get_mut(class)) {
                    *times += 1;
                    if number == next {
                        met.push(number);
                    }
                }
            }
            own.push(number);
        }
        demands.push(own);
    }
    let times = |class: &Class| wanted.get(*class as usize).copied().unwrap_or(0);
    let mut anchors = vec![Vec::new(); numbers.len()];
    for (phrase, (program, _)) in set.phrases.iter().enumerate() {
        let rarest = program.required.iter().min_by_key(|classes| classes.iter().map(times).sum::<usize>());
        let number = rarest.and_then(|classes| numbers.get(classes));
        if let Some(list) = number.and_then(|number| anchors.get_mut(*number)) {
            list.push(phrase);
        }
    }
    (set.demands, set.anchors, set.meets) = (demands, anchors, meets);
}
