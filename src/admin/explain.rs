//! `explain`: why one mail gets what it gets, from its bytes to the reply that would go out.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::{check, refuse};
use crate::mail::{Mail, Origin};
use crate::reply::{Identity, Templates, Thread, compose, template_of};
use crate::service::{self, now};
use crate::triage::keywords::KEYWORD;
use crate::triage::{Case, Decision, History, Judgement, PatternSet, Policy, Topic, Verdict, decide_alone};

/// Exit status 0 if the mail could be read.
pub fn explain(path: &Path, config: Option<&Path>, patterns: Option<PathBuf>, templates: Option<PathBuf>) -> ExitCode {
    let loaded = check::load(config, patterns, templates, false)
        .and_then(|(config, sources)| Ok((config, service::load(&sources)?)));
    let (config, (set, templates)) = match loaded {
        Ok(loaded) => loaded,
        Err(problems) => return refuse(&problems),
    };
    let bytes = match super::classify::read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            let way_out = if path.is_dir() { "; `paytriage classify` takes folders" } else { "" };
            eprintln!("{}: cannot be read: {error}{way_out}", path.display());
            return ExitCode::FAILURE;
        }
    };
    let (policy, identity) = match config {
        Some(config) => (config.policy, config.identity),
        None => (Policy::default(), Identity::default()),
    };
    let policy = Policy { languages: templates.answered(&policy.languages), ..policy };
    let mut out = io::BufWriter::new(io::stdout().lock());
    let told = tell(&mut out, &set, &templates, &policy, &identity, &bytes).and_then(|()| out.flush());
    // Whoever reads our output may have left; that is no failure.
    drop(told);
    ExitCode::SUCCESS
}

fn tell(
    out: &mut impl Write,
    set: &PatternSet,
    templates: &Templates,
    policy: &Policy,
    identity: &Identity,
    bytes: &[u8],
) -> io::Result<()> {
    let mut mail = Mail::parse(bytes);
    let verdict = set.judge(&mut mail);
    let history = History::default();
    let case = Case { policy, mail: &mail, verdict: &verdict, history: &history, whole: true, arrived_at: 0, now: 0 };
    let judgement = decide_alone(&case);
    text(out, &mail)?;
    hits(out, set, &verdict)?;
    gates(out, &mail, &judgement)?;
    let Decision::Reply { cause, also, .. } = &judgement.decision else { return Ok(()) };
    reply(out, templates, identity, &mail, &verdict, &template_of(cause, also.as_deref()))
}

fn text(out: &mut impl Write, mail: &Mail) -> io::Result<()> {
    writeln!(out, "THE TEXT AS SEEN (language: {})", mail.language.as_deref().unwrap_or("unsure"))?;
    indented(out, &mail.text.shown)?;
    for (name, cut) in
        [("quoted history", &mail.quoted), ("forwarded", &mail.forwarded), ("signature", &mail.signature)]
    {
        if !cut.is_empty() {
            writeln!(out, "CUT AWAY AS {}", name.to_uppercase())?;
            indented(out, cut)?;
        }
    }
    Ok(())
}

fn hits(out: &mut impl Write, set: &PatternSet, verdict: &Verdict) -> io::Result<()> {
    writeln!(out, "WHAT THE PATTERNS FOUND")?;
    if verdict.scores.is_empty() {
        writeln!(out, "  nothing")?;
    }
    for score in &verdict.scores {
        let stands = if score.points >= score.threshold {
            "stands".to_owned()
        } else if score.points > 0 {
            format!("nearly: {} more would be needed", score.threshold - score.points)
        } else {
            "does not stand".to_owned()
        };
        writeln!(out, "  {}: {} points of {}, {stands}", score.cause, score.points, score.threshold)?;
        for hit in verdict.evidence.iter().filter(|hit| hit.cause == score.cause && hit.pattern != KEYWORD) {
            let words = hit.text.split_whitespace().collect::<Vec<_>>().join(" ");
            writeln!(out, "    {:+} \"{words}\" by {} ({}:{})", hit.weight, hit.pattern, hit.file, hit.line)?;
        }
    }
    keywords(out, set, verdict)?;
    if !verdict.held_back.is_empty() {
        writeln!(out, "  held back by their conditions:")?;
    }
    for hit in &verdict.held_back {
        let words = hit.text.split_whitespace().collect::<Vec<_>>().join(" ");
        writeln!(out, "    \"{words}\" by {} of {} ({}:{})", hit.pattern, hit.cause, hit.file, hit.line)?;
    }
    writeln!(out)
}

/// What all the words together sound like, by the table of keywords.
fn keywords(out: &mut impl Write, set: &PatternSet, verdict: &Verdict) -> io::Result<()> {
    if verdict.likely.shares.is_empty() {
        return writeln!(out, "  the keywords do not know this language, or there are none");
    }
    let shares = verdict.likely.shares.iter().map(|(outcome, share)| format!("{outcome} {:.0} %", share * 100.0));
    writeln!(out, "  by the keywords: {}", shares.collect::<Vec<_>>().join(", "))?;
    let causes = set.causes().filter(|cause| verdict.likely.share(&cause.id) > 0.1);
    for Topic { id, sure, plausible, file, .. } in causes {
        writeln!(out, "    {id}: answered from {sure} % on, with phrases that name it from {plausible} % on ({file})")?;
    }
    for hit in verdict.evidence.iter().filter(|hit| hit.pattern == KEYWORD) {
        let words = hit.text.split_whitespace().collect::<Vec<_>>().join(" ");
        writeln!(
            out,
            "    {:+.2} \"{words}\" for {} ({}:{})",
            f64::from(hit.weight) / 100.0,
            hit.cause,
            hit.file,
            hit.line
        )?;
    }
    Ok(())
}

fn gates(out: &mut impl Write, mail: &Mail, judgement: &Judgement) -> io::Result<()> {
    writeln!(out, "THE GATES (those that need no mailbox)")?;
    if let Origin::Machine(sign) = &mail.origin {
        writeln!(out, "  a machine's sign: {} ({})", sign.id, sign.detail)?;
    }
    for sign in &mail.soft_signs {
        writeln!(out, "  perhaps a machine's sign: {} ({})", sign.id, sign.detail)?;
    }
    for gate in &judgement.gates {
        writeln!(out, "  {} {}", if gate.passed { "passed" } else { "FAILED" }, gate.name)?;
    }
    let decision = match &judgement.decision {
        Decision::Reply { cause, also, .. } => {
            format!("answer with the steps of {}", template_of(cause, also.as_deref()))
        }
        Decision::Escalate { reason } => format!("a person reads it: {} ({})", reason.sentence(), reason.id()),
        Decision::Ignore { reason } => format!("ignore: {} ({})", reason.sentence(), reason.id()),
    };
    writeln!(out, "\nTHE DECISION\n  {decision}\n")
}

fn reply(
    out: &mut impl Write,
    templates: &Templates,
    identity: &Identity,
    mail: &Mail,
    verdict: &Verdict,
    cause: &str,
) -> io::Result<()> {
    writeln!(out, "THE REPLY AS IT WOULD GO OUT")?;
    let language = verdict.language.as_deref().or(mail.language.as_deref()).unwrap_or("en");
    let thread = Thread {
        subject: &mail.subject,
        message_id: mail.message_id.as_deref(),
        references: &mail.references,
        display_name: mail.from.first().map_or("", |from| from.name.as_str()),
    };
    let to = mail.from.first().map_or("", |from| from.email.as_str());
    match compose(templates, identity, thread, cause, language, to, "example", now()) {
        Ok(outgoing) => {
            let head = String::from_utf8_lossy(&outgoing.bytes).into_owned();
            let head = head.split("\r\n\r\n").next().unwrap_or("").replace("\r\n ", " ").replace("\r\n", "\n");
            let sent = Mail::parse(&outgoing.bytes);
            let encoded = head.lines().find(|line| line.starts_with("Subject:")).unwrap_or("Subject:");
            indented(out, &head.replace(encoded, &format!("Subject: {}", sent.subject)))?;
            indented(out, sent.text.body())
        }
        Err(error) => writeln!(out, "  it could not be written, a person would get the mail: {error}"),
    }
}

fn indented(out: &mut impl Write, text: &str) -> io::Result<()> {
    for line in text.lines() {
        // A mail must not steer the terminal.
        let line: String = line.chars().map(|c| if c.is_control() && c != '\t' { ' ' } else { c }).collect();
        writeln!(out, "  {line}")?;
    }
    writeln!(out)
}
