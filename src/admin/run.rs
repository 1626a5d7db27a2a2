//! `run` and `resume`: the service, and letting it answer again.

use std::path::Path;
use std::process::ExitCode;

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::{check, logging, refuse};
use crate::config::Config;
use crate::ledger::Ledger;
use crate::service::{self, StartError};

/// Starts only when nothing is wrong with configuration, patterns and templates.
pub async fn run(path: &Path) -> ExitCode {
    let (config, sources) = match check::load(Some(path), None, None, true) {
        Ok((Some(config), sources)) => (config, sources),
        Ok((None, _)) => return ExitCode::FAILURE,
        Err(problems) => return refuse(&problems),
    };
    logging::start(config.json_log);
    let stop = CancellationToken::new();
    let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        eprintln!("paytriage: signals cannot be caught");
        return ExitCode::FAILURE;
    };
    let service = service::run(config, &sources, stop.clone());
    tokio::pin!(service);
    loop {
        tokio::select! {
            result = &mut service => return ended(result),
            _ = terminate.recv() => stop.cancel(),
            _ = interrupt.recv() => stop.cancel(),
        }
    }
}

fn ended(result: Result<(), StartError>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(StartError::Problems(problems)) => refuse(&problems),
        Err(error) => {
            eprintln!("paytriage: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Takes back the pause that the bot laid upon itself.
pub async fn resume(path: &Path) -> ExitCode {
    let config = match Config::load(path) {
        Ok(config) => config,
        Err(problems) => return refuse(&problems),
    };
    let resumed = async { Ledger::open(&config.ledger).await?.resume().await };
    match resumed.await {
        Ok(true) => println!("automatic answers go on"),
        Ok(false) => println!("automatic answers were not paused"),
        Err(error) => {
            eprintln!("paytriage: {error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
