//! How long to wait before the next try: 1 s, 2 s, 4 s … 5 min, with jitter. It does not wait itself.

use std::time::Duration;

const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(5 * 60);

#[derive(Clone, Debug, Default)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// The pause after one more failure: between half and the whole of the doubled time, so that many
    /// bots do not come back in the same second after an outage.
    pub fn after_failure(&mut self) -> Duration {
        self.after_failure_with(rand::random())
    }

    /// The same with the dice on the table.
    fn after_failure_with(&mut self, dice: u32) -> Duration {
        let whole = FIRST.saturating_mul(1u32.checked_shl(self.failures).unwrap_or(u32::MAX)).min(LONGEST);
        self.failures = self.failures.saturating_add(1);
        let half = whole / 2;
        half + half.mul_f64(f64::from(dice) / f64::from(u32::MAX))
    }

    /// To be called when the server has answered again.
    pub fn reset(&mut self) {
        self.failures = 0;
    }

    /// How many tries have failed in a row.
    pub fn failures(&self) -> u32 {
        self.failures
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_doubles_from_one_second_to_five_minutes_and_stays_there() {
        let mut backoff = Backoff::default();
        let pauses: Vec<u64> = (0..12).map(|_| backoff.after_failure_with(u32::MAX).as_secs()).collect();
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
        for _ in 0..100 {
            assert_eq!(backoff.after_failure_with(u32::MAX), LONGEST);
        }
    }

    #[test]
    fn jitter_takes_away_half_at_most() {
        let mut backoff = Backoff::default();
        assert_eq!(backoff.after_failure_with(0), FIRST / 2);
        let any = backoff.after_failure();
        assert!(any >= Duration::from_secs(1) && any <= Duration::from_secs(2), "{any:?}");
    }

    #[test]
    fn success_begins_anew() {
        let mut backoff = Backoff::default();
        backoff.after_failure();
        backoff.after_failure();
        assert_eq!(backoff.failures(), 2);
        backoff.reset();
        assert_eq!(backoff.after_failure_with(u32::MAX), FIRST);
    }
}
