//! Conversations with servers that answer well, badly and not at all, and Maildirs in temporary folders.

mod broken;
mod connecting;
mod fetching;
mod filing;
mod listing;
mod maildir;
mod server;
mod waiting;

use crate::mail::MailId;

fn uid(uid: u32) -> MailId {
    MailId::Imap { uid_validity: 7, uid }
}

fn uids(uids: impl IntoIterator<Item = u32>) -> Vec<MailId> {
    uids.into_iter().map(uid).collect()
}
