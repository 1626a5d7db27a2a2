//! Prints what a backtest counted, wrong replies first.

use std::io::{self, Write};

use serde_json::json;

use super::Change;
use super::tally::{Miss, Rates, Tally};
use crate::triage::PatternSet;
use crate::triage::keywords::KEYWORD;

pub fn tally(out: &mut dyn Write, set: &PatternSet, tally: &Tally, json: bool) -> io::Result<()> {
    if json {
        return as_json(out, set, tally);
    }
    misses(out, "wrong replies", &tally.wrong_replies)?;
    misses(out, "persons ignored", &tally.wrongly_ignored)?;
    misses(out, "left to a person although a cause fits", &tally.missed)?;
    writeln!(out, "how many mails each pattern hit:")?;
    writeln!(out, "{:<44} {:>6}  pattern", "file", "hits")?;
    for ((file, pattern), (hits, errors)) in &tally.patterns {
        let errors = if *errors == 0 { String::new() } else { format!("  {errors} in wrong replies") };
        writeln!(out, "{file:<44} {hits:>6}  {pattern}{errors}")?;
    }
    writeln!(out, "\npatterns that never hit:")?;
    never_hit(set, tally).iter().try_for_each(|pattern| writeln!(out, "  {pattern}"))?;
    writeln!(out)?;
    writeln!(out, "{:<26} {:<26} mails", "expected", "got")?;
    for ((expected, got), count) in &tally.confusion {
        writeln!(out, "{:<26} {got:<26} {count}", if expected.is_empty() { "(no label)" } else { expected })?;
    }
    writeln!(
        out,
        "\n{:<10} {:>6} {:>8} {:>10} {:>9} {:>9}",
        "language", "mails", "replies", "precision", "at least", "coverage"
    )?;
    for (language, rates) in &tally.by_language {
        line(out, if language.is_empty() { "(none)" } else { language }, rates)?;
    }
    line(out, "all", &tally.all)?;
    writeln!(
        out,
        "\nprecision: how many of the replies are right; at least: its lower bound (95 %, Wilson);\n\
         coverage: how many of the mails that a documented cause fits are answered rightly."
    )
}

fn line(out: &mut dyn Write, name: &str, rates: &Rates) -> io::Result<()> {
    let percent = |of: u64, rate: f64| if of == 0 { "-".to_owned() } else { format!("{:.1}%", 100.0 * rate) };
    let (judged, answerable) = (rates.judged, rates.answerable);
    writeln!(
        out,
        "{name:<10} {:>6} {:>8} {:>10} {:>9} {:>9}",
        rates.mails,
        rates.replies,
        percent(judged, rates.precision()),
        percent(judged, rates.precision_at_least()),
        percent(answerable, rates.coverage())
    )
}

fn misses(out: &mut dyn Write, title: &str, misses: &[Miss]) -> io::Result<()> {
    if misses.is_empty() {
        return Ok(());
    }
    writeln!(out, "{title}:")?;
    for miss in misses {
        writeln!(out, "  {}: expected {}, got {} ({})", miss.name, miss.expect, miss.outcome.got, miss.outcome.reason)?;
        for hit in &miss.outcome.evidence {
            let words = hit.text.split_whitespace().collect::<Vec<_>>().join(" ");
            let weight = match hit.pattern == KEYWORD {
                true => format!("{:+.2}", f64::from(hit.weight) / 100.0),
                false => format!("{:+}", hit.weight),
            };
            writeln!(out, "    {weight} {} {} \"{words}\" ({}:{})", hit.cause, hit.pattern, hit.file, hit.line)?;
        }
    }
    writeln!(out)
}

fn never_hit(set: &PatternSet, tally: &Tally) -> Vec<String> {
    set.pattern_ids()
        .filter(|(file, id)| !tally.patterns.contains_key(&((*file).to_owned(), (*id).to_owned())))
        .map(|(file, id)| format!("{id} ({file})"))
        .collect()
}

fn as_json(out: &mut dyn Write, set: &PatternSet, tally: &Tally) -> io::Result<()> {
    let rates = |rates: &Rates| {
        json!({ "mails": rates.mails, "replies": rates.replies, "precision": rates.precision(),
            "precision_at_least": rates.precision_at_least(), "answerable": rates.answerable, "coverage": rates.coverage() })
    };
    let misses = |misses: &[Miss]| {
        let one = |miss: &Miss| {
            json!({ "mail": miss.name, "expected": miss.expect, "got": miss.outcome.got, "reason": miss.outcome.reason,
                "evidence": miss.outcome.evidence })
        };
        misses.iter().map(one).collect::<Vec<_>>()
    };
    let languages: serde_json::Map<_, _> =
        tally.by_language.iter().map(|(language, of)| (language.clone(), rates(of))).collect();
    let confusion: Vec<_> = tally
        .confusion
        .iter()
        .map(|((expected, got), mails)| json!({ "expected": expected, "got": got, "mails": mails }))
        .collect();
    let patterns: Vec<_> = tally
        .patterns
        .iter()
        .map(|((file, id), (hits, errors))| json!({ "file": file, "pattern": id, "hits": hits, "errors": errors }))
        .collect();
    let whole = json!({
        "all": rates(&tally.all), "by_language": languages, "confusion": confusion,
        "wrong_replies": misses(&tally.wrong_replies), "wrongly_ignored": misses(&tally.wrongly_ignored),
        "missed": misses(&tally.missed), "patterns": patterns, "never_hit": never_hit(set, tally),
    });
    serde_json::to_writer_pretty(&mut *out, &whole)?;
    writeln!(out)
}

pub fn changes(out: &mut dyn Write, changes: &[Change], json: bool) -> io::Result<()> {
    if json {
        let row = |(mail, expected, ours, theirs): &Change| json!({ "mail": mail, "expected": expected, "now": ours, "against": theirs });
        serde_json::to_writer_pretty(&mut *out, &changes.iter().map(row).collect::<Vec<_>>())?;
        return writeln!(out);
    }
    for (mail, expected, ours, theirs) in changes {
        let label = if expected.is_empty() { String::new() } else { format!(" (expected {expected})") };
        writeln!(out, "{mail}: {ours} -> {theirs}{label}")?;
    }
    writeln!(out, "{} mails would change", changes.len())
}
