//! The command-line tools. Each gives an exit status and says what is wrong on standard error.

mod backtest;
mod check;
mod classify;
mod cli;
mod demo;
mod explain;
mod learn;
mod logging;
mod run;

pub use backtest::backtest;
pub use check::{check, test};
pub use classify::classify;
pub use cli::{Cli, Command, Folders};
pub use demo::demo;
pub use explain::explain;
pub use learn::learn_table;
pub use run::{resume, run};

use std::process::ExitCode;

use crate::problem::Problem;

/// Lists problems for a person and fails.
fn refuse(problems: &[Problem]) -> ExitCode {
    for problem in problems {
        eprintln!("{problem}");
    }
    let count = problems.len();
    eprintln!("paytriage: {count} problem{}; nothing was started", if count == 1 { "" } else { "s" });
    ExitCode::FAILURE
}
