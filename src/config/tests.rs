//! What a broken configuration says to the admin.

use std::path::Path;

use super::*;

const WHOLE: &str = r#"
address = "support@shop.test"
[inbox]
kind = "imap"
host = "127.0.0.1"
tls = "none"
user = "support"
password = "secret"
[outbox]
kind = "maildir"
path = "out"
"#;

fn parse(text: &str) -> Result<Config, Vec<String>> {
    let source = SourceFile { name: "paytriage.toml".into(), text: text.into() };
    Config::parse(&source, Path::new("/base"), &|_| None)
        .map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

#[test]
fn a_fresh_configuration_only_observes() {
    let config = parse(WHOLE).expect("a whole configuration");
    assert!(config.modes.is_observing_all());
    assert_eq!(config.ledger, Path::new("/base/paytriage.db"));
}

#[test]
fn modes_can_differ_by_cause() {
    let text = format!("{WHOLE}\n[mode]\ndefault = \"observe\"\nnetwork-error = \"live\"\n");
    let config = parse(&text).expect("a whole configuration");
    assert_eq!(config.modes.of(Some("network-error")), Mode::Live);
    assert_eq!(config.modes.of(Some("insufficient-balance")), Mode::Observe);
    assert_eq!(config.modes.of(None), Mode::Observe);
    assert!(!config.modes.is_observing_all());
}

#[test]
fn every_problem_is_listed_with_its_line_and_the_way_out() {
    let text = "adress = \"a@b.example\"\nmode = \"life\"\n[inbox]\nkind = \"imap\"\nhost = \"mail.example\"\ntls = \"none\"\nuser = \"u\"\n[outbox]\nkind = \"smtp\"\nport = 70000\nuser = \"x\"\n[gate]\nmax_age = 3\n";
    let problems = parse(text).expect_err("a broken configuration");
    for wanted in [
        "paytriage.toml:1: `adress` is no known key\n    way out: did you mean `address`?",
        "paytriage.toml:2: `mode` has a value that does not fit\n    way out: give one of \"observe\", \"live\"",
        "paytriage.toml:3: `inbox.password` is missing",
        "paytriage.toml:6: without TLS the password would travel readable",
        "paytriage.toml:8: `outbox.host` is missing",
        "paytriage.toml:8: `outbox.password` is missing",
        "paytriage.toml:10: `outbox.port` has a value that does not fit\n    way out: give a whole number from 1 to 65535",
        "paytriage.toml:13: `gate.max_age` has a value that does not fit",
        "`address` is missing",
    ] {
        assert!(problems.iter().any(|problem| problem.contains(wanted)), "{wanted:?} is not in {problems:#?}");
    }
}

#[test]
fn broken_syntax_names_its_line() {
    let problems = parse("address = \"a@b.example\"\n[inbox\n").expect_err("no TOML");
    assert!(problems.iter().any(|problem| problem.starts_with("paytriage.toml:2: this is not TOML")), "{problems:?}");
}

#[test]
fn the_environment_gives_a_password() {
    let source = SourceFile { name: "p.toml".into(), text: WHOLE.replace("password = \"secret\"\n", "") };
    let env = |key: &str| (key == "PAYTRIAGE_INBOX_PASSWORD").then(|| "from-env".to_owned());
    let config = Config::parse(&source, Path::new("/base"), &env).expect("a whole configuration");
    let InboxKind::Imap(imap) = config.inbox.kind else { panic!("IMAP was asked for") };
    assert_eq!(secrecy::ExposeSecret::expose_secret(&imap.password), "from-env");
    assert!(!format!("{:?}", imap.password).contains("from-env"));
}

#[test]
fn a_folder_that_is_no_maildir_and_a_password_file_that_is_not_there_are_told_once() {
    let text = "address = \"a@b.example\"\n[inbox]\nkind = \"maildir\"\npath = \"nomail\"\n[outbox]\nkind = \"smtp\"\n\
        host = \"h.example\"\nuser = \"u\"\npassword_file = \"nofile\"\n";
    let problems = parse(text).expect_err("two problems");
    assert_eq!(problems.len(), 2, "{problems:#?}");
    assert!(problems.iter().any(|problem| problem.contains(":4: /base/nomail is no Maildir")));
    assert!(problems.iter().any(|problem| problem.contains(":9: nofile cannot be read")), "{problems:#?}");
}
