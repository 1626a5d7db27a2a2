//! Reads the section `[outbox]`, and the keys that it shares with `[inbox]`.

use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;

use super::Context;
use super::reader::Reader;
use crate::net::{Endpoint, Tls};
use crate::problem::Problem;

/// Where answers are handed over, and how patiently.
#[derive(Clone, Debug)]
pub struct Outbox {
    pub kind: OutboxKind,
    /// The first retry comes after about this time, each further one after twice as long.
    pub retry_after: Duration,
    /// A reply that could not be handed over for so long goes to a person.
    pub give_up_after: Duration,
}

#[derive(Clone, Debug)]
pub enum OutboxKind {
    Smtp(SmtpOutbox),
    Maildir { path: PathBuf },
}

#[derive(Clone, Debug)]
pub struct SmtpOutbox {
    pub endpoint: Endpoint,
    /// User and password; a relay on loopback may need none.
    pub login: Option<(String, SecretString)>,
    pub ca: Option<Vec<u8>>,
    /// Most connections at once.
    pub connections: usize,
    pub timeout: Duration,
}

pub(super) fn outbox(root: &mut Reader<'_>, context: &Context<'_>, problems: &mut Vec<Problem>) -> Option<Outbox> {
    let is_there = root.has("outbox");
    let mut section = root.section("outbox");
    if !is_there {
        root.missing("outbox", "add a section [outbox] with kind = \"smtp\" or kind = \"maildir\"");
        return None;
    }
    #[derive(Clone, Copy)]
    enum Kind {
        Smtp,
        Maildir,
    }
    let kind = match section.choice("kind", &[("smtp", Kind::Smtp), ("maildir", Kind::Maildir)]) {
        Some(Kind::Smtp) => smtp(&mut section, context).map(OutboxKind::Smtp),
        Some(Kind::Maildir) => required(&mut section, "path", "add path = \"…\", the Maildir to deliver to")
            .map(|path| OutboxKind::Maildir { path: context.path(&path) }),
        None => {
            if !section.has("kind") {
                section.missing("kind", "add kind = \"smtp\" or kind = \"maildir\"");
            }
            problems.extend(section.finish_open());
            return None;
        }
    };
    let retry_after = section.duration("retry_after").unwrap_or(Duration::from_secs(30));
    let give_up_after = section.duration("give_up_after").unwrap_or(Duration::from_secs(86_400));
    problems.extend(section.finish());
    Some(Outbox { kind: kind?, retry_after, give_up_after })
}

fn smtp(section: &mut Reader<'_>, context: &Context<'_>) -> Option<SmtpOutbox> {
    let endpoint = endpoint(section, |tls| if tls == Tls::Implicit { 465 } else { 587 });
    let user = section.string("user");
    let login = match user {
        Some(user) => Some((user, SecretString::from(context.password(section, "PAYTRIAGE_OUTBOX_PASSWORD")?))),
        None => {
            if section.has("password") || section.has("password_file") {
                section.missing("user", "add user = \"…\", the log-in name, or remove the password");
            }
            section.string("password");
            section.string("password_file");
            None
        }
    };
    let ca = context.file(section, "ca_file");
    let connections = section.integer("connections", 1..65).map_or(4, |count| count as usize);
    let timeout = section.duration("timeout").unwrap_or(Duration::from_secs(30)).max(Duration::from_millis(100));
    Some(SmtpOutbox { endpoint: endpoint?, login, ca, connections, timeout })
}

/// `host`, `port` and `tls`, the same for both directions. Plain text off this machine is refused here already.
pub(super) fn endpoint(section: &mut Reader<'_>, usual_port: impl Fn(Tls) -> u16) -> Option<Endpoint> {
    let choices = [("implicit", Tls::Implicit), ("starttls", Tls::StartTls), ("none", Tls::None)];
    let tls = section.choice("tls", &choices).unwrap_or(Tls::Implicit);
    let host = required(section, "host", "add host = \"…\", the name of the mail server");
    let port = section.integer("port", 1..65_536).map_or(usual_port(tls), |port| port as u16);
    let host = host?;
    let is_loopback =
        host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    if tls == Tls::None && !is_loopback {
        section.complain(
            "tls",
            "without TLS the password would travel readable, so it is allowed to this machine only",
            "set tls = \"implicit\" or \"starttls\", or connect to 127.0.0.1",
        );
        return None;
    }
    Some(Endpoint { host, port, tls })
}

pub(super) fn required(section: &mut Reader<'_>, key: &str, way_out: &str) -> Option<String> {
    let value = section.string(key).filter(|value| !value.is_empty());
    if value.is_none() && !section.has(key) {
        section.missing(key, way_out);
    } else if value.is_none() {
        section.complain(key, format!("`{key}` is empty"), way_out);
    }
    value
}
