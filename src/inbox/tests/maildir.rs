#![expect(clippy::disallowed_methods, reason = "plays the delivery agent on disk")]
//! A Maildir in a temporary folder.

use std::fs;
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use tempfile::TempDir;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::inbox::{Folder, Folders, Inbox, InboxError, InboxSettings, MaildirSettings, Woken};
use crate::mail::MailId;

fn settings(path: &Path) -> MaildirSettings {
    MaildirSettings {
        path: path.to_owned(),
        poll_every: Duration::from_secs(60),
        max_size: 1000,
        folders: Folders::default(),
        read_only: false,
    }
}

async fn maildir() -> (Inbox, TempDir) {
    let home = tempfile::tempdir().unwrap();
    for part in ["tmp", "new", "cur"] {
        fs::create_dir(home.path().join(part)).unwrap();
    }
    (Inbox::connect(&InboxSettings::Maildir(settings(home.path()))).await.unwrap(), home)
}

/// Written in `tmp` and renamed, as delivery is.
fn deliver(home: &Path, file: &str, text: &str, seconds: u64) {
    let tmp = home.join("tmp/delivery");
    fs::write(&tmp, text).unwrap();
    fs::File::open(&tmp).unwrap().set_modified(UNIX_EPOCH + Duration::from_secs(seconds)).unwrap();
    fs::rename(&tmp, home.join(file)).unwrap();
}

fn id(name: &str) -> MailId {
    MailId::Maildir { name: name.to_owned() }
}

#[tokio::test]
async fn mails_are_listed_by_time_and_name_whatever_their_flags() {
    let (mut inbox, home) = maildir().await;
    deliver(home.path(), "new/200.b.host", "b", 200);
    deliver(home.path(), "cur/200.a.host,S=1:2,S", "a", 200);
    deliver(home.path(), "new/100.c.host", "c", 100);
    deliver(home.path(), "new/.hidden", "", 1);
    fs::create_dir(home.path().join("cur/folder")).unwrap();
    let all = inbox.list(None).await.unwrap();
    assert_eq!(all, [id("100.c.host"), id("200.a.host,S=1"), id("200.b.host")]);
    assert_eq!(inbox.list(Some(&all[1])).await.unwrap(), [id("200.b.host")]);
    assert_eq!(inbox.uid_validity(), None);
}

#[tokio::test]
async fn newer_than_a_mail_that_is_gone_and_mail_that_came_late_with_an_old_date() {
    let (mut inbox, home) = maildir().await;
    deliver(home.path(), "new/100.a.host", "a", 100);
    deliver(home.path(), "new/300.c.host", "c", 300);
    assert_eq!(inbox.list(Some(&id("200.b.host"))).await.unwrap(), [id("300.c.host")]);
    deliver(home.path(), "new/150.late.host", "late", 150);
    assert_eq!(inbox.list(Some(&id("300.c.host"))).await.unwrap(), [id("150.late.host")]);
    assert_eq!(inbox.list(Some(&id("strange name"))).await.unwrap().len(), 3, "nothing is known: all");
}

#[tokio::test]
async fn mails_come_whole_and_large_ones_with_their_header() {
    let (mut inbox, home) = maildir().await;
    deliver(home.path(), "new/1.small.host", "A: b\n\ntext", 1);
    deliver(home.path(), "cur/2.large.host:2,S", &format!("A: large\r\n\r\n{}", "x".repeat(2000)), 2);
    let (mails, _) = inbox.fetch(&[id("2.large.host"), id("0.gone.host"), id("1.small.host")]).await.unwrap();
    assert_eq!(mails.len(), 2);
    assert_eq!((mails[0].bytes.as_slice(), mails[0].whole), (b"A: large\r\n\r\n".as_slice(), false));
    assert_eq!((mails[1].bytes.as_slice(), mails[1].whole), (b"A: b\n\ntext".as_slice(), true));
    assert_eq!((mails[0].arrived_at, mails[1].arrived_at), (2_000, 1_000));
}

#[tokio::test]
async fn filing_moves_the_file_and_sets_flags_and_may_be_repeated() {
    let (mut inbox, home) = maildir().await;
    let path = home.path();
    deliver(path, "new/1.a", "a", 1);
    deliver(path, "cur/2.b:2,P", "b", 2);
    deliver(path, "new/3.c", "c", 3);
    for _ in 0..2 {
        inbox.file(&[id("1.a"), id("9.gone")], Folder::NeedsAPerson).await.unwrap();
        inbox.file(&[id("2.b")], Folder::Answered).await.unwrap();
        inbox.file(&[id("3.c")], Folder::Ignored).await.unwrap();
    }
    assert!(path.join(".Needs a person/cur/1.a:2,F").is_file());
    assert!(path.join(".Answered/cur/2.b:2,PRS").is_file());
    assert!(path.join(".Ignored/cur/3.c:2,S").is_file());
    assert!(path.join(".Ignored/maildirfolder").is_file());
    assert_eq!(fs::read_to_string(path.join("subscriptions")).unwrap(), "Answered\nNeeds a person\nIgnored\n");
    assert!(inbox.list(None).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_folder_removed_meanwhile_is_made_again() {
    let (mut inbox, home) = maildir().await;
    deliver(home.path(), "new/1.a", "a", 1);
    fs::remove_dir_all(home.path().join(".Ignored")).unwrap();
    inbox.file(&[id("1.a")], Folder::Ignored).await.unwrap();
    assert!(home.path().join(".Ignored/cur/1.a:2,S").is_file());
}

#[tokio::test]
async fn delivery_wakes_and_so_do_the_asker_and_the_stop() {
    let (mut inbox, home) = maildir().await;
    let (wake, stop) = (Notify::new(), CancellationToken::new());
    deliver(home.path(), "new/1.a", "a", 1);
    assert_eq!(inbox.wait(&wake, &stop).await.unwrap(), Woken::NewMail);
    wake.notify_one();
    assert_eq!(inbox.wait(&wake, &stop).await.unwrap(), Woken::Asked);
    stop.cancel();
    assert_eq!(inbox.wait(&wake, &stop).await.unwrap(), Woken::Stopped);
}

#[tokio::test]
async fn the_clock_ticks_without_any_event() {
    let home = maildir().await.1;
    let mut settings = settings(home.path());
    settings.poll_every = Duration::from_millis(20);
    let mut inbox = Inbox::connect(&InboxSettings::Maildir(settings)).await.unwrap();
    assert_eq!(inbox.wait(&Notify::new(), &CancellationToken::new()).await.unwrap(), Woken::Tick);
}

#[tokio::test]
async fn a_maildir_that_is_not_there_or_a_name_that_is_none_is_an_error() {
    let home = tempfile::tempdir().unwrap();
    let missing = Inbox::connect(&InboxSettings::Maildir(settings(home.path()))).await.unwrap_err();
    assert!(matches!(missing, InboxError::Disk(_)) && missing.is_temporary());
    let mut settings = settings(home.path());
    settings.folders.ignored = "../elsewhere".into();
    let bad = Inbox::connect(&InboxSettings::Maildir(settings)).await.unwrap_err();
    assert!(matches!(bad, InboxError::Settings { name: "folders.ignored", .. }));
}

#[tokio::test]
async fn read_only_makes_no_folder_and_files_nothing() {
    let home = tempfile::tempdir().unwrap();
    for part in ["tmp", "new", "cur"] {
        fs::create_dir(home.path().join(part)).unwrap();
    }
    let mut settings = settings(home.path());
    settings.read_only = true;
    let mut inbox = Inbox::connect(&InboxSettings::Maildir(settings)).await.unwrap();
    assert!(!home.path().join(".Ignored").exists());
    assert!(matches!(inbox.file(&[id("1.a")], Folder::Ignored).await, Err(InboxError::ReadOnly(_))));
}

#[tokio::test]
async fn a_file_that_somebody_is_copying_is_no_mail_before_it_has_content() {
    use std::io::Write;
    let (mut inbox, home) = maildir().await;
    let mut copy = fs::File::create(home.path().join("new/copied.eml")).unwrap();
    assert!(inbox.list(None).await.unwrap().is_empty());
    copy.write_all(b"Subject: x\n\ny\n").unwrap();
    drop(copy);
    let woken = inbox.wait(&Notify::new(), &CancellationToken::new()).await.unwrap();
    assert_eq!(woken, Woken::NewMail);
    assert_eq!(inbox.list(None).await.unwrap(), [id("copied.eml")]);
}
