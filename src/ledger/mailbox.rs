//! What is known of the watched folder: first connect, UIDVALIDITY, and which mails are new.

use sqlx::Row;

use super::{Ledger, LedgerError};
use crate::mail::{MailId, Millis};

/// The watched folder, as the ledger knows it after a connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mailbox {
    pub first_connected_at: Millis,
    /// This connect is the first one ever.
    pub is_first: bool,
    /// UIDVALIDITY is another one than at the last connect (RFC 9051 section 2.3.1.1): all UIDs are void.
    pub is_renumbered: bool,
}

impl Ledger {
    /// Notes a connect to the folder `name`. The first one is remembered only when [`Ledger::record_baseline`]
    /// has recorded what was there, so that a crash between the two answers nothing old.
    pub async fn mailbox(&self, name: &str, uid_validity: u32, now: Millis) -> Result<Mailbox, LedgerError> {
        let row = sqlx::query("SELECT uid_validity, first_connected_at FROM mailboxes WHERE name = ?1")
            .bind(name)
            .fetch_optional(&self.writer)
            .await?;
        let Some(row) = row else {
            return Ok(Mailbox { first_connected_at: now, is_first: true, is_renumbered: false });
        };
        let known: i64 = row.try_get(0)?;
        let is_renumbered = known != i64::from(uid_validity);
        if is_renumbered {
            sqlx::query("UPDATE mailboxes SET uid_validity = ?2 WHERE name = ?1")
                .bind(name)
                .bind(i64::from(uid_validity))
                .execute(&self.writer)
                .await?;
        }
        Ok(Mailbox { first_connected_at: row.try_get(1)?, is_first: false, is_renumbered })
    }

    /// Has any mailbox been connected yet?
    pub async fn is_connected(&self) -> Result<bool, LedgerError> {
        Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM mailboxes)").fetch_one(&self.reader).await?)
    }

    /// Records the mails that lay there before the first connect, and the connect itself, in one transaction.
    pub async fn record_baseline(
        &self,
        name: &str,
        uid_validity: u32,
        ids: &[MailId],
        escalate: bool,
        now: Millis,
    ) -> Result<(), LedgerError> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        insert_baseline(&mut transaction, ids, escalate, now).await?;
        sqlx::query(
            "INSERT INTO mailboxes (name, uid_validity, first_connected_at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        )
        .bind(name)
        .bind(i64::from(uid_validity))
        .bind(now)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Records mails as older than the first connect; nothing is answered.
    pub async fn record_old(&self, ids: &[MailId], escalate: bool, now: Millis) -> Result<(), LedgerError> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        insert_baseline(&mut transaction, ids, escalate, now).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Which of `ids` have no case yet, in the same order.
    pub async fn unknown(&self, ids: &[MailId]) -> Result<Vec<MailId>, LedgerError> {
        let rows = sqlx::query_scalar::<_, String>(include_str!("sql/unknown.sql"))
            .bind(json_ids(ids)?)
            .fetch_all(&self.writer)
            .await?;
        Ok(rows.iter().filter_map(|id| id.parse().ok()).collect())
    }
}

async fn insert_baseline(
    connection: &mut sqlx::SqliteConnection,
    ids: &[MailId],
    escalate: bool,
    now: Millis,
) -> Result<(), LedgerError> {
    let (state, action) = if escalate { ("escalated", "escalate") } else { ("ignored", "ignore") };
    sqlx::query(include_str!("sql/insert_baseline.sql"))
        .bind(json_ids(ids)?)
        .bind(now)
        .bind(state)
        .bind(escalate)
        .bind(action)
        .bind(crate::triage::Reason::BeforeFirstConnect.sentence())
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) fn json_ids(ids: &[MailId]) -> Result<String, serde_json::Error> {
    serde_json::to_string(&ids.iter().map(ToString::to_string).collect::<Vec<_>>())
}
