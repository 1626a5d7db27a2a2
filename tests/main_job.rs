//! The main job through a real Dovecot and a real Postfix, with the binary as its user runs it.

mod bot;
mod servers;

use bot::{Bot, Settings};
use servers::{Act, Kept, PostOffice, Relay, Stage, TEN_SECONDS, wait_for};

const CUSTOMER: &str = "customer@example.test";
const SUPPORT: &str = "support@shop.test";
const SUPPORT_2: &str = "support2@shop.test";

const NETWORK: &str = "Hello, when I try to pay it says: Network Error, Unable to Process Transaction. What can I do?";
const BALANCE: &str = "My payment failed. The bank says insufficient balance on my card. What now?";
const PAGES: &str = "I opened several payment pages. One payment went through and was deducted, the other pages still say payment failed.";
const UNSPECIFIED: &str = "Hi, my payment failed. Please help me.";
const REFUND: &str = "My payment failed twice and now I want my money back. Please refund me.";

fn mail(id: &str, subject: &str, body: &str) -> Vec<u8> {
    mail_from(CUSTOMER, id, subject, body)
}

fn mail_from(from: &str, id: &str, subject: &str, body: &str) -> Vec<u8> {
    format!(
        "From: Ada Lovelace <{from}>\r\nTo: {SUPPORT}\r\nSubject: {subject}\r\nMessage-ID: <{id}@example.test>\r\n\r\n{body}\r\n"
    )
    .into_bytes()
}

fn answers(post: &PostOffice, user: &str) -> Vec<Kept> {
    post.mailbox(user).mails("INBOX")
}

#[test]
fn each_cause_is_answered_with_its_steps_in_the_customers_mailbox() {
    let mut post = PostOffice::start();
    let customers: Vec<String> = (0..4).map(|n| format!("ada{n}@example.test")).collect();
    customers.iter().for_each(|customer| post.add_user(customer));
    let bot = Bot::start(&Settings::of(&post, SUPPORT));
    let steps = [
        (NETWORK, "network-error", "stable network"),
        (BALANCE, "insufficient-balance", "balance"),
        (PAGES, "multiple-payment-pages", "Close all"),
        (UNSPECIFIED, "unspecified", "automatic reply"),
    ];
    for (customer, (text, cause, _)) in customers.iter().zip(steps) {
        post.submit(customer, SUPPORT, &mail_from(customer, cause, "Problem", text));
    }
    let cases = bot.wait_for_cases(4);
    for (customer, (_, cause, words)) in customers.iter().zip(steps) {
        let case = cases.iter().find(|case| case.sender == *customer).expect("a case");
        assert_eq!((case.cause.as_str(), case.state.as_str()), (cause, "sent"), "{case:?}");
        wait_for("the answer", TEN_SECONDS, || answers(&post, customer).len() == 1);
        let answer = answers(&post, customer).remove(0);
        assert_eq!(answer.header("Auto-Submitted").as_deref(), Some("auto-replied"));
        assert!(answer.has_line(&format!("In-Reply-To: <{cause}@example.test>")), "{answer:?}");
        assert!(answer.has_line(&format!("References: <{cause}@example.test>")), "{answer:?}");
        assert_eq!(answer.subject(), "Re: Problem");
        assert!(answer.has_line("Return-Path: <>"), "{answer:?}");
        let text = answer.text();
        assert!(text.contains("Hello Ada Lovelace,") && text.contains(words), "{cause}: {text}");
    }
    let mut support = post.mailbox(SUPPORT);
    assert_eq!((support.count("INBOX"), support.count("Answered")), (0, 4));
    assert!(support.mails("Answered").iter().all(|mail| mail.has_flag("\\Answered")));
    drop(support);
    post.stop_dovecot();
    for secret in ["secret", "Ada Lovelace", "ada0@example.test", "Unable to Process"] {
        assert!(!bot.log().contains(secret), "the log holds {secret:?}");
    }
}

#[test]
fn an_escalation_lies_flagged_and_unread_and_an_out_of_office_gets_nothing() {
    let post = PostOffice::start();
    let bot = Bot::start(&Settings::of(&post, SUPPORT));
    post.submit(CUSTOMER, SUPPORT, &mail("refund", "Refund", REFUND));
    let absent = "From: customer2@example.test\r\nTo: support@shop.test\r\nSubject: Automatic reply: payment failed\r\n\
        Auto-Submitted: auto-replied\r\n\r\nI am out of the office. My payment failed due to a network error.\r\n";
    post.deliver(SUPPORT, absent.as_bytes());
    bot.wait_for_cases(2);
    let mut support = post.mailbox(SUPPORT);
    assert_eq!(support.count("INBOX"), 0);
    let kept = support.mails("Needs a person");
    assert_eq!(kept.iter().map(Kept::subject).collect::<Vec<_>>(), ["Refund"]);
    assert!(kept.iter().all(|mail| mail.is_unread() && mail.has_flag("\\Flagged")));
    assert_eq!(support.count("Ignored"), 1);
    assert_eq!(answers(&post, CUSTOMER).len() + answers(&post, "customer2@example.test").len(), 0);
}

#[test]
fn two_services_pointed_at_each_other_exchange_at_most_one_reply() {
    let post = PostOffice::start();
    // Without the null return path, so that they could really answer each other.
    let one = Bot::start(&Settings::of(&post, SUPPORT).with_own_bounces());
    let two = Bot::start(&Settings::of(&post, SUPPORT_2).with_own_bounces());
    post.submit(SUPPORT_2, SUPPORT, &mail_from(SUPPORT_2, "m1", "Payment", BALANCE));
    assert_eq!(one.wait_for_cases(1)[0].state, "sent");
    let seen = two.wait_for_cases(1);
    assert_eq!(seen[0].action, "ignore", "{seen:?}");
    // A mail that comes later proves that nothing else was on its way.
    post.submit(CUSTOMER, SUPPORT, &mail("m2", "Refund", REFUND));
    assert_eq!(one.wait_for_cases(2).len(), 2);
    assert_eq!((one.cases().len(), two.cases().len()), (2, 1));
}

#[test]
fn the_server_is_restarted_during_idle_and_the_next_mail_is_still_answered() {
    let mut post = PostOffice::start();
    let bot = Bot::start(&Settings::of(&post, SUPPORT));
    post.stop_dovecot();
    wait_for("the bot to notice", TEN_SECONDS, || bot.log().contains("the mailbox is not reachable"));
    post.start_dovecot();
    post.submit(CUSTOMER, SUPPORT, &mail("m1", "Payment", NETWORK));
    assert_eq!(bot.wait_for_cases(1)[0].state, "sent");
    wait_for("the answer", TEN_SECONDS, || answers(&post, CUSTOMER).len() == 1);
}

#[test]
fn killed_between_commit_and_filing_the_mail_is_answered_once() {
    let post = PostOffice::start();
    let relay = Relay::scripted([(Stage::Mail, Act::Answer("451 4.3.0 later"))]);
    let mut settings = Settings::with_relay(&post, SUPPORT, relay.port());
    settings.outbox = settings.outbox.replace("100ms", "1s");
    let mut bot = Bot::start(&settings);
    post.put(SUPPORT, &mail("m1", "Payment", NETWORK));
    wait_for("the first try", TEN_SECONDS, || relay.is_played());
    // From now on nothing can be filed, while the answer can still be sent.
    post.freeze_imap_sessions();
    relay.wait_for_mails(1);
    wait_for("the ledger to know", TEN_SECONDS, || bot.cases().first().is_some_and(|case| case.state == "sent"));
    bot.kill();
    post.thaw_imap_sessions();
    assert_eq!(bot.cases().iter().filter(|case| case.filed).count(), 0, "it was killed before filing");
    bot.run();
    bot.wait_for_cases(1);
    let mut support = post.mailbox(SUPPORT);
    assert_eq!((support.count("INBOX"), support.count("Answered")), (0, 1));
    assert_eq!(relay.taken().len(), 1);
}

#[test]
fn killed_while_the_relay_holds_its_answer_back_the_mail_goes_to_a_person_and_is_not_sent_again() {
    let post = PostOffice::start();
    let relay = Relay::scripted([(Stage::End, Act::Silence)]);
    let mut bot = Bot::start(&Settings::with_relay(&post, SUPPORT, relay.port()));
    post.put(SUPPORT, &mail("m1", "Payment", NETWORK));
    relay.wait_for_mails(1);
    bot.kill();
    bot.run();
    let cases = bot.wait_for_cases(1);
    assert_eq!((cases[0].state.as_str(), cases[0].reason.as_str()), ("escalated", "delivery-unknown"));
    assert_eq!(post.mailbox(SUPPORT).count("Needs a person"), 1);
    assert_eq!(relay.taken().len(), 1);
}

#[test]
fn a_thousand_old_mails_at_the_first_connect_cause_no_reply() {
    let post = PostOffice::start();
    post.put_many(SUPPORT, (0..1_000).map(|n| mail(&format!("old{n}"), "Payment failed", NETWORK)));
    let bot = Bot::start(&Settings::of(&post, SUPPORT));
    post.add_user("new@example.test");
    post.submit("new@example.test", SUPPORT, &mail_from("new@example.test", "m1", "Payment", NETWORK));
    assert_eq!(bot.wait_for_cases(1)[0].sender, "new@example.test");
    assert_eq!(bot.cases().len(), 1_001);
    let mut support = post.mailbox(SUPPORT);
    assert_eq!((support.count("INBOX"), support.count("Answered")), (1_000, 1));
    assert!(support.mails("INBOX").iter().all(Kept::is_unread));
    assert_eq!(answers(&post, CUSTOMER).len(), 0);
}

#[test]
fn at_the_first_connect_old_mail_goes_to_a_person_where_the_admin_wants_it() {
    let post = PostOffice::start();
    post.put_many(SUPPORT, (0..3).map(|n| mail(&format!("old{n}"), "Payment failed", NETWORK)));
    let mut settings = Settings::of(&post, SUPPORT);
    settings.inbox.push_str("first_run = \"escalate\"\n");
    let bot = Bot::start(&settings);
    wait_for("the old mail to be filed", TEN_SECONDS, || post.mailbox(SUPPORT).count("Needs a person") == 3);
    assert!(bot.cases().iter().all(|case| case.state == "escalated"));
    assert_eq!(answers(&post, CUSTOMER).len(), 0);
}

#[test]
fn mail_delivered_while_the_service_was_down_is_answered_at_start() {
    let post = PostOffice::start();
    let mut bot = Bot::start(&Settings::of(&post, SUPPORT));
    assert!(bot.terminate(TEN_SECONDS).success());
    post.put(SUPPORT, &mail("m1", "Payment", NETWORK));
    bot.run();
    assert_eq!(bot.wait_for_cases(1)[0].state, "sent");
    wait_for("the answer", TEN_SECONDS, || answers(&post, CUSTOMER).len() == 1);
}

#[test]
fn a_relay_that_says_451_twice_gets_the_mail_once_and_550_goes_to_a_person() {
    let post = PostOffice::start();
    let later = (Stage::Rcpt, Act::Answer("451 4.3.0 later"));
    let relay = Relay::scripted([later, later]);
    let bot = Bot::start(&Settings::with_relay(&post, SUPPORT, relay.port()));
    post.put(SUPPORT, &mail("m1", "Payment", NETWORK));
    assert_eq!(bot.wait_for_cases(1)[0].state, "sent");
    assert_eq!(relay.accepted().len(), 1);
    relay.then(Stage::Rcpt, Act::Answer("550 5.1.1 no such user"));
    let other = "customer2@example.test";
    post.put(SUPPORT, &mail_from(other, "m2", "Payment", BALANCE));
    let refused = bot.wait_for_cases(2).remove(1);
    assert_eq!((refused.state.as_str(), refused.reason.as_str()), ("escalated", "delivery-failed"));
    assert_eq!(relay.taken().len(), 1);
    let mut support = post.mailbox(SUPPORT);
    assert_eq!((support.count("Answered"), support.count("Needs a person")), (1, 1));
}

#[test]
fn a_second_mail_in_the_thread_goes_to_a_person() {
    let post = PostOffice::start();
    let bot = Bot::start(&Settings::of(&post, SUPPORT));
    post.submit(CUSTOMER, SUPPORT, &mail("m1", "Payment", NETWORK));
    bot.wait_for_cases(1);
    wait_for("the answer", TEN_SECONDS, || answers(&post, CUSTOMER).len() == 1);
    let answer = answers(&post, CUSTOMER).remove(0);
    let id = answer.header("Message-ID").expect("an id");
    let text = format!(
        "From: {CUSTOMER}\r\nTo: {SUPPORT}\r\nSubject: Re: Payment\r\nIn-Reply-To: {id}\r\n\r\nStill a network error.\r\n"
    );
    post.submit(CUSTOMER, SUPPORT, text.as_bytes());
    assert_eq!(bot.wait_for_cases(2)[1].reason, "answers-our-mail");
    assert_eq!(answers(&post, CUSTOMER).len(), 1);
}

#[test]
fn an_answer_that_bounces_goes_to_a_person_and_the_address_rests() {
    let post = PostOffice::start();
    let bot = Bot::start(&Settings::of(&post, SUPPORT).with_own_bounces());
    let gone = "gone@example.test";
    post.put(SUPPORT, &mail_from(gone, "m1", "Payment", NETWORK));
    let cases = bot.wait_for_cases(2);
    assert!(cases.iter().all(|case| case.reason == "delivery-failed" && case.state == "escalated"), "{cases:?}");
    post.put(SUPPORT, &mail_from(gone, "m2", "Balance", BALANCE));
    let reason = bot.wait_for_cases(3).remove(2).reason;
    assert_eq!(reason, "do-not-answer");
}

#[test]
fn in_observe_mode_nothing_is_sent_and_nothing_is_touched() {
    let post = PostOffice::start();
    let mut settings = Settings::of(&post, SUPPORT);
    settings.head = String::new();
    let bot = Bot::start(&settings);
    post.submit(CUSTOMER, SUPPORT, &mail("m1", "Payment", NETWORK));
    post.submit(CUSTOMER, SUPPORT, &mail("m2", "Refund", REFUND));
    wait_for("both cases", TEN_SECONDS, || bot.cases().len() == 2);
    assert!(bot.cases().iter().all(|case| case.state == "observed"));
    let mut support = post.mailbox(SUPPORT);
    assert_eq!(support.folders(), ["INBOX"]);
    assert!(support.mails("INBOX").iter().all(Kept::is_unread));
    assert_eq!(answers(&post, CUSTOMER).len(), 0);
}

#[test]
fn an_unreadable_mail_goes_to_a_person_and_the_next_one_is_handled() {
    let post = PostOffice::start();
    let bot = Bot::start(&Settings::of(&post, SUPPORT));
    let mut noise =
        b"From: customer2@example.test\r\nTo: support@shop.test\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
            .to_vec();
    noise.extend((0..=255u8).filter(|byte| *byte != b'\r' && *byte != b'\n' && *byte != 0).cycle().take(900));
    noise.extend_from_slice(b"\r\n");
    post.put(SUPPORT, &noise);
    post.put(SUPPORT, &mail("m1", "Payment", NETWORK));
    let cases = bot.wait_for_cases(2);
    assert_eq!((cases[0].action.as_str(), cases[1].state.as_str()), ("escalate", "sent"));
}

#[test]
fn a_mail_over_the_size_limit_is_escalated_by_its_headers() {
    let post = PostOffice::start();
    let mut settings = Settings::of(&post, SUPPORT);
    settings.inbox.push_str("max_size = \"20kB\"\n");
    let bot = Bot::start(&settings);
    post.put(SUPPORT, &mail("m1", "Payment", &format!("{NETWORK}\r\n{}", "word word word\r\n".repeat(3_000))));
    assert_eq!(bot.wait_for_cases(1)[0].reason, "too-large");
}

#[test]
fn starttls_works_in_both_directions() {
    let post = PostOffice::start();
    let mut settings = Settings::of(&post, SUPPORT);
    let port = |ours: u16, theirs: u16| (format!("port = {ours}\n"), format!("port = {theirs}\ntls = \"starttls\"\n"));
    let (from, to) = port(post.imaps_port, post.imap_port);
    settings.inbox = settings.inbox.replace(&from, &to);
    let (from, to) = port(post.submissions_port, post.submission_port);
    settings.outbox = settings.outbox.replace(&from, &to);
    let bot = Bot::start(&settings);
    post.submit(CUSTOMER, SUPPORT, &mail("m1", "Payment", NETWORK));
    assert_eq!(bot.wait_for_cases(1)[0].state, "sent");
    wait_for("the answer", TEN_SECONDS, || answers(&post, CUSTOMER).len() == 1);
}

#[test]
fn past_the_cap_the_bot_pauses_itself_beyond_a_restart_until_a_person_resumes_it() {
    let post = PostOffice::start();
    let customers: Vec<String> = (0..4).map(|n| format!("ada@shop{n}.test")).collect();
    let mut settings = Settings::of(&post, SUPPORT);
    settings.outbox = "kind = \"maildir\"\npath = \"out\"\n[caps]\ntotal = 1\n".into();
    let mut bot = Bot::start(&settings);
    let texts = [NETWORK, BALANCE, UNSPECIFIED, PAGES];
    let put = |n: usize| post.put(SUPPORT, &mail_from(&customers[n], &format!("m{n}"), "Payment", texts[n]));
    put(0);
    put(1);
    assert_eq!(bot.wait_for_cases(2).iter().map(|case| case.reason.as_str()).collect::<Vec<_>>(), ["", "cap-total"]);
    bot.kill();
    bot.run();
    put(2);
    assert_eq!(bot.wait_for_cases(3)[2].reason, "paused");
    assert!(bot.log().contains("the bot has paused itself"));
    settings.outbox = settings.outbox.replace("total = 1", "total = 9");
    bot.kill();
    bot.configure(&settings);
    assert!(bot.resume().success());
    bot.run();
    put(3);
    assert_eq!(bot.wait_for_cases(4)[3].state, "sent");
}

#[test]
fn a_second_service_on_the_same_ledger_is_refused() {
    let post = PostOffice::start();
    let bot = Bot::start(&Settings::of(&post, SUPPORT));
    let second = bot.run_to_the_end();
    assert!(!second.status.success());
    assert!(String::from_utf8_lossy(&second.stderr).contains("another paytriage is running"), "{second:?}");
}
