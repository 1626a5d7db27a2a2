//! Pattern files to plain data: walks the TOML and names every key that does not belong, every value of the wrong
//! kind, with its line. It does not look inside phrases.

use crate::problem::{Problem, SourceFile};
use crate::triage::source::{Action, Located, Place, RawFile, RawPattern, RawTest};
use crate::triage::suggest::did_you_mean;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

const FILE_KEYS: [&str; 10] =
    ["title", "action", "threshold", "margin", "sure", "plausible", "combine", "pattern", "test", "group"];
/// What a file in a language folder leaves to the base file of its name.
const BASE_KEYS: [&str; 7] = ["title", "action", "threshold", "margin", "sure", "plausible", "combine"];
const PATTERN_KEYS: [&str; 10] =
    ["id", "weight", "needs", "near", "unless", "never-with", "except", "in", "regex", "any"];
const TEST_KEYS: [&str; 4] = ["subject", "body", "expect", "note"];

/// Reads one file; whatever can be read is returned beside the problems. `language` is the folder it lies in, `None`
/// for base files.
pub fn read(source: &SourceFile, language: Option<&str>) -> (RawFile, Vec<Problem>) {
    let (table, errors) = DeTable::parse_recoverable(&source.text);
    let mut reader = Reader { source, language, problems: Vec::new() };
    for error in errors {
        let offset = error.span().map_or(0, |span| span.start);
        reader.problem(offset, error.message().replace('\n', ", "), "correct the TOML, see https://toml.io");
    }
    let mut file = RawFile::default();
    for (key, value) in table.get_ref() {
        let offset = key.span().start;
        match key.get_ref().as_ref() {
            base if language.is_some() && BASE_KEYS.contains(&base) => {
                let what = format!("`{base}` belongs to the base file, not into a language folder");
                reader.problem(offset, what, "remove it here");
            }
            "title" => file.title = reader.string(value).map(|s| s.value),
            "action" => file.action = reader.action(value),
            "threshold" => file.threshold = reader.number(value),
            "margin" => file.margin = reader.number(value),
            "sure" => file.sure = reader.percent(value),
            "plausible" => file.plausible = reader.percent(value),
            "combine" => file.combine = reader.yes_or_no(value),
            "pattern" => {
                file.patterns = reader.tables(value).into_iter().map(|(at, t)| reader.pattern(at, t)).collect()
            }
            "test" => file.tests = reader.tables(value).into_iter().map(|(at, t)| reader.test(at, t)).collect(),
            "group" => file.groups = reader.groups(value),
            other => reader.unknown(offset, other, &FILE_KEYS),
        }
    }
    (file, reader.problems)
}

/// Whether a key names a language: two or three letters, or `any`.
fn is_language(key: &str) -> bool {
    key == "any" || ((2..=3).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_lowercase()))
}

struct Reader<'a> {
    source: &'a SourceFile,
    language: Option<&'a str>,
    problems: Vec<Problem>,
}

type Value<'i> = Spanned<DeValue<'i>>;

impl Reader<'_> {
    fn problem(&mut self, offset: usize, what: impl Into<String>, way_out: impl Into<String>) {
        self.problems.push(Problem::at(self.source, offset, what, way_out));
    }

    fn unknown(&mut self, offset: usize, key: &str, known: &[&str]) {
        let way_out = did_you_mean(key, known.iter().copied())
            .unwrap_or_else(|| format!("remove it; known here: {}", known.join(", ")));
        self.problem(offset, format!("the key `{key}` is not known here"), way_out);
    }

    fn wrong(&mut self, span: Range<usize>, found: &DeValue<'_>, wanted: &str) {
        self.problem(
            span.start,
            format!("{wanted} is wanted here, not a {}", found.type_str()),
            format!("write {wanted}"),
        );
    }

    fn string(&mut self, value: &Value<'_>) -> Option<Located<String>> {
        let text = value.get_ref().as_str().map(|s| Located { value: s.to_owned(), offset: value.span().start });
        if text.is_none() {
            self.wrong(value.span(), value.get_ref(), "a text in quotes");
        }
        text
    }

    fn number(&mut self, value: &Value<'_>) -> Option<i32> {
        let number = value.get_ref().as_integer().and_then(|n| i32::from_str_radix(n.as_str(), n.radix()).ok());
        if number.is_none() {
            self.wrong(value.span(), value.get_ref(), "a whole number");
        }
        number
    }

    fn percent(&mut self, value: &Value<'_>) -> Option<i32> {
        let number = self.number(value)?;
        if !(1..=100).contains(&number) {
            self.problem(value.span().start, "this is no share of a hundred", "write a whole number from 1 to 100");
        }
        Some(number)
    }

    fn yes_or_no(&mut self, value: &Value<'_>) -> Option<bool> {
        let told = value.get_ref().as_bool();
        if told.is_none() {
            self.wrong(value.span(), value.get_ref(), "`true` or `false`");
        }
        told
    }

    /// A list of texts; a single text stands for a list of one.
    fn strings(&mut self, value: &Value<'_>) -> Vec<Located<String>> {
        match value.get_ref() {
            DeValue::Array(items) => items.iter().filter_map(|item| self.string(item)).collect(),
            _ => self.string(value).into_iter().collect(),
        }
    }

    fn action(&mut self, value: &Value<'_>) -> Option<Action> {
        let text = self.string(value)?;
        let known = ["reply", "escalate", "ignore", "signal"];
        let action = match text.value.as_str() {
            "reply" => Action::Reply,
            "escalate" => Action::Escalate,
            "ignore" => Action::Ignore,
            "signal" => Action::Signal,
            other => {
                let way_out =
                    did_you_mean(other, known).unwrap_or_else(|| format!("write one of {}", known.join(", ")));
                self.problem(text.offset, format!("`{other}` is no action"), way_out);
                return None;
            }
        };
        Some(action)
    }

    fn place(&mut self, value: &Value<'_>) -> Option<Place> {
        let text = self.string(value)?;
        let known = ["subject", "opening", "body"];
        Some(match text.value.as_str() {
            "subject" => Place::Subject,
            "opening" => Place::Opening,
            "body" => Place::Body,
            other => {
                let way_out =
                    did_you_mean(other, known).unwrap_or_else(|| format!("write one of {}", known.join(", ")));
                self.problem(text.offset, format!("`{other}` is no part of a mail"), way_out);
                return None;
            }
        })
    }

    fn tables<'v, 'i>(&mut self, value: &'v Value<'i>) -> Vec<(usize, &'v DeTable<'i>)> {
        let Some(items) = value.get_ref().as_array() else {
            self.wrong(value.span(), value.get_ref(), "a block in double brackets such as [[pattern]]");
            return Vec::new();
        };
        items.iter().filter_map(|item| Some((item.span().start, item.get_ref().as_table()?))).collect()
    }

    fn pattern(&mut self, offset: usize, table: &DeTable<'_>) -> RawPattern {
        let mut pattern = RawPattern { offset, ..RawPattern::default() };
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "id" => pattern.id = self.string(value).map(|s| s.value).unwrap_or_default(),
                "weight" => pattern.weight = self.number(value),
                "needs" => pattern.needs = self.strings(value),
                "near" => pattern.near = self.strings(value),
                "unless" => pattern.unless = self.strings(value),
                "never-with" => pattern.never_with = self.strings(value),
                "except" => pattern.except = self.strings(value),
                "regex" => pattern.regex = self.strings(value),
                "in" => pattern.place = self.place(value),
                "phrases" if self.language.is_some() => {
                    let language = self.language.unwrap_or_default();
                    let phrases = self.strings(value).into_iter().map(|p| (language.to_owned(), p));
                    pattern.phrases.extend(phrases);
                }
                other if is_language(other) && self.language.is_some() => {
                    let what = format!("`{other}` names a language, and the folder has named one already");
                    self.problem(key.span().start, what, "write `phrases = [...]`");
                }
                language if is_language(language) => {
                    let phrases = self.strings(value).into_iter().map(|p| (language.to_owned(), p));
                    pattern.phrases.extend(phrases);
                }
                other => self.unknown(key.span().start, other, &PATTERN_KEYS),
            }
        }
        if pattern.id.is_empty() {
            self.problem(offset, "a pattern has no id", "add `id = \"what-it-means\"`");
        }
        if pattern.phrases.is_empty() && pattern.regex.is_empty() {
            let what = format!("the pattern `{}` has no phrases", pattern.id);
            let key = self.language.map_or("en", |_| "phrases");
            self.problem(offset, what, format!("add a list such as `{key} = [\"...\"]`, or remove the pattern"));
        }
        pattern
    }

    fn test(&mut self, offset: usize, table: &DeTable<'_>) -> RawTest {
        let mut test = RawTest { offset, ..RawTest::default() };
        for (key, value) in table {
            let text = |reader: &mut Self| reader.string(value).map(|s| s.value).unwrap_or_default();
            match key.get_ref().as_ref() {
                "subject" => test.subject = text(self),
                "body" => test.body = text(self),
                "expect" => test.expect = text(self),
                "note" => drop(text(self)),
                other => self.unknown(key.span().start, other, &TEST_KEYS),
            }
        }
        if test.expect.is_empty() {
            self.problem(offset, "a test says not what it expects", "add `expect = \"...\"`: a file's id, or no-match");
        }
        if test.subject.is_empty() && test.body.is_empty() {
            self.problem(offset, "a test has no text", "add `body = \"...\"` or `subject = \"...\"`");
        }
        test
    }

    fn groups(&mut self, value: &Value<'_>) -> Vec<(String, String, Located<String>)> {
        let mut all = Vec::new();
        let Some(groups) = value.get_ref().as_table() else {
            self.wrong(value.span(), value.get_ref(), "a table such as [group.money]");
            return all;
        };
        for (name, languages) in groups {
            if let Some(language) = self.language {
                let members = self.strings(languages).into_iter();
                all.extend(members.map(|m| (name.get_ref().to_string(), language.to_owned(), m)));
                continue;
            }
            let Some(languages) = languages.get_ref().as_table() else {
                let what = format!("the word group `{}` has no languages", name.get_ref());
                self.problem(
                    name.span().start,
                    what,
                    format!("write [group.{}] and `en = [...]` under it", name.get_ref()),
                );
                continue;
            };
            for (language, words) in languages {
                if !is_language(language.get_ref()) {
                    let what = format!("`{}` is no language", language.get_ref());
                    self.problem(language.span().start, what, "write an ISO 639-1 code such as `en`, or `any`");
                }
                let members = self.strings(words);
                all.extend(
                    members.into_iter().map(|m| (name.get_ref().to_string(), language.get_ref().to_string(), m)),
                );
            }
        }
        all
    }
}
