//! Which mails lie in the watched folder, oldest first. It fetches nothing of them.

use async_imap::imap_proto::{MailboxDatum, Response};

use super::ImapInbox;
use crate::inbox::InboxError;
use crate::mail::MailId;

/// Mails per SEARCH: an answer of one line that holds a million numbers would be parsed again for every packet.
const WINDOW: u32 = 20_000;

impl ImapInbox {
    /// All mails, or those newer than `after`. An `after` of another UIDVALIDITY means all: nothing is known then.
    pub async fn list(&mut self, after: Option<&MailId>) -> Result<Vec<MailId>, InboxError> {
        let newer_than = match after {
            Some(MailId::Imap { uid_validity, uid }) if *uid_validity == self.uid_validity => *uid,
            _ => 0,
        };
        // Before the question: an EXISTS that comes with the answer may speak of mail that is not in it.
        self.wire.news = false;
        let mut uids = self.search_newer(newer_than).await?;
        uids.sort_unstable();
        uids.dedup();
        Ok(uids.into_iter().map(|uid| MailId::Imap { uid_validity: self.uid_validity, uid }).collect())
    }

    /// Windows of sequence numbers from the top down: a mail that leaves meanwhile moves those above it down,
    /// into a window yet to come, so that some may come twice and none is missed.
    async fn search_newer(&mut self, newer_than: u32) -> Result<Vec<u32>, InboxError> {
        let Some(next) = newer_than.checked_add(1) else { return Ok(Vec::new()) };
        let wanted = if newer_than == 0 { "ALL".to_owned() } else { format!("UID {next}:*") };
        if self.wire.exists <= WINDOW {
            let mut uids = self.search(&wanted).await?;
            // RFC 9051 section 9, seq-range: `n:*` names the last mail even where its UID is smaller than n.
            uids.retain(|uid| *uid > newer_than);
            return Ok(uids);
        }
        let mut uids = Vec::new();
        let mut top = self.wire.exists;
        let mut end = "*".to_owned();
        while top > 0 {
            let bottom = top.saturating_sub(WINDOW) + 1;
            let mut found = self.search(&format!("{bottom}:{end} {wanted}")).await?;
            found.retain(|uid| *uid > newer_than);
            // UIDs only fall from here on.
            if found.is_empty() {
                break;
            }
            uids.append(&mut found);
            top = bottom - 1;
            end = top.to_string();
        }
        Ok(uids)
    }

    /// UID SEARCH without RETURN and MODSEQ, whose answers the parser does not know.
    pub(super) async fn search(&mut self, criteria: &str) -> Result<Vec<u32>, InboxError> {
        let mut uids = Vec::new();
        self.wire
            .command("UID SEARCH", criteria, |response| {
                if let Response::MailboxData(MailboxDatum::Search(found)) = response {
                    uids.extend_from_slice(found);
                }
            })
            .await?;
        Ok(uids)
    }
}
