//! Chooses the text parts of a mail and reads them as lines: one text per mail, never both twins of an alternative.
//! It opens no attachments, and no mails inside the mail.

use mail_parser::{Encoding, Message, MessagePart, MimeHeaders, PartType};

use super::charset::{base64, decode, quoted_printable};
use super::clean::{Line, plain_lines};
use super::html::html_lines;

/// What is considered of one text part, and of all; nobody reads more.
const LONGEST_PART: usize = 200_000;
const MOST_PARTS: usize = 20;

/// The lines of the mail's text: plain where it says anything, else HTML.
pub(super) fn text_lines(message: &Message<'_>, raw: &[u8]) -> Vec<Line> {
    let plain = lines(message, raw, &message.text_body);
    if !is_stub(&plain) {
        return plain;
    }
    let html = lines(message, raw, &message.html_body);
    if has_words(&html) {
        return html;
    }
    // The parser takes the last part of a mail that breaks off for an attachment.
    if has_words(&plain) { plain } else { stranded(message, raw) }
}

fn has_words(lines: &[Line]) -> bool {
    lines.iter().any(|line| !line.text.trim().is_empty())
}

/// Text parts that nothing declares to be attachments, where no part counts as the mail's text.
fn stranded(message: &Message<'_>, raw: &[u8]) -> Vec<Line> {
    let texts = |html: bool| -> Vec<u32> {
        let parts = (0u32..).zip(&message.parts).filter(|(_, part)| match part.content_type() {
            Some(kind) => {
                let wanted = if html { "html" } else { "plain" };
                kind.ctype() == "text" && kind.subtype() == Some(wanted) && !kind.has_attribute("name")
            }
            None => !html,
        });
        parts.map(|(id, _)| id).take(1).collect()
    };
    let plain = lines(message, raw, &texts(false));
    if has_words(&plain) { plain } else { lines(message, raw, &texts(true)) }
}

fn lines(message: &Message<'_>, raw: &[u8], parts: &[u32]) -> Vec<Line> {
    let mut all: Vec<Line> = Vec::new();
    let texts = parts.iter().filter_map(|&id| message.parts.get(id as usize)).filter(|part| is_read(part));
    for part in texts.take(MOST_PARTS) {
        let text = part_text(part, raw);
        let mut more = match part.body {
            PartType::Html(_) => html_lines(&text),
            _ => plain_lines(&text),
        };
        if !all.is_empty() && !more.is_empty() {
            all.push(Line::default());
        }
        all.append(&mut more);
    }
    all
}

fn is_read(part: &MessagePart<'_>) -> bool {
    matches!(part.body, PartType::Text(_) | PartType::Html(_))
        && !part.content_disposition().is_some_and(|disposition| disposition.is_attachment())
}

/// An empty text, or one that only says that the mail is in HTML.
fn is_stub(lines: &[Line]) -> bool {
    let text: String = lines.iter().flat_map(|line| line.text.chars()).take(400).collect();
    let text = text.trim().to_lowercase();
    text.is_empty()
        || text.chars().count() < 300
            && text.contains("html")
            && [
                "view", "display", "support", "read", "anzeigen", "afficher", "ver ", "查看", "表示", "viewer",
                "client",
            ]
            .iter()
            .any(|word| text.contains(word))
            && ["message", "mail", "邮件", "メール", "mensaje", "mensagem", "nachricht"]
                .iter()
                .any(|word| text.contains(word))
            && !text.contains('?')
}

/// The part's text. Where no charset is declared, or it shows to be wrong, the bytes are decoded anew by guess.
fn part_text(part: &MessagePart<'_>, raw: &[u8]) -> String {
    let text = part.text_contents().unwrap_or("");
    let charset = part.content_type().and_then(|kind| kind.attribute("charset")).unwrap_or("");
    let doubtful = matches!(charset.to_ascii_lowercase().as_str(), "" | "us-ascii" | "ascii" | "iso-8859-1");
    if text.is_ascii() || !(doubtful || text.contains('\u{fffd}')) {
        return cut(text).to_owned();
    }
    let bytes = raw.get(part.offset_body as usize..part.offset_end as usize).unwrap_or(&[]);
    let bytes = bytes.get(..LONGEST_PART * 4).unwrap_or(bytes);
    let decoded = match part.encoding {
        Encoding::None => decode(bytes, charset),
        Encoding::QuotedPrintable => decode(&quoted_printable(bytes, false), charset),
        Encoding::Base64 => decode(&base64(bytes), charset),
    };
    cut(&decoded).to_owned()
}

pub(super) fn cut(text: &str) -> &str {
    let mut end = text.len().min(LONGEST_PART);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or("")
}
