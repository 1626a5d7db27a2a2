//! The one place that asks what time it is.
#![expect(clippy::disallowed_methods, reason = "the service gives the time to the rooms that may not ask")]

use std::time::{SystemTime, UNIX_EPOCH};

use crate::mail::Millis;

/// Now, in milliseconds since 1970, UTC.
pub fn now() -> Millis {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as Millis)
}
