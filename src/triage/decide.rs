//! The whole policy on one screen: the first rule that applies wins, the safest come first.
//! It neither matches patterns nor sends: it only says what is to be done, and which gates were passed.

use serde::{Deserialize, Serialize};

use super::gate::{self, Case};
use super::{Finding, Reason};

/// What we do with a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// `also`: a second cause whose steps the same reply holds.
    Reply {
        cause: String,
        also: Option<String>,
        to: String,
    },
    Escalate {
        reason: Reason,
    },
    Ignore {
        reason: Reason,
    },
}

/// One gate and whether the mail passed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gate {
    pub name: String,
    pub passed: bool,
}

/// A decision with the gates that led to it, in order, up to the one that stopped the mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    pub decision: Decision,
    pub gates: Vec<Gate>,
}

/// What a rule says of a case: `None` lets it pass.
type Rule = fn(&Case<'_>) -> Option<Decision>;

/// Rules that need nothing but the mail itself and the patterns.
const FROM_THE_MAIL: &[(&str, Rule)] = &[
    ("is about our own answer", gate::delivery_report),
    ("was not written by a machine", gate::machine),
    ("is not our own mail", gate::own_mail),
    ("is no automatic answer to ours", gate::automatic_answer),
    ("has not the words of an automatic mail", gate::automatic_words),
    ("was not handled before", gate::duplicate),
    ("could be read", gate::unreadable),
    ("bears no sign of a machine", gate::soft_sign),
    ("does not answer a mail of ours", gate::answers_our_mail),
    ("has words of the customer's own", gate::nothing_written),
];

/// Rules that need the mailbox, the ledger or the clock.
const FROM_THE_MAILBOX: &[(&str, Rule)] = &[
    ("arrived after the first connect", gate::before_first_connect),
    ("is young enough", gate::age),
    ("took a plausible way", gate::hops),
    ("is addressed to us", gate::addressed),
    ("has one proved sender", gate::sender),
    ("comes from an address that may be answered", gate::rests),
    ("opens the conversation", gate::conversation),
];

const FROM_THE_PATTERNS: &[(&str, Rule)] = &[
    ("is about nothing that needs a person", gate::guard),
    ("is written in a language that is answered", gate::language),
    ("has one documented cause", gate::cause),
];

const CAPS: &[(&str, Rule)] = &[
    ("sending is not paused", gate::paused),
    ("sender's cap", gate::sender_cap),
    ("domain's cap", gate::domain_cap),
    ("text's cap", gate::text_cap),
    ("total cap", gate::total_cap),
];

/// What to do with a mail that lies in the mailbox.
pub fn decide(case: &Case<'_>) -> Judgement {
    walk(case, &[FROM_THE_MAIL, FROM_THE_MAILBOX, FROM_THE_PATTERNS, CAPS])
}

/// What the mail alone says, for tools that have no mailbox.
pub fn decide_alone(case: &Case<'_>) -> Judgement {
    walk(case, &[FROM_THE_MAIL, FROM_THE_PATTERNS])
}

fn walk(case: &Case<'_>, chapters: &[&[(&str, Rule)]]) -> Judgement {
    let mut gates = Vec::new();
    for (name, rule) in chapters.iter().flat_map(|chapter| chapter.iter()) {
        let stopped = rule(case);
        gates.push(Gate { name: (*name).to_owned(), passed: stopped.is_none() });
        if let Some(decision) = stopped {
            return Judgement { decision, gates };
        }
    }
    let decision = match (&case.verdict.finding, super::destination::destination(case.policy, case.mail)) {
        (Finding::Cause { cause, also }, to) => {
            // Only `decide_alone` comes here without a proved sender.
            Decision::Reply { cause: cause.clone(), also: also.clone(), to: to.unwrap_or_default() }
        }
        _ => Decision::Escalate { reason: Reason::NotUnderstood { heard: String::new() } },
    };
    Judgement { decision, gates }
}
