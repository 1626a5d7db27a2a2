//! Cuts a mail before the place where parsing it would cost more than it may: too many parts, encoded nested mails.
//! It parses nothing itself; what stands before the cut is read as usual.

use super::headers::Headers;

/// Parts of a mail that are read. Each may hold the next, and nesting costs stack: no part nests without a field.
const MOST_PARTS: usize = 1_000;

/// The mail up to its thousandth `Content-Type`, or to the first nested mail that is encoded. RFC 2046 section 5.2.1
/// forbids that encoding; the parser undoes it all the same, and the nesting inside cannot be counted from here.
pub(super) fn limited(bytes: &[u8]) -> &[u8] {
    let (mut offset, mut block, mut parts) = (0, 0, 0);
    let (mut described, mut digest) = (false, false);
    for line in bytes.split_inclusive(|&b| b == b'\n') {
        if line.trim_ascii().is_empty() {
            if described && hides_a_mail(bytes.get(block..offset).unwrap_or(&[]), &mut digest) {
                return bytes.get(..block).unwrap_or(bytes);
            }
            described = false;
            block = offset + line.len();
        } else if starts(line, b"content-type") {
            described = true;
            parts += 1;
            if parts > MOST_PARTS {
                return bytes.get(..offset).unwrap_or(bytes);
            }
        } else if starts(line, b"content-transfer-encoding") {
            described = true;
        } else if line.starts_with(b"--") {
            block = offset;
        }
        offset += line.len();
    }
    bytes
}

fn starts(line: &[u8], name: &[u8]) -> bool {
    line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
}

/// `digest`: a part before was one; what it holds are mails without saying so (RFC 2046 section 5.1.5).
fn hides_a_mail(block: &[u8], digest: &mut bool) -> bool {
    let headers = Headers::scan(block);
    let bare = |value: String| value.to_ascii_lowercase().split_whitespace().collect::<String>();
    let encoded = headers.all("content-transfer-encoding").any(|value| {
        let value = bare(value);
        value.contains("base64") || value.contains("quoted")
    });
    let mut kinds = headers.all("content-type").map(bare).peekable();
    let mail = if kinds.peek().is_none() {
        *digest
    } else {
        let kinds: Vec<String> = kinds.collect();
        *digest |= kinds.iter().any(|kind| kind.contains("digest"));
        kinds
            .iter()
            .any(|kind| kind.contains("rfc822") && !kind.contains("headers") || kind.starts_with("message/global"))
    };
    encoded && mail
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::Mail;

    #[test]
    fn an_ordinary_mail_is_whole() {
        let mail = b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html; name=message.html\n\
            Content-Transfer-Encoding: base64\n\nPGI+\n--b\nContent-Type: message/rfc822\n\nSubject: x\n\n--b--\n";
        assert_eq!(limited(mail).len(), mail.len());
    }

    #[test]
    fn mails_nested_in_an_encoding_are_left_out() {
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let nested = "Content-Type: message/rfc822\n\n".repeat(60_000);
        let encoded: String = nested
            .as_bytes()
            .chunks_exact(3)
            .flat_map(|c| {
                let bits = u32::from(c[0]) << 16 | u32::from(c[1]) << 8 | u32::from(c[2]);
                [18, 12, 6, 0].map(|shift| alphabet[(bits >> shift & 63) as usize] as char)
            })
            .collect();
        for (kind, outer) in [("Content-Type: message/rfc822\n", "mixed"), ("", "digest")] {
            let mail = format!(
                "From: a@b.c\nContent-Type: multipart/{outer}; boundary=b\n\n--b\nContent-Type: text/plain\n\nhello\n\
                 --b\n{kind}Content-Transfer-Encoding: base64\n\n{encoded}\n--b--\n"
            );
            assert!(limited(mail.as_bytes()).len() < 300);
            assert_eq!(Mail::parse(mail.as_bytes()).text.body(), "hello");
        }
    }
}
