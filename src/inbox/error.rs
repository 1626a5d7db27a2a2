//! What can go wrong with the watched mailbox, in the protocol's words. It decides nothing about retries.

use std::time::Duration;

use crate::net::ConnectError;

/// No variant ever carries text of a mail; server texts are those of NO, BAD and BYE.
#[derive(Debug, thiserror::Error)]
pub enum InboxError {
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error("the server refused the log-in: {0}")]
    LoginRefused(String),
    #[error("the server takes no password on this line (LOGINDISABLED): use TLS")]
    LoginDisabled,
    #[error("the folder {0} can only be read: filing would be lost")]
    ReadOnly(String),
    #[error("setting {name}: {what}")]
    Settings { name: &'static str, what: String },
    #[error("{command} was answered NO: {text}")]
    No { command: &'static str, text: String },
    #[error("{command} was answered BAD: {text}")]
    Bad { command: &'static str, text: String },
    #[error("the server said BYE: {0}")]
    Bye(String),
    #[error("{command} was not answered within {limit:?}")]
    Timeout { command: &'static str, limit: Duration },
    #[error("the connection is lost")]
    Lost,
    #[error("the connection is lost: {0}")]
    Io(std::io::Error),
    #[error("the server's answer cannot be read as IMAP")]
    Garbled,
    #[error("the Maildir: {0}")]
    Disk(std::io::Error),
}

impl InboxError {
    /// True unless only the admin can mend it; what is unknown counts as temporary.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Connect(error) => error.is_temporary(),
            Self::LoginRefused(text) => !is_final_refusal(text),
            Self::LoginDisabled | Self::ReadOnly(_) | Self::Settings { .. } => false,
            _ => true,
        }
    }
}

/// RFC 5530 section 3: the codes that say that trying again is of no use.
fn is_final_refusal(text: &str) -> bool {
    let code = text.strip_prefix('[').and_then(|rest| rest.split([']', ' ']).next()).unwrap_or("");
    ["AUTHENTICATIONFAILED", "AUTHORIZATIONFAILED", "EXPIRED", "PRIVACYREQUIRED"]
        .iter()
        .any(|known| code.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_password_is_final_and_a_server_out_of_order_is_not() {
        assert!(!InboxError::LoginRefused("[AUTHENTICATIONFAILED] Authentication failed.".into()).is_temporary());
        assert!(InboxError::LoginRefused("[UNAVAILABLE] try later".into()).is_temporary());
        assert!(InboxError::LoginRefused("no".into()).is_temporary());
        assert!(!InboxError::LoginDisabled.is_temporary());
        assert!(InboxError::Garbled.is_temporary());
    }
}
