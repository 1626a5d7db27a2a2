//! Reads mails of a Maildir into memory, large ones with their header section alone. It marks nothing as read.

use std::collections::HashMap;
use std::io::{self, Read};
use std::path::Path;

use super::scan::{self, Entry};
use crate::inbox::{LONGEST_HEADER, first_round, keep_header};
use crate::mail::{MailId, RawMail};

/// One round from the front of `names` and how many of them were dealt with; those that are gone are absent.
pub(super) fn mails(root: &Path, names: &[String], max_size: u64) -> io::Result<(Vec<RawMail>, usize)> {
    let mut mails = Vec::with_capacity(names.len());
    let mut entries = by_name(root)?;
    let cost = |name: &String| entries.get(name).map_or(0, |entry| entry.size.min(max_size));
    let dealt_with = first_round(names.iter().map(cost));
    for name in names.iter().take(dealt_with) {
        let mut mail = entries.get(name).map(|entry| mail(entry, max_size));
        if mail.as_ref().is_some_and(is_gone) {
            // A mail program has moved it from `new` to `cur` or changed its flags.
            entries = by_name(root)?;
            mail = entries.get(name).map(|entry| self::mail(entry, max_size)).filter(|mail| !is_gone(mail));
        }
        mails.extend(mail.transpose()?);
    }
    Ok((mails, dealt_with))
}

fn by_name(root: &Path) -> io::Result<HashMap<String, Entry>> {
    Ok(scan::entries(root)?.into_iter().map(|entry| (entry.name.clone(), entry)).collect())
}

fn is_gone<T>(result: &io::Result<T>) -> bool {
    matches!(result, Err(error) if error.kind() == io::ErrorKind::NotFound)
}

fn mail(entry: &Entry, max_size: u64) -> io::Result<RawMail> {
    let whole = entry.size <= max_size;
    let mut bytes = Vec::new();
    let limit = if whole { max_size } else { LONGEST_HEADER as u64 };
    open(&entry.path)?.take(limit).read_to_end(&mut bytes)?;
    if !whole {
        keep_header(&mut bytes);
    }
    let id = MailId::Maildir { name: entry.name.clone() };
    Ok(RawMail { id, bytes, whole, arrived_at: entry.modified_at })
}

#[expect(clippy::disallowed_methods, reason = "opens a mail's file")]
fn open(path: &Path) -> io::Result<std::fs::File> {
    std::fs::File::open(path)
}
