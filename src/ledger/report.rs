//! Reads cases for people and for tests.

use sqlx::Row;

use super::{CaseId, Ledger, LedgerError};

/// A case as a table shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseRow {
    pub id: CaseId,
    pub mail_id: String,
    pub sender: String,
    pub subject: String,
    pub action: String,
    pub cause: String,
    pub reason: String,
    pub sentence: String,
    pub state: String,
    pub filed: bool,
    pub answer: String,
}

impl Ledger {
    /// All cases after `after`, oldest first.
    pub async fn cases(&self, after: CaseId) -> Result<Vec<CaseRow>, LedgerError> {
        let rows = sqlx::query(include_str!("sql/cases.sql")).bind(after).fetch_all(&self.reader).await?;
        let mut cases = Vec::with_capacity(rows.len());
        for row in rows {
            cases.push(CaseRow {
                id: row.try_get(0)?,
                mail_id: row.try_get(1)?,
                sender: row.try_get(2)?,
                subject: row.try_get(3)?,
                action: row.try_get(4)?,
                cause: row.try_get(5)?,
                reason: row.try_get(6)?,
                sentence: row.try_get(7)?,
                state: row.try_get(8)?,
                filed: row.try_get(9)?,
                answer: row.try_get(10)?,
            });
        }
        Ok(cases)
    }
}
