//! A Maildir on this machine's disk (cr.yp.to/proto/maildir.html), with Maildir++ folders for handled mail.
//! It has no server, so its order is that of modification times.

mod file;
mod folders;
mod read;
mod scan;
mod watch;

use std::collections::HashSet;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::spawn_blocking;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use self::scan::Entry;
use self::watch::Watch;
use super::{Folder, InboxError, MaildirSettings, Woken};
use crate::mail::{MailId, RawMail};

#[derive(Debug)]
pub struct MaildirInbox {
    path: PathBuf,
    /// Directories of [`Folder::ALL`], such as `.Needs a person`.
    targets: [String; 3],
    poll_every: Duration,
    max_size: u64,
    read_only: bool,
    /// `None` where the system grants no watch: polling does it alone then.
    watch: Option<Watch>,
    /// The names of the last listing; empty before the first.
    seen: HashSet<String>,
}

impl MaildirInbox {
    pub async fn connect(settings: &MaildirSettings) -> Result<Self, InboxError> {
        let path = settings.path.clone();
        let directory = |name, shown: &str| folders::directory(name, shown);
        let targets = [
            directory("folders.answered", &settings.folders.answered)?,
            directory("folders.needs-a-person", &settings.folders.needs_a_person)?,
            directory("folders.ignored", &settings.folders.ignored)?,
        ];
        // The watch first: what comes between the two is then seen by one of them.
        let watch = Watch::start(&path);
        if let Err(error) = &watch {
            tracing::warn!(%error, "the Maildir cannot be watched: new mail is looked for by polling alone");
        }
        let (root, names) = (path.clone(), targets.clone());
        let read_only = settings.read_only;
        blocking(move || {
            scan::entries(&root)?;
            if !read_only {
                names.iter().try_for_each(|name| folders::ensure(&root, name))?;
            }
            Ok(())
        })
        .await?;
        let (poll_every, max_size) = (settings.poll_every, settings.max_size);
        Ok(Self { path, targets, poll_every, max_size, read_only, watch: watch.ok(), seen: HashSet::new() })
    }

    /// Newer than `after` by modification time and name, and whatever was not there at the listing before.
    pub async fn list(&mut self, after: Option<&MailId>) -> Result<Vec<MailId>, InboxError> {
        if let Some(watch) = &self.watch {
            watch.forget();
        }
        let entries = self.entries().await?;
        let start = match after {
            Some(MailId::Maildir { name }) => scan::place_of(name, &entries),
            _ => None,
        };
        let fresh = |entry: &&Entry| match &start {
            None => true,
            Some(start) => entry.place() > *start || !self.seen.is_empty() && !self.seen.contains(&entry.name),
        };
        let ids = entries.iter().filter(fresh).map(|entry| MailId::Maildir { name: entry.name.clone() }).collect();
        self.seen = entries.into_iter().map(|entry| entry.name).collect();
        Ok(ids)
    }

    pub async fn fetch(&mut self, ids: &[MailId]) -> Result<(Vec<RawMail>, usize), InboxError> {
        let (path, names, max_size) = (self.path.clone(), names(ids), self.max_size);
        blocking(move || read::mails(&path, &names, max_size)).await
    }

    pub async fn file(&mut self, ids: &[MailId], folder: Folder) -> Result<(), InboxError> {
        if self.read_only {
            return Err(InboxError::ReadOnly(self.path.display().to_string()));
        }
        let [answered, needs_a_person, ignored] = &self.targets;
        let (target, flags) = match folder {
            Folder::Answered => (answered, "RS"),
            Folder::NeedsAPerson => (needs_a_person, "F"),
            Folder::Ignored => (ignored, "S"),
        };
        let (path, names, target) = (self.path.clone(), names(ids), target.clone());
        blocking(move || file::mails(&path, &names, &target, flags)).await
    }

    pub async fn wait(&mut self, wake: &Notify, stop: &CancellationToken) -> Result<Woken, InboxError> {
        let watched = async {
            match &self.watch {
                Some(watch) => watch.news().await,
                None => std::future::pending().await,
            }
        };
        Ok(tokio::select! {
            biased;
            () = stop.cancelled() => Woken::Stopped,
            () = wake.notified() => Woken::Asked,
            () = watched => Woken::NewMail,
            () = sleep(self.poll_every) => Woken::Tick,
        })
    }

    pub async fn check(&mut self) -> Result<(), InboxError> {
        self.entries().await.map(drop)
    }

    async fn entries(&self) -> Result<Vec<Entry>, InboxError> {
        let path = self.path.clone();
        blocking(move || scan::entries(&path)).await
    }
}

fn names(ids: &[MailId]) -> Vec<String> {
    ids.iter()
        .filter_map(|id| match id {
            MailId::Maildir { name } => Some(name.clone()),
            MailId::Imap { .. } => None,
        })
        .collect()
}

/// Disk work, which may be slow, away from the threads that serve the network.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T, InboxError> {
    spawn_blocking(work).await.map_err(|error| InboxError::Disk(error.into()))?.map_err(InboxError::Disk)
}
