//! A private Postfix: takes mail by SMTP and submission, hands it to Dovecot by LMTP, and bounces what nobody wants.

use std::ffi::OsStr;
use std::fmt::Write;
use std::fs::{self, File, Permissions};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::authority::Authority;
use super::dialogue::Dialogue;
use super::dovecot::Dovecot;
use super::ports::is_free;
use super::supervised::{Supervised, ids_of};
use super::wait::{TEN_SECONDS, wait_for};

pub struct Postfix {
    folder: PathBuf,
    pub smtp_port: u16,
    pub submission_port: u16,
    pub submissions_port: u16,
    running: Option<Supervised>,
}

/// The folders of a queue that the Postfix user writes to.
const QUEUES: [&str; 12] = [
    "active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private", "public", "saved",
    "trace",
];

impl Postfix {
    /// Writes the configuration and an empty queue; starts nothing yet. `ports`: SMTP, submission, submissions.
    pub fn prepare(
        folder: &Path,
        authority: &Authority,
        dovecot: &Dovecot,
        ports: [u16; 3],
        authentication_results: &[(String, String)],
    ) -> Self {
        let (user, group) = ids_of("postfix");
        fs::create_dir_all(folder.join("queue/pid")).expect("queue");
        for owned in QUEUES.map(|name| format!("queue/{name}")).iter().map(String::as_str).chain(["data"]) {
            let owned = folder.join(owned);
            fs::create_dir_all(&owned).expect("queue");
            fs::set_permissions(&owned, Permissions::from_mode(0o700)).expect("queue");
            chown(&owned, Some(user), Some(group)).expect("the Postfix user owns the queue");
        }

        let [smtp_port, submission_port, submissions_port] = ports;
        let fill = |template: &str| {
            template
                .replace("{{folder}}", &folder.to_string_lossy())
                .replace("{{certificate}}", &authority.certificate().to_string_lossy())
                .replace("{{key}}", &authority.key().to_string_lossy())
                .replace("{{lmtp_socket}}", &dovecot.lmtp_socket().to_string_lossy())
                .replace("{{auth_socket}}", &dovecot.auth_socket().to_string_lossy())
                .replace("{{smtp_port}}", &smtp_port.to_string())
                .replace("{{submission_port}}", &submission_port.to_string())
                .replace("{{submissions_port}}", &submissions_port.to_string())
        };
        let marking = mark_senders(folder, authentication_results);
        let main = fill(include_str!("main.cf")).replace("{{authentication_results}}", &marking);
        write_finished(&folder.join("main.cf"), &main);
        fs::write(folder.join("master.cf"), fill(include_str!("master.cf"))).expect("master.cf");
        Self { folder: folder.to_owned(), smtp_port, submission_port, submissions_port, running: None }
    }

    pub fn start(&mut self) {
        let ports = [self.smtp_port, self.submission_port, self.submissions_port];
        wait_for("Postfix's ports", TEN_SECONDS, || ports.into_iter().all(is_free));
        // The master itself: the `postfix` command would first spend a second on checks of a folder made just now.
        self.running = Some(Supervised::start(MASTER, &[OsStr::new("-c"), self.folder.as_os_str()]));
    }

    pub fn wait_until_it_answers(&self) {
        wait_for("Postfix's greeting", TEN_SECONDS, || {
            let greeting = Dialogue::tcp(self.smtp_port).and_then(|mut dialogue| dialogue.read_line());
            greeting.is_ok_and(|line| line.starts_with("220"))
        });
    }

    pub fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop_gently();
        }
    }

    pub fn log(&self) -> PathBuf {
        self.folder.join("mail.log")
    }
}

const MASTER: &str = "/usr/lib/postfix/sbin/master";

/// Writes a file that Postfix reads at once: it waits until a file is two seconds old, lest it be unfinished.
fn write_finished(path: &Path, text: &str) {
    fs::write(path, text).expect("configuration");
    let long_ago = SystemTime::now() - Duration::from_secs(60);
    File::options().write(true).open(path).and_then(|file| file.set_modified(long_ago)).expect("configuration");
}

/// Settings that put an `Authentication-Results` header on top of mails by their envelope sender.
fn mark_senders(folder: &Path, authentication_results: &[(String, String)]) -> String {
    if authentication_results.is_empty() {
        return String::new();
    }
    let table = folder.join("authentication-results");
    let rows = authentication_results.iter().fold(String::new(), |mut rows, (sender, result)| {
        let _ = writeln!(rows, "{sender} PREPEND Authentication-Results: mx.shop.test; {result}");
        rows
    });
    write_finished(&table, &rows);
    format!("smtpd_sender_restrictions = check_sender_access texthash:{}", table.display())
}
