//! Remembers every case and every unsent reply: SQLite, one writer, one transaction per batch of mails.
//! It decides nothing and sends nothing.

mod delivery;
mod filing;
mod intake;
mod mailbox;
mod pause;
mod report;

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

pub use delivery::{Due, Outcome};
pub use filing::{Place, Unfiled};
pub use intake::{Batch, CaseId, Facts, Known, NewCase};
pub use mailbox::Mailbox;
pub use report::CaseRow;

/// Why the ledger could not do it. Mail is left untouched then, and the work is tried again.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    #[error("the ledger {path} cannot be opened: {source}")]
    Open { path: PathBuf, source: sqlx::Error },
    #[error("the ledger {path} was written by a newer version, or is damaged: {source}")]
    Migrate { path: PathBuf, source: sqlx::migrate::MigrateError },
    #[error("another paytriage is running on the ledger {path}; stop it first")]
    InUse { path: PathBuf },
    #[error("the ledger's lock {path} cannot be taken: {source}")]
    Lock { path: PathBuf, source: std::io::Error },
    #[error("the ledger failed: {0}")]
    Sql(#[from] sqlx::Error),
    #[error("the ledger cannot write JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// All cases, and what waits to be sent.
#[derive(Clone, Debug)]
pub struct Ledger {
    /// One connection: SQLite has one writer, and a queue before it is better than SQLITE_BUSY.
    writer: SqlitePool,
    reader: SqlitePool,
}

impl Ledger {
    /// Opens or creates the file and brings it to this version's tables.
    pub async fn open(path: &Path) -> Result<Self, LedgerError> {
        let failed = |source| LedgerError::Open { path: path.to_owned(), source };
        let options = SqliteConnectOptions::from_str("sqlite://")
            .map_err(failed)?
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // FULL: a commit that was answered survives a power cut; a reply is never sent on a promise.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10));
        let pool = |size| SqlitePoolOptions::new().max_connections(size).acquire_timeout(Duration::from_secs(30));
        let writer = pool(1).connect_with(options.clone()).await.map_err(failed)?;
        sqlx::migrate!("src/ledger/migrations")
            .run(&writer)
            .await
            .map_err(|source| LedgerError::Migrate { path: path.to_owned(), source })?;
        let reader = pool(4).connect_with(options.read_only(true)).await.map_err(failed)?;
        Ok(Self { writer, reader })
    }

    /// Makes sure that one service alone works on the file: two would take each other's replies for left over.
    /// The lock lasts as long as the returned file.
    pub fn lock(path: &Path) -> Result<File, LedgerError> {
        let path = path.with_extension("lock");
        let failed = |source| LedgerError::Lock { path: path.clone(), source };
        let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(LedgerError::InUse { path }),
            Err(TryLockError::Error(source)) => Err(failed(source)),
        }
    }

    /// Waits for running statements and closes the file.
    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }
}

#[cfg(test)]
mod tests;
