//! Reads labelled mails one at a time: JSON lines, folders of them, folders of .eml named by outcome, mbox. It holds no more than one
//! mail in memory.
#![expect(clippy::disallowed_methods, reason = "a tool that reads the files it is given")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use serde::Deserialize;

/// A mail and the outcomes that are right for it.
#[derive(Clone, Debug, Default)]
pub struct Labelled {
    /// File and line, or id.
    pub name: String,
    pub bytes: Vec<u8>,
    /// A cause, `escalate` or `ignore`; empty where nobody has said.
    pub expect: String,
    pub accept: Vec<String>,
    /// Language as labelled, else empty.
    pub language: String,
}

/// One line of a corpus file.
#[derive(Deserialize)]
struct Row {
    id: String,
    #[serde(default)]
    lang: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    subject: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    body: String,
    #[serde(default)]
    html: Option<String>,
    #[serde(default)]
    expect: String,
    #[serde(default)]
    accept: Vec<String>,
}

/// Hands every mail of `path` to `give`, in order, until it says false.
pub fn read(path: &Path, give: &mut impl FnMut(Labelled) -> bool) -> io::Result<()> {
    if path.is_dir() {
        let mut entries: Vec<_> =
            std::fs::read_dir(path)?.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
        entries.sort();
        for entry in entries {
            let is = |ending| entry.extension().is_some_and(|found| found == ending);
            let is_mail = is("eml");
            if entry.is_dir() || is("jsonl") {
                read(&entry, give)?;
            } else if is_mail && !give(eml(&entry)?) {
                return Ok(());
            }
        }
        return Ok(());
    }
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("jsonl") => lines(path, give),
        Some("eml") => {
            give(eml(path)?);
            Ok(())
        }
        _ => mbox(path, give),
    }
}

/// The name of the folder is the outcome.
fn eml(path: &Path) -> io::Result<Labelled> {
    let folder = path.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    let name = path.display().to_string();
    Ok(Labelled { name, bytes: std::fs::read(path)?, expect: folder.unwrap_or_default(), ..Labelled::default() })
}

fn lines(path: &Path, give: &mut impl FnMut(Labelled) -> bool) -> io::Result<()> {
    for (number, line) in BufReader::new(File::open(path)?).lines().enumerate() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let row: Row = serde_json::from_str(&line)
            .map_err(|error| io::Error::other(format!("{}:{}: {error}", path.display(), number + 1)))?;
        let bytes = mail_of(&row);
        let more = Labelled { name: row.id, bytes, expect: row.expect, accept: row.accept, language: row.lang };
        if !give(more) {
            break;
        }
    }
    Ok(())
}

/// The mail that a row describes, as it would arrive. Headers stay unencoded UTF-8 (RFC 6532).
fn mail_of(row: &Row) -> Vec<u8> {
    let mut mail = String::new();
    let one_line = |text: &str| text.replace(['\r', '\n'], " ");
    for (name, value) in &row.headers {
        // Writing to a String cannot fail.
        _ = writeln!(mail, "{name}: {}", one_line(value));
    }
    _ = writeln!(mail, "From: {}\nSubject: {}\nMIME-Version: 1.0", one_line(&row.from), one_line(&row.subject));
    let has_type = row.headers.keys().any(|name| name.eq_ignore_ascii_case("content-type"));
    match &row.html {
        _ if has_type => _ = write!(mail, "\n{}", row.body),
        Some(html) if row.body.trim().is_empty() => {
            _ = write!(mail, "Content-Type: text/html; charset=utf-8\n\n{html}");
        }
        Some(html) => {
            let text = &row.body;
            _ = write!(
                mail,
                "Content-Type: multipart/alternative; boundary=\"=_twins\"\n\n--=_twins\n\
                 Content-Type: text/plain; charset=utf-8\n\n{text}\n--=_twins\n\
                 Content-Type: text/html; charset=utf-8\n\n{html}\n--=_twins--\n"
            );
        }
        None => _ = write!(mail, "Content-Type: text/plain; charset=utf-8\n\n{}", row.body),
    }
    mail.into_bytes()
}

/// Mails parted by lines that start with `From ` (RFC 4155). Nobody has labelled them.
fn mbox(path: &Path, give: &mut impl FnMut(Labelled) -> bool) -> io::Result<()> {
    let mut reader = BufReader::new(File::open(path)?);
    let (mut bytes, mut line, mut number) = (Vec::new(), Vec::new(), 0);
    let mut is_blank_before = true;
    loop {
        line.clear();
        let is_end = reader.read_until(b'\n', &mut line)? == 0;
        if is_end || (is_blank_before && line.starts_with(b"From ")) {
            if !bytes.is_empty() {
                number += 1;
                let name = format!("{} mail {number}", path.display());
                let mail = Labelled { name, bytes: std::mem::take(&mut bytes), ..Labelled::default() };
                if !give(mail) {
                    return Ok(());
                }
            }
            if is_end {
                return Ok(());
            }
            continue;
        }
        is_blank_before = line.iter().all(u8::is_ascii_whitespace);
        // `>From ` at the start of a line was `From ` (mboxrd).
        let quoted = line.strip_prefix(b">").filter(|rest| rest.trim_ascii_start().starts_with(b"From "));
        bytes.extend_from_slice(quoted.unwrap_or(&line));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_corpus_is_read() {
        let dir = tempfile::tempdir().expect("a folder");
        let put = |name: &str, text: &str| {
            let path = dir.path().join(name);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            std::fs::write(&path, text).expect("written");
            path
        };
        put("all/escalate/a.eml", "Subject: a\n\nx\n");
        let boxed = put("all.mbox", "From a@b Mon\nSubject: one\n\nx\n>From here\n\nFrom c@d Tue\nSubject: two\n\ny\n");
        let rows = put("all.jsonl", "{\"id\":\"r1\",\"subject\":\"s\",\"body\":\"b\",\"expect\":\"ignore\"}\n\n");
        let names = |path: &Path| {
            let mut seen = Vec::new();
            read(path, &mut |mail| {
                seen.push((mail.expect.clone(), String::from_utf8_lossy(&mail.bytes).into_owned()));
                true
            })
            .expect("read");
            seen
        };
        assert_eq!(names(&dir.path().join("all")), [("escalate".into(), "Subject: a\n\nx\n".into())]);
        let boxed = names(&boxed);
        assert_eq!(boxed.len(), 2);
        assert!(boxed[0].1.contains("\nFrom here"), "{boxed:?}");
        assert_eq!(names(&rows)[0].0, "ignore");
    }
}
