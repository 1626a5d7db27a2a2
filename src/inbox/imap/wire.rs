//! One command at a time to the IMAP server, and its answer heard to the end. async-imap parses; its own methods
//! are not used, since they report success for refused commands and for lost connections (async-imap#95).
//! It knows no command's meaning.

use std::io;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use async_imap::imap_proto::{MailboxDatum, Outcome, Response, ResponseCode, Status};
use futures_util::FutureExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

use crate::inbox::InboxError;
use crate::net::Stream;

/// An answer of more raw bytes than this is no answer (see [`Wire::raw`]).
const LONGEST_RAW: usize = 64 * 1024;

#[derive(Debug)]
pub(super) struct Wire {
    client: async_imap::Client<Stream>,
    /// For each command, unless it says otherwise.
    pub limit: Duration,
    last_tag: u32,
    /// True from the first byte of a command to its tagged answer, so it stays true after an error and after a
    /// command whose future was dropped: nobody knows then where in the stream we are, and all later calls fail.
    under_way: bool,
    /// The server spoke of new mail (or of mail taken away by others) since this was last set to false.
    pub news: bool,
    /// How many mails the folder holds, as the server last said.
    pub exists: u32,
    /// While our own filing runs, mail leaving the folder is no news.
    pub filing: bool,
}

/// One response of the server.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Heard {
    Untagged,
    Continue,
    Ok,
    No(String),
    Bad(String),
}

impl Wire {
    pub fn new(stream: Stream, limit: Duration) -> Self {
        let client = async_imap::Client::new(stream);
        Self { client, limit, last_tag: 0, under_way: false, news: false, exists: 0, filing: false }
    }

    /// For STARTTLS. Bytes that came too early are dropped with the buffer.
    pub fn into_stream(self) -> Stream {
        self.client.into_inner()
    }

    /// Sends the command and hears it to its OK; every response but a continuation is shown to `on`.
    pub async fn command(
        &mut self,
        name: &'static str,
        arguments: &str,
        on: impl FnMut(&Response<'_>) + Send,
    ) -> Result<(), InboxError> {
        self.exchange(name, arguments, None, self.limit, on).await
    }

    /// The same with an answer to the server's continuation and a time of its own.
    pub async fn exchange(
        &mut self,
        name: &'static str,
        arguments: &str,
        mut continuation: Option<&str>,
        limit: Duration,
        mut on: impl FnMut(&Response<'_>) + Send,
    ) -> Result<(), InboxError> {
        let work = async {
            let tag = self.begin(name, arguments).await?;
            loop {
                match self.hear(&tag, &mut on).await? {
                    Heard::Untagged => {}
                    Heard::Continue => match continuation.take() {
                        Some(line) => self.send(line).await?,
                        None => return Err(InboxError::Garbled),
                    },
                    Heard::Ok => return Ok(()),
                    Heard::No(text) => return Err(InboxError::No { command: name, text }),
                    Heard::Bad(text) => return Err(InboxError::Bad { command: name, text }),
                }
            }
        };
        timeout(limit, work).await.map_err(|_| InboxError::Timeout { command: name, limit })?
    }

    /// Sends a command and returns its tag; [`Wire::hear`] until the tagged answer must follow.
    pub async fn begin(&mut self, name: &'static str, arguments: &str) -> Result<String, InboxError> {
        self.usable()?;
        self.under_way = true;
        self.last_tag = self.last_tag.wrapping_add(1);
        let tag = format!("p{}", self.last_tag);
        let space = if arguments.is_empty() { "" } else { " " };
        self.send(&format!("{tag} {name}{space}{arguments}")).await?;
        Ok(tag)
    }

    /// An error once the line is of no more use.
    pub fn usable(&self) -> Result<(), InboxError> {
        if self.under_way { Err(InboxError::Lost) } else { Ok(()) }
    }

    /// A bare line: it goes past async-imap, which would write passwords to its trace log.
    pub async fn send(&mut self, line: &str) -> Result<(), InboxError> {
        let stream = self.client.get_mut();
        stream.write_all(format!("{line}\r\n").as_bytes()).await.map_err(broken)?;
        stream.flush().await.map_err(broken)
    }

    /// Hears one response. May be dropped and called again without loss.
    pub async fn hear(&mut self, tag: &str, on: &mut (impl FnMut(&Response<'_>) + Send)) -> Result<Heard, InboxError> {
        // imap-proto 0.17 panics on some lines, such as `* OK [ALERT]é`.
        let read = AssertUnwindSafe(self.client.read_response()).catch_unwind().await;
        let response = read.map_err(|_| InboxError::Garbled)?.map_err(broken)?.ok_or(InboxError::Lost)?;
        let response = response.parsed();
        self.notice(response);
        match response {
            Response::Continue(_) => Ok(Heard::Continue),
            Response::Data { status: Status::Bye, outcome } => Err(InboxError::Bye(words(outcome))),
            Response::Done { tag: other, status, outcome } => {
                if other.0 != tag {
                    return Err(InboxError::Garbled);
                }
                on(response);
                self.under_way = false;
                match status {
                    Status::Ok => Ok(Heard::Ok),
                    Status::No => Ok(Heard::No(words(outcome))),
                    _ => Ok(Heard::Bad(words(outcome))),
                }
            }
            _ => {
                on(response);
                Ok(Heard::Untagged)
            }
        }
    }

    /// The same where the response itself does not matter.
    pub async fn skip(&mut self, tag: &str) -> Result<Heard, InboxError> {
        self.hear(tag, &mut |_| ()).await
    }

    /// The first line of the server (RFC 9051 section 7.1): true when we are logged in already.
    pub async fn greeting(&mut self, mut on: impl FnMut(&Outcome<'_>) + Send) -> Result<bool, InboxError> {
        let limit = self.limit;
        let mut logged_in = None;
        let mut note = |response: &Response<'_>| {
            if let Response::Data { status: status @ (Status::Ok | Status::PreAuth), outcome } = response {
                logged_in = Some(*status == Status::PreAuth);
                on(outcome);
            }
        };
        let heard = timeout(limit, self.hear("", &mut note)).await;
        heard.map_err(|_| InboxError::Timeout { command: "greeting", limit })??;
        logged_in.ok_or(InboxError::Garbled)
    }

    /// A command whose answer the parser does not know: its untagged lines as they are, byte by byte, so that
    /// nothing behind the tagged line is taken from the parser.
    pub async fn raw(&mut self, name: &'static str) -> Result<Vec<String>, InboxError> {
        let limit = self.limit;
        let work = async {
            let tag = self.begin(name, "").await?;
            let mut lines = Vec::new();
            let mut line = Vec::new();
            for _ in 0..LONGEST_RAW {
                let byte = self.client.get_mut().read_u8().await.map_err(broken)?;
                if byte != b'\n' {
                    line.push(byte);
                    continue;
                }
                let text = String::from_utf8_lossy(&line).trim_end().to_owned();
                line.clear();
                if let Some(status) = text.strip_prefix(tag.as_str()) {
                    self.under_way = false;
                    let ok = status.get(..4).is_some_and(|start| start.eq_ignore_ascii_case(" OK "));
                    return Ok(if ok { lines } else { Vec::new() });
                }
                lines.push(text);
            }
            Err(InboxError::Garbled)
        };
        timeout(limit, work).await.map_err(|_| InboxError::Timeout { command: name, limit })?
    }

    fn notice(&mut self, response: &Response<'_>) {
        match response {
            Response::MailboxData(MailboxDatum::Exists(count)) => {
                self.exists = *count;
                self.news = true;
            }
            Response::Expunge(_) => {
                self.exists = self.exists.saturating_sub(1);
                self.news |= !self.filing;
            }
            _ => {}
        }
    }
}

/// async-imap puts what it could not parse, mail text included, into errors of kind `Other`: never pass that on.
fn broken(error: io::Error) -> InboxError {
    match error.kind() {
        io::ErrorKind::Other => InboxError::Garbled,
        io::ErrorKind::UnexpectedEof => InboxError::Lost,
        _ => InboxError::Io(error),
    }
}

/// What the server said to people, fit for a log line.
fn words(outcome: &Outcome<'_>) -> String {
    let code = if matches!(outcome.code, Some(ResponseCode::TryCreate)) { "[TRYCREATE] " } else { "" };
    let text = outcome.information.as_deref().unwrap_or("");
    code.chars().chain(text.chars().filter(|c| !c.is_control())).take(200).collect()
}
