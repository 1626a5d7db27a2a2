//! Decodes encoded-words in header values (RFC 2047), joining neighbours before their bytes become text.
//! It does not take headers apart into addresses or ids.

use super::charset::{base64, decode, quoted_printable};

/// Longest run of bytes decoded as one; a longer header is hostile.
const MOST_WORDS: usize = 2_000;

struct Word<'a> {
    charset: &'a str,
    encoding: u8,
    text: &'a str,
}

/// Decodes a raw, unfolded header value. Bytes outside encoded-words are UTF-8 or guessed (RFC 6532).
pub(super) fn decode_value(raw: &[u8]) -> String {
    let text = decode(raw, "");
    if !text.contains("=?") {
        return text;
    }
    decode_words(&text)
}

/// Mailers split one character over two encoded-words, against RFC 2047 section 5: neighbours of the same charset
/// and encoding are therefore one byte string. White space between neighbours is dropped (section 6.2).
fn decode_words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut pending: Vec<u8> = Vec::new();
    let mut pending_charset = "";
    let mut rest = text;
    let mut words = 0;
    while let Some(start) = rest.find("=?") {
        let (before, candidate) = (rest.get(..start).unwrap_or(""), rest.get(start..).unwrap_or(""));
        let found = if words < MOST_WORDS { word(candidate) } else { None };
        let Some((found, after)) = found else {
            if !candidate.contains("?=") {
                // No word ends any more; looking again at each `=?` would be quadratic.
                break;
            }
            flush(&mut out, &mut pending, pending_charset);
            out.push_str(before);
            out.push_str("=?");
            rest = candidate.get(2..).unwrap_or("");
            continue;
        };
        words += 1;
        let adjacent = !pending.is_empty() && before.chars().all(char::is_whitespace);
        if !adjacent {
            flush(&mut out, &mut pending, pending_charset);
            out.push_str(before);
        } else if !found.charset.eq_ignore_ascii_case(pending_charset) {
            flush(&mut out, &mut pending, pending_charset);
        }
        pending_charset = found.charset;
        pending.extend(match found.encoding {
            b'b' => base64(found.text.as_bytes()),
            _ => quoted_printable(found.text.as_bytes(), true),
        });
        rest = after;
    }
    flush(&mut out, &mut pending, pending_charset);
    out.push_str(rest);
    out
}

/// `=?charset?encoding?text?=`; blanks inside the text are against the RFC and seen in the field.
fn word(candidate: &str) -> Option<(Word<'_>, &str)> {
    let (charset, rest) = candidate.strip_prefix("=?")?.split_once('?')?;
    if charset.is_empty() || charset.len() > 64 || charset.contains(char::is_whitespace) {
        return None;
    }
    let (encoding, rest) = rest.split_once('?')?;
    let encoding = match encoding {
        "b" | "B" => b'b',
        "q" | "Q" => b'q',
        _ => return None,
    };
    let (text, after) = rest.split_once("?=")?;
    // `=?utf-8?Q?=E4=BB=98?=` has its first `?=` right after the encoding.
    let (text, after) = match text.is_empty() && encoding == b'q' && !after.is_empty() {
        true => match after.split_once("?=") {
            Some((more, tail)) => (rest.get(..more.len() + 2).unwrap_or(""), tail),
            None => (text, after),
        },
        false => (text, after),
    };
    Some((Word { charset, encoding, text }, after))
}

fn flush(out: &mut String, pending: &mut Vec<u8>, charset: &str) {
    if !pending.is_empty() {
        out.push_str(&decode(pending, charset));
        pending.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_split_between_two_words_is_rejoined() {
        // 付款 with the second character cut in two.
        assert_eq!(decode_value(b"=?UTF-8?B?5LuY5g==?= =?utf-8?B?rL4=?="), "付款");
        assert_eq!(decode_value(b"=?gb18030?Q?=B8?=\t=?gb18030?Q?=B6?= ok"), "付 ok");
    }

    #[test]
    fn plain_text_between_words_stays() {
        assert_eq!(
            decode_value(b"Re: =?utf-8?q?caf=C3=A9?= au =?utf-8?Q?lait_?= =?iso-8859-1?q?=E9?="),
            "Re: café au lait é"
        );
        assert_eq!(decode_value(b"=?not a word? =?utf-8?x?a?="), "=?not a word? =?utf-8?x?a?=");
    }

    #[test]
    fn japanese_mail_headers_are_read() {
        assert_eq!(decode_value(b"=?ISO-2022-JP?B?GyRCO1lKJxsoQg==?="), "支払");
    }
}
