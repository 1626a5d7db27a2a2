//! Bytes to [`Mail`]: puts together what the other files of this room find.
//! It is total: what cannot be read stays empty, and nothing panics.

use std::panic::{AssertUnwindSafe, catch_unwind};

use mail_parser::{DateTime, Message, MessageParser};

use super::clean::{Context, Line, clean, plain_lines, tidy};
use super::headers::{Headers, ids};
use super::limit::limited;
use super::origin::{Structure, judge};
use super::parts::{cut, text_lines};
use super::subject::subject;
use super::{MARKER, Mail, Origin, Text, address, charset, language, report, signs};

const LONGEST_SUBJECT: usize = 2_000;

impl Mail {
    /// Reads a mail, or its header section alone. Never panics; `readable` is false where nothing was found.
    pub fn parse(bytes: &[u8]) -> Self {
        let headers = Headers::scan(bytes);
        let mut mail = from_headers(&headers);
        if catch_unwind(AssertUnwindSafe(|| read_body(&mut mail, &headers, bytes))).is_err() {
            // Whatever was half read is not to be believed.
            mail = from_headers(&headers);
            mail.readable = false;
            mail.text = shown(&subject(&mail.subject).words, "");
            judge(&mut mail, &headers, Structure::default());
        }
        mail
    }
}

fn from_headers(headers: &Headers) -> Mail {
    let addresses = |name: &str| headers.raw(name).flat_map(address::addresses).collect::<Vec<_>>();
    let all_ids = |name| headers.all(name).flat_map(|value| ids(&value)).take(500).collect();
    Mail {
        from: addresses("from"),
        reply_to: addresses("reply-to"),
        recipients: ["to", "cc", "resent-to", "resent-cc", "delivered-to", "x-original-to"]
            .into_iter()
            .flat_map(addresses)
            .map(|address| address.email.to_lowercase())
            .collect(),
        return_path: headers.first("return-path").map(|value| {
            let inner = value.trim().trim_start_matches('<').trim_end_matches('>');
            address::email_of(inner).unwrap_or_else(|| inner.trim().to_owned())
        }),
        subject: one_line(&headers.first("subject").unwrap_or_default()),
        message_id: headers.all("message-id").find_map(|value| ids(&value).into_iter().next()),
        in_reply_to: all_ids("in-reply-to"),
        references: all_ids("references"),
        date: headers.first("date").and_then(|value| date(&value)),
        hops: headers.raw("received").count(),
        authentication: headers.all("authentication-results").collect(),
        marker: headers.first(&MARKER.to_ascii_lowercase()),
        readable: !headers.is_empty(),
        ..Mail::default()
    }
}

/// Subjects are shown on one line; one longer than any person writes is cut.
fn one_line(value: &str) -> String {
    let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
    value.chars().filter(|c| !c.is_control()).take(LONGEST_SUBJECT).collect()
}

fn date(value: &str) -> Option<i64> {
    let date = DateTime::parse_rfc822(value)?;
    date.is_valid().then(|| date.to_timestamp().checked_mul(1_000)).flatten()
}

fn read_body(mail: &mut Mail, headers: &Headers, bytes: &[u8]) {
    let bytes = limited(bytes);
    let message = MessageParser::default().parse(bytes);
    let lines = lines(message.as_ref(), headers, bytes);
    let subject = subject(&mail.subject);
    let context = Context {
        forwards: subject.forwards,
        answers: subject.answers || !mail.in_reply_to.is_empty() || !mail.references.is_empty(),
    };
    let cleaned = clean(&lines, context);
    mail.text = shown(&subject.words, &cleaned.own);
    mail.language = told(&mail.text).map(str::to_owned);
    (mail.quoted, mail.forwarded, mail.signature) = (cleaned.quoted, cleaned.forwarded, cleaned.signature);
    mail.attachments = message.as_ref().map_or(0, |message| message.attachments.len());
    let structure = message.as_ref().map(report::structure).unwrap_or_default();
    judge(mail, headers, structure);
    if let Origin::Machine(sign) = &mail.origin
        && [signs::DELIVERY_REPORT, signs::READ_RECEIPT, signs::MAIL_SYSTEM_SENDER].contains(&sign.id)
    {
        let all: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
        mail.delivery_report = Some(report::read(message.as_ref(), headers, &all.join("\n")));
    }
}

/// The lines of the text parts. A multipart without its boundary has none: then its body is read as it stands.
fn lines(message: Option<&Message<'_>>, headers: &Headers, bytes: &[u8]) -> Vec<Line> {
    let Some(message) = message else { return Vec::new() };
    let lines = text_lines(message, bytes);
    let multipart =
        headers.first("content-type").is_some_and(|kind| kind.to_ascii_lowercase().starts_with("multipart/"));
    if message.parts.len() > 1 || !multipart || lines.iter().any(|line| !line.text.trim().is_empty()) {
        return lines;
    }
    let start = message.parts.first().map_or(bytes.len(), |part| part.offset_body as usize);
    let body = bytes.get(start..).unwrap_or(&[]);
    plain_lines(cut(&charset::decode(body.get(..400_000).unwrap_or(body), "")))
}

fn shown(subject: &str, body: &str) -> Text {
    let subject = tidy(subject).replace('\n', " ");
    Text { subject_len: subject.len(), shown: format!("{subject}\n{body}") }
}

/// The body tells the language: subjects are often an error message. Only a body of next to no words needs them.
fn told(text: &Text) -> Option<&'static str> {
    let letters = text.body().chars().filter(|c| c.is_alphabetic()).take(12).count();
    if letters >= 12 { language::language(text.body()) } else { None }.or_else(|| language::language(&text.shown))
}

#[cfg(test)]
#[path = "parse_tests.rs"]
mod tests;
