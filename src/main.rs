//! The command line. It sets up the runtime and calls one room.

use std::process::ExitCode;

use clap::Parser;
use paytriage::admin::{self, Cli, Command};
use paytriage::net;

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
        Command::Explain { config, folders, path } => {
            admin::explain(&path, config.as_deref(), folders.patterns, folders.templates)
        }
        Command::Check { config, folders } => admin::check(config.as_deref(), folders.patterns, folders.templates),
        Command::Test { patterns } => admin::test(patterns),
        Command::Backtest { json, against, patterns, paths } => admin::backtest(&paths, json, against, patterns),
        Command::Learn { out, keep, patterns, paths } => admin::learn_table(&paths, &out, keep, patterns),
        Command::Demo { once, dir } => runtime.block_on(admin::demo(once, dir)),
        Command::Resume { config } => runtime.block_on(admin::resume(&config)),
    }
}
