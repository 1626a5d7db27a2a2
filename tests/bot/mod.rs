//! The service as its user runs it: the real binary, a configuration file, signals. It looks into the ledger only
//! to know when something has come to its end.

#![allow(dead_code, reason = "each test binary uses only the part that it needs")]
#![expect(clippy::disallowed_methods, reason = "writes the configuration and waits by the clock")]

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::Duration;

use paytriage::ledger::{CaseRow, Ledger};
use tempfile::TempDir;

use crate::servers::{PASSWORD, PostOffice, TEN_SECONDS, wait_for, wait_for_some};

/// How the bot reaches its servers, and what else stands in its configuration.
pub struct Settings {
    pub address: &'static str,
    pub inbox: String,
    pub outbox: String,
    /// Lines before the first section.
    pub head: String,
}

impl Settings {
    /// IMAP over TLS, submission over TLS, everything live.
    pub fn of(post: &PostOffice, address: &'static str) -> Self {
        let ca = post.ca_file().display().to_string();
        Self {
            address,
            inbox: format!(
                "kind = \"imap\"\nhost = \"localhost\"\nport = {}\nuser = \"{address}\"\npassword = \"{PASSWORD}\"\n\
                 ca_file = \"{ca}\"\npoll_every = \"2s\"\ntimeout = \"5s\"\n",
                post.imaps_port
            ),
            outbox: format!(
                "kind = \"smtp\"\nhost = \"localhost\"\nport = {}\nuser = \"{address}\"\npassword = \"{PASSWORD}\"\n\
                 ca_file = \"{ca}\"\nretry_after = \"100ms\"\n",
                post.submissions_port
            ),
            head: "mode = \"live\"\n".into(),
        }
    }

    /// The same with a relay on loopback in place of Postfix.
    pub fn with_relay(post: &PostOffice, address: &'static str, port: u16) -> Self {
        let outbox = format!(
            "kind = \"smtp\"\nhost = \"127.0.0.1\"\nport = {port}\ntls = \"none\"\nretry_after = \"100ms\"\nconnections = 1\n"
        );
        Self { outbox, ..Self::of(post, address) }
    }
}

impl Settings {
    /// Answers leave with the support address as envelope sender, so that bounces come back to it.
    pub fn with_own_bounces(mut self) -> Self {
        self.head.push_str(&format!("envelope_sender = \"{}\"\n", self.address));
        self
    }
}

/// A bot that may be stopped, killed and started again on the same ledger.
pub struct Bot {
    folder: TempDir,
    child: Option<Child>,
}

impl Bot {
    /// Writes the configuration and starts nothing.
    pub fn new(settings: &Settings) -> Self {
        let folder = tempfile::Builder::new().prefix("bot-").tempdir().expect("temporary folder");
        let bot = Self { folder, child: None };
        bot.configure(settings);
        bot
    }

    /// Starts, and waits until what lies in the mailbox is known.
    pub fn start(settings: &Settings) -> Self {
        let mut bot = Self::new(settings);
        bot.run();
        bot
    }

    pub fn configure(&self, settings: &Settings) {
        let Settings { address, inbox, outbox, head } = settings;
        let text = format!(
            "{head}address = \"{address}\"\n[inbox]\n{inbox}[outbox]\n{outbox}[ledger]\npath = \"ledger.db\"\n"
        );
        fs::write(self.config(), text).expect("the configuration");
    }

    pub fn config(&self) -> PathBuf {
        self.folder.path().join("paytriage.toml")
    }

    /// Starts the binary and waits until it is connected.
    pub fn run(&mut self) {
        let connects = self.log().matches("watching the mailbox").count();
        self.spawn();
        wait_for("the bot to connect", TEN_SECONDS, || self.log().matches("watching the mailbox").count() > connects);
    }

    /// Starts the binary.
    pub fn spawn(&mut self) {
        let log = fs::OpenOptions::new().create(true).append(true).open(self.log_file()).expect("a log");
        let child = Command::new(env!("CARGO_BIN_EXE_paytriage"))
            .args(["run", "--config"])
            .arg(self.config())
            .env("RUST_LOG", "trace")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("the bot");
        self.child = Some(child);
    }

    /// `paytriage resume`.
    pub fn resume(&self) -> ExitStatus {
        let mut command = Command::new(env!("CARGO_BIN_EXE_paytriage"));
        command.args(["resume", "--config"]).arg(self.config()).stdout(Stdio::null()).status().expect("the binary")
    }

    /// One more `paytriage run` on the same configuration, which is expected to end by itself.
    pub fn run_to_the_end(&self) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_paytriage"));
        command.args(["run", "--config"]).arg(self.config()).stdin(Stdio::null()).output().expect("the binary")
    }

    fn log_file(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    pub fn log(&self) -> String {
        fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    /// SIGKILL.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            drop(child.kill());
            drop(child.wait());
        }
    }

    /// SIGTERM, and waits for the end.
    pub fn terminate(&mut self, limit: Duration) -> ExitStatus {
        let mut child = self.child.take().expect("a running bot");
        let kill = Command::new("sh").args(["-c", &format!("kill -TERM {}", child.id())]).status().expect("sh");
        assert!(kill.success());
        wait_for_some("the bot to stop", limit, || child.try_wait().expect("a child"))
    }

    /// All cases so far.
    pub fn cases(&self) -> Vec<CaseRow> {
        let path = self.folder.path().join("ledger.db");
        if !path.exists() {
            return Vec::new();
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let ledger = Ledger::open(&path).await.expect("the ledger");
            let cases = ledger.cases(0).await.expect("cases");
            ledger.close().await;
            cases
        })
    }

    /// Waits until `count` cases are at their end and filed; old mail of the first connect is not counted.
    #[track_caller]
    pub fn wait_for_cases(&self, count: usize) -> Vec<CaseRow> {
        let ended = |case: &CaseRow| {
            let is_old = case.reason == "before-first-connect";
            !is_old && case.filed && !matches!(case.state.as_str(), "queued" | "sending")
        };
        wait_for_some(&format!("{count} cases to end"), TEN_SECONDS * 3, || {
            let cases: Vec<CaseRow> = self.cases().into_iter().filter(ended).collect();
            (cases.len() >= count).then_some(cases)
        })
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            let log = self.log();
            let ours: Vec<&str> = log.lines().collect();
            eprintln!("the bot's last words:");
            ours.iter().rev().take(40).rev().for_each(|line| eprintln!("{line}"));
        }
    }
}
