//! Reads the section `[inbox]`.

use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;

use super::Context;
use super::reader::Reader;
use crate::problem::Problem;

/// The watched mailbox.
#[derive(Clone, Debug)]
pub struct Inbox {
    pub kind: InboxKind,
    pub poll_every: Duration,
    /// Larger mail is judged by its headers alone; bytes.
    pub max_size: u64,
    pub answered: String,
    pub needs_a_person: String,
    pub ignored: String,
    pub first_run: FirstRun,
    /// Mails taken in one go.
    pub batch: usize,
}

/// What happens to mail that was there before the first connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstRun {
    LeaveAlone,
    Escalate,
}

#[derive(Clone, Debug)]
pub enum InboxKind {
    Imap(ImapInbox),
    Maildir { path: PathBuf },
}

#[derive(Clone, Debug)]
pub struct ImapInbox {
    pub endpoint: crate::net::Endpoint,
    pub user: String,
    pub password: SecretString,
    /// PEM of a private CA.
    pub ca: Option<Vec<u8>>,
    pub folder: String,
    pub idle: bool,
    pub timeout: Duration,
}

pub(super) fn inbox(root: &mut Reader<'_>, context: &Context<'_>, problems: &mut Vec<Problem>) -> Option<Inbox> {
    let is_there = root.has("inbox");
    let mut section = root.section("inbox");
    if !is_there {
        root.missing("inbox", "add a section [inbox] with kind = \"imap\" or kind = \"maildir\"");
        return None;
    }
    #[derive(Clone, Copy)]
    enum Kind {
        Imap,
        Maildir,
    }
    let kind = match section.choice("kind", &[("imap", Kind::Imap), ("maildir", Kind::Maildir)]) {
        Some(Kind::Imap) => imap(&mut section, context).map(InboxKind::Imap),
        Some(Kind::Maildir) => maildir(&mut section, context),
        None => {
            if !section.has("kind") {
                section.missing("kind", "add kind = \"imap\" or kind = \"maildir\"");
            }
            problems.extend(section.finish_open());
            return None;
        }
    };
    let inbox = Inbox {
        kind: kind.unwrap_or(InboxKind::Maildir { path: PathBuf::new() }),
        poll_every: section.duration("poll_every").unwrap_or(Duration::from_secs(60)).max(Duration::from_millis(50)),
        max_size: section.size("max_size").unwrap_or(25_000_000),
        answered: folder_name(&mut section, "answered", "Answered"),
        needs_a_person: folder_name(&mut section, "needs_a_person", "Needs a person"),
        ignored: folder_name(&mut section, "ignored", "Ignored"),
        first_run: section
            .choice("first_run", &[("leave-alone", FirstRun::LeaveAlone), ("escalate", FirstRun::Escalate)])
            .unwrap_or(FirstRun::LeaveAlone),
        batch: section.integer("batch", 1..1_001).map_or(50, |batch| batch as usize),
    };
    let broken = section.finish();
    let is_whole = broken.is_empty();
    problems.extend(broken);
    is_whole.then_some(inbox)
}

fn folder_name(section: &mut Reader<'_>, key: &str, usual: &str) -> String {
    let name = section.string(key).unwrap_or_else(|| usual.to_owned());
    if name.trim().is_empty() || name.chars().any(char::is_control) {
        section.complain(key, "this is no name of a folder", "give a name without control characters");
    }
    name
}

fn maildir(section: &mut Reader<'_>, context: &Context<'_>) -> Option<InboxKind> {
    match section.string("path") {
        Some(path) => {
            let path = context.path(&path);
            if !(path.join("new").is_dir() && path.join("cur").is_dir()) {
                let what = format!("{} is no Maildir", path.display());
                section.complain("path", what, "name a folder that holds new, cur and tmp, or create them");
            }
            Some(InboxKind::Maildir { path })
        }
        None => {
            if !section.has("path") {
                section.missing("path", "add path = \"…\", the Maildir to watch");
            }
            None
        }
    }
}

fn imap(section: &mut Reader<'_>, context: &Context<'_>) -> Option<ImapInbox> {
    let endpoint = super::outbox::endpoint(section, |tls| if tls == crate::net::Tls::Implicit { 993 } else { 143 });
    let user = super::outbox::required(section, "user", "add user = \"…\", the log-in name");
    let password = context.password(section, "PAYTRIAGE_INBOX_PASSWORD");
    let ca = context.file(section, "ca_file");
    let folder = section.string("folder").unwrap_or_else(|| "INBOX".into());
    let idle = section.boolean("idle").unwrap_or(true);
    let timeout = section.duration("timeout").unwrap_or(Duration::from_secs(60)).max(Duration::from_millis(100));
    Some(ImapInbox { endpoint: endpoint?, user: user?, password: password?.into(), ca, folder, idle, timeout })
}
