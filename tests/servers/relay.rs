//! An SMTP relay inside the test that plays a script: refuses, hangs up or falls silent at a chosen stage.
//!
//! The script is a queue. Whenever a client reaches the stage of its first entry, that entry is played and gone;
//! at every other stage, and when the script is over, the relay agrees. Two refusals and then success are
//! `[(Stage::Mail, Act::Answer("451 4.3.0 later")), (Stage::Mail, Act::Answer("451 4.3.0 later"))]`.

use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use super::wait::{TEN_SECONDS, wait_for};

/// A moment in a conversation, before the relay answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The line has been opened.
    Greeting,
    /// EHLO or HELO.
    Hello,
    Auth,
    /// MAIL FROM.
    Mail,
    /// RCPT TO, once for each recipient.
    Rcpt,
    /// The command DATA.
    Data,
    /// The mail is here with its final dot.
    End,
}

/// What the relay does instead of agreeing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Answers this line, such as `550 5.1.1 no such user`.
    Answer(&'static str),
    /// Closes the line without an answer.
    HangUp,
    /// Never answers; the line stays open until the client closes it or the relay ends.
    Silence,
}

/// A mail whose data has arrived whole.
#[derive(Clone, Debug)]
pub struct Taken {
    /// Empty for the null sender.
    pub sender: String,
    pub recipients: Vec<String>,
    /// As sent, without the doubled dots.
    pub bytes: Vec<u8>,
    /// What the relay said to it; `None` when it hung up or fell silent.
    pub answer: Option<String>,
}

impl Taken {
    /// Whether the relay took the responsibility (an answer of 2xx).
    pub fn is_accepted(&self) -> bool {
        self.answer.as_ref().is_some_and(|answer| answer.starts_with('2'))
    }
}

/// Listens on a loopback port, without TLS, and lets anybody log in with AUTH PLAIN, LOGIN or XOAUTH2.
pub struct Relay {
    port: u16,
    state: Arc<Mutex<State>>,
    listening: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct State {
    script: VecDeque<(Stage, Act)>,
    transcript: Vec<String>,
    taken: Vec<Taken>,
    lines: Vec<TcpStream>,
    is_over: bool,
}

impl Relay {
    /// Takes everything.
    pub fn agreeable() -> Self {
        Self::scripted([])
    }

    pub fn scripted(script: impl IntoIterator<Item = (Stage, Act)>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a loopback port");
        let port = listener.local_addr().expect("its address").port();
        let state = Arc::new(Mutex::new(State { script: script.into_iter().collect(), ..State::default() }));
        let shared = Arc::clone(&state);
        let listening = thread::spawn(move || listen(&listener, &shared));
        Self { port, state, listening: Some(listening) }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Adds to the end of the script.
    pub fn then(&self, stage: Stage, act: Act) {
        lock(&self.state).script.push_back((stage, act));
    }

    /// Whether the whole script has been played.
    pub fn is_played(&self) -> bool {
        lock(&self.state).script.is_empty()
    }

    /// Everything said on all lines in the order it was said: `C: …`, `S: …`, and `-- …` for what happened to the line.
    /// A mail's data is one entry with its size; what a client says to log in is left out.
    pub fn transcript(&self) -> Vec<String> {
        lock(&self.state).transcript.clone()
    }

    /// All mails that arrived whole, also those that got no or a refusing answer.
    pub fn taken(&self) -> Vec<Taken> {
        lock(&self.state).taken.clone()
    }

    /// Only those that the relay took the responsibility for.
    pub fn accepted(&self) -> Vec<Taken> {
        self.taken().into_iter().filter(Taken::is_accepted).collect()
    }

    /// Waits until at least `count` mails have arrived whole.
    #[track_caller]
    pub fn wait_for_mails(&self, count: usize) -> Vec<Taken> {
        wait_for(&format!("{count} mails at the relay"), TEN_SECONDS, || self.taken().len() >= count);
        self.taken()
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        {
            let mut state = lock(&self.state);
            state.is_over = true;
            for line in &state.lines {
                let _ = line.shutdown(Shutdown::Both);
            }
        }
        // Wakes the listener, so that it sees that it is over.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
        if let Some(listening) = self.listening.take() {
            let _ = listening.join();
        }
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn listen(listener: &TcpListener, state: &Arc<Mutex<State>>) {
    let mut conversations = Vec::new();
    for stream in listener.incoming().flatten() {
        {
            let mut state = lock(state);
            if state.is_over {
                break;
            }
            let Ok(line) = stream.try_clone() else { continue };
            state.lines.push(line);
        }
        let state = Arc::clone(state);
        conversations.push(thread::spawn(move || {
            let mut conversation = Conversation { reader: BufReader::new(stream), state };
            let end = match conversation.hold() {
                Ok(()) => "the relay closed the line",
                Err(_) => "the client closed the line",
            };
            conversation.note(format!("-- {end}"));
            let _ = conversation.reader.get_ref().shutdown(Shutdown::Both);
        }));
    }
    for conversation in conversations {
        let _ = conversation.join();
    }
}

struct Conversation {
    reader: BufReader<TcpStream>,
    state: Arc<Mutex<State>>,
}

/// What became of an answer.
enum Outcome {
    Said(String),
    HungUp,
}

impl Conversation {
    /// Talks until the client quits, the line is cut or the script hangs up.
    fn hold(&mut self) -> io::Result<()> {
        if let Outcome::HungUp = self.answer(Stage::Greeting, "220 relay.test ESMTP")? {
            return Ok(());
        }
        let mut sender = String::new();
        let mut recipients = Vec::new();
        loop {
            let line = self.read_line()?;
            let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            self.note(if verb == "AUTH" { "C: AUTH …".to_owned() } else { format!("C: {line}") });
            let outcome = match verb.as_str() {
                "EHLO" => self.answer(Stage::Hello, EXTENSIONS)?,
                "HELO" => self.answer(Stage::Hello, "250 relay.test")?,
                "AUTH" => self.log_in(&line)?,
                "MAIL" => {
                    recipients.clear();
                    sender = address_in(&line);
                    self.answer(Stage::Mail, "250 2.1.0 sender ok")?
                }
                "RCPT" => {
                    let outcome = self.answer(Stage::Rcpt, "250 2.1.5 recipient ok")?;
                    if matches!(&outcome, Outcome::Said(answer) if answer.starts_with('2')) {
                        recipients.push(address_in(&line));
                    }
                    outcome
                }
                "DATA" if recipients.is_empty() => self.say("554 5.5.1 no valid recipients")?,
                "DATA" => self.take_mail(&sender, &std::mem::take(&mut recipients))?,
                "RSET" => {
                    recipients.clear();
                    self.say("250 2.0.0 ok")?
                }
                "NOOP" => self.say("250 2.0.0 ok")?,
                "QUIT" => {
                    self.say("221 2.0.0 bye")?;
                    return Ok(());
                }
                _ => self.say("500 5.5.2 what?")?,
            };
            if let Outcome::HungUp = outcome {
                return Ok(());
            }
        }
    }

    fn take_mail(&mut self, sender: &str, recipients: &[String]) -> io::Result<Outcome> {
        match self.answer(Stage::Data, "354 go on")? {
            Outcome::Said(answer) if answer.starts_with('3') => {}
            refused => return Ok(refused),
        }
        let bytes = self.read_mail()?;
        self.note(format!("C: (a mail of {} bytes)", bytes.len()));
        let taken = Taken { sender: sender.to_owned(), recipients: recipients.to_vec(), bytes, answer: None };
        let place = {
            let mut state = lock(&self.state);
            state.taken.push(taken);
            state.taken.len() - 1
        };
        // Noted before it is said: who has read the answer finds it here.
        match self.next_act(Stage::End) {
            Some(act @ (Act::HangUp | Act::Silence)) => self.play(act),
            act => {
                let answer = if let Some(Act::Answer(answer)) = act { answer } else { "250 2.0.0 taken" };
                lock(&self.state).taken[place].answer = Some(answer.to_owned());
                self.say(answer)
            }
        }
    }

    /// Any name and password will do (RFC 4954).
    fn log_in(&mut self, line: &str) -> io::Result<Outcome> {
        let mut words = line.split(' ').skip(1);
        let challenges: &[&str] = match (words.next().map(str::to_ascii_uppercase).as_deref(), words.next()) {
            (Some("LOGIN"), None) => &["334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6"],
            (Some("LOGIN"), Some(_)) => &["334 UGFzc3dvcmQ6"],
            (_, None) => &["334 "],
            (_, Some(_)) => &[],
        };
        for challenge in challenges {
            self.say(challenge)?;
            self.read_line()?;
            self.note("C: …".to_owned());
        }
        self.answer(Stage::Auth, "235 2.7.0 welcome")
    }

    /// Plays the script at this stage, or says `agreement`.
    fn answer(&mut self, stage: Stage, agreement: &str) -> io::Result<Outcome> {
        match self.next_act(stage) {
            Some(act) => self.play(act),
            None => self.say(agreement),
        }
    }

    fn next_act(&self, stage: Stage) -> Option<Act> {
        lock(&self.state).script.pop_front_if(|(at, _)| *at == stage).map(|(_, act)| act)
    }

    fn play(&mut self, act: Act) -> io::Result<Outcome> {
        match act {
            Act::Answer(answer) => self.say(answer),
            Act::HangUp => {
                self.note("-- the relay hangs up".to_owned());
                Ok(Outcome::HungUp)
            }
            Act::Silence => {
                self.note("-- the relay says no more".to_owned());
                while self.reader.read(&mut [0; 512])? != 0 {}
                Err(io::ErrorKind::UnexpectedEof.into())
            }
        }
    }

    fn say(&mut self, answer: &str) -> io::Result<Outcome> {
        self.note(format!("S: {answer}"));
        self.reader.get_mut().write_all(format!("{answer}\r\n").as_bytes())?;
        Ok(Outcome::Said(answer.to_owned()))
    }

    fn note(&self, entry: String) {
        lock(&self.state).transcript.push(entry);
    }

    fn read_line(&mut self) -> io::Result<String> {
        Ok(String::from_utf8_lossy(&self.read_raw_line()?).trim_end().to_owned())
    }

    fn read_raw_line(&mut self) -> io::Result<Vec<u8>> {
        let mut line = Vec::new();
        self.reader.read_until(b'\n', &mut line)?;
        if line.ends_with(b"\n") { Ok(line) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }

    /// Up to the final dot, with doubled dots made single (RFC 5321, 4.5.2).
    fn read_mail(&mut self) -> io::Result<Vec<u8>> {
        let mut mail = Vec::new();
        loop {
            let line = self.read_raw_line()?;
            if line == b".\r\n" {
                return Ok(mail);
            }
            mail.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
        }
    }
}

const EXTENSIONS: &str = "250-relay.test\r\n250-SIZE 67108864\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n\
                          250-ENHANCEDSTATUSCODES\r\n250 AUTH PLAIN LOGIN XOAUTH2";

/// What stands between `<` and `>`.
fn address_in(command: &str) -> String {
    let address = command.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    address.map(|(address, _)| address.to_owned()).unwrap_or_default()
}
