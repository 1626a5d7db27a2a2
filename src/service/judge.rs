//! Reads and judges one mail, whatever is in it. Pure but for the guard against panics: no ledger, no network.

use std::panic::{AssertUnwindSafe, catch_unwind};

use sha2::{Digest, Sha256};

use crate::ledger::Facts;
use crate::mail::{Mail, RawMail, fold};
use crate::triage::{PatternSet, Verdict};

/// A mail with what the patterns say of it.
#[derive(Debug)]
pub struct Judged {
    pub raw: RawMail,
    pub mail: Mail,
    pub verdict: Verdict,
    pub facts: Facts,
}

/// Total: a mail that breaks a reader is taken for unreadable, and a person gets it.
pub fn judge(patterns: &PatternSet, raw: RawMail) -> Judged {
    let read = catch_unwind(AssertUnwindSafe(|| {
        let mut mail = Mail::parse(&raw.bytes);
        let verdict = patterns.judge(&mut mail);
        let facts = facts(&raw, &mail);
        (mail, verdict, facts)
    }));
    let (mail, verdict, facts) = read.unwrap_or_else(|_| {
        let mail = Mail::default();
        let facts = facts(&raw, &mail);
        (mail, Verdict::default(), facts)
    });
    Judged { raw, mail, verdict, facts }
}

fn facts(raw: &RawMail, mail: &Mail) -> Facts {
    // Digits and marks differ between copies of one text (ticket numbers, times), letters do not.
    let letters: String = fold::fold(&mail.text.shown).text.chars().filter(|c| c.is_alphabetic()).collect();
    let subject_key: String = fold::fold(mail.text.subject()).text.split_whitespace().collect::<Vec<_>>().join(" ");
    Facts {
        content_hash: Sha256::digest(&raw.bytes).to_vec(),
        text_hash: Sha256::digest(letters.as_bytes()).to_vec(),
        subject_key,
    }
}
