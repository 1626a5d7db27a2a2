//! Reads one TOML table key by key and collects every problem with its line. It knows no key of its own.

use std::ops::Range;
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::problem::{Problem, SourceFile};

/// A table being read. Keys that nobody asked for are problems, reported by [`Reader::finish`].
pub struct Reader<'a> {
    source: &'a SourceFile,
    /// Dotted name for messages; empty for the file itself.
    path: String,
    at: Range<usize>,
    table: Option<&'a DeTable<'a>>,
    known: Vec<String>,
    problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    pub fn new(source: &'a SourceFile, table: &'a Spanned<DeTable<'a>>) -> Self {
        Self {
            source,
            path: String::new(),
            at: 0..0,
            table: Some(table.get_ref()),
            known: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// The table `key`; absent is the same as empty.
    pub fn section(&mut self, key: &str) -> Reader<'a> {
        let mut section = Reader {
            source: self.source,
            path: self.name(key),
            at: self.at.clone(),
            table: None,
            known: Vec::new(),
            problems: Vec::new(),
        };
        if let Some(value) = self.value(key) {
            section.at = value.span();
            match value.get_ref().as_table() {
                Some(table) => section.table = Some(table),
                None => self.wrong(key, value, "a table"),
            }
        }
        section
    }

    pub fn has(&self, key: &str) -> bool {
        self.table.is_some_and(|table| table.keys().any(|known| known.get_ref() == key))
    }

    /// All keys, for tables whose keys the admin chooses.
    pub fn keys(&self) -> Vec<String> {
        self.table.map_or_else(Vec::new, |table| table.keys().map(|key| key.get_ref().to_string()).collect())
    }

    pub fn is_table(&self, key: &str) -> bool {
        self.peek(key).is_some_and(|value| value.get_ref().is_table())
    }

    pub fn string(&mut self, key: &str) -> Option<String> {
        self.typed(key, "a text in quotes", |value| value.as_str().map(str::to_owned))
    }

    pub fn boolean(&mut self, key: &str) -> Option<bool> {
        self.typed(key, "true or false", DeValue::as_bool)
    }

    pub fn integer(&mut self, key: &str, range: Range<u64>) -> Option<u64> {
        let wanted = format!("a whole number from {} to {}", range.start, range.end - 1);
        self.typed(key, &wanted, |value| {
            let number = value.as_integer()?;
            u64::from_str_radix(number.as_str(), number.radix()).ok().filter(|number| range.contains(number))
        })
    }

    /// `"90s"`, `"5m"`, `"72h"`, `"3d"`.
    pub fn duration(&mut self, key: &str) -> Option<Duration> {
        self.typed(key, "a duration such as \"90s\", \"5m\", \"72h\" or \"3d\"", |value| {
            parse_duration(value.as_str()?)
        })
    }

    /// `"25MB"`, `"64kB"`.
    pub fn size(&mut self, key: &str) -> Option<u64> {
        self.typed(key, "a size such as \"64kB\" or \"25MB\"", |value| parse_size(value.as_str()?))
    }

    pub fn strings(&mut self, key: &str) -> Option<Vec<String>> {
        self.typed(key, "a list of texts, such as [\"a\", \"b\"]", |value| {
            value.as_array()?.iter().map(|item| item.get_ref().as_str().map(str::to_owned)).collect()
        })
    }

    /// One word out of `choices`.
    pub fn choice<T: Copy>(&mut self, key: &str, choices: &[(&str, T)]) -> Option<T> {
        let names: Vec<String> = choices.iter().map(|(name, _)| format!("\"{name}\"")).collect();
        let wanted = format!("one of {}", names.join(", "));
        self.typed(key, &wanted, |value| {
            let word = value.as_str()?;
            choices.iter().find(|(name, _)| *name == word).map(|(_, choice)| *choice)
        })
    }

    /// Complains that `key` is not there.
    pub fn missing(&mut self, key: &str, way_out: &str) {
        let what = format!("`{}` is missing", self.name(key));
        self.problems.push(Problem::at(self.source, self.at.start, what, way_out));
    }

    /// Complains about the value of `key`, or about the table where the key is absent.
    pub fn complain(&mut self, key: &str, what: impl Into<String>, way_out: impl Into<String>) {
        let at = self.peek(key).map_or(self.at.start, |value| value.span().start);
        self.problems.push(Problem::at(self.source, at, what, way_out));
    }

    /// All problems of this table, those keys included that are not known here.
    pub fn finish(mut self) -> Vec<Problem> {
        for key in self.table.iter().flat_map(|table| table.keys()) {
            let name: &str = key.get_ref();
            if self.known.iter().any(|known| known == name) {
                continue;
            }
            let near = self.known.iter().min_by_key(|known| distance(known, name));
            let way_out = match near.filter(|known| distance(known, name) <= 1 + name.len() / 4) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("remove it; known here: {}", self.known.join(", ")),
            };
            let what = format!("`{}` is no known key", self.name(name));
            self.problems.push(Problem::at(self.source, key.span().start, what, way_out));
        }
        self.problems
    }

    /// Like [`Reader::finish`] where the admin chooses the keys.
    pub fn finish_open(self) -> Vec<Problem> {
        self.problems
    }

    fn typed<T>(&mut self, key: &str, wanted: &str, read: impl Fn(&'a DeValue<'a>) -> Option<T>) -> Option<T> {
        let value = self.value(key)?;
        let read = read(value.get_ref());
        if read.is_none() {
            self.wrong(key, value, wanted);
        }
        read
    }

    fn wrong(&mut self, key: &str, value: &Spanned<DeValue<'_>>, wanted: &str) {
        let what = format!("`{}` has a value that does not fit", self.name(key));
        self.problems.push(Problem::at(self.source, value.span().start, what, format!("give {wanted}")));
    }

    fn value(&mut self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.known.push(key.to_owned());
        self.peek(key)
    }

    fn peek(&self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.table?.iter().find(|(known, _)| known.get_ref() == key).map(|(_, value)| value)
    }

    fn name(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }
}

fn parse_duration(text: &str) -> Option<Duration> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number: u64 = digits.trim().parse().ok()?;
    let seconds = match text.strip_prefix(digits)? {
        "ms" => return Some(Duration::from_millis(number)),
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return None,
    };
    number.checked_mul(seconds).filter(|seconds| *seconds < 400 * 86_400).map(Duration::from_secs)
}

fn parse_size(text: &str) -> Option<u64> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number: u64 = digits.trim().parse().ok()?;
    let unit: u64 = match text.strip_prefix(digits)?.to_ascii_lowercase().as_str() {
        "b" => 1,
        "kb" => 1_000,
        "mb" => 1_000_000,
        _ => return None,
    };
    number.checked_mul(unit).filter(|bytes| *bytes <= 1_000_000_000)
}

/// Edit distance, for "did you mean".
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (y, cell) in b.iter().zip(row.iter_mut().skip(1)) {
            let above = *cell;
            let cost = if x == *y { diagonal } else { 1 + diagonal.min(above).min(left) };
            diagonal = above;
            left = cost;
            *cell = cost;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_sizes_have_units() {
        assert_eq!(parse_duration("90s"), Some(Duration::from_secs(90)));
        assert_eq!(parse_duration("3d"), Some(Duration::from_secs(259_200)));
        assert_eq!(parse_duration("3"), None);
        assert_eq!(parse_duration("s"), None);
        assert_eq!(parse_size("25MB"), Some(25_000_000));
        assert_eq!(parse_size("25"), None);
    }

    #[test]
    fn edit_distance_counts_changes() {
        assert_eq!(distance("pasword", "password"), 1);
        assert_eq!(distance("host", "port"), 2);
        assert_eq!(distance("", "ab"), 2);
    }
}
