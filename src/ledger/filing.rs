//! Which mails still lie in the watched folder although they have come to their end.

use sqlx::Row;

use super::{CaseId, Ledger, LedgerError};
use crate::mail::MailId;

/// Where a mail belongs when it has come to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Answered,
    NeedsAPerson,
    Ignored,
}

#[derive(Clone, Debug)]
pub struct Unfiled {
    pub case: CaseId,
    pub id: MailId,
    pub place: Place,
}

impl Ledger {
    /// The oldest `limit` mails that wait to be filed.
    pub async fn unfiled(&self, limit: usize) -> Result<Vec<Unfiled>, LedgerError> {
        let rows = sqlx::query(include_str!("sql/unfiled.sql"))
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .fetch_all(&self.writer)
            .await?;
        let mut unfiled = Vec::with_capacity(rows.len());
        for row in rows {
            let Ok(id) = row.try_get::<&str, _>(1)?.parse() else { continue };
            let place = match row.try_get::<&str, _>(2)? {
                "sent" => Place::Answered,
                "ignored" => Place::Ignored,
                _ => Place::NeedsAPerson,
            };
            unfiled.push(Unfiled { case: row.try_get(0)?, id, place });
        }
        Ok(unfiled)
    }

    pub async fn mark_filed(&self, cases: &[CaseId]) -> Result<(), LedgerError> {
        sqlx::query("UPDATE cases SET to_file = 0 WHERE id IN (SELECT value FROM json_each(?1))")
            .bind(serde_json::to_string(cases)?)
            .execute(&self.writer)
            .await?;
        Ok(())
    }
}
