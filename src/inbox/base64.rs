//! Base64 as IMAP needs it: for AUTHENTICATE (RFC 4648 section 4) and for folder names (RFC 3501 section 5.1.3).
//! It only encodes.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// With `=` at the end.
pub(super) fn padded(bytes: &[u8]) -> String {
    let mut text = bare(bytes);
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

/// Without `=` at the end.
pub(super) fn bare(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..=chunk.len() {
            let index = bits >> (18 - 6 * place) & 63;
            text.push(char::from(ALPHABET.get(index as usize).copied().unwrap_or(b'A')));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_rfc_4648_section_10() {
        let plain = ["", "f", "fo", "foo", "foob", "fooba", "foobar"];
        let coded = ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"];
        assert_eq!(plain.map(|text| padded(text.as_bytes())), coded);
        assert_eq!(bare(b"fooba"), "Zm9vYmE");
    }
}
