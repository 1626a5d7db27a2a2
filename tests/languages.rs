//! The languages that are answered out of the box: each has every template, says in plain words what each cause is, and
//! leaves to a person what the guards know.

use std::collections::BTreeSet;

use paytriage::config::read_sources;
use paytriage::mail::Mail;
use paytriage::reply::Templates;
use paytriage::triage::{Case, Decision, Finding, History, PatternSet, Policy, decide_alone};

const LANGUAGES: [&str; 13] = ["ar", "de", "en", "es", "fr", "id", "ja", "ko", "pt", "ru", "tr", "vi", "zh-Hans"];
const TEMPLATES: [&str; 7] = [
    "network-error",
    "insufficient-balance",
    "multiple-payment-pages",
    "unspecified",
    "insufficient-balance+network-error",
    "insufficient-balance+multiple-payment-pages",
    "multiple-payment-pages+network-error",
];

fn load() -> (PatternSet, Templates) {
    let sources = read_sources(None, None).expect("the built-in files");
    let set = PatternSet::load(&sources.patterns).unwrap_or_else(|problems| panic!("{problems:?}"));
    (set, Templates::load(&sources.templates).unwrap_or_else(|problems| panic!("{problems:?}")))
}

/// What the bot would do, and in which language.
fn judged(set: &PatternSet, body: &str) -> (String, Option<String>) {
    let bytes = format!("From: a@b.example\nContent-Type: text/plain; charset=utf-8\n\n{body}");
    let mut mail = Mail::parse(bytes.as_bytes());
    let verdict = set.judge(&mut mail);
    let (policy, history) = (Policy::default(), History::default());
    let case =
        Case { policy: &policy, mail: &mail, verdict: &verdict, history: &history, whole: true, arrived_at: 0, now: 0 };
    let done = match decide_alone(&case).decision {
        Decision::Reply { cause, .. } => cause,
        Decision::Escalate { .. } => "escalate".into(),
        Decision::Ignore { .. } => "ignore".into(),
    };
    (done, verdict.language)
}

#[test]
fn every_language_has_every_template() {
    let (_, templates) = load();
    let known: BTreeSet<&str> = LANGUAGES.into_iter().chain(["zh-Hant"]).collect();
    assert_eq!(templates.languages(), known);
    for language in known {
        for template in TEMPLATES {
            assert!(templates.has(language, template), "{language}/{template}");
        }
    }
}

#[test]
fn a_payment_that_failed_without_a_word_of_why_gets_the_overview_in_its_own_language() {
    let (set, _) = load();
    for (body, language) in [
        ("Zahlung fehlgeschlagen, bitte um Hilfe", "de"),
        ("支払いに失敗しました", "ja"),
        ("ödeme başarısız oldu, yardım eder misiniz", "tr"),
        ("Hi, my payment failed. Please help me.", "en"),
    ] {
        assert_eq!(judged(&set, body), ("unspecified".into(), Some(language.into())), "{body}");
    }
}

#[test]
fn guards_win_in_every_language() {
    let (set, _) = load();
    for body in [
        "Network error when I paid. I want a refund.",
        "Netzwerkfehler beim Bezahlen. Ich möchte eine Rückerstattung, erstatten Sie mir das Geld.",
        "Erreur réseau au moment de payer. Je veux être remboursé, remboursez-moi.",
        "Error de red al pagar. Quiero un reembolso.",
        "Erro de rede ao pagar. Quero reembolso.",
        "Ошибка сети при оплате. Верните деньги.",
        "付款时网络错误。我要退款。",
        "付款時網路錯誤，我要退款。",
        "支払い中にネットワークエラー。返金してください。",
        "결제 중 네트워크 오류. 환불해 주세요.",
        "خطأ في الشبكة أثناء الدفع. أريد استرداد المبلغ.",
        "Error jaringan saat bayar. Kembalikan uang saya.",
        "Lỗi mạng khi thanh toán. Tôi muốn hoàn tiền.",
        "Ödeme sırasında ağ hatası oldu. Para iadesi istiyorum.",
    ] {
        let mut mail = Mail::parse(format!("Content-Type: text/plain; charset=utf-8\n\n{body}").as_bytes());
        let finding = set.judge(&mut mail).finding;
        assert!(matches!(&finding, Finding::Guard { topic, .. } if topic == "refund"), "{body}: {finding:?}");
    }
}

#[test]
fn the_balance_that_is_said_to_be_there_goes_to_a_person() {
    let (set, _) = load();
    for body in [
        "Saldo insuficiente, pero tengo 4000 en la cuenta",
        "insufficient funds, but i have plenty of money",
        "Saldo insuficiente aparece, mas tenho 4000 reais na conta",
        "Пишет недостаточно средств, а на карте лежит 5000",
    ] {
        assert_eq!(judged(&set, body).0, "escalate", "{body}");
    }
}
