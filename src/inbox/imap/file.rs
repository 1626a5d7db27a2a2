//! Moves handled mails out of the watched folder. May be repeated at will: a mail that is gone is no error.
//!
//! With MOVE (RFC 6851) a mail is always in exactly one folder. Without it: COPY, then `\Deleted`, then UID EXPUNGE
//! (RFC 4315). No mail is lost there whenever the line breaks; if it breaks between the server's COPY and our
//! `\Deleted`, the mails of that one set are in the folder twice after the next try. Mails that already carry
//! `\Deleted` are taken as copied earlier, or as deleted by a person, and are left as they are. Without UIDPLUS
//! too, filed mails stay in the watched folder with `\Deleted`: a plain EXPUNGE would take others' mail along.

use super::{ImapInbox, create, uids};
use crate::inbox::{Folder, InboxError};
use crate::mail::MailId;

impl ImapInbox {
    pub async fn file(&mut self, ids: &[MailId], folder: Folder) -> Result<(), InboxError> {
        if self.read_only {
            return Err(InboxError::ReadOnly(self.folder.clone()));
        }
        self.wire.usable()?;
        self.wire.filing = true;
        let done = self.file_all(&self.own_uids(ids), folder).await;
        self.wire.filing = false;
        done
    }

    async fn file_all(&mut self, own: &[u32], folder: Folder) -> Result<(), InboxError> {
        for set in uids::sets(own) {
            self.flag(&set, folder).await?;
            if self.can.has("MOVE") {
                self.transfer("UID MOVE", &set, folder).await?;
            } else {
                self.copy_and_delete(&set, folder).await?;
            }
        }
        Ok(())
    }

    /// Before the move, since afterwards the UIDs are others. A server that keeps no such flag is no reason to stop.
    async fn flag(&mut self, set: &str, folder: Folder) -> Result<(), InboxError> {
        let flags = match folder {
            Folder::Answered => "\\Seen \\Answered",
            Folder::NeedsAPerson => "\\Flagged",
            Folder::Ignored => "\\Seen",
        };
        match self.store(set, flags).await {
            Err(InboxError::No { text, .. }) => {
                tracing::warn!(answer = text, "the server would not set flags on handled mail");
                Ok(())
            }
            other => other,
        }
    }

    async fn store(&mut self, set: &str, flags: &str) -> Result<(), InboxError> {
        self.wire.command("UID STORE", &format!("{set} +FLAGS.SILENT ({flags})"), |_| ()).await
    }

    async fn copy_and_delete(&mut self, set: &str, folder: Folder) -> Result<(), InboxError> {
        let waiting = self.search(&format!("UID {set} UNDELETED")).await?;
        for set in uids::sets(&waiting) {
            self.transfer("UID COPY", &set, folder).await?;
            self.store(&set, "\\Deleted").await?;
            if self.can.has("UIDPLUS") {
                self.wire.command("UID EXPUNGE", &set, |_| ()).await?;
            } else if !self.warned {
                self.warned = true;
                tracing::warn!(
                    "the server has neither MOVE nor UIDPLUS: filed mail stays in the watched folder, marked as deleted"
                );
            }
        }
        Ok(())
    }

    /// UID MOVE or UID COPY. A folder that somebody deleted is created again; mails that are gone are left out.
    async fn transfer(&mut self, command: &'static str, set: &str, folder: Folder) -> Result<(), InboxError> {
        let target = self.target(folder).to_owned();
        match self.wire.command(command, &format!("{set} {target}"), |_| ()).await {
            Err(InboxError::No { text, .. }) if text.starts_with("[TRYCREATE]") => {
                create(&mut self.wire, &target).await?
            }
            Err(InboxError::No { .. }) => {}
            other => return other,
        }
        for set in uids::sets(&self.search(&format!("UID {set}")).await?) {
            self.wire.command(command, &format!("{set} {target}"), |_| ()).await?;
        }
        Ok(())
    }
}
