//! Patterns into the set: signals in the order of their dependence, then all others, each phrase compiled.

use crate::problem::{SourceFile, line_of};
use crate::triage::load::{Entry, Loader};
use crate::triage::load_topics::DEFAULT_THRESHOLD;
use crate::triage::phrase::parse;
use crate::triage::program::{LARGEST_PHRASE, Program};
use crate::triage::set::{OneOf, Origin, Pattern};
use crate::triage::source::{Action, Located, RawPattern};
use crate::triage::suggest::did_you_mean;
use crate::triage::tongue::Tongues;
use crate::triage::vocabulary::{ANY, gap, size};

/// A pattern and the file it stands in.
type Written<'w, 'a> = (&'w Entry<'a>, &'w RawPattern);

/// All conditions of a pattern that name signals.
fn conditions(pattern: &RawPattern) -> impl Iterator<Item = &Located<String>> {
    [&pattern.needs, &pattern.near, &pattern.unless, &pattern.never_with].into_iter().flatten()
}

/// `a|b` names two signals.
fn names(entry: &Located<String>) -> impl Iterator<Item = &str> {
    entry.value.split('|').map(str::trim)
}

impl Loader<'_> {
    /// Signals first, in the order of their dependence, then all other patterns.
    pub(super) fn add_patterns(&mut self, entries: &[Entry<'_>]) {
        let (mut signals, mut others): (Vec<Written<'_, '_>>, Vec<Written<'_, '_>>) = (Vec::new(), Vec::new());
        for entry in entries {
            let signal = self.set.topics.get(entry.topic).is_some_and(|t| t.action == Action::Signal);
            for (at, pattern) in entry.raw.patterns.iter().enumerate() {
                let mut above = entry.raw.patterns.iter().take(at);
                let twice = above.any(|other| other.id == pattern.id)
                    || (signal && signals.iter().any(|(e, p)| e.language == entry.language && p.id == pattern.id));
                if twice {
                    let what = format!("the id `{}` is used twice", pattern.id);
                    self.report(entry.source, pattern.offset, what, "give one of them another id");
                }
                if signal { &mut signals } else { &mut others }.push((entry, pattern));
            }
        }
        let known: Vec<&str> = signals.iter().map(|(_, p)| p.id.as_str()).collect();
        for (entry, pattern) in signals.iter().chain(&others) {
            self.check_references(entry.source, pattern, &known);
        }
        self.add_signals(signals);
        for (entry, pattern) in others {
            self.add_pattern(entry, pattern, false);
        }
    }

    fn add_signals(&mut self, mut waiting: Vec<Written<'_, '_>>) {
        let depends = |p: &RawPattern, on: &str| conditions(p).any(|entry| names(entry).any(|id| id == on));
        while let Some((first, at_fault)) = waiting.first().copied() {
            let ready = waiting.iter().position(|(_, p)| !waiting.iter().any(|(_, other)| depends(p, &other.id)));
            let Some(ready) = ready else {
                let circle: Vec<&str> = waiting.iter().map(|(_, p)| p.id.as_str()).collect();
                let what = format!("signals depend on each other in a circle: {}", circle.join(", "));
                return self.report(first.source, at_fault.offset, what, "remove one of the conditions");
            };
            let (entry, pattern) = waiting.remove(ready);
            self.signals.entry(pattern.id.clone()).or_default().push(self.set.patterns.len());
            self.add_pattern(entry, pattern, true);
        }
    }

    fn check_references(&mut self, source: &SourceFile, pattern: &RawPattern, known: &[&str]) {
        for entry in conditions(pattern) {
            for id in names(entry).filter(|id| !known.contains(id)) {
                let way_out = did_you_mean(id, known.iter().copied())
                    .unwrap_or_else(|| "name a pattern of a file with `action = \"signal\"`".to_owned());
                self.report(source, entry.offset, format!("there is no signal `{id}`"), way_out);
            }
        }
    }

    fn add_pattern(&mut self, entry: &Entry<'_>, pattern: &RawPattern, signal: bool) {
        let source = entry.source;
        if signal && pattern.weight.is_some() {
            let what = format!("the signal `{}` has a weight", pattern.id);
            self.report(source, pattern.offset, what, "remove the weight: signals only serve other patterns");
        }
        let index = self.set.patterns.len();
        for (language, phrase) in &pattern.phrases {
            if let Some(program) = self.compile(source, phrase, language) {
                self.note(language, &phrase.value);
                let origin = self.origin(source, index, phrase.offset, language);
                self.set.phrases.push((program, origin));
            }
        }
        for expression in &pattern.regex {
            self.add_expression(entry, index, expression);
        }
        let language = entry.language.unwrap_or(ANY);
        let except = pattern.except.iter().filter_map(|p| self.compile(source, p, language)).collect();
        let tongue = self.tongue(language);
        let resolve = |entries: &[Located<String>]| -> Vec<OneOf> {
            let one_of = |e| names(e).filter_map(|id| self.signals.get(id)).flatten().copied().collect();
            entries.iter().map(one_of).collect()
        };
        let threshold = self.set.topics.get(entry.topic).map_or(DEFAULT_THRESHOLD, |t| t.threshold);
        let compiled = Pattern {
            id: pattern.id.clone(),
            topic: entry.topic,
            file: source.name.clone(),
            weight: pattern.weight.unwrap_or(threshold),
            place: pattern.place,
            tongue,
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

    fn add_expression(&mut self, entry: &Entry<'_>, index: usize, expression: &Located<String>) {
        match regex::RegexBuilder::new(&expression.value).size_limit(1 << 20).build() {
            Ok(regex) => {
                let language = entry.language.unwrap_or(ANY);
                let origin = self.origin(entry.source, index, expression.offset, language);
                self.set.regexes.push((regex, origin));
            }
            Err(error) => {
                let what = format!("the expression cannot be used: {}", error.to_string().replace('\n', " "));
                let way_out = "see https://docs.rs/regex/#syntax, or write a phrase";
                self.report(entry.source, expression.offset, what, way_out);
            }
        }
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

    fn note(&mut self, language: &str, phrase: &str) {
        if language != ANY {
            self.set.languages.note(language, phrase);
        }
    }

    fn tongue(&mut self, language: &str) -> Tongues {
        if language == ANY { Tongues::ALL } else { self.set.languages.tongue(language) }
    }

    fn origin(&mut self, source: &SourceFile, pattern: usize, offset: usize, language: &str) -> Origin {
        let (file, line, tongue) = (source.name.clone(), line_of(&source.text, offset), self.tongue(language));
        let language = if language == ANY { String::new() } else { language.to_owned() };
        Origin { pattern, file, line, tongue, language }
    }
}
