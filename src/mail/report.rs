//! Reads delivery reports: which mail could not be delivered, and to whom (RFC 3464, RFC 6522).
//! It does not decide what follows from a report.

use mail_parser::{Message, MessagePart, MimeHeaders, PartType};

use super::DeliveryReport;
use super::address::email_of;
use super::headers::{Headers, ids};
use super::origin::Structure;
use super::parts::cut;

/// Parts looked at; a report has three.
const MOST_PARTS: usize = 200;

/// What parts a mail has that give away its origin.
pub(super) fn structure(message: &Message<'_>) -> Structure {
    let mut found = Structure::default();
    for part in message.parts.iter().take(MOST_PARTS) {
        let kind = kind(part);
        found.delivery_status |= matches!(kind.as_str(), "message/delivery-status" | "message/global-delivery-status");
        found.disposition |= kind == "message/disposition-notification";
        found.calendar_reply |= kind == "text/calendar"
            && part
                .content_type()
                .and_then(|kind| kind.attribute("method"))
                .is_some_and(|method| method.eq_ignore_ascii_case("reply"));
        if let PartType::Text(text) | PartType::Html(text) = &part.body {
            found.links = found.links.max(cut(text).matches("http").count());
        }
    }
    found
}

fn kind(part: &MessagePart<'_>) -> String {
    part.content_type()
        .map(|kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or("")).to_ascii_lowercase())
        .unwrap_or_default()
}

pub(super) fn read(message: Option<&Message<'_>>, headers: &Headers, body: &str) -> DeliveryReport {
    let mut report = DeliveryReport::default();
    for part in message.iter().flat_map(|message| &message.parts).take(MOST_PARTS) {
        match (&part.body, kind(part).as_str()) {
            (PartType::Message(returned), _) => {
                report.message_id = report.message_id.or_else(|| returned.message_id().map(str::to_owned));
            }
            (_, "text/rfc822-headers" | "message/rfc822-headers" | "message/rfc822" | "message/global-headers") => {
                let returned = Headers::scan(part.contents());
                report.message_id = report.message_id.or_else(|| first_id(&returned));
            }
            (_, "message/delivery-status" | "message/global-delivery-status" | "message/disposition-notification") => {
                let status = String::from_utf8_lossy(part.contents());
                let status = cut(&status);
                report.recipient = report.recipient.or_else(|| recipient(status));
                // RFC 8098 section 3.2.5: a receipt names the mail here.
                report.message_id =
                    report.message_id.or_else(|| field(status, "original-message-id").and_then(|id| ids(id).pop()));
            }
            _ => {}
        }
    }
    report.recipient = report.recipient.or_else(|| {
        let failed = headers.first("x-failed-recipients")?;
        email_of(failed.split(',').next()?).map(|email| email.to_lowercase())
    });
    // Reports without MIME quote the returned mail below their words.
    report.message_id =
        report.message_id.or_else(|| field(body, "message-id").and_then(|id| ids(id).into_iter().next()));
    report
}

fn first_id(headers: &Headers) -> Option<String> {
    ids(&headers.first("message-id")?).into_iter().next()
}

/// `rfc822; a@b.c` (RFC 3464 section 2.3.2), the final recipient before the original one.
fn recipient(status: &str) -> Option<String> {
    let value = field(status, "final-recipient").or_else(|| field(status, "original-recipient"))?;
    let address = value.split_once(';').map_or(value, |(_, address)| address);
    email_of(address.trim().trim_matches(['<', '>'])).map(|email| email.to_lowercase())
}

/// The value of the first line `name: value`, whatever stands around it.
fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| {
        let (before, value) = line.trim_start_matches(['>', ' ', '\t']).split_once(':')?;
        before.trim().eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

#[cfg(test)]
mod tests {
    use crate::mail::{Mail, Origin};

    #[test]
    fn a_report_names_the_mail_and_the_recipient() {
        for returned in ["message/rfc822", "text/rfc822-headers"] {
            let mail = format!(
                "From: x@y.z\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nSorry.\r\n\
                 --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; a\r\n\r\nFinal-Recipient: rfc822; Jo@Example.com\r\n\
                 Action: failed\r\n--b\r\nContent-Type: {returned}\r\n\r\nMessage-ID: <bot-1@x.y>\r\nSubject: Re: s\r\n\r\nour text\r\n--b--\r\n"
            );
            let mail = Mail::parse(mail.as_bytes());
            let report = mail.delivery_report.unwrap();
            assert_eq!(report.message_id.as_deref(), Some("bot-1@x.y"), "{returned}");
            assert_eq!(report.recipient.as_deref(), Some("jo@example.com"));
            assert!(matches!(mail.origin, Origin::Machine(sign) if sign.id == "delivery-report"));
            assert_eq!(mail.text.body(), "Sorry.");
        }
    }

    #[test]
    fn a_bounce_without_mime_is_read_too() {
        let mail = "From: MAILER-DAEMON@x.y\nSubject: failure notice\n\nSorry.\n\n--- Below this line is a copy of the message.\n\nMessage-ID: <bot-2@x.y>\n";
        assert_eq!(Mail::parse(mail.as_bytes()).delivery_report.unwrap().message_id.as_deref(), Some("bot-2@x.y"));
    }

    #[test]
    fn a_report_that_a_customer_attaches_is_not_a_report() {
        let mail = "From: a@b.c\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nWhat is this?\n--b\nContent-Type: message/rfc822\n\n\
            From: mailer-daemon@x\nContent-Type: multipart/report; report-type=delivery-status; boundary=c\n\n--c\nContent-Type: message/delivery-status\n\nx: y\n--c--\n--b--\n";
        let mail = Mail::parse(mail.as_bytes());
        assert_eq!(mail.origin, Origin::Person);
        assert_eq!(mail.text.body(), "What is this?");
    }
}
