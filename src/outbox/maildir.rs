//! Delivers into a Maildir: written to `tmp`, synced, then renamed to `new`, so that a reader never sees half a mail.
#![expect(clippy::disallowed_methods, reason = "this room writes files")]

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::Sent;
use crate::reply::Outgoing;

#[derive(Debug)]
pub struct Courier {
    path: PathBuf,
}

impl Courier {
    pub fn new(path: PathBuf) -> Self {
        Self { path }
    }

    pub async fn send(&self, mail: &Outgoing) -> Sent {
        let (path, mail) = (self.path.clone(), mail.clone());
        match tokio::task::spawn_blocking(move || deliver(&path, &mail)).await {
            Ok(Ok(name)) => Sent::Accepted { answer: format!("delivered as {name}") },
            Ok(Err(error)) => Sent::Deferred { answer: format!("the Maildir cannot be written: {error}") },
            Err(error) => Sent::Unknown { answer: format!("the delivery broke off: {error}") },
        }
    }
}

/// The name comes from the Message-ID, which is chosen once: a repeated delivery replaces itself.
fn deliver(path: &Path, mail: &Outgoing) -> io::Result<String> {
    for part in ["tmp", "new", "cur"] {
        std::fs::create_dir_all(path.join(part))?;
    }
    let name: String =
        mail.message_id.chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '_' }).collect();
    let draft = path.join("tmp").join(&name);
    let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).open(&draft)?;
    // What the relay would add: the envelope, as the final delivery does (RFC 5321 section 4.4).
    let head = format!("Return-Path: <{}>\r\nDelivered-To: {}\r\n", mail.envelope_sender, mail.to);
    file.write_all(head.as_bytes())?;
    file.write_all(&mail.bytes)?;
    file.sync_all()?;
    std::fs::rename(&draft, path.join("new").join(&name))?;
    Ok(name)
}
