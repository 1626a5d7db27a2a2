//! Looks into a mailbox by IMAP, and does there what a person would do: file, flag, delete.
//!
//! A small client of its own, so that a fault in the service's client cannot hide behind the same fault here.

use std::io;
use std::path::Path;

use mail_parser::{Message, MessageParser};

use super::dialogue::Dialogue;
use super::office::PASSWORD;

/// A logged-in IMAP connection. Every method panics with the server's words when the server refuses.
pub struct Mailbox {
    dialogue: Dialogue,
    tag: u32,
}

/// A mail as it lies in a folder.
#[derive(Clone, Debug)]
pub struct Kept {
    pub uid: u32,
    /// As the server writes them: `\Seen`, `\Flagged`, `$Keyword`.
    pub flags: Vec<String>,
    pub bytes: Vec<u8>,
}

impl Kept {
    pub fn has_flag(&self, flag: &str) -> bool {
        self.flags.iter().any(|own| own.eq_ignore_ascii_case(flag))
    }

    pub fn is_unread(&self) -> bool {
        !self.has_flag("\\Seen")
    }

    /// Whether a line stands in the mail exactly so.
    pub fn has_line(&self, line: &str) -> bool {
        String::from_utf8_lossy(&self.bytes).lines().any(|known| known == line)
    }

    /// The first header of this name, unfolded and decoded, as text.
    pub fn header(&self, name: &str) -> Option<String> {
        let mail = self.parsed();
        let raw = mail.header_raw(name.to_owned())?;
        Some(mail.header(name.to_owned()).and_then(|value| value.as_text()).unwrap_or(raw).trim().to_owned())
    }

    pub fn subject(&self) -> String {
        self.parsed().subject().unwrap_or_default().to_owned()
    }

    /// The text part, decoded.
    pub fn text(&self) -> String {
        self.parsed().body_text(0).unwrap_or_default().into_owned()
    }

    fn parsed(&self) -> Message<'_> {
        MessageParser::default().parse(&self.bytes).expect("a mail")
    }
}

impl Mailbox {
    pub fn over_tls(port: u16, ca_file: &Path, user: &str) -> Self {
        Self::logged_in(Dialogue::tls(port, ca_file).expect("IMAP over TLS"), user)
    }

    pub fn over_starttls(port: u16, ca_file: &Path, user: &str) -> Self {
        let mut plain = Self { dialogue: Dialogue::tcp(port).expect("IMAP"), tag: 0 };
        plain.greeting();
        plain.ask("STARTTLS");
        let mut secure = Self { dialogue: plain.dialogue.start_tls(ca_file), tag: plain.tag };
        secure.login(user);
        secure
    }

    pub fn without_tls(port: u16, user: &str) -> Self {
        Self::logged_in(Dialogue::tcp(port).expect("IMAP"), user)
    }

    fn logged_in(dialogue: Dialogue, user: &str) -> Self {
        let mut mailbox = Self { dialogue, tag: 0 };
        mailbox.greeting();
        mailbox.login(user);
        mailbox
    }

    fn greeting(&mut self) {
        let line = self.dialogue.read_line().expect("greeting");
        assert!(line.starts_with("* OK"), "greeting: {line}");
    }

    fn login(&mut self, user: &str) {
        self.ask(&format!("LOGIN {} {PASSWORD}", quoted(user)));
    }

    /// Names of all folders, in the server's order and its spelling (modified UTF-7).
    pub fn folders(&mut self) -> Vec<String> {
        let answers = self.ask("LIST \"\" \"*\"");
        answers.iter().filter_map(|answer| last_string(answer.text.strip_prefix("* LIST ")?)).collect()
    }

    /// All mails of a folder, oldest first, without marking anything as read. No such folder: no mails.
    pub fn mails(&mut self, folder: &str) -> Vec<Kept> {
        if self.try_to_ask(&format!("EXAMINE {}", quoted(folder))).is_err() {
            return Vec::new();
        }
        let answers = self.ask("UID FETCH 1:* (UID FLAGS BODY.PEEK[])");
        // STATUS of a selected folder may tell of the past.
        self.ask("UNSELECT");
        answers.iter().filter_map(Kept::from_answer).collect()
    }

    /// How many mails a folder holds; far cheaper than `mails`. No such folder: none.
    pub fn count(&mut self, folder: &str) -> usize {
        self.status(folder, "MESSAGES").unwrap_or(0) as usize
    }

    /// The folder's UIDVALIDITY (RFC 3501, 2.3.1.1).
    pub fn uid_validity(&mut self, folder: &str) -> Option<u32> {
        self.status(folder, "UIDVALIDITY")
    }

    fn status(&mut self, folder: &str, item: &str) -> Option<u32> {
        let answers = self.try_to_ask(&format!("STATUS {} ({item})", quoted(folder))).ok()?;
        let status = answers.iter().find(|answer| answer.text.starts_with("* STATUS "))?;
        let (_, value) = status.text.rsplit_once(&format!("({item} "))?;
        value.trim_end_matches(')').parse().ok()
    }

    pub fn create_folder(&mut self, folder: &str) {
        self.ask(&format!("CREATE {}", quoted(folder)));
    }

    pub fn delete_folder(&mut self, folder: &str) {
        self.ask(&format!("DELETE {}", quoted(folder)));
    }

    pub fn rename_folder(&mut self, folder: &str, to: &str) {
        self.ask(&format!("RENAME {} {}", quoted(folder), quoted(to)));
    }

    /// `flags` as in `\Seen \Flagged`; may be empty.
    pub fn append(&mut self, folder: &str, flags: &str, mail: &[u8]) {
        self.start(&format!("APPEND {} ({flags}) {{{}}}", quoted(folder), mail.len()));
        let go_on = self.dialogue.read_line().expect("continuation");
        assert!(go_on.starts_with('+'), "APPEND: {go_on}");
        self.dialogue.write_bytes(mail).and_then(|()| self.dialogue.write_line("")).expect("APPEND");
        self.finish().expect("APPEND");
    }

    pub fn add_flags(&mut self, folder: &str, uid: u32, flags: &str) {
        self.ask(&format!("SELECT {}", quoted(folder)));
        self.ask(&format!("UID STORE {uid} +FLAGS ({flags})"));
        self.ask("UNSELECT");
    }

    pub fn move_mail(&mut self, folder: &str, uid: u32, to: &str) {
        self.ask(&format!("SELECT {}", quoted(folder)));
        self.ask(&format!("UID MOVE {uid} {}", quoted(to)));
        self.ask("UNSELECT");
    }

    pub fn delete_mail(&mut self, folder: &str, uid: u32) {
        self.add_flags(folder, uid, "\\Deleted");
        self.ask(&format!("SELECT {}", quoted(folder)));
        self.ask(&format!("UID EXPUNGE {uid}"));
        self.ask("UNSELECT");
    }

    #[track_caller]
    fn ask(&mut self, command: &str) -> Vec<Answer> {
        self.try_to_ask(command).unwrap_or_else(|refusal| panic!("{command}: {refusal}"))
    }

    /// The untagged answers, or the tagged refusal.
    fn try_to_ask(&mut self, command: &str) -> Result<Vec<Answer>, String> {
        self.start(command);
        self.finish()
    }

    fn start(&mut self, command: &str) {
        self.tag += 1;
        self.dialogue.write_line(&format!("t{} {command}", self.tag)).expect("IMAP connection");
    }

    fn finish(&mut self) -> Result<Vec<Answer>, String> {
        let tag = format!("t{} ", self.tag);
        let mut untagged = Vec::new();
        loop {
            let answer = self.answer().expect("IMAP connection");
            match answer.text.strip_prefix(&tag) {
                None => untagged.push(answer),
                Some(status) if status.starts_with("OK") => return Ok(untagged),
                Some(status) => return Err(status.to_owned()),
            }
        }
    }

    /// One answer with its literals (RFC 3501, 4.3), each of which stands as `{length}` in the text.
    fn answer(&mut self) -> io::Result<Answer> {
        let mut answer = Answer { text: String::new(), literals: Vec::new() };
        loop {
            let line = self.dialogue.read_line()?;
            answer.text.push_str(&line);
            let Some(length) = literal_length(&line) else { return Ok(answer) };
            answer.literals.push(self.dialogue.read_bytes(length)?);
        }
    }
}

struct Answer {
    text: String,
    literals: Vec<Vec<u8>>,
}

impl Kept {
    fn from_answer(answer: &Answer) -> Option<Self> {
        let bytes = answer.literals.first()?.clone();
        let uid = between(&answer.text, "UID ", &[' ', ')'])?.parse().ok()?;
        let flags = between(&answer.text, "FLAGS (", &[')'])?.split_whitespace().map(str::to_owned).collect();
        Some(Self { uid, flags, bytes })
    }
}

fn between<'a>(text: &'a str, before: &str, ends: &[char]) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    rest.split(ends).next()
}

fn literal_length(line: &str) -> Option<usize> {
    line.strip_suffix('}')?.rsplit_once('{')?.1.parse().ok()
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The last word of a LIST answer: quoted or an atom.
fn last_string(list: &str) -> Option<String> {
    match list.strip_suffix('"') {
        Some(inner) => Some(inner.rsplit_once(" \"")?.1.replace("\\\"", "\"").replace("\\\\", "\\")),
        None => Some(list.rsplit_once(' ')?.1.to_owned()),
    }
}
