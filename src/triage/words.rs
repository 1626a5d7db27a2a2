//! Tokens to classes: every literal of every phrase in one table, so that a token costs one look however many
//! phrases there are. It also forgives one slip of the finger in long words.

use crate::triage::phrase::Word;
use crate::triage::tongue::Tongues;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A set of literals that some phrases accept at one place.
pub type Class = u32;

/// Literals shorter than this must be spelt right: short words are too close to each other.
const SLIP_FROM: usize = 6;

/// Different unknown words per mail that are looked at for slips; keeps long mails cheap.
pub const SLIPS_PER_MAIL: usize = 32;

/// FxHash; the tables hold our own literals, so nobody can choose colliding keys that matter.
#[derive(Default)]
pub struct Quick(u64);

impl Hasher for Quick {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }
    fn write(&mut self, bytes: &[u8]) {
        let (whole, rest) = bytes.as_chunks();
        whole.iter().for_each(|chunk| self.add(u64::from_le_bytes(*chunk)));
        if !rest.is_empty() {
            self.add(rest.iter().fold(0, |word, b| (word << 8) | u64::from(*b)));
        }
    }
    fn write_u8(&mut self, byte: u8) {
        self.add(u64::from(byte));
    }
}

impl Quick {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

pub fn hash(word: &str) -> u64 {
    let mut quick = Quick::default();
    quick.write(word.as_bytes());
    quick.finish()
}

pub type QuickMap<K, V> = HashMap<K, V, BuildHasherDefault<Quick>>;

#[derive(Default)]
struct Ends {
    table: QuickMap<String, Vec<Class>>,
    /// Lengths in bytes that occur, by the outermost byte: most tokens need no look at all.
    lengths: Vec<Vec<usize>>,
}

impl Ends {
    fn add(&mut self, word: &str, outermost: Option<u8>, class: Class) {
        self.table.entry(word.to_owned()).or_default().push(class);
        self.lengths.resize(256, Vec::new());
        let lengths = self.lengths.get_mut(usize::from(outermost.unwrap_or(0)));
        if let Some(lengths) = lengths.filter(|lengths| !lengths.contains(&word.len())) {
            lengths.push(word.len());
        }
    }

    /// Lengths worth a look for a token with this outermost byte.
    fn lengths(&self, outermost: Option<u8>) -> &[usize] {
        self.lengths.get(usize::from(outermost.unwrap_or(0))).map_or(&[], Vec::as_slice)
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
    /// Per class: the languages whose phrases use it.
    tongues: Vec<Tongues>,
    /// Per class: how often ordinary text has one of its words, roughly.
    costs: Vec<usize>,
    /// A literal without one of its letters, and the literals it may be, in the order of loading.
    shortened: QuickMap<String, Vec<String>>,
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
                        let literals = self.shortened.entry(short).or_default();
                        if !literals.contains(word) {
                            literals.push(word.clone());
                        }
                    }
                }
                Word::Prefix(word) => self.prefixes.add(word, word.bytes().next(), class),
                Word::Suffix(word) => self.suffixes.add(word, word.bytes().last(), class),
                Word::Number => self.numbers.push(class),
            }
        }
        self.tongues.push(Tongues::default());
        self.costs.push(words.iter().map(cost).sum());
        self.classes.insert(words, class);
        class
    }

    /// Notes that phrases of this language use the class.
    pub fn speak(&mut self, class: Class, tongue: Tongues) {
        if let Some(tongues) = self.tongues.get_mut(class as usize) {
            tongues.add(tongue);
        }
    }

    pub fn len(&self) -> usize {
        self.classes.len()
    }

    /// How often ordinary text has a word of the class, roughly.
    pub fn cost(&self, class: Class) -> usize {
        self.costs.get(class as usize).copied().unwrap_or_default()
    }

    /// Calls `found` with every class of the token that the languages `spoken` use; `slips` is what is left for
    /// misspelt words.
    pub fn classes_of(
        &self,
        word: &str,
        number: bool,
        spoken: Tongues,
        slips: &mut usize,
        mut found: impl FnMut(Class),
    ) {
        let mut known = false;
        let mut each = |classes: &[Class]| {
            for class in classes.iter().filter(|class| self.speaks(**class, spoken)) {
                known = true;
                found(*class);
            }
        };
        if number {
            each(&self.numbers);
        }
        if let Some(classes) = self.exact.get(word) {
            each(classes);
        }
        for length in self.prefixes.lengths(word.bytes().next()).iter().filter(|l| **l <= word.len()) {
            if let Some(classes) = word.get(..*length).and_then(|start| self.prefixes.table.get(start)) {
                each(classes);
            }
        }
        for length in self.suffixes.lengths(word.bytes().last()).iter().filter(|l| **l <= word.len()) {
            if let Some(classes) = word.get(word.len() - length..).and_then(|end| self.suffixes.table.get(end)) {
                each(classes);
            }
        }
        if !known && *slips > 0 && word.len() + 1 >= SLIP_FROM && word.bytes().all(|b| b.is_ascii_lowercase()) {
            *slips -= 1;
            if let Some(classes) = self.meant(word, spoken).and_then(|meant| self.exact.get(meant)) {
                classes.iter().filter(|class| self.speaks(**class, spoken)).copied().for_each(found);
            }
        }
    }

    fn speaks(&self, class: Class, spoken: Tongues) -> bool {
        self.tongues.get(class as usize).is_some_and(|tongues| tongues.meets(spoken))
    }

    /// The literal that a misspelt word stands for: one letter missing, one too many, or two neighbours swapped. A
    /// wrong letter is not forgiven: `changed` is not `charged`.
    fn meant<'a>(&'a self, word: &'a str, spoken: Tongues) -> Option<&'a str> {
        let long = |literal: &str| literal.len() >= SLIP_FROM;
        let said = |word: &str| {
            let (literal, classes) = self.exact.get_key_value(word)?;
            classes.iter().any(|class| self.speaks(*class, spoken)).then_some(literal.as_str())
        };
        if let Some(literal) = self.shortened.get(word).into_iter().flatten().find_map(|literal| said(literal)) {
            return Some(literal);
        }
        let mut bytes = word.as_bytes().to_vec();
        for at in 1..bytes.len().saturating_sub(1) {
            bytes.swap(at, at + 1);
            let found = std::str::from_utf8(&bytes).ok().and_then(said);
            bytes.swap(at, at + 1);
            if let Some(literal) = found.filter(|literal| long(literal)) {
                return Some(literal);
            }
        }
        without_one_letter(word).find_map(|w| said(&w)).filter(|literal| long(literal))
    }
}

/// How often ordinary text has the word, roughly: short words are common in every language.
fn cost(word: &Word) -> usize {
    match word {
        Word::Exact(word) => match word.chars().count() {
            _ if !word.is_ascii() => 4,
            1 | 2 => 40,
            3 => 20,
            4 => 6,
            5 => 2,
            _ => 1,
        },
        Word::Prefix(word) | Word::Suffix(word) if word.len() > 4 => 3,
        Word::Prefix(_) | Word::Suffix(_) => 15,
        Word::Number => 40,
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

    fn found(words: &mut Words, token: &str) -> Vec<Class> {
        (0..words.len()).for_each(|class| words.speak(class as Class, Tongues::ALL));
        let mut classes = Vec::new();
        let number = token.parse::<f64>().is_ok();
        words.classes_of(token, number, Tongues::ALL, &mut 9, |class| classes.push(class));
        classes
    }

    #[test]
    fn a_token_finds_exact_words_beginnings_endings_and_numbers() {
        let mut words = Words::default();
        let exact = words.class(&[Word::Exact("card".into()), Word::Exact("visa".into())]);
        let ends = [words.class(&[Word::Prefix("pay".into())]), words.class(&[Word::Suffix("card".into())])];
        let number = words.class(&[Word::Number]);
        assert_eq!(found(&mut words, "visa"), [exact]);
        assert_eq!(found(&mut words, "payments"), [ends[0]]);
        assert_eq!(found(&mut words, "card"), [exact, ends[1]]);
        assert_eq!(found(&mut words, "13"), [number]);
    }

    #[test]
    fn a_slip_of_the_finger_is_forgiven_and_another_word_is_not_taken_for_it() {
        let mut words = Words::default();
        let payment = words.class(&[Word::Exact("payment".into())]);
        words.class(&[Word::Exact("charged".into())]);
        for slip in ["paymnt", "paymnet", "payyment"] {
            assert_eq!(found(&mut words, slip), [payment], "{slip}");
        }
        assert!(found(&mut words, "changed").is_empty());
        assert!(found(&mut words, "ayment").is_empty());
    }
}
