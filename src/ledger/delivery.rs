//! The way of a reply: queued, sending, then sent, queued again, or a person's.

use sqlx::{Row, SqliteConnection};

use super::{CaseId, Ledger, LedgerError};
use crate::mail::Millis;
use crate::reply::Outgoing;
use crate::triage::Reason;

/// A reply that is being sent now.
#[derive(Clone, Debug)]
pub struct Due {
    pub case: CaseId,
    pub outgoing: Outgoing,
    pub queued_at: Millis,
    /// Tries before this one.
    pub attempts: u32,
}

/// What became of one try.
#[derive(Clone, Debug)]
pub enum Outcome {
    Sent {
        answer: String,
    },
    /// It cannot have been delivered, and another try may help.
    Again {
        at: Millis,
        answer: String,
    },
    /// No further try: a person is asked.
    Escalated {
        reason: Reason,
        answer: String,
    },
}

impl Ledger {
    /// Replies left in `sending` by a crash: whether they were delivered is not known, so a person is asked.
    /// Call it once, before the first [`Ledger::claim_due`].
    pub async fn recover_sending(&self) -> Result<u64, LedgerError> {
        let reason = Reason::DeliveryUnknown;
        let done =
            sqlx::query("UPDATE cases SET state = 'escalated', reason = ?1, sentence = ?2 WHERE state = 'sending'")
                .bind(reason.id())
                .bind(reason.sentence())
                .execute(&self.writer)
                .await?;
        Ok(done.rows_affected())
    }

    /// Takes at most `limit` replies that are due and marks them `sending`, oldest first.
    pub async fn claim_due(&self, now: Millis, limit: usize) -> Result<Vec<Due>, LedgerError> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let mut cases: Vec<CaseId> = sqlx::query_scalar(include_str!("sql/claim_due.sql"))
            .bind(now)
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .fetch_all(&mut *transaction)
            .await?;
        cases.sort_unstable();
        let mut due = Vec::with_capacity(cases.len());
        for case in cases {
            due.push(load(&mut transaction, case).await?);
        }
        transaction.commit().await?;
        Ok(due)
    }

    /// Marks the results of tries, all in one transaction.
    pub async fn settle(&self, results: &[(CaseId, Outcome)], now: Millis) -> Result<(), LedgerError> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        for (case, outcome) in results {
            settle_one(&mut transaction, *case, outcome, now).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// When the next queued reply is due.
    pub async fn next_due_at(&self) -> Result<Option<Millis>, LedgerError> {
        Ok(sqlx::query_scalar(include_str!("sql/next_due.sql")).fetch_one(&self.writer).await?)
    }
}

async fn settle_one(
    connection: &mut SqliteConnection,
    case: CaseId,
    outcome: &Outcome,
    now: Millis,
) -> Result<(), LedgerError> {
    let (answer, sent_at, next_try_at) = match outcome {
        Outcome::Sent { answer } => (answer, now, now),
        Outcome::Again { at, answer } => (answer, 0, *at),
        Outcome::Escalated { answer, .. } => (answer, 0, now),
    };
    sqlx::query(
        "UPDATE replies SET attempts = attempts + 1, last_answer = ?2, sent_at = ?3, next_try_at = ?4 WHERE case_id = ?1",
    )
    .bind(case)
    .bind(answer)
    .bind(sent_at)
    .bind(next_try_at)
    .execute(&mut *connection)
    .await?;
    match outcome {
        Outcome::Sent { .. } => {
            sqlx::query("UPDATE cases SET state = 'sent' WHERE id = ?1 AND state = 'sending'").bind(case)
        }
        Outcome::Again { .. } => {
            sqlx::query("UPDATE cases SET state = 'queued' WHERE id = ?1 AND state = 'sending'").bind(case)
        }
        Outcome::Escalated { reason, .. } => {
            sqlx::query(include_str!("sql/escalate.sql")).bind(case).bind(reason.id()).bind(reason.sentence())
        }
    }
    .execute(connection)
    .await?;
    Ok(())
}

async fn load(connection: &mut SqliteConnection, case: CaseId) -> Result<Due, LedgerError> {
    let row = sqlx::query(include_str!("sql/load_reply.sql")).bind(case).fetch_one(connection).await?;
    let outgoing = Outgoing {
        to: row.try_get(0)?,
        envelope_sender: row.try_get(1)?,
        message_id: row.try_get(2)?,
        bytes: row.try_get(3)?,
        template_version: String::new(),
    };
    Ok(Due { case, outgoing, queued_at: row.try_get(4)?, attempts: row.try_get(5)? })
}
