//! The tests that stand in pattern files: whether they expect something that exists, and whether every file has the
//! ones it needs. Running them is in `trial.rs`.

use crate::problem::line_of;
use crate::triage::load::{Entry, Loader};
use crate::triage::set::Trial;
use crate::triage::source::Action;
use crate::triage::suggest::did_you_mean;

/// The outcomes a test may expect beside the ids of files.
pub const OTHER_OUTCOMES: [&str; 2] = ["no-match", "ambiguous"];

impl Loader<'_> {
    pub(super) fn check_tests(&mut self, entries: &[Entry<'_>]) {
        let topics: Vec<(String, Action)> = self.set.topics.iter().map(|t| (t.id.clone(), t.action)).collect();
        let ids = topics.iter().filter(|(_, action)| *action != Action::Signal).map(|(id, _)| id.as_str());
        let known: Vec<&str> = ids.chain(OTHER_OUTCOMES).collect();
        for entry in entries {
            if let Some((id, action)) = topics.get(entry.topic) {
                self.check_that_tests_are_there(entry, id, *action);
            }
            for test in &entry.raw.tests {
                if !test.expect.is_empty() && !known.contains(&test.expect.as_str()) {
                    let way_out = did_you_mean(&test.expect, known.iter().copied())
                        .unwrap_or_else(|| "write the id of a pattern file, or no-match".to_owned());
                    let what = format!("the test expects `{}`, which is nothing", test.expect);
                    self.report(entry.source, test.offset, what, way_out);
                }
                self.set.trials.push(Trial {
                    file: entry.source.name.clone(),
                    line: line_of(&entry.source.text, test.offset),
                    language: entry.language.map(str::to_owned),
                    subject: test.subject.clone(),
                    body: test.body.clone(),
                    expect: test.expect.clone(),
                });
            }
        }
    }

    /// A mail that the file must find; and, where a new language may make the bot answer, one that it must leave alone.
    fn check_that_tests_are_there(&mut self, entry: &Entry<'_>, id: &str, action: Action) {
        let tests = &entry.raw.tests;
        if action != Action::Signal && !tests.iter().any(|t| t.expect == id) {
            let way_out = format!("add a [[test]] with a mail that it must find and `expect = \"{id}\"`");
            self.report(entry.source, 0, "the file has no test of its own", way_out);
        }
        if action == Action::Reply && entry.language.is_some() && tests.iter().all(|t| t.expect == id) {
            let way_out = "add a [[test]] with a mail that it must leave alone, such as `expect = \"no-match\"`";
            self.report(entry.source, 0, "the file has no test that must not hit", way_out);
        }
    }
}
