//! The demo's table: what came, what was decided and why.

use std::io::{self, IsTerminal};
use std::path::Path;

use crate::ledger::CaseRow;

const WHO: usize = 30;
const SUBJECT: usize = 38;
const DECIDED: usize = 32;

pub fn head() -> String {
    let title = format!("{:<WHO$}  {:<SUBJECT$}  {:<DECIDED$}  why", "from", "subject", "decided");
    let rule = "─".repeat(WHO + SUBJECT + DECIDED + 40);
    format!("{title}\n{rule}")
}

pub fn row(case: &CaseRow) -> String {
    let (decided, colour) = match (case.action.as_str(), case.state.as_str()) {
        ("reply", "sent") => (format!("answered: {}", case.cause), "32"),
        ("ignore", _) => ("ignored".to_owned(), "2"),
        _ => ("for a person".to_owned(), "33"),
    };
    let why = if case.action == "reply" && case.state == "sent" {
        "The mail tells this cause; its steps were sent.".to_owned()
    } else {
        format!("{} ({})", case.sentence, case.reason)
    };
    let decided = paint(&cut(&decided, DECIDED), colour);
    format!("{}  {}  {decided}  {why}", cut(&case.sender, WHO), cut(&case.subject, SUBJECT))
}

pub fn foot(dir: &Path) -> String {
    let dir = dir.display();
    format!(
        "\nThe answers lie in            {dir}/outbox/new\n\
         Mail for a person lies in     {dir}/mailbox/.Needs a person/cur\n\
         Answered mail lies in         {dir}/mailbox/.Answered/cur\n\
         Ignored mail lies in          {dir}/mailbox/.Ignored/cur\n\
         The configuration is          {dir}/paytriage.toml"
    )
}

/// Exactly `width` characters; a subject of a stranger must not steer the terminal.
fn cut(text: &str, width: usize) -> String {
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let short = if clean.chars().count() > width {
        format!("{}…", clean.chars().take(width - 1).collect::<String>())
    } else {
        clean
    };
    format!("{short:<width$}")
}

fn paint(text: &str, colour: &str) -> String {
    if io::stdout().is_terminal() { format!("\u{1b}[{colour}m{text}\u{1b}[0m") } else { text.to_owned() }
}
