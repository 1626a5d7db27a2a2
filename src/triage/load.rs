//! Pattern files to a `PatternSet`: checks every file and lists every problem of all of them at once.

use crate::problem::{Problem, SourceFile, line_of};
use crate::triage::phrase::{Complaint, parse};
use crate::triage::program::{LARGEST_PHRASE, Program};
use crate::triage::set::{OneOf, Origin, Pattern, PatternSet, Topic, Trial};
use crate::triage::source::{Action, Located, RawFile, RawPattern, read};
use crate::triage::suggest::did_you_mean;
use crate::triage::vocabulary::{ANY, Vocabulary, gap, size};
use crate::triage::words::{Class, Words};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};

const DEFAULT_THRESHOLD: i32 = 3;
const DEFAULT_MARGIN: i32 = 1;

/// The outcomes a test may expect beside the ids of files.
pub const OTHER_OUTCOMES: [&str; 2] = ["no-match", "ambiguous"];

impl PatternSet {
    /// Compiles all files together; their order does not matter.
    pub fn load(files: &[SourceFile]) -> Result<Self, Vec<Problem>> {
        let mut files: Vec<&SourceFile> = files.iter().collect();
        files.sort_by(|a, b| a.name.cmp(&b.name));
        let mut loader = Loader::new(fingerprint(&files));
        let raw: Vec<(&SourceFile, RawFile)> = files
            .iter()
            .map(|source| {
                let (file, problems) = read(source);
                loader.problems.extend(problems);
                (*source, file)
            })
            .collect();
        for (source, file) in &raw {
            loader.add_groups(source, file);
        }
        loader.check_groups();
        for (source, file) in &raw {
            loader.add_topic(source, file);
        }
        loader.add_patterns(&raw);
        loader.check_tests(&raw);
        loader.finish()
    }
}

/// File name without folders and `.toml`.
fn id_of(name: &str) -> &str {
    let base = name.rsplit('/').next().unwrap_or(name);
    base.strip_suffix(".toml").unwrap_or(base)
}

fn fingerprint(files: &[&SourceFile]) -> String {
    let mut hash = Sha256::new();
    for file in files {
        for part in [id_of(&file.name), &file.text] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
    }
    hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

struct Loader<'a> {
    set: PatternSet,
    vocabulary: Vocabulary,
    /// Where each group is written first.
    groups: BTreeMap<(String, String), (&'a SourceFile, usize)>,
    /// Signal id to its index in `set.patterns`.
    signals: HashMap<String, usize>,
    problems: Vec<Problem>,
}

impl<'a> Loader<'a> {
    fn new(fingerprint: String) -> Self {
        let set = PatternSet {
            topics: Vec::new(),
            patterns: Vec::new(),
            phrases: Vec::new(),
            regexes: Vec::new(),
            words: Words::default(),
            demands: Vec::new(),
            anchors: Vec::new(),
            meets: Vec::new(),
            trials: Vec::new(),
            fingerprint,
        };
        let (groups, signals) = (BTreeMap::new(), HashMap::new());
        Self { set, vocabulary: Vocabulary::default(), groups, signals, problems: Vec::new() }
    }

    fn problem(&mut self, source: &SourceFile, offset: usize, complaint: Complaint) {
        self.problems.push(Problem::at(source, offset, complaint.what, complaint.way_out));
    }

    fn report(&mut self, source: &SourceFile, offset: usize, what: String, way_out: impl Into<String>) {
        self.problem(source, offset, Complaint { what, way_out: way_out.into() });
    }

    fn add_groups(&mut self, source: &'a SourceFile, file: &RawFile) {
        for (group, language, member) in &file.groups {
            let key = (group.clone(), language.clone());
            let (first, _) = *self.groups.entry(key).or_insert((source, member.offset));
            if first.name != source.name {
                let what = format!("the word group {{{group}}} has `{language}` words in {} already", first.name);
                self.report(source, member.offset, what, "keep all words of one language in one place");
            }
            if let Err(complaint) = self.vocabulary.add(group, language, &member.value) {
                self.problem(source, member.offset, complaint);
            }
        }
    }

    /// Circles and unknown names inside groups, told once where the group is and not at every phrase that uses it.
    fn check_groups(&mut self) {
        for ((group, language), (source, offset)) in self.groups.clone() {
            let node = crate::triage::phrase::Node::Group(group);
            if let Err(complaint) = self.vocabulary.resolve(&node, &language) {
                self.problem(source, offset, complaint);
            }
        }
    }

    fn add_topic(&mut self, source: &SourceFile, file: &RawFile) {
        let vocabulary_only = !file.groups.is_empty() && file.patterns.is_empty();
        let id = id_of(&source.name).to_owned();
        if self.set.topics.iter().any(|t| t.id == id) {
            self.report(source, 0, format!("there are two files `{id}`"), "rename one of them");
        }
        if file.action.is_none() && !vocabulary_only && !source.text.contains("action") {
            let way_out = "add `action = \"reply\"`, `\"escalate\"`, `\"ignore\"` or `\"signal\"` at the top";
            self.report(source, 0, "the file has no action".to_owned(), way_out);
        }
        if file.title.is_none() && !vocabulary_only {
            self.report(source, 0, "the file has no title".to_owned(), "add `title = \"...\"`, a sentence for people");
        }
        if file.threshold.is_some_and(|t| t < 1) {
            self.report(
                source,
                0,
                "the threshold is below 1".to_owned(),
                "write `threshold = 3` or another positive number",
            );
        }
        self.set.topics.push(Topic {
            id,
            title: file.title.clone().unwrap_or_default(),
            action: file.action.unwrap_or(Action::Signal),
            threshold: file.threshold.unwrap_or(DEFAULT_THRESHOLD),
            margin: file.margin.unwrap_or(DEFAULT_MARGIN),
            file: source.name.clone(),
        });
    }

    /// Signals first, in the order of their dependence, then all other patterns.
    fn add_patterns(&mut self, raw: &[(&SourceFile, RawFile)]) {
        let mut waiting: Vec<(usize, &RawPattern)> = Vec::new();
        let mut others = Vec::new();
        for (topic, (source, file)) in raw.iter().enumerate() {
            let signal = self.set.topics.get(topic).is_some_and(|t| t.action == Action::Signal);
            let mut ids: Vec<&str> = Vec::new();
            for pattern in &file.patterns {
                let twice = ids.contains(&pattern.id.as_str())
                    || (signal && waiting.iter().any(|(_, other)| other.id == pattern.id));
                if twice {
                    let what = format!("the id `{}` is used twice", pattern.id);
                    self.report(source, pattern.offset, what, "give one of them another id");
                }
                ids.push(&pattern.id);
                if signal { &mut waiting } else { &mut others }.push((topic, pattern));
            }
        }
        let known: Vec<String> = waiting.iter().map(|(_, p)| p.id.clone()).collect();
        for (topic, pattern) in waiting.iter().chain(&others) {
            if let Some((source, _)) = raw.get(*topic) {
                self.check_references(source, pattern, &known);
            }
        }
        let depends = |p: &RawPattern, on: &str| {
            let lists = [&p.needs, &p.near, &p.unless, &p.never_with];
            lists.into_iter().flatten().any(|entry| entry.value.split('|').any(|id| id.trim() == on))
        };
        while !waiting.is_empty() {
            let ready = waiting.iter().position(|(_, p)| !waiting.iter().any(|(_, other)| depends(p, &other.id)));
            let Some(ready) = ready else {
                let circle: Vec<&str> = waiting.iter().map(|(_, p)| p.id.as_str()).collect();
                let what = format!("signals depend on each other in a circle: {}", circle.join(", "));
                if let Some((topic, pattern)) = waiting.first()
                    && let Some((source, _)) = raw.get(*topic)
                {
                    self.report(source, pattern.offset, what, "remove one of the conditions");
                }
                break;
            };
            let (topic, pattern) = waiting.remove(ready);
            self.signals.insert(pattern.id.clone(), self.set.patterns.len());
            self.add_pattern(raw, topic, pattern, true);
        }
        for (topic, pattern) in others {
            self.add_pattern(raw, topic, pattern, false);
        }
    }

    fn check_references(&mut self, source: &SourceFile, pattern: &RawPattern, known: &[String]) {
        for entry in [&pattern.needs, &pattern.near, &pattern.unless, &pattern.never_with].into_iter().flatten() {
            for id in entry.value.split('|').map(str::trim) {
                if !known.iter().any(|k| k == id) {
                    let way_out = did_you_mean(id, known.iter().map(String::as_str))
                        .unwrap_or_else(|| "name a pattern of a file with `action = \"signal\"`".to_owned());
                    self.report(source, entry.offset, format!("there is no signal `{id}`"), way_out);
                }
            }
        }
    }

    fn add_pattern(&mut self, raw: &[(&SourceFile, RawFile)], topic: usize, pattern: &RawPattern, signal: bool) {
        let Some((source, _)) = raw.get(topic) else { return };
        let threshold = self.set.topics.get(topic).map_or(DEFAULT_THRESHOLD, |t| t.threshold);
        if signal && pattern.weight.is_some() {
            let what = format!("the signal `{}` has a weight", pattern.id);
            self.report(source, pattern.offset, what, "remove the weight: signals only serve other patterns");
        }
        let index = self.set.patterns.len();
        for (language, phrase) in &pattern.phrases {
            if let Some(program) = self.compile(source, phrase, language) {
                let origin = self.origin(source, index, phrase.offset, language);
                self.set.phrases.push((program, origin));
            }
        }
        for expression in &pattern.regex {
            match regex::RegexBuilder::new(&expression.value).size_limit(1 << 20).build() {
                Ok(regex) => {
                    let origin = self.origin(source, index, expression.offset, ANY);
                    self.set.regexes.push((regex, origin));
                }
                Err(error) => {
                    let what = format!("the expression cannot be used: {}", error.to_string().replace('\n', " "));
                    self.report(
                        source,
                        expression.offset,
                        what,
                        "see https://docs.rs/regex/#syntax, or write a phrase",
                    );
                }
            }
        }
        let except = pattern.except.iter().filter_map(|p| self.compile(source, p, ANY)).collect();
        let resolve = |entries: &[Located<String>]| -> Vec<OneOf> {
            let one_of = |e: &Located<String>| {
                e.value.split('|').filter_map(|id| self.signals.get(id.trim()).copied()).collect()
            };
            entries.iter().map(one_of).collect()
        };
        let compiled = Pattern {
            id: pattern.id.clone(),
            topic,
            weight: pattern.weight.unwrap_or(threshold),
            place: pattern.place,
            except,
            needs: resolve(&pattern.needs),
            never_with: resolve(&pattern.never_with),
            near: resolve(&pattern.near),
            unless: resolve(&pattern.unless),
            signal,
            local: false,
        };
        self.set.patterns.push(compiled);
    }

    fn origin(&self, source: &SourceFile, pattern: usize, offset: usize, language: &str) -> Origin {
        let language = if language == ANY { String::new() } else { language.to_owned() };
        Origin { pattern, file: source.name.clone(), line: line_of(&source.text, offset), language }
    }

    fn compile(&mut self, source: &SourceFile, phrase: &Located<String>, language: &str) -> Option<Program> {
        let parsed = parse(&phrase.value, gap(language)).and_then(|mut parsed| {
            parsed.node = self.vocabulary.resolve(&parsed.node, language)?;
            Ok(parsed)
        });
        let parsed = match parsed {
            Ok(parsed) => parsed,
            Err(complaint) => {
                self.problem(source, phrase.offset, complaint);
                return None;
            }
        };
        let positions = size(&parsed.node);
        if positions > LARGEST_PHRASE {
            let what = format!("\"{}\" grows to {positions} parts with its word groups", phrase.value);
            self.report(source, phrase.offset, what, format!("at most {LARGEST_PHRASE}: use smaller word groups"));
            return None;
        }
        let program = Program::compile(&parsed, positions, &mut self.set.words);
        if program.is_none() {
            let what = format!("\"{}\" has no word that must be there", phrase.value);
            self.report(source, phrase.offset, what, "take one word out of its square brackets");
        }
        program
    }

    fn check_tests(&mut self, raw: &[(&SourceFile, RawFile)]) {
        let topics: Vec<(String, Action)> = self.set.topics.iter().map(|t| (t.id.clone(), t.action)).collect();
        for ((source, file), (id, action)) in raw.iter().zip(&topics) {
            if *action != Action::Signal && !file.tests.iter().any(|t| t.expect == *id) {
                let way_out = format!("add a [[test]] with a mail that it must find and `expect = \"{id}\"`");
                self.report(source, 0, "the file has no test of its own".to_owned(), way_out);
            }
            for test in &file.tests {
                let known = || {
                    let ids = topics.iter().filter(|(_, a)| *a != Action::Signal).map(|(id, _)| id.as_str());
                    ids.chain(OTHER_OUTCOMES)
                };
                if !test.expect.is_empty() && !known().any(|k| k == test.expect) {
                    let way_out = did_you_mean(&test.expect, known())
                        .unwrap_or_else(|| "write the id of a pattern file, or no-match".to_owned());
                    self.report(
                        source,
                        test.offset,
                        format!("the test expects `{}`, which is nothing", test.expect),
                        way_out,
                    );
                }
                self.set.trials.push(Trial {
                    file: source.name.clone(),
                    line: line_of(&source.text, test.offset),
                    subject: test.subject.clone(),
                    body: test.body.clone(),
                    expect: test.expect.clone(),
                });
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

/// Numbers the demands of all phrases (many share them) and lists each phrase under its rarest demand.
fn index(set: &mut PatternSet) {
    let mut numbers: HashMap<&Vec<Class>, usize> = HashMap::new();
    let mut wanted = vec![0usize; set.words.len()];
    let mut meets = vec![Vec::new(); set.words.len()];
    let mut demands = Vec::new();
    for (program, _) in &set.phrases {
        let mut own = Vec::new();
        for classes in &program.required {
            let next = numbers.len();
            let number = *numbers.entry(classes).or_insert(next);
            for class in classes.iter().map(|c| *c as usize) {
                if let (Some(times), Some(met)) = (wanted.get_mut(class), meets.get_mut(class)) {
                    *times += 1;
                    if number == next {
                        met.push(number);
                    }
                }
            }
            own.push(number);
        }
        demands.push(own);
    }
    let times = |class: &Class| wanted.get(*class as usize).copied().unwrap_or(0);
    let mut anchors = vec![Vec::new(); numbers.len()];
    for (phrase, (program, _)) in set.phrases.iter().enumerate() {
        let rarest = program.required.iter().min_by_key(|classes| classes.iter().map(times).sum::<usize>());
        let number = rarest.and_then(|classes| numbers.get(classes));
        if let Some(list) = number.and_then(|number| anchors.get_mut(*number)) {
            list.push(phrase);
        }
    }
    (set.demands, set.anchors, set.meets) = (demands, anchors, meets);
}
