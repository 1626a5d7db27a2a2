//! Watches one mailbox: waits for new mail, brings it over, files it when it is handled. IMAP or a local Maildir.
//! It reads nothing of what a mail says, remembers nothing between connections, and logs no address and no text.

mod backoff;
mod base64;
mod error;
mod imap;
mod maildir;
mod settings;
#[cfg(test)]
mod tests;
mod utf7;

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

pub use backoff::Backoff;
pub use error::InboxError;
pub use imap::ImapInbox;
pub use maildir::MaildirInbox;
pub use settings::{Folder, Folders, ImapSettings, InboxSettings, MaildirSettings, Woken};

use crate::mail::{MailId, RawMail};

/// Of a mail larger than `max_size` this much is kept at most; bytes.
const LONGEST_HEADER: usize = 1024 * 1024;

/// Mails held in memory at once, unless a single one is larger; bytes.
const ROUND: u64 = 32 * 1024 * 1024;

/// How many mails of these sizes make the first round: at least one.
fn first_round(sizes: impl Iterator<Item = u64>) -> usize {
    let mut bytes = 0;
    sizes
        .enumerate()
        .take_while(|(at, size)| {
            bytes += size;
            *at == 0 || bytes <= ROUND
        })
        .count()
}

/// One connected mailbox. After an error other than NO or BAD an IMAP connection is of no more use: every later
/// call says [`InboxError::Lost`], and the caller connects anew.
#[derive(Debug)]
pub enum Inbox {
    Imap(Box<ImapInbox>),
    Maildir(MaildirInbox),
}

impl Inbox {
    /// Logs in, creates missing folders (unless read-only) and opens the watched one.
    pub async fn connect(settings: &InboxSettings) -> Result<Self, InboxError> {
        match settings {
            InboxSettings::Imap(settings) => Ok(Self::Imap(Box::new(ImapInbox::connect(settings).await?))),
            InboxSettings::Maildir(settings) => Ok(Self::Maildir(MaildirInbox::connect(settings).await?)),
        }
    }

    /// When it differs from the one before, all [`MailId`]s of before are void. `None` for a Maildir.
    pub fn uid_validity(&self) -> Option<u32> {
        match self {
            Self::Imap(imap) => Some(imap.uid_validity()),
            Self::Maildir(_) => None,
        }
    }

    /// All mails of the watched folder in order, or those newer than `after`.
    pub async fn list(&mut self, after: Option<&MailId>) -> Result<Vec<MailId>, InboxError> {
        match self {
            Self::Imap(imap) => imap.list(after).await,
            Self::Maildir(maildir) => maildir.list(after).await,
        }
    }

    /// Mails from the front of `ids`, in that order and not more than [`ROUND`] bytes, and how many of `ids` were
    /// dealt with; those that are gone are absent. Larger ones than `max_size` come with their header section
    /// alone, and a mail that the server refuses to give out comes empty: `whole` is false.
    pub async fn fetch(&mut self, ids: &[MailId]) -> Result<(Vec<RawMail>, usize), InboxError> {
        match self {
            Self::Imap(imap) => imap.fetch(ids).await,
            Self::Maildir(maildir) => maildir.fetch(ids).await,
        }
    }

    /// Moves handled mails to `folder`. May be repeated: a mail that is gone is no error.
    pub async fn file(&mut self, ids: &[MailId], folder: Folder) -> Result<(), InboxError> {
        match self {
            Self::Imap(imap) => imap.file(ids, folder).await,
            Self::Maildir(maildir) => maildir.file(ids, folder).await,
        }
    }

    /// Waits for new mail, for `wake`, for `stop`, `poll_every` at most. Must be run to its end (see
    /// [`ImapInbox::wait`]): to interrupt it, use `wake` or `stop`.
    pub async fn wait(&mut self, wake: &Notify, stop: &CancellationToken) -> Result<Woken, InboxError> {
        match self {
            Self::Imap(imap) => imap.wait(wake, stop).await,
            Self::Maildir(maildir) => maildir.wait(wake, stop).await,
        }
    }

    /// Is the mailbox still there?
    pub async fn check(&mut self) -> Result<(), InboxError> {
        match self {
            Self::Imap(imap) => imap.check().await,
            Self::Maildir(maildir) => maildir.check().await,
        }
    }

    pub async fn close(self) {
        if let Self::Imap(imap) = self {
            imap.close().await;
        }
    }
}

/// Cuts a mail down to its header section, the blank line included (RFC 5322 section 2.1).
fn keep_header(bytes: &mut Vec<u8>) {
    let crlf = bytes.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4);
    let lf = bytes.windows(2).position(|two| two == b"\n\n").map(|at| at + 2);
    let end = crlf.into_iter().chain(lf).min().unwrap_or(bytes.len());
    bytes.truncate(end.min(LONGEST_HEADER));
}

#[cfg(test)]
mod rounds {
    use super::{ROUND, first_round};

    #[test]
    fn a_round_is_bounded_and_never_empty() {
        assert_eq!(first_round([ROUND + 1, 1].into_iter()), 1);
        assert_eq!(first_round([1, ROUND - 1, 1].into_iter()), 2);
        assert_eq!(first_round(std::iter::empty()), 0);
    }
}
