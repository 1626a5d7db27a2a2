//! `check`: lists every problem in configuration, patterns and templates. It connects to nothing.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::refuse;
use crate::config::{Config, Sources, read_sources};
use crate::problem::Problem;
use crate::service;
use crate::triage::PatternSet;

/// Exit status 1 if there is a problem.
pub fn check(config: Option<&Path>, patterns: Option<PathBuf>, templates: Option<PathBuf>) -> ExitCode {
    match load(config, patterns, templates, true) {
        Ok((_, sources)) => {
            let untested = PatternSet::load(&sources.patterns).map(|set| untested(&set)).unwrap_or_default();
            if !untested.is_empty() {
                return refuse(&untested);
            }
            let (patterns, templates) = (sources.patterns.len(), sources.templates.len());
            println!("no problem found: {patterns} pattern files, {templates} templates");
            ExitCode::SUCCESS
        }
        Err(problems) => refuse(&problems),
    }
}

/// `test`: runs the `[[test]]` blocks and shows those that fail with their evidence. Exit status 1 if one does.
pub fn test(patterns: Option<PathBuf>) -> ExitCode {
    let set = match load(None, patterns, None, false).and_then(|(_, sources)| PatternSet::load(&sources.patterns)) {
        Ok(set) => set,
        Err(problems) => return refuse(&problems),
    };
    let results = set.run_tests();
    let failed = results.iter().filter(|result| !result.passed).count();
    for result in results.iter().filter(|result| !result.passed) {
        println!("{}:{}: expected {}, got {}", result.file, result.line, result.expected, result.got);
        for hit in &result.verdict.evidence {
            println!("    {:+} {} {} \"{}\" ({}:{})", hit.weight, hit.cause, hit.pattern, hit.text, hit.file, hit.line);
        }
    }
    println!("{} passed, {failed} failed", results.len() - failed);
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Configuration (if asked for) and sources, once they are known to be free of problems. `run_tests`: a
/// `[[test]]` block that fails is a problem too.
pub fn load(
    path: Option<&Path>,
    patterns: Option<PathBuf>,
    templates: Option<PathBuf>,
    run_tests: bool,
) -> Result<(Option<Config>, Sources), Vec<Problem>> {
    let mut problems = Vec::new();
    let config = path.map(Config::load).transpose().map_err(|found| problems.extend(found)).ok().flatten();
    let patterns = patterns.or_else(|| config.as_ref().and_then(|config| config.patterns.clone()));
    let templates = templates.or_else(|| config.as_ref().and_then(|config| config.templates.clone()));
    let sources = match read_sources(patterns.as_deref(), templates.as_deref()) {
        Ok(sources) => sources,
        Err(found) => {
            problems.extend(found);
            return Err(problems);
        }
    };
    match service::load(&sources) {
        Ok((set, templates)) => {
            if run_tests {
                problems.extend(failing_tests(&set));
            }
            for cause in set.causes().map(|topic| &topic.id).filter(|cause| !templates.has("en", cause)) {
                problems.push(Problem::new(
                    &format!("patterns/{cause}.toml"),
                    None,
                    format!("the cause `{cause}` has no template in English"),
                    format!("add templates/en/{cause}.hbs"),
                ));
            }
            if let Some(config) = &config {
                let unknown =
                    config.modes.by_cause.keys().filter(|cause| !set.causes().any(|topic| topic.id == **cause));
                for cause in unknown {
                    let name = path.map(|path| path.display().to_string()).unwrap_or_default();
                    let what = format!("`mode.{cause}` names no cause");
                    problems.push(Problem::new(&name, None, what, "name a pattern file with action = \"reply\""));
                }
            }
        }
        Err(found) => problems.extend(found),
    }
    if problems.is_empty() { Ok((config, sources)) } else { Err(problems) }
}

/// Patterns that no test of their own file hits: nobody would notice if they broke.
fn untested(set: &PatternSet) -> Vec<Problem> {
    let results = set.run_tests();
    let is_hit = |file: &str, id: &str| {
        let mut evidence = results.iter().filter(|test| test.file == file).flat_map(|test| &test.verdict.evidence);
        evidence.any(|hit| hit.file == file && hit.pattern == id)
    };
    set.pattern_ids()
        .filter(|(file, id)| !is_hit(file, id))
        .map(|(file, id)| {
            let what = format!("no test of this file hits the pattern `{id}`");
            Problem::new(file, None, what, "add a [[test]] with a mail that it is meant for")
        })
        .collect()
}

/// The `[[test]]` blocks beside the patterns that do not come out as they should.
fn failing_tests(set: &PatternSet) -> Vec<Problem> {
    set.run_tests()
        .into_iter()
        .filter(|test| !test.passed)
        .map(|test| {
            let what = format!("this test expects `{}` and gets `{}`", test.expected, test.got);
            Problem::new(&test.file, Some(test.line), what, "change the patterns, or the test if it is wrong")
        })
        .collect()
}
