//! Tells a machine's mail from a person's by headers and structure: hard signs first, then soft ones.
//! It does not read for out-of-office wording, and knows neither our addresses nor our own mails.

use super::fold::fold;
use super::headers::Headers;
use super::signs::{self, sign};
use super::{Address, Mail, Origin, Sign};

/// What the structure of the mail shows, apart from its headers.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Structure {
    pub delivery_status: bool,
    pub disposition: bool,
    pub calendar_reply: bool,
    /// Links in the HTML or the text.
    pub links: usize,
}

pub(super) fn judge(mail: &mut Mail, headers: &Headers, structure: Structure) {
    mail.soft_signs = soft(mail, headers);
    if let Some(sign) = hard(mail, headers, structure) {
        mail.origin = Origin::Machine(sign);
    }
}

fn hard(mail: &Mail, headers: &Headers, structure: Structure) -> Option<Sign> {
    // Reports first: they join a mail of ours, whatever else they say of themselves.
    let report_type = headers.first("content-type").map(|value| value.to_ascii_lowercase()).unwrap_or_default();
    let report = report_type.starts_with("multipart/report");
    if structure.disposition || report && report_type.contains("disposition-notification") {
        return Some(sign(signs::READ_RECEIPT, "disposition-notification"));
    }
    if structure.delivery_status || report {
        return Some(sign(signs::DELIVERY_REPORT, "multipart/report"));
    }
    for name in ["x-failed-recipients", "x-mddsn-message"] {
        if headers.has(name) {
            return Some(sign(signs::DELIVERY_REPORT, name));
        }
    }
    let subject = fold(&mail.subject).text;
    let bounce = signs::BOUNCE_SUBJECTS.iter().any(|words| subject.contains(words));
    for from in &mail.from {
        let local = local_part(from);
        if local == "mailer-daemon" || local == "mailerdaemon" || local == "postmaster" && bounce {
            return Some(sign(if bounce { signs::DELIVERY_REPORT } else { signs::MAIL_SYSTEM_SENDER }, &local));
        }
    }
    // RFC 3834 section 2: MUST NOT.
    if mail.return_path.as_deref() == Some("") {
        return Some(sign(signs::NULL_RETURN_PATH, "Return-Path: <>"));
    }
    if headers.raw("from").any(|value| value.trim_ascii() == b"<>") {
        return Some(sign(signs::NULL_SENDER, "From: <>"));
    }
    if let Some(value) = headers.all("auto-submitted").find(|value| is_automatic(value)) {
        return Some(sign(signs::AUTO_SUBMITTED, &value));
    }
    if structure.calendar_reply || is_calendar_reply(&report_type) {
        return Some(sign(signs::CALENDAR_REPLY, "text/calendar; method=REPLY"));
    }
    for (list, id) in [
        (signs::AUTO_REPLY, signs::AUTO_REPLY_HEADER),
        (signs::LOOPS, signs::LOOP_HEADER),
        (signs::CHALLENGES, signs::CHALLENGE),
    ] {
        if let Some(name) = headers.names().find(|name| list.contains(name)) {
            return Some(sign(id, name));
        }
    }
    if headers.all("x-fc-machinegenerated").any(|value| value.eq_ignore_ascii_case("true")) {
        return Some(sign(signs::AUTO_REPLY_HEADER, "X-FC-MachineGenerated: true"));
    }
    if headers.all("precedence").any(|value| matches!(value.to_ascii_lowercase().as_str(), "auto_reply" | "auto-reply"))
    {
        return Some(sign(signs::PRECEDENCE_AUTO_REPLY, "Precedence: auto_reply"));
    }
    if headers.has("x-auto-response-suppress")
        && signs::AUTO_SUBJECTS.iter().any(|words| subject.trim().starts_with(words))
    {
        return Some(sign(signs::AUTO_REPLY_SUBJECT, &mail.subject));
    }
    mail.from
        .iter()
        .find_map(list_robot)
        .or_else(|| notice(mail, headers))
        .or_else(|| newsletter(mail, headers, structure))
}

/// RFC 3834 section 5: a keyword, then parameters, with comments anywhere; everything but `no` is automatic.
fn is_automatic(value: &str) -> bool {
    let mut depth = 0u32;
    let bare: String = value
        .chars()
        .filter(|c| {
            match c {
                '(' => depth += 1,
                ')' if depth > 0 => {
                    depth -= 1;
                    return false;
                }
                _ => {}
            }
            depth == 0
        })
        .collect();
    let keyword = bare.split(';').next().unwrap_or("").trim();
    !keyword.is_empty() && !keyword.eq_ignore_ascii_case("no")
}

fn is_calendar_reply(content_type: &str) -> bool {
    content_type.starts_with("text/calendar") && content_type.replace(['"', ' '], "").contains("method=reply")
}

fn local_part(address: &Address) -> String {
    address.email.rsplit_once('@').map_or("", |(local, _)| local).to_lowercase()
}

fn list_robot(from: &Address) -> Option<Sign> {
    let local = local_part(from);
    let robot = matches!(local.as_str(), "listserv" | "majordomo")
        || local.contains("-request")
        || local.starts_with("owner-")
        || local.ends_with("-bounces")
        || local.ends_with("-owner");
    robot.then(|| sign(signs::LIST_ROBOT_SENDER, &local))
}

/// How plainly a sender takes no answers: `noreply@`, `shop+donotreply@`, `notifications@`.
fn no_reply(from: &Address) -> Option<String> {
    let local = local_part(from);
    let plain: String = local.chars().filter(|c| !"-_.".contains(*c)).collect();
    let notifier = |word: &str| signs::NOTIFIERS.contains(&word);
    let named =
        signs::NO_REPLY.iter().any(|word| plain.contains(word)) || local.split(['-', '_', '.', '+']).any(notifier);
    named.then_some(local)
}

/// A notice of a shop, bank or processor that says plainly what it is.
fn notice(mail: &Mail, headers: &Headers) -> Option<Sign> {
    let processor = headers.names().find(|name| signs::PROCESSORS.iter().any(|start| name.starts_with(start)));
    if let Some(name) = processor {
        return Some(sign(signs::MACHINE_NOTICE, name));
    }
    let local = mail.from.iter().find_map(no_reply)?;
    if let Some(name) = headers.names().find(|name| signs::SENDING_SERVICES.contains(name)) {
        return Some(sign(signs::MACHINE_NOTICE, name));
    }
    // Sender and words must agree: people write from `notifications@` addresses, and quote such sentences.
    let folded = fold(mail.text.body()).text;
    let words = signs::SAYS_SO.iter().find(|words| folded.contains(*words))?;
    Some(sign(signs::MACHINE_NOTICE, &format!("{local}: {words}")))
}

/// Bulk form: a way out of the list, sent as bulk, many links or a one-click way out, and not written to us.
fn newsletter(mail: &Mail, headers: &Headers, structure: Structure) -> Option<Sign> {
    let bulk = headers.all("precedence").any(|value| value.eq_ignore_ascii_case("bulk")) || headers.has("list-id");
    if !headers.has("list-unsubscribe") || !bulk {
        return None;
    }
    // Discussion lists let people post: their mail is somebody's own.
    if headers.has("list-post") || headers.has("in-reply-to") {
        return None;
    }
    let folded = fold(&mail.text.shown).text;
    let greeted = ["pic copilot", "piccopilot"].iter().any(|name| folded.contains(name));
    let formed = structure.links >= 2 || headers.has("list-unsubscribe-post");
    (formed && !greeted).then(|| sign(signs::NEWSLETTER, "List-Unsubscribe"))
}

fn soft(mail: &Mail, headers: &Headers) -> Vec<Sign> {
    let mut found = Vec::new();
    if let Some(value) = headers.all("x-auto-response-suppress").find(|value| suppresses(value)) {
        found.push(sign(signs::SUPPRESS_HEADER, &value));
    }
    let bulk = |value: &String| matches!(value.to_ascii_lowercase().as_str(), "bulk" | "junk" | "list");
    if let Some(value) = headers.all("precedence").find(bulk) {
        found.push(sign(signs::PRECEDENCE_BULK, &value));
    }
    if let Some(name) = headers.names().find(|name| name.starts_with("list-") || *name == "mailing-list") {
        found.push(sign(signs::LIST_HEADER, name));
    }
    if let Some(local) = mail.from.iter().find_map(no_reply) {
        found.push(sign(signs::NO_REPLY_SENDER, &local));
    }
    let spam = |name| headers.all(name).any(|value| value.to_ascii_lowercase().starts_with("yes"));
    if spam("x-spam-flag") || spam("x-spam-status") {
        found.push(sign(signs::MARKED_AS_SPAM, "X-Spam-Flag"));
    }
    match mail.from.as_slice() {
        [] => found.push(sign(signs::NO_SENDER, "From")),
        [_] => {}
        several => found.push(sign(signs::SEVERAL_SENDERS, &format!("{} addresses", several.len()))),
    }
    if headers.cut {
        found.push(sign(signs::HEADERS_TOO_LONG, "only the first were read"));
    }
    found
}

fn suppresses(value: &str) -> bool {
    value.split(',').any(|word| matches!(word.trim().to_ascii_lowercase().as_str(), "all" | "autoreply" | "oof"))
}

#[cfg(test)]
#[path = "origin_tests.rs"]
mod tests;
