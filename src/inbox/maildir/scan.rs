#![expect(clippy::disallowed_methods, reason = "reads the Maildir's directories")]
//! The mails of a Maildir, from `new` and `cur`, in order of arrival. It opens no mail.

use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use crate::mail::Millis;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// The unique part of the file name, before `:2,`.
    pub name: String,
    /// Letters after `:2,`.
    pub flags: String,
    pub path: PathBuf,
    pub modified_at: Millis,
    pub size: u64,
}

/// Where an entry stands in the order.
pub(super) type Place = (Millis, String);

impl Entry {
    pub fn place(&self) -> Place {
        (self.modified_at, self.name.clone())
    }
}

pub(super) fn entries(root: &Path) -> io::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    // `new` first: a mail that moves to `cur` meanwhile is seen twice rather than not at all.
    for part in ["new", "cur"] {
        for file in std::fs::read_dir(root.join(part))? {
            let file = file?;
            match entry(&file) {
                Ok(Some(entry)) => entries.push(entry),
                Ok(None) => {}
                // Taken away between the two looks.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
    }
    entries.sort_by_cached_key(Entry::place);
    entries.reverse();
    let mut names = std::collections::HashSet::new();
    entries.retain(|entry| names.insert(entry.name.clone()));
    entries.reverse();
    Ok(entries)
}

fn entry(file: &std::fs::DirEntry) -> io::Result<Option<Entry>> {
    let name = file.file_name().to_string_lossy().into_owned();
    let about = file.metadata()?;
    // A delivery renames a whole file; somebody who copies one by hand makes it empty first.
    if name.starts_with('.') || !about.is_file() || about.len() == 0 {
        return Ok(None);
    }
    let (name, flags) = match name.split_once(":2,") {
        Some((name, flags)) => (name.to_owned(), flags.to_owned()),
        None => (name, String::new()),
    };
    let modified_at = match about.modified()?.duration_since(UNIX_EPOCH) {
        Ok(since) => Millis::try_from(since.as_millis()).unwrap_or(Millis::MAX),
        Err(_) => 0,
    };
    Ok(Some(Entry { name, flags, path: file.path(), modified_at, size: about.len() }))
}

/// Where the mail `name` stands or, once it is filed, stood: a unique name begins with the second of its delivery.
/// `None` where that is not known.
pub(super) fn place_of(name: &str, entries: &[Entry]) -> Option<Place> {
    if let Some(entry) = entries.iter().find(|entry| entry.name == name) {
        return Some(entry.place());
    }
    let seconds: Millis = name.split('.').next()?.parse().ok()?;
    Some((seconds.checked_mul(1_000)?, String::new()))
}
