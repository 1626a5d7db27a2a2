//! Bringing mails over.

use super::server::Server;
use super::{uid, uids};
use crate::inbox::InboxError;

#[tokio::test]
async fn sizes_first_then_whole_mails_and_headers_alone_of_large_ones() {
    let (mut inbox, server) = Server::selected(
        "",
        "C: UID FETCH 4:6,8 (UID RFC822.SIZE INTERNALDATE)
         S: * 1 FETCH (UID 4 RFC822.SIZE 12 INTERNALDATE \"17-Jul-1996 02:44:25 -0700\")
         S: * 2 FETCH (UID 5 RFC822.SIZE 1001 INTERNALDATE \" 1-Jan-2026 00:00:00 +0000\")
         S: * 3 FETCH (FLAGS (\\Seen) UID 6)
         S: * 4 FETCH (INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" RFC822.SIZE 7 UID 8)
         S: @ OK done
         C: UID FETCH 5 (UID BODY.PEEK[HEADER]<0.1048576>)
         S: * 2 FETCH (UID 5 BODY[HEADER]<0> {8}
         S: A: big
         S: )
         S: @ OK done
         C: UID FETCH 4,8 (UID BODY.PEEK[])
         S: * 3 FETCH (FLAGS (\\Seen) UID 6)
         S: * 4 FETCH (UID 8 BODY[] {7}
         S: eight..)
         S: * 1 FETCH (UID 4 BODY[] \"Subject: hi!\")
         S: @ OK done",
    )
    .await;
    let (mails, _) = inbox.fetch(&uids([8, 4, 5, 6])).await.unwrap();
    let seen: Vec<_> = mails.iter().map(|m| (m.id.clone(), m.bytes.as_slice(), m.whole, m.arrived_at)).collect();
    assert_eq!(seen.len(), 3, "6 is gone");
    assert_eq!(seen[0], (uid(8), b"eight..".as_slice(), true, 837_596_665_000));
    assert_eq!(seen[1], (uid(4), b"Subject: hi!".as_slice(), true, 837_596_665_000));
    assert_eq!(seen[2], (uid(5), b"A: big\r\n".as_slice(), false, 1_767_225_600_000));
    drop(inbox);
    server.finish().await;
}

#[tokio::test]
async fn one_broken_mail_does_not_hold_up_the_others() {
    let (mut inbox, server) = Server::selected(
        "",
        "C: UID FETCH 1:3 (UID RFC822.SIZE INTERNALDATE)
         S: * 1 FETCH (UID 1 RFC822.SIZE 1)
         S: * 2 FETCH (UID 2 RFC822.SIZE 1)
         S: * 3 FETCH (UID 3 RFC822.SIZE 1)
         S: @ OK done
         C: UID FETCH 1:3 (UID BODY.PEEK[])
         S: * 1 FETCH (UID 1 BODY[] \"1\")
         S: @ NO [SERVERBUG] internal error
         C: UID FETCH 2 (UID BODY.PEEK[])
         S: @ NO [SERVERBUG] internal error
         C: UID FETCH 2 (UID BODY.PEEK[HEADER]<0.1048576>)
         S: @ NO [SERVERBUG] internal error
         C: UID FETCH 3 (UID BODY.PEEK[])
         S: * 3 FETCH (UID 3 BODY[] \"3\")
         S: @ OK done",
    )
    .await;
    let (mails, _) = inbox.fetch(&uids([1, 2, 3])).await.unwrap();
    let seen: Vec<_> = mails.iter().map(|m| (m.bytes.as_slice(), m.whole)).collect();
    assert_eq!(seen, [(b"1".as_slice(), true), (b"", false), (b"3", true)]);
    drop(inbox);
    server.finish().await;
}

#[tokio::test]
async fn a_server_that_is_busy_is_asked_again_later() {
    let (mut inbox, server) = Server::selected(
        "",
        "C: UID FETCH 1 (UID RFC822.SIZE INTERNALDATE)
         S: * 1 FETCH (UID 1 RFC822.SIZE 1)
         S: @ OK done
         C: UID FETCH 1 (UID BODY.PEEK[])
         S: @ NO [UNAVAILABLE] storage is away",
    )
    .await;
    assert!(matches!(inbox.fetch(&uids([1])).await, Err(InboxError::No { .. })));
    drop(inbox);
    server.finish().await;
}

#[tokio::test]
async fn a_mail_larger_than_announced_is_cut_down_and_a_vanished_one_is_absent() {
    let body = "x".repeat(2000);
    let (mut inbox, server) = Server::selected(
        "",
        &format!(
            "C: UID FETCH 1:2 (UID RFC822.SIZE INTERNALDATE)
             S: * 1 FETCH (UID 1 RFC822.SIZE 10)
             S: * 2 FETCH (UID 2 RFC822.SIZE 10)
             S: @ OK done
             C: UID FETCH 1:2 (UID BODY.PEEK[])
             S: * 1 FETCH (UID 1 BODY[] {{2010}}
             S: A: b
             S:
             S: {body}
             S: )
             S: * 2 FETCH (UID 2 BODY[] NIL)
             S: @ OK done"
        ),
    )
    .await;
    let (mails, _) = inbox.fetch(&uids([1, 2])).await.unwrap();
    assert_eq!(mails.len(), 1);
    assert!(!mails[0].whole && mails[0].bytes == b"A: b\r\n\r\n", "{}", String::from_utf8_lossy(&mails[0].bytes));
    drop(inbox);
    server.finish().await;
}

#[tokio::test]
async fn nothing_is_asked_for_nothing() {
    let (mut inbox, server) = Server::selected("", "").await;
    assert!(inbox.fetch(&[]).await.unwrap().0.is_empty());
    let of_before = crate::mail::MailId::Imap { uid_validity: 6, uid: 1 };
    assert_eq!(inbox.fetch(std::slice::from_ref(&of_before)).await.unwrap().1, 1);
    inbox.file(&[of_before], crate::inbox::Folder::Answered).await.unwrap();
    drop(inbox);
    server.finish().await;
}
