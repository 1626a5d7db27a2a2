//! The command line. It parses, sets up the log, and calls one room.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use paytriage::{admin, net};

/// Finds the documented reason a customer's payment failed for and answers with its steps, or asks a person.
#[derive(Parser)]
#[command(version, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Watch the mailbox and answer, until SIGTERM or SIGINT.
    Run {
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
    /// Judge .eml files, folders of them, or standard input (-), without any server.
    Classify {
        /// One JSON object a line.
        #[arg(long)]
        json: bool,
        /// Take this configuration's own addresses and folders.
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
        #[command(flatten)]
        folders: Folders,
        #[arg(value_name = "PATH", default_value = "-")]
        paths: Vec<PathBuf>,
    },
    /// List every problem in configuration, patterns and templates.
    Check {
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
        #[command(flatten)]
        folders: Folders,
    },
    /// Show the main job with sample mails in a fresh folder; nothing else is needed.
    Demo {
        /// End when the samples are done.
        #[arg(long)]
        once: bool,
        /// Work in this folder instead of a fresh temporary one.
        #[arg(long, value_name = "DIR")]
        dir: Option<PathBuf>,
    },
    /// Let automatic answers go on after the bot has paused itself.
    Resume {
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
}

#[derive(Args)]
struct Folders {
    /// Pattern files to use instead of the built-in ones.
    #[arg(long, value_name = "DIR")]
    patterns: Option<PathBuf>,
    /// Templates to use instead of the built-in ones.
    #[arg(long, value_name = "DIR")]
    templates: Option<PathBuf>,
}

fn main() -> ExitCode {
    net::install_crypto();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("paytriage: the runtime cannot be started: {error}");
            return ExitCode::FAILURE;
        }
    };
    match Cli::parse().command {
        Command::Run { config } => runtime.block_on(admin::run(&config)),
        Command::Classify { json, config, folders, paths } => {
            admin::classify(&paths, json, config.as_deref(), folders.patterns, folders.templates)
        }
        Command::Check { config, folders } => admin::check(config.as_deref(), folders.patterns, folders.templates),
        Command::Demo { once, dir } => runtime.block_on(admin::demo(once, dir)),
        Command::Resume { config } => runtime.block_on(admin::resume(&config)),
    }
}
