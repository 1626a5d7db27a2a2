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

/// Literals are kept under their hash alone: of 64 bits no two words are to be feared that share one.
pub fn hash(word: &str) -> u64 {
    hash_of(word.as_bytes())
}

fn hash_of(word: &[u8]) -> u64 {
    let mut quick = Quick::default();
    quick.write(word);
    quick.finish()
}

pub type QuickMap<K, V> = HashMap<K, V, BuildHasherDefault<Quick>>;

#[derive(Default)]
struct Ends {
    table: QuickMap<u64, Vec<Class>>,
    /// Lengths in bytes that occur, as bits, by the two outermost bytes: most tokens need no look at all.
    lengths: Vec<u64>,
}

/// Slots for pairs of bytes.
const PAIRS: usize = 1 << 12;

impl Ends {
    /// `outermost` is the byte at the end that counts, `next` the one beside it.
    fn add(&mut self, word: &str, outermost: Option<u8>, next: Option<u8>, class: Class) {
        self.table.entry(hash(word)).or_default().push(class);
        self.lengths.resize(PAIRS, 0);
        let every = 0..=u8::MAX;
        for next in next.map_or(every, |next| next..=next) {
            if let Some(lengths) = self.lengths.get_mut(pair(outermost, Some(next))) {
                *lengths |= 1 << word.len().min(63);
            }
        }
    }

    /// Lengths worth a look for a token of `len` bytes with these outermost bytes.
    fn lengths(&self, outermost: Option<u8>, next: Option<u8>, len: usize) -> impl Iterator<Item = usize> {
        let all = self.lengths.get(pair(outermost, next)).copied().unwrap_or(0);
        let mut left = all & (u64::MAX >> (63 - len.min(63)));
        std::iter::from_fn(move || {
            let length = (left != 0).then(|| left.trailing_zeros() as usize)?;
            left &= left - 1;
            Some(length)
        })
    }
}

fn pair(outermost: Option<u8>, next: Option<u8>) -> usize {
    (usize::from(outermost.unwrap_or(0)) << 5 ^ usize::from(next.unwrap_or(0))) % PAIRS
}

/// All literals of a pattern set.
#[derive(Default)]
pub struct Words {
    classes: HashMap<Vec<Word>, Class>,
    exact: QuickMap<u64, Vec<Class>>,
    prefixes: Ends,
    suffixes: Ends,
    numbers: Vec<Class>,
    /// Per class: the languages whose phrases use it.
    tongues: Vec<Tongues>,
    /// Per class: how often ordinary text has one of its words, roughly.
    costs: Vec<usize>,
    /// A literal without one of its letters, and the literals it may be, in the order of loading.
    shortened: QuickMap<u64, Vec<u64>>,
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
                    let literal = hash(word);
                    self.exact.entry(literal).or_default().push(class);
                    without_one_letter(word, |short| {
                        let literals = self.shortened.entry(short).or_default();
                        if !literals.contains(&literal) {
                            literals.push(literal);
                        }
                        true
                    });
                }
                Word::Prefix(word) => {
                    self.prefixes.add(word, word.bytes().next(), word.as_bytes().get(1).copied(), class)
                }
                Word::Suffix(word) => {
                    let mut back = word.bytes().rev();
                    self.suffixes.add(word, back.next(), back.next(), class);
                }
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
        if let Some(classes) = self.exact.get(&hash(word)) {
            each(classes);
        }
        let bytes = word.as_bytes();
        for length in self.prefixes.lengths(bytes.first().copied(), bytes.get(1).copied(), word.len()) {
            if let Some(classes) = word.get(..length).and_then(|start| self.prefixes.table.get(&hash(start))) {
                each(classes);
            }
        }
        let mut back = bytes.iter().rev().copied();
        for length in self.suffixes.lengths(back.next(), back.next(), word.len()) {
            if let Some(classes) = word.get(word.len() - length..).and_then(|end| self.suffixes.table.get(&hash(end))) {
                each(classes);
            }
        }
        if !known && *slips > 0 && word.len() + 1 >= SLIP_FROM && word.bytes().all(|b| b.is_ascii_lowercase()) {
            *slips -= 1;
            if let Some(classes) = self.meant(word, spoken).and_then(|meant| self.exact.get(&meant)) {
                classes.iter().filter(|class| self.speaks(**class, spoken)).copied().for_each(found);
            }
        }
    }

    fn speaks(&self, class: Class, spoken: Tongues) -> bool {
        self.tongues.get(class as usize).is_some_and(|tongues| tongues.meets(spoken))
    }

    /// The literal that a misspelt word stands for: one letter missing, one too many, or two neighbours swapped. A
    /// wrong letter is not forgiven: `changed` is not `charged`.
    fn meant(&self, word: &str, spoken: Tongues) -> Option<u64> {
        let said = |literal: &u64| {
            let classes = self.exact.get(literal);
            classes.is_some_and(|classes| classes.iter().any(|class| self.speaks(*class, spoken)))
        };
        let lacking = self.shortened.get(&hash(word)).into_iter().flatten().find(|literal| said(literal));
        if lacking.is_some() {
            return lacking.copied();
        }
        let mut bytes = word.as_bytes().to_vec();
        for at in (1..bytes.len().saturating_sub(1)).filter(|_| word.len() >= SLIP_FROM) {
            bytes.swap(at, at + 1);
            let swapped = hash_of(&bytes);
            bytes.swap(at, at + 1);
            if said(&swapped) {
                return Some(swapped);
            }
        }
        let mut found = None;
        if word.len() > SLIP_FROM {
            without_one_letter(word, |short| {
                found = Some(short).filter(|short| said(short));
                found.is_none()
            });
        }
        found
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

/// Calls `give` with the hash of the word without each letter but the first in turn, until it says false; never for
/// short words and other scripts.
fn without_one_letter(word: &str, mut give: impl FnMut(u64) -> bool) {
    if word.len() < SLIP_FROM || !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return;
    }
    // The last letter goes first; then each takes the place of the one behind it.
    let Some((last, short)) = word.as_bytes().split_last() else { return };
    let (mut short, mut behind) = (short.to_vec(), *last);
    let mut hashes = vec![hash_of(&short)];
    for at in (1..short.len()).rev() {
        if let Some(letter) = short.get_mut(at) {
            std::mem::swap(letter, &mut behind);
        }
        hashes.push(hash_of(&short));
    }
    hashes.into_iter().rev().all(&mut give);
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
