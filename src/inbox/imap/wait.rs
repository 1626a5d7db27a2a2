//! Waits for something to do: IDLE (RFC 2177) where the server has it, and the clock in any case.
//! IDLE is only a hint; what is new is for `list` to say.

use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use super::ImapInbox;
use super::wire::Heard;
use crate::inbox::{InboxError, Woken};

/// Many routers forget a silent connection after ten minutes.
const LONGEST_IDLE: Duration = Duration::from_secs(9 * 60);
/// A server that does not answer DONE by then is gone.
const LONGEST_DONE: Duration = Duration::from_secs(10);

impl ImapInbox {
    /// Comes back at once where the server spoke of news since the last `list`. If the future is dropped before
    /// its end, the connection is of no more use: the next call says `Lost`.
    pub async fn wait(&mut self, wake: &Notify, stop: &CancellationToken) -> Result<Woken, InboxError> {
        self.wire.usable()?;
        let tick = Instant::now() + self.poll_every;
        while !self.wire.news && self.idle && !stop.is_cancelled() && Instant::now() < tick {
            let end = tick.min(Instant::now() + LONGEST_IDLE);
            if let Some(woken) = self.idle_until(end, wake, stop).await? {
                return Ok(woken);
            }
        }
        if self.wire.news && !stop.is_cancelled() {
            return Ok(Woken::NewMail);
        }
        tokio::select! {
            biased;
            () = stop.cancelled() => Ok(Woken::Stopped),
            () = wake.notified() => Ok(Woken::Asked),
            () = sleep_until(tick) => Ok(Woken::Tick),
        }
    }

    /// One IDLE. `None`: time is over, or the server wants no more of it, then `self.idle` is false.
    async fn idle_until(
        &mut self,
        end: Instant,
        wake: &Notify,
        stop: &CancellationToken,
    ) -> Result<Option<Woken>, InboxError> {
        let limit = self.wire.limit;
        let late = InboxError::Timeout { command: "IDLE", limit };
        let Some(tag) = timeout(limit, self.begin_idle()).await.map_err(|_| late)?? else { return Ok(None) };
        let woken = loop {
            // News that came before the `+` is news too.
            if self.wire.news {
                break Some(Woken::NewMail);
            }
            tokio::select! {
                biased;
                () = stop.cancelled() => break Some(Woken::Stopped),
                () = wake.notified() => break Some(Woken::Asked),
                heard = self.wire.skip(&tag) => match heard? {
                    Heard::Untagged | Heard::Continue => {}
                    // The server ends it by itself: with a new IDLE at once we would go in circles.
                    Heard::Ok | Heard::No(_) | Heard::Bad(_) => return Ok(self.without_idle()),
                },
                () = sleep_until(end) => break None,
            }
        };
        let limit = limit.min(LONGEST_DONE);
        let late = InboxError::Timeout { command: "DONE", limit };
        timeout(limit, self.end_idle(&tag)).await.map_err(|_| late)??;
        Ok(woken)
    }

    /// The tag once the server says `+`; `None` where it refuses.
    async fn begin_idle(&mut self) -> Result<Option<String>, InboxError> {
        let tag = self.wire.begin("IDLE", "").await?;
        loop {
            match self.wire.skip(&tag).await? {
                Heard::Continue => return Ok(Some(tag)),
                Heard::Untagged => {}
                Heard::Ok | Heard::No(_) | Heard::Bad(_) => {
                    self.without_idle();
                    return Ok(None);
                }
            }
        }
    }

    async fn end_idle(&mut self, tag: &str) -> Result<(), InboxError> {
        self.wire.send("DONE").await?;
        while let Heard::Untagged | Heard::Continue = self.wire.skip(tag).await? {}
        Ok(())
    }

    fn without_idle(&mut self) -> Option<Woken> {
        self.idle = false;
        tracing::warn!("the server offers IDLE and then refuses it: new mail is looked for by polling alone");
        None
    }
}
