//! Reads every mail of the corpus as bytes and holds what comes out against what its label implies.
//! It does not judge causes: that is another room's work.

use paytriage::mail::{Mail, Origin};

fn corpus() -> Vec<serde_json::Value> {
    [include_str!("corpus/english.jsonl"), include_str!("corpus/multilingual.jsonl")]
        .iter()
        .flat_map(|file| file.lines())
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// The mail as it would arrive: plain text, or both twins where the corpus has HTML.
fn bytes(json: &serde_json::Value) -> Vec<u8> {
    let field = |name: &str| json[name].as_str().unwrap_or("").to_owned();
    let mut mail = format!("From: {}\r\nSubject: {}\r\n", field("from"), field("subject"));
    let mut typed = false;
    for (name, value) in json["headers"].as_object().unwrap() {
        typed |= name == "Content-Type";
        mail.push_str(&format!("{name}: {}\r\n", value.as_str().unwrap()));
    }
    match json["html"].as_str() {
        Some(html) if !typed => mail.push_str(&format!(
            "Content-Type: multipart/alternative; boundary=zz\r\n\r\n--zz\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{}\r\n\
             --zz\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n--zz--\r\n",
            field("body")
        )),
        _ if typed => mail.push_str(&format!("\r\n{}\r\n", field("body"))),
        _ => mail.push_str(&format!("Content-Type: text/plain; charset=utf-8\r\n\r\n{}\r\n", field("body"))),
    }
    mail.into_bytes()
}

#[test]
fn people_are_never_taken_for_machines() {
    for json in corpus().iter().filter(|json| json["expect"] != "ignore") {
        let mail = Mail::parse(&bytes(json));
        assert_eq!(mail.origin, Origin::Person, "{}", json["id"]);
        assert!(mail.text.shown.trim().len() > 1, "{}", json["id"]);
    }
}

#[test]
fn machines_that_say_so_are_recognised() {
    let says_so =
        ["Auto-Submitted", "X-Stripe-EID", "X-PP-Email-transmission-Id", "X-Challenge-Response", "X-Failed-Recipients"];
    for json in corpus().iter().filter(|json| json["expect"] == "ignore") {
        let mail = Mail::parse(&bytes(json));
        if says_so.iter().any(|name| json["headers"].get(name).is_some()) {
            assert!(matches!(mail.origin, Origin::Machine(_)), "{}", json["id"]);
        }
    }
}

#[test]
fn what_was_quoted_is_not_the_customers_text() {
    for (id, quoted) in [
        ("dev-en-010", "sufficient balance"),
        ("dev-en-040", "stable network"),
        ("dev-en-066", "terrible"),
        ("dev-en-082", "Thank you for your purchase"),
        ("dev-en-098", "new tab"),
        ("dev-en-111", "Thank you for contacting"),
        ("dev-en-112", "Close all but one"),
        ("dev-en-144", "network error"),
        ("dev-es-07", "compruebe"),
        ("dev-ru-07", "лишние"),
    ] {
        let json = corpus().into_iter().find(|json| json["id"] == id).unwrap();
        let mail = Mail::parse(&bytes(&json));
        assert!(!mail.text.shown.contains(quoted), "{id}: {}", mail.text.shown);
        assert!(format!("{}{}", mail.quoted, mail.forwarded).contains(quoted), "{id}");
        assert!(mail.text.body().len() > 20, "{id}");
    }
}
