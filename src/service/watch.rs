//! Keeps one connection to the mailbox and leads what comes in to the desk: connect, take stock, take in, file,
//! wait, and again. It judges nothing.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::clock::now;
use super::intake::Desk;
use crate::config::FirstRun;
use crate::inbox::{Backoff, Folder, Inbox, InboxError, InboxSettings, Woken};
use crate::ledger::{LedgerError, Mailbox, Place};
use crate::mail::{MailId, Millis};

/// All mails on the server are held against the ledger this often, not only those that came last.
const TAKE_STOCK_EVERY: Millis = 3_600_000;
/// A connection that held so long was a good one.
const STEADY: Millis = 60_000;
/// Mails filed by one command.
const FILE_AT_ONCE: usize = 500;

/// The watcher of one mailbox.
#[derive(Debug)]
pub struct Watch {
    pub desk: Arc<Desk>,
    pub settings: InboxSettings,
    /// Name of the mailbox in the ledger.
    pub name: String,
    pub batch: usize,
    /// Rung when a reply has come to its end, so that its mail is filed.
    pub settled: Arc<Notify>,
    /// Rung when a batch with replies was committed.
    pub queued: Arc<Notify>,
    pub stop: CancellationToken,
}

#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error(transparent)]
    Inbox(#[from] InboxError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl Watch {
    /// Until stopped. A fault ends the connection and never the watch.
    pub async fn run(self) {
        let mut backoff = Backoff::default();
        while !self.stop.is_cancelled() {
            let fault = match self.connect().await {
                Ok(None) => return,
                Ok(Some(mut inbox)) => {
                    let connected_at = now();
                    let result = self.session(&mut inbox).await;
                    inbox.close().await;
                    // A server that drops us right after each log-in must not see a storm of them.
                    if now() - connected_at > STEADY {
                        backoff.reset();
                    }
                    result.err()
                }
                Err(error) => Some(Fault::Inbox(error)),
            };
            let Some(fault) = fault else { return };
            let pause = backoff.after_failure();
            warn!(error = %fault, seconds = pause.as_secs_f32(), "the mailbox is not reachable; trying again");
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = self.stop.cancelled() => {}
            }
        }
    }

    async fn connect(&self) -> Result<Option<Inbox>, InboxError> {
        tokio::select! {
            inbox = Inbox::connect(&self.settings) => inbox.map(Some),
            () = self.stop.cancelled() => Ok(None),
        }
    }

    /// `Ok` when stopped.
    async fn session(&self, inbox: &mut Inbox) -> Result<(), Fault> {
        let uid_validity = inbox.uid_validity().unwrap_or(0);
        let mailbox = self.desk.ledger.mailbox(&self.name, uid_validity, now()).await?;
        if mailbox.is_first {
            self.record_baseline(inbox, uid_validity, mailbox).await?;
        }
        info!(uid_validity, renumbered = mailbox.is_renumbered, "watching the mailbox");
        let mut newest: Option<MailId> = None;
        let mut stock_taken_at: Millis = 0;
        loop {
            if now() - stock_taken_at > TAKE_STOCK_EVERY {
                newest = None;
                stock_taken_at = now();
            }
            let listed = inbox.list(newest.as_ref()).await?;
            let unknown = self.desk.ledger.unknown(&listed).await?;
            for chunk in unknown.chunks(self.batch) {
                if self.stop.is_cancelled() {
                    return Ok(());
                }
                let mut rest = chunk;
                while !rest.is_empty() {
                    let dealt_with = self.take_in(inbox, rest, mailbox).await?;
                    rest = rest.get(dealt_with.max(1)..).unwrap_or_default();
                    self.file(inbox).await?;
                }
            }
            newest = listed.into_iter().next_back().or(newest);
            self.file(inbox).await?;
            if inbox.wait(&self.settled, &self.stop).await? == Woken::Stopped {
                // What was sent while we waited is filed before we leave.
                return self.file(inbox).await;
            }
        }
    }

    async fn record_baseline(&self, inbox: &mut Inbox, uid_validity: u32, mailbox: Mailbox) -> Result<(), Fault> {
        let there = inbox.list(None).await?;
        let escalate = self.desk.first_run == FirstRun::Escalate && !self.desk.modes.is_observing_all();
        let at = mailbox.first_connected_at;
        self.desk.ledger.record_baseline(&self.name, uid_validity, &there, escalate, at).await?;
        info!(mails = there.len(), escalate, "first connect: what was there is recorded and gets no answer");
        Ok(())
    }

    /// One fetch, one transaction. How many of `ids` were dealt with.
    async fn take_in(&self, inbox: &mut Inbox, ids: &[MailId], mailbox: Mailbox) -> Result<usize, Fault> {
        let (mut mails, dealt_with) = inbox.fetch(ids).await?;
        if mailbox.is_renumbered && self.desk.first_run == FirstRun::LeaveAlone {
            let old: Vec<MailId> = mails
                .iter()
                .filter(|mail| mail.arrived_at < mailbox.first_connected_at)
                .map(|mail| mail.id.clone())
                .collect();
            if !old.is_empty() {
                mails.retain(|mail| mail.arrived_at >= mailbox.first_connected_at);
                self.desk.ledger.record_old(&old, false, now()).await?;
            }
        }
        self.desk.handle(mails, mailbox, now()).await?;
        self.queued.notify_one();
        Ok(dealt_with)
    }

    /// Files what has come to its end. May be repeated at will.
    async fn file(&self, inbox: &mut Inbox) -> Result<(), Fault> {
        if self.desk.modes.is_observing_all() {
            return Ok(());
        }
        loop {
            let unfiled = self.desk.ledger.unfiled(FILE_AT_ONCE).await?;
            for (place, folder) in [
                (Place::Answered, Folder::Answered),
                (Place::NeedsAPerson, Folder::NeedsAPerson),
                (Place::Ignored, Folder::Ignored),
            ] {
                let here: Vec<_> = unfiled.iter().filter(|one| one.place == place).collect();
                if here.is_empty() {
                    continue;
                }
                let ids: Vec<MailId> = here.iter().map(|one| one.id.clone()).collect();
                inbox.file(&ids, folder).await?;
                let cases: Vec<_> = here.iter().map(|one| one.case).collect();
                self.desk.ledger.mark_filed(&cases).await?;
            }
            if unfiled.len() < FILE_AT_ONCE {
                return Ok(());
            }
        }
    }
}

/// Long enough for a batch and a reply in hand, short enough for an impatient supervisor.
pub const STOP_WITHIN: Duration = Duration::from_secs(9);
