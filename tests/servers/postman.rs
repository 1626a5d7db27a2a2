//! Hands mail to a server by SMTP (RFC 5321) or LMTP (RFC 2033), as a customer's mail program or server would.

use std::io;
use std::path::Path;

use super::dialogue::Dialogue;
use super::office::PASSWORD;

/// A connection that mail can be handed over on.
pub struct Postman {
    dialogue: Dialogue,
    /// LMTP answers once for each recipient after the dot.
    answers_each_recipient: bool,
}

impl Postman {
    /// SMTP without login, as other mail servers deliver.
    pub fn smtp(port: u16) -> Self {
        Self::greeted(Dialogue::tcp(port).expect("SMTP"), "EHLO")
    }

    /// Submission on a port with TLS from the first byte, logged in.
    pub fn submissions(port: u16, ca_file: &Path, user: &str) -> Self {
        Self::greeted(Dialogue::tls(port, ca_file).expect("SMTP over TLS"), "EHLO").logged_in(user)
    }

    /// Submission with STARTTLS, logged in.
    pub fn submission(port: u16, ca_file: &Path, user: &str) -> Self {
        let mut plain = Self::greeted(Dialogue::tcp(port).expect("SMTP"), "EHLO");
        plain.ask("STARTTLS").expect("STARTTLS");
        let mut secure = Self { dialogue: plain.dialogue.start_tls(ca_file), answers_each_recipient: false };
        secure.ask("EHLO postman.test").expect("EHLO in TLS");
        secure.logged_in(user)
    }

    pub fn lmtp(socket: &Path) -> Self {
        let mut postman = Self::greeted(Dialogue::unix(socket).expect("LMTP"), "LHLO");
        postman.answers_each_recipient = true;
        postman
    }

    fn greeted(dialogue: Dialogue, hello: &str) -> Self {
        let mut postman = Self { dialogue, answers_each_recipient: false };
        postman.answer().expect("greeting");
        postman.ask(&format!("{hello} postman.test")).expect("hello");
        postman
    }

    fn logged_in(mut self, user: &str) -> Self {
        self.ask(&format!("AUTH PLAIN {}", base64(format!("\0{user}\0{PASSWORD}").as_bytes()))).expect("login");
        self
    }

    /// Hands over one mail; an empty `sender` is the null sender. The error is the first answer that was no success.
    pub fn carry(&mut self, sender: &str, recipients: &[&str], mail: &[u8]) -> Result<(), String> {
        let result = self.try_to_carry(sender, recipients, mail);
        if result.is_err() {
            let _ = self.ask("RSET");
        }
        result
    }

    /// Whether the server would take mail for this recipient.
    pub fn is_welcome(&mut self, recipient: &str) -> bool {
        let offered = self.ask("MAIL FROM:<>").and_then(|_| self.ask(&format!("RCPT TO:<{recipient}>")));
        let _ = self.ask("RSET");
        offered.is_ok()
    }

    fn try_to_carry(&mut self, sender: &str, recipients: &[&str], mail: &[u8]) -> Result<(), String> {
        self.ask(&format!("MAIL FROM:<{sender}>"))?;
        for recipient in recipients {
            self.ask(&format!("RCPT TO:<{recipient}>"))?;
        }
        self.ask("DATA")?;
        self.dialogue.write_bytes(&dotted(mail)).map_err(lost)?;
        let answers = if self.answers_each_recipient { recipients.len() } else { 1 };
        (0..answers).try_for_each(|_| self.answer().map(drop))
    }

    fn ask(&mut self, command: &str) -> Result<String, String> {
        self.dialogue.write_line(command).map_err(lost)?;
        self.answer()
    }

    /// The last line of an answer, when it is a success.
    fn answer(&mut self) -> Result<String, String> {
        loop {
            let line = self.dialogue.read_line().map_err(lost)?;
            if line.as_bytes().get(3) == Some(&b'-') {
                continue;
            }
            return if line.starts_with(['2', '3']) { Ok(line) } else { Err(line) };
        }
    }
}

fn lost(error: io::Error) -> String {
    format!("the connection was lost: {error}")
}

/// The mail as DATA wants it: CRLF line ends, leading dots doubled, a single dot at the end (RFC 5321, 4.5.2).
fn dotted(mail: &[u8]) -> Vec<u8> {
    let mail = mail.strip_suffix(b"\n").unwrap_or(mail);
    let mut data = Vec::with_capacity(mail.len() + 64);
    for line in mail.split(|byte| *byte == b'\n') {
        if line.starts_with(b".") {
            data.push(b'.');
        }
        data.extend_from_slice(line.strip_suffix(b"\r").unwrap_or(line));
        data.extend_from_slice(b"\r\n");
    }
    data.extend_from_slice(b".\r\n");
    data
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let word = three.iter().fold(0_u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for place in 0..4 {
            let index = (word >> (18 - 6 * place) & 63) as usize;
            text.push(if place <= three.len() { char::from(ALPHABET[index]) } else { '=' });
        }
    }
    text
}
