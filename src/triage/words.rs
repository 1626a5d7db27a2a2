//! Tokens to classes: every literal of every phrase in one table, so that a token costs one look however many
//! phrases there are. It also forgives one slip of the finger in long words.

use crate::triage::phrase::Word;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A set of literals that some phrases accept at one place.
pub type Class = u32;

/// Literals shorter than this must be spelt right: short words are too close to each other.
const SLIP_FROM: usize = 6;

/// Unknown words per mail that are looked at for slips; keeps long mails cheap.
pub const SLIPS_PER_MAIL: usize = 32;

/// FxHash; the tables hold our own literals, so nobody can choose colliding keys that matter.
#[derive(Default)]
pub struct Quick(u64);

impl Hasher for Quick {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let word = chunk.iter().rev().fold(0u64, |word, b| (word << 8) | u64::from(*b));
            self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
        }
    }
    fn write_u8(&mut self, byte: u8) {
        self.write(&[byte]);
    }
}

pub type QuickMap<K, V> = HashMap<K, V, BuildHasherDefault<Quick>>;

#[derive(Default)]
struct Ends {
    table: QuickMap<String, Vec<Class>>,
    /// Lengths in bytes that occur, by the outermost byte: most tokens need no look at all.
    lengths: QuickMap<u8, Vec<usize>>,
}

impl Ends {
    fn add(&mut self, word: &str, outermost: Option<u8>, class: Class) {
        self.table.entry(word.to_owned()).or_default().push(class);
        let lengths = self.lengths.entry(outermost.unwrap_or(0)).or_default();
        if !lengths.contains(&word.len()) {
            lengths.push(word.len());
        }
    }

    /// Lengths worth a look for a token with this outermost byte.
    fn lengths(&self, outermost: Option<u8>) -> &[usize] {
        self.lengths.get(&outermost.unwrap_or(0)).map_or(&[], Vec::as_slice)
    }
}

/// All literals of a pattern set.
#[derive(Default)]
pub struct Words {
    classes: HashMap<Vec<Word>, Class>,
    exact: QuickMap<String, Vec<Class>>,
    prefixes: Ends,
    suffixes: Ends,
    numbers: Vec<Class>,
    /// A literal without one of its letters, and the literal.
    shortened: QuickMap<String, String>,
}

impl Words {
    /// The class of tokens that are one of `words`.
    pub fn class(&mut self, words: &[Word]) -> Class {
        let mut words = words.to_vec();
        words.sort();
        words.dedup();
        if let Some(class) = self.classes.get(&words) {
            return *class;
        }
        let class = self.classes.len() as Class;
        for word in &words {
            match word {
                Word::Exact(word) => {
                    self.exact.entry(word.clone()).or_default().push(class);
                    for short in without_one_letter(word) {
                        self.shortened.entry(short).or_insert_with(|| word.clone());
                    }
                }
                Word::Prefix(word) => self.prefixes.add(word, word.bytes().next(), class),
                Word::Suffix(word) => self.suffixes.add(word, word.bytes().last(), class),
                Word::Number => self.numbers.push(class),
            }
        }
        self.classes.insert(words, class);
        class
    }

    pub fn len(&self) -> usize {
        self.classes.len()
    }

    /// Calls `found` with every class of the token; `slips` is what is left for misspelt words.
    pub fn classes_of(&self, word: &str, number: bool, slips: &mut usize, mut found: impl FnMut(Class)) {
        if number {
            self.numbers.iter().copied().for_each(&mut found);
        }
        let mut known = false;
        if let Some(classes) = self.exact.get(word) {
            known = true;
            classes.iter().copied().for_each(&mut found);
        }
        for length in self.prefixes.lengths(word.bytes().next()).iter().filter(|l| **l <= word.len()) {
            if let Some(classes) = word.get(..*length).and_then(|start| self.prefixes.table.get(start)) {
                known = true;
                classes.iter().copied().for_each(&mut found);
            }
        }
        for length in self.suffixes.lengths(word.bytes().last()).iter().filter(|l| **l <= word.len()) {
            if let Some(classes) = word.get(word.len() - length..).and_then(|end| self.suffixes.table.get(end)) {
                known = true;
                classes.iter().copied().for_each(&mut found);
            }
        }
        if !known && *slips > 0 && word.len() + 1 >= SLIP_FROM && word.bytes().all(|b| b.is_ascii_lowercase()) {
            *slips -= 1;
            if let Some(classes) = self.meant(word).and_then(|meant| self.exact.get(meant)) {
                classes.iter().copied().for_each(&mut found);
            }
        }
    }

    /// The literal that a misspelt word stands for: one letter missing, one too many, or two neighbours swapped. A
    /// wrong letter is not forgiven: `changed` is not `charged`.
    fn meant<'a>(&'a self, word: &'a str) -> Option<&'a str> {
        if let Some(literal) = self.shortened.get(word) {
            return Some(literal);
        }
        let long = |w: &str| w.len() >= SLIP_FROM;
        let mut bytes = word.as_bytes().to_vec();
        for at in 1..bytes.len().saturating_sub(1) {
            bytes.swap(at, at + 1);
            let found = std::str::from_utf8(&bytes).ok().and_then(|w| self.exact.get_key_value(w));
            bytes.swap(at, at + 1);
            if let Some((literal, _)) = found.filter(|(literal, _)| long(literal)) {
                return Some(literal);
            }
        }
        without_one_letter(word).find_map(|w| self.exact.get_key_value(&w)).map(|(l, _)| l.as_str()).filter(|l| long(l))
    }
}

/// The word with each letter but the first left out in turn; nothing for short words and other scripts.
fn without_one_letter(word: &str) -> impl Iterator<Item = String> {
    let plain = word.len() >= SLIP_FROM && word.bytes().all(|b| b.is_ascii_lowercase());
    (1..if plain { word.len() } else { 0 }).filter_map(move |at| {
        let (start, end) = (word.get(..at)?, word.get(at + 1..)?);
        Some(format!("{start}{end}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(words: &Words, token: &str) -> Vec<Class> {
        let mut classes = Vec::new();
        words.classes_of(token, token.parse::<f64>().is_ok(), &mut 9, |class| classes.push(class));
        classes
    }

    #[test]
    fn a_token_finds_exact_words_beginnings_endings_and_numbers() {
        let mut words = Words::default();
        let exact = words.class(&[Word::Exact("card".into()), Word::Exact("visa".into())]);
        let ends = [words.class(&[Word::Prefix("pay".into())]), words.class(&[Word::Suffix("card".into())])];
        let number = words.class(&[Word::Number]);
        assert_eq!(found(&words, "visa"), [exact]);
        assert_eq!(found(&words, "payments"), [ends[0]]);
        assert_eq!(found(&words, "card"), [exact, ends[1]]);
        assert_eq!(found(&words, "13"), [number]);
    }

    #[test]
    fn a_slip_of_the_finger_is_forgiven_and_another_word_is_not_taken_for_it() {
        let mut words = Words::default();
        let payment = words.class(&[Word::Exact("payment".into())]);
        words.class(&[Word::Exact("charged".into())]);
        for slip in ["paymnt", "paymnet", "payyment"] {
            assert_eq!(found(&words, slip), [payment], "{slip}");
        }
        assert!(found(&words, "changed").is_empty());
        assert!(found(&words, "ayment").is_empty());
    }
}
