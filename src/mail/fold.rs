//! Folds text for matching: width, case, accents, look-alike punctuation; and finds the way back to the original.
//! It removes no words, translates nothing, and is never shown to people.

use std::ops::Range;

use super::fold_chars::{fold_segment, hangul, joins, plain};

/// Folded text, with a map to the text it was made from. `fold(fold(x).text).text == fold(x).text`.
#[derive(Clone, Debug, Default)]
pub struct Folded {
    pub text: String,
    pieces: Vec<Piece>,
    original_len: u32,
}

/// A stretch of the folded text that begins at `at` and comes from `from..to` of the original.
#[derive(Clone, Copy, Debug)]
struct Piece {
    at: u32,
    from: u32,
    to: u32,
    /// Byte for byte as long as the original, with the same character borders.
    even: bool,
}

/// Folds `text`. What is done:
///
/// * compatibility forms (full-width, half-width, ligatures) and case are folded; ß is ss, İ and ı are i;
/// * accents go from Latin and Greek, stress marks from all scripts; ё is е, й stays; Hangul stays composed;
/// * Arabic loses tatweel and vowel marks, أإآٱ are ا, ى and ی are ي, ة is ه; Arabic digits are ASCII digits;
/// * traditional Chinese characters are simplified, where that is certain;
/// * quotes and dashes are ASCII; invisible and direction characters go;
/// * an apostrophe inside a word goes (`can't` is `cant`), but after a French or Italian elision it is a space,
///   so that the noun keeps its word border (`l'argent` is `l argent`);
/// * a Latin letter written three times or more is written once (`pleeease` is `please`): three are never spelling.
pub fn fold(text: &str) -> Folded {
    let mut folder = Folder { out: Folded::default(), repeats: false };
    folder.out.text.reserve(text.len());
    let mut chars = text.char_indices().peekable();
    let mut segment = String::new();
    while let Some((at, c)) = chars.next() {
        let end = at + c.len_utf8();
        let joined = !c.is_ascii_control() && chars.peek().is_some_and(|&(_, next)| !next.is_ascii() && joins(next));
        if !joined && let Some(folded) = plain(c) {
            if let Some(folded) = folded {
                folder.push(folded, at, end);
            }
            continue;
        }
        segment.clear();
        segment.push(c);
        let mut end = end;
        while let Some((next_at, next)) = chars.next_if(|&(_, next)| joins(next)) {
            end = next_at + next.len_utf8();
            segment.push(next);
        }
        fold_segment(&segment, |folded| folder.push(folded, at, end));
    }
    folder.out.original_len = u32::try_from(text.len()).unwrap_or(u32::MAX);
    folder.out
}

struct Folder {
    out: Folded,
    /// The last letter was written three times or more and stands once.
    repeats: bool,
}

impl Folder {
    fn push(&mut self, c: char, from: usize, to: usize) {
        let text = &mut self.out.text;
        if c.is_ascii_lowercase() {
            let last = text.as_bytes().last().copied();
            if last == Some(c as u8) {
                if self.repeats {
                    return;
                }
                if text.len() >= 2 && text.as_bytes().get(text.len() - 2).copied() == last {
                    self.pop();
                    self.repeats = true;
                    return;
                }
            } else {
                self.repeats = false;
            }
        } else {
            self.repeats = false;
        }
        if self.out.text.ends_with('\'') && spells(c) && self.mend_apostrophe() && c.is_ascii_lowercase() {
            // What stands before the apostrophe is now a neighbour.
            return self.push(c, from, to);
        }
        if let '\u{1161}'..='\u{11c2}' = c
            && let Some(syllable) = self.out.text.chars().next_back().and_then(|before| hangul(before, c))
        {
            let from = self.out.original(self.out.text.len() - 3..self.out.text.len()).start;
            self.pop();
            return self.push(syllable, from, to);
        }
        let at = self.out.text.len();
        self.out.text.push(c);
        let even = c.len_utf8() == to - from;
        if let Some(last) = self.out.pieces.last()
            && last.even
            && even
            && from.checked_sub(last.from as usize) == at.checked_sub(last.at as usize)
        {
            return;
        }
        self.out.pieces.push(Piece { at: at as u32, from: from as u32, to: to as u32, even });
    }

    fn pop(&mut self) {
        self.out.text.pop();
        let len = self.out.text.len();
        while self.out.pieces.last().is_some_and(|piece| piece.at as usize >= len) {
            self.out.pieces.pop();
        }
    }

    /// The text ends in an apostrophe and a letter follows: removes it after a letter. True where it is gone.
    fn mend_apostrophe(&mut self) -> bool {
        let mut before = self.out.text.chars().rev();
        before.next();
        if !before.next().is_some_and(spells) {
            return false;
        }
        let word = self.out.text.strip_suffix('\'').unwrap_or("");
        let start = word.rfind(|c: char| !c.is_alphanumeric()).map_or(0, |at| at + 1);
        let elided = word.get(start..).is_some_and(|word| ELISIONS.contains(&word));
        let at = self.out.text.len() - 1;
        if elided {
            self.out.text.pop();
            self.out.text.push(' ');
            return false;
        }
        // The letter that follows starts a piece of its own, so the map needs no repair.
        self.out.text.truncate(at);
        while self.out.pieces.last().is_some_and(|piece| piece.at as usize >= at) {
            self.out.pieces.pop();
        }
        true
    }
}

/// Letters of scripts that use apostrophes. Conjoining jamo and what lies above would join over the gap.
fn spells(c: char) -> bool {
    c < '\u{1100}' && c.is_alphabetic() || ('\u{1e00}'..='\u{1fff}').contains(&c)
}

/// Words that French and Italian cut short before a vowel; no English word is among them.
const ELISIONS: &[&str] = &[
    "l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu", "puisqu", "quelqu", "dell", "all", "nell", "sull",
    "dall", "un", "quest",
];

impl Folded {
    /// The bytes of the original that `range` of the folded text comes from: inside it, on character borders.
    pub fn original(&self, range: Range<usize>) -> Range<usize> {
        let len = self.text.len();
        let start = floor(&self.text, range.start.min(len));
        let end = ceil(&self.text, range.end.min(len)).max(start);
        let from = self.piece(start).map_or(self.original_len as usize, |piece| match piece.even {
            true if start < len => piece.from as usize + (start - piece.at as usize),
            _ if start < len => piece.from as usize,
            _ => self.original_len as usize,
        });
        if end == start {
            return from..from;
        }
        let to = self.piece(end - 1).map_or(from, |piece| match piece.even {
            true => piece.from as usize + (end - piece.at as usize),
            false => piece.to as usize,
        });
        from..to.max(from)
    }

    fn piece(&self, at: usize) -> Option<&Piece> {
        let next = self.pieces.partition_point(|piece| piece.at as usize <= at);
        self.pieces.get(next.checked_sub(1)?)
    }
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn ceil(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> String {
        fold(text).text
    }

    #[test]
    fn case_width_and_accents_go() {
        assert_eq!(of("ＰＡＹ Échoué STRASSE Straße ﬁx ①"), "pay echoue strasse strasse fix 1");
        assert_eq!(of("Thanh toán KHÔNG được, đã Ươ"), "thanh toan khong duoc, da uo");
        assert_eq!(of("thanh toa\u{301}n"), "thanh toan");
        assert_eq!(of("İSTANBUL ısı ŞİFRE"), "istanbul isi sifre");
        assert_eq!(of("Платёж МОЙ зАмок и\u{306}"), "платеж мой замок й");
    }

    #[test]
    fn arabic_is_levelled() {
        assert_eq!(of("أُرْسِلَتْ الدفـــع إلى بطاقة ١٢٣"), "ارسلت الدفع الي بطاقه 123");
    }

    #[test]
    fn asian_text_stays_composed() {
        assert_eq!(of("ｶﾞｿﾘﾝ がソ"), "ガソリン がソ");
        assert_eq!(of("결제 \u{1100}\u{1167}\u{11af}"), "결제 결");
        assert_eq!(of("支付失败，“余额不足”"), "支付失败,\"余额不足\"");
    }

    #[test]
    fn apostrophes_and_dashes_are_plain() {
        assert_eq!(of("can’t I‘ve don´t ‘quoted’ it's"), "cant ive dont 'quoted' its");
        assert_eq!(of("l’argent n'a qu’il aujourd'hui"), "l argent n a qu il aujourdhui");
        assert_eq!(of("a – b — c\u{ad}d\u{200b}e"), "a - b - cde");
    }

    #[test]
    fn letters_written_thrice_stand_once() {
        assert_eq!(of("pleeeease helppp still 1000"), "please help still 1000");
        assert_eq!(of("aa'aab"), "ab");
    }

    #[test]
    fn folding_twice_changes_nothing() {
        let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
        let alphabet: Vec<char> =
            "aab's'’´ \u{301}\u{306}и İıßﬀé\u{200b}ｶﾞ\u{3099}か결\u{1100}\u{1161}\u{11a8}ﾡￂاأ\u{654}ـة\u{64b}١٢付—…½¨٪ẞΣςΐǅﷺ㎏\u{345}\n\r\t℃Å"
                .chars()
                .collect();
        for _ in 0..4_000 {
            let mut text = String::new();
            for _ in 0..12 {
                seed ^= seed << 13;
                seed ^= seed >> 7;
                seed ^= seed << 17;
                text.push(alphabet[(seed % alphabet.len() as u64) as usize]);
                if seed.is_multiple_of(11) {
                    text.push(char::from_u32((seed >> 20) as u32 % 0x11_0000).unwrap_or('x'));
                }
            }
            let once = fold(&text);
            assert_eq!(of(&once.text), once.text, "{text:?}");
            for start in 0..=once.text.len() {
                for end in [start, start + 1, start + 5, once.text.len()] {
                    let span = once.original(start..end);
                    assert!(text.get(span.clone()).is_some(), "{text:?} {start}..{end} {span:?}");
                }
            }
        }
    }

    #[test]
    fn spans_point_at_the_words_they_came_from() {
        let text = "Hallo, ich can’t ＰＡＹ, 付款失败 İstanbul pleeease now";
        let folded = fold(text);
        for (word, original) in
            [("cant", "can’t"), ("pay", "ＰＡＹ"), ("失败", "失败"), ("istanbul", "İstanbul"), ("now", "now")]
        {
            let at = folded.text.find(word).unwrap();
            assert_eq!(&text[folded.original(at..at + word.len())], original);
        }
    }
}
