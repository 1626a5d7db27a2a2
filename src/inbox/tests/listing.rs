//! What is in the folder, and what of it is new.

use super::server::{Server, hello};
use super::{uid, uids};
use crate::mail::MailId;

#[tokio::test]
async fn only_newer_mail_though_the_star_names_the_last_one() {
    let (mut inbox, server) = Server::selected(
        "",
        "C: UID SEARCH ALL
         S: * SEARCH 9 3
         S: * SEARCH 5
         S: @ OK done
         C: UID SEARCH UID 10:*
         S: * SEARCH 9
         S: @ OK done
         C: UID SEARCH UID 10:*
         S: * SEARCH 12 10
         S: @ OK done
         C: UID SEARCH ALL
         S: * SEARCH
         S: @ OK done",
    )
    .await;
    assert_eq!(inbox.list(None).await.unwrap(), uids([3, 5, 9]));
    assert_eq!(inbox.list(Some(&uid(9))).await.unwrap(), []);
    assert_eq!(inbox.list(Some(&uid(9))).await.unwrap(), uids([10, 12]));
    let of_before = MailId::Imap { uid_validity: 6, uid: 9 };
    assert_eq!(inbox.list(Some(&of_before)).await.unwrap(), [], "another UIDVALIDITY: all is asked for");
    assert_eq!(inbox.list(Some(&uid(u32::MAX))).await.unwrap(), [], "nothing is newer than the last UID");
    drop(inbox);
    server.finish().await;
}

#[tokio::test]
async fn large_folders_are_listed_in_windows_from_the_top() {
    let script = hello("").replace("3 EXISTS", "45000 EXISTS")
        + "C: UID SEARCH 25001:* ALL
           S: * SEARCH 50000 40000
           S: * 1 EXPUNGE
           S: @ OK done
           C: UID SEARCH 5001:25000 ALL
           S: * SEARCH 40000 20000
           S: @ OK done
           C: UID SEARCH 1:5000 ALL
           S: * SEARCH 1
           S: @ OK done
           C: UID SEARCH 25000:* UID 45000:*
           S: * SEARCH 50000
           S: @ OK done
           C: UID SEARCH 5000:24999 UID 45000:*
           S: * SEARCH
           S: @ OK done";
    let server = Server::playing(&script).await;
    let mut inbox = server.connect().await.unwrap();
    assert_eq!(inbox.list(None).await.unwrap(), uids([1, 20000, 40000, 50000]));
    assert_eq!(inbox.list(Some(&uid(44999))).await.unwrap(), uids([50000]));
    drop(inbox);
    server.finish().await;
}
