//! Reads modes, gate and caps.

use std::collections::BTreeMap;

use super::reader::Reader;
use crate::mail::Millis;
use crate::problem::Problem;
use crate::triage::{Caps, Policy};

/// Whether decisions are carried out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Decide and record; file nothing, send nothing.
    #[default]
    Observe,
    Live,
}

/// One mode for all, and exceptions by cause.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Modes {
    pub default: Mode,
    pub by_cause: BTreeMap<String, Mode>,
}

impl Modes {
    /// The mode of a reply with `cause`; `None` asks for that of every other decision.
    pub fn of(&self, cause: Option<&str>) -> Mode {
        cause.and_then(|cause| self.by_cause.get(cause)).copied().unwrap_or(self.default)
    }

    /// True where nothing at all may be sent or filed.
    pub fn is_observing_all(&self) -> bool {
        self.default == Mode::Observe && self.by_cause.values().all(|mode| *mode == Mode::Observe)
    }
}

const MODES: &[(&str, Mode)] = &[("observe", Mode::Observe), ("live", Mode::Live)];

pub(super) fn modes(root: &mut Reader<'_>, problems: &mut Vec<Problem>) -> Modes {
    if !root.is_table("mode") {
        return Modes { default: root.choice("mode", MODES).unwrap_or_default(), by_cause: BTreeMap::new() };
    }
    let mut table = root.section("mode");
    let mut modes = Modes::default();
    for key in table.keys() {
        let Some(mode) = table.choice(&key, MODES) else { continue };
        if key == "default" {
            modes.default = mode;
        } else {
            modes.by_cause.insert(key, mode);
        }
    }
    problems.extend(table.finish());
    modes
}

pub(super) fn policy(root: &mut Reader<'_>, own_addresses: Vec<String>, problems: &mut Vec<Problem>) -> Policy {
    let usual = Policy::default();
    let mut gate = root.section("gate");
    let policy = Policy {
        own_addresses,
        max_age: gate
            .duration("max_age")
            .map_or(usual.max_age, |age| Millis::try_from(age.as_millis()).unwrap_or(usual.max_age)),
        max_hops: gate.integer("max_hops", 1..1_000).map_or(usual.max_hops, |hops| hops as usize),
        authserv_id: gate.string("authserv_id"),
        answer_unauthenticated: gate
            .choice("unauthenticated", &[("escalate", false), ("reply", true)])
            .unwrap_or(usual.answer_unauthenticated),
        languages: root.strings("languages").unwrap_or_default(),
        caps: caps(root, problems),
    };
    problems.extend(gate.finish());
    policy
}

fn caps(root: &mut Reader<'_>, problems: &mut Vec<Problem>) -> Caps {
    let usual = Caps::default();
    let mut section = root.section("caps");
    let mut cap = |key, usual| section.integer(key, 0..1_000_001).map_or(usual, |cap| cap as u32);
    let mut caps = Caps {
        sender_per_cause: cap("sender_per_cause", usual.sender_per_cause),
        sender: cap("sender", usual.sender),
        domain: cap("domain", usual.domain),
        text: cap("text", usual.text),
        total: cap("total", usual.total),
        free_providers: usual.free_providers,
    };
    caps.free_providers.extend(section.strings("free_providers").unwrap_or_default());
    problems.extend(section.finish());
    caps
}
