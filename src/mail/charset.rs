//! Bytes to text: declared character sets, and a guess where none is declared or the declaration is wrong.
//! It undoes no MIME structure; transfer encodings it does undo, since they carry the same bytes.

use mail_parser::decoders::charsets::map::charset_decoder;

/// Decodes `bytes` as `charset`, or by guess where `charset` is empty, unknown or plainly wrong.
pub(super) fn decode(bytes: &[u8], charset: &str) -> String {
    let charset = charset.trim().to_ascii_lowercase();
    // RFC 2231 section 5: a language may follow the charset of an encoded-word.
    let charset = charset.split('*').next().unwrap_or("");
    if bytes.is_ascii() && !shifts(charset) {
        return String::from_utf8_lossy(bytes).into_owned();
    }
    if vague(charset)
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        return text.to_owned();
    }
    let declared = match charset {
        "" | "us-ascii" | "ascii" | "utf-8" | "utf8" | "unknown-8bit" | "x-unknown" => None,
        name => charset_decoder(name.as_bytes()),
    };
    match declared {
        Some(decoder) => decoder(bytes),
        None => guess(bytes),
    }
}

/// Charsets that are written where nobody looked: what is valid UTF-8 is UTF-8 there.
fn vague(charset: &str) -> bool {
    matches!(charset, "" | "us-ascii" | "ascii" | "utf-8" | "utf8" | "iso-8859-1" | "windows-1252" | "latin1")
        || charset_decoder(charset.as_bytes()).is_none()
}

/// Charsets that write other scripts in ASCII bytes.
fn shifts(charset: &str) -> bool {
    charset.starts_with("iso-2022") || charset.starts_with("utf-7") || charset.starts_with("utf-16") || charset == "hz"
}

/// Undeclared 8-bit text: UTF-8, else GB18030 where that fits, else Windows-1252.
fn guess(bytes: &[u8]) -> String {
    let utf8 = String::from_utf8_lossy(bytes);
    let broken = utf8.chars().filter(|&c| c == '\u{fffd}').count();
    let whole = utf8.chars().filter(|&c| c != '\u{fffd}' && !c.is_ascii()).count();
    if broken == 0 || whole > broken * 4 {
        return utf8.into_owned();
    }
    if let Some(decoder) = charset_decoder(b"gb18030") {
        let text = decoder(bytes);
        let han = text.chars().filter(|c| matches!(c, '\u{4e00}'..='\u{9fff}')).count();
        let foreign = text.chars().filter(|c| !c.is_ascii()).count();
        if !text.contains('\u{fffd}') && han * 2 > foreign {
            return text;
        }
    }
    charset_decoder(b"windows-1252").map_or_else(|| utf8.into_owned(), |decoder| decoder(bytes))
}

/// RFC 2045 section 6.8; characters outside the alphabet are skipped, padding ends a group.
pub(super) fn base64(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() / 4 * 3);
    let (mut held, mut bits) = (0u32, 0u32);
    for &byte in bytes {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => {
                (held, bits) = (0, 0);
                continue;
            }
            _ => continue,
        };
        held = (held << 6) | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((held >> bits) as u8);
            held &= (1 << bits) - 1;
        }
    }
    out
}

/// RFC 2045 section 6.7, and with `word` the `Q` encoding of RFC 2047 section 4.2, where `_` is a space.
pub(super) fn quoted_printable(bytes: &[u8], word: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match (byte, after) {
            (b'_', _) if word => out.push(b' '),
            (b'=', [b'\r', b'\n', tail @ ..] | [b'\n', tail @ ..]) => rest = tail,
            (b'=', [high, low, tail @ ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => {
                    out.push((high << 4) | low);
                    rest = tail;
                }
                _ => out.push(byte),
            },
            _ => out.push(byte),
        }
    }
    out
}

fn hex(byte: u8) -> Option<u8> {
    (byte as char).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undeclared_gb18030_is_read() {
        let gbk = [0xb8, 0xb6, 0xbf, 0xee, 0xca, 0xa7, 0xb0, 0xdc];
        assert_eq!(decode(&gbk, ""), "付款失败");
        assert_eq!(decode(&gbk, "us-ascii"), "付款失败");
        assert_eq!(decode(&gbk, "utf-8"), "付款失败");
        assert_eq!(decode(&gbk, "gb2312"), "付款失败");
    }

    #[test]
    fn utf8_that_calls_itself_latin_is_read() {
        assert_eq!(decode("né à Köln".as_bytes(), "iso-8859-1"), "né à Köln");
        assert_eq!(decode(b"n\xe9", "iso-8859-1"), "né");
        assert_eq!(decode(b"n\xe9 en mai", ""), "né en mai");
    }

    #[test]
    fn transfer_encodings_are_undone() {
        assert_eq!(base64(b"5LuY5q y+"), "付款".as_bytes());
        assert_eq!(base64(b"YQ==Yg=="), b"ab");
        assert_eq!(quoted_printable(b"a=3Db=\r\nc_d=zz=", false), b"a=bc_d=zz=");
        assert_eq!(quoted_printable(b"a_b=20c", true), b"a b c");
    }
}
