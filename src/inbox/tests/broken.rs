//! Each row of what async-imap takes for success: here it is an error, and the line is not used again.

use std::time::Duration;

use super::server::Server;
use super::uids;
use crate::inbox::{Folder, ImapInbox, InboxError};

/// After a break all later calls fail at once.
async fn is_unusable(inbox: &mut ImapInbox) {
    assert!(matches!(inbox.check().await, Err(InboxError::Lost)));
    assert!(matches!(inbox.list(None).await, Err(InboxError::Lost)));
}

#[tokio::test]
async fn a_search_refused_is_no_empty_mailbox_and_the_line_lives_on() {
    let (mut inbox, server) = Server::selected(
        "",
        "C: UID SEARCH ALL
         S: @ NO [UNAVAILABLE] later
         C: UID SEARCH ALL
         S: @ BAD unknown
         C: NOOP
         S: @ OK done",
    )
    .await;
    let error = inbox.list(None).await.unwrap_err();
    assert_eq!(error.to_string(), "UID SEARCH was answered NO: [UNAVAILABLE] later");
    let error = inbox.list(None).await.unwrap_err();
    assert_eq!(error.to_string(), "UID SEARCH was answered BAD: unknown");
    inbox.check().await.unwrap();
    drop(inbox);
    server.finish().await;
}

#[tokio::test]
async fn a_connection_closed_in_mid_search_is_lost() {
    let (mut inbox, _server) = Server::selected("", "C: UID SEARCH ALL\nS: * SEARCH 1 2\nclose").await;
    assert!(matches!(inbox.list(None).await, Err(InboxError::Lost | InboxError::Io(_))));
    is_unusable(&mut inbox).await;
}

#[tokio::test]
async fn a_connection_closed_in_mid_noop_is_lost() {
    let (mut inbox, _server) = Server::selected("", "C: NOOP\nclose").await;
    assert!(matches!(inbox.check().await, Err(InboxError::Lost | InboxError::Io(_))));
    is_unusable(&mut inbox).await;
}

#[tokio::test]
async fn a_connection_closed_after_one_of_three_mails_is_lost() {
    let (mut inbox, _server) = Server::selected(
        "",
        "C: UID FETCH 1:3 (UID RFC822.SIZE INTERNALDATE)
         S: * 1 FETCH (UID 1 RFC822.SIZE 3)
         close",
    )
    .await;
    assert!(matches!(inbox.fetch(&uids(1..=3)).await, Err(InboxError::Lost | InboxError::Io(_))));
    is_unusable(&mut inbox).await;
}

#[tokio::test]
async fn a_connection_closed_in_mid_mail_is_lost() {
    let (mut inbox, _server) = Server::selected(
        "",
        "C: UID FETCH 1 (UID RFC822.SIZE INTERNALDATE)
         S: * 1 FETCH (UID 1 RFC822.SIZE 500)
         S: @ OK done
         C: UID FETCH 1 (UID BODY.PEEK[])
         S: * 1 FETCH (UID 1 BODY[] {500}
         S: Subject: half a mail
         close",
    )
    .await;
    assert!(matches!(inbox.fetch(&uids([1])).await, Err(InboxError::Lost | InboxError::Io(_))));
    is_unusable(&mut inbox).await;
}

#[tokio::test]
async fn bye_is_an_error_with_the_servers_words() {
    let (mut inbox, _server) = Server::selected("", "C: NOOP\nS: * BYE Server shutting down.\nclose").await;
    assert!(matches!(inbox.check().await, Err(InboxError::Bye(text)) if text == "Server shutting down."));
    is_unusable(&mut inbox).await;
}

#[tokio::test]
async fn an_unreadable_line_is_an_error_that_quotes_nothing() {
    let (mut inbox, _server) = Server::selected("", "C: NOOP\nS: * ESEARCH (TAG secret) ALL 1\nS: @ OK done").await;
    let error = inbox.check().await.unwrap_err();
    assert!(matches!(error, InboxError::Garbled));
    assert!(!format!("{error} {error:?}").contains("secret"));
    is_unusable(&mut inbox).await;
}

#[tokio::test]
async fn a_line_that_makes_the_parser_panic_is_an_error_too() {
    let (mut inbox, _server) = Server::selected("", "C: NOOP\nS: * OK [ALERT]élan\nS: @ OK done").await;
    assert!(matches!(inbox.check().await, Err(InboxError::Garbled)));
    is_unusable(&mut inbox).await;
}

#[tokio::test]
async fn an_answer_to_another_command_is_out_of_step() {
    let (mut inbox, _server) = Server::selected("", "C: NOOP\nS: x99 OK done").await;
    assert!(matches!(inbox.check().await, Err(InboxError::Garbled)));
    is_unusable(&mut inbox).await;
}

#[tokio::test]
async fn a_frozen_server_is_given_up() {
    let script = format!("{}C: NOOP\nfreeze", super::server::hello(""));
    let mut server = Server::playing(&script).await;
    server.settings.command_timeout = Duration::from_millis(500);
    let mut inbox = server.connect().await.unwrap();
    assert!(matches!(inbox.check().await, Err(InboxError::Timeout { command: "NOOP", .. })));
    is_unusable(&mut inbox).await;
    inbox.close().await;
}

#[tokio::test]
async fn a_call_dropped_half_way_spoils_the_line() {
    let (mut inbox, _server) = Server::selected("", "C: NOOP\nfreeze").await;
    assert!(tokio::time::timeout(Duration::from_millis(20), inbox.check()).await.is_err());
    is_unusable(&mut inbox).await;
    assert!(matches!(inbox.file(&uids([1]), Folder::Ignored).await, Err(InboxError::Lost)));
}

#[tokio::test]
async fn close_says_logout_and_takes_the_bye_for_good() {
    let (inbox, server) = Server::selected("", "C: LOGOUT\nS: * BYE see you\nS: @ OK done").await;
    inbox.close().await;
    server.finish().await;
}
