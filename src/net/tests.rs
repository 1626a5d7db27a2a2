#![expect(clippy::disallowed_methods, reason = "the other side of the line runs beside the test")]

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;

const LIMIT: Duration = Duration::from_secs(5);

fn endpoint(host: &str, port: u16, tls: Tls) -> Endpoint {
    Endpoint { host: host.to_owned(), port, tls }
}

#[tokio::test]
async fn plain_to_another_machine_is_refused_before_dialling() {
    let trust = Trust::nobody().unwrap();
    let error = connect(&endpoint("192.0.2.1", 143, Tls::None), &trust, LIMIT).await.unwrap_err();
    assert!(matches!(error, ConnectError::PlainToOthers { .. }), "{error}");
    assert!(!error.is_temporary());
}

#[tokio::test]
async fn plain_to_this_machine_works_with_both_socket_options() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut peer, _) = listener.accept().await.unwrap();
        peer.write_all(b"hello").await.unwrap();
        peer.shutdown().await.unwrap();
    });
    let trust = Trust::nobody().unwrap();
    let mut stream = connect(&endpoint("127.0.0.1", port, Tls::None), &trust, LIMIT).await.unwrap();
    let Stream::Plain(tcp) = &stream else { panic!("plain was asked for") };
    assert!(tcp.nodelay().unwrap());
    assert!(SockRef::from(tcp).keepalive().unwrap());
    assert_eq!(SockRef::from(tcp).tcp_user_timeout().unwrap(), Some(Duration::from_secs(90)));
    let mut heard = String::new();
    stream.read_to_string(&mut heard).await.unwrap();
    assert_eq!(heard, "hello");
}

#[tokio::test]
async fn a_server_that_never_finishes_the_handshake_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let trust = Trust::new(None).unwrap();
    let limit = Duration::from_millis(50);
    let error = connect(&endpoint("127.0.0.1", port, Tls::Implicit), &trust, limit).await.unwrap_err();
    assert!(matches!(error, ConnectError::Timeout { .. } | ConnectError::NoRoots), "{error}");
}

#[tokio::test]
async fn nobody_listening_is_temporary() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let trust = Trust::new(None).unwrap();
    let error = connect(&endpoint("127.0.0.1", port, Tls::None), &trust, LIMIT).await.unwrap_err();
    assert!(matches!(error, ConnectError::Unreachable { .. }) && error.is_temporary(), "{error}");
}

#[test]
fn a_ca_file_without_a_certificate_is_told_of() {
    assert!(matches!(Trust::new(Some(b"no certificate here")), Err(ConnectError::CaFile(_))));
}

#[test]
fn the_words_of_the_configuration() {
    let read = |text: &str| serde_json::from_str::<Tls>(text).unwrap();
    assert_eq!(
        [read("\"implicit\""), read("\"starttls\""), read("\"none\"")],
        [Tls::Implicit, Tls::StartTls, Tls::None]
    );
}
