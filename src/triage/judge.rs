//! Runs the pattern set over one mail and finds the hits. What they are worth is in `weigh.rs`; signals are looked
//! for only when a hit asks for them (`signals.rs`).

use crate::mail::Mail;
use crate::triage::Verdict;
use crate::triage::concordance::Concordance;
use crate::triage::run::Scratch;
use crate::triage::sentences::Sentences;
use crate::triage::set::{Origin, Pattern, PatternSet, overlap};
use crate::triage::source::Place;
use crate::triage::text::{Reading, Zone};
use crate::triage::tongue::Tongues;
use crate::triage::words::Class;
use std::ops::Range;

/// One phrase found in one sentence.
pub(super) struct Hit<'a> {
    pub pattern: usize,
    pub sentence: usize,
    /// In the shown text.
    pub span: Range<usize>,
    pub origin: &'a Origin,
}

impl PatternSet {
    /// What the patterns say the mail is.
    pub fn classify(&self, mail: &Mail) -> Verdict {
        self.classify_counting(mail).0
    }

    /// The same, and how many steps the automata took.
    pub(super) fn classify_counting(&self, mail: &Mail) -> (Verdict, u64) {
        let reading = Reading::of(&mail.text.shown, mail.text.subject_len);
        let mut search = Search::new(self, &reading, self.languages.spoken(mail, !self.keywords_know(mail)));
        search.phrases();
        for at in 0..self.regexes.len() {
            search.expression(at, false);
        }
        let mut hits = std::mem::take(&mut search.hits);
        // Stable: what was found first in a sentence stays first.
        hits.sort_by_key(|hit| (hit.pattern, hit.sentence));
        let verdict = self.weigh(mail, &hits, &mut search);
        (verdict, search.scratch.steps + search.aside.steps)
    }
}

fn fits(place: Option<Place>, zone: Zone) -> bool {
    match place {
        None => true,
        Some(Place::Subject) => zone == Zone::Subject,
        Some(Place::Opening) => zone == Zone::Opening,
        Some(Place::Body) => zone != Zone::Subject,
    }
}

/// One mail being searched; its memory is shared by all sentences and phrases.
pub(super) struct Search<'a> {
    pub set: &'a PatternSet,
    reading: &'a Reading,
    pub spoken: Tongues,
    concordance: Concordance,
    scratch: Scratch,
    /// For exceptions, while a phrase holds the other.
    aside: Scratch,
    /// Of the patterns that count.
    hits: Vec<Hit<'a>>,
    /// Per pattern: the sentences it hit in.
    pub hit_in: Sentences,
    /// Per signal: whether it was looked for.
    pub settled: Vec<bool>,
    /// Matches of the phrase at hand.
    found: Vec<Range<usize>>,
}

impl<'a> Search<'a> {
    fn new(set: &'a PatternSet, reading: &'a Reading, spoken: Tongues) -> Self {
        Self {
            set,
            spoken,
            reading,
            concordance: Concordance::of(reading, &set.words, &set.index, spoken),
            scratch: Scratch::default(),
            aside: Scratch::default(),
            hits: Vec::new(),
            hit_in: Sentences::rows(reading.sentences.len(), set.patterns.len()),
            settled: vec![false; set.patterns.len()],
            found: Vec::new(),
        }
    }

    pub fn reading(&self) -> &'a Reading {
        self.reading
    }

    pub fn sentences(&self) -> usize {
        self.reading.sentences.len()
    }

    /// Runs the phrases of patterns that count points and whose anchor occurs.
    fn phrases(&mut self) {
        let mut anchored = std::mem::take(&mut self.concordance.anchored);
        anchored.sort_unstable();
        anchored.dedup();
        for phrase in anchored {
            self.try_phrase(phrase);
        }
    }

    /// Runs a phrase in the sentences that can hold it.
    pub fn try_phrase(&mut self, phrase: u32) {
        let set = self.set;
        if !set.index.speaks(phrase, self.spoken) {
            return;
        }
        let Some((program, origin)) = set.phrases.get(phrase as usize) else { return };
        let Some(pattern) = set.patterns.get(origin.pattern) else { return };
        for block in 0..self.concordance.blocks {
            let mut left = set.index.may_match(phrase, &self.concordance, block);
            left &= !self.hit_in.block(origin.pattern, block);
            if left != 0 {
                program.prepare(&self.concordance, block, left, &mut self.scratch);
            }
            while left != 0 {
                if pattern.settles() && self.hit_in.any(origin.pattern) {
                    return;
                }
                self.try_sentence(phrase, pattern, block * 64 + left.trailing_zeros() as usize);
                left &= left - 1;
            }
        }
    }

    fn try_sentence(&mut self, phrase: u32, pattern: &Pattern, at: usize) {
        let set = self.set;
        let Some((program, origin)) = set.phrases.get(phrase as usize) else { return };
        let Some(sentence) = self.reading.sentences.get(at).filter(|s| fits(pattern.place, s.zone)) else { return };
        let (here, found) = (&self.concordance.sentence(at, sentence), &mut self.found);
        found.clear();
        let first_is_enough = pattern.except.is_empty();
        program.run(here, &mut self.scratch, |range| {
            found.push(range);
            !first_is_enough
        });
        for except in &pattern.except {
            let occurs = |one_of: &Vec<Class>| one_of.iter().any(|class| here.has(*class));
            if found.is_empty() || !except.required.iter().all(occurs) {
                continue;
            }
            except.prepare(&self.concordance, at / 64, 1 << (at % 64), &mut self.aside);
            except.run(here, &mut self.aside, |taken| {
                found.retain(|range| !overlap(range, &taken));
                true
            });
        }
        if let Some(range) = found.first() {
            self.hit_in.insert(origin.pattern, at);
            if !pattern.signal {
                let start = sentence.tokens.start;
                let span = self.reading.shown(start + range.start..start + range.end);
                self.hits.push(Hit { pattern: origin.pattern, sentence: at, span, origin });
            }
        }
    }

    /// Expressions see the whole folded text; a hit belongs to the sentence it starts in.
    pub fn expression(&mut self, at: usize, of_signal: bool) {
        let Some((regex, origin)) = self.set.regexes.get(at) else { return };
        let Some(pattern) = self.set.patterns.get(origin.pattern) else { return };
        if pattern.signal != of_signal || !origin.tongue.meets(self.spoken) {
            return;
        }
        for found in regex.find_iter(self.reading.text()) {
            let tokens = &self.reading.tokens;
            let first = tokens.partition_point(|t| t.span.end <= found.start());
            let last = tokens.partition_point(|t| t.span.start < found.end());
            let sentence = self.reading.sentences.partition_point(|s| s.tokens.end <= first);
            let zone = self.reading.sentences.get(sentence).map_or(Zone::Body, |s| s.zone);
            if fits(pattern.place, zone) {
                self.hit_in.insert(origin.pattern, sentence);
                if !pattern.signal {
                    let span = self.reading.shown(first..last.max(first + 1));
                    self.hits.push(Hit { pattern: origin.pattern, sentence, span, origin });
                }
                break;
            }
        }
    }
}
