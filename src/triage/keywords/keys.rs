//! From the hash of a keyword to its number. Most pieces of most words are no keyword: a table of bits that stays in the
//! processor's cache says so first. Two texts of one hash would count as one keyword; of 64 bits that is not to be feared.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use crate::triage::words::Quick;

pub struct Keys {
    /// A bit for each key, by its upper bits.
    may_hold: Vec<u64>,
    numbers: HashMap<u64, u32, BuildHasherDefault<Quick>>,
}

/// A power of two; eight times the keywords of our own table and more, so that one bit in ten is set.
const BITS: u64 = 1 << 20;

impl Keys {
    /// Numbers the keys in their order.
    pub fn new(keys: impl Iterator<Item = u64>) -> Self {
        let mut all = Self { may_hold: vec![0; (BITS / 64) as usize], numbers: HashMap::default() };
        for (number, key) in (0..).zip(keys) {
            let (block, bit) = place(key);
            if let Some(block) = all.may_hold.get_mut(block) {
                *block |= bit;
            }
            all.numbers.entry(key).or_insert(number);
        }
        all
    }

    pub fn find(&self, key: u64) -> Option<u32> {
        let (block, bit) = place(key);
        let may_hold = self.may_hold.get(block).is_some_and(|block| block & bit != 0);
        may_hold.then(|| self.numbers.get(&key).copied()).flatten()
    }
}

fn place(key: u64) -> (usize, u64) {
    let at = key >> 40 & (BITS - 1);
    ((at / 64) as usize, 1 << (at % 64))
}
