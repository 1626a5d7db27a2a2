//! Runs the tests that stand in the pattern files, against all files together.

use crate::mail::{Mail, Text};
use crate::triage::set::PatternSet;
use crate::triage::source::Action;
use crate::triage::{Finding, Verdict};

/// How one test block went.
#[derive(Clone, Debug)]
pub struct TestResult {
    pub file: String,
    pub line: usize,
    pub expected: String,
    pub got: String,
    pub verdict: Verdict,
    pub passed: bool,
}

impl PatternSet {
    pub fn run_tests(&self) -> Vec<TestResult> {
        let run = |trial: &crate::triage::set::Trial| {
            let mail = Mail { language: trial.language.clone(), ..mail_of(&trial.subject, &trial.body) };
            let verdict = self.classify(&mail);
            let got = outcome(&verdict.finding);
            let (file, expected) = (trial.file.clone(), trial.expect.clone());
            TestResult { file, line: trial.line, passed: got == expected, expected, got, verdict }
        };
        self.trials.iter().map(run).collect()
    }

    /// The mails of the test blocks with the outcome that each stands for, as labelled mails have it.
    pub fn labelled_tests(&self) -> impl Iterator<Item = (Mail, String)> {
        self.trials.iter().map(|trial| {
            let topic = self.topics().find(|topic| topic.id == trial.expect);
            let outcome = match topic.map(|topic| topic.action) {
                Some(Action::Reply) => trial.expect.clone(),
                Some(Action::Ignore) => "ignore".to_owned(),
                _ => "escalate".to_owned(),
            };
            (mail_of(&trial.subject, &trial.body), outcome)
        })
    }
}

/// A mail with nothing but a subject and a body.
pub fn mail_of(subject: &str, body: &str) -> Mail {
    let text = Text { shown: format!("{subject}\n{body}"), subject_len: subject.len() };
    Mail { subject: subject.to_owned(), text, readable: true, ..Mail::default() }
}

/// A finding as tests write it.
pub fn outcome(finding: &Finding) -> String {
    match finding {
        Finding::Cause { cause, .. } => cause.clone(),
        Finding::Guard { topic, .. } | Finding::Automatic { topic } => topic.clone(),
        Finding::Ambiguous { .. } => "ambiguous".to_owned(),
        Finding::Nothing => "no-match".to_owned(),
    }
}
