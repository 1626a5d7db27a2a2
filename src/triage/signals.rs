//! Signals, looked for when a pattern asks for them and not before: most mails need few of them.

use crate::triage::judge::Search;
use crate::triage::set::{OneOf, Pattern};

impl Search<'_> {
    /// Whether the conditions of a pattern that hit in this sentence hold.
    pub fn holds(&mut self, pattern: &Pattern, sentence: usize) -> bool {
        pattern.near.iter().all(|one_of| self.stand_in(one_of, sentence))
            && !pattern.unless.iter().any(|one_of| self.stand_in(one_of, sentence))
            && pattern.needs.iter().all(|one_of| self.stand(one_of))
            && !pattern.never_with.iter().any(|one_of| self.stand(one_of))
    }

    fn stand(&mut self, one_of: &OneOf) -> bool {
        one_of.iter().any(|signal| {
            self.settle(*signal);
            self.hit_in.any(*signal)
        })
    }

    fn stand_in(&mut self, one_of: &OneOf, sentence: usize) -> bool {
        one_of.iter().any(|signal| {
            self.settle(*signal);
            self.hit_in.contains(*signal, sentence)
        })
    }

    /// Finds the sentences a signal stands in, once. Signals depend on each other, but never in a circle.
    fn settle(&mut self, signal: usize) {
        let set = self.set;
        let Some(pattern) = set.patterns.get(signal) else { return };
        let Some(settled) = self.settled.get_mut(signal) else { return };
        if std::mem::replace(settled, true) {
            return;
        }
        for phrase in set.index.of_signal.of(signal as u32) {
            self.try_phrase(*phrase);
        }
        for (at, _) in set.regexes.iter().enumerate().filter(|(_, (_, origin))| origin.pattern == signal) {
            self.expression(at, true);
        }
        if pattern.is_free() {
            return;
        }
        for sentence in 0..self.sentences() {
            if self.hit_in.contains(signal, sentence) && !self.holds(pattern, sentence) {
                self.hit_in.remove(signal, sentence);
            }
        }
    }
}
