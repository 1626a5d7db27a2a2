//! The walk of a batch of mails through the rooms: read, judge, decide, write, commit.
//! It neither fetches nor files, and sends nothing: a committed reply is the delivery's.

use std::sync::Arc;

use tracing::{error, info, warn};

use super::judge::{Judged, judge};
use crate::config::{FirstRun, Mode, Modes};
use crate::ledger::{Batch, Known, Ledger, LedgerError, Mailbox, NewCase};
use crate::mail::{Millis, RawMail};
use crate::reply::{Identity, Outgoing, Templates, Thread, compose, template_of};
use crate::triage::{Case, Decision, Judgement, PatternSet, Policy, Reason, decide};

/// An address that could not be reached is left alone for 60 days.
const REST_AFTER_BOUNCE: Millis = 60 * 24 * 3_600_000;

/// All that a mail needs on its way.
#[derive(Debug)]
pub struct Desk {
    pub patterns: PatternSet,
    pub templates: Templates,
    pub policy: Policy,
    pub identity: Identity,
    pub modes: Modes,
    pub first_run: FirstRun,
    pub ledger: Ledger,
}

impl Desk {
    /// Leads a batch through the rooms in order, in one transaction. After it nothing can be lost.
    pub async fn handle(
        self: &Arc<Self>,
        mails: Vec<RawMail>,
        mailbox: Mailbox,
        now: Millis,
    ) -> Result<(), LedgerError> {
        let desk = Arc::clone(self);
        let judged = tokio::task::spawn_blocking(move || {
            mails.into_iter().map(|raw| judge(&desk.patterns, raw)).collect::<Vec<_>>()
        });
        let judged = judged.await.unwrap_or_default();
        let mut batch = self.ledger.begin().await?;
        for one in &judged {
            self.handle_one(&mut batch, one, mailbox, now).await?;
        }
        batch.commit().await
    }

    async fn handle_one(
        &self,
        batch: &mut Batch,
        one: &Judged,
        mailbox: Mailbox,
        now: Millis,
    ) -> Result<(), LedgerError> {
        if batch.relink(&one.facts, &one.raw.id).await? {
            return Ok(());
        }
        let observes = self.modes.is_observing_all();
        let first = mailbox.first_connected_at;
        let known = batch.history(&one.raw.id, &one.mail, &one.facts, first, observes, now).await?;
        let case = Case {
            policy: &self.policy,
            mail: &one.mail,
            verdict: &one.verdict,
            history: &known.history,
            whole: one.raw.whole,
            arrived_at: one.raw.arrived_at,
            now,
        };
        let judgement = decide(&case);
        let (judgement, reply) = self.write(one, judgement, now);
        self.note_consequences(batch, one, &judgement.decision, now).await?;
        self.record(batch, one, &known, &judgement, reply.as_ref(), now).await
    }

    /// A reply that cannot be written becomes an escalation.
    fn write(&self, one: &Judged, judgement: Judgement, now: Millis) -> (Judgement, Option<Outgoing>) {
        let Decision::Reply { cause, also, to } = &judgement.decision else { return (judgement, None) };
        let template = template_of(cause, also.as_deref());
        let language = one.verdict.language.as_deref().or(one.mail.language.as_deref()).unwrap_or("en");
        let thread = Thread {
            subject: &one.mail.subject,
            message_id: one.mail.message_id.as_deref(),
            references: &one.mail.references,
            display_name: one.mail.from.first().map_or("", |from| from.name.as_str()),
        };
        let token = format!("{:032x}", rand::random::<u128>());
        match compose(&self.templates, &self.identity, thread, &template, language, to, &token, now) {
            Ok(outgoing) => (judgement, Some(outgoing)),
            Err(error) => {
                let decision = Decision::Escalate { reason: Reason::ReplyNotWritten { detail: error.to_string() } };
                (Judgement { decision, gates: judgement.gates }, None)
            }
        }
    }

    async fn note_consequences(
        &self,
        batch: &mut Batch,
        one: &Judged,
        decision: &Decision,
        now: Millis,
    ) -> Result<(), LedgerError> {
        let Decision::Escalate { reason } = decision else { return Ok(()) };
        match reason {
            Reason::DeliveryFailed => {
                let reported = one.mail.delivery_report.as_ref().and_then(|report| report.message_id.as_deref());
                let until = now + REST_AFTER_BOUNCE;
                batch.bounced(reported.unwrap_or(""), reason.id(), &reason.sentence(), until).await
            }
            Reason::CapTotal if !self.modes.is_observing_all() => {
                error!(
                    reason = reason.id(),
                    "the bot has paused itself: more automatic answers in an hour than allowed; resume with `paytriage resume`"
                );
                batch.pause(&reason.sentence(), now).await
            }
            _ => Ok(()),
        }
    }

    async fn record(
        &self,
        batch: &mut Batch,
        one: &Judged,
        known: &Known,
        judgement: &Judgement,
        reply: Option<&Outgoing>,
        now: Millis,
    ) -> Result<(), LedgerError> {
        let (action, cause, reason) = match &judgement.decision {
            Decision::Reply { cause, .. } => ("reply", cause.as_str(), None),
            Decision::Escalate { reason } => ("escalate", "", Some(reason)),
            Decision::Ignore { reason } => ("ignore", "", Some(reason)),
        };
        let mode = self.modes.of(Some(cause).filter(|cause| !cause.is_empty()));
        let state = match (mode, action) {
            (Mode::Observe, _) => "observed",
            (Mode::Live, "reply") => "queued",
            (Mode::Live, "escalate") => "escalated",
            (Mode::Live, _) => "ignored",
        };
        let sentence = reason.map(Reason::sentence).unwrap_or_default();
        let case = NewCase {
            id: &one.raw.id,
            mail: &one.mail,
            facts: &one.facts,
            arrived_at: one.raw.arrived_at,
            decided_at: now,
            conversation: known.conversation,
            duplicate_of: known.duplicate_of,
            action,
            cause,
            reason: reason.map_or("", Reason::id),
            sentence: &sentence,
            state,
            to_file: mode == Mode::Live,
            verdict: &one.verdict,
            gates: &judgement.gates,
            pattern_set: self.patterns.fingerprint(),
        };
        let reply = reply.filter(|_| state == "queued");
        match batch.record(&case, reply).await? {
            Some(id) => info!(case = id, action, cause, reason = case.reason, state, "decided"),
            None => warn!("a mail that already has a case came again"),
        }
        Ok(())
    }
}
