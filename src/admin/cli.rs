//! The words of the command line. What they do is in the files of their names.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Finds the documented reason a customer's payment failed for and answers with its steps, or asks a person.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Watch the mailbox and answer, until SIGTERM or SIGINT.
    Run {
        /// The configuration; see paytriage.example.toml.
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
    /// Tell everything about one mail: text, hits, gates, decision, and the reply as it would go out.
    Explain {
        /// Take this configuration's own addresses, name and folders.
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
        #[command(flatten)]
        folders: Folders,
        #[arg(value_name = "MAIL", default_value = "-")]
        path: PathBuf,
    },
    /// List every problem in configuration, patterns and templates.
    Check {
        /// The configuration to check; without one, the built-in patterns and templates alone.
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
        #[command(flatten)]
        folders: Folders,
    },
    /// Run the tests that stand beside the patterns.
    Test {
        /// Pattern files to use instead of the built-in ones.
        #[arg(long, value_name = "DIR")]
        patterns: Option<PathBuf>,
    },
    /// Measure a pattern set on labelled mails: .jsonl, mbox, folders of .eml named by outcome.
    Backtest {
        /// All figures and misses as one JSON object.
        #[arg(long)]
        json: bool,
        /// Show only what this other pattern set would change.
        #[arg(long, value_name = "DIR")]
        against: Option<PathBuf>,
        /// Pattern files to use instead of the built-in ones.
        #[arg(long, value_name = "DIR")]
        patterns: Option<PathBuf>,
        #[arg(required = true, value_name = "CORPUS")]
        paths: Vec<PathBuf>,
    },
    /// Count from labelled mails what each keyword speaks for, and write the table.
    Learn {
        /// Where to write it, for example my-patterns/keywords.tsv.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// Keep so many keywords.
        #[arg(long, value_name = "NUMBER")]
        keep: Option<usize>,
        /// Learn from the tests in these pattern files too, in place of the built-in ones.
        #[arg(long, value_name = "DIR")]
        patterns: Option<PathBuf>,
        #[arg(required = true, value_name = "CORPUS")]
        paths: Vec<PathBuf>,
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
        /// The configuration; see paytriage.example.toml.
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
}

#[derive(Debug, Args)]
pub struct Folders {
    /// Pattern files to use instead of the built-in ones.
    #[arg(long, value_name = "DIR")]
    pub patterns: Option<PathBuf>,
    /// Templates to use instead of the built-in ones.
    #[arg(long, value_name = "DIR")]
    pub templates: Option<PathBuf>,
}
