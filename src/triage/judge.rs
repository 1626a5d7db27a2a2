//! Runs the pattern set over one mail and finds the hits. What they are worth is in `weigh.rs`.

use crate::mail::Mail;
use crate::triage::Verdict;
use crate::triage::program::Scratch;
use crate::triage::set::{Origin, PatternSet, overlap};
use crate::triage::source::Place;
use crate::triage::text::{Reading, Sentence, Zone};
use crate::triage::tongue::Tongues;
use crate::triage::words::{Class, SLIPS_PER_MAIL};
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
        let mut slips = SLIPS_PER_MAIL;
        for (index, sentence) in reading.sentences.iter().enumerate() {
            search.enter(index, sentence, &mut slips);
            search.run(index, sentence);
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

/// End of a list of places.
const END: u32 = u32::MAX;

/// One mail being searched; its memory is shared by all sentences and phrases.
struct Search<'a> {
    set: &'a PatternSet,
    reading: &'a Reading,
    spoken: Tongues,
    scratch: Scratch,
    hits: Vec<Hit<'a>>,
    /// Per class: the sentence it was seen in last, plus one, and the head of its list in `places`.
    seen: Vec<(u32, u32)>,
    /// Token index within the sentence, and the next entry.
    places: Vec<(usize, u32)>,
    present: Vec<Class>,
    /// Per demand: sentence it was met in last, plus one.
    met: Vec<u32>,
    /// Demands met in this sentence.
    met_here: Vec<usize>,
    /// Per pattern: sentence it hit in last, plus one.
    hit_in: Vec<u32>,
}

impl<'a> Search<'a> {
    fn new(set: &'a PatternSet, reading: &'a Reading, spoken: Tongues) -> Self {
        Self {
            set,
            spoken,
            reading,
            scratch: Scratch::default(),
            hits: Vec::new(),
            seen: vec![(0, END); set.words.len()],
            places: Vec::new(),
            present: Vec::new(),
            met: vec![0; set.anchors.len()],
            met_here: Vec::new(),
            hit_in: vec![0; set.patterns.len()],
        }
    }

    /// Notes which classes occur in the sentence, and where.
    fn enter(&mut self, index: usize, sentence: &Sentence, slips: &mut usize) {
        let stamp = index as u32 + 1;
        self.places.clear();
        self.present.clear();
        self.met_here.clear();
        let (seen, places, present, spoken) = (&mut self.seen, &mut self.places, &mut self.present, self.spoken);
        for (at, token) in self.reading.tokens.get(sentence.tokens.clone()).unwrap_or_default().iter().enumerate() {
            self.set.words.classes_of(self.reading.word(token), token.number, spoken, slips, |class| {
                let Some(entry) = seen.get_mut(class as usize) else { return };
                if entry.0 != stamp {
                    *entry = (stamp, END);
                    present.push(class);
                }
                places.push((at, entry.1));
                entry.1 = places.len() as u32 - 1;
            });
        }
        for demand in present.iter().filter_map(|class| self.set.meets.get(*class as usize)).flatten() {
            if let Some(met) = self.met.get_mut(*demand).filter(|met| **met != stamp) {
                *met = stamp;
                self.met_here.push(*demand);
            }
        }
    }

    fn run(&mut self, index: usize, sentence: &Sentence) {
        let stamp = index as u32 + 1;
        let set = self.set;
        let (seen, places) = (&self.seen, &self.places);
        let occurs = |class: &Class| seen.get(*class as usize).is_some_and(|(at, _)| *at == stamp);
        let each_place = |class: Class, visit: &mut dyn FnMut(usize)| {
            let mut next = seen.get(class as usize).filter(|(at, _)| *at == stamp).map_or(END, |(_, head)| *head);
            while let Some((at, following)) = places.get(next as usize) {
                visit(*at);
                next = *following;
            }
        };
        let met = &self.met;
        for demand in &self.met_here {
            for phrase in set.anchors.get(*demand).into_iter().flatten() {
                let demands = set.demands.get(*phrase).map_or(&[][..], Vec::as_slice);
                if !demands.iter().all(|demand| met.get(*demand) == Some(&stamp)) {
                    continue;
                }
                let Some((program, origin)) = set.phrases.get(*phrase) else { continue };
                let Some(pattern) = set.patterns.get(origin.pattern) else { continue };
                let Some(hit_in) = self.hit_in.get_mut(origin.pattern) else { continue };
                let settled = *hit_in == stamp || (*hit_in > 0 && pattern.settles());
                if settled || !origin.tongue.meets(self.spoken) || !fits(pattern.place, sentence.zone) {
                    continue;
                }
                let length = sentence.tokens.len();
                let mut found = Vec::new();
                let first_is_enough = pattern.except.is_empty();
                program.run(length, each_place, &mut self.scratch, |range| {
                    found.push(range);
                    !first_is_enough
                });
                for except in &pattern.except {
                    if found.is_empty() || !except.required.iter().all(|one_of| one_of.iter().any(occurs)) {
                        continue;
                    }
                    except.run(length, each_place, &mut self.scratch, |taken| {
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
