//! `demo`: the main job with nothing else installed. The service is the same as in `run`; only mailbox and outbox
//! are Maildirs in a fresh folder, and the samples are delivered one after another.
#![expect(clippy::disallowed_methods, reason = "the demo makes its own mailbox")]

mod samples;
mod table;

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::{logging, refuse};
use crate::config::{Config, read_sources};
use crate::ledger::{CaseRow, Ledger};
use crate::problem::SourceFile;
use crate::service;

const LONGEST_WAIT: Duration = Duration::from_secs(20);
const LOOK_EVERY: Duration = Duration::from_millis(20);

const CONFIG: &str = r#"# The configuration of the demo: mailbox and outbox are folders beside this file.
mode = "live"
address = "PicCopilot@aliexpress.com"

[gate]
# A mail that you drop into mailbox/new by hand has no Return-Path that would prove its sender.
unauthenticated = "reply"

[inbox]
kind = "maildir"
path = "mailbox"
poll_every = "1s"

[outbox]
kind = "maildir"
path = "outbox"

[ledger]
path = "ledger.db"
"#;

/// Exit status 0 when every sample came to its end.
pub async fn demo(once: bool, dir: Option<PathBuf>) -> ExitCode {
    logging::start_quiet();
    let dir = match fresh_folder(dir) {
        Ok(dir) => dir,
        Err(error) => {
            eprintln!("paytriage: the demo's folder cannot be made: {error}");
            return ExitCode::FAILURE;
        }
    };
    let source = SourceFile { name: dir.join("paytriage.toml").display().to_string(), text: CONFIG.into() };
    let config = Config::parse(&source, &dir, &|_| None);
    let (config, sources) = match config.and_then(|config| Ok((config, read_sources(None, None)?))) {
        Ok(both) => both,
        Err(problems) => return refuse(&problems),
    };
    // Opened, and so made, before the service does: two that make one file at once are in each other's way.
    let ledger = match Ledger::open(&config.ledger).await {
        Ok(ledger) => ledger,
        Err(error) => {
            eprintln!("paytriage: {error}");
            return ExitCode::FAILURE;
        }
    };
    let stop = CancellationToken::new();
    let show = async {
        let shown = show(&dir, ledger, once, &stop).await;
        stop.cancel();
        shown
    };
    let (served, shown) = tokio::join!(service::run(config, &sources, stop.clone()), show);
    if let Err(error) = served {
        eprintln!("paytriage: {error}");
        return ExitCode::FAILURE;
    }
    match shown {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("paytriage: {error}");
            ExitCode::FAILURE
        }
    }
}

fn fresh_folder(dir: Option<PathBuf>) -> io::Result<PathBuf> {
    let dir = dir.unwrap_or_else(|| std::env::temp_dir().join(format!("paytriage-demo-{:08x}", rand::random::<u32>())));
    if dir.exists() && std::fs::read_dir(&dir)?.next().is_some() {
        return Err(io::Error::other(format!("{} is not empty; name a fresh folder", dir.display())));
    }
    for part in ["mailbox/new", "mailbox/cur", "mailbox/tmp", "outbox/new", "outbox/cur", "outbox/tmp"] {
        std::fs::create_dir_all(dir.join(part))?;
    }
    std::fs::write(dir.join("paytriage.toml"), CONFIG)?;
    dir.canonicalize()
}

async fn show(dir: &Path, ledger: Ledger, once: bool, stop: &CancellationToken) -> Result<(), String> {
    let say = |error: &dyn std::fmt::Display| error.to_string();
    wait_until("the service to connect", async || ledger.is_connected().await.unwrap_or(false)).await?;
    println!("{}", table::head());
    let mut seen = 0;
    for (number, sample) in samples::all().enumerate() {
        samples::deliver(dir, &sample, number).map_err(|error| say(&error))?;
        wait_until("a sample to come to its end", async || {
            ledger.cases(seen).await.is_ok_and(|cases| cases.first().is_some_and(has_ended))
        })
        .await?;
        print_new(&ledger, &mut seen).await;
        if !once {
            tokio::time::sleep(Duration::from_millis(150)).await;
        }
    }
    println!("{}", table::foot(dir));
    if !once {
        println!("\nStill watching: copy a mail of your own into {}/mailbox/new. Ctrl-C ends it.", dir.display());
        keep_watching(&ledger, seen, stop).await?;
    }
    ledger.close().await;
    Ok(())
}

async fn keep_watching(ledger: &Ledger, mut seen: i64, stop: &CancellationToken) -> Result<(), String> {
    let mut interrupt = signal(SignalKind::interrupt()).map_err(|error| error.to_string())?;
    let mut terminate = signal(SignalKind::terminate()).map_err(|error| error.to_string())?;
    while !stop.is_cancelled() {
        print_new(ledger, &mut seen).await;
        tokio::select! {
            _ = interrupt.recv() => break,
            _ = terminate.recv() => break,
            () = tokio::time::sleep(LOOK_EVERY * 5) => {}
        }
    }
    Ok(())
}

/// Prints the cases after `seen` that have come to their end, in order.
async fn print_new(ledger: &Ledger, seen: &mut i64) {
    for case in ledger.cases(*seen).await.unwrap_or_default() {
        if !has_ended(&case) {
            break;
        }
        println!("{}", table::row(&case));
        *seen = case.id;
    }
}

fn has_ended(case: &CaseRow) -> bool {
    case.filed && !matches!(case.state.as_str(), "queued" | "sending")
}

async fn wait_until(what: &str, condition: impl AsyncFn() -> bool) -> Result<(), String> {
    let waiting = async {
        while !condition().await {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    };
    tokio::time::timeout(LONGEST_WAIT, waiting).await.map_err(|_| format!("waited {LONGEST_WAIT:?} in vain for {what}"))
}
