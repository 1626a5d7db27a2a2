//! Recognises the lines that mail programs put above quoted history: attributions, separators, header blocks.
//! It decides nothing about the lines below them.

use std::sync::LazyLock;

use super::fold::fold;

/// A line that stands between what was written now and what was written before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Separator {
    /// `-----Original Message-----`
    Original,
    /// `---------- Forwarded message ---------`
    Forward,
    /// `##- Please type your reply above this line -##`
    ReplyAbove,
}

const ORIGINAL: &[&str] = &[
    "original message",
    "original email",
    "ursprungliche nachricht",
    "ursprungliche e-mail",
    "original-nachricht",
    "originalnachricht",
    "mensaje original",
    "mensagem original",
    "message d origine",
    "message original",
    "исходное сообщение",
    "原始邮件",
    "原始郵件",
    "原邮件",
    "元のメッセージ",
    "원본 메시지",
    "원본 메일",
    "원본메일",
    "الرساله الاصليه",
    "pesan asli",
    "thu goc",
    "tin nhan goc",
    "ozgun ileti",
    "orijinal mesaj",
    "orijinal ileti",
    "messaggio originale",
    "oorspronkelijk bericht",
    "ursprungligt meddelande",
    "original besked",
    "wiadomosc oryginalna",
    "回复的邮件",
    "邮件原件",
    "reply message",
    "replied message",
];
const FORWARD: &[&str] = &[
    "forwarded message",
    "begin forwarded message",
    "forwarded email",
    "weitergeleitete nachricht",
    "anfang der weitergeleiteten",
    "mensaje reenviado",
    "inicio del mensaje reenviado",
    "mensagem encaminhada",
    "mensagem reencaminhada",
    "inicio da mensagem",
    "message transfere",
    "debut du message",
    "message reexpedie",
    "пересылаемое сообщение",
    "пересланное сообщение",
    "переадресованное сообщение",
    "начало переадресованного",
    "转发邮件信息",
    "转发的邮件",
    "转发邮件",
    "轉寄郵件",
    "轉寄的郵件",
    "转发的信件",
    "転送メッセージ",
    "転送された",
    "전달된 메시지",
    "전달된 메일",
    "pesan terusan",
    "pesan yang diteruskan",
    "thu chuyen tiep",
    "thu da chuyen tiep",
    "tin nhan da chuyen tiep",
    "iletilen ileti",
    "yonlendirilen",
    "yonlendirilmis ileti",
    "رساله معاد توجيهها",
    "بدء الرساله المعاد",
    "messaggio inoltrato",
    "doorgestuurd bericht",
    "vidarebefordrat",
    "videresendt",
];
const REPLY_ABOVE: &[&str] = &[
    "reply above this line",
    "type your reply above",
    "write above this line",
    "oberhalb dieser zeile",
    "escriba su respuesta por encima",
    "responda acima desta linha",
    "au-dessus de cette ligne",
    "выше этой линии",
    "выше этой строки",
    "在此行上方",
    "在此线以上",
    "この行より上",
    "이 줄 위에",
];

/// What a line separates, if it does. Words alone are not enough: they stand between dashes, or end in a colon.
pub(super) fn separator(line: &str) -> Option<Separator> {
    if line.len() > 200 || is_plain(line) {
        return None;
    }
    let folded = fold(line).text;
    let folded = folded.trim();
    let words = folded.trim_matches(|c: char| "-_=*#>|+ :".contains(c));
    if words.len() < folded.len() && REPLY_ABOVE.iter().any(|phrase| folded.contains(phrase)) {
        return Some(Separator::ReplyAbove);
    }
    let dashed = ["--", "__", "==", "**"].iter().any(|rule| folded.starts_with(rule) && folded.ends_with(rule));
    let announced = folded.ends_with(':') && words.chars().count() < 45;
    if dashed || announced {
        // An announcement must start with the words; `they sent me the original message:` is a sentence.
        let says = |phrase: &&&str| if dashed { words.contains(**phrase) } else { words.starts_with(**phrase) };
        if FORWARD.iter().any(|phrase| says(&phrase)) {
            return Some(Separator::Forward);
        }
        if ORIGINAL.iter().any(|phrase| says(&phrase)) && (dashed || words.chars().count() < 30) {
            return Some(Separator::Original);
        }
    }
    None
}

/// Ends of lines that are neither a separator nor an attribution.
const IN_PROSE: &str = ".,;!?";

/// Whether a line begins with a letter and ends as prose does: most lines, and they need no closer look.
fn is_plain(line: &str) -> bool {
    let line = line.trim();
    line.starts_with(char::is_alphanumeric) && line.ends_with(|c: char| c.is_alphanumeric() || IN_PROSE.contains(c))
}

const WROTE: &[&str] = &[
    "wrote",
    "写道",
    "寫道",
    "書きました",
    "のメール",
    "작성",
    "쓰셨습니다",
    "보낸 메일",
    "escribio",
    "escreveu",
    "a ecrit",
    "schrieb",
    "пишет",
    "написал",
    "كتب",
    "menulis",
    "da viet",
    "viet",
    "yazdi",
    "sunlari yazdi",
    "schreef",
    "skrev",
    "ha scritto",
    "napisal",
    "tulis",
    "said",
    "kirjoitti",
    "발신",
    "於",
    "пишет",
];

/// Whether a line (or several, joined) introduces a quotation: `On …, … wrote:` in our languages, or any line that
/// ends in a colon and holds both an address in angle brackets and a time.
pub(super) fn attribution(line: &str) -> bool {
    let open = line.trim_end().ends_with(|c: char| c.is_ascii_alphanumeric() || IN_PROSE.contains(c));
    if line.len() > 500 || open {
        return false;
    }
    let folded = fold(line).text;
    let folded = folded.trim();
    let ends =
        folded.ends_with(':') || folded.ends_with("写道") || folded.ends_with("寫道") || folded.ends_with("يكتب");
    if !ends || !folded.contains(|c: char| c.is_ascii_digit() || c == '@') {
        return false;
    }
    let address = folded.contains('@');
    let dated = has_time(folded) || has_year(folded);
    (address || dated) && WROTE.iter().any(|verb| folded.contains(verb))
        || address && folded.contains('<') && !folded.starts_with('<') && has_clock(folded)
}

/// Whether a line may be the first of an attribution that is wrapped.
pub(super) fn opens_attribution(line: &str) -> bool {
    let line = line.trim();
    if !line.contains(char::is_numeric) {
        return false;
    }
    let folded = fold(line.get(..line.len().min(200)).unwrap_or("")).text;
    let dated = has_time(&folded) || has_year(&folded);
    let opened =
        OPENERS.iter().any(|word| folded.starts_with(word)) || folded.starts_with(|c: char| c.is_ascii_digit());
    dated && (opened || folded.contains('<') || folded.chars().take(8).any(|c| c == ','))
}

const OPENERS: &[&str] = &[
    "on ", "am ", "le ", "el ", "em ", "op ", "il ", "den ", "pada ", "vao ", "luc ", "dne ", "w dniu", "在", "於",
    "于", "в ", "في ",
];

/// An attribution that names a sender's address, or a date with its time: enough to take what follows for history
/// even where no line of it is marked.
pub(super) fn is_certain(attribution: &str) -> bool {
    let folded = fold(attribution).text;
    folded.contains('@') || has_year(&folded) && has_time(&folded)
}

fn has_clock(folded: &str) -> bool {
    folded
        .as_bytes()
        .windows(4)
        .any(|w| matches!(w, [a, b':', b, c] if a.is_ascii_digit() && b.is_ascii_digit() && c.is_ascii_digit()))
}

fn has_time(folded: &str) -> bool {
    let bytes = folded.as_bytes();
    bytes.windows(4).any(|w| matches!(w, [a, b':' | b'.' | b'h', b, c] if a.is_ascii_digit() && b.is_ascii_digit() && c.is_ascii_digit()))
}

fn has_year(folded: &str) -> bool {
    folded.as_bytes().windows(4).any(|w| matches!(w, [b'2', b'0', a, b] if a.is_ascii_digit() && b.is_ascii_digit()))
}

/// The fields of a header block as mail programs write it into a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    From,
    Date,
    To,
    Subject,
}

static LABELS: LazyLock<Vec<(String, Label)>> = LazyLock::new(|| {
    let of = |words: &str, label| words.split(',').map(|word| (fold(word).text, label)).collect::<Vec<_>>();
    [
        of("from,von,de,da,от,от кого,发件人,寄件者,寄件人,發件人,差出人,送信者,보낸 사람,보낸사람,من,dari,từ,người gửi,kimden,gönderen,van,fra,från,od,mittente", Label::From),
        of("sent,date,gesendet,datum,enviado,enviado el,enviada em,enviado em,fecha,data,envoyé,envoyé le,дата,отправлено,发送时间,日期,寄件日期,傳送時間,发送日期,送信日時,日時,日付,보낸 날짜,날짜,보낸 시간,보낸시간,تاريخ,التاريخ,تاريخ الإرسال,تم الإرسال,dikirim,terkirim,tanggal,đã gửi,ngày,ngày gửi,gönderildi,gönderme tarihi,gönderilme tarihi,tarih,verzonden,inviato,sendt,skickat,wysłano", Label::Date),
        of("to,cc,bcc,an,para,à,a,кому,копия,收件人,抄送,副本,收件者,宛先,받는 사람,받는사람,참조,إلى,kepada,đến,tới,người nhận,kime,alıcı,bilgi,aan,til,till,do,kopie,tembusan", Label::To),
        of("subject,betreff,asunto,assunto,objet,тема,主题,主題,主旨,件名,제목,الموضوع,موضوع,perihal,subjek,chủ đề,tiêu đề,konu,onderwerp,oggetto,emne,ämne,temat", Label::Subject),
    ]
    .concat()
});

pub(super) fn label(line: &str) -> Option<Label> {
    let line = line.trim_start_matches(|c: char| c.is_whitespace() || "*>_".contains(c));
    let (before, _) = line.split_once([':', '：'])?;
    if before.len() > 60 {
        return None;
    }
    let folded = fold(before).text;
    let word = folded.trim_matches(|c: char| c.is_whitespace() || c == '*' || c == '_');
    LABELS.iter().find(|(known, _)| known == word).map(|&(_, label)| label)
}

/// How many lines a header block takes that begins at the first of `lines`; 0 where none begins there.
/// It needs `From` and two other fields, so that a customer's own list is not taken for one.
pub(super) fn header_block<'a>(lines: impl Iterator<Item = &'a str>) -> usize {
    let (mut seen, mut end, mut strange) = ([false; 4], 0, 0);
    for (at, line) in lines.take(16).enumerate() {
        let found = label(line);
        if at == 0 && found != Some(Label::From) {
            return 0;
        }
        match found {
            Some(Label::From) if at > 0 => break,
            Some(label) => {
                if let Some(slot) = seen.get_mut(label as usize) {
                    *slot = true;
                }
                (end, strange) = (at + 1, 0);
            }
            // A folded list of recipients, or a blank line between two paragraphs.
            None => {
                strange += 1;
                if strange > 2 {
                    break;
                }
            }
        }
    }
    if seen.iter().filter(|&&one| one).count() >= 3 { end } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributions_of_many_languages_are_known() {
        for line in [
            "On Sun, Aug 10, 2025 at 3:44 PM Pic Copilot Support <PicCopilot@aliexpress.com> wrote:",
            "Am 22.05.2025 um 09:12 schrieb Jonas:",
            "在 2025年8月10日，15:44，Pic Copilot <a@b.c> 写道：",
            "Pic Copilot <a@b.c> 於 2025年8月10日 週日 下午3:44寫道：",
            "2025年8月10日(日) 15:44 Pic Copilot <a@b.c>:",
            "2025년 8월 10일 (일) 오후 3:44, Pic Copilot <a@b.c>님이 작성:",
            "El mar, 5 ago 2025 a las 13:20, Pic Copilot Support (<PicCopilot@aliexpress.com>) escribió:",
            "Em dom., 10 de ago. de 2025 às 15:44, Pic <a@b.c> escreveu:",
            "Le dim. 10 août 2025 à 15:44, Pic <a@b.c> a écrit :",
            "12 авг. 2025 г., в 11:05, Pic Copilot Support <PicCopilot@aliexpress.com> написал(а):",
            "في الأحد، 10 أغسطس 2025 في 3:44 م كتب Pic <a@b.c>:",
            "Pada tanggal Min, 10 Agu 2025 pukul 15.44 Pic <a@b.c> menulis:",
            "Vào CN, 10 thg 8, 2025 vào lúc 15:44 Pic <a@b.c> đã viết:",
            "Pic <a@b.c>, 10 Ağu 2025 Paz, 15:44 tarihinde şunu yazdı:",
            "Den 14. sep. 2025 kl. 10:02 skrev Pic Copilot Support <PicCopilot@aliexpress.com>:",
        ] {
            assert!(attribution(line), "{line}");
        }
        assert!(!attribution("My bank wrote:"));
        assert!(!attribution("<a@b.c>: connect to b.c[192.0.2.44]:25:"));
        assert!(!attribution("I tried at 10:15 and the page says:"));
    }

    #[test]
    fn separators_need_their_dashes() {
        assert_eq!(separator("-----Ursprüngliche Nachricht-----"), Some(Separator::Original));
        assert_eq!(separator("------------------ 原始邮件 ------------------"), Some(Separator::Original));
        assert_eq!(separator("---------- Forwarded message ---------"), Some(Separator::Forward));
        assert_eq!(separator("Begin forwarded message:"), Some(Separator::Forward));
        assert_eq!(separator("-------- 转发邮件信息 --------"), Some(Separator::Forward));
        assert_eq!(separator("##- Please type your reply above this line -##"), Some(Separator::ReplyAbove));
        assert_eq!(separator("I already sent the original message yesterday"), None);
        assert_eq!(separator("----"), None);
    }

    #[test]
    fn header_blocks_need_three_fields() {
        let block = "Von: A\nGesendet: Montag\nAn: B;\n C\nBetreff: x\n\nText";
        assert_eq!(header_block(block.lines()), 5);
        assert_eq!(header_block("*发件人:* A\n发送时间: x\n主题: y".lines()), 3);
        assert_eq!(header_block("From: my card\nTo: your page".lines()), 0);
    }
}
