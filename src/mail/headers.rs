//! Scans a header section by hand, every field in order, duplicates included (RFC 5322 section 2.2).
//! It knows no field's meaning, and does not look at the body.

use super::words::decode_value;

/// What is looked at of a header section, and of one field; beyond that the mail is hostile.
const MOST_BYTES: usize = 1 << 20;
const MOST_FIELDS: usize = 2_000;
const LONGEST_FIELD: usize = 64 << 10;

/// The fields of one header section, in order. Values are raw and unfolded.
#[derive(Clone, Debug, Default)]
pub(super) struct Headers {
    fields: Vec<(String, Vec<u8>)>,
    /// The section was longer than what is looked at.
    pub cut: bool,
}

impl Headers {
    pub fn scan(bytes: &[u8]) -> Self {
        let mut headers = Self::default();
        // A mailbox file's first line is no field.
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        for (seen, line) in lines(bytes) {
            if line.is_empty() {
                break;
            }
            if seen > MOST_BYTES || headers.fields.len() >= MOST_FIELDS {
                headers.cut = true;
                break;
            }
            if line.starts_with(b" ") || line.starts_with(b"\t") {
                if let Some((_, value)) = headers.fields.last_mut()
                    && value.len() + line.len() <= LONGEST_FIELD
                {
                    value.extend_from_slice(line);
                }
                continue;
            }
            let Some(colon) = line.iter().position(|&b| b == b':') else { continue };
            let (name, value) = line.split_at(colon);
            let name = name.trim_ascii();
            // RFC 5322 section 2.2: printable ASCII without the colon.
            if name.is_empty() || name.len() > 100 || !name.iter().all(u8::is_ascii_graphic) {
                continue;
            }
            let value = value.get(1..).unwrap_or(b"").trim_ascii();
            let value = value.get(..LONGEST_FIELD).unwrap_or(value);
            headers.fields.push((String::from_utf8_lossy(name).to_ascii_lowercase(), value.to_vec()));
        }
        headers
    }

    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// Raw values of all fields of that name (lower case), topmost first.
    pub fn raw<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.fields.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_slice())
    }

    /// Decoded values of all fields of that name, topmost first.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = String> {
        self.raw(name).map(|value| decode_value(value).trim().to_owned())
    }

    pub fn first(&self, name: &str) -> Option<String> {
        self.all(name).next()
    }

    pub fn has(&self, name: &str) -> bool {
        self.raw(name).next().is_some()
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|(name, _)| name.as_str())
    }
}

/// Lines without their CRLF, LF or CR LF, each with the offset of its start.
fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut offset = 0;
    bytes.split(|&b| b == b'\n').map(move |line| {
        let start = offset;
        offset += line.len() + 1;
        (start, line.strip_suffix(b"\r").unwrap_or(line))
    })
}

/// Message-ids in a value, without angle brackets (RFC 5322 section 3.6.4); bare words where it has none.
pub(super) fn ids(value: &str) -> Vec<String> {
    let bracketed: Vec<String> = value
        .split('<')
        .skip(1)
        .filter_map(|piece| piece.split_once('>'))
        .map(|(id, _)| id.chars().filter(|c| !c.is_whitespace()).collect::<String>())
        .filter(|id| !id.is_empty())
        .take(200)
        .collect();
    if !bracketed.is_empty() {
        return bracketed;
    }
    value.split_whitespace().filter(|word| word.contains('@')).map(str::to_owned).take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn duplicates_are_seen_in_order_and_unfolded() {
        let headers =
            Headers::scan(b"From: a@x.y\r\nsubject: one\r\n two\r\nFROM: b@x.y\r\nno field\r\n\r\nTo: body@x.y\r\n");
        assert_eq!(headers.all("from").collect::<Vec<_>>(), ["a@x.y", "b@x.y"]);
        assert_eq!(headers.first("subject").as_deref(), Some("one two"));
        assert!(!headers.has("to"));
    }

    #[test]
    fn ids_lose_their_brackets() {
        assert_eq!(ids("<a@b> (x) <c\t@d>"), ["a@b", "c@d"]);
        assert_eq!(ids("bare@id"), ["bare@id"]);
        assert!(ids("<>").is_empty());
    }

    #[test]
    fn a_huge_header_section_is_cut() {
        let headers = Headers::scan("X: y\r\n".repeat(100_000).as_bytes());
        assert!(headers.cut);
    }
}
