//! Folder names as IMAP and Maildir++ write them: modified UTF-7 (RFC 3501 section 5.1.3).
//! It only encodes, since names are never shown to people from the server's side.

use super::base64;

pub(super) fn encode(name: &str) -> String {
    let mut coded = String::with_capacity(name.len());
    let mut shifted: Vec<u8> = Vec::new();
    for character in name.chars() {
        match character {
            ' '..='~' => {
                flush(&mut shifted, &mut coded);
                coded.push(character);
                if character == '&' {
                    coded.push('-');
                }
            }
            other => {
                let mut units = [0u16; 2];
                shifted.extend(other.encode_utf16(&mut units).iter().flat_map(|unit| unit.to_be_bytes()));
            }
        }
    }
    flush(&mut shifted, &mut coded);
    coded
}

/// "," is used instead of "/", and there is no padding.
fn flush(shifted: &mut Vec<u8>, coded: &mut String) {
    if !shifted.is_empty() {
        coded.push('&');
        coded.push_str(&base64::bare(shifted).replace('/', ","));
        coded.push('-');
        shifted.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_rfc_3501() {
        assert_eq!(encode("~peter/mail/台北/日本語"), "~peter/mail/&U,BTFw-/&ZeVnLIqe-");
        assert_eq!(encode("台北日本語"), "&U,BTF2XlZyyKng-");
        assert_eq!(encode("Tom & Jerry"), "Tom &- Jerry");
    }

    #[test]
    fn plain_names_stay_and_others_survive() {
        assert_eq!(encode("Needs a person"), "Needs a person");
        assert_eq!(encode("Grüße"), "Gr&APwA3w-e");
        assert_eq!(encode("😀"), "&2D3eAA-");
    }
}
