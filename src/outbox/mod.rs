//! Hands finished mail to the relay: SMTP, or a Maildir. It neither writes mail nor decides about another try.

mod maildir;
mod smtp;
mod starttls;
mod wire;

#[cfg(test)]
mod tests;

use crate::config::OutboxKind;
use crate::net::ConnectError;
use crate::reply::Outgoing;

/// What became of one try to hand a mail over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// The relay took it (250 after the data).
    Accepted { answer: String },
    /// It was not delivered, and another try may help: 4xx, no connection, a line that broke before the final dot.
    Deferred { answer: String },
    /// The relay will not take it (5xx).
    Refused { answer: String },
    /// The line broke after the final dot was handed over: it may have been delivered.
    Unknown { answer: String },
}

/// One place to hand mail to, with at most one connection of its own. Use one courier per concurrent delivery.
#[derive(Debug)]
pub enum Courier {
    Smtp(Box<smtp::Courier>),
    Maildir(maildir::Courier),
}

impl Courier {
    /// Connects to nothing yet.
    pub fn new(kind: &OutboxKind) -> Result<Self, ConnectError> {
        Ok(match kind {
            OutboxKind::Smtp(settings) => Self::Smtp(Box::new(smtp::Courier::new(settings.clone())?)),
            OutboxKind::Maildir { path } => Self::Maildir(maildir::Courier::new(path.clone())),
        })
    }

    /// Tries once. Never cancel it: a dropped try would leave it unknown whether the mail went out.
    pub async fn send(&mut self, mail: &Outgoing) -> Sent {
        match self {
            Self::Smtp(courier) => courier.send(mail).await,
            Self::Maildir(courier) => courier.send(mail).await,
        }
    }

    /// Gives the connection back when nothing more waits.
    pub async fn rest(&mut self) {
        if let Self::Smtp(courier) = self {
            courier.quit().await;
        }
    }
}
