//! Whole mails, well-formed and hostile.
//! Single steps are tested beside the files that do them.

use super::*;

fn body(mail: &str) -> String {
    Mail::parse(mail.as_bytes()).text.body().to_owned()
}

fn random(seed: &mut u64) -> u64 {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    *seed
}

#[test]
fn a_plain_mail_is_read() {
    let mail = Mail::parse(
        b"Return-Path: <jo@Example.com>\r\nReceived: a\r\nReceived: b\r\nFrom: =?utf-8?B?5p2O?= <Jo@Example.com>\r\nTo: Us@x.y\r\n\
          Subject: Re: Payment\r\n failed\r\nMessage-ID: <1@x>\r\nReferences: <0@x> <00@x>\r\nDate: Tue, 1 Jul 2025 00:00:01 +0000\r\n\r\n\
          It says no.  \r\n\r\n\r\n\r\n\r\nJo\r\n-- \r\nJo Smith\r\n",
    );
    assert_eq!((mail.from[0].name.as_str(), mail.from[0].email.as_str()), ("李", "Jo@example.com"));
    assert_eq!(mail.text.shown, "Payment failed\nIt says no.\n\n\nJo");
    assert_eq!(
        (mail.text.subject(), mail.signature.as_str()),
        ("Payment failed", "-- \nJo Smith".replace("-- ", "--").as_str())
    );
    assert_eq!((mail.recipients.as_slice(), mail.hops), (["us@x.y".to_owned()].as_slice(), 2));
    assert_eq!(
        (mail.message_id.as_deref(), mail.references.len(), mail.date),
        (Some("1@x"), 2, Some(1_751_328_001_000))
    );
    assert_eq!(mail.return_path.as_deref(), Some("jo@example.com"));
    assert!(mail.readable);
}

#[test]
fn of_twins_one_is_read() {
    let twins = |plain: &str| {
        format!(
            "From: a@b.c\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n{plain}\r\n\
             --b\r\nContent-Type: text/html\r\n\r\n<p>from html</p>\r\n--b--\r\n"
        )
    };
    assert_eq!(body(&twins("from text")), "from text");
    assert_eq!(body(&twins("")), "from html");
    assert_eq!(body(&twins("Please view this message in an HTML capable mail client.")), "from html");
    assert_eq!(body(&twins("My HTML export fails at payment")), "My HTML export fails at payment");
}

#[test]
fn inline_parts_are_joined_and_attachments_left() {
    let mail = "From: a@b.c\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\nContent-Type: text/plain\n\ntwo\n\
        --b\nContent-Type: text/plain\nContent-Disposition: attachment; filename=x.txt\n\nlog\n--b\nContent-Type: image/png\n\nx\n\
        --b\nContent-Type: message/rfc822\n\nSubject: s\n\ninner\n--b--\n";
    let mail = Mail::parse(mail.as_bytes());
    assert_eq!(mail.text.body(), "one\n\ntwo");
    assert!(mail.attachments >= 2);
}

#[test]
fn a_mail_that_breaks_off_is_read() {
    for kind in ["plain", "html"] {
        let mail = format!(
            "From: a@b.c\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/{kind}\n\nhello"
        );
        assert_eq!(body(&mail), "hello");
    }
}

#[test]
fn headers_alone_are_enough() {
    for mail in [
        "From: a@b.c\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n",
        "From: a@b.c\r\nSubject: x\r\n",
    ] {
        let mail = Mail::parse(mail.as_bytes());
        assert_eq!((mail.from.len(), mail.text.shown.as_str(), mail.readable), (1, "x\n", true));
    }
    assert!(!Mail::parse(b"").readable);
    assert!(!Mail::parse(b"\xff\xfe\0\0").readable);
}

#[test]
fn undeclared_chinese_is_read() {
    let mut mail = b"From: a@b.c\r\nSubject: \xb8\xb6\xbf\xee\r\n\r\n".to_vec();
    mail.extend(b"\xb8\xb6\xbf\xee\xca\xa7\xb0\xdc\r\n");
    let mail = Mail::parse(&mail);
    assert_eq!(mail.text.shown, "付款\n付款失败");
    assert_eq!(mail.language.as_deref(), Some("zh-Hans"));
}

#[test]
fn hostile_mails_are_read_quickly_and_without_a_panic() {
    let nested: String =
        (0..2_000).map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n")).collect();
    let mails = "Content-Type: message/rfc822\n\n".repeat(20_000);
    let parts = format!("Content-Type: multipart/mixed; boundary=b\n\n{}", "--b\n\nx\n".repeat(10_000));
    let header = format!("Subject: {}\nX: {}\n\nbody", "=?utf-8?Q?=E4?= ".repeat(50_000), "(".repeat(1_000_000));
    let quotes = format!("From: a@b.c\n\n{}", ">".repeat(300_000));
    let folded = format!("From: a@b.c\nSubject: a\n{}\n\nx", " b\n".repeat(100_000));
    let lines = format!("From: a@b.c\n\n{}", "On 1 May 2025 at 10:00 x\n".repeat(8_000));
    for mail in [nested, mails, parts, header, quotes, folded, lines] {
        Mail::parse(mail.as_bytes());
    }
}

#[test]
fn random_bytes_never_panic() {
    let words: Vec<&[u8]> = vec![
        b"From: ",
        b"Subject: ",
        b"Content-Type: ",
        b"multipart/mixed; boundary=b",
        b"multipart/alternative; boundary=\"b\"",
        b"text/html",
        b"\r\n",
        b"\r\n\r\n",
        b"--b",
        b"--",
        b"<div class=gmail_quote>",
        b"<blockquote>",
        b"</div>",
        b"> ",
        b"=?utf-8?Q?",
        b"?=",
        b"=?gb18030?B?",
        b"message/rfc822",
        b"On 1 May 2025 at 10:00 a@b.c wrote:",
        b"-- ",
        b"\xe4\xbb",
        b"\xff",
        b"\0",
        b"=",
        b"&nbsp",
        b"Content-Transfer-Encoding: base64",
        b"; charset=utf-7",
        b"@",
        b"\"",
        b"(",
        b"\xf0\x9f\x98\x82",
        b"-----Original Message-----",
        b":",
    ];
    let mut seed = 0x2545_f491_4f6c_dd1d;
    for _ in 0..3_000 {
        let mut mail = Vec::new();
        for _ in 0..random(&mut seed) % 40 {
            match random(&mut seed) % 4 {
                0 => mail.push(random(&mut seed) as u8),
                _ => mail.extend(words[random(&mut seed) as usize % words.len()]),
            }
        }
        let parsed = Mail::parse(&mail);
        assert!(parsed.text.shown.is_char_boundary(parsed.text.subject_len));
    }
}

#[test]
fn history_below_a_mail_changes_nothing() {
    let histories = [
        "On Sun, Aug 10, 2025 at 3:44 PM Pic <a@b.c> wrote:\n> Please check that the balance is sufficient.\n>\n> Regards",
        "-----Original Message-----\nFrom: A <a@b.c>\nSent: Monday\nTo: B\nSubject: y\n\nPlease check the balance.",
        "在 2025年8月10日，15:44，Pic <a@b.c> 写道：\n\n> 请检查余额",
        "________________________________\n发件人: A <a@b.c>\n发送时间: x\n收件人: b\n主题: y\n\n请检查余额",
    ];
    for file in
        [include_str!("../../tests/corpus/english.jsonl"), include_str!("../../tests/corpus/multilingual.jsonl")]
    {
        for line in file.lines() {
            let json: serde_json::Value = serde_json::from_str(line).unwrap();
            let (id, text) = (json["id"].as_str().unwrap(), json["body"].as_str().unwrap());
            let headers = "From: a@b.c\nSubject: Re: x\nContent-Type: text/plain; charset=utf-8\n\n";
            let alone = Mail::parse(format!("{headers}{text}").as_bytes());
            if text.is_empty() || !alone.quoted.is_empty() || !alone.forwarded.is_empty() {
                continue;
            }
            assert!(alone.signature.len() < 200, "{id}: {}", alone.signature);
            for history in histories {
                let with = Mail::parse(format!("{headers}{text}\n\n{history}\n").as_bytes());
                assert_eq!(with.text, alone.text, "{id}");
            }
        }
    }
}
