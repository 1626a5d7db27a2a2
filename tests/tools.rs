//! The tools and their refusals, with the binary as an admin runs it.

#![expect(clippy::disallowed_methods, reason = "writes files for the binary and reads what it wrote")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use paytriage::ledger::Ledger;
use serde_json::Value;

fn paytriage(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_paytriage")).args(args).stdin(Stdio::null()).output().expect("the binary")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        let target = to.join(entry.file_name().expect("a name"));
        if entry.is_dir() {
            copy(&entry, &target);
        } else {
            fs::copy(&entry, &target).expect("a copy");
        }
    }
}

#[test]
fn the_demo_decides_all_samples_as_a_support_agent_would() {
    let dir = tempfile::tempdir().expect("a folder");
    let place = dir.path().join("demo");
    let output = paytriage(&["demo", "--once", "--dir", &place.display().to_string()]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let table = text(&output.stdout);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let cases = runtime.block_on(async {
        let ledger = Ledger::open(&place.join("ledger.db")).await.expect("the ledger");
        ledger.cases(0).await.expect("cases")
    });
    let expected = fs::read_to_string(root().join("samples/expected.toml")).expect("expectations");
    let expected: toml::Table = expected.parse().expect("TOML");
    assert_eq!((cases.len(), expected.len()), (24, 24));
    for case in &cases {
        let (_, wanted) =
            expected.iter().find(|(name, _)| case.mail_id.ends_with(name.as_str())).expect("an expectation");
        let got = if case.action == "reply" { &case.cause } else { &case.action };
        assert_eq!(Some(got.as_str()), wanted.as_str(), "{case:?}");
        assert!(table.contains(case.subject.chars().take(20).collect::<String>().as_str()), "{table}");
    }
    let answers = fs::read_dir(place.join("outbox/new")).expect("the outbox").count();
    assert_eq!(answers, cases.iter().filter(|case| case.state == "sent").count());
}

#[test]
fn classify_gives_one_object_a_line_in_the_order_of_the_paths() {
    let samples = root().join("samples").display().to_string();
    let output = paytriage(&["classify", "--json", &samples]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let lines: Vec<Value> =
        text(&output.stdout).lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
    assert_eq!(lines.len(), 24);
    let files: Vec<&str> = lines.iter().filter_map(|line| line["file"].as_str()).collect();
    assert!(files.is_sorted());
    for line in &lines {
        for key in ["file", "action", "cause", "reason", "language", "scores", "evidence"] {
            assert!(line.get(key).is_some(), "{key} is missing in {line}");
        }
        assert_eq!(line["action"] == "reply", line["cause"].is_string(), "{line}");
    }
    let evidence = lines.iter().flat_map(|line| line["evidence"].as_array().expect("a list")).next().expect("a hit");
    for key in ["pattern", "cause", "field", "text", "weight"] {
        assert!(evidence.get(key).is_some(), "{key} is missing in {evidence}");
    }
}

#[test]
fn classify_reads_standard_input_and_says_what_it_cannot_read() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_paytriage"))
        .args(["classify", "--json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the binary");
    let mail = b"From: a@b.example\r\nSubject: hi\r\n\r\nMy payment failed, please help.\r\n";
    child.stdin.take().expect("a pipe").write_all(mail).expect("written");
    let output = child.wait_with_output().expect("an end");
    assert!(text(&output.stdout).contains("\"unspecified\""), "{}", text(&output.stdout));
    let missing = paytriage(&["classify", "no-such-file.eml"]);
    assert!(!missing.status.success() && text(&missing.stderr).contains("no-such-file.eml"));
}

#[test]
fn a_broken_configuration_is_refused_with_every_problem_and_nothing_is_connected() {
    let dir = tempfile::tempdir().expect("a folder");
    copy(&root().join("patterns"), &dir.path().join("patterns"));
    copy(&root().join("templates"), &dir.path().join("templates"));
    let broken = |name: &str, more: &str| {
        let path = dir.path().join(name);
        let text = fs::read_to_string(&path).expect("a file");
        let line = text.lines().count() + 1;
        fs::write(&path, format!("{text}{}{more}\n", if text.ends_with('\n') { "" } else { "\n" })).expect("written");
        line
    };
    let pattern_line = broken("patterns/refund.toml", "[[pattern]]\nid = \"x\"\nen = [\"broken (phrase\"]") + 2;
    let template_line = broken("templates/en/network-error.hbs", "{{nobody}}");
    let config = dir.path().join("paytriage.toml");
    let text_of = "address = \"a@b.example\"\npatterns = \"patterns\"\ntemplates = \"templates\"\n[inbox]\nkind = \"imap\"\n\
        host = \"127.0.0.1\"\nport = 1\ntls = \"none\"\nuser = \"u\"\nspeed = 9\n[outbox]\nkind = \"maildir\"\npath = \"out\"\n";
    fs::write(&config, text_of).expect("written");
    for command in ["run", "check"] {
        let output = paytriage(&[command, "--config", &config.display().to_string()]);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        for wanted in
            ["paytriage.toml:10: `inbox.speed` is no known key", "paytriage.toml:4: `inbox.password` is missing"]
        {
            assert!(said.contains(wanted), "{wanted:?} is not in {said}");
        }
        assert!(said.contains("way out:"), "{said}");
    }
    // With the configuration mended, the problems of the two folders show.
    fs::write(&config, text_of.replace("speed = 9", "password = \"p\"")).expect("written");
    let said = text(&paytriage(&["run", "--config", &config.display().to_string()]).stderr);
    assert!(said.contains(&format!("refund.toml:{pattern_line}:")), "{said}");
    assert!(said.contains(&format!("network-error.hbs:{template_line}: `nobody`")), "{said}");
    assert!(!dir.path().join("paytriage.db").exists(), "nothing was started");
}

#[test]
fn a_new_cause_needs_two_files_and_no_rust() {
    let dir = tempfile::tempdir().expect("a folder");
    let (patterns, templates) = (dir.path().join("patterns"), dir.path().join("templates"));
    copy(&root().join("patterns"), &patterns);
    copy(&root().join("templates"), &templates);
    let pattern = "title = \"The moon is in the way\"\naction = \"reply\"\n[[pattern]]\nid = \"moon\"\nweight = 3\n\
        en = [\"moon eclipse\"]\n[[test]]\nbody = \"There was a moon eclipse.\"\nexpect = \"moon-in-the-way\"\n\
        [[test]]\nbody = \"The moon is nice.\"\nexpect = \"no-match\"\n";
    fs::write(patterns.join("moon-in-the-way.toml"), pattern).expect("written");
    fs::write(templates.join("en/moon-in-the-way.hbs"), "{{> greeting}}\nWait an hour.\n{{> footer}}\n")
        .expect("written");
    let folders = ["--patterns", &patterns.display().to_string(), "--templates", &templates.display().to_string()];
    let check = paytriage(&[&["check"], &folders[..]].concat());
    assert!(check.status.success(), "{}", text(&check.stderr));
    let mail = dir.path().join("mail.eml");
    fs::write(&mail, "From: a@b.example\r\nSubject: hm\r\n\r\nWe had a moon eclipse here.\r\n").expect("written");
    let output = paytriage(&[&["classify", "--json"], &folders[..], &[&mail.display().to_string()]].concat());
    assert!(text(&output.stdout).contains("\"cause\":\"moon-in-the-way\""), "{}", text(&output.stdout));
}

#[test]
fn backtest_measures_the_corpus_and_shows_what_another_set_would_change() {
    let corpus = root().join("tests/corpus/english.jsonl").display().to_string();
    let output = paytriage(&["backtest", "--json", &corpus]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let whole: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(whole["all"]["mails"], 160);
    assert_eq!(whole["all"]["precision"], 1.0, "{}", whole["wrong_replies"]);
    assert_eq!(whole["wrongly_ignored"].as_array().map(Vec::len), Some(0), "{}", whole["wrongly_ignored"]);
    assert!(whole["all"]["coverage"].as_f64().is_some_and(|coverage| coverage > 0.9), "{}", whole["missed"]);

    let dir = tempfile::tempdir().expect("a folder");
    let other = dir.path().join("patterns");
    copy(&root().join("patterns"), &other);
    let refund = other.join("refund.toml");
    let without = fs::read_to_string(&refund).expect("a file").replace("action = \"escalate\"", "action = \"ignore\"");
    fs::write(&refund, without).expect("written");
    let output = paytriage(&["backtest", "--against", &other.display().to_string(), &corpus]);
    let said = text(&output.stdout);
    assert!(said.contains("escalate -> ignore") && said.contains("mails would change"), "{said}");
}

#[test]
fn the_shipped_set_has_no_problem_and_a_pattern_without_a_test_is_one() {
    let output = paytriage(&["check"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let dir = tempfile::tempdir().expect("a folder");
    copy(&root().join("patterns"), dir.path());
    let refund = dir.path().join("refund.toml");
    let more = "\n[[pattern]]\nid = \"nobody-says-so\"\nen = [\"xyzzy plugh\"]\n";
    fs::write(&refund, fs::read_to_string(&refund).expect("a file") + more).expect("written");
    let output = paytriage(&["check", "--patterns", &dir.path().display().to_string()]);
    let said = text(&output.stderr);
    assert!(
        !output.status.success() && said.contains("no test of this file hits the pattern `nobody-says-so`"),
        "{said}"
    );
}

#[test]
fn explain_shows_text_hits_gates_decision_and_the_reply() {
    let sample = root().join("samples/07-spinner-on-the-phone.eml").display().to_string();
    let output = paytriage(&["explain", &sample]);
    let said = text(&output.stdout);
    assert!(output.status.success(), "{}", text(&output.stderr));
    for wanted in [
        "THE TEXT AS SEEN (language: en)",
        "CUT AWAY AS SIGNATURE\n  Sent from my iPhone",
        "network-error.toml:",
        "passed was not written by a machine",
        "answer with the steps of network-error",
        "Auto-Submitted: auto-replied",
        "Hello dee,",
    ] {
        assert!(said.contains(wanted), "{wanted:?} is not in {said}");
    }
}

#[test]
fn the_tests_beside_the_patterns_run_by_themselves() {
    let output = paytriage(&["test"]);
    assert!(output.status.success(), "{}", text(&output.stdout));
    assert!(text(&output.stdout).trim_end().ends_with("0 failed"));
}

#[test]
fn learn_refuses_labels_that_nobody_knows_and_mails_that_are_too_few() {
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("keywords.tsv");
    let learn = |label: &str| {
        let folder = dir.path().join(format!("mails-{label}")).join(label);
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join("a.eml"), "Subject: a\n\nnetwork error\n").expect("a mail");
        let parent = folder.parent().expect("a parent").display().to_string();
        paytriage(&["learn", "--out", &out.display().to_string(), &parent])
    };
    for (label, wanted) in [
        ("network-eror", "a.eml: `network-eror` is no outcome; known are"),
        ("network-error", "no language has 60 labelled mails here: give the shipped ones too"),
    ] {
        let told = learn(label);
        assert!(!told.status.success());
        assert!(text(&told.stderr).contains(wanted), "{}", text(&told.stderr));
        assert!(!out.exists(), "nothing is written over a good table");
    }
}

#[test]
fn labelled_mails_teach_a_table_that_explain_shows() {
    let dir = tempfile::tempdir().expect("a folder");
    let patterns = dir.path().join("patterns");
    copy(&root().join("patterns"), &patterns);
    let table = patterns.join("keywords.tsv").display().to_string();
    let mails = root().join("tests/corpus/more/en-a.jsonl").display().to_string();
    let told = paytriage(&["learn", "--patterns", &patterns.display().to_string(), "--out", &table, &mails]);
    assert!(told.status.success(), "{}", text(&told.stderr));
    assert!(text(&told.stdout).contains("learned from 220 mails in en"), "{}", text(&told.stdout));
    let head = fs::read_to_string(&table).expect("the table");
    assert!(head.lines().any(|line| line == "languages\ten"));
    let explained = paytriage(&[
        "explain",
        "--patterns",
        &patterns.display().to_string(),
        &root().join("samples/01-network-error-on-upgrade.eml").display().to_string(),
    ]);
    assert!(text(&explained.stdout).contains("by the keywords: "), "{}", text(&explained.stdout));
}
