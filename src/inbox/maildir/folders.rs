#![expect(clippy::disallowed_methods, reason = "creates the folders of handled mail")]
//! Maildir++ folders: their directory names, and making them where they are missing. It moves no mail.

use std::io::{self, Write};
use std::path::Path;

use crate::inbox::{InboxError, utf7};

/// `Needs a person` is `.Needs a person`; `/` parts levels, which Maildir++ writes as dots.
pub(super) fn directory(setting: &'static str, shown: &str) -> Result<String, InboxError> {
    let levels: Vec<&str> = shown.split('/').collect();
    let bad = |level: &&str| level.trim().is_empty() || level.contains('.') || level.chars().any(char::is_control);
    if levels.iter().any(bad) {
        let what = format!("{shown:?} is no folder name: no empty levels, dots and control characters");
        return Err(InboxError::Settings { name: setting, what });
    }
    // The comma of modified UTF-7 stands for its slash, so that none is left here.
    Ok(format!(".{}", utf7::encode(&levels.join("."))))
}

/// Creates the folder and subscribes it where it is missing.
pub(super) fn ensure(root: &Path, directory: &str) -> io::Result<()> {
    let folder = root.join(directory);
    if folder.join("cur").is_dir() {
        return Ok(());
    }
    for part in ["tmp", "new", "cur"] {
        std::fs::create_dir_all(folder.join(part))?;
    }
    // By this empty file delivery agents know that it is a folder and no mailbox of its own.
    std::fs::write(folder.join("maildirfolder"), "")?;
    subscribe(root, directory.trim_start_matches('.'))
}

/// Dovecot's `subscriptions`: one name per line; under the header `V\t2` levels are parted by tabs.
fn subscribe(root: &Path, name: &str) -> io::Result<()> {
    let path = root.join("subscriptions");
    let known = match std::fs::read_to_string(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        other => other?,
    };
    let name = if known.starts_with("V\t2") { name.replace('.', "\t") } else { name.to_owned() };
    if known.lines().any(|line| line == name) {
        return Ok(());
    }
    let start = if known.is_empty() || known.ends_with('\n') { "" } else { "\n" };
    let mut file = std::fs::OpenOptions::new().append(true).create(true).open(&path)?;
    file.write_all(format!("{start}{name}\n").as_bytes())
}
