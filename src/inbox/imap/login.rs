//! From a socket to a logged-in session: greeting, STARTTLS, capabilities, log-in. It selects no folder.

use std::collections::HashSet;

use async_imap::imap_proto::{Capability, Response, ResponseCode};
use secrecy::ExposeSecret;

use super::names::quote;
use super::wire::Wire;
use crate::inbox::{ImapSettings, InboxError, base64};
use crate::net::{self, Tls, Trust};

/// What the server said it can do, in upper case.
#[derive(Clone, Debug, Default)]
pub(super) struct Capabilities(HashSet<String>);

impl Capabilities {
    pub fn has(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    fn read(&mut self, list: &[Capability<'_>]) {
        self.0 = list
            .iter()
            .map(|capability| match capability {
                Capability::Imap4rev1 => "IMAP4REV1".to_owned(),
                Capability::Auth(name) => format!("AUTH={name}").to_ascii_uppercase(),
                Capability::Atom(name) => name.to_ascii_uppercase(),
            })
            .collect();
    }

    /// Capabilities come as a response of their own, or as a code of an OK (RFC 9051 section 7.1).
    fn notice(&mut self, response: &Response<'_>) {
        match response {
            Response::Capabilities(list) => self.read(list),
            Response::Data { outcome, .. } | Response::Done { outcome, .. } => {
                if let Some(ResponseCode::Capabilities(list)) = &outcome.code {
                    self.read(list);
                }
            }
            _ => {}
        }
    }

    async fn ask(wire: &mut Wire) -> Result<Self, InboxError> {
        let mut can = Self::default();
        wire.command("CAPABILITY", "", |response| can.notice(response)).await?;
        Ok(can)
    }
}

pub(super) async fn log_in(settings: &ImapSettings) -> Result<(Wire, Capabilities), InboxError> {
    let limit = settings.command_timeout;
    let trust = match settings.endpoint.tls {
        Tls::None => Trust::nobody()?,
        Tls::Implicit | Tls::StartTls => Trust::new(settings.ca.as_deref())?,
    };
    let stream = net::connect(&settings.endpoint, &trust, limit).await?;
    let mut wire = Wire::new(stream, limit);
    let mut can = Capabilities::default();
    let logged_in = wire
        .greeting(|outcome| {
            if let Some(ResponseCode::Capabilities(list)) = &outcome.code {
                can.read(list);
            }
        })
        .await?;
    if settings.endpoint.tls == Tls::StartTls {
        if logged_in {
            // RFC 9051 section 11.1: after PREAUTH there is no STARTTLS any more, so somebody may be in between.
            return Err(starttls_missing());
        }
        wire = starttls(wire, settings, &trust, &can).await?;
        // RFC 9051 section 6.2.1: what was said before TLS counts no more.
        can = Capabilities::default();
    }
    if can.0.is_empty() {
        can = Capabilities::ask(&mut wire).await?;
    }
    if !logged_in {
        can = authenticate(&mut wire, settings, &can).await?;
    }
    Ok((wire, can))
}

async fn starttls(
    mut wire: Wire,
    settings: &ImapSettings,
    trust: &Trust,
    can: &Capabilities,
) -> Result<Wire, InboxError> {
    if !can.0.is_empty() && !can.has("STARTTLS") {
        return Err(starttls_missing());
    }
    wire.command("STARTTLS", "", |_| ()).await?;
    let limit = settings.command_timeout;
    let stream = wire.into_stream().starttls(&settings.endpoint.host, trust, limit).await?;
    Ok(Wire::new(stream, limit))
}

fn starttls_missing() -> InboxError {
    InboxError::Settings { name: "tls", what: "the server does not offer STARTTLS".to_owned() }
}

/// The capabilities after the log-in, which differ from those before (RFC 9051 section 6.2.2).
async fn authenticate(
    wire: &mut Wire,
    settings: &ImapSettings,
    before: &Capabilities,
) -> Result<Capabilities, InboxError> {
    let (user, password) = (settings.user.as_str(), settings.password.expose_secret());
    for (name, value) in [("user", user), ("password", password)] {
        if value.is_empty() || value.contains(['\r', '\n', '\0']) {
            return Err(InboxError::Settings { name, what: "is empty or holds a line break or NUL".to_owned() });
        }
    }
    let mut can = Capabilities::default();
    let notice = |response: &Response<'_>| can.notice(response);
    let limit = wire.limit;
    let answer = if before.has("AUTH=PLAIN") {
        // RFC 4616; any character can be in it, which LOGIN does not allow.
        let secret = base64::padded(format!("\0{user}\0{password}").as_bytes());
        wire.exchange("AUTHENTICATE", "PLAIN", Some(&secret), limit, notice).await
    } else if before.has("LOGINDISABLED") {
        return Err(InboxError::LoginDisabled);
    } else {
        wire.exchange("LOGIN", &format!("{} {}", quote(user), quote(password)), None, limit, notice).await
    };
    match answer {
        Ok(()) if can.0.is_empty() => Capabilities::ask(wire).await,
        Ok(()) => Ok(can),
        Err(InboxError::No { text, .. }) => Err(InboxError::LoginRefused(text)),
        Err(other) => Err(other),
    }
}
