//! Mails as people send them, cleaned.
//! HTML has tests of its own.

use super::*;

fn of(text: &str) -> Cleaned {
    clean(&plain_lines(text), Context { answers: true, forwards: false })
}

fn forward(text: &str) -> Cleaned {
    clean(&plain_lines(text), Context { answers: false, forwards: true })
}

#[test]
fn history_below_goes() {
    let history = [
        "On Sun, Aug 10, 2025 at 3:44 PM Pic Copilot Support <\nPicCopilot@aliexpress.com> wrote:\n> old\n> words",
        "On Sun, Aug 10, 2025 at 3:44 PM Pic <a@b.c> wrote:\n\nold words without marks",
        "-----Original Message-----\nFrom: A\nSent: x\nTo: B\nSubject: y\n\nold",
        "________________________________\nVon: A <a@b>\nGesendet: Mo\nAn: B\nBetreff: y\n\nold",
        "------------------ 原始邮件 ------------------\n发件人: \"A\"\n发送时间: x\n收件人: b\n主题: y\n\nold",
        "> old\n> words",
        "##- Please type your reply above this line -##\nold",
    ];
    for history in history {
        let cleaned = of(&format!("No, it still fails.\n\nJo\n\nSent from my iPhone\n\n{history}\n"));
        assert_eq!(cleaned.own, "No, it still fails.\n\nJo", "{history}");
        assert!(cleaned.quoted.contains("old"), "{history}");
        assert!(!cleaned.signature.is_empty());
    }
}

#[test]
fn answers_below_and_between_quotations_stay() {
    let cleaned = of("On 10 Aug 2025, at 15:44, Pic <a@b.c> wrote:\n> first\n\nI did.\n\n> second\n\nDid that too.\n");
    assert_eq!(cleaned.own, "I did.\n\n\nDid that too.");
    assert_eq!(cleaned.quoted, "On 10 Aug 2025, at 15:44, Pic <a@b.c> wrote:\nfirst\n\nsecond");
}

#[test]
fn pasted_messages_stay() {
    let text = "It says:\n\n    504 Gateway Time-out\n\n\"insufficient funds\"\n【招商银行】失败，原因：余额不足。\n>> Click here <<\n>_< why?";
    assert_eq!(of(text).own, text);
    let pasted = "The page says:\n> insufficient funds\nWhat now?";
    assert_eq!(clean(&plain_lines(pasted), Context::default()).own, "The page says:\ninsufficient funds\nWhat now?");
}

#[test]
fn a_forward_without_own_words_speaks_for_the_sender() {
    let mail = "---------- Forwarded message ---------\nFrom: Bank <a@b.c>\nDate: Mon\nSubject: x\nTo: <c@d.e>\n\nCard declined.";
    let cleaned = forward(mail);
    assert_eq!(cleaned.own, "Card declined.");
    assert_eq!(cleaned.forwarded, "Card declined.");
    let cleaned = forward(&format!("See below.\n\n{mail}"));
    assert_eq!((cleaned.own.as_str(), cleaned.forwarded.as_str()), ("See below.", "Card declined."));
    let cleaned = forward("Please see.\n\n> From: Boss\n> Sent: Wednesday\n> It did not go through.");
    assert_eq!((cleaned.own.as_str(), cleaned.forwarded.contains("not go through")), ("Please see.", true));
    let cleaned =
        forward("Begin forwarded message:\n\n> From: A\n> Date: x\n> To: B\n> Subject: y\n>\n> It fails.\n\nHelp!");
    assert_eq!((cleaned.own.as_str(), cleaned.forwarded.as_str()), ("Help!", "It fails."));
}

#[test]
fn history_alone_leaves_nothing() {
    assert_eq!(of("On 10 Aug 2025, at 15:44, Pic <a@b.c> wrote:\n> old words").own, "");
    assert_eq!(of("From: A\nSent: x\nTo: B\nSubject: y\n\nold").own, "");
}

#[test]
fn a_customer_who_tells_what_was_written_keeps_their_words() {
    for text in [
        "On 12.05.2025 your bot wrote:\ninsufficient funds\nBut I have money.",
        "Hello,\nOn Monday 10:15 your page wrote:\ninsufficient funds\nWhat now?",
    ] {
        assert_eq!(clean(&plain_lines(text), Context::default()).own, text);
    }
    let pasted = "From: Bank\nDate: Mon\nTo: me\nSubject: Declined\n\nNo funds.";
    assert_eq!(clean(&plain_lines(pasted), Context::default()).own, "No funds.");
}

#[test]
fn a_quoted_line_in_angle_marks_stays_quoted() {
    let text = "My payment failed.\n\nOn Mon, Ada <ada@shop.example> wrote:\n> Hello\n> >> Click here <<\n";
    let cleaned = of(text);
    assert_eq!(cleaned.own.trim(), "My payment failed.");
}
