//! Counts what a pattern set makes of labelled mails. It prints nothing.

use std::collections::BTreeMap;

use super::corpus::Labelled;
use crate::triage::Evidence;

/// What was made of one mail.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// A cause, `escalate` or `ignore`.
    pub got: String,
    pub is_reply: bool,
    pub reason: String,
    pub evidence: Vec<Evidence>,
}

/// A mail that did not come out as labelled.
#[derive(Clone, Debug)]
pub struct Miss {
    pub name: String,
    pub expect: String,
    pub outcome: Outcome,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rates {
    pub mails: u64,
    pub replies: u64,
    /// Replies to mails that carry a label.
    pub judged: u64,
    pub right_replies: u64,
    /// Mails that a documented cause fits.
    pub answerable: u64,
    pub answered: u64,
}

impl Rates {
    pub fn precision(&self) -> f64 {
        if self.judged == 0 { 1.0 } else { self.right_replies as f64 / self.judged as f64 }
    }

    pub fn coverage(&self) -> f64 {
        if self.answerable == 0 { 1.0 } else { self.answered as f64 / self.answerable as f64 }
    }

    /// Lower end of the 95 % interval of the precision (Wilson's score).
    pub fn precision_at_least(&self) -> f64 {
        let n = self.judged as f64;
        if n == 0.0 {
            return 0.0;
        }
        let (p, z) = (self.precision(), 1.96);
        let centre = p + z * z / (2.0 * n);
        let spread = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
        ((centre - spread) / (1.0 + z * z / n)).max(0.0)
    }

    fn add(&mut self, other: &Self) {
        self.mails += other.mails;
        self.replies += other.replies;
        self.judged += other.judged;
        self.right_replies += other.right_replies;
        self.answerable += other.answerable;
        self.answered += other.answered;
    }
}

#[derive(Clone, Debug, Default)]
pub struct Tally {
    pub all: Rates,
    pub by_language: BTreeMap<String, Rates>,
    /// Expected, got.
    pub confusion: BTreeMap<(String, String), u64>,
    /// Of a pattern (file and id): hits, and hits in mails that got a wrong reply.
    pub patterns: BTreeMap<(String, String), (u64, u64)>,
    /// Worst first: wrong replies, persons ignored, mails left to a person although a cause fits.
    pub wrong_replies: Vec<Miss>,
    pub wrongly_ignored: Vec<Miss>,
    pub missed: Vec<Miss>,
}

/// Kept of each kind of miss, so that memory does not grow with the corpus.
const MOST_SHOWN: usize = 200;

impl Tally {
    pub fn count(&mut self, mail: &Labelled, outcome: Outcome, is_cause: impl Fn(&str) -> bool) {
        let is_right = outcome.got == mail.expect || mail.accept.contains(&outcome.got);
        let answerable = is_cause(&mail.expect);
        let is_labelled = !mail.expect.is_empty();
        let rates = Rates {
            mails: 1,
            replies: u64::from(outcome.is_reply),
            judged: u64::from(outcome.is_reply && is_labelled),
            right_replies: u64::from(outcome.is_reply && is_labelled && is_right),
            answerable: u64::from(answerable),
            answered: u64::from(answerable && outcome.is_reply && is_right),
        };
        self.all.add(&rates);
        self.by_language.entry(mail.language.clone()).or_default().add(&rates);
        *self.confusion.entry((mail.expect.clone(), outcome.got.clone())).or_default() += 1;
        let is_wrong_reply = is_labelled && outcome.is_reply && !is_right;
        for hit in &outcome.evidence {
            let entry = self.patterns.entry((hit.file.clone(), hit.pattern.clone())).or_default();
            entry.0 += 1;
            entry.1 += u64::from(is_wrong_reply && hit.cause == outcome.got);
        }
        let list = if !is_labelled || is_right {
            return;
        } else if is_wrong_reply {
            &mut self.wrong_replies
        } else if outcome.got == "ignore" {
            &mut self.wrongly_ignored
        } else if answerable {
            &mut self.missed
        } else {
            return;
        };
        if list.len() < MOST_SHOWN {
            list.push(Miss { name: mail.name.clone(), expect: mail.expect.clone(), outcome });
        }
    }

    pub fn merge(&mut self, other: Self) {
        self.all.add(&other.all);
        for (language, rates) in other.by_language {
            self.by_language.entry(language).or_default().add(&rates);
        }
        for (pair, count) in other.confusion {
            *self.confusion.entry(pair).or_default() += count;
        }
        for (pattern, (hits, errors)) in other.patterns {
            let entry = self.patterns.entry(pattern).or_default();
            *entry = (entry.0 + hits, entry.1 + errors);
        }
        for (list, more) in [
            (&mut self.wrong_replies, other.wrong_replies),
            (&mut self.wrongly_ignored, other.wrongly_ignored),
            (&mut self.missed, other.missed),
        ] {
            list.extend(more);
            list.sort_by(|a, b| a.name.cmp(&b.name));
            list.truncate(MOST_SHOWN);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(got: &str) -> Outcome {
        let is_reply = got == "network-error";
        Outcome { got: got.into(), is_reply, reason: String::new(), evidence: Vec::new() }
    }

    #[test]
    fn rates_count_what_they_say() {
        let mut tally = Tally::default();
        let mail = |expect: &str, accept: &[&str]| Labelled {
            expect: expect.into(),
            accept: accept.iter().map(|text| (*text).to_owned()).collect(),
            ..Labelled::default()
        };
        let is_cause = |id: &str| id == "network-error";
        tally.count(&mail("network-error", &[]), outcome("network-error"), is_cause);
        tally.count(&mail("network-error", &[]), outcome("escalate"), is_cause);
        tally.count(&mail("escalate", &["network-error"]), outcome("network-error"), is_cause);
        tally.count(&mail("escalate", &[]), outcome("network-error"), is_cause);
        tally.count(&mail("escalate", &[]), outcome("ignore"), is_cause);
        tally.count(&mail("", &[]), outcome("network-error"), is_cause);
        let rates = Rates { mails: 6, replies: 4, judged: 3, right_replies: 2, answerable: 2, answered: 1 };
        assert_eq!(tally.all, rates);
        assert_eq!((tally.wrong_replies.len(), tally.wrongly_ignored.len(), tally.missed.len()), (1, 1, 1));
        assert!(rates.precision_at_least() < rates.precision());
    }
}
