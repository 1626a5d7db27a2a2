//! What a pattern file is: its title, action and threshold; and which base file a language file adds to.

use crate::triage::load::{Entry, Loader};
use crate::triage::set::Topic;
use crate::triage::source::Action;
use crate::triage::suggest::did_you_mean;

pub(super) const DEFAULT_THRESHOLD: i32 = 3;
const DEFAULT_MARGIN: i32 = 1;
const DEFAULT_SURE: i32 = 58;
const DEFAULT_PLAUSIBLE: i32 = 42;

impl Loader<'_> {
    /// Gives every entry its topic; one without a topic is complained about.
    pub(super) fn add_topics(&mut self, entries: &mut [Entry<'_>]) {
        for entry in entries.iter_mut().filter(|e| e.language.is_none()) {
            entry.topic = self.set.topics.len();
            self.add_topic(entry);
        }
        for entry in entries.iter_mut().filter(|e| e.language.is_some()) {
            match self.set.topics.iter().position(|topic| topic.id == entry.stem()) {
                Some(topic) => entry.topic = topic,
                None => {
                    let known = self.set.topics.iter().map(|topic| topic.id.as_str());
                    let way_out = did_you_mean(entry.stem(), known)
                        .unwrap_or_else(|| "add it one folder up, with title and action".to_owned());
                    let what = format!("there is no base file `{}.toml` that this one could add to", entry.stem());
                    self.report(entry.source, 0, what, way_out);
                }
            }
        }
    }

    fn add_topic(&mut self, entry: &Entry<'_>) {
        let (source, file) = (entry.source, &entry.raw);
        let vocabulary_only = !file.groups.is_empty() && file.patterns.is_empty();
        let id = entry.stem().to_owned();
        if self.set.topics.iter().any(|t| t.id == id) {
            self.report(source, 0, format!("there are two files `{id}`"), "rename one of them");
        }
        if file.action.is_none() && !vocabulary_only && !source.text.contains("action") {
            let way_out = "add `action = \"reply\"`, `\"escalate\"`, `\"ignore\"` or `\"signal\"` at the top";
            self.report(source, 0, "the file has no action", way_out);
        }
        if file.title.is_none() && !vocabulary_only {
            self.report(source, 0, "the file has no title", "add `title = \"...\"`, a sentence for people");
        }
        if file.threshold.is_some_and(|t| t < 1) {
            let way_out = "write `threshold = 3` or another positive number";
            self.report(source, 0, "the threshold is below 1", way_out);
        }
        self.set.topics.push(Topic {
            id,
            title: file.title.clone().unwrap_or_default(),
            action: file.action.unwrap_or(Action::Signal),
            threshold: file.threshold.unwrap_or(DEFAULT_THRESHOLD),
            margin: file.margin.unwrap_or(DEFAULT_MARGIN),
            sure: file.sure.unwrap_or(DEFAULT_SURE),
            plausible: file.plausible.unwrap_or(DEFAULT_PLAUSIBLE),
            combine: file.combine.unwrap_or(false),
            file: source.name.clone(),
        });
    }
}
