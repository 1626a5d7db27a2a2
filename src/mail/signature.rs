//! Finds signatures, footers of telephones and legal notices at the end of what somebody wrote.
//! A closing formula with a name stays: it costs nothing, and cutting it may cost words.

use super::fold::fold;

/// A signature longer than this is no signature: somebody uses dashes as a rule.
const LONGEST_LINES: usize = 15;

const FOOTERS: &[&str] = &[
    "sent from my ",
    "sent from mail for ",
    "sent from outlook",
    "sent from yahoo",
    "sent from samsung",
    "sent from the ",
    "sent from aol",
    "sent from galaxy",
    "sent from proton",
    "sent from gmail",
    "sent via ",
    "sent with proton",
    "sent with ",
    "get outlook for ",
    "从我的",
    "发自我的",
    "發自我的",
    "從我的",
    "来自我的",
    "來自我的",
    "发自我",
    "获取outlook",
    "取得 outlook",
    "iphoneから送信",
    "ipadから送信",
    "androidから送信",
    "私のiphone",
    "스마트폰에서 보냄",
    "나의 iphone에서 보냄",
    "내 iphone에서 보냄",
    "iphone에서 보냄",
    "ios용 outlook",
    "android용 outlook",
    "von meinem ",
    "gesendet von ",
    "gesendet mit ",
    "holen sie sich outlook",
    "outlook fur ",
    "enviado desde mi ",
    "enviado desde ",
    "obtener outlook",
    "enviado do meu ",
    "enviado de meu ",
    "enviado a partir",
    "obter outlook",
    "obter o outlook",
    "enviado por samsung",
    "envoye de mon ",
    "envoye depuis ",
    "envoye a partir",
    "telecharger outlook",
    "obtenez outlook",
    "отправлено с ",
    "отправлено из ",
    "получить outlook",
    "скачать outlook",
    "ارسلت من ",
    "تم الارسال من ",
    "مرسل من ",
    "مرسله من ",
    "dikirim dari ",
    "terkirim dari ",
    "dapatkan outlook",
    "gui tu ",
    "da gui tu ",
    "duoc gui tu ",
    "tai outlook",
    "iphone umdan gonderildi",
    "iphoneumdan gonderildi",
    "iphone'umdan",
    "ipadimden gonderildi",
    "telefonumdan gonderildi",
    "outlook'u edinin",
    "outlooku edinin",
    "verstuurd vanaf ",
    "inviato da ",
    "virus-free",
    "skickat fran ",
    "sendt fra ",
];

/// Whether a line is the footer that a telephone or a mail program adds.
fn is_footer(line: &str) -> bool {
    let folded = fold(line.trim()).text;
    let words = folded.split_whitespace().count();
    let plain = folded.trim_start_matches(|c: char| !c.is_alphanumeric());
    folded.chars().count() <= 70
        && words <= 9
        && (FOOTERS.iter().any(|start| plain.starts_with(start))
            || (plain.contains("gonderildi") || plain.ends_with("から送信") || plain.ends_with("에서 보냄")) && words <= 5)
        // `Sent from my card yesterday.` is a sentence of the customer's.
        && !["card", "bank", "account", "konto", "tarjeta", "cartao", "carte", "karte"].iter().any(|w| plain.contains(w))
}

const LEGAL: &[&str] = &[
    "confidential",
    "privileged",
    "intended recipient",
    "intended solely",
    "disclosure",
    "notify the sender",
    "unauthorized",
    "delete it",
    "delete this",
    "attachments",
    "vertraulich",
    "irrtumlich",
    "confidencial",
    "destinatario",
    "confidentiel",
    "destinataire",
    "конфиденциал",
    "получател",
    "保密",
    "机密",
    "機密",
    "收件人",
    "bilgiler gizli",
    "gizlidir",
    "bao mat",
    "rahasia",
    "기밀",
    "سري",
    "please consider the environment",
];

/// Whether a paragraph is a legal notice: at least two of its set phrases, and no short remark.
fn is_legal(paragraph: &str) -> bool {
    let folded = fold(paragraph).text;
    let hits = LEGAL.iter().filter(|phrase| folded.contains(*phrase)).count();
    let asks = folded.contains('?') || folded.contains("payment") || folded.contains("付款");
    hits >= 2 && !asks && folded.chars().count() > 30
}

/// Splits the end off a stretch of own lines: returns how many lines stay.
pub(super) fn kept_lines(lines: &[&str], above: bool) -> usize {
    let mut keep = lines.len();
    // RFC 3676 section 4.3; the blank behind the dashes is often lost.
    if let Some(at) = lines.iter().position(|line| matches!(line.trim_end(), "--" | "—" | "–") || *line == "-- ") {
        let has_text_above = above || lines.iter().take(at).any(|line| !line.trim().is_empty());
        if has_text_above && keep - at <= LONGEST_LINES {
            keep = at;
        }
    }
    loop {
        let Some(last) = lines.iter().take(keep).rposition(|line| !line.trim().is_empty()) else { return 0 };
        if lines.get(last).is_some_and(|line| is_footer(line)) {
            keep = last;
            continue;
        }
        let start = lines.iter().take(last).rposition(|line| line.trim().is_empty()).map_or(0, |at| at + 1);
        let paragraph = lines.get(start..=last).unwrap_or(&[]).join(" ");
        if start > 0 && paragraph.len() < 6_000 && is_legal(&paragraph) {
            keep = start;
            continue;
        }
        return keep;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(text: &str) -> String {
        let lines: Vec<&str> = text.lines().collect();
        lines[..kept_lines(&lines, false)].join("\n").trim().to_owned()
    }

    #[test]
    fn footers_and_signatures_go() {
        for footer in [
            "Sent from my iPhone",
            "Get Outlook for Android",
            "从我的iPhone发送",
            "發自我的 iPhone",
            "從我的iPhone傳送",
            "Von meinem iPhone gesendet",
            "Enviado desde mi iPhone",
            "Envoyé de mon iPhone",
            "Отправлено с iPhone",
            "iPhone'umdan gönderildi",
            "iPhoneから送信",
            "내 iPhone에서 보냄",
            "Gửi từ iPhone của tôi",
            "Dikirim dari iPhone saya",
            "Sent from Yahoo Mail on Android",
            "أرسلت من الـ iPhone",
            "-- \nJane\nCEO",
        ] {
            assert_eq!(kept(&format!("I cannot pay.\n\n{footer}")), "I cannot pay.", "{footer}");
        }
    }

    #[test]
    fn legal_notices_go_and_the_customers_words_stay() {
        let notice =
            "This e-mail and any attachments are confidential. If you are not\nthe intended recipient, delete it.";
        assert_eq!(kept(&format!("I cannot pay.\n\nJo\n\n{notice}\n")), "I cannot pay.\n\nJo");
        assert_eq!(
            kept("Hi\n\nMoney sent from my card, still nothing"),
            "Hi\n\nMoney sent from my card, still nothing"
        );
        let rule = format!("Hi\n--\n{}", "more words\n".repeat(30));
        assert_eq!(kept(&rule), rule.trim());
    }
}
