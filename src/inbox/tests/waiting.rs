//! IDLE and its ways to go wrong, and the clock.

use std::time::Duration;

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::server::{Server, hello};
use super::uids;
use crate::inbox::{Folder, ImapInbox, InboxError, Woken};

const LISTED: &str = "
    C: UID SEARCH ALL
    S: * SEARCH 1
    S: @ OK done
    ";

async fn wait(inbox: &mut ImapInbox) -> Result<Woken, InboxError> {
    inbox.wait(&Notify::new(), &CancellationToken::new()).await
}

async fn listed(script: &str) -> (ImapInbox, Server) {
    let (mut inbox, server) = Server::selected("IDLE MOVE", &format!("{LISTED}{script}")).await;
    inbox.list(None).await.unwrap();
    (inbox, server)
}

#[tokio::test]
async fn new_mail_ends_the_idle_and_keep_alives_do_not() {
    let (mut inbox, server) = listed(
        "C: IDLE
         S: + idling
         S: * OK Still here
         S: * 2 FETCH (FLAGS (\\Seen))
         S: * 4 EXISTS
         C+ DONE
         S: * 1 RECENT
         S: @ OK done
         C: NOOP
         S: @ OK done",
    )
    .await;
    assert_eq!(wait(&mut inbox).await.unwrap(), Woken::NewMail);
    assert_eq!(wait(&mut inbox).await.unwrap(), Woken::NewMail, "until somebody lists");
    inbox.check().await.unwrap();
    drop(inbox);
    server.finish().await;
}

#[tokio::test]
async fn news_between_search_and_idle_are_not_lost() {
    let (mut inbox, server) = Server::selected(
        "IDLE MOVE",
        "C: UID SEARCH ALL
         S: * SEARCH 1
         S: * 4 EXISTS
         S: @ OK done
         C: UID SEARCH ALL
         S: * SEARCH 1
         S: @ OK done
         C: IDLE
         S: * 5 EXISTS
         S: + idling
         C+ DONE
         S: @ OK done",
    )
    .await;
    inbox.list(None).await.unwrap();
    assert_eq!(wait(&mut inbox).await.unwrap(), Woken::NewMail, "said with the answer of the search");
    inbox.list(None).await.unwrap();
    assert_eq!(wait(&mut inbox).await.unwrap(), Woken::NewMail, "said before the IDLE began");
    drop(inbox);
    server.finish().await;
}

#[tokio::test]
async fn our_own_filing_is_no_news_and_what_comes_meanwhile_is() {
    let (mut inbox, server) = listed(
        "C: UID STORE...
         S: @ OK done
         C: UID MOVE...
         S: * 1 EXPUNGE
         S: @ OK done
         C: IDLE
         S: + idling
         C+ DONE
         S: @ OK done
         C: UID STORE...
         S: @ OK done
         C: UID MOVE...
         S: * 1 EXPUNGE
         S: * 2 EXISTS
         S: @ OK done",
    )
    .await;
    inbox.file(&uids([1]), Folder::Ignored).await.unwrap();
    let wake = Notify::new();
    wake.notify_one();
    assert_eq!(inbox.wait(&wake, &CancellationToken::new()).await.unwrap(), Woken::Asked);
    inbox.file(&uids([2]), Folder::Ignored).await.unwrap();
    assert_eq!(wait(&mut inbox).await.unwrap(), Woken::NewMail);
    drop(inbox);
    server.finish().await;
}

#[tokio::test]
async fn asked_and_stopped_end_the_idle_properly() {
    let idle = "
        C: IDLE
        S: + idling
        C+ DONE
        S: @ OK done
        ";
    let (mut inbox, server) = listed(idle).await;
    let (wake, stop) = (Notify::new(), CancellationToken::new());
    wake.notify_one();
    assert_eq!(inbox.wait(&wake, &stop).await.unwrap(), Woken::Asked);
    stop.cancel();
    assert_eq!(inbox.wait(&wake, &stop).await.unwrap(), Woken::Stopped);
    drop(inbox);
    server.finish().await;
}

#[tokio::test]
async fn the_clock_ticks_whatever_idle_says() {
    let mut server = Server::playing(
        &(hello("IDLE") + LISTED + "C: IDLE\nS: + idling\nC+ DONE\nS: @ OK done\nC: UID SEARCH ALL\nS: @ OK done"),
    )
    .await;
    server.settings.poll_every = Duration::from_millis(30);
    let mut inbox = server.connect().await.unwrap();
    inbox.list(None).await.unwrap();
    assert_eq!(wait(&mut inbox).await.unwrap(), Woken::Tick);
    inbox.list(None).await.unwrap();
    drop(inbox);
    server.finish().await;
}

#[tokio::test]
async fn a_server_that_refuses_idle_or_ends_it_is_polled() {
    for answer in ["S: @ NO not now", "S: @ BAD what", "S: + idling\nS: @ OK enough"] {
        let mut server = Server::playing(&format!("{}{LISTED}C: IDLE\n{answer}", hello("IDLE"))).await;
        server.settings.poll_every = Duration::from_millis(500);
        let mut inbox = server.connect().await.unwrap();
        inbox.list(None).await.unwrap();
        assert_eq!(wait(&mut inbox).await.unwrap(), Woken::Tick);
        assert_eq!(wait(&mut inbox).await.unwrap(), Woken::Tick, "no second IDLE on this connection");
        drop(inbox);
        server.finish().await;
    }
}

#[tokio::test]
async fn a_dead_line_is_an_error_and_not_a_quiet_mailbox() {
    let (mut inbox, _server) = listed("C: IDLE\nS: + idling\nclose").await;
    assert!(matches!(wait(&mut inbox).await, Err(InboxError::Lost | InboxError::Io(_))));
    assert!(matches!(wait(&mut inbox).await, Err(InboxError::Lost)));
    let (mut inbox, _server) = listed("C: IDLE\nS: + idling\nS: * BYE shutting down\nclose").await;
    assert!(matches!(wait(&mut inbox).await, Err(InboxError::Bye(_))));
}

#[tokio::test]
async fn a_frozen_server_is_noticed_at_the_begin_and_at_the_end_of_idle() {
    for (script, command) in [("C: IDLE\nfreeze", "IDLE"), ("C: IDLE\nS: + idling\nfreeze", "DONE")] {
        let mut server = Server::playing(&format!("{}{LISTED}{script}", hello("IDLE"))).await;
        server.settings.command_timeout = Duration::from_millis(500);
        server.settings.poll_every = Duration::from_millis(30);
        let mut inbox = server.connect().await.unwrap();
        inbox.list(None).await.unwrap();
        let error = wait(&mut inbox).await.unwrap_err();
        assert!(matches!(error, InboxError::Timeout { command: late, .. } if late == command), "{error}");
        assert!(matches!(inbox.check().await, Err(InboxError::Lost)));
    }
}

#[tokio::test]
async fn without_idle_only_the_clock_the_asker_and_the_stop_count() {
    let mut server = Server::playing(&format!("{}{LISTED}", hello(""))).await;
    server.settings.poll_every = Duration::from_millis(30);
    let mut inbox = server.connect().await.unwrap();
    assert_eq!(wait(&mut inbox).await.unwrap(), Woken::NewMail, "nobody has listed yet");
    inbox.list(None).await.unwrap();
    assert_eq!(wait(&mut inbox).await.unwrap(), Woken::Tick);
    let (wake, stop) = (Notify::new(), CancellationToken::new());
    wake.notify_one();
    assert_eq!(inbox.wait(&wake, &stop).await.unwrap(), Woken::Asked);
    stop.cancel();
    assert_eq!(inbox.wait(&wake, &stop).await.unwrap(), Woken::Stopped);
    drop(inbox);
    server.finish().await;
}
