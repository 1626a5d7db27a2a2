//! Folds single characters, and the few that must be taken together with the marks behind them.
//! It looks at no neighbours beyond those, and keeps no positions.

use std::sync::LazyLock;

use icu_casemap::CaseMapper;
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

use super::fold_han::simplified;

/// The folded form of a character that needs no neighbours and stays one character. `None`: use [`fold_segment`];
/// `Some(None)`: the character goes.
#[inline]
pub(super) fn plain(c: char) -> Option<Option<char>> {
    Some(match c {
        '`' => Some('\''),
        '\r' => None,
        '\t' | '\u{b}' | '\u{c}' => Some(' '),
        '\0'..='\x7f' => Some(c.to_ascii_lowercase()),
        '\u{4e00}'..='\u{9fff}' => Some(simplified(c)),
        '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fc}' | '\u{ac00}'..='\u{d7a3}' | '、' | '。' => Some(c),
        'а'..='я' => Some(c),
        'А'..='Я' => char::from_u32(c as u32 + 32),
        'ё' | 'Ё' => Some('е'),
        '\u{ff01}'..='\u{ff5e}' => return plain(char::from_u32(c as u32 - 0xfee0).unwrap_or(c)),
        '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => return LATIN.get(latin_index(c)).copied().flatten(),
        _ => return special(c),
    })
}

/// Whether a character is read together with the one before it.
#[inline]
pub(super) fn joins(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{487}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6dc}'
        | '\u{1160}'..='\u{11ff}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}'
        | '\u{3099}' | '\u{309a}' | '\u{3131}'..='\u{318e}' | '\u{fe20}'..='\u{fe2f}' | '\u{ff9e}' | '\u{ff9f}'
        | '\u{ffa0}'..='\u{ffdc}')
}

/// Marks that go once they are not part of a composed character.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{487}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6ed}'
        | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}' | '\u{3099}' | '\u{309a}')
}

/// Joins a conjoining vowel or final consonant to what stands before it (Unicode, section 3.12).
pub(super) fn hangul(before: char, c: char) -> Option<char> {
    let (before, c) = (before as u32, c as u32);
    let syllable = match (before, c) {
        (0x1100..=0x1112, 0x1161..=0x1175) => 0xac00 + ((before - 0x1100) * 21 + (c - 0x1161)) * 28,
        (0xac00..=0xd7a3, 0x11a8..=0x11c2) if (before - 0xac00).is_multiple_of(28) => before + c - 0x11a7,
        _ => return None,
    };
    char::from_u32(syllable)
}

fn special(c: char) -> Option<Option<char>> {
    Some(match c {
        '‘' | '’' | '‚' | '‛' | '′' | '´' | 'ʼ' | 'ʻ' | '＇' => Some('\''),
        '“' | '”' | '„' | '‟' | '″' | '«' | '»' => Some('"'),
        '‐'..='―' | '−' | '﹘' | '﹣' => Some('-'),
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{feff}' | '\u{640}' => None,
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => None,
        '\u{fe00}'..='\u{fe0f}' => None,
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => Some(' '),
        '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
        'أ' | 'إ' | 'آ' | 'ٱ' => Some('ا'),
        'ى' | 'ی' => Some('ي'),
        'ک' => Some('ك'),
        'ة' => Some('ه'),
        '٠'..='٩' => char::from_u32(c as u32 - 0x660 + 0x30),
        '۰'..='۹' => char::from_u32(c as u32 - 0x6f0 + 0x30),
        'ب'..='غ' | 'ف'..='و' | 'ا' | 'ي' | 'ء' => Some(c),
        _ if is_mark(c) => None,
        _ => return None,
    })
}

/// NFKC, case folding and removal of marks, for one character with the marks behind it.
pub(super) fn fold_segment(segment: &str, mut push: impl FnMut(char)) {
    const NFKC: ComposingNormalizerBorrowed<'static> = ComposingNormalizerBorrowed::new_nfkc();
    // Marks go before the second round: one between two jamo would keep them apart now and not the next time.
    let composed: String = NFKC.normalize(segment).chars().filter(|&c| !is_mark(c)).collect();
    let cased = CaseMapper::new().fold_string(&composed).into_owned();
    let composed = NFKC.normalize(&cased).into_owned();
    for c in composed.chars() {
        match plain(c) {
            Some(folded) => folded.into_iter().for_each(&mut push),
            None => fold_rest(c, &mut push),
        }
    }
}

fn fold_rest(c: char, push: &mut impl FnMut(char)) {
    const NFKD: DecomposingNormalizerBorrowed<'static> = DecomposingNormalizerBorrowed::new_nfkd();
    if let Some(letters) = spelled_out(c) {
        return letters.chars().for_each(push);
    }
    // Only Latin, Greek and Cyrillic lose the accents of composed letters; й was kept above.
    if matches!(c, '\u{c0}'..='\u{52f}' | '\u{1e00}'..='\u{1fff}') && c != 'ї' {
        let mut one = [0; 4];
        let bare = NFKD.normalize(c.encode_utf8(&mut one)).into_owned();
        for c in bare.chars().filter(|&c| !is_mark(c)) {
            match spelled_out(c) {
                Some(letters) => letters.chars().for_each(&mut *push),
                None => push(CaseMapper::new().simple_fold(c)),
            }
        }
    } else {
        push(c);
    }
}

fn spelled_out(c: char) -> Option<&'static str> {
    Some(match c {
        'đ' | 'ð' => "d",
        'ø' => "o",
        'ł' => "l",
        'ħ' => "h",
        'ŧ' => "t",
        'ı' => "i",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ß' => "ss",
        _ => return None,
    })
}

fn latin_index(c: char) -> usize {
    let code = c as usize;
    if code < 0x250 { code - 0xc0 } else { code - 0x1e00 + 0x190 }
}

/// The Latin letters that fold to one character, which are nearly all; `None` for the others.
static LATIN: LazyLock<Vec<Option<Option<char>>>> = LazyLock::new(|| {
    ('\u{c0}'..='\u{24f}')
        .chain('\u{1e00}'..='\u{1eff}')
        .map(|c| {
            let cased = CaseMapper::new().fold_string(c.encode_utf8(&mut [0; 4])).into_owned();
            let mut folded = Vec::new();
            cased.chars().filter(|&c| !is_mark(c)).for_each(|c| match c.is_ascii() {
                true => folded.push(c),
                false => fold_rest(c, &mut |c| folded.push(c)),
            });
            match folded.as_slice() {
                [one] => Some(Some(*one)),
                _ => None,
            }
        })
        .collect()
});
