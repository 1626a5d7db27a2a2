//! Stand-in for `crate::mail::fold` until that lands: lower case, apostrophes inside words dropped, offsets kept.
//! It folds neither accents nor width, and goes away when the real one is there (one `use` in `text.rs`).

use std::ops::Range;

/// Folded text with the way back to the original.
pub struct Folded {
    pub text: String,
    /// Original offset of every folded byte, and the original length as the last entry.
    origin: Vec<u32>,
}

impl Folded {
    /// Byte range of the original that a folded byte range came from.
    pub fn original(&self, range: Range<usize>) -> Range<usize> {
        let at = |i: usize| self.origin.get(i).or(self.origin.last()).map_or(0, |o| *o as usize);
        let end = range.end.checked_sub(1).filter(|last| *last >= range.start).map_or(at(range.end), |_| at(range.end));
        at(range.start)..end.max(at(range.start))
    }
}

/// Folds `text` for comparing.
pub fn fold(text: &str) -> Folded {
    let mut folded = Folded { text: String::with_capacity(text.len()), origin: Vec::with_capacity(text.len() + 1) };
    let mut before: Option<char> = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let inside =
            before.is_some_and(char::is_alphanumeric) && chars.peek().is_some_and(|(_, next)| next.is_alphanumeric());
        if !(matches!(c, '\'' | '\u{2019}' | '\u{2018}' | '\u{2bc}' | '`') && inside) {
            let length = folded.text.len();
            folded.text.extend(c.to_lowercase());
            folded.origin.resize(folded.origin.len() + folded.text.len() - length, at as u32);
            before = Some(c);
        }
    }
    folded.origin.push(text.len() as u32);
    folded
}
