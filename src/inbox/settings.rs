//! What the admin says about the watched mailbox. It is filled by `config`, which also checks it.

use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;

use crate::net::Endpoint;

#[derive(Clone, Debug)]
pub enum InboxSettings {
    Imap(ImapSettings),
    Maildir(MaildirSettings),
}

#[derive(Clone, Debug)]
pub struct ImapSettings {
    pub endpoint: Endpoint,
    pub user: String,
    pub password: SecretString,
    /// The watched folder, `INBOX` as a rule; `/` parts levels whatever the server uses.
    pub folder: String,
    /// PEM bytes of an own CA, believed in addition to the machine's roots.
    pub ca: Option<Vec<u8>>,
    /// The mailbox is looked at this often, whatever IDLE says.
    pub poll_every: Duration,
    /// Use IDLE where the server has it.
    pub idle: bool,
    /// Larger mails are fetched with their header section alone; bytes.
    pub max_size: u64,
    /// For connecting and for each command; fetching gets more by the size of what is fetched.
    pub command_timeout: Duration,
    pub folders: Folders,
    /// Change nothing in the mailbox: no folders, no flags, no filing.
    pub read_only: bool,
}

#[derive(Clone, Debug)]
pub struct MaildirSettings {
    /// The directory that holds `cur`, `new` and `tmp`.
    pub path: PathBuf,
    pub poll_every: Duration,
    /// Larger mails are read with their header section alone; bytes.
    pub max_size: u64,
    pub folders: Folders,
    /// Change nothing: no folders, no filing.
    pub read_only: bool,
}

/// The names as shown to people; `/` parts levels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folders {
    pub answered: String,
    pub needs_a_person: String,
    pub ignored: String,
}

impl Default for Folders {
    fn default() -> Self {
        Self { answered: "Answered".into(), needs_a_person: "Needs a person".into(), ignored: "Ignored".into() }
    }
}

/// Where a handled mail belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Folder {
    Answered,
    NeedsAPerson,
    Ignored,
}

impl Folder {
    pub const ALL: [Self; 3] = [Self::Answered, Self::NeedsAPerson, Self::Ignored];
}

impl Folders {
    pub fn name(&self, folder: Folder) -> &str {
        match folder {
            Folder::Answered => &self.answered,
            Folder::NeedsAPerson => &self.needs_a_person,
            Folder::Ignored => &self.ignored,
        }
    }
}

/// Why [`super::Inbox::wait`] came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Woken {
    /// The mailbox may hold something new.
    NewMail,
    /// Somebody in the program asked for a look.
    Asked,
    /// `poll_every` is over.
    Tick,
    Stopped,
}
