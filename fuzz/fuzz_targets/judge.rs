//! Any bytes as a mail, from parse to decision: `RUSTC_BOOTSTRAP=1 cargo fuzz run judge`.
//! It must not panic, and evidence must lie inside the text that is shown.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use paytriage::config::read_sources;
use paytriage::mail::Mail;
use paytriage::triage::{Case, History, PatternSet, Policy, decide_alone};

static SET: LazyLock<PatternSet> = LazyLock::new(|| {
    let sources = read_sources(None, None).expect("the built-in files");
    PatternSet::load(&sources.patterns).expect("the built-in patterns")
});

fuzz_target!(|bytes: &[u8]| {
    let mut mail = Mail::parse(bytes);
    let verdict = SET.judge(&mut mail);
    for hit in &verdict.evidence {
        assert!(mail.text.shown.get(hit.span.clone()).is_some());
    }
    let (policy, history) = (Policy::default(), History::default());
    let case =
        Case { policy: &policy, mail: &mail, verdict: &verdict, history: &history, whole: true, arrived_at: 0, now: 0 };
    decide_alone(&case);
});
