//! The sample mails, and their delivery into the demo's mailbox the way a mail server does it.
#![expect(clippy::disallowed_methods, reason = "the demo delivers into its own mailbox")]

use std::io;
use std::path::Path;

use include_dir::{Dir, include_dir};
use jiff::{Timestamp, fmt::rfc2822, tz::TimeZone};

use crate::mail::Mail;
use crate::service::now;

static SAMPLES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/samples");

#[derive(Debug)]
pub struct Sample {
    pub name: String,
    pub bytes: &'static [u8],
}

/// All samples, in the order of their names.
pub fn all() -> impl Iterator<Item = Sample> {
    let mut files: Vec<_> = SAMPLES
        .files()
        .filter(|file| file.path().extension().is_some_and(|ending| ending == "eml"))
        .map(|file| Sample { name: file.path().display().to_string(), bytes: file.contents() })
        .collect();
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files.into_iter()
}

/// Stamps `Return-Path`, `Delivered-To` and `Date` where they are missing, writes to `tmp`, renames to `new`.
pub fn deliver(dir: &Path, sample: &Sample, number: usize) -> io::Result<()> {
    let mail = Mail::parse(sample.bytes);
    let mut bytes = Vec::new();
    if mail.return_path.is_none() {
        let from = mail.from.first().map_or("", |from| from.email.as_str());
        bytes.extend_from_slice(format!("Return-Path: <{from}>\r\n").as_bytes());
    }
    if mail.date.is_none() {
        bytes.extend_from_slice(format!("Date: {}\r\n", date()).as_bytes());
    }
    bytes.extend_from_slice(sample.bytes);
    let name = format!("{}.{number}.{}", now(), sample.name);
    let mailbox = dir.join("mailbox");
    let draft = mailbox.join("tmp").join(&name);
    std::fs::write(&draft, bytes)?;
    std::fs::rename(draft, mailbox.join("new").join(name))
}

fn date() -> String {
    let now = Timestamp::from_millisecond(now()).unwrap_or(Timestamp::UNIX_EPOCH);
    rfc2822::to_string(&now.to_zoned(TimeZone::UTC)).unwrap_or_default()
}
