//! Takes `Re:`, `Fwd:` and their translations off a subject, and remembers what they said.
//! It leaves every other word of the subject alone.

use super::fold::fold;

/// A subject without its prefixes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Subject {
    pub words: String,
    /// A prefix said that this answers another mail.
    pub answers: bool,
    /// The outermost prefixes said that this passes another mail on.
    pub forwards: bool,
}

const ANSWERS: &[&str] = &[
    "re",
    "aw",
    "antw",
    "sv",
    "vs",
    "ynt",
    "yanit",
    "odp",
    "rif",
    "res",
    "resp",
    "bls",
    "balas",
    "tl",
    "tra loi",
    "отв",
    "ответ",
    "回复",
    "答复",
    "回覆",
    "答覆",
    "返信",
    "회신",
    "답장",
    "رد",
    "ref",
];
const FORWARDS: &[&str] = &[
    "fw",
    "fwd",
    "wg",
    "rv",
    "enc",
    "tr",
    "trs",
    "ilt",
    "vl",
    "vb",
    "doorst",
    "chuyen tiep",
    "转发",
    "轉寄",
    "轉發",
    "転送",
    "전달",
    "اعاده توجيه",
    "пересл",
    "пер",
    "i",
    "pd",
];

pub(super) fn subject(raw: &str) -> Subject {
    let one_line = raw.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut rest = one_line.as_str();
    let mut found = Subject::default();
    while let Some((prefix, after)) = rest.split_once([':', '：']) {
        if prefix.chars().count() > 20 {
            break;
        }
        let label = fold(prefix).text;
        // `Re[2]:`, `RE(3):`, `Re^2:` count how often the mail went to and fro.
        let label = label.trim().trim_end_matches(|c: char| c.is_ascii_digit() || "[]()^*".contains(c)).trim();
        if FORWARDS.contains(&label) {
            found.forwards |= !found.answers;
        } else if ANSWERS.contains(&label) {
            found.answers |= !found.forwards;
        } else {
            break;
        }
        rest = after.trim_start();
    }
    found.words = rest.trim().to_owned();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_of_many_languages_go() {
        for raw in [
            "Re: RE : paid",
            "AW: SV: paid",
            "回复：答复: paid",
            "转发： Re: paid",
            "Ynt: paid",
            "TR: paid",
            "رد: paid",
            "Re[2]: paid",
            "Fwd: Re: paid",
            "RE\u{a0}: paid",
            "İlt: paid",
            "Trả lời: paid",
        ] {
            assert_eq!(subject(raw).words, "paid", "{raw}");
        }
        assert_eq!(subject("Network error: cannot pay").words, "Network error: cannot pay");
        assert_eq!(subject("Re:").words, "");
    }

    #[test]
    fn the_outermost_prefix_says_what_the_mail_is() {
        assert!(subject("Fwd: Re: x").forwards && !subject("Fwd: Re: x").answers);
        assert!(subject("Re: Fwd: x").answers && !subject("Re: Fwd: x").forwards);
    }
}
