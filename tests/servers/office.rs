//! A post office: one Dovecot and one Postfix that belong to one test, with a folder and ports of their own.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::thread;

use mail_parser::MessageParser;
use tempfile::TempDir;

use super::authority::Authority;
use super::dovecot::Dovecot;
use super::mailbox::Mailbox;
use super::ports::Ports;
use super::postfix::Postfix;
use super::postman::Postman;
use super::supervised::{is_root, signal};

/// Of every user.
pub const PASSWORD: &str = "secret";

/// Users that every office has from the start.
pub const USERS: [&str; 4] =
    ["support@shop.test", "support2@shop.test", "customer@example.test", "customer2@example.test"];

/// How an office differs from the usual one.
#[derive(Default)]
pub struct Options {
    /// Users besides [`USERS`].
    pub users: Vec<String>,
    /// Envelope sender (an address, a domain, or `<>`) and the result to report for it, such as
    /// `dmarc=pass header.from=example.test`. The header names `mx.shop.test` as the server that checked.
    pub authentication_results: Vec<(String, String)>,
}

/// Stops its servers and removes its folder when dropped.
pub struct PostOffice {
    // Dropped in this order: nobody delivers into a Dovecot that is gone.
    postfix: Postfix,
    dovecot: Dovecot,
    authority: Authority,
    /// IMAP without TLS, and with STARTTLS.
    pub imap_port: u16,
    /// IMAP over TLS.
    pub imaps_port: u16,
    /// SMTP without login and TLS, as other servers deliver.
    pub smtp_port: u16,
    /// SMTP with login, after STARTTLS.
    pub submission_port: u16,
    /// SMTP with login over TLS.
    pub submissions_port: u16,
    ports: Ports,
    folder: TempDir,
}

impl PostOffice {
    pub fn start() -> Self {
        Self::with(&Options::default())
    }

    pub fn with(options: &Options) -> Self {
        assert!(is_root(), "Postfix's master runs as root only: run these tests as root or by tests/run.sh");
        let folder = tempfile::Builder::new().prefix("post-office-").tempdir().expect("temporary folder");
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).expect("the servers' users may enter");
        let ports = Ports::take();
        let [imap_port, imaps_port, smtp_port, submission_port, submissions_port] =
            [1, 2, 3, 4, 5].map(|nth| ports.port(nth));

        let in_folder = |name: &str| {
            let path = folder.path().join(name);
            fs::create_dir(&path).expect("folder of a server");
            path
        };
        let authority = Authority::create(&in_folder("tls"));
        let dovecot = Dovecot::prepare(&in_folder("dovecot"), &authority, imap_port, imaps_port);
        let postfix = Postfix::prepare(
            &in_folder("postfix"),
            &authority,
            &dovecot,
            [smtp_port, submission_port, submissions_port],
            &options.authentication_results,
        );
        let mut office = Self {
            postfix,
            dovecot,
            authority,
            imap_port,
            imaps_port,
            smtp_port,
            submission_port,
            submissions_port,
            ports,
            folder,
        };
        office.dovecot.add_users(USERS.into_iter().chain(options.users.iter().map(String::as_str)));
        office.dovecot.start();
        office.postfix.start();
        office.dovecot.wait_until_it_answers();
        office.postfix.wait_until_it_answers();
        office
    }

    /// What the certificate is made out to, besides 127.0.0.1.
    pub fn host(&self) -> &'static str {
        "localhost"
    }

    /// PEM file of the authority that clients must trust.
    pub fn ca_file(&self) -> PathBuf {
        self.authority.ca_file()
    }

    /// Any address of any domain; without it mail to the address bounces. May take a second.
    pub fn add_user(&self, address: &str) {
        self.dovecot.add_users([address]);
        self.dovecot.wait_until_it_knows(address);
    }

    /// Hands a mail to Postfix as another server would. The envelope sender is the mail's `From`, or none.
    /// Returns when Postfix has taken it, which is before it lies in the mailbox.
    pub fn deliver(&self, recipient: &str, mail: &[u8]) {
        self.deliver_from(&sender_of(mail), recipient, mail);
    }

    /// The same with an envelope sender of its own; empty is the null sender, as bounces have it.
    pub fn deliver_from(&self, sender: &str, recipient: &str, mail: &[u8]) {
        Postman::smtp(self.smtp_port).carry(sender, &[recipient], mail).expect("Postfix takes the mail");
    }

    /// Delivers in this order over one connection; Postfix may still hand them to Dovecot in another.
    pub fn deliver_many(&self, recipient: &str, mails: impl IntoIterator<Item = impl AsRef<[u8]>>) {
        let mut postman = Postman::smtp(self.smtp_port);
        for mail in mails {
            let mail = mail.as_ref();
            postman.carry(&sender_of(mail), &[recipient], mail).expect("Postfix takes the mail");
        }
    }

    /// Puts a mail into the mailbox at once, past Postfix: when this returns it is there.
    pub fn put(&self, recipient: &str, mail: &[u8]) {
        self.put_many(recipient, [mail]);
    }

    /// Puts mails into the mailbox in this order.
    pub fn put_many(&self, recipient: &str, mails: impl IntoIterator<Item = impl AsRef<[u8]>>) {
        let mut postman = Postman::lmtp(&self.dovecot.lmtp_socket());
        for mail in mails {
            let mail = mail.as_ref();
            postman.carry(&sender_of(mail), &[recipient], mail).expect("Dovecot takes the mail");
        }
    }

    /// Sends a mail the way a person's mail program does: submission with TLS and login.
    pub fn submit(&self, user: &str, recipient: &str, mail: &[u8]) {
        let mut postman = Postman::submissions(self.submissions_port, &self.ca_file(), user);
        postman.carry(user, &[recipient], mail).expect("Postfix takes the mail");
    }

    /// Looks into a user's mailbox by IMAP over TLS. The connection does not outlive a stop of Dovecot.
    pub fn mailbox(&self, user: &str) -> Mailbox {
        Mailbox::over_tls(self.imaps_port, &self.ca_file(), user)
    }

    /// Ends all IMAP sessions at once, without a word to the clients.
    pub fn kill_imap_sessions(&self) {
        signal("KILL", &self.dovecot.imap_sessions());
    }

    /// Makes all IMAP sessions silent while their connections stay open, until `thaw_imap_sessions`.
    pub fn freeze_imap_sessions(&self) {
        signal("STOP", &self.dovecot.imap_sessions());
    }

    pub fn thaw_imap_sessions(&self) {
        signal("CONT", &self.dovecot.imap_sessions());
    }

    /// How many users are logged in by IMAP, this harness's own mailboxes included.
    pub fn imap_session_count(&self) -> usize {
        self.dovecot.imap_sessions().len()
    }

    pub fn stop_dovecot(&mut self) {
        self.dovecot.stop();
    }

    /// On the same ports and with the same mail as before.
    pub fn start_dovecot(&mut self) {
        self.dovecot.start();
        self.dovecot.wait_until_it_answers();
    }

    pub fn stop_postfix(&mut self) {
        self.postfix.stop();
    }

    /// On the same ports and with the same queue as before.
    pub fn start_postfix(&mut self) {
        self.postfix.start();
        self.postfix.wait_until_it_answers();
    }

    /// What both servers have logged.
    pub fn log(&self) -> String {
        [self.dovecot.log(), self.postfix.log()].map(|log| fs::read_to_string(log).unwrap_or_default()).concat()
    }
}

impl Drop for PostOffice {
    fn drop(&mut self) {
        if thread::panicking() {
            let log = self.log();
            let skipped = log.lines().count().saturating_sub(80);
            eprintln!("the servers' last words:");
            log.lines().skip(skipped).for_each(|line| eprintln!("{line}"));
        }
    }
}

/// The address in `From`, or nothing.
fn sender_of(mail: &[u8]) -> String {
    let parsed = MessageParser::default().parse_headers(mail);
    let address = parsed.as_ref().and_then(|mail| mail.from()?.first()?.address());
    address.unwrap_or_default().to_owned()
}
