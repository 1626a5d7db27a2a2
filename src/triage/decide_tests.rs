//! Each gate stops what it should, and an honest customer passes them all.

use super::*;
use crate::mail::{Address, DeliveryReport, Mail, Origin, Sign, Text};

const NOW: i64 = 1_800_000_000_000;
const HOUR: i64 = 3_600_000;

fn address(email: &str) -> Address {
    Address { name: String::new(), email: email.into() }
}

fn honest() -> Mail {
    Mail {
        from: vec![address("ada@customer.example")],
        recipients: vec!["support@shop.test".into()],
        return_path: Some("ada@customer.example".into()),
        subject: "cannot pay".into(),
        text: Text { shown: "cannot pay\nhelp".into(), subject_len: 10 },
        date: Some(NOW),
        readable: true,
        ..Mail::default()
    }
}

struct Scene {
    mail: Mail,
    history: History,
    policy: Policy,
    finding: Finding,
    whole: bool,
    arrived_at: i64,
}

impl Scene {
    fn new() -> Self {
        Self {
            mail: honest(),
            history: History { first_connected_at: Some(NOW - HOUR), ..History::default() },
            policy: Policy { own_addresses: vec!["support@shop.test".into()], ..Policy::default() },
            finding: Finding::cause("network-error"),
            whole: true,
            arrived_at: NOW,
        }
    }

    fn judge(&self) -> Judgement {
        let verdict = Verdict { finding: self.finding.clone(), ..Verdict::default() };
        decide(&Case {
            policy: &self.policy,
            mail: &self.mail,
            verdict: &verdict,
            history: &self.history,
            whole: self.whole,
            arrived_at: self.arrived_at,
            now: NOW,
        })
    }
}

/// What a change to the honest scene leads to, as `action reason`.
fn after(change: impl FnOnce(&mut Scene)) -> String {
    let mut scene = Scene::new();
    change(&mut scene);
    match scene.judge().decision {
        Decision::Reply { cause, to, .. } => format!("reply {cause} {to}"),
        Decision::Escalate { reason } => format!("escalate {}", reason.id()),
        Decision::Ignore { reason } => format!("ignore {}", reason.id()),
    }
}

fn sign(id: &'static str) -> Sign {
    Sign { id, detail: "x".into() }
}

#[test]
fn an_honest_customer_passes_every_gate() {
    let scene = Scene::new();
    let judgement = scene.judge();
    assert_eq!(
        judgement.decision,
        Decision::Reply { cause: "network-error".into(), also: None, to: "ada@customer.example".into() }
    );
    assert!(judgement.gates.len() > 20 && judgement.gates.iter().all(|gate| gate.passed));
}

#[test]
fn machines_are_ignored() {
    assert_eq!(after(|s| s.mail.origin = Origin::Machine(sign("auto-submitted"))), "ignore auto-submitted");
    assert_eq!(after(|s| s.mail.marker = Some("1".into())), "ignore own-mail");
    assert_eq!(after(|s| s.mail.from = vec![address("Support@shop.test")]), "ignore own-mail");
    assert_eq!(after(|s| s.finding = Finding::Automatic { topic: "out-of-office".into() }), "ignore out-of-office");
    let loops = after(|s| {
        s.history.answers_our_reply = true;
        s.mail.soft_signs = vec![sign("list-header")];
    });
    assert_eq!(loops, "ignore answers-us-automatically");
}

#[test]
fn a_bounce_of_our_answer_goes_to_a_person_and_any_other_bounce_does_not() {
    let bounce = |s: &mut Scene| {
        s.mail.origin = Origin::Machine(sign("delivery-report"));
        s.mail.delivery_report = Some(DeliveryReport::default());
    };
    assert_eq!(after(bounce), "ignore delivery-report");
    let ours = after(|s| {
        bounce(s);
        s.history.reports_our_reply = true;
    });
    assert_eq!(ours, "escalate delivery-failed");
}

#[test]
fn whatever_is_in_doubt_goes_to_a_person() {
    assert_eq!(after(|s| s.mail.soft_signs = vec![sign("list-header")]), "escalate may-be-machine");
    assert_eq!(after(|s| s.mail.readable = false), "escalate unreadable");
    assert_eq!(after(|s| s.whole = false), "escalate too-large");
    assert_eq!(after(|s| s.mail.from.push(address("b@customer.example"))), "escalate several-senders");
    assert_eq!(after(|s| s.mail.from.clear()), "escalate no-usable-address");
    assert_eq!(after(|s| s.mail.recipients.clear()), "escalate not-addressed-to-us");
    assert_eq!(after(|s| s.mail.hops = 51), "escalate too-many-hops");
    assert_eq!(after(|s| s.mail.date = Some(NOW - 73 * HOUR)), "escalate too-old");
    assert_eq!(after(|s| s.arrived_at = NOW - 73 * HOUR), "escalate before-first-connect");
    assert_eq!(after(|s| s.mail.text = Text { shown: " \n--".into(), subject_len: 0 }), "escalate nothing-written");
    assert_eq!(after(|s| s.finding = Finding::Nothing), "escalate not-understood");
    assert_eq!(after(|s| s.finding = Finding::Ambiguous { causes: vec![] }), "escalate several-causes");
    let topic = Finding::Guard { topic: "refund".into(), sentence: "Wants money back".into() };
    assert_eq!(after(|s| s.finding = topic), "escalate refund");
    assert_eq!(after(|s| s.history.address_rests = true), "escalate do-not-answer");
    assert_eq!(after(|s| s.history.paused = true), "escalate paused");
}

#[test]
fn a_second_mail_in_the_conversation_goes_to_a_person() {
    assert_eq!(after(|s| s.history.conversation_answered = true), "escalate conversation-continues");
    assert_eq!(after(|s| s.history.conversation_with_person = true), "escalate conversation-continues");
    assert_eq!(after(|s| s.history.answers_our_reply = true), "escalate answers-our-mail");
    assert_eq!(after(|s| s.mail.references = vec!["x1@mail.shop.test".into()]), "escalate answers-our-mail");
    for quoted in [
        "On Sun, Aug 10, 2025 at 3:44 PM Shop Support <Support@shop.test> wrote:\n> Have you tried it?",
        "On Sun, Aug 10, 2025 at 3:44 PM Shop Support\n<support@shop.test> wrote:\n> Have you tried it?",
        "-----Original Message-----\nFrom: Shop Support <support@shop.test>\nSent: Sunday",
    ] {
        assert_eq!(after(|s| s.mail.quoted = quoted.into()), "escalate answers-our-mail", "{quoted}");
    }
    let own_words = "From: Ada <ada@customer.example>\nTo: support@shop.test\nSubject: cannot pay";
    assert!(after(|s| s.mail.quoted = own_words.into()).starts_with("reply"));
}

#[test]
fn only_the_wanted_languages_are_answered() {
    let in_language = |language: &str| {
        after(|s| {
            s.policy.languages = vec!["en".into(), "zh".into()];
            s.mail.language = Some(language.into());
        })
    };
    assert!(in_language("en").starts_with("reply") && in_language("zh-Hant").starts_with("reply"));
    assert_eq!(in_language("nl"), "escalate language-not-answered");
}

#[test]
fn the_caps_hold() {
    assert_eq!(after(|s| s.history.sender_replies = vec!["network-error".into()]), "escalate cap-sender");
    let other = after(|s| s.history.sender_replies = vec!["unspecified".into()]);
    assert!(other.starts_with("reply"), "another cause may be answered once more: {other}");
    assert_eq!(after(|s| s.history.sender_replies = vec!["unspecified".into(), "x".into()]), "escalate cap-sender");
    assert_eq!(after(|s| s.history.domain_replies = 20), "escalate cap-domain");
    let free = after(|s| {
        s.history.domain_replies = 20;
        s.mail.from = vec![address("ada@gmail.com")];
        s.mail.return_path = Some("ada@gmail.com".into());
    });
    assert_eq!(free, "reply network-error ada@gmail.com");
    assert_eq!(after(|s| s.history.text_replies = 3), "escalate cap-text");
    assert_eq!(after(|s| s.history.total_replies = 200), "escalate cap-total");
}

#[test]
fn an_answer_goes_only_where_the_sender_is_proved() {
    assert_eq!(after(|s| s.mail.return_path = None), "escalate not-authenticated");
    assert_eq!(after(|s| s.mail.return_path = Some("x@other.example".into())), "escalate not-authenticated");
    assert_eq!(after(|s| s.mail.reply_to = vec![address("x@other.example")]), "escalate not-authenticated");
    let desk = after(|s| s.mail.reply_to = vec![address("ada+1@desk.customer.example")]);
    assert_eq!(desk, "reply network-error ada+1@desk.customer.example");
    let trusting = after(|s| {
        s.mail.return_path = None;
        s.policy.answer_unauthenticated = true;
    });
    assert!(trusting.starts_with("reply"));
}

#[test]
fn only_our_own_servers_results_are_believed() {
    let with = |results: &[&str], path: &str| {
        after(|s| {
            s.policy.authserv_id = Some("mx.shop.test".into());
            s.mail.authentication = results.iter().map(|text| (*text).to_owned()).collect();
            s.mail.return_path = Some(path.into());
        })
    };
    let pass = "reply network-error ada@customer.example";
    assert_eq!(with(&["mx.shop.test; dmarc=pass header.from=customer.example"], "x@list.example"), pass);
    assert_eq!(with(&["mx.shop.test 1; (ok) dkim=pass (2048) header.d=customer.example"], "x@list.example"), pass);
    assert_eq!(
        with(&["mx.shop.test; dmarc=fail", "mx.shop.test; dmarc=pass"], "ada@customer.example"),
        "escalate not-authenticated"
    );
    assert_eq!(with(&["evil.example; dmarc=pass"], "x@evil.example"), "escalate not-authenticated");
    assert_eq!(
        with(&["mx.shop.test; spf=pass smtp.mailfrom=evil.example; dkim=none"], "x@evil.example"),
        "escalate not-authenticated"
    );
}
