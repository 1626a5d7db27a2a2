//! Which classes of words occur in the sentence at hand, and where. It looks every different word up once.

use crate::triage::index::Index;
use crate::triage::text::{Reading, Sentence};
use crate::triage::tongue::Tongues;
use crate::triage::words::{Class, SLIPS_PER_MAIL, Words, hash};
use std::ops::Range;

/// Words of the mail that are remembered. One slot for each hash: a mail of hostile words forgets, and never searches.
const REMEMBERED: usize = 1 << 10;

/// A word of the mail; its classes, and the phrases that hang on it, as parts of `classes` and `phrases`.
type Known<'a> = (&'a str, Range<u32>, Range<u32>);

pub struct Occurrences<'a> {
    words: &'a Words,
    index: &'a Index,
    spoken: Tongues,
    /// What is left for misspelt words.
    slips: usize,
    known: Vec<Known<'a>>,
    classes: Vec<Class>,
    phrases: Vec<u32>,
    /// Number of the sentence at hand, from 1.
    stamp: u32,
    /// Per class: the sentence it was seen in last, and where its list begins in `places`.
    seen: Vec<(u32, u32)>,
    /// Token index within the sentence, and the next entry, plus one.
    places: Vec<(u32, u32)>,
    /// Phrases whose anchor occurs in the sentence; some more than once.
    pub anchored: Vec<u32>,
}

impl<'a> Occurrences<'a> {
    pub fn new(words: &'a Words, index: &'a Index, spoken: Tongues) -> Self {
        Self {
            words,
            index,
            spoken,
            slips: SLIPS_PER_MAIL,
            known: vec![("", 0..0, 0..0); REMEMBERED],
            classes: Vec::new(),
            phrases: Vec::new(),
            stamp: 0,
            seen: vec![(0, 0); words.len()],
            places: Vec::new(),
            anchored: Vec::new(),
        }
    }

    /// Goes on to the next sentence.
    pub fn enter(&mut self, reading: &'a Reading, sentence: &Sentence) {
        self.stamp += 1;
        self.places.clear();
        self.anchored.clear();
        for (at, token) in reading.tokens.get(sentence.tokens.clone()).unwrap_or_default().iter().enumerate() {
            let (classes, phrases) = self.look_up(reading.word(token), token.number);
            self.anchored.extend_from_slice(part(&self.phrases, phrases));
            for class in part(&self.classes, classes) {
                let Some(entry) = self.seen.get_mut(*class as usize) else { continue };
                if entry.0 != self.stamp {
                    *entry = (self.stamp, 0);
                }
                self.places.push((at as u32, entry.1));
                entry.1 = self.places.len() as u32;
            }
        }
    }

    fn look_up(&mut self, word: &'a str, number: bool) -> (Range<u32>, Range<u32>) {
        let slot = hash(word) as usize % REMEMBERED;
        if let Some((_, classes, phrases)) = self.known.get(slot).filter(|(known, ..)| *known == word) {
            return (classes.clone(), phrases.clone());
        }
        let (first_class, first_phrase) = (self.classes.len() as u32, self.phrases.len() as u32);
        let (words, index, classes, phrases) = (self.words, self.index, &mut self.classes, &mut self.phrases);
        words.classes_of(word, number, self.spoken, &mut self.slips, |class| {
            classes.push(class);
            phrases.extend_from_slice(index.anchored.of(class));
        });
        let found = (first_class..classes.len() as u32, first_phrase..phrases.len() as u32);
        if let Some(entry) = self.known.get_mut(slot) {
            *entry = (word, found.0.clone(), found.1.clone());
        }
        found
    }

    pub fn has(&self, class: Class) -> bool {
        self.seen.get(class as usize).is_some_and(|(at, _)| *at == self.stamp)
    }

    /// Token indices within the sentence at which the class occurs.
    pub fn of(&self, class: Class) -> impl Iterator<Item = usize> {
        let mut next = self.seen.get(class as usize).filter(|(at, _)| *at == self.stamp).map_or(0, |(_, head)| *head);
        std::iter::from_fn(move || {
            let (at, following) = *self.places.get((next as usize).checked_sub(1)?)?;
            next = following;
            Some(at as usize)
        })
    }
}

fn part(all: &[u32], range: Range<u32>) -> &[u32] {
    all.get(range.start as usize..range.end as usize).unwrap_or_default()
}
