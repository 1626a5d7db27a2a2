//! Which languages of the pattern files a mail may be written in, so that only their phrases are run.
//! It does not detect languages: that is the mail room's work.

use crate::mail::Mail;

/// A set of languages, as bits. From the 127th language on they share one, which costs time and nothing else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tongues(u128);

impl Tongues {
    /// Of phrases that hold in every language.
    pub const ALL: Self = Self(u128::MAX);

    /// No language: only what holds in every one meets it.
    const NONE: Self = Self(1 << 127);

    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

/// Scripts, as bits.
type Scripts = u64;
const LATIN: Scripts = 1;
const HAN: Scripts = 1 << 50;

/// The script of a letter, roughly: what lies close in Unicode may share a bit. None for other characters.
fn script(c: char) -> Scripts {
    let code = c as u32;
    match code {
        0x61..0x7b | 0x41..0x5b => LATIN,
        0..0x80 => 0,
        0..0x250 | 0x1e00..0x1f00 | 0xff21..0xff5b if c.is_alphabetic() => LATIN,
        0x3400..0xa000 | 0xf900..0xfb00 | 0x2_0000..0x4_0000 => HAN,
        0x3040..0x3100 | 0xff66..0xff9e => 1 << 51,
        0xac00..0xd7b0 | 0x1100..0x1200 | 0x3130..0x3190 => 1 << 52,
        0x250..0x3000 if c.is_alphabetic() => 1 << (code >> 8),
        _ if c.is_alphabetic() => 1 << 53,
        _ => 0,
    }
}

/// The languages of a pattern set.
#[derive(Default)]
pub struct Languages(Vec<Language>);

struct Language {
    code: String,
    /// How many letters of each script its phrases have.
    letters: Vec<(Scripts, usize)>,
}

impl Language {
    fn main(&self) -> Scripts {
        self.letters.iter().max_by_key(|(_, count)| *count).map_or(LATIN, |(script, _)| *script)
    }
}

impl Languages {
    /// The language as a set of one; known from now on.
    pub fn tongue(&mut self, code: &str) -> Tongues {
        let at = self.0.iter().position(|l| l.code == code).unwrap_or_else(|| {
            self.0.push(Language { code: code.to_owned(), letters: Vec::new() });
            self.0.len() - 1
        });
        bit(at)
    }

    /// Notes in which script the language is written: a new one needs no table of ours.
    pub fn note(&mut self, code: &str, phrase: &str) {
        self.tongue(code);
        let Some(language) = self.0.iter_mut().find(|l| l.code == code) else { return };
        let mut in_group = false;
        for c in phrase.chars() {
            in_group = (in_group || c == '{') && c != '}';
            let script = if in_group { 0 } else { script(c) };
            match language.letters.iter_mut().find(|(known, _)| *known == script) {
                Some((_, count)) => *count += 1,
                None if script != 0 => language.letters.push((script, 1)),
                None => {}
            }
        }
    }

    /// The languages worth trying: that of the mail; English beside it where there are Latin words, for error
    /// messages are English everywhere; and those of another script that somebody has pasted. Where the mail room is
    /// unsure, all whose script occurs.
    pub fn spoken(&self, mail: &Mail, english_beside: bool) -> Tongues {
        let text = &mail.text.shown;
        let latin = if text.bytes().any(|b| b.is_ascii_alphabetic()) { LATIN } else { 0 };
        let others = text.chars().filter(|c| !c.is_ascii());
        let written = if text.is_ascii() { latin } else { others.fold(latin, |all, c| all | script(c)) };
        let own = mail.language.as_deref().map(|code| code.split('-').next().unwrap_or(code));
        let mut spoken = Tongues::NONE;
        for (at, language) in self.0.iter().enumerate() {
            let occurs = written & language.main() != 0;
            let likely = match own {
                None => occurs,
                Some(own) if own == language.code => true,
                Some(_) if language.code == "en" => english_beside && written & LATIN != 0,
                // Japanese and Korean write Han characters too, and mean other words.
                Some(own) => occurs && language.main() != LATIN && !writes(own, language.main()),
            };
            if likely {
                spoken.add(bit(at));
            }
        }
        spoken
    }
}

fn bit(at: usize) -> Tongues {
    Tongues(1 << at.min(126))
}

/// Whether a language writes a script beside others, so that the script tells nothing of another language.
fn writes(language: &str, script: Scripts) -> bool {
    match language {
        "zh" | "ja" | "ko" => script == HAN,
        // The other alphabets of several languages.
        "ru" | "uk" | "bg" | "sr" | "be" | "mk" | "kk" => script == self::script('я'),
        "ar" | "fa" | "ur" => script == self::script('ا'),
        "hi" | "mr" | "ne" => script == self::script('अ'),
        _ => false,
    }
}
