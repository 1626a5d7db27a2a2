//! Whether all automatic answers are paused.

use sqlx::SqliteConnection;

use super::{Ledger, LedgerError};
use crate::mail::Millis;

impl Ledger {
    /// Why answers are paused, if they are.
    pub async fn paused(&self) -> Result<Option<String>, LedgerError> {
        Ok(sqlx::query_scalar("SELECT reason FROM pauses").fetch_optional(&self.reader).await?)
    }

    /// Lets answers go out again. True if they were paused.
    pub async fn resume(&self) -> Result<bool, LedgerError> {
        Ok(sqlx::query("DELETE FROM pauses").execute(&self.writer).await?.rows_affected() > 0)
    }
}

pub(super) async fn insert(connection: &mut SqliteConnection, reason: &str, now: Millis) -> Result<(), LedgerError> {
    sqlx::query("INSERT INTO pauses (id, paused_at, reason) VALUES (1, ?1, ?2) ON CONFLICT DO NOTHING")
        .bind(now)
        .bind(reason)
        .execute(connection)
        .await?;
    Ok(())
}
