//! Proves the harness itself: that its servers are real, private and gone when the test is over.

#![expect(clippy::disallowed_methods, reason = "looks at the clock and at /proc to see what the servers do")]

mod servers;

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use servers::{Act, Mailbox, Options, PostOffice, Postman, Relay, Stage, TEN_SECONDS, wait_for, wait_for_some};

const CUSTOMER: &str = "customer@example.test";
const SUPPORT: &str = "support@shop.test";

fn mail(subject: &str) -> Vec<u8> {
    format!("From: {CUSTOMER}\r\nTo: {SUPPORT}\r\nSubject: {subject}\r\n\r\nMy card was declined.\r\n.\r\n")
        .into_bytes()
}

fn subjects(mailbox: &mut Mailbox, folder: &str) -> Vec<String> {
    mailbox.mails(folder).iter().map(servers::Kept::subject).collect()
}

#[test]
fn a_mail_sent_with_login_and_tls_reaches_the_other_mailbox() {
    let post = PostOffice::start();
    post.submit(CUSTOMER, SUPPORT, &mail("over TLS"));
    let mut starttls = Postman::submission(post.submission_port, &post.ca_file(), CUSTOMER);
    starttls.carry(CUSTOMER, &[SUPPORT], &mail("over STARTTLS")).expect("taken");

    let mut support = post.mailbox(SUPPORT);
    wait_for("both mails", TEN_SECONDS, || support.count("INBOX") == 2);
    let mails = support.mails("INBOX");
    assert!(mails.iter().all(servers::Kept::is_unread));
    assert!(mails.iter().all(|mail| mail.text().contains("My card was declined.\r\n.")), "{mails:?}");
    assert!(mails[0].header("Received").is_some_and(|received| received.contains("mail.shop.test")));

    assert_eq!(Mailbox::over_starttls(post.imap_port, &post.ca_file(), SUPPORT).count("INBOX"), 2);
    assert_eq!(Mailbox::without_tls(post.imap_port, SUPPORT).count("INBOX"), 2);
}

#[test]
fn an_office_closes_without_a_trace() {
    let post = PostOffice::start();

    let folder = post.ca_file().ancestors().nth(2).expect("the office's folder").to_owned();
    let mut idle = post.mailbox(SUPPORT);
    assert_eq!(idle.count("INBOX"), 0);
    drop(post);
    assert!(!folder.exists());
    assert_eq!(processes_with(&folder.to_string_lossy()), Vec::<String>::new());
}

#[test]
fn two_offices_side_by_side_do_not_see_each_other() {
    let (one, two) = (PostOffice::start(), PostOffice::start());
    one.put(SUPPORT, &mail("for the first"));
    two.put(SUPPORT, &mail("for the second"));
    assert_eq!(subjects(&mut one.mailbox(SUPPORT), "INBOX"), ["for the first"]);
    assert_eq!(subjects(&mut two.mailbox(SUPPORT), "INBOX"), ["for the second"]);
}

#[test]
fn a_restart_keeps_mail_and_ports() {
    let mut post = PostOffice::start();
    post.put(SUPPORT, &mail("before"));
    let uid_validity = post.mailbox(SUPPORT).uid_validity("INBOX");
    post.stop_dovecot();
    post.deliver(SUPPORT, &mail("meanwhile"));
    post.start_dovecot();

    let mut support = post.mailbox(SUPPORT);
    wait_for("the mail that Postfix kept", TEN_SECONDS, || support.count("INBOX") == 2);
    assert_eq!(subjects(&mut support, "INBOX"), ["before", "meanwhile"]);
    assert_eq!(support.uid_validity("INBOX"), uid_validity);

    post.stop_postfix();
    post.start_postfix();
    post.deliver(SUPPORT, &mail("after"));
    wait_for("the third mail", TEN_SECONDS, || support.count("INBOX") == 3);
}

#[test]
fn mail_to_nobody_bounces_and_a_bounce_does_not() {
    let post = PostOffice::start();
    post.deliver_from(CUSTOMER, "nobody@shop.test", &mail("is anybody there?"));
    post.deliver_from("", "nobody@shop.test", &mail("from a machine"));
    let mut customer = post.mailbox(CUSTOMER);
    let bounce = wait_for_some("the bounce", TEN_SECONDS, || customer.mails("INBOX").pop());
    assert_eq!(bounce.header("Return-Path").as_deref(), Some("<>"));
    assert!(bounce.header("Auto-Submitted").is_some_and(|value| value.contains("auto-replied")));

    post.add_user("nobody@shop.test");
    post.deliver_from("", "nobody@shop.test", &mail("now"));
    let mut nobody = post.mailbox("nobody@shop.test");
    wait_for("the mail with no sender", TEN_SECONDS, || subjects(&mut nobody, "INBOX") == ["now"]);
    assert_eq!(customer.count("INBOX"), 1);
}

#[test]
fn a_person_can_file_flag_and_delete() {
    let post = PostOffice::start();
    post.put_many(SUPPORT, [mail("one"), mail("two")]);
    let mut support = post.mailbox(SUPPORT);
    support.create_folder("Needs a \"person\"");
    support.append("Needs a \"person\"", "\\Flagged", &mail("zero"));
    support.add_flags("INBOX", 1, "\\Seen $Done");
    support.move_mail("INBOX", 1, "Needs a \"person\"");
    support.delete_mail("INBOX", 2);

    assert_eq!(support.count("INBOX"), 0);
    assert!(support.folders().contains(&"Needs a \"person\"".to_owned()), "{:?}", support.folders());
    assert_eq!(support.mails("no such folder").len(), 0);
    let filed = support.mails("Needs a \"person\"");
    assert_eq!(filed.iter().map(servers::Kept::subject).collect::<Vec<_>>(), ["zero", "one"]);
    assert!(filed[0].has_flag("\\Flagged") && filed[0].is_unread());
    assert!(filed[1].has_flag("$Done") && !filed[1].is_unread());
}

#[test]
fn sessions_can_be_killed_and_frozen() {
    let post = PostOffice::start();
    let _first = post.mailbox(SUPPORT);
    assert_eq!(post.imap_session_count(), 1);
    post.kill_imap_sessions();
    wait_for("the session's end", TEN_SECONDS, || post.imap_session_count() == 0);

    let mut second = post.mailbox(SUPPORT);
    post.freeze_imap_sessions();
    post.thaw_imap_sessions();
    assert_eq!(second.count("INBOX"), 0);
    post.freeze_imap_sessions();
}

#[test]
fn senders_can_be_marked_as_authenticated() {
    let domain = ("example.test".to_owned(), "dmarc=pass header.from=example.test".to_owned());
    let nobody = ("<>".to_owned(), "dmarc=none".to_owned());
    let post = PostOffice::with(&Options { authentication_results: vec![domain, nobody], ..Options::default() });
    post.deliver(SUPPORT, &mail("from a known domain"));
    let mut support = post.mailbox(SUPPORT);
    let first = wait_for_some("the first mail", TEN_SECONDS, || support.mails("INBOX").pop());
    let marked = first.header("Authentication-Results");
    assert_eq!(marked.as_deref(), Some("mx.shop.test; dmarc=pass header.from=example.test"));

    post.deliver_from("", SUPPORT, &mail("from nowhere"));
    wait_for("the second mail", TEN_SECONDS, || support.count("INBOX") == 2);
    assert_eq!(support.mails("INBOX")[1].header("Authentication-Results").as_deref(), Some("mx.shop.test; dmarc=none"));
}

#[test]
fn a_scripted_relay_refuses_then_takes_and_keeps_a_transcript() {
    let later = Act::Answer("451 4.3.0 later");
    let relay =
        Relay::scripted([(Stage::Mail, later), (Stage::End, later), (Stage::Rcpt, Act::Answer("550 5.1.1 no"))]);
    let mut postman = Postman::smtp(relay.port());
    let mut carry = || postman.carry("", &[CUSTOMER], &mail("an answer"));
    assert_eq!(carry(), Err("451 4.3.0 later".to_owned()));
    assert_eq!(carry(), Err("451 4.3.0 later".to_owned()));
    assert_eq!(carry(), Err("550 5.1.1 no".to_owned()));
    assert_eq!(carry(), Ok(()));

    assert!(relay.is_played());
    assert_eq!(relay.taken().len(), 2);
    let accepted = relay.accepted();
    assert_eq!(accepted.len(), 1);
    assert_eq!((accepted[0].sender.as_str(), &accepted[0].recipients[..]), ("", &[CUSTOMER.to_owned()][..]));
    assert_eq!(accepted[0].bytes, mail("an answer"));
    let transcript = relay.transcript();
    assert_eq!(transcript[..2], ["S: 220 relay.test ESMTP", "C: EHLO postman.test"]);
    assert!(transcript.contains(&"S: 550 5.1.1 no".to_owned()));
}

#[test]
fn a_scripted_relay_hangs_up_after_the_data_and_falls_silent() {
    let relay = Relay::scripted([(Stage::End, Act::HangUp), (Stage::Data, Act::Silence)]);
    let lost = Postman::smtp(relay.port()).carry("", &[CUSTOMER], &mail("lost?"));
    assert!(lost.is_err_and(|error| error.contains("connection was lost")));
    let taken = relay.wait_for_mails(1);
    assert_eq!((taken.len(), taken[0].is_accepted(), taken[0].answer.as_deref()), (1, false, None));

    let port = relay.port();
    let waiting = std::thread::spawn(move || Postman::smtp(port).carry("", &[CUSTOMER], &mail("never")));
    wait_for("the silence", TEN_SECONDS, || relay.is_played());
    drop(relay);
    assert!(waiting.join().expect("the postman").is_err());
}

/// Killed with SIGKILL, a test cannot clean up: its servers must notice by themselves.
#[test]
fn servers_end_when_the_test_process_is_killed() {
    let this_test = std::env::current_exe().expect("this program");
    let mut doomed = Command::new(this_test)
        .args(["--exact", "--ignored", "--nocapture", "a_test_that_is_killed"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("this program again");
    let output = BufReader::new(doomed.stdout.take().expect("its output"));
    let folder = output.lines().map_while(Result::ok).find_map(|line| Some(line.split_once("folder: ")?.1.to_owned()));
    let folder = folder.expect("the office's folder");
    assert_ne!(processes_with(&folder), Vec::<String>::new());
    doomed.kill().expect("SIGKILL");
    doomed.wait().expect("its end");
    wait_for("the servers' end", TEN_SECONDS, || processes_with(&folder).is_empty());
    fs::remove_dir_all(folder).expect("nobody else removes it");
}

#[test]
#[ignore = "started and killed by servers_end_when_the_test_process_is_killed"]
fn a_test_that_is_killed() {
    let post = PostOffice::start();
    let _idle = post.mailbox(SUPPORT);
    println!("folder: {}", post.ca_file().ancestors().nth(2).expect("the office's folder").display());
    wait_for("the end", Duration::from_secs(60), || false);
}

/// Command lines of all processes that have a file of `folder` in it or open, or stand in it.
fn processes_with(folder: &str) -> Vec<String> {
    let processes = fs::read_dir("/proc").expect("/proc").flatten();
    processes
        .filter(|process| process.file_name().to_string_lossy().parse::<u32>().is_ok())
        .filter_map(|process| {
            let told = |name: &str| fs::read(process.path().join(name)).unwrap_or_default();
            let command = String::from_utf8_lossy(&told("cmdline")).replace('\0', " ");
            let stands_in = fs::read_link(process.path().join("cwd")).is_ok_and(|cwd| cwd.starts_with(folder));
            let opens = fs::read_dir(process.path().join("fd")).is_ok_and(|open| {
                open.flatten().any(|file| fs::read_link(file.path()).is_ok_and(|target| target.starts_with(folder)))
            });
            let names = command.contains(folder) || String::from_utf8_lossy(&told("environ")).contains(folder);
            (names || stands_in || opens).then_some(command)
        })
        .collect()
}
