#![expect(clippy::disallowed_methods, reason = "the server runs beside the test")]
//! An IMAP server that plays a written conversation and insists on it. It understands nothing of IMAP.
//!
//! `S: line` is said (`@` at its start is the tag of the last command), `C: line` must be heard (without its tag;
//! `...` at its end: whatever follows), `C+ line` likewise has no tag, `freeze` says nothing more, `close` hangs up.

use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::inbox::{Folders, ImapInbox, ImapSettings, InboxError};
use crate::net::{Endpoint, Tls};

pub struct Server {
    pub settings: ImapSettings,
    play: JoinHandle<()>,
}

impl Server {
    pub async fn playing(script: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let script = script.to_owned();
        let play = tokio::spawn(async move {
            let (socket, _) = listener.accept().await.unwrap();
            socket.set_nodelay(true).unwrap();
            play(BufReader::new(socket), &script).await;
        });
        Self { settings: settings(port), play }
    }

    /// Logged in, with INBOX selected; the script goes on from there.
    pub async fn selected(capabilities: &str, script: &str) -> (ImapInbox, Self) {
        let server = Self::playing(&format!("{}{script}", hello(capabilities))).await;
        (server.connect().await.expect("the log-in is played"), server)
    }

    pub async fn connect(&self) -> Result<ImapInbox, InboxError> {
        ImapInbox::connect(&self.settings).await
    }

    /// The conversation was held to its end, and nothing was said after it.
    pub async fn finish(self) {
        self.play.await.expect("the conversation went as written");
    }
}

pub fn settings(port: u16) -> ImapSettings {
    ImapSettings {
        endpoint: Endpoint { host: "127.0.0.1".into(), port, tls: Tls::None },
        user: "bot".into(),
        password: "sec\"ret".into(),
        folder: "INBOX".into(),
        ca: None,
        poll_every: Duration::from_secs(60),
        idle: true,
        max_size: 1000,
        command_timeout: Duration::from_secs(5),
        folders: Folders::default(),
        read_only: false,
    }
}

pub fn hello(capabilities: &str) -> String {
    let capabilities = format!("IMAP4rev1 {capabilities}").trim_end().to_owned();
    let mut script = format!(
        r#"
        S: * OK [CAPABILITY {capabilities}] ready
        C: LOGIN "bot" "sec\"ret"
        S: @ OK [CAPABILITY {capabilities}] welcome
        C: LIST "" ""
        S: * LIST (\Noselect) "/" ""
        S: @ OK done
        "#
    );
    for name in ["Answered", "Needs a person", "Ignored"] {
        script += &format!(
            r#"
            C: LIST "" "{name}"
            S: * LIST () "/" "{name}"
            S: @ OK done
            "#
        );
    }
    script
        + r#"
        C: SELECT "INBOX"
        S: * 3 EXISTS
        S: * OK [UIDVALIDITY 7] valid
        S: @ OK [READ-WRITE] done
        "#
}

async fn play(mut socket: BufReader<TcpStream>, script: &str) {
    let mut tag = String::new();
    for step in script.lines().map(str::trim).filter(|step| !step.is_empty()) {
        if let Some(line) = step.strip_prefix("S:") {
            let line = line.trim_start();
            let line = line.strip_prefix('@').map_or(line.to_owned(), |rest| format!("{tag}{rest}"));
            socket.write_all(format!("{line}\r\n").as_bytes()).await.unwrap();
        } else if let Some(wanted) = step.strip_prefix("C+ ") {
            assert_eq!(heard(&mut socket).await, wanted);
        } else if let Some(wanted) = step.strip_prefix("C: ") {
            let line = heard(&mut socket).await;
            let (first, line) = line.split_once(' ').unwrap_or((&line, ""));
            tag = first.to_owned();
            let same = match wanted.strip_suffix("...") {
                Some(start) => line.starts_with(start),
                None => line == wanted,
            };
            assert!(same, "wanted: {wanted}\nheard: {line}");
        } else {
            match step {
                "freeze" => return std::future::pending().await,
                "close" => return,
                other => panic!("no step: {other}"),
            }
        }
    }
    let mut rest = String::new();
    socket.read_line(&mut rest).await.unwrap_or(0);
    assert_eq!(rest, "", "said after the end of the conversation");
}

async fn heard(socket: &mut BufReader<TcpStream>) -> String {
    let mut line = String::new();
    socket.read_line(&mut line).await.unwrap();
    line.trim_end().to_owned()
}
