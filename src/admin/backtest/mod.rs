//! `backtest`: what a pattern set would have made of labelled mails, and what another set would change.
//! It touches no mailbox and no ledger.

pub(super) mod corpus;
mod report;
mod tally;

use std::io::{self, IsTerminal, Write};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::mpsc::sync_channel;
use std::thread;

use super::{check, refuse};
use crate::mail::Mail;
use crate::problem::Problem;
use crate::service;
use crate::triage::{Case, Decision, History, PatternSet, Policy, decide_alone};
use corpus::Labelled;
use tally::{Outcome, Tally};

/// Mails that wait for a judge, at most.
const WAITING: usize = 256;

/// Exit status 0 when every mail could be read.
pub fn backtest(paths: &[PathBuf], json: bool, against: Option<PathBuf>, patterns: Option<PathBuf>) -> ExitCode {
    let load = |folder| -> Result<Set, Vec<Problem>> {
        let (_, sources) = check::load(None, folder, None, false)?;
        let (set, templates) = service::load(&sources)?;
        Ok((set, Policy { languages: templates.answered(&[]), ..Policy::default() }))
    };
    let sets = load(patterns).and_then(|set| Ok((set, against.map(|folder| load(Some(folder))).transpose()?)));
    let (set, other) = match sets {
        Ok(sets) => sets,
        Err(problems) => return refuse(&problems),
    };
    let result = match &other {
        None => run(paths, &set).and_then(|tally| print(|out| report::tally(out, &set.0, &tally, json))),
        Some(other) => {
            changes(paths, &set, other).and_then(|changes| print(|out| report::changes(out, &changes, json)))
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("paytriage: {error}");
            ExitCode::FAILURE
        }
    }
}

fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    write(&mut out).and_then(|()| out.flush())
}

/// A pattern set and the policy that goes with it.
type Set = (PatternSet, Policy);

fn run(paths: &[PathBuf], set: &Set) -> io::Result<Tally> {
    let is_cause = |id: &str| set.0.causes().any(|topic| topic.id == id);
    let tallies = over(paths, |mail, tally: &mut Tally| tally.count(&mail, judge(set, &mail.bytes), is_cause))?;
    let mut all = Tally::default();
    tallies.into_iter().for_each(|tally| all.merge(tally));
    Ok(all)
}

/// A mail that the two sets judge differently: name, expected, ours, theirs.
pub type Change = (String, String, String, String);

fn changes(paths: &[PathBuf], set: &Set, other: &Set) -> io::Result<Vec<Change>> {
    let lists = over(paths, |mail, list: &mut Vec<Change>| {
        let (ours, theirs) = (judge(set, &mail.bytes).got, judge(other, &mail.bytes).got);
        if ours != theirs {
            list.push((mail.name, mail.expect, ours, theirs));
        }
    })?;
    let mut all: Vec<Change> = lists.into_iter().flatten().collect();
    all.sort();
    Ok(all)
}

/// Judges all mails on all cores; each core collects for itself.
fn over<T: Default + Send>(paths: &[PathBuf], each: impl Fn(Labelled, &mut T) + Sync) -> io::Result<Vec<T>> {
    let (sender, receiver) = sync_channel::<Labelled>(WAITING);
    let receiver = Mutex::new(receiver);
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| {
        let judges: Vec<_> = (0..cores)
            .map(|_| {
                scope.spawn(|| {
                    let mut collected = T::default();
                    loop {
                        let next = receiver.lock().map(|receiver| receiver.recv());
                        let Ok(Ok(mail)) = next else { return collected };
                        each(mail, &mut collected);
                    }
                })
            })
            .collect();
        let mut progress = Progress::default();
        let read = paths.iter().try_for_each(|path| {
            let give = &mut |mail| {
                progress.step();
                sender.send(mail).is_ok()
            };
            corpus::read(path, give).map_err(|error| named(path, &error))
        });
        drop(sender);
        let collected = judges.into_iter().filter_map(|judge| judge.join().ok()).collect();
        progress.end();
        read.map(|()| collected)
    })
}

fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

/// What the bot would do, as a label says it.
fn judge((set, policy): &Set, bytes: &[u8]) -> Outcome {
    let mut mail = Mail::parse(bytes);
    let verdict = set.judge(&mut mail);
    let history = History::default();
    let case = Case { policy, mail: &mail, verdict: &verdict, history: &history, whole: true, arrived_at: 0, now: 0 };
    let (got, is_reply, reason) = match decide_alone(&case).decision {
        Decision::Reply { cause, .. } => (cause.clone(), true, cause),
        Decision::Escalate { reason } => ("escalate".to_owned(), false, reason.id().to_owned()),
        Decision::Ignore { reason } => ("ignore".to_owned(), false, reason.id().to_owned()),
    };
    Outcome { got, is_reply, reason, evidence: verdict.evidence }
}

/// A count on standard error, where that is a terminal.
#[derive(Default)]
struct Progress {
    mails: u64,
}

impl Progress {
    fn step(&mut self) {
        self.mails += 1;
        if self.mails.is_multiple_of(500) && io::stderr().is_terminal() {
            eprint!("\r{} mails", self.mails);
        }
    }

    fn end(&self) {
        if self.mails >= 500 && io::stderr().is_terminal() {
            eprintln!("\r{} mails", self.mails);
        }
    }
}
