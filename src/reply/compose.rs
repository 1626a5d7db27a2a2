//! Builds the bytes of an automatic answer, with all that RFC 3834 wants it to say of itself.
//! It chooses neither cause nor recipient, and no text of the customer gets in but a plain display name.

use std::time::{Duration, SystemTime};

use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, MessageBuilder, MultiPart, SinglePart};
use lettre::{Address, Message};

use super::names::greeting_name;
use super::templates::{Templates, Values};
use crate::mail::{MARKER, Millis};

/// How the answers introduce themselves.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The support address, sender of every answer.
    pub address: String,
    /// Display name of the sender.
    pub name: String,
    pub product: String,
    /// Envelope sender; empty is the null return path `<>` (RFC 3834 section 3.3).
    pub envelope_sender: String,
    /// Adds `Precedence: bulk`, for old responders that know nothing newer.
    pub precedence_bulk: bool,
}

impl Default for Identity {
    fn default() -> Self {
        Self {
            address: "PicCopilot@aliexpress.com".into(),
            name: "Pic Copilot Support".into(),
            product: "Pic Copilot".into(),
            envelope_sender: String::new(),
            precedence_bulk: true,
        }
    }
}

/// What ties the answer to the mail it answers. Ids are without angle brackets.
#[derive(Clone, Copy, Debug)]
pub struct Thread<'a> {
    pub subject: &'a str,
    pub message_id: Option<&'a str>,
    pub references: &'a [String],
    pub display_name: &'a str,
}

/// A finished mail. Its bytes are stored before the first try and never built again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    pub to: String,
    /// Empty: the null return path.
    pub envelope_sender: String,
    /// Without angle brackets.
    pub message_id: String,
    pub bytes: Vec<u8>,
    pub template_version: String,
}

#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    #[error("there is no template `{cause}` in language `{language}`")]
    NoTemplate { language: String, cause: String },
    #[error("the template does not render: {0}")]
    Template(String),
    #[error("`{0}` is no address that mail can be sent to")]
    Address(String),
    #[error("the mail cannot be built: {0}")]
    Build(String),
}

/// One automatic answer to `thread`, in `language`, with the steps of `cause`. `token` makes the Message-ID unique.
#[expect(clippy::too_many_arguments, reason = "each is one independent ingredient of a mail")]
pub fn compose(
    templates: &Templates,
    identity: &Identity,
    thread: Thread<'_>,
    cause: &str,
    language: &str,
    to: &str,
    token: &str,
    now: Millis,
) -> Result<Outgoing, ComposeError> {
    if !templates.has(language, cause) {
        return Err(ComposeError::NoTemplate { language: language.into(), cause: cause.into() });
    }
    let name = greeting_name(thread.display_name);
    let values = Values { name, support_address: &identity.address, product: &identity.product };
    let (text, html) = templates.render(language, cause, values).map_err(ComposeError::Template)?;
    let from: Address = address(&identity.address)?;
    let message_id = format!("paytriage.{token}@{}", from.domain());
    let mut mail = Message::builder()
        .from(Mailbox::new(Some(identity.name.clone()).filter(|name| !name.is_empty()), from))
        .to(Mailbox::new(None, address(to)?))
        .subject(answer_subject(thread.subject))
        .date(date_of(now))
        .message_id(Some(format!("<{message_id}>")));
    mail = threading(mail, thread);
    mail = header(mail, "Auto-Submitted", "auto-replied");
    mail = header(mail, "X-Auto-Response-Suppress", "All");
    if identity.precedence_bulk {
        mail = header(mail, "Precedence", "bulk");
    }
    mail = header(mail, MARKER, "1");
    mail = header(mail, "Content-Language", language);
    let sender = if identity.envelope_sender.is_empty() { None } else { Some(address(&identity.envelope_sender)?) };
    let envelope = lettre::address::Envelope::new(sender, vec![address(to)?]).map_err(build)?;
    let mail = mail.envelope(envelope);
    let finished = match html {
        None => mail.singlepart(part(ContentType::TEXT_PLAIN, text)?),
        Some(html) => mail.multipart(
            MultiPart::alternative()
                .boundary(format!("=_paytriage_{token}"))
                .singlepart(part(ContentType::TEXT_PLAIN, text)?)
                .singlepart(part(ContentType::TEXT_HTML, html)?),
        ),
    }
    .map_err(build)?;
    Ok(Outgoing {
        to: to.to_owned(),
        envelope_sender: identity.envelope_sender.clone(),
        message_id,
        bytes: finished.formatted(),
        template_version: templates.version(language, cause).to_owned(),
    })
}

/// Quoted-printable keeps every line below 998 bytes whatever the template holds (RFC 5322 section 2.1.1).
fn part(kind: ContentType, text: String) -> Result<SinglePart, ComposeError> {
    let text = text.replace("\r\n", "\n").replace('\n', "\r\n");
    let body = Body::new_with_encoding(text, ContentTransferEncoding::QuotedPrintable)
        .map_err(|_| ComposeError::Build("the text cannot be encoded".into()))?;
    Ok(SinglePart::builder().header(kind).body(body))
}

fn threading(mut mail: MessageBuilder, thread: Thread<'_>) -> MessageBuilder {
    let Some(id) = thread.message_id.filter(|id| is_plain_id(id)) else { return mail };
    mail = mail.in_reply_to(format!("<{id}>"));
    let mut references: Vec<&str> =
        thread.references.iter().map(String::as_str).filter(|known| is_plain_id(known) && *known != id).collect();
    // The first and the last ten are enough for every mail program, and keep the header short.
    if references.len() > 11 {
        let first = references.remove(0);
        references = std::iter::once(first).chain(references.split_off(references.len() - 10)).collect();
    }
    references.push(id);
    mail.references(references.iter().map(|id| format!("<{id}>")).collect::<Vec<_>>().join(" "))
}

/// An id that may stand in a header as it is: printable ASCII, short enough for one line.
fn is_plain_id(id: &str) -> bool {
    (3..=250).contains(&id.len())
        && id.contains('@')
        && id.bytes().all(|b| b.is_ascii_graphic() && b != b'<' && b != b'>')
}

/// `Re:` once, whatever the customer's program wrote before.
fn answer_subject(subject: &str) -> String {
    let mut rest: String = subject.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    loop {
        let trimmed = rest.trim_start();
        match trimmed.split_once(':') {
            Some((head, tail)) if head.eq_ignore_ascii_case("re") => rest = tail.to_owned(),
            _ => break,
        }
    }
    let short: String = rest.trim().chars().take(180).collect();
    if short.is_empty() { "Re: Your mail".to_owned() } else { format!("Re: {short}") }
}

fn header(mail: MessageBuilder, name: &'static str, value: &str) -> MessageBuilder {
    mail.raw_header(HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned()))
}

fn address(text: &str) -> Result<Address, ComposeError> {
    text.parse().map_err(|_| ComposeError::Address(text.to_owned()))
}

fn build(error: impl std::fmt::Display) -> ComposeError {
    ComposeError::Build(error.to_string())
}

fn date_of(now: Millis) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(now).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::SourceFile;

    fn answer(thread: Thread<'_>, to: &str) -> Result<String, ComposeError> {
        let file = |name: &str, text: &str| SourceFile { name: name.into(), text: text.into() };
        let templates = Templates::load(&[
            file("en/x.hbs", "Hello{{#if name}} {{name}}{{/if}},\nsteps é"),
            file("en/x.html.hbs", "<p>steps</p>"),
        ])
        .expect("good templates");
        let identity = Identity {
            address: "support@shop.test".into(),
            name: "Shop".into(),
            product: "Shop".into(),
            envelope_sender: String::new(),
            precedence_bulk: true,
        };
        compose(&templates, &identity, thread, "x", "en", to, "t0", 1_700_000_000_000)
            .map(|mail| String::from_utf8(mail.bytes).expect("ASCII"))
    }

    #[test]
    fn an_answer_says_that_it_is_automatic_and_keeps_the_thread() {
        let references = ["a@b.example".to_owned()];
        let thread = Thread {
            subject: "RE: re: cannot pay",
            message_id: Some("m1@c.example"),
            references: &references,
            display_name: "Ada",
        };
        let text = answer(thread, "ada@c.example").expect("an answer");
        for line in [
            "Auto-Submitted: auto-replied\r\n",
            "Precedence: bulk\r\n",
            "X-Auto-Response-Suppress: All\r\n",
            "In-Reply-To: <m1@c.example>\r\n",
            "References: <a@b.example> <m1@c.example>\r\n",
            "Message-ID: <paytriage.t0@shop.test>\r\n",
            "Subject: Re: cannot pay\r\n",
            "Content-Language: en\r\n",
            "Date: Tue, 14 Nov 2023 22:13:20 +0000\r\n",
            "Hello Ada,",
        ] {
            assert!(text.contains(line), "{line:?} is missing in\n{text}");
        }
    }

    #[test]
    fn our_own_answer_is_known_when_it_comes_back() {
        let thread = Thread { subject: "x", message_id: None, references: &[], display_name: "" };
        let mail = crate::mail::Mail::parse(answer(thread, "ada@c.example").expect("an answer").as_bytes());
        assert_eq!(mail.marker.as_deref(), Some("1"));
        assert!(matches!(mail.origin, crate::mail::Origin::Machine(_)));
    }

    #[test]
    fn nothing_of_the_customer_can_add_a_header() {
        let references = ["x@y\r\nBcc: evil@e.example".to_owned(), "ok@y.example".to_owned()];
        let thread = Thread {
            subject: "hi\r\nBcc: evil@e.example",
            message_id: Some("m@c.example>\r\nBcc: <evil@e.example"),
            references: &references,
            display_name: "A\r\nBcc: evil@e.example",
        };
        let text = answer(thread, "ada@c.example").expect("an answer");
        assert!(!text.lines().any(|line| line.to_ascii_lowercase().starts_with("bcc")), "{text}");
        assert!(!text.contains("In-Reply-To"), "an id that is no id is left out:\n{text}");
        assert!(answer(thread, "ada@c.example\r\nBcc: x@y.example").is_err());
    }
}
