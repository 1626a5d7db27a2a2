//! Tells the language of a text from its script, its commonest words, and last from its trigrams.
//! Of languages that nobody answers it only tells which they are, so that their text is not taken for another.

use std::collections::HashMap;
use std::sync::LazyLock;

use whatlang::{Detector, Lang};

use super::fold::fold;
use super::language_words::{SIMPLIFIED, TRADITIONAL, WORDS};

/// More text than this tells nothing new.
const LONGEST: usize = 1_000;

#[derive(Default)]
struct Letters {
    latin: usize,
    han: usize,
    kana: usize,
    hangul: usize,
    arabic: usize,
    cyrillic: usize,
    other: usize,
    /// Letters that Persian and Urdu have and Arabic has not; Ukrainian and Russian likewise.
    not_arabic: usize,
    not_russian: usize,
    simplified: usize,
    traditional: usize,
}

/// ISO 639-1 code, `zh-Hans` or `zh-Hant` for Chinese, `und` for a script that is not known here; `None` when unsure.
/// Addresses do not count.
pub(super) fn language(text: &str) -> Option<&'static str> {
    let text: Vec<&str> = text.split_whitespace().filter(|word| !is_address(word)).take(LONGEST / 4).collect();
    let text = text.join(" ");
    let letters = count(&text);
    // One Han character or syllable says as much as a word of two or three letters.
    let asian = (letters.han + letters.kana + letters.hangul) * 5 / 2;
    let ranked = [asian, letters.latin, letters.arabic, letters.cyrillic, letters.other];
    let most = ranked.into_iter().max().unwrap_or(0);
    match most {
        0 => None,
        _ if most == letters.other => (letters.other > 5).then_some("und"),
        _ if most == asian => east_asian(&letters),
        _ if most == letters.arabic => Some(if letters.not_arabic * 50 < letters.arabic { "ar" } else { "fa" }),
        _ if most == letters.cyrillic => Some(if letters.not_russian * 100 < letters.cyrillic { "ru" } else { "uk" }),
        _ => latin(&text),
    }
}

fn is_address(word: &str) -> bool {
    word.bytes().any(|b| matches!(b, b'@' | b':')) && (word.contains('@') || word.contains("://"))
        || word.starts_with("www.")
}

fn count(text: &str) -> Letters {
    let mut letters = Letters::default();
    for c in text.chars().take(LONGEST) {
        match c {
            'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => letters.latin += 1,
            '\u{4e00}'..='\u{9fff}' => {
                letters.han += 1;
                letters.simplified += usize::from(SIMPLIFIED.contains(c));
                letters.traditional += usize::from(TRADITIONAL.contains(c));
            }
            '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' | '\u{ff66}'..='\u{ff9d}' => letters.kana += 1,
            '\u{ac00}'..='\u{d7a3}' | '\u{3131}'..='\u{318e}' => letters.hangul += 1,
            '\u{620}'..='\u{64a}' | '\u{671}'..='\u{6d3}' => {
                letters.arabic += 1;
                letters.not_arabic += usize::from("پچژگکیےٹڈڑں".contains(c));
            }
            '\u{400}'..='\u{4ff}' => {
                letters.cyrillic += 1;
                letters.not_russian += usize::from("іїєґўјљњћђџІЇЄҐЎ".contains(c));
            }
            c if c.is_alphabetic() => letters.other += 1,
            _ => {}
        }
    }
    letters
}

fn east_asian(letters: &Letters) -> Option<&'static str> {
    if letters.hangul > letters.han + letters.kana {
        return Some("ko");
    }
    // A single の decorates Chinese shop names.
    if letters.kana >= 2 && letters.kana * 12 > letters.han {
        return Some("ja");
    }
    if letters.han == 0 {
        return None;
    }
    Some(script(letters))
}

/// `zh-Hans` or `zh-Hant`: the script of a text that is known to be Chinese.
pub fn chinese(text: &str) -> &'static str {
    script(&count(text))
}

fn script(letters: &Letters) -> &'static str {
    if letters.traditional > letters.simplified { "zh-Hant" } else { "zh-Hans" }
}

/// The likeliest of the languages that have a list of common words, for a Latin text that [`language`] is unsure of:
/// good enough to choose the language of a reply, and not to judge by.
pub fn likeliest(text: &str) -> Option<&'static str> {
    let (scores, _) = by_common_words(text);
    if let [(best, most), (_, second), ..] = scores.as_slice()
        && most > second
    {
        return Some(best).copied().filter(|best| OURS.contains(best));
    }
    // The parts of an error's name are no words.
    if text.split_whitespace().count() < 3 {
        return None;
    }
    let told = DETECTOR.with(|detector| detector.detect(text)).and_then(|info| code(info.lang()));
    told.filter(|told| OURS.contains(told))
}

/// Common words first: whatlang is unsure of a single sentence, and takes chat spelling for Afrikaans.
fn latin(text: &str) -> Option<&'static str> {
    let (scores, words) = by_common_words(text);
    let [(best, most), (_, second), ..] = scores.as_slice() else { return None };
    if *most >= 2 && *most >= second + 2 && *most * 12 >= words {
        return Some(best.trim_start_matches('-'));
    }
    let info = DETECTOR.with(|detector| detector.detect(text))?;
    // Where words and trigrams disagree, or there is little of either, nobody is sure.
    let told = code(info.lang())?;
    let agrees = *most > 0 && told == *best;
    // A sentence with slips looks foreign soon: a language that none of its common words speaks for wants more proof.
    let (confidence, length) = if OURS.contains(&told) { (0.6, 4) } else { (0.9, 8) };
    (agrees || info.confidence() > confidence && words >= length).then_some(told)
}

/// Points of each language, best first, and how many words there are.
fn by_common_words(text: &str) -> (Vec<(&'static str, usize)>, usize) {
    let folded = fold(text).text;
    let lower: Vec<char> = text.chars().filter(|c| !c.is_ascii()).flat_map(char::to_lowercase).collect();
    let mut scores: Vec<(&'static str, usize)> = WORDS.iter().map(|&(language, _)| (language, 0)).collect();
    let words: Vec<&str> =
        folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(600).collect();
    for languages in words.iter().filter_map(|word| KNOWN.get(word)) {
        for (bit, (_, score)) in scores.iter_mut().enumerate() {
            *score += usize::from(languages >> bit & 1 == 1) * 2;
        }
    }
    let letters = |set: &str| lower.iter().filter(|c| set.contains(**c)).count().min(8);
    for (language, score) in &mut scores {
        *score += match *language {
            "vi" => letters("ăơưđạảấầẩậắằặẹẻẽếềểễệịỉọỏốồổộớờởợụủứừửựỳỹ"),
            "tr" => letters("ışğ"),
            "de" => letters("äöüß") / 2,
            "es" => letters("ñ¿¡"),
            "pt" => letters("ãõ"),
            "fr" => letters("èêœç") / 2,
            _ => 0,
        };
    }
    scores.sort_by_key(|&(_, score)| std::cmp::Reverse(score));
    (scores, words.len())
}

/// Languages with a list of common words.
const OURS: [&str; 8] = ["en", "es", "pt", "fr", "de", "id", "vi", "tr"];

fn code(lang: Lang) -> Option<&'static str> {
    Some(match lang {
        Lang::Eng => "en",
        Lang::Spa => "es",
        Lang::Por => "pt",
        Lang::Fra => "fr",
        Lang::Deu => "de",
        Lang::Ind => "id",
        Lang::Vie => "vi",
        Lang::Tur => "tr",
        Lang::Nld => "nl",
        Lang::Ita => "it",
        Lang::Pol => "pl",
        Lang::Swe => "sv",
        Lang::Dan => "da",
        Lang::Ron => "ro",
        Lang::Ces => "cs",
        Lang::Hun => "hu",
        _ => return None,
    })
}

/// Every common word with a bit for each language that has it.
static KNOWN: LazyLock<HashMap<&str, u32>> = LazyLock::new(|| {
    let mut known = HashMap::new();
    for (bit, (_, words)) in WORDS.iter().enumerate() {
        for word in words.split_whitespace() {
            *known.entry(word).or_default() |= 1 << bit;
        }
    }
    known
});

thread_local! {
    static DETECTOR: Detector = Detector::with_allowlist(vec![
        Lang::Eng, Lang::Spa, Lang::Por, Lang::Fra, Lang::Deu, Lang::Ind, Lang::Vie, Lang::Tur, Lang::Nld, Lang::Ita,
        Lang::Pol, Lang::Swe, Lang::Dan, Lang::Ron, Lang::Ces, Lang::Hun,
    ]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_decide_first() {
        assert_eq!(language("付款失败，请帮我看看"), Some("zh-Hans"));
        assert_eq!(language("付款失敗，請幫我看看"), Some("zh-Hant"));
        assert_eq!(language("支払いができません"), Some("ja"));
        assert_eq!(language("결제가 안 돼요"), Some("ko"));
        assert_eq!(language("لا أستطيع الدفع"), Some("ar"));
        assert_eq!(language("پرداخت من انجام نشد چگونه"), Some("fa"));
        assert_eq!(language("Оплата не проходит"), Some("ru"));
        assert_eq!(language("Оплата не проходить, що робити, її немає"), Some("uk"));
        assert_eq!(language("Η πληρωμή απέτυχε"), Some("und"));
        assert_eq!(language("12 :-) https://example.com/hello/this/is/it"), None);
    }

    #[test]
    fn short_latin_texts_are_told_by_their_words() {
        for (text, expected) in [
            ("my card was declined", Some("en")),
            ("o pagamento n foi e n fala o pq", Some("pt")),
            ("no me deja pagar", Some("es")),
            ("je n'arrive pas à payer", Some("fr")),
            ("die zahlung geht nicht", Some("de")),
            ("pembayaran saya gagal terus", Some("id")),
            ("thanh toan khong duoc", Some("vi")),
            ("ödeme yapamıyorum", Some("tr")),
            ("mijn betaling is mislukt, wat moet ik doen met het abonnement", Some("nl")),
            ("il mio pagamento non è andato a buon fine, che cosa devo fare", Some("it")),
            ("Moja płatność się nie powiodła, co mam zrobić", Some("pl")),
        ] {
            assert_eq!(language(text), expected, "{text}");
        }
    }

    #[test]
    fn a_text_too_short_to_be_sure_of_has_a_likeliest_language() {
        for (text, expected) in [
            ("handy: bezahlt. pc: fehlgeschlagen.", Some("de")),
            ("ödeme olmadı neden", Some("tr")),
            ("51", None),
            ("ERR_INTERNET_DISCONNECTED", None),
        ] {
            assert_eq!(likeliest(text), expected, "{text}");
        }
    }

    #[test]
    fn the_corpus_is_told_apart() {
        let (mut right, mut all, mut wrong) = (0, 0, Vec::new());
        for file in
            [include_str!("../../tests/corpus/english.jsonl"), include_str!("../../tests/corpus/multilingual.jsonl")]
        {
            for line in file.lines() {
                let mail: serde_json::Value = serde_json::from_str(line).unwrap();
                let text = mail["body"].as_str().unwrap();
                let asian = text.chars().any(|c| c > '\u{2e80}');
                if text.split_whitespace().count() < 5 && !(asian && text.chars().count() > 10) {
                    continue;
                }
                let mut expected = mail["lang"].as_str().unwrap().to_owned();
                if let Some(script) = mail["script"].as_str() {
                    expected = format!("{expected}-{script}");
                }
                all += 1;
                match language(text) == Some(expected.as_str()) {
                    true => right += 1,
                    false => wrong.push((mail["id"].clone(), language(text))),
                }
            }
        }
        assert!(right * 100 >= all * 98, "{right} of {all}: {wrong:?}");
    }
}
