//! Signs, each from a whole mail.
//! What a report says is tested in `report`.

use super::*;

fn origin(headers: &str) -> Option<&'static str> {
    match Mail::parse(format!("{headers}\r\n\r\nHello there, it fails.\r\n").as_bytes()).origin {
        Origin::Person => None,
        Origin::Machine(sign) => Some(sign.id),
    }
}

fn soft_signs(headers: &str) -> Vec<&'static str> {
    Mail::parse(format!("{headers}\r\n\r\nHello\r\n").as_bytes()).soft_signs.iter().map(|sign| sign.id).collect()
}

#[test]
fn auto_submitted_is_read_by_the_letter() {
    for person in ["no", "NO", "no; x=y", "(comment) no", "no (really (no))", ""] {
        assert_eq!(
            origin(&format!("From: a@b.c\r\nAuto-Submitted: {person}\r\nX-Mailer: Freshdesk")),
            None,
            "{person}"
        );
    }
    for machine in ["auto-replied", "auto-generated; owner-email=\"a@b\"", "(no) auto-notified", "no-one", "yes"] {
        assert_eq!(origin(&format!("From: a@b.c\r\nAuto-Submitted: {machine}")), Some("auto-submitted"), "{machine}");
    }
    assert_eq!(origin("From: a@b.c\r\nAuto-Submitted: no\r\nAuto-Submitted: auto-replied"), Some("auto-submitted"));
}

#[test]
fn hard_signs_make_a_machine() {
    for (headers, sign) in [
        ("From: a@b.c\r\nReturn-Path: <>", "null-return-path"),
        ("From: <>", "null-sender"),
        ("From: MAILER-DAEMON@b.c", "mail-system-sender"),
        ("From: postmaster@b.c\r\nSubject: Undeliverable: x", "delivery-report"),
        ("From: a@b.c\r\nX-Failed-Recipients: d@e.f", "delivery-report"),
        ("From: a@b.c\r\nX-MDDSN-Message: x", "delivery-report"),
        (
            "From: a@b.c\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=x\r\nAuto-Submitted: auto-replied",
            "delivery-report",
        ),
        (
            "From: a@b.c\r\nContent-Type: multipart/report; report-type=disposition-notification; boundary=x",
            "read-receipt",
        ),
        ("From: a@b.c\r\nContent-Type: text/calendar; method=REPLY", "calendar-reply"),
        ("From: list-request@b.c", "list-robot-sender"),
        ("From: a@b.c\r\nX-Autoreply: yes", "auto-reply-header"),
        ("From: a@b.c\r\nX-FC-MachineGenerated: true", "auto-reply-header"),
        ("From: a@b.c\r\nPrecedence: auto_reply", "precedence-auto-reply"),
        ("From: a@b.c\r\nX-Loop: x", "loop-header"),
        ("From: a@b.c\r\nX-Challenge-Response: 1", "challenge"),
        ("From: a@b.c\r\nX-Auto-Response-Suppress: All\r\nSubject: Automatische Antwort: x", "auto-reply-subject"),
        ("From: notifications@stripe.com\r\nFeedback-ID: x", "machine-notice"),
        ("From: service@paypal.com\r\nX-PP-Email-transmission-Id: x", "machine-notice"),
        ("From: n@b.c\r\nList-Unsubscribe: <x>\r\nList-Unsubscribe-Post: x\r\nPrecedence: bulk", "newsletter"),
    ] {
        assert_eq!(origin(headers), Some(sign), "{headers}");
    }
}

#[test]
fn soft_signs_leave_a_person() {
    for (headers, sign) in [
        ("From: a@b.c\r\nX-Auto-Response-Suppress: DR, OOF", "suppress-header"),
        ("From: a@b.c\r\nPrecedence: List", "precedence-bulk"),
        ("From: a@b.c\r\nList-Id: x", "list-header"),
        ("From: no-reply@b.c", "no-reply-sender"),
        ("From: shop+DoNotReply@b.c", "no-reply-sender"),
        ("From: order_notifications@b.c", "no-reply-sender"),
        ("From: a@b.c\r\nX-Spam-Flag: YES", "marked-as-spam"),
        ("From: a@b.c, d@e.f", "several-senders"),
        ("From: a@b.c\r\nFrom: d@e.f", "several-senders"),
        ("Subject: x", "no-sender"),
    ] {
        assert_eq!(soft_signs(headers), [sign], "{headers}");
        assert_eq!(origin(headers), None, "{headers}");
    }
    assert!(soft_signs("From: a@b.c\r\nFeedback-ID: x\r\nX-Auto-Response-Suppress: DR").is_empty());
    assert_eq!(origin("From: postmaster@b.c\r\nSubject: I cannot pay"), None);
}

#[test]
fn a_notice_that_says_so_plainly_is_a_machine() {
    let mail = |from: &str| {
        Mail::parse(format!("From: {from}\r\n\r\nYour card was declined.\nThis is an automated alert.").as_bytes())
            .origin
    };
    assert!(matches!(mail("no-reply@bank.example"), Origin::Machine(_)));
    assert_eq!(mail("jo@bank.example"), Origin::Person);
}
