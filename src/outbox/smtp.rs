//! One kept connection to the relay, on lettre's staged commands, so that it is always known at which stage a
//! delivery stopped. lettre's own transport is not used: it has no time-outs after connect, and a cancelled send
//! puts a connection back whose answers belong to another mail.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use lettre::transport::smtp::response::Response;
use secrecy::ExposeSecret;

use super::Sent;
use super::wire::Wire;
use crate::config::SmtpOutbox;
use crate::net::{self, ConnectError, Tls, Trust};
use crate::reply::Outgoing;

/// RFC 5321 section 4.5.3.2.6: the relay has ten minutes to answer the final dot.
const AFTER_DATA: Duration = Duration::from_secs(600);
/// Relays count the mails of one connection; a new one now and then costs little.
const MAILS_PER_CONNECTION: u32 = 100;
const HELLO: &str = "localhost";

#[derive(Debug)]
pub struct Courier {
    settings: SmtpOutbox,
    trust: Trust,
    line: Option<Line>,
}

struct Line {
    connection: AsyncSmtpConnection,
    written: Arc<AtomicU64>,
    mails: u32,
}

impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Line").field("mails", &self.mails).finish_non_exhaustive()
    }
}

/// How a stage failed.
enum Fault {
    /// The relay said so; the connection is still in step.
    Answer { code: u16, text: String },
    /// Time-out, end of line or an answer that is none; the connection is not used again.
    Line(String),
}

impl Courier {
    pub fn new(settings: SmtpOutbox) -> Result<Self, ConnectError> {
        let trust = Trust::new(settings.ca.as_deref())?;
        Ok(Self { settings, trust, line: None })
    }

    pub async fn send(&mut self, mail: &Outgoing) -> Sent {
        let (from, to) = match addresses(mail) {
            Ok(pair) => pair,
            Err(answer) => return Sent::Refused { answer },
        };
        let is_kept = self.line.is_some();
        let mut line = match self.line.take() {
            Some(line) => line,
            None => match self.connect().await {
                Ok(line) => line,
                Err(answer) => return Sent::Deferred { answer },
            },
        };
        let mut opened = open(&mut line, from.clone(), &to, self.settings.timeout).await;
        if is_kept && matches!(opened, Err(Fault::Line(_)) | Err(Fault::Answer { code: 421, .. })) {
            // The relay closed a connection that lay idle. Nothing was handed over, so a fresh one is safe.
            line = match self.connect().await {
                Ok(line) => line,
                Err(answer) => return Sent::Deferred { answer },
            };
            opened = open(&mut line, from, &to, self.settings.timeout).await;
        }
        if let Err(fault) = opened {
            return self.failed(line, fault).await;
        }
        self.hand_over(line, mail).await
    }

    pub async fn quit(&mut self) {
        if let Some(mut line) = self.line.take() {
            // It is only polite; a relay that does not answer loses nothing.
            drop(tokio::time::timeout(Duration::from_secs(2), line.connection.quit()).await);
        }
    }

    /// The data. From here on, a missing answer may mean a delivered mail.
    async fn hand_over(&mut self, mut line: Line, mail: &Outgoing) -> Sent {
        // lettre ends the data with CRLF and dot itself.
        let bytes = mail.bytes.strip_suffix(b"\r\n").unwrap_or(&mail.bytes);
        let before = line.written.load(Ordering::Relaxed);
        let result = stage(line.connection.message(bytes), AFTER_DATA.max(self.settings.timeout)).await;
        let written = line.written.load(Ordering::Relaxed).saturating_sub(before);
        match result {
            Ok(answer) if answer.has_code(250) => {
                line.mails += 1;
                let is_worn = line.mails >= MAILS_PER_CONNECTION;
                self.line = Some(line);
                if is_worn {
                    self.quit().await;
                }
                Sent::Accepted { answer: text_of(&answer) }
            }
            Ok(answer) => Sent::Unknown { answer: format!("odd answer after the data: {}", text_of(&answer)) },
            Err(fault @ Fault::Answer { .. }) => self.failed(line, fault).await,
            // The kernel never took the final dot, so the relay cannot have taken the mail.
            Err(Fault::Line(text)) if written < bytes.len() as u64 + 5 => {
                Sent::Deferred { answer: format!("data: {text}") }
            }
            Err(Fault::Line(text)) => Sent::Unknown { answer: format!("after the final dot: {text}") },
        }
    }

    async fn failed(&mut self, mut line: Line, fault: Fault) -> Sent {
        match fault {
            Fault::Line(answer) => Sent::Deferred { answer },
            Fault::Answer { code, text } => {
                // RFC 5321 section 3.8: after 421 the relay closes the connection.
                if code != 421 && stage(line.connection.command(Rset), self.settings.timeout).await.is_ok() {
                    self.line = Some(line);
                }
                if (500..600).contains(&code) {
                    Sent::Refused { answer: text }
                } else {
                    Sent::Deferred { answer: text }
                }
            }
        }
    }

    async fn connect(&self) -> Result<Line, String> {
        let limit = self.settings.timeout;
        let endpoint = &self.settings.endpoint;
        let mut stream = net::connect(endpoint, &self.trust, limit).await.map_err(|error| error.to_string())?;
        let mut replay: &'static [u8] = b"";
        if endpoint.tls == Tls::StartTls {
            let upgrade = super::starttls::upgrade(stream, HELLO, &endpoint.host, &self.trust, limit);
            stream = tokio::time::timeout(limit, upgrade).await.map_err(|_| "no answer to STARTTLS".to_owned())??;
            replay = b"220 TLS\r\n";
        }
        let (wire, written) = Wire::new(stream, replay);
        let hello = ClientId::Domain(HELLO.to_owned());
        let opening = AsyncSmtpConnection::connect_with_transport(Box::new(wire), &hello);
        let mut connection = tokio::time::timeout(limit, opening)
            .await
            .map_err(|_| "the relay did not greet in time".to_owned())?
            .map_err(|error| format!("the relay did not greet: {error}"))?;
        if let Some((user, password)) = &self.settings.login {
            let credentials = Credentials::new(user.clone(), password.expose_secret().to_owned());
            match stage(connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials), limit).await {
                Ok(_) => {}
                Err(Fault::Answer { text, .. } | Fault::Line(text)) => {
                    return Err(format!("the relay refused the log-in: {text}"));
                }
            }
        }
        Ok(Line { connection, written, mails: 0 })
    }
}

/// MAIL, RCPT and DATA.
async fn open(line: &mut Line, from: Option<Address>, to: &Address, limit: Duration) -> Result<(), Fault> {
    let mut parameters = Vec::new();
    if !to.to_string().is_ascii() {
        if !line.connection.server_info().supports_feature(Extension::SmtpUtfEight) {
            let text = "the relay takes no address with letters beyond ASCII (SMTPUTF8)".to_owned();
            return Err(Fault::Answer { code: 553, text });
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    stage(line.connection.command(Mail::new(from, parameters)), limit).await?;
    stage(line.connection.command(Rcpt::new(to.clone(), Vec::new())), limit).await?;
    let answer = stage(line.connection.command(Data), limit).await?;
    if answer.has_code(354) { Ok(()) } else { Err(Fault::Line(format!("odd answer to DATA: {}", text_of(&answer)))) }
}

async fn stage(
    work: impl Future<Output = Result<Response, lettre::transport::smtp::Error>>,
    limit: Duration,
) -> Result<Response, Fault> {
    match tokio::time::timeout(limit, work).await {
        Err(_) => Err(Fault::Line(format!("no answer within {limit:?}"))),
        Ok(Ok(response)) => Ok(response),
        Ok(Err(error)) => Err(match error.status() {
            Some(code) => Fault::Answer { code: u16::from(code), text: whole(&error) },
            None => Fault::Line(whole(&error)),
        }),
    }
}

/// An error with its sources: the relay's words stand in the innermost.
fn whole(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text = format!("{text}: {inner}");
        source = inner.source();
    }
    text
}

fn text_of(response: &Response) -> String {
    format!("{} {}", response.code(), response.message().collect::<Vec<_>>().join(" "))
}

fn addresses(mail: &Outgoing) -> Result<(Option<Address>, Address), String> {
    let parse = |text: &str| text.parse::<Address>().map_err(|_| format!("`{text}` is no address"));
    let from = if mail.envelope_sender.is_empty() { None } else { Some(parse(&mail.envelope_sender)?) };
    Ok((from, parse(&mail.to)?))
}

#[cfg(test)]
impl Courier {
    /// Makes the relay close the connection while the courier still believes in it.
    pub(super) async fn break_line(&mut self) {
        if let Some(line) = &mut self.line {
            drop(line.connection.command(lettre::transport::smtp::commands::Quit).await);
        }
    }
}
