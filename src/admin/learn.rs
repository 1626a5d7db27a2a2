//! `learn`: counts from labelled mails what each keyword speaks for, and writes the table beside the patterns.
#![expect(clippy::disallowed_methods, reason = "a tool that writes the file it is asked for")]

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::backtest::corpus::{self, Labelled};
use super::{check, refuse};
use crate::mail::Mail;
use crate::triage::PatternSet;
use crate::triage::keywords::{Lesson, Plan, learn, table};

/// A language of fewer mails is not said to be known.
const MAILS_OF_A_LANGUAGE: usize = 60;
/// A test beside the patterns is a mail that the team has thought about: it counts like so many.
const TEST_COUNTS: usize = 5;

/// Exit status 0 if the table was written.
pub fn learn_table(paths: &[PathBuf], out: &Path, keep: Option<usize>, patterns: Option<PathBuf>) -> ExitCode {
    let set = check::load(None, patterns, None, false).and_then(|(_, sources)| PatternSet::load(&sources.patterns));
    let set = match set {
        Ok(set) => set,
        Err(problems) => return refuse(&problems),
    };
    let plan = Plan { keep: keep.unwrap_or(Plan::default().keep), ..Plan::default() };
    let told = read(paths, &set).and_then(|mails| {
        let course = Course::of(&mails, &set);
        if course.languages.is_empty() {
            let what = format!("no language has {MAILS_OF_A_LANGUAGE} labelled mails here: give the shipped ones too");
            return Err(io::Error::other(what));
        }
        let learned = learn(&course.lessons, course.outcomes.len(), plan);
        std::fs::write(out, table::write(&learned, &course.outcomes, &course.languages))?;
        Ok((mails.len(), course.languages))
    });
    match told {
        Ok((mails, languages)) => {
            println!("{}: learned from {mails} mails in {}", out.display(), languages.join(", "));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("paytriage: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Only labelled mails teach anything, and only labels that the patterns know.
fn read(paths: &[PathBuf], set: &PatternSet) -> io::Result<Vec<Labelled>> {
    let known: Vec<&str> = set.causes().map(|topic| topic.id.as_str()).chain(["escalate", "ignore"]).collect();
    let mut mails = Vec::new();
    let mut odd = None;
    for path in paths {
        let give = &mut |mail: Labelled| {
            if !mail.expect.is_empty() && !known.contains(&mail.expect.as_str()) {
                odd = Some(format!("{}: `{}` is no outcome; known are {}", mail.name, mail.expect, known.join(", ")));
            } else if !mail.expect.is_empty() {
                mails.push(mail);
            }
            odd.is_none()
        };
        corpus::read(path, give)
            .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))?;
    }
    if let Some(odd) = odd {
        return Err(io::Error::other(odd));
    }
    if mails.is_empty() {
        return Err(io::Error::other("no labelled mail is in these files"));
    }
    Ok(mails)
}

/// All that is learned from.
struct Course {
    lessons: Vec<Lesson>,
    outcomes: Vec<String>,
    languages: Vec<String>,
}

impl Course {
    fn of(mails: &[Labelled], set: &PatternSet) -> Self {
        let tests: Vec<(Mail, String)> = set.labelled_tests().collect();
        let outcomes: BTreeSet<&String> =
            mails.iter().map(|mail| &mail.expect).chain(tests.iter().map(|(_, outcome)| outcome)).collect();
        let outcomes: Vec<String> = outcomes.into_iter().cloned().collect();
        let number = |outcome: &String| outcomes.iter().position(|known| known == outcome).unwrap_or(0);
        let mut languages: BTreeMap<String, usize> = BTreeMap::new();
        let mut lessons = Vec::with_capacity(mails.len() + TEST_COUNTS * tests.len());
        for labelled in mails {
            let mail = Mail::parse(&labelled.bytes);
            let language = mail.language.as_deref().unwrap_or(&labelled.language);
            let language = language.split('-').next().unwrap_or("").to_owned();
            *languages.entry(language).or_default() += 1;
            lessons.push(Lesson::of(&mail, number(&labelled.expect)));
        }
        for (mail, outcome) in &tests {
            lessons.extend((0..TEST_COUNTS).map(|_| Lesson::of(mail, number(outcome))));
        }
        let is_known = |(language, mails): &(String, usize)| {
            *mails >= MAILS_OF_A_LANGUAGE && !language.is_empty() && language != "und"
        };
        let languages = languages.into_iter().filter(is_known).map(|(language, _)| language).collect();
        Self { lessons, outcomes, languages }
    }
}
