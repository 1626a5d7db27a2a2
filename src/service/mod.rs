//! The corridor: starts the rooms, leads each mail through them, stops. It judges nothing itself.

mod clock;
mod delivery;
mod intake;
mod judge;
mod watch;

use std::sync::Arc;

use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

pub use clock::now;
use delivery::{Delivery, Patience};
use intake::Desk;
use watch::{STOP_WITHIN, Watch};

use crate::config::{Config, InboxKind, OutboxKind, Sources};
use crate::inbox::{Folders, ImapSettings, InboxSettings, MaildirSettings};
use crate::ledger::{Ledger, LedgerError};
use crate::net::ConnectError;
use crate::outbox::Courier;
use crate::problem::Problem;
use crate::reply::Templates;
use crate::triage::{PatternSet, Policy};

/// Why the service could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error("the outbox cannot be set up: {0}")]
    Outbox(#[from] ConnectError),
    #[error("{} problems in patterns or templates", .0.len())]
    Problems(Vec<Problem>),
}

/// Runs until `stop`; what is in hand is finished first, for at most ten seconds.
pub async fn run(config: Config, sources: &Sources, stop: CancellationToken) -> Result<(), StartError> {
    let (patterns, templates) = load(sources).map_err(StartError::Problems)?;
    let _lock = Ledger::lock(&config.ledger)?;
    let ledger = Ledger::open(&config.ledger).await?;
    let left_over = ledger.recover_sending().await?;
    if left_over > 0 {
        warn!(cases = left_over, "the last run ended while answers were being sent; a person is asked about each");
    }
    if let Some(reason) = ledger.paused().await? {
        warn!(%reason, "automatic answers are paused; `paytriage resume` lets them go on");
    }
    let queued = Arc::new(Notify::new());
    let settled = Arc::new(Notify::new());
    let delivery = Delivery {
        ledger: ledger.clone(),
        couriers: couriers(&config.outbox.kind)?,
        patience: Patience { retry_after: config.outbox.retry_after, give_up_after: config.outbox.give_up_after },
        queued: Arc::clone(&queued),
        settled: Arc::clone(&settled),
        stop: stop.clone(),
    };
    let languages = templates.answered(&config.policy.languages);
    let watch = Watch {
        settings: inbox_settings(&config),
        name: mailbox_name(&config),
        batch: config.inbox.batch,
        desk: Arc::new(Desk {
            patterns,
            templates,
            policy: Policy { languages, ..config.policy },
            identity: config.identity,
            modes: config.modes,
            first_run: config.inbox.first_run,
            ledger: ledger.clone(),
        }),
        settled,
        queued,
        stop: stop.clone(),
    };
    let observes = watch.desk.modes.is_observing_all();
    let mut tasks = JoinSet::new();
    if observes {
        info!("mode = \"observe\": decisions are recorded, nothing is sent or filed");
    } else {
        tasks.spawn(delivery.run());
    }
    tasks.spawn(watch.run());
    stop.cancelled().await;
    info!("stopping: the work in hand is finished first");
    let finish = async { while tasks.join_next().await.is_some() {} };
    if tokio::time::timeout(STOP_WITHIN, finish).await.is_err() {
        warn!("the work in hand was not finished in time; the next start goes on with it");
        tasks.shutdown().await;
    }
    ledger.close().await;
    info!("stopped");
    Ok(())
}

/// Patterns and templates, or every problem in both.
pub fn load(sources: &Sources) -> Result<(PatternSet, Templates), Vec<Problem>> {
    match (PatternSet::load(&sources.patterns), Templates::load(&sources.templates)) {
        (Ok(patterns), Ok(templates)) => Ok((patterns, templates)),
        (patterns, templates) => {
            let mut problems = patterns.err().unwrap_or_default();
            problems.extend(templates.err().unwrap_or_default());
            Err(problems)
        }
    }
}

fn couriers(kind: &OutboxKind) -> Result<Vec<Courier>, ConnectError> {
    let count = match kind {
        OutboxKind::Smtp(settings) => settings.connections,
        OutboxKind::Maildir { .. } => 1,
    };
    (0..count).map(|_| Courier::new(kind)).collect()
}

fn inbox_settings(config: &Config) -> InboxSettings {
    let inbox = &config.inbox;
    let folders = Folders {
        answered: inbox.answered.clone(),
        needs_a_person: inbox.needs_a_person.clone(),
        ignored: inbox.ignored.clone(),
    };
    let read_only = config.modes.is_observing_all();
    let (poll_every, max_size) = (inbox.poll_every, inbox.max_size);
    match &inbox.kind {
        InboxKind::Maildir { path } => {
            InboxSettings::Maildir(MaildirSettings { path: path.clone(), poll_every, max_size, folders, read_only })
        }
        InboxKind::Imap(imap) => InboxSettings::Imap(ImapSettings {
            endpoint: imap.endpoint.clone(),
            user: imap.user.clone(),
            password: imap.password.clone(),
            folder: imap.folder.clone(),
            ca: imap.ca.clone(),
            poll_every,
            idle: imap.idle,
            max_size,
            command_timeout: imap.timeout,
            folders,
            read_only,
        }),
    }
}

/// What the ledger calls the watched folder: it must not change when a password or a port does.
fn mailbox_name(config: &Config) -> String {
    match &config.inbox.kind {
        InboxKind::Imap(imap) => format!("imap:{}@{}/{}", imap.user, imap.endpoint.host, imap.folder),
        InboxKind::Maildir { path } => format!("maildir:{}", path.display()),
    }
}
