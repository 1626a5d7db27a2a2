//! Reads an e-mail as patterns may see it: decodes, cleans, detects the language, tells person from machine.
//! It does not judge what the mail is about, and touches neither network, disk nor clock.

mod address;
mod charset;
mod clean;
pub mod fold;
mod fold_chars;
mod fold_han;
mod headers;
mod history;
mod html;
mod html_marks;
mod language;
mod language_words;
mod limit;
mod origin;
mod parse;
mod parts;
mod report;
mod signature;
pub mod signs;
mod subject;
mod words;

pub use language::{chinese, likeliest};

use serde::{Deserialize, Serialize};

/// The header that marks our own mail: `reply` writes it, `Mail::parse` reads it.
pub const MARKER: &str = "X-Paytriage";

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type Millis = i64;

/// Where a mail lies: its identity for the watched folder, never its Message-ID.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MailId {
    /// RFC 9051 section 2.3.1.1: UIDVALIDITY and UID.
    Imap { uid_validity: u32, uid: u32 },
    /// The unique part of the file name, before `:2,`.
    Maildir { name: String },
}

impl std::fmt::Display for MailId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Imap { uid_validity, uid } => write!(f, "imap:{uid_validity}:{uid}"),
            Self::Maildir { name } => write!(f, "maildir:{name}"),
        }
    }
}

impl std::str::FromStr for MailId {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        if let Some(name) = text.strip_prefix("maildir:") {
            return Ok(Self::Maildir { name: name.to_owned() });
        }
        let (uid_validity, uid) = text.strip_prefix("imap:").and_then(|rest| rest.split_once(':')).ok_or(())?;
        Ok(Self::Imap { uid_validity: uid_validity.parse().map_err(drop)?, uid: uid.parse().map_err(drop)? })
    }
}

/// A mail as fetched.
#[derive(Clone, Debug)]
pub struct RawMail {
    pub id: MailId,
    /// The whole mail, or its header section alone where `whole` is false.
    pub bytes: Vec<u8>,
    /// False where the mail was larger than the size limit.
    pub whole: bool,
    /// When the server took it (INTERNALDATE, or the file's modification time).
    pub arrived_at: Millis,
}

/// One address, `local@domain`; the domain is in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Address {
    /// Decoded display name, empty where there is none.
    pub name: String,
    pub email: String,
}

/// The field that a piece of text comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    Subject,
    Body,
}

/// What shows that no person wrote the mail, or may not have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sign {
    /// Closed list, kebab-case: `auto-submitted`, `null-return-path`, `delivery-report`, `list-header`, …
    pub id: &'static str,
    /// The header or words that gave it away, shortened.
    pub detail: String,
}

/// Who wrote it, so far as the mail itself tells.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub enum Origin {
    #[default]
    Person,
    /// A hard sign: never answered, no person is asked (`SAFETY` section 1).
    Machine(Sign),
}

/// What a delivery report says of the mail that could not be delivered (RFC 3464).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeliveryReport {
    /// `Message-ID` of the reported mail, without angle brackets, where the report includes its headers.
    pub message_id: Option<String>,
    /// `Final-Recipient` or `X-Failed-Recipients`, lower case.
    pub recipient: Option<String>,
}

/// What the customer wrote now, as it is shown to people; evidence spans are byte offsets into `shown`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// Subject (cleaned of `Re:` and the like), a line break, then the body without quotes and signature.
    pub shown: String,
    /// Bytes of `shown` that belong to the subject, the line break not included.
    pub subject_len: usize,
}

impl Text {
    pub fn field_at(&self, offset: usize) -> Field {
        if offset < self.subject_len { Field::Subject } else { Field::Body }
    }
    pub fn subject(&self) -> &str {
        self.shown.get(..self.subject_len).unwrap_or("")
    }
    pub fn body(&self) -> &str {
        self.shown.get(self.subject_len..).unwrap_or("").trim_start_matches('\n')
    }
}

/// An e-mail as the other rooms see it. Ids are without angle brackets.
#[derive(Clone, Debug, Default)]
pub struct Mail {
    pub from: Vec<Address>,
    pub reply_to: Vec<Address>,
    /// To, Cc, Resent-To, Resent-Cc, Delivered-To, X-Original-To; lower case.
    pub recipients: Vec<String>,
    /// `Some("")` is the null return path; `None`: the server recorded none.
    pub return_path: Option<String>,
    /// Decoded, unfolded, as written.
    pub subject: String,
    pub message_id: Option<String>,
    pub in_reply_to: Vec<String>,
    pub references: Vec<String>,
    pub date: Option<Millis>,
    /// How many `Received` headers.
    pub hops: usize,
    /// Values of `Authentication-Results`, topmost first, unparsed.
    pub authentication: Vec<String>,
    /// Value of our own marker header, if the mail carries it.
    pub marker: Option<String>,
    pub text: Text,
    /// What was cut away from the text, for people to see.
    pub quoted: String,
    pub forwarded: String,
    pub signature: String,
    /// ISO 639-1 code (`zh-Hans` / `zh-Hant` for Chinese, `und` for an unknown script), `None` when unsure.
    pub language: Option<String>,
    pub origin: Origin,
    /// Soft signs: a person may stand behind it, no automatic reply.
    pub soft_signs: Vec<Sign>,
    pub delivery_report: Option<DeliveryReport>,
    /// How many parts are attachments or pictures.
    pub attachments: usize,
    /// False where the bytes could not be read as a mail at all.
    pub readable: bool,
}
