//! `classify`: what the patterns and the mail itself say, without mailbox, ledger or clock.
#![expect(clippy::disallowed_methods, reason = "a tool that reads the files it is given")]

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde::Serialize;

use super::{check, refuse};
use crate::mail::{Field, Mail};
use crate::service;
use crate::triage::keywords::KEYWORD;
use crate::triage::{Case, Decision, History, PatternSet, Policy, Verdict, decide_alone};

/// One line of `--json`.
#[derive(Serialize)]
struct Line<'a> {
    file: &'a str,
    action: &'static str,
    cause: Option<&'a str>,
    reason: &'a str,
    language: Option<&'a str>,
    scores: BTreeMap<&'a str, i32>,
    /// Shares of one, by the keywords.
    likely: BTreeMap<&'a str, f32>,
    evidence: Vec<Hit<'a>>,
}

#[derive(Serialize)]
struct Hit<'a> {
    pattern: &'a str,
    cause: &'a str,
    field: Field,
    text: &'a str,
    weight: i32,
}

/// Exit status 0 whenever every file could be read and judged.
pub fn classify(
    paths: &[PathBuf],
    json: bool,
    config: Option<&Path>,
    patterns: Option<PathBuf>,
    templates: Option<PathBuf>,
) -> ExitCode {
    let (config, sources) = match check::load(config, patterns, templates, false) {
        Ok(loaded) => loaded,
        Err(problems) => return refuse(&problems),
    };
    let (set, templates) = match service::load(&sources) {
        Ok(loaded) => loaded,
        Err(problems) => return refuse(&problems),
    };
    let policy = config.map(|config| config.policy).unwrap_or_default();
    let policy = Policy { languages: templates.answered(&policy.languages), ..policy };
    let mut failed = false;
    let mut complain = |path: &Path, error: &io::Error| {
        eprintln!("{}: cannot be read: {error}", path.display());
        failed = true;
    };
    let mut files = Vec::new();
    for path in paths {
        collect(path, &mut files, &mut complain);
    }
    files.sort();
    files.dedup();
    let mut out = io::BufWriter::new(io::stdout().lock());
    for file in &files {
        match read(file) {
            Ok(bytes) => {
                let name = file.display().to_string();
                if judge(&mut out, &set, &policy, &name, &bytes, json).is_err() {
                    // Whoever reads our output has left.
                    return ExitCode::SUCCESS;
                }
            }
            Err(error) => complain(file, &error),
        }
    }
    if out.flush().is_err() || failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn collect(path: &Path, files: &mut Vec<PathBuf>, complain: &mut impl FnMut(&Path, &io::Error)) {
    if !path.is_dir() {
        files.push(path.to_owned());
        return;
    }
    match std::fs::read_dir(path) {
        Err(error) => complain(path, &error),
        Ok(entries) => {
            for entry in entries.filter_map(Result::ok).map(|entry| entry.path()) {
                if entry.is_dir() {
                    collect(&entry, files, complain);
                } else if entry.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("eml")) {
                    files.push(entry);
                }
            }
        }
    }
}

/// The file's bytes; `-` is standard input.
pub(super) fn read(path: &Path) -> io::Result<Vec<u8>> {
    if path.as_os_str() != "-" {
        return std::fs::read(path);
    }
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn judge(
    out: &mut impl Write,
    set: &PatternSet,
    policy: &Policy,
    file: &str,
    bytes: &[u8],
    json: bool,
) -> io::Result<()> {
    let mut mail = Mail::parse(bytes);
    let verdict = set.judge(&mut mail);
    let case = Case {
        policy,
        mail: &mail,
        verdict: &verdict,
        history: &History::default(),
        whole: true,
        arrived_at: 0,
        now: 0,
    };
    let judgement = decide_alone(&case);
    if json {
        let line = line(file, &mail, &verdict, &judgement.decision);
        serde_json::to_writer(&mut *out, &line)?;
        return writeln!(out);
    }
    tell(out, file, &mail, &verdict, &judgement.decision)
}

fn line<'a>(file: &'a str, mail: &'a Mail, verdict: &'a Verdict, decision: &'a Decision) -> Line<'a> {
    let (action, cause, reason) = match decision {
        Decision::Reply { cause, .. } => ("reply", Some(cause.as_str()), cause.as_str()),
        Decision::Escalate { reason } => ("escalate", None, reason.id()),
        Decision::Ignore { reason } => ("ignore", None, reason.id()),
    };
    Line {
        file,
        action,
        cause,
        reason,
        language: verdict.language.as_deref().or(mail.language.as_deref()),
        likely: verdict.likely.shares.iter().map(|(outcome, share)| (outcome.as_str(), *share)).collect(),
        scores: verdict.scores.iter().map(|score| (score.cause.as_str(), score.points)).collect(),
        evidence: verdict
            .evidence
            .iter()
            .map(|hit| Hit {
                pattern: &hit.pattern,
                cause: &hit.cause,
                field: hit.field,
                text: &hit.text,
                weight: hit.weight,
            })
            .collect(),
    }
}

fn tell(out: &mut impl Write, file: &str, mail: &Mail, verdict: &Verdict, decision: &Decision) -> io::Result<()> {
    let sentence = match decision {
        Decision::Reply { cause, .. } => format!("answer with the steps of {cause}"),
        Decision::Escalate { reason } => format!("a person reads it. {} ({})", reason.sentence(), reason.id()),
        Decision::Ignore { reason } => format!("ignore. {} ({})", reason.sentence(), reason.id()),
    };
    writeln!(out, "{file}\n  {sentence}")?;
    writeln!(out, "  language: {}", mail.language.as_deref().unwrap_or("unsure"))?;
    if !verdict.likely.shares.is_empty() {
        let shares = verdict.likely.shares.iter().map(|(outcome, share)| format!("{outcome} {:.0} %", share * 100.0));
        writeln!(out, "  by the keywords: {}", shares.collect::<Vec<_>>().join(", "))?;
    }
    for score in &verdict.scores {
        writeln!(out, "  {}: {} points of {}", score.cause, score.points, score.threshold)?;
        for hit in verdict.evidence.iter().filter(|hit| hit.cause == score.cause && hit.pattern != KEYWORD) {
            writeln!(
                out,
                "    {:+} {} \"{}\" ({}:{})",
                hit.weight,
                hit.pattern,
                one_line(&hit.text),
                hit.file,
                hit.line
            )?;
        }
    }
    writeln!(out)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
