//! Waits for something to become true, with a limit. Never waits longer than the thing takes.

use std::thread;
use std::time::{Duration, Instant};

/// Enough for anything that happens on one machine without a network.
pub const TEN_SECONDS: Duration = Duration::from_secs(10);

const BETWEEN_LOOKS: Duration = Duration::from_millis(15);

/// Looks until `holds` says yes; panics with `what` when `limit` has passed.
#[track_caller]
pub fn wait_for(what: &str, limit: Duration, mut holds: impl FnMut() -> bool) {
    wait_for_some(what, limit, || holds().then_some(()));
}

/// Looks until `look` finds something and returns it; panics with `what` when `limit` has passed.
#[track_caller]
pub fn wait_for_some<T>(what: &str, limit: Duration, mut look: impl FnMut() -> Option<T>) -> T {
    let until = Instant::now() + limit;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < until, "waited {limit:?} in vain for {what}");
        thread::sleep(BETWEEN_LOOKS);
    }
}
