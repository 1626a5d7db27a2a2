//! Folder names on the wire: hierarchy, personal namespace, modified UTF-7, quotes. It asks the server nothing.

use crate::inbox::{InboxError, utf7};

/// The personal namespace (RFC 2342) and the hierarchy delimiter of the server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Namespace {
    /// In the server's own writing, such as `INBOX.`; mostly empty.
    pub prefix: String,
    /// `None`: the server has no levels.
    pub delimiter: Option<char>,
}

impl Namespace {
    /// The name that people see as the server writes it, not yet quoted. `/` parts levels on every server.
    pub fn encode(&self, setting: &'static str, shown: &str) -> Result<String, InboxError> {
        if shown.eq_ignore_ascii_case("INBOX") {
            return Ok("INBOX".to_owned());
        }
        let wrong = |what: &str| Err(InboxError::Settings { name: setting, what: format!("{shown:?} {what}") });
        if shown.chars().any(|c| c.is_control() || matches!(c, '*' | '%')) {
            return wrong("holds a character that no folder name may hold");
        }
        let levels: Vec<&str> = shown.split('/').collect();
        if levels.iter().any(|level| level.trim().is_empty()) {
            return wrong("has a level without a name");
        }
        let joined = match self.delimiter {
            None if levels.len() > 1 => return wrong("has levels, and this server has none"),
            Some(delimiter) if delimiter != '/' && shown.contains(delimiter) => {
                return wrong(&format!("holds {delimiter:?}, which parts levels on this server: write / for that"));
            }
            Some(delimiter) => levels.join(&delimiter.to_string()),
            None => shown.to_owned(),
        };
        let coded = utf7::encode(&joined);
        let inside = coded.get(..self.prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(&self.prefix));
        Ok(if inside { coded } else { format!("{}{coded}", self.prefix) })
    }
}

/// RFC 3501 section 9, `quoted`. NUL, CR and LF have no place in it: the callers' texts are checked before.
pub(super) fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\r' | '\n' | '\0' => {}
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn namespace(prefix: &str, delimiter: char) -> Namespace {
        Namespace { prefix: prefix.to_owned(), delimiter: Some(delimiter) }
    }

    #[test]
    fn prefix_levels_and_letters_of_all_scripts() {
        let cyrus = namespace("INBOX.", '.');
        assert_eq!(cyrus.encode("folder", "Support/Grüße").unwrap(), "INBOX.Support.Gr&APwA3w-e");
        assert_eq!(cyrus.encode("folder", "INBOX/Support").unwrap(), "INBOX.Support");
        assert_eq!(cyrus.encode("folder", "inbox").unwrap(), "INBOX");
        assert_eq!(namespace("", '/').encode("folder", "a.b/c").unwrap(), "a.b/c");
    }

    #[test]
    fn names_that_would_break_the_line_or_mean_something_else_are_refused() {
        for bad in ["a\r\nA1 DELETE INBOX", "a\0b", "a*", "", "a//b", "v1.0"] {
            let error = namespace("INBOX.", '.').encode("folder", bad).unwrap_err();
            assert!(matches!(error, InboxError::Settings { .. }) && !error.is_temporary(), "{bad:?}");
        }
    }

    #[test]
    fn quotes_and_backslashes_are_escaped() {
        assert_eq!(quote(r#"a "b" \c"#), r#""a \"b\" \\c""#);
    }
}
