//! Moves handled mails of a Maildir to their folder, each by one rename, so that it is always in exactly one.
//! A mail that is gone is no error.

use std::collections::HashMap;
use std::io;
use std::path::Path;

use super::folders;
use super::scan::{self, Entry};

pub(super) fn mails(root: &Path, names: &[String], target: &str, flags: &str) -> io::Result<()> {
    let mut entries = by_name(root)?;
    for name in names {
        let Some(entry) = entries.get(name) else { continue };
        match one(root, entry, target, flags) {
            // Either the mail has been renamed by somebody, or the folder has been removed.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                folders::ensure(root, target)?;
                entries = by_name(root)?;
                match entries.get(name).map(|entry| one(root, entry, target, flags)) {
                    Some(Err(error)) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                    _ => {}
                }
            }
            other => other?,
        }
    }
    Ok(())
}

fn by_name(root: &Path) -> io::Result<HashMap<String, Entry>> {
    Ok(scan::entries(root)?.into_iter().map(|entry| (entry.name.clone(), entry)).collect())
}

#[expect(clippy::disallowed_methods, reason = "renames a mail's file")]
fn one(root: &Path, entry: &Entry, target: &str, flags: &str) -> io::Result<()> {
    // cr.yp.to/proto/maildir.html: flags in ASCII order, each once.
    let mut letters: Vec<char> = entry.flags.chars().chain(flags.chars()).collect();
    letters.sort_unstable();
    letters.dedup();
    let name = format!("{}:2,{}", entry.name, letters.into_iter().collect::<String>());
    std::fs::rename(&entry.path, root.join(target).join("cur").join(name))
}
