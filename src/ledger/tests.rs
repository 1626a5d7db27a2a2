//! What the ledger promises, against a real file.

use super::*;
use crate::mail::{Address, Mail, MailId, Text};
use crate::reply::Outgoing;
use crate::triage::{Gate, Reason, Score, Verdict};

const NOW: i64 = 1_800_000_000_000;

async fn fresh() -> (tempfile::TempDir, Ledger) {
    let dir = tempfile::tempdir().expect("a folder");
    let ledger = Ledger::open(&dir.path().join("ledger.db")).await.expect("a ledger");
    (dir, ledger)
}

fn imap(uid: u32) -> MailId {
    MailId::Imap { uid_validity: 7, uid }
}

fn mail(n: u32) -> Mail {
    Mail {
        from: vec![Address { name: String::new(), email: "ada@c.example".into() }],
        message_id: Some(format!("m{n}@c.example")),
        text: Text { shown: "cannot pay\nhelp".into(), subject_len: 10 },
        subject: "cannot pay".into(),
        ..Mail::default()
    }
}

fn facts(n: u8) -> Facts {
    Facts { content_hash: vec![n], text_hash: vec![n], subject_key: "cannot pay".into() }
}

fn outgoing(n: u32) -> Outgoing {
    Outgoing {
        to: "ada@c.example".into(),
        envelope_sender: String::new(),
        message_id: format!("paytriage.{n}@shop.test"),
        bytes: b"x".to_vec(),
        template_version: "v".into(),
    }
}

/// Records a mail that is to be answered.
async fn answer(ledger: &Ledger, n: u8) -> CaseId {
    answer_with(ledger, n, &Verdict::default(), &[]).await
}

async fn answer_with(ledger: &Ledger, n: u8, verdict: &Verdict, gates: &[Gate]) -> CaseId {
    let mut batch = ledger.begin().await.expect("a batch");
    let (id, mail, facts) = (imap(n.into()), mail(n.into()), facts(n));
    let known = batch.history(&id, &mail, &facts, 0, false, NOW).await.expect("history");
    let case = NewCase {
        id: &id,
        mail: &mail,
        facts: &facts,
        arrived_at: NOW,
        decided_at: NOW,
        conversation: known.conversation,
        duplicate_of: known.duplicate_of,
        action: "reply",
        cause: "network-error",
        reason: "",
        sentence: "",
        state: "queued",
        to_file: true,
        verdict,
        gates,
        pattern_set: "p",
    };
    let id = batch.record(&case, Some(&outgoing(n.into()))).await.expect("recorded").expect("a new case");
    batch.commit().await.expect("committed");
    id
}

async fn history(ledger: &Ledger, mail: &Mail, n: u8) -> crate::triage::History {
    let mut batch = ledger.begin().await.expect("a batch");
    batch.history(&imap(99), mail, &facts(n), 0, false, NOW + 1).await.expect("history").history
}

#[tokio::test]
async fn what_lay_there_at_the_first_connect_is_known_ever_after() {
    let (_dir, ledger) = fresh().await;
    let first = ledger.mailbox("m", 7, NOW).await.expect("mailbox");
    assert!(first.is_first);
    // A crash before the baseline is recorded leaves the first connect a first one.
    assert!(ledger.mailbox("m", 7, NOW + 1).await.expect("mailbox").is_first);
    ledger.record_baseline("m", 7, &[imap(1), imap(2)], false, NOW).await.expect("baseline");
    assert_eq!(ledger.unknown(&[imap(1), imap(2), imap(3)]).await.expect("unknown"), [imap(3)]);
    let second = ledger.mailbox("m", 7, NOW + 9).await.expect("mailbox");
    assert_eq!(second, Mailbox { first_connected_at: NOW, is_first: false, is_renumbered: false });
    assert!(ledger.mailbox("m", 8, NOW + 9).await.expect("mailbox").is_renumbered);
    assert!(ledger.unfiled(10).await.expect("unfiled").is_empty());
}

#[tokio::test]
async fn a_reply_is_claimed_once_and_settled() {
    let (_dir, ledger) = fresh().await;
    let case = answer(&ledger, 1).await;
    let due = ledger.claim_due(NOW, 10).await.expect("due");
    assert_eq!(due.iter().map(|due| due.case).collect::<Vec<_>>(), [case]);
    assert!(ledger.claim_due(NOW, 10).await.expect("due").is_empty(), "it is being sent already");
    assert!(ledger.unfiled(10).await.expect("unfiled").is_empty(), "it is not at its end");
    let again = Outcome::Again { at: NOW + 500, answer: "451 later".into() };
    ledger.settle(&[(case, again)], NOW).await.expect("settled");
    assert!(ledger.claim_due(NOW + 499, 10).await.expect("due").is_empty());
    assert_eq!(ledger.next_due_at().await.expect("next"), Some(NOW + 500));
    let due = ledger.claim_due(NOW + 500, 10).await.expect("due");
    assert_eq!(due.first().map(|due| due.attempts), Some(1));
    ledger.settle(&[(case, Outcome::Sent { answer: "250".into() })], NOW + 501).await.expect("settled");
    assert_eq!(ledger.next_due_at().await.expect("next"), None);
    let unfiled = ledger.unfiled(10).await.expect("unfiled");
    assert_eq!(unfiled.iter().map(|one| one.place).collect::<Vec<_>>(), [Place::Answered]);
    ledger.mark_filed(&[case]).await.expect("filed");
    assert!(ledger.unfiled(10).await.expect("unfiled").is_empty());
}

#[tokio::test]
async fn a_reply_left_in_sending_by_a_crash_is_a_persons_and_never_sent_again() {
    let (dir, ledger) = fresh().await;
    let case = answer(&ledger, 1).await;
    assert_eq!(ledger.claim_due(NOW, 10).await.expect("due").len(), 1);
    ledger.close().await;
    let ledger = Ledger::open(&dir.path().join("ledger.db")).await.expect("a ledger");
    assert_eq!(ledger.recover_sending().await.expect("recovered"), 1);
    assert!(ledger.claim_due(NOW + 1_000_000, 10).await.expect("due").is_empty());
    let row = ledger.cases(case - 1).await.expect("cases").remove(0);
    assert_eq!((row.state.as_str(), row.reason.as_str()), ("escalated", "delivery-unknown"));
    let place = ledger.unfiled(10).await.expect("unfiled").first().map(|one| one.place);
    assert_eq!(place, Some(Place::NeedsAPerson));
}

#[tokio::test]
async fn a_conversation_is_found_by_ids_and_by_subject() {
    let (_dir, ledger) = fresh().await;
    answer(&ledger, 1).await;
    let follow_up = Mail { references: vec!["m1@c.example".into()], ..mail(2) };
    let by_id = history(&ledger, &follow_up, 2).await;
    assert!(by_id.conversation_answered && !by_id.answers_our_reply);
    let answer_to_us = Mail { in_reply_to: vec!["paytriage.1@shop.test".into()], ..mail(2) };
    assert!(history(&ledger, &answer_to_us, 2).await.answers_our_reply);
    let by_subject = Mail { subject: "Re: cannot pay".into(), ..mail(2) };
    assert!(history(&ledger, &by_subject, 2).await.conversation_answered);
    let unrelated = history(&ledger, &mail(2), 2).await;
    assert!(!unrelated.conversation_answered && !unrelated.is_duplicate);
    assert_eq!(unrelated.sender_replies, ["network-error"]);
    assert_eq!((unrelated.domain_replies, unrelated.text_replies, unrelated.total_replies), (1, 0, 1));
    assert!(history(&ledger, &mail(1), 1).await.is_duplicate);
}

#[tokio::test]
async fn a_bounce_gives_the_case_to_a_person_and_lets_the_address_rest() {
    let (_dir, ledger) = fresh().await;
    let case = answer(&ledger, 1).await;
    ledger.claim_due(NOW, 10).await.expect("due");
    ledger.settle(&[(case, Outcome::Sent { answer: "250".into() })], NOW).await.expect("settled");
    let mut batch = ledger.begin().await.expect("a batch");
    let reason = Reason::DeliveryFailed;
    batch.bounced("paytriage.1@shop.test", reason.id(), &reason.sentence(), NOW + 50).await.expect("noted");
    batch.commit().await.expect("committed");
    let row = ledger.cases(0).await.expect("cases").remove(0);
    assert_eq!((row.state.as_str(), row.reason.as_str()), ("escalated", "delivery-failed"));
    assert!(history(&ledger, &mail(5), 5).await.address_rests);
}

#[tokio::test]
async fn the_same_bytes_under_a_new_uidvalidity_keep_their_case() {
    let (_dir, ledger) = fresh().await;
    answer(&ledger, 1).await;
    let moved = MailId::Imap { uid_validity: 8, uid: 1 };
    let mut batch = ledger.begin().await.expect("a batch");
    assert!(batch.relink(&facts(1), &moved).await.expect("relinked"));
    assert!(!batch.relink(&facts(2), &moved).await.expect("nothing to relink"));
    batch.commit().await.expect("committed");
    assert!(ledger.unknown(&[moved]).await.expect("unknown").is_empty());
}

#[tokio::test]
async fn a_batch_that_is_not_committed_leaves_nothing() {
    let (_dir, ledger) = fresh().await;
    let mut batch = ledger.begin().await.expect("a batch");
    batch.pause("test", NOW).await.expect("paused");
    drop(batch);
    assert_eq!(ledger.paused().await.expect("paused"), None);
}

#[tokio::test]
async fn a_ledger_of_a_newer_version_is_refused() {
    let (dir, ledger) = fresh().await;
    sqlx::query("INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (999, 'later', 1, x'00', 0)")
        .execute(&ledger.writer)
        .await
        .expect("a row");
    ledger.close().await;
    let error = Ledger::open(&dir.path().join("ledger.db")).await.expect_err("a newer ledger");
    assert!(error.to_string().contains("newer version"), "{error}");
}

#[tokio::test]
async fn a_decision_can_be_explained_from_the_ledger() {
    let (_dir, ledger) = fresh().await;
    let score = Score { cause: "network-error".into(), points: 4, threshold: 3 };
    let verdict = Verdict { scores: vec![score], ..Verdict::default() };
    let gates = [Gate { name: "is not our own mail".into(), passed: true }];
    let case = answer_with(&ledger, 1, &verdict, &gates).await;
    let (kept, kept_gates, patterns, template): (String, String, String, String) =
        sqlx::query_as("SELECT verdict, gates, pattern_set, template_version FROM cases WHERE id = ?1")
            .bind(case)
            .fetch_one(&ledger.reader)
            .await
            .expect("the case");
    assert_eq!(serde_json::from_str::<Verdict>(&kept).expect("a verdict"), verdict);
    assert_eq!(serde_json::from_str::<Vec<Gate>>(&kept_gates).expect("gates"), gates);
    assert_eq!((patterns.as_str(), template.as_str()), ("p", "v"));
}
