//! A private Dovecot: IMAP, LMTP and the login socket for Postfix.

use std::ffi::OsStr;
use std::fmt::Write;
use std::fs;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::authority::Authority;
use super::dialogue::Dialogue;
use super::office::PASSWORD;
use super::ports::is_free;
use super::postman::Postman;
use super::supervised::{Supervised, children, ids_of};
use super::wait::{TEN_SECONDS, wait_for};

pub struct Dovecot {
    folder: PathBuf,
    pub imap_port: u16,
    pub imaps_port: u16,
    running: Option<Supervised>,
}

impl Dovecot {
    /// Writes the configuration; starts nothing yet.
    pub fn prepare(folder: &Path, authority: &Authority, imap_port: u16, imaps_port: u16) -> Self {
        let mail = folder.join("mail");
        fs::create_dir_all(&mail).expect("folder for mail");
        let (user, group) = ids_of("mail");
        chown(&mail, Some(user), Some(group)).expect("the mail user owns the mail");

        let template = if version().starts_with("2.3") { V2_3 } else { V2_4 };
        let config = template
            .replace("{{folder}}", &folder.to_string_lossy())
            .replace("{{certificate}}", &authority.certificate().to_string_lossy())
            .replace("{{key}}", &authority.key().to_string_lossy())
            .replace("{{imap_port}}", &imap_port.to_string())
            .replace("{{imaps_port}}", &imaps_port.to_string());
        fs::write(folder.join("dovecot.conf"), config).expect("dovecot.conf");
        Self { folder: folder.to_owned(), imap_port, imaps_port, running: None }
    }

    pub fn start(&mut self) {
        wait_for("Dovecot's ports", TEN_SECONDS, || is_free(self.imap_port) && is_free(self.imaps_port));
        let config = self.folder.join("dovecot.conf");
        self.running = Some(Supervised::start("dovecot", &[OsStr::new("-F"), OsStr::new("-c"), config.as_os_str()]));
    }

    pub fn wait_until_it_answers(&self) {
        wait_for("Dovecot's greeting", TEN_SECONDS, || {
            let greeting = Dialogue::tcp(self.imap_port).and_then(|mut dialogue| dialogue.read_line());
            greeting.is_ok_and(|line| line.starts_with("* OK")) && self.lmtp_socket().exists()
        });
    }

    pub fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop_gently();
        }
    }

    pub fn add_users<'a>(&self, addresses: impl IntoIterator<Item = &'a str>) {
        let mut users = fs::read_to_string(self.folder.join("users")).unwrap_or_default();
        for address in addresses {
            let _ = writeln!(users, "{address}:{PASSWORD}");
        }
        fs::write(self.folder.join("users"), users).expect("users");
    }

    /// Dovecot looks at its list of users at most once a second.
    pub fn wait_until_it_knows(&self, address: &str) {
        let knows = || Postman::lmtp(&self.lmtp_socket()).is_welcome(address);
        wait_for("Dovecot to know the user", TEN_SECONDS, knows);
    }

    /// Process ids of the sessions of logged-in users.
    pub fn imap_sessions(&self) -> Vec<u32> {
        let master = fs::read_to_string(self.folder.join("run/master.pid")).unwrap_or_default();
        master.trim().parse().map(|master| children(master, "imap")).unwrap_or_default()
    }

    pub fn lmtp_socket(&self) -> PathBuf {
        self.folder.join("run/lmtp")
    }

    pub fn auth_socket(&self) -> PathBuf {
        self.folder.join("run/auth-postfix")
    }

    pub fn log(&self) -> PathBuf {
        self.folder.join("dovecot.log")
    }
}

const V2_3: &str = include_str!("dovecot-2.3.conf");
const V2_4: &str = include_str!("dovecot-2.4.conf");

fn version() -> String {
    let asked = Command::new("dovecot").arg("--version").output();
    let answer = asked.expect("Dovecot is installed (tests/run.sh installs it)");
    String::from_utf8_lossy(&answer.stdout).into_owned()
}
