//! What the courier says of a hand-over, against a relay that answers from a script.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::config::SmtpOutbox;
use crate::net::{Endpoint, Tls};

/// What the relay does at a stage; stages without a line are answered as a healthy relay would.
#[derive(Clone, Copy)]
enum Act {
    Say(&'static str),
    HangUp,
    Silence,
}

type Script = &'static [(&'static str, Act)];

/// Serves one script per connection; after the last script every connection is healthy.
async fn relay(scripts: &'static [Script]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    #[expect(clippy::disallowed_methods, reason = "the test's own server ends with the test's runtime")]
    tokio::spawn(async move {
        let mut scripts = scripts.iter();
        while let Ok((stream, _)) = listener.accept().await {
            let script = scripts.next().copied().unwrap_or(&[]);
            drop(serve(stream, script).await);
        }
    });
    address
}

async fn serve(stream: TcpStream, script: Script) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut stage = "GREETING".to_owned();
    let mut in_data = false;
    loop {
        let usual = match stage.as_str() {
            "GREETING" => "220 relay",
            "DATA" => "354 go",
            "QUIT" => "221 bye",
            _ => "250 ok",
        };
        let act = script.iter().find(|(name, _)| *name == stage).map_or(Act::Say(usual), |(_, act)| *act);
        match act {
            Act::Say(line) => {
                stream.write_all(format!("{line}\r\n").as_bytes()).await?;
                in_data = line.starts_with("354");
            }
            Act::HangUp => return Ok(()),
            Act::Silence => std::future::pending().await,
        }
        let mut line = String::new();
        loop {
            line.clear();
            if stream.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            if !in_data || line == ".\r\n" {
                break;
            }
        }
        stage = if in_data { "DOT".into() } else { line.split([' ', '\r']).next().unwrap_or("").to_ascii_uppercase() };
        in_data = false;
    }
}

fn courier(address: SocketAddr) -> Courier {
    Courier::new(&OutboxKind::Smtp(SmtpOutbox {
        endpoint: Endpoint { host: address.ip().to_string(), port: address.port(), tls: Tls::None },
        login: None,
        ca: None,
        connections: 1,
        timeout: Duration::from_millis(400),
    }))
    .expect("a courier")
}

fn mail() -> Outgoing {
    Outgoing {
        to: "ada@c.example".into(),
        envelope_sender: String::new(),
        message_id: "paytriage.1@shop.test".into(),
        bytes: b"Subject: x\r\n\r\n.dot\r\n".to_vec(),
        template_version: String::new(),
    }
}

async fn outcome(scripts: &'static [Script]) -> Sent {
    courier(relay(scripts).await).send(&mail()).await
}

#[tokio::test]
async fn a_healthy_relay_takes_mail_after_mail_on_one_connection() {
    let mut courier = courier(relay(&[&[], &[("GREETING", Act::HangUp)]]).await);
    for _ in 0..3 {
        assert!(matches!(courier.send(&mail()).await, Sent::Accepted { .. }));
    }
    courier.rest().await;
}

#[tokio::test]
async fn a_passing_refusal_is_deferred_and_a_final_one_refused_at_every_stage() {
    for (stage, later, never) in [
        (
            "MAIL",
            &[&[("MAIL", Act::Say("451 later"))] as Script] as &[Script],
            &[&[("MAIL", Act::Say("550 no"))] as Script] as &[Script],
        ),
        ("RCPT", &[&[("RCPT", Act::Say("451 later"))]], &[&[("RCPT", Act::Say("550 no"))]]),
        ("DATA", &[&[("DATA", Act::Say("451 later"))]], &[&[("DATA", Act::Say("554 no"))]]),
        ("DOT", &[&[("DOT", Act::Say("451 later"))]], &[&[("DOT", Act::Say("552 no"))]]),
    ] {
        let deferred = outcome(later).await;
        assert!(matches!(&deferred, Sent::Deferred { answer } if answer.contains("later")), "{stage}: {deferred:?}");
        let refused = outcome(never).await;
        assert!(matches!(&refused, Sent::Refused { .. }), "{stage}: {refused:?}");
    }
}

#[tokio::test]
async fn the_connection_is_in_step_after_a_refusal() {
    let mut courier = courier(relay(&[&[("RCPT", Act::Say("550 no"))], &[]]).await);
    assert!(matches!(courier.send(&mail()).await, Sent::Refused { .. }));
    assert!(matches!(courier.send(&mail()).await, Sent::Refused { .. }), "the same connection, the same script");
}

#[tokio::test]
async fn a_line_that_breaks_before_the_data_is_deferred() {
    for scripts in [
        &[&[("GREETING", Act::HangUp)] as Script] as &[Script],
        &[&[("GREETING", Act::Silence)]],
        &[&[("GREETING", Act::Say("554 no service"))]],
        &[&[("MAIL", Act::HangUp)]],
        &[&[("RCPT", Act::Silence)]],
        &[&[("DATA", Act::HangUp)]],
        &[&[("DATA", Act::Say("250 odd"))]],
    ] {
        let sent = outcome(scripts).await;
        assert!(matches!(sent, Sent::Deferred { .. }), "{sent:?}");
    }
}

#[tokio::test]
async fn a_line_that_breaks_after_the_final_dot_leaves_the_outcome_unknown() {
    for scripts in [&[&[("DOT", Act::HangUp)] as Script] as &[Script], &[&[("DOT", Act::Say("354 what"))]]] {
        let sent = outcome(scripts).await;
        assert!(matches!(sent, Sent::Unknown { .. }), "{sent:?}");
    }
}

#[tokio::test]
async fn a_kept_connection_that_the_relay_closed_is_replaced_at_once() {
    let address = relay(&[&[("DOT", Act::Say("250 ok")), ("QUIT", Act::HangUp)], &[]]).await;
    let mut courier = courier(address);
    assert!(matches!(courier.send(&mail()).await, Sent::Accepted { .. }));
    let Courier::Smtp(smtp) = &mut courier else { panic!("an SMTP courier") };
    smtp.break_line().await;
    let sent = courier.send(&mail()).await;
    assert!(matches!(sent, Sent::Accepted { .. }), "{sent:?}");
}

#[tokio::test]
async fn a_maildir_delivery_repeated_is_one_mail() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut courier = Courier::new(&OutboxKind::Maildir { path: dir.path().to_owned() }).expect("a courier");
    for _ in 0..2 {
        assert!(matches!(courier.send(&mail()).await, Sent::Accepted { .. }));
    }
    #[expect(clippy::disallowed_methods, reason = "the test looks at what was written")]
    let files = std::fs::read_dir(dir.path().join("new")).expect("new").count();
    assert_eq!(files, 1);
}
