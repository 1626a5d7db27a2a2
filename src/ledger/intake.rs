//! Takes in a batch of mails: what is remembered of each, then its case and reply, in one transaction.

use sqlx::{Row, Sqlite, SqliteConnection, Transaction};

use super::{Ledger, LedgerError};
use crate::mail::{Mail, MailId, Millis};
use crate::reply::Outgoing;
use crate::triage::{Gate, History, Verdict};

pub type CaseId = i64;

const HOUR: Millis = 3_600_000;

/// What identifies a mail beside its place.
#[derive(Clone, Debug)]
pub struct Facts {
    pub content_hash: Vec<u8>,
    pub text_hash: Vec<u8>,
    /// Folded subject without reply prefixes.
    pub subject_key: String,
}

/// A judged mail, ready to be recorded.
#[derive(Debug)]
pub struct NewCase<'a> {
    pub id: &'a MailId,
    pub mail: &'a Mail,
    pub facts: &'a Facts,
    pub arrived_at: Millis,
    pub decided_at: Millis,
    /// From [`Batch::history`].
    pub conversation: CaseId,
    pub duplicate_of: CaseId,
    pub action: &'static str,
    pub cause: &'a str,
    pub reason: &'a str,
    pub sentence: &'a str,
    pub state: &'static str,
    pub to_file: bool,
    pub verdict: &'a Verdict,
    pub gates: &'a [Gate],
    pub pattern_set: &'a str,
}

/// One transaction over a batch of mails; nothing of it is there until [`Batch::commit`].
#[derive(Debug)]
pub struct Batch {
    transaction: Transaction<'static, Sqlite>,
}

/// A mail's history, and the rows it hangs on.
#[derive(Clone, Debug, Default)]
pub struct Known {
    pub history: History,
    /// 0: the mail opens a conversation.
    pub conversation: CaseId,
    pub duplicate_of: CaseId,
}

impl Ledger {
    pub async fn begin(&self) -> Result<Batch, LedgerError> {
        Ok(Batch { transaction: self.writer.begin_with("BEGIN IMMEDIATE").await? })
    }
}

impl Batch {
    /// The same bytes lay here under an older UIDVALIDITY: their case follows them. True if there was one.
    pub async fn relink(&mut self, facts: &Facts, id: &MailId) -> Result<bool, LedgerError> {
        let MailId::Imap { uid_validity, .. } = id else { return Ok(false) };
        let done = sqlx::query(include_str!("sql/relink.sql"))
            .bind(&facts.content_hash)
            .bind(id.to_string())
            .bind(format!("imap:{uid_validity}:"))
            .execute(&mut *self.transaction)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// What is remembered of the mail's thread and sender. `observed`: count replies that were never sent, too.
    pub async fn history(
        &mut self,
        id: &MailId,
        mail: &Mail,
        facts: &Facts,
        first_connected_at: Millis,
        observed: bool,
        now: Millis,
    ) -> Result<Known, LedgerError> {
        let connection = &mut *self.transaction;
        let sender = mail.from.first().map_or("", |from| from.email.as_str());
        let mut history = History { first_connected_at: Some(first_connected_at), ..History::default() };
        let (conversation, names_ours) = conversation(connection, mail, facts, sender, now).await?;
        history.answers_our_reply = names_ours;
        if conversation != 0 {
            let row = sqlx::query(include_str!("sql/conversation_state.sql"))
                .bind(conversation)
                .bind(observed)
                .fetch_one(&mut *connection)
                .await?;
            history.conversation_answered = row.try_get(0)?;
            history.conversation_with_person = row.try_get(1)?;
        }
        let duplicate_of: Option<CaseId> = sqlx::query_scalar(include_str!("sql/duplicate.sql"))
            .bind(&facts.content_hash)
            .bind(mail.message_id.as_deref().unwrap_or(""))
            .bind(sender)
            .bind(&facts.text_hash)
            .bind(id.to_string())
            .fetch_optional(&mut *connection)
            .await?;
        history.is_duplicate = duplicate_of.is_some();
        history.is_our_reply = is_our_id(connection, mail.message_id.as_deref()).await?;
        let reported = mail.delivery_report.as_ref().and_then(|report| report.message_id.as_deref());
        history.reports_our_reply = is_our_id(connection, reported).await?;
        history.address_rests = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM resting_addresses WHERE address = ?1 AND (until = 0 OR until > ?2))",
        )
        .bind(sender)
        .bind(now)
        .fetch_one(&mut *connection)
        .await?;
        history.paused = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM pauses)").fetch_one(&mut *connection).await?;
        let row = sqlx::query(include_str!("sql/replied.sql"))
            .bind(sender)
            .bind(domain(sender))
            .bind(&facts.text_hash)
            .bind(now - 24 * HOUR)
            .bind(now - HOUR)
            .bind(observed)
            .fetch_one(&mut *connection)
            .await?;
        history.sender_replies = serde_json::from_str(row.try_get::<&str, _>(0)?)?;
        history.domain_replies = row.try_get(1)?;
        history.text_replies = row.try_get(2)?;
        history.total_replies = row.try_get(3)?;
        Ok(Known { history, conversation, duplicate_of: duplicate_of.unwrap_or(0) })
    }

    /// Records a case and its reply. `None`: the mail has a case already.
    pub async fn record(
        &mut self,
        case: &NewCase<'_>,
        reply: Option<&Outgoing>,
    ) -> Result<Option<CaseId>, LedgerError> {
        let connection = &mut *self.transaction;
        let sender = case.mail.from.first().map_or("", |from| from.email.as_str());
        let done = sqlx::query(include_str!("sql/insert_case.sql"))
            .bind(case.id.to_string())
            .bind(&case.facts.content_hash)
            .bind(case.arrived_at)
            .bind(case.decided_at)
            .bind(sender)
            .bind(domain(sender))
            .bind(&case.mail.subject)
            .bind(&case.facts.subject_key)
            .bind(case.mail.text.body())
            .bind(case.mail.language.as_deref().unwrap_or(""))
            .bind(case.mail.message_id.as_deref().unwrap_or(""))
            .bind(&case.facts.text_hash)
            .bind(case.conversation)
            .bind(case.action)
            .bind(case.cause)
            .bind(case.reason)
            .bind(case.sentence)
            .bind(case.state)
            .bind(case.to_file)
            .bind(case.duplicate_of)
            .bind(serde_json::to_string(case.verdict)?)
            .bind(serde_json::to_string(case.gates)?)
            .bind(case.pattern_set)
            .bind(reply.map_or("", |reply| reply.template_version.as_str()))
            .execute(&mut *connection)
            .await?;
        if done.rows_affected() == 0 {
            return Ok(None);
        }
        let id = done.last_insert_rowid();
        if case.conversation == 0 {
            sqlx::query("UPDATE cases SET conversation = id WHERE id = ?1").bind(id).execute(&mut *connection).await?;
        }
        if let Some(message_id) = &case.mail.message_id {
            remember_id(connection, message_id, id, false).await?;
        }
        if let Some(reply) = reply {
            sqlx::query(include_str!("sql/insert_reply.sql"))
                .bind(id)
                .bind(&reply.message_id)
                .bind(&reply.to)
                .bind(&reply.envelope_sender)
                .bind(&reply.bytes)
                .bind(case.decided_at)
                .execute(&mut *connection)
                .await?;
            remember_id(connection, &reply.message_id, id, true).await?;
        }
        Ok(Some(id))
    }

    /// A delivery report came about our reply `message_id`: its case goes to a person, the address rests.
    pub async fn bounced(
        &mut self,
        message_id: &str,
        reason: &str,
        sentence: &str,
        until: Millis,
    ) -> Result<(), LedgerError> {
        let connection = &mut *self.transaction;
        let row = sqlx::query("SELECT case_id, recipient FROM replies WHERE message_id = ?1")
            .bind(message_id)
            .fetch_optional(&mut *connection)
            .await?;
        let Some(row) = row else { return Ok(()) };
        let recipient: String = row.try_get(1)?;
        sqlx::query(include_str!("sql/escalate.sql"))
            .bind(row.try_get::<CaseId, _>(0)?)
            .bind(reason)
            .bind(sentence)
            .execute(&mut *connection)
            .await?;
        sqlx::query(include_str!("sql/rest.sql"))
            .bind(recipient.to_ascii_lowercase())
            .bind(until)
            .bind(reason)
            .execute(&mut *connection)
            .await?;
        Ok(())
    }

    /// Stops all automatic answers until a person resumes them.
    pub async fn pause(&mut self, reason: &str, now: Millis) -> Result<(), LedgerError> {
        super::pause::insert(&mut self.transaction, reason, now).await
    }

    pub async fn commit(self) -> Result<(), LedgerError> {
        Ok(self.transaction.commit().await?)
    }
}

async fn conversation(
    connection: &mut SqliteConnection,
    mail: &Mail,
    facts: &Facts,
    sender: &str,
    now: Millis,
) -> Result<(CaseId, bool), LedgerError> {
    let ids: Vec<&String> = mail.in_reply_to.iter().chain(&mail.references).collect();
    if !ids.is_empty() {
        let row = sqlx::query(include_str!("sql/conversation.sql"))
            .bind(serde_json::to_string(&ids)?)
            .fetch_one(&mut *connection)
            .await?;
        if let Some(conversation) = row.try_get::<Option<CaseId>, _>(0)? {
            return Ok((conversation, row.try_get::<Option<bool>, _>(1)?.unwrap_or(false)));
        }
    }
    let is_answer = mail.text.subject().len() < mail.subject.trim().len();
    if !is_answer || facts.subject_key.is_empty() {
        return Ok((0, false));
    }
    let found: Option<CaseId> = sqlx::query_scalar(include_str!("sql/conversation_by_subject.sql"))
        .bind(sender)
        .bind(&facts.subject_key)
        .bind(now - 14 * 24 * HOUR)
        .fetch_optional(connection)
        .await?;
    Ok((found.unwrap_or(0), false))
}

async fn is_our_id(connection: &mut SqliteConnection, id: Option<&str>) -> Result<bool, LedgerError> {
    let Some(id) = id else { return Ok(false) };
    Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM message_ids WHERE message_id = ?1 AND is_ours = 1)")
        .bind(id)
        .fetch_one(connection)
        .await?)
}

async fn remember_id(
    connection: &mut SqliteConnection,
    message_id: &str,
    case: CaseId,
    is_ours: bool,
) -> Result<(), LedgerError> {
    sqlx::query("INSERT INTO message_ids (message_id, case_id, is_ours) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")
        .bind(message_id)
        .bind(case)
        .bind(is_ours)
        .execute(connection)
        .await?;
    Ok(())
}

fn domain(address: &str) -> &str {
    address.rsplit_once('@').map_or("", |(_, domain)| domain)
}
