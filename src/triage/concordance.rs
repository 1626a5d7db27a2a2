//! Every word of the mail with the sentences it stands in, and from that the same for every class of words. It looks
//! each different word up once, so that a phrase knows at once in which sentences it can match at all.

use crate::triage::index::Index;
use crate::triage::sentences::Sentences;
use crate::triage::text::{Reading, Sentence};
use crate::triage::tongue::Tongues;
use crate::triage::words::{Class, SLIPS_PER_MAIL, Words, hash};

/// Words of the mail that are remembered. One slot for each hash: a mail of hostile words forgets, and never searches.
const REMEMBERED: usize = 1 << 10;

pub struct Concordance {
    /// Blocks of 64 sentences.
    pub blocks: usize,
    /// Per token: the number of its word.
    words: Vec<u32>,
    /// Per word: its sentences.
    word_in: Sentences,
    /// Per class: its row in `class_in`, plus one.
    rows: Vec<u32>,
    /// Per row: the sentences the class stands in.
    class_in: Sentences,
    /// Per row: the first link of its words, plus one.
    heads: Vec<u32>,
    /// A word, and the next link, plus one.
    links: Vec<(u32, u32)>,
    /// Phrases whose anchor occurs; some more than once.
    pub anchored: Vec<u32>,
}

impl Concordance {
    /// Words in the languages `spoken`.
    pub fn of(reading: &Reading, words: &Words, index: &Index, spoken: Tongues) -> Self {
        let mut all = Self {
            blocks: reading.sentences.len().div_ceil(64),
            words: Vec::with_capacity(reading.tokens.len()),
            word_in: Sentences::new(reading.sentences.len()),
            rows: vec![0; words.len()],
            class_in: Sentences::new(reading.sentences.len()),
            heads: Vec::new(),
            links: Vec::new(),
            anchored: Vec::new(),
        };
        let different = all.number_words(reading);
        let mut slips = SLIPS_PER_MAIL;
        for (word, token) in different.iter().enumerate() {
            let Some(token) = reading.tokens.get(*token) else { continue };
            words.classes_of(reading.word(token), token.number, spoken, &mut slips, |class| {
                all.note(class, word as u32, index);
            });
        }
        all
    }

    /// Numbers the words; gives the first token of each.
    fn number_words(&mut self, reading: &Reading) -> Vec<usize> {
        let mut known: Vec<(&str, u32)> = vec![("", 0); REMEMBERED];
        let mut different = Vec::new();
        for (at, sentence) in reading.sentences.iter().enumerate() {
            for token in sentence.tokens.clone() {
                let word = reading.tokens.get(token).map_or("", |token| reading.word(token));
                let Some(entry) = known.get_mut(hash(word) as usize % REMEMBERED) else { continue };
                if entry.0 != word {
                    *entry = (word, different.len() as u32);
                    different.push(token);
                    self.word_in.push_empty();
                }
                self.words.push(entry.1);
                self.word_in.insert(entry.1 as usize, at);
            }
        }
        different
    }

    fn note(&mut self, class: Class, word: u32, index: &Index) {
        let Some(row) = self.rows.get_mut(class as usize) else { return };
        if *row == 0 {
            self.class_in.push_empty();
            self.heads.push(0);
            *row = self.heads.len() as u32;
            self.anchored.extend_from_slice(index.anchored.of(class));
        }
        let at = *row as usize - 1;
        self.class_in.join(at, self.word_in.of(word as usize));
        if let Some(head) = self.heads.get_mut(at) {
            self.links.push((word, *head));
            *head = self.links.len() as u32;
        }
    }

    /// The row of a class that occurs, and the 64 sentences of a block in which it does, as bits.
    pub fn row(&self, class: Class, block: usize) -> Option<(usize, u64)> {
        let row = (*self.rows.get(class as usize)? as usize).checked_sub(1)?;
        Some((row, self.class_in.block(row, block)))
    }

    /// The 64 sentences of a block in which the class occurs, as bits.
    pub fn class_in(&self, class: Class, block: usize) -> u64 {
        self.row(class, block).map_or(0, |(_, sentences)| sentences)
    }

    /// One sentence of the mail.
    pub fn sentence(&self, at: usize, sentence: &Sentence) -> Here<'_> {
        Here { all: self, at, words: self.words.get(sentence.tokens.clone()).unwrap_or_default() }
    }
}

/// The concordance of one sentence.
pub struct Here<'a> {
    all: &'a Concordance,
    at: usize,
    /// Per token: the number of its word.
    words: &'a [u32],
}

impl Here<'_> {
    /// Tokens of the sentence.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    pub fn has(&self, class: Class) -> bool {
        self.is_in(self.all.class_in(class, self.at / 64))
    }

    /// Whether it is one of these sentences of its block.
    pub fn is_in(&self, sentences: u64) -> bool {
        sentences >> (self.at % 64) & 1 == 1
    }

    /// Calls `found` with the index of every token of the sentence that is of the class in this row.
    pub fn each(&self, row: usize, mut found: impl FnMut(usize)) {
        let mut next = self.all.heads.get(row).copied().unwrap_or_default() as usize;
        while let Some((word, following)) = self.all.links.get(next.wrapping_sub(1)) {
            next = *following as usize;
            if self.all.word_in.contains(*word as usize, self.at) {
                self.words.iter().enumerate().filter(|(_, w)| *w == word).for_each(|(at, _)| found(at));
            }
        }
    }
}
