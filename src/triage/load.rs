//! Pattern files to a `PatternSet`: checks every file and lists every problem of all of them at once. Its rooms:
//! what a file is (`load_topics.rs`), its patterns (`load_patterns.rs`), its tests (`load_trials.rs`).

use crate::problem::{Problem, SourceFile};
use crate::triage::files::{languages, stem};
use crate::triage::index::index;
use crate::triage::keywords::table;
use crate::triage::phrase::{Complaint, Node};
use crate::triage::read::read;
use crate::triage::set::PatternSet;
use crate::triage::source::RawFile;
use crate::triage::vocabulary::{ANY, Vocabulary};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};

impl PatternSet {
    /// Compiles all files together; their order does not matter. A file `<language>/<name>.toml` adds to the base
    /// file `<name>.toml`.
    pub fn load(files: &[SourceFile]) -> Result<Self, Vec<Problem>> {
        let mut files: Vec<&SourceFile> = files.iter().collect();
        files.sort_by(|a, b| a.name.cmp(&b.name));
        let mut loader = Loader::default();
        let mut entries = Vec::new();
        let (tables, files): (Vec<&SourceFile>, Vec<&SourceFile>) =
            files.into_iter().partition(|file| file.name.ends_with(table::NAME));
        for source in &tables {
            match table::read(source) {
                Ok(keywords) => loader.set.keywords = Some(keywords),
                Err(problem) => loader.problems.push(problem),
            }
        }
        for (source, language) in files.iter().zip(languages(&files)) {
            let (raw, problems) = read(source, language);
            loader.problems.extend(problems);
            entries.push(Entry { source, language, raw, topic: usize::MAX });
        }
        loader.set.fingerprint = fingerprint(&entries, &tables);
        for entry in &entries {
            loader.add_groups(entry);
        }
        loader.check_groups();
        loader.add_topics(&mut entries);
        loader.add_patterns(&entries);
        loader.check_tests(&entries);
        loader.finish()
    }
}

/// One file on its way into the set.
pub(super) struct Entry<'a> {
    pub source: &'a SourceFile,
    /// The language folder it lies in; `None` for base files.
    pub language: Option<&'a str>,
    pub raw: RawFile,
    /// Index of its topic, of the base file's for files in language folders.
    pub topic: usize,
}

impl Entry<'_> {
    pub fn stem(&self) -> &str {
        stem(&self.source.name)
    }
}

fn fingerprint(entries: &[Entry<'_>], tables: &[&SourceFile]) -> String {
    let mut hash = Sha256::new();
    let files = entries.iter().map(|entry| [entry.language.unwrap_or(""), entry.stem(), &entry.source.text]);
    for parts in files.chain(tables.iter().map(|table| ["", table::NAME, &table.text])) {
        for part in parts {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
    }
    hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

#[derive(Default)]
pub(super) struct Loader<'a> {
    pub set: PatternSet,
    pub vocabulary: Vocabulary,
    /// Where each group is written first.
    groups: BTreeMap<(String, String), (&'a SourceFile, usize)>,
    /// Signal id to the patterns of that id, one per language at most, as indices into `set.patterns`.
    pub signals: HashMap<String, Vec<usize>>,
    pub problems: Vec<Problem>,
}

impl<'a> Loader<'a> {
    pub fn problem(&mut self, source: &SourceFile, offset: usize, complaint: Complaint) {
        self.problems.push(Problem::at(source, offset, complaint.what, complaint.way_out));
    }

    pub fn report(&mut self, source: &SourceFile, offset: usize, what: impl Into<String>, way_out: impl Into<String>) {
        self.problem(source, offset, Complaint { what: what.into(), way_out: way_out.into() });
    }

    fn add_groups(&mut self, entry: &Entry<'a>) {
        for (group, language, member) in &entry.raw.groups {
            let key = (group.clone(), language.clone());
            let (first, _) = *self.groups.entry(key).or_insert((entry.source, member.offset));
            if first.name != entry.source.name {
                let what = format!("the word group {{{group}}} has `{language}` words in {} already", first.name);
                self.report(entry.source, member.offset, what, "keep all words of one language in one place");
            }
            if language != ANY {
                self.set.languages.note(language, &member.value);
            }
            if let Err(complaint) = self.vocabulary.add(group, language, &member.value) {
                self.problem(entry.source, member.offset, complaint);
            }
        }
    }

    /// Circles and unknown names inside groups, told once where the group is and not at every phrase that uses it.
    fn check_groups(&mut self) {
        for ((group, language), (source, offset)) in self.groups.clone() {
            if let Err(complaint) = self.vocabulary.resolve(&Node::Group(group), &language) {
                self.problem(source, offset, complaint);
            }
        }
    }

    fn finish(mut self) -> Result<PatternSet, Vec<Problem>> {
        if !self.problems.is_empty() {
            self.problems.sort();
            self.problems.dedup();
            return Err(self.problems);
        }
        let local: Vec<usize> =
            self.set.patterns.iter().flat_map(|p| p.near.iter().chain(&p.unless).flatten().copied()).collect();
        for (at, pattern) in self.set.patterns.iter_mut().enumerate() {
            pattern.local = local.contains(&at);
        }
        index(&mut self.set);
        Ok(self.set)
    }
}
