//! A mailbox on an IMAP server, selected and ready. It knows nothing of what the mails say.

mod fetch;
mod file;
mod list;
mod login;
mod names;
mod namespace;
mod uids;
mod wait;
mod wire;

use std::time::Duration;

use async_imap::imap_proto::{MailboxDatum, NameAttribute, Response, ResponseCode};

use self::login::Capabilities;
use self::names::{Namespace, quote};
use self::wire::Wire;
use super::{Folder, ImapSettings, InboxError};
use crate::mail::MailId;

#[derive(Debug)]
pub struct ImapInbox {
    wire: Wire,
    can: Capabilities,
    /// Names of [`Folder::ALL`] in the server's writing, quoted.
    targets: [String; 3],
    /// The watched one, as the admin calls it.
    folder: String,
    uid_validity: u32,
    read_only: bool,
    max_size: u64,
    poll_every: Duration,
    idle: bool,
    /// The server has neither MOVE nor UIDPLUS, and we have said so.
    warned: bool,
}

impl ImapInbox {
    pub async fn connect(settings: &ImapSettings) -> Result<Self, InboxError> {
        let (mut wire, can) = login::log_in(settings).await?;
        let namespace = namespace::ask(&mut wire, &can).await?;
        let watched = quote(&namespace.encode("folder", &settings.folder)?);
        let targets = targets(settings, &namespace)?;
        if targets.contains(&watched) {
            let what = "a handled mail cannot be filed in the watched folder".to_owned();
            return Err(InboxError::Settings { name: "folders", what });
        }
        if !settings.read_only {
            for name in &targets {
                ensure(&mut wire, name).await?;
            }
        }
        let uid_validity = select(&mut wire, settings, &watched).await?;
        Ok(Self {
            idle: settings.idle && can.has("IDLE"),
            wire,
            can,
            targets,
            folder: settings.folder.clone(),
            uid_validity,
            read_only: settings.read_only,
            max_size: settings.max_size,
            poll_every: settings.poll_every,
            warned: false,
        })
    }

    pub fn uid_validity(&self) -> u32 {
        self.uid_validity
    }

    /// Asks whether the server is still there.
    pub async fn check(&mut self) -> Result<(), InboxError> {
        self.wire.command("NOOP", "", |_| ()).await
    }

    /// Says good-bye, and does not wait long for the answer.
    pub async fn close(mut self) {
        self.wire.limit = self.wire.limit.min(Duration::from_secs(5));
        // The answer is a BYE or nothing at all: both mean that we are gone.
        let _ = self.wire.command("LOGOUT", "", |_| ()).await;
    }

    /// The UIDs that belong to the mailbox as it is now; ids of an earlier UIDVALIDITY name nothing here.
    fn own_uids(&self, ids: &[MailId]) -> Vec<u32> {
        ids.iter()
            .filter_map(|id| match id {
                MailId::Imap { uid_validity, uid } if *uid_validity == self.uid_validity => Some(*uid),
                _ => None,
            })
            .collect()
    }

    fn target(&self, folder: Folder) -> &str {
        let [answered, needs_a_person, ignored] = &self.targets;
        match folder {
            Folder::Answered => answered,
            Folder::NeedsAPerson => needs_a_person,
            Folder::Ignored => ignored,
        }
    }
}

fn targets(settings: &ImapSettings, namespace: &Namespace) -> Result<[String; 3], InboxError> {
    let folders = &settings.folders;
    let name = |setting, shown: &str| namespace.encode(setting, shown).map(|name| quote(&name));
    Ok([
        name("folders.answered", &folders.answered)?,
        name("folders.needs-a-person", &folders.needs_a_person)?,
        name("folders.ignored", &folders.ignored)?,
    ])
}

/// Creates and subscribes the folder where it is missing, so that every mail program shows it.
async fn ensure(wire: &mut Wire, name: &str) -> Result<(), InboxError> {
    let mut there = false;
    wire.command("LIST", &format!("\"\" {name}"), |response| {
        if let Response::MailboxData(MailboxDatum::List(list)) = response {
            there |= !list.name_attributes.iter().any(|attribute| match attribute {
                NameAttribute::NoSelect => true,
                NameAttribute::Extension(other) => other.eq_ignore_ascii_case("\\NonExistent"),
                _ => false,
            });
        }
    })
    .await?;
    if there { Ok(()) } else { create(wire, name).await }
}

async fn create(wire: &mut Wire, name: &str) -> Result<(), InboxError> {
    match wire.command("CREATE", name, |_| ()).await {
        // RFC 5530 section 3: another process was quicker.
        Err(InboxError::No { text, .. }) if text.starts_with("[ALREADYEXISTS]") => {}
        other => other?,
    }
    match wire.command("SUBSCRIBE", name, |_| ()).await {
        Err(InboxError::No { text, .. } | InboxError::Bad { text, .. }) => {
            tracing::warn!(answer = text, "a folder was created, but the server would not subscribe it");
            Ok(())
        }
        other => other,
    }
}

/// RFC 9051 sections 6.3.2 and 6.3.3. The UIDVALIDITY, without which UIDs mean nothing.
async fn select(wire: &mut Wire, settings: &ImapSettings, folder: &str) -> Result<u32, InboxError> {
    let command = if settings.read_only { "EXAMINE" } else { "SELECT" };
    let mut uid_validity = None;
    let mut writable = false;
    wire.exists = 0;
    wire.command(command, folder, |response| match response {
        Response::Data { outcome, .. } => {
            if let Some(ResponseCode::UidValidity(number)) = outcome.code {
                uid_validity = Some(number);
            }
        }
        Response::Done { outcome, .. } => writable = matches!(outcome.code, Some(ResponseCode::ReadWrite)),
        _ => {}
    })
    .await?;
    // Dovecot answers OK to STORE in a folder that can only be read, so this is the only place to notice.
    if !writable && !settings.read_only {
        return Err(InboxError::ReadOnly(settings.folder.clone()));
    }
    uid_validity.ok_or(InboxError::Garbled)
}
