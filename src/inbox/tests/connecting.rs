//! Greeting, log-in, namespace, folders, SELECT.

use super::server::{Server, hello};
use crate::inbox::InboxError;
use crate::net::Tls;

async fn refused(script: &str) -> InboxError {
    Server::playing(script).await.connect().await.map(drop).unwrap_err()
}

#[tokio::test]
async fn a_server_that_greets_with_bye_is_not_talked_to() {
    assert!(matches!(refused("S: * BYE too many connections\nclose").await, InboxError::Bye(_)));
    assert!(matches!(refused("close").await, InboxError::Lost | InboxError::Io(_)));
    assert!(matches!(refused("S: 220 smtp.example.org ESMTP\nclose").await, InboxError::Garbled));
}

#[tokio::test]
async fn a_wrong_password_is_told_of_and_final() {
    let error = refused(
        r#"S: * OK [CAPABILITY IMAP4rev1] ready
           C: LOGIN "bot" "sec\"ret"
           S: @ NO [AUTHENTICATIONFAILED] Authentication failed."#,
    )
    .await;
    assert!(matches!(&error, InboxError::LoginRefused(_)), "{error}");
    assert!(!error.is_temporary() && !format!("{error:?}").contains("ret"));
}

#[tokio::test]
async fn logindisabled_is_respected() {
    let error = refused("S: * OK ready\nC: CAPABILITY\nS: * CAPABILITY IMAP4rev1 LOGINDISABLED\nS: @ OK done").await;
    assert!(matches!(error, InboxError::LoginDisabled));
}

#[tokio::test]
async fn authenticate_plain_is_preferred() {
    let error = refused(
        "S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN LOGINDISABLED] ready
         C: AUTHENTICATE PLAIN
         S: + go
         C+ AGJvdABzZWMicmV0
         S: @ NO [UNAVAILABLE] later",
    )
    .await;
    assert!(matches!(&error, InboxError::LoginRefused(_)) && error.is_temporary(), "{error}");
}

#[tokio::test]
async fn starttls_is_insisted_on() {
    for script in [
        "S: * OK [CAPABILITY IMAP4rev1] ready",
        "S: * PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] hello",
        "S: * OK [CAPABILITY IMAP4rev1 STARTTLS] ready\nC: STARTTLS\nS: @ BAD no",
    ] {
        let mut server = Server::playing(script).await;
        server.settings.endpoint.tls = Tls::StartTls;
        let error = server.connect().await.map(drop).unwrap_err();
        assert!(matches!(error, InboxError::Settings { name: "tls", .. } | InboxError::Bad { .. }), "{error}");
        server.finish().await;
    }
}

#[tokio::test]
async fn prefix_and_delimiter_of_the_server_are_honoured_and_missing_folders_made() {
    let mut server = Server::playing(
        r#"S: * PREAUTH [CAPABILITY IMAP4rev1 NAMESPACE] hello
           C: NAMESPACE
           S: * NAMESPACE (("INBOX." ".")) NIL NIL
           S: @ OK done
           C: LIST "" "INBOX.Bot.Answered"
           S: @ OK nothing
           C: CREATE "INBOX.Bot.Answered"
           S: @ OK done
           C: SUBSCRIBE "INBOX.Bot.Answered"
           S: @ NO not here
           C: LIST "" "INBOX.Needs a person"
           S: * LIST (\Noselect) "." "INBOX.Needs a person"
           S: @ OK done
           C: CREATE "INBOX.Needs a person"
           S: @ NO [ALREADYEXISTS] there
           C: SUBSCRIBE "INBOX.Needs a person"
           S: @ OK done
           C: LIST "" "INBOX.&X,11ZQ-"
           S: * LIST () "." "INBOX.&X,11ZQ-"
           S: @ OK done
           C: SELECT "INBOX.Support"
           S: * OK [UIDVALIDITY 9] valid
           S: @ OK [READ-WRITE] done"#,
    )
    .await;
    server.settings.folder = "Support".into();
    server.settings.folders.answered = "Bot/Answered".into();
    server.settings.folders.ignored = "忽略".into();
    let inbox = server.connect().await.unwrap();
    assert_eq!(inbox.uid_validity(), 9);
    drop(inbox);
    server.finish().await;
}

#[tokio::test]
async fn a_folder_that_can_only_be_read_is_refused() {
    let error = refused(&hello("").replace("READ-WRITE", "READ-ONLY")).await;
    assert!(matches!(&error, InboxError::ReadOnly(name) if name == "INBOX"));
    assert!(matches!(refused(&hello("").replace("[READ-WRITE] ", "")).await, InboxError::ReadOnly(_)));
}

#[tokio::test]
async fn a_select_refused_or_cut_short_is_an_error() {
    let start = hello("");
    let (before, _) = start.split_once("S: * 3 EXISTS").unwrap();
    let error = refused(&format!("{before}S: @ NO [NONEXISTENT] no such folder")).await;
    assert!(matches!(error, InboxError::No { command: "SELECT", .. }));
    assert!(matches!(refused(&format!("{before}S: * 3 EXISTS\nclose")).await, InboxError::Lost | InboxError::Io(_)));
    assert!(matches!(refused(&start.replace("UIDVALIDITY 7", "UIDNEXT 7")).await, InboxError::Garbled));
}

#[tokio::test]
async fn read_only_changes_nothing() {
    let mut server = Server::playing(
        r#"S: * PREAUTH [CAPABILITY IMAP4rev1] hello
           C: LIST "" ""
           S: * LIST (\Noselect) "/" ""
           S: @ OK done
           C: EXAMINE "INBOX"
           S: * OK [UIDVALIDITY 7] valid
           S: @ OK [READ-ONLY] done"#,
    )
    .await;
    server.settings.read_only = true;
    let mut inbox = server.connect().await.unwrap();
    let filed = inbox.file(&super::uids([1]), crate::inbox::Folder::Ignored).await;
    assert!(matches!(filed, Err(InboxError::ReadOnly(_))));
    drop(inbox);
    server.finish().await;
}

#[tokio::test]
async fn mail_is_never_filed_in_the_watched_folder() {
    let mut server = Server::playing("S: * PREAUTH [CAPABILITY IMAP4rev1] hello\nC: LIST...\nS: @ OK done").await;
    server.settings.folders.ignored = "inbox".into();
    assert!(matches!(server.connect().await, Err(InboxError::Settings { name: "folders", .. })));
}
