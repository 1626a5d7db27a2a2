//! The table of keywords as a file that people can read and search: one keyword a line, one column for each outcome.
//! Nobody writes it by hand: `paytriage learn` counts it from labelled mails.

use super::Keywords;
use super::keys::Keys;
use super::learn::Learned;
use super::terms::{BORDER, PIECE, key, pieces};
use crate::problem::{Problem, SourceFile};
use crate::triage::lists::Lists;
use crate::triage::text::stands_alone;
use crate::triage::words::hash;

/// The file's name, beside the pattern files.
pub const NAME: &str = "keywords.tsv";
/// The line of what stands before any keyword is seen.
const BIAS: &str = "*";
/// Weights are written in hundredths.
const PARTS: f32 = 100.0;
const WAY_OUT: &str = "let `paytriage learn` write the file anew";

const HEAD: &str = "\
# What words speak for, counted from labelled mails by `paytriage learn`: do not change it by hand, learn it anew.
# A keyword is one to three words, a piece of a word, or a few characters of a script without spaces; _ is the border
# of a word. Weights are hundredths of a logarithm of odds; a mail of n keywords divides their sum by the root of n.
";

pub fn write(learned: &Learned, outcomes: &[String], languages: &[String]) -> String {
    let mut text = String::from(HEAD);
    let row = |name: &str, weights: &[f32]| {
        let weights = weights.iter().map(|weight| ((weight * PARTS).round() as i32).to_string());
        format!("{name}\t{}\n", weights.collect::<Vec<_>>().join("\t"))
    };
    text.push_str(&format!("languages\t{}\n", languages.join("\t")));
    text.push_str(&format!("keyword\t{}\n", outcomes.join("\t")));
    text.push_str(&row(BIAS, &learned.bias));
    for (keyword, weights) in &learned.keywords {
        text.push_str(&row(keyword, weights));
    }
    text
}

pub fn read(source: &SourceFile) -> Result<Keywords, Problem> {
    let problem = |line: usize, what: &str| Problem::new(&source.name, Some(line), what, WAY_OUT);
    let mut lines = source.text.lines().enumerate().filter(|(_, line)| !line.starts_with('#'));
    let mut row = |name: &str| -> Result<Vec<String>, Problem> {
        let (at, line) = lines.next().ok_or_else(|| problem(1, "the table of keywords is empty"))?;
        let mut cells = line.split('\t');
        match cells.next() {
            Some(found) if found == name => Ok(cells.map(str::to_owned).collect()),
            _ => Err(problem(at + 1, &format!("a line `{name}` is wanted here"))),
        }
    };
    let (languages, outcomes, bias) = (row("languages")?, row("keyword")?, row(BIAS)?);
    let numbers = |cells: &mut dyn Iterator<Item = &str>, into: &mut Vec<f32>| -> Option<()> {
        let before = into.len();
        for cell in cells {
            into.push(cell.parse::<i32>().ok()? as f32 / PARTS);
        }
        let row = into.get_mut(before..).filter(|row| row.len() == outcomes.len())?;
        // Only differences count; so each weight says how far it lies above the mean of its row.
        let mean = row.iter().sum::<f32>() / row.len() as f32;
        row.iter_mut().for_each(|weight| *weight -= mean);
        Some(())
    };
    let mut start = Vec::new();
    numbers(&mut bias.iter().map(String::as_str), &mut start)
        .ok_or_else(|| problem(1, "the line `*` lacks a number"))?;
    let (mut names, mut weights, mut numbers_of_lines) = (Vec::new(), Vec::new(), Vec::new());
    for (at, line) in lines {
        let mut cells = line.split('\t');
        let name = cells.next().unwrap_or("");
        if names.last().is_some_and(|last| *last >= name) {
            return Err(problem(at + 1, "this keyword stands twice or out of order"));
        }
        names.push(name);
        numbers(&mut cells, &mut weights).ok_or_else(|| {
            problem(at + 1, &format!("{} whole numbers are wanted after the keyword", outcomes.len()))
        })?;
        numbers_of_lines.push(at as u32 + 1);
    }
    let keys = Keys::new(names.iter().map(|name| key(name)));
    let pieces = Lists::new(names.iter().map(|name| pieces_of(name, &keys)).collect());
    Ok(Keywords {
        outcomes,
        languages,
        file: source.name.clone(),
        bias: start,
        weights,
        lines: numbers_of_lines,
        keys,
        pieces,
    })
}

/// The keywords that are pieces of a word.
fn pieces_of(name: &str, keys: &Keys) -> Vec<u32> {
    let mut found = Vec::new();
    let is_word = name.strip_prefix(BORDER).and_then(|name| name.strip_suffix(BORDER));
    if is_word.is_some_and(|word| !word.contains(BORDER) && !word.chars().next().is_some_and(stands_alone)) {
        pieces(name, PIECE, |piece, _| found.extend(keys.find(hash(piece))));
    }
    found
}
