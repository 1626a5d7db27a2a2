//! Runs the pattern set over one mail and finds the hits. What they are worth is in `weigh.rs`.

use crate::mail::Mail;
use crate::triage::Verdict;
use crate::triage::occurrences::Occurrences;
use crate::triage::run::Scratch;
use crate::triage::set::{Origin, PatternSet, overlap};
use crate::triage::source::Place;
use crate::triage::text::{Reading, Sentence, Zone};
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
        let mut search = Search::new(self, &reading, self.languages.spoken(mail));
        for (index, sentence) in reading.sentences.iter().enumerate() {
            search.search(index, sentence);
        }
        search.expressions();
        let steps = search.scratch.steps;
        let mut hits = search.hits;
        // Stable: the first phrase of a pattern in the first sentence stays first.
        hits.sort_by_key(|hit| (hit.pattern, hit.sentence));
        (self.weigh(mail, &hits), steps)
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
struct Search<'a> {
    set: &'a PatternSet,
    reading: &'a Reading,
    spoken: Tongues,
    occurrences: Occurrences<'a>,
    scratch: Scratch,
    hits: Vec<Hit<'a>>,
    /// Per phrase: sentence it was looked at in last, plus one.
    tried: Vec<u32>,
    /// Per pattern: sentence it hit in last, plus one.
    hit_in: Vec<u32>,
    /// Matches of the phrase at hand.
    found: Vec<Range<usize>>,
}

impl<'a> Search<'a> {
    fn new(set: &'a PatternSet, reading: &'a Reading, spoken: Tongues) -> Self {
        Self {
            set,
            spoken,
            reading,
            occurrences: Occurrences::new(&set.words, &set.index, spoken),
            scratch: Scratch::default(),
            hits: Vec::new(),
            tried: vec![0; set.phrases.len()],
            hit_in: vec![0; set.patterns.len()],
            found: Vec::new(),
        }
    }

    /// Runs the phrases that can match in the sentence: their anchor occurs, and whatever else they demand.
    fn search(&mut self, index: usize, sentence: &'a Sentence) {
        let stamp = index as u32 + 1;
        self.occurrences.enter(self.reading, sentence);
        let set = self.set;
        for at in 0..self.occurrences.anchored.len() {
            let Some(phrase) = self.occurrences.anchored.get(at).copied() else { break };
            let Some(tried) = self.tried.get_mut(phrase as usize).filter(|tried| **tried != stamp) else { continue };
            *tried = stamp;
            if set.index.others_occur(phrase, &self.occurrences) {
                self.try_phrase(phrase as usize, index, sentence);
            }
        }
    }

    fn try_phrase(&mut self, phrase: usize, index: usize, sentence: &Sentence) {
        let stamp = index as u32 + 1;
        let Some((program, origin)) = self.set.phrases.get(phrase) else { return };
        let Some(pattern) = self.set.patterns.get(origin.pattern) else { return };
        let Some(hit_in) = self.hit_in.get_mut(origin.pattern) else { return };
        let settled = *hit_in == stamp || (*hit_in > 0 && pattern.settles());
        if settled || !origin.tongue.meets(self.spoken) || !fits(pattern.place, sentence.zone) {
            return;
        }
        let (length, occurrences, found) = (sentence.tokens.len(), &self.occurrences, &mut self.found);
        found.clear();
        let first_is_enough = pattern.except.is_empty();
        program.run(length, occurrences, &mut self.scratch, |range| {
            found.push(range);
            !first_is_enough
        });
        for except in &pattern.except {
            let occurs = |one_of: &Vec<Class>| one_of.iter().any(|class| occurrences.has(*class));
            if found.is_empty() || !except.required.iter().all(occurs) {
                continue;
            }
            except.run(length, occurrences, &mut self.scratch, |taken| {
                found.retain(|range| !overlap(range, &taken));
                true
            });
        }
        if let Some(range) = found.first() {
            *hit_in = stamp;
            let start = sentence.tokens.start;
            let span = self.reading.shown(start + range.start..start + range.end);
            self.hits.push(Hit { pattern: origin.pattern, sentence: index, span, origin });
        }
    }

    /// Expressions see the whole folded text; a hit belongs to the sentence it starts in.
    fn expressions(&mut self) {
        let spoken = self.spoken;
        for (regex, origin) in self.set.regexes.iter().filter(|(_, origin)| origin.tongue.meets(spoken)) {
            let place = self.set.patterns.get(origin.pattern).and_then(|p| p.place);
            for found in regex.find_iter(self.reading.text()) {
                let tokens = &self.reading.tokens;
                let first = tokens.partition_point(|t| t.span.end <= found.start());
                let last = tokens.partition_point(|t| t.span.start < found.end());
                let sentence = self.reading.sentences.partition_point(|s| s.tokens.end <= first);
                let zone = self.reading.sentences.get(sentence).map_or(Zone::Body, |s| s.zone);
                if fits(place, zone) {
                    let span = self.reading.shown(first..last.max(first + 1));
                    self.hits.push(Hit { pattern: origin.pattern, sentence, span, origin });
                    break;
                }
            }
        }
    }
}
