//! Sends what the ledger holds: mark `sending`, hand to the relay, mark the result. It writes no mail.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use super::clock::now;
use crate::ledger::{CaseId, Due, Ledger, LedgerError, Outcome};
use crate::mail::Millis;
use crate::outbox::{Courier, Sent};
use crate::triage::Reason;

/// Where there is nothing to do, the ledger is asked this often all the same.
const LOOK_EVERY: Duration = Duration::from_secs(30);
/// A connection that nothing was sent on for so long is given back.
const IDLE: Duration = Duration::from_secs(30);
const LONGEST_DELAY: Duration = Duration::from_secs(3_600);

/// How patiently a reply is tried again.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    pub retry_after: Duration,
    pub give_up_after: Duration,
}

#[derive(Debug)]
pub struct Delivery {
    pub ledger: Ledger,
    pub couriers: Vec<Courier>,
    pub patience: Patience,
    pub queued: Arc<Notify>,
    pub settled: Arc<Notify>,
    pub stop: CancellationToken,
}

type Try = (Courier, Due, Sent);

impl Delivery {
    /// Until stopped, and then until every reply in hand has its result.
    pub async fn run(mut self) {
        let mut tries: JoinSet<Try> = JoinSet::new();
        let mut results: Vec<(CaseId, Outcome)> = Vec::new();
        loop {
            let stopping = self.stop.is_cancelled();
            if stopping && tries.is_empty() && results.is_empty() {
                break;
            }
            match self.step(stopping, &mut tries, &mut results).await {
                Ok(()) => {}
                Err(fault) => {
                    error!(error = %fault, "the ledger cannot note what was sent; trying again");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
        for courier in &mut self.couriers {
            courier.rest().await;
        }
    }

    async fn step(
        &mut self,
        stopping: bool,
        tries: &mut JoinSet<Try>,
        results: &mut Vec<(CaseId, Outcome)>,
    ) -> Result<(), LedgerError> {
        if !results.is_empty() {
            self.ledger.settle(results, now()).await?;
            results.clear();
            self.settled.notify_one();
        }
        if !stopping && !self.couriers.is_empty() {
            for due in self.ledger.claim_due(now(), self.couriers.len()).await? {
                let Some(mut courier) = self.couriers.pop() else { break };
                tries.spawn(async move {
                    let sent = courier.send(&due.outgoing).await;
                    (courier, due, sent)
                });
            }
        }
        if tries.is_empty() {
            if !stopping {
                self.wait_for_work().await?;
            }
            return Ok(());
        }
        let has_room = !self.couriers.is_empty() && !stopping;
        tokio::select! {
            Some(done) = tries.join_next() => self.collect(done, results),
            () = self.queued.notified(), if has_room => {}
        }
        while let Some(done) = tries.try_join_next() {
            self.collect(done, results);
        }
        Ok(())
    }

    async fn wait_for_work(&mut self) -> Result<(), LedgerError> {
        let next = self.ledger.next_due_at().await?;
        let until_next =
            next.map_or(LOOK_EVERY, |at| Duration::from_millis((at - now()).max(0) as u64)).min(LOOK_EVERY);
        tokio::select! {
            () = self.queued.notified() => {}
            () = self.stop.cancelled() => {}
            () = tokio::time::sleep(until_next) => {
                if until_next >= IDLE {
                    for courier in &mut self.couriers {
                        courier.rest().await;
                    }
                }
            }
        }
        Ok(())
    }

    fn collect(&mut self, done: Result<Try, tokio::task::JoinError>, results: &mut Vec<(CaseId, Outcome)>) {
        let (courier, due, sent) = match done {
            Ok(done) => done,
            Err(fault) => {
                // The case stays `sending`: nobody knows what was handed over, and a restart asks a person.
                error!(error = %fault, "a delivery broke off");
                return;
            }
        };
        self.couriers.push(courier);
        let outcome = outcome(&due, sent, self.patience, now());
        match &outcome {
            Outcome::Sent { .. } => info!(case = due.case, attempts = due.attempts + 1, "sent"),
            Outcome::Again { answer, .. } => {
                warn!(case = due.case, attempts = due.attempts + 1, answer = first_code(answer), "not sent yet");
            }
            Outcome::Escalated { reason, answer } => {
                warn!(case = due.case, reason = reason.id(), answer = first_code(answer), "a person is asked");
            }
        }
        results.push((due.case, outcome));
    }
}

fn outcome(due: &Due, sent: Sent, patience: Patience, now: Millis) -> Outcome {
    match sent {
        Sent::Accepted { answer } => Outcome::Sent { answer },
        Sent::Refused { answer } => Outcome::Escalated { reason: Reason::DeliveryFailed, answer },
        Sent::Unknown { answer } => Outcome::Escalated { reason: Reason::DeliveryUnknown, answer },
        Sent::Deferred { answer } => {
            let at = now + delay(due.attempts, patience.retry_after).as_millis() as Millis;
            if at - due.queued_at > patience.give_up_after.as_millis() as Millis {
                Outcome::Escalated { reason: Reason::DeliveryExpired, answer }
            } else {
                Outcome::Again { at, answer }
            }
        }
    }
}

/// Twice as long after each try, give or take a quarter so that retries do not march in step.
fn delay(attempts: u32, first: Duration) -> Duration {
    let grown = first.saturating_mul(1 << attempts.min(12)).min(LONGEST_DELAY);
    grown.mul_f64(rand::random_range(0.75..1.25))
}

/// The relay's words may name the recipient, and no address is ever logged.
fn first_code(answer: &str) -> &str {
    let end = answer.find(|c: char| !c.is_ascii_digit()).unwrap_or(answer.len());
    let code = answer.get(..end).unwrap_or("");
    if code.is_empty() { "no code" } else { code }
}
