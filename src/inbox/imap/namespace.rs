//! Asks the server where a user's own folders begin and what parts their levels (RFC 2342; else LIST "" "").
//! It creates nothing.

use async_imap::imap_proto::{MailboxDatum, Response};

use super::login::Capabilities;
use super::names::Namespace;
use super::wire::Wire;
use crate::inbox::InboxError;

pub(super) async fn ask(wire: &mut Wire, can: &Capabilities) -> Result<Namespace, InboxError> {
    if can.has("NAMESPACE") {
        let lines = wire.raw("NAMESPACE").await?;
        if let Some(namespace) = lines.iter().find_map(|line| personal(line)) {
            return Ok(namespace);
        }
    }
    let mut namespace = Namespace::default();
    wire.command("LIST", "\"\" \"\"", |response| {
        if let Response::MailboxData(MailboxDatum::List(list)) = response {
            namespace.delimiter = list.delimiter.as_deref().and_then(|text| text.chars().next());
        }
    })
    .await?;
    Ok(namespace)
}

/// `* NAMESPACE (("INBOX." ".")) NIL NIL`: the first of the personal ones.
fn personal(line: &str) -> Option<Namespace> {
    let keyword = "* NAMESPACE ((";
    let (start, rest) = line.split_at_checked(keyword.len())?;
    if !start.eq_ignore_ascii_case(keyword) {
        return None;
    }
    let (prefix, rest) = quoted(rest)?;
    let rest = rest.trim_start();
    let delimiter = quoted(rest).and_then(|(text, _)| text.chars().next());
    Some(Namespace { prefix, delimiter })
}

/// A quoted string and what follows it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut characters = text.strip_prefix('"')?.char_indices();
    let mut value = String::new();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => value.push(characters.next()?.1),
            // One byte for the opening quote, one for this.
            '"' => return Some((value, text.get(at + 2..)?)),
            other => value.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_rfc_2342() {
        let namespace = |prefix: &str, delimiter| Some(Namespace { prefix: prefix.into(), delimiter: Some(delimiter) });
        assert_eq!(personal(r#"* NAMESPACE (("" "/")) NIL NIL"#), namespace("", '/'));
        assert_eq!(personal(r#"* NAMESPACE (("INBOX." "."))  NIL  NIL"#), namespace("INBOX.", '.'));
        assert_eq!(personal(r#"* NAMESPACE (("" "\\")("#), namespace("", '\\'));
        assert_eq!(personal(r#"* NAMESPACE (("" NIL)) NIL NIL"#), Some(Namespace::default()));
        assert_eq!(personal(r#"* NAMESPACE NIL NIL (("" "."))"#), None);
        assert_eq!(personal("* OK"), None);
    }
}
