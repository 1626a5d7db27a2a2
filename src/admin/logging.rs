//! Sets up the log on standard error. What a mail says, and any password, must not get there.

use std::io::IsTerminal;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::prelude::*;

/// A panic while reading a mail is caught and the mail goes to a person; its message may quote the mail, so only the
/// place is logged.
fn hush_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "a part of the program broke off");
    }));
}

/// For the demo, whose table has the terminal to itself: warnings only.
pub fn start_quiet() {
    let layer = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false);
    drop(tracing_subscriber::registry().with(LevelFilter::WARN).with(layer).try_init());
    hush_panics();
}

/// `RUST_LOG` sets the level; libraries that print what they send are kept below `warn` whatever it says.
pub fn start(json: bool) {
    let filter = EnvFilter::builder().with_default_directive(LevelFilter::INFO.into()).from_env_lossy();
    // async-imap logs LOGIN with its password at trace level.
    let discreet = filter_fn(|metadata| {
        let target = metadata.target();
        let is_ours = target.starts_with("paytriage");
        is_ours || *metadata.level() <= tracing::Level::WARN
    });
    let layer = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false);
    let result = if json {
        tracing_subscriber::registry().with(filter).with(layer.json().with_filter(discreet)).try_init()
    } else {
        tracing_subscriber::registry().with(filter).with(layer.with_filter(discreet)).try_init()
    };
    // A second call in one process keeps the first log.
    drop(result);
    hush_panics();
}
