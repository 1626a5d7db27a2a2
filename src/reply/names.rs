//! Whether a sender's display name may stand in a reply. It is the only text of the customer that may.

/// The name, if it is at most 40 letters, spaces, hyphens, apostrophes and dots in any script; else empty.
/// Nothing that could read as an address, a link, a number or an order to the reader gets through.
pub fn greeting_name(display: &str) -> &str {
    let name = display.trim();
    let is_plain = |c: char| c.is_alphabetic() || is_mark(c) || matches!(c, ' ' | '-' | '\'' | '’' | '.');
    let looks_like_host = name.split(' ').any(|word| word.trim_end_matches('.').contains('.') && word.len() > 6);
    let has_letter = name.chars().any(char::is_alphabetic);
    if has_letter && !looks_like_host && name.chars().count() <= 40 && name.chars().all(is_plain) { name } else { "" }
}

/// Combining marks that letters of some scripts cannot do without (Vietnamese decomposed, Hindi, Arabic).
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{652}' | '\u{900}'..='\u{97f}' | '\u{e31}'..='\u{e4e}')
}

#[cfg(test)]
mod tests {
    use super::greeting_name;

    #[test]
    fn names_of_people_in_any_script_are_used() {
        for name in ["Danielle Okafor", "Jean-Luc O'Neill", "R. Delgado", "李晓雯", "Nguyễn Hoa", "محمد علي"]
        {
            assert_eq!(greeting_name(name), name);
        }
    }

    #[test]
    fn anything_else_is_left_out() {
        for name in [
            "",
            "  ",
            "...",
            "Win $100 now",
            "visit www.evil.example",
            "a@b.example",
            "<b>x</b>",
            "Anna\r\nBcc: x",
            "\u{202e}lave",
            "A name that is far too long to be the name of one person at all",
        ] {
            assert_eq!(greeting_name(name), "", "{name:?}");
        }
    }
}
