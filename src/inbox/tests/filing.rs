//! Moving handled mails, with and without the server's help.

use super::server::Server;
use super::uids;
use crate::inbox::{Folder, InboxError};

#[tokio::test]
async fn flags_first_then_one_move_for_the_whole_set() {
    let (mut inbox, server) = Server::selected(
        "MOVE UIDPLUS",
        "C: UID STORE 1:3,5 +FLAGS.SILENT (\\Seen \\Answered)
         S: @ OK done
         C: UID MOVE 1:3,5 \"Answered\"
         S: * OK [COPYUID 7 1:3,5 1:4] moved
         S: * 1 EXPUNGE
         S: @ OK done
         C: UID STORE 7 +FLAGS.SILENT (\\Flagged)
         S: @ NO no such flag
         C: UID MOVE 7 \"Needs a person\"
         S: @ OK nothing to move
         C: UID STORE 8 +FLAGS.SILENT (\\Seen)
         S: @ OK done
         C: UID MOVE 8 \"Ignored\"
         S: @ OK done",
    )
    .await;
    inbox.file(&uids([5, 3, 1, 2]), Folder::Answered).await.unwrap();
    inbox.file(&uids([7]), Folder::NeedsAPerson).await.unwrap();
    inbox.file(&uids([8]), Folder::Ignored).await.unwrap();
    drop(inbox);
    server.finish().await;
}

#[tokio::test]
async fn a_folder_deleted_by_somebody_is_made_again() {
    let (mut inbox, server) = Server::selected(
        "MOVE",
        "C: UID STORE 1...
         S: @ OK done
         C: UID MOVE 1 \"Ignored\"
         S: @ NO [TRYCREATE] no such folder
         C: CREATE \"Ignored\"
         S: @ OK done
         C: SUBSCRIBE \"Ignored\"
         S: @ OK done
         C: UID SEARCH UID 1
         S: * SEARCH 1
         S: @ OK done
         C: UID MOVE 1 \"Ignored\"
         S: @ OK done",
    )
    .await;
    inbox.file(&uids([1]), Folder::Ignored).await.unwrap();
    drop(inbox);
    server.finish().await;
}

#[tokio::test]
async fn mails_that_are_gone_are_no_error_and_a_full_folder_is() {
    let (mut inbox, server) = Server::selected(
        "MOVE",
        "C: UID STORE 1:2...
         S: @ OK done
         C: UID MOVE 1:2 \"Ignored\"
         S: @ NO no such message
         C: UID SEARCH UID 1:2
         S: * SEARCH
         S: @ OK done
         C: UID STORE 1:2...
         S: @ OK done
         C: UID MOVE 1:2 \"Ignored\"
         S: @ NO [OVERQUOTA] full
         C: UID SEARCH UID 1:2
         S: * SEARCH 2
         S: @ OK done
         C: UID MOVE 2 \"Ignored\"
         S: @ NO [OVERQUOTA] full",
    )
    .await;
    inbox.file(&uids([1, 2]), Folder::Ignored).await.unwrap();
    let error = inbox.file(&uids([1, 2]), Folder::Ignored).await.unwrap_err();
    assert!(matches!(error, InboxError::No { command: "UID MOVE", .. }));
    drop(inbox);
    server.finish().await;
}

#[tokio::test]
async fn without_move_copy_then_deleted_then_uid_expunge() {
    let (mut inbox, server) = Server::selected(
        "UIDPLUS",
        "C: UID STORE 1:3 +FLAGS.SILENT (\\Seen)
         S: @ OK done
         C: UID SEARCH UID 1:3 UNDELETED
         S: * SEARCH 1 3
         S: @ OK done
         C: UID COPY 1,3 \"Ignored\"
         S: @ OK [COPYUID 7 1,3 1:2] done
         C: UID STORE 1,3 +FLAGS.SILENT (\\Deleted)
         S: @ OK done
         C: UID EXPUNGE 1,3
         S: * 1 EXPUNGE
         S: @ OK done",
    )
    .await;
    inbox.file(&uids([1, 2, 3]), Folder::Ignored).await.unwrap();
    drop(inbox);
    server.finish().await;
}

#[tokio::test]
async fn without_uidplus_too_nothing_is_expunged_and_nothing_doubled_on_a_second_try() {
    let (mut inbox, server) = Server::selected(
        "",
        "C: UID STORE 1 +FLAGS.SILENT (\\Seen)
         S: @ OK done
         C: UID SEARCH UID 1 UNDELETED
         S: * SEARCH 1
         S: @ OK done
         C: UID COPY 1 \"Ignored\"
         S: @ OK done
         C: UID STORE 1 +FLAGS.SILENT (\\Deleted)
         S: @ OK done
         C: UID STORE 1 +FLAGS.SILENT (\\Seen)
         S: @ OK done
         C: UID SEARCH UID 1 UNDELETED
         S: * SEARCH
         S: @ OK done",
    )
    .await;
    inbox.file(&uids([1]), Folder::Ignored).await.unwrap();
    inbox.file(&uids([1]), Folder::Ignored).await.unwrap();
    drop(inbox);
    server.finish().await;
}

#[tokio::test]
async fn a_copy_refused_deletes_nothing() {
    let (mut inbox, server) = Server::selected(
        "UIDPLUS",
        "C: UID STORE 1...
         S: @ OK done
         C: UID SEARCH UID 1 UNDELETED
         S: * SEARCH 1
         S: @ OK done
         C: UID COPY 1 \"Answered\"
         S: @ NO [OVERQUOTA] full
         C: UID SEARCH UID 1
         S: * SEARCH 1
         S: @ OK done
         C: UID COPY 1 \"Answered\"
         S: @ NO [OVERQUOTA] full",
    )
    .await;
    assert!(inbox.file(&uids([1]), Folder::Answered).await.is_err());
    drop(inbox);
    server.finish().await;
}
