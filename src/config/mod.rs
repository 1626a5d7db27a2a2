//! Reads the configuration from TOML and environment; the only reader of either. It connects to nothing.
#![expect(clippy::disallowed_methods, reason = "this room reads files and the environment")]

mod folders;
mod inbox;
mod outbox;
mod policy;
mod reader;

use std::path::{Path, PathBuf};

use toml::de::DeTable;

pub use folders::{Sources, read_sources};
pub use inbox::{FirstRun, ImapInbox, Inbox, InboxKind};
pub use outbox::{Outbox, OutboxKind, SmtpOutbox};
pub use policy::{Mode, Modes};

use crate::problem::{Problem, SourceFile};
use crate::reply::Identity;
use crate::triage::Policy;
use reader::Reader;

/// All that an admin can set.
#[derive(Clone, Debug)]
pub struct Config {
    pub modes: Modes,
    pub identity: Identity,
    pub policy: Policy,
    pub inbox: Inbox,
    pub outbox: Outbox,
    /// The SQLite file of the ledger.
    pub ledger: PathBuf,
    /// Folders that override the embedded patterns and templates.
    pub patterns: Option<PathBuf>,
    pub templates: Option<PathBuf>,
    pub json_log: bool,
}

impl Config {
    /// Reads `path`; every problem is listed with file and line.
    pub fn load(path: &Path) -> Result<Self, Vec<Problem>> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| {
            vec![Problem::new(&name, None, format!("cannot be read: {error}"), "check the path and its permissions")]
        })?;
        let base = path.parent().unwrap_or(Path::new("")).to_owned();
        Self::parse(&SourceFile { name, text }, &base, &|key| std::env::var(key).ok())
    }

    /// `base` is the folder that relative paths start from; `env` looks up a variable.
    pub fn parse(source: &SourceFile, base: &Path, env: &dyn Fn(&str) -> Option<String>) -> Result<Self, Vec<Problem>> {
        let (table, errors) = DeTable::parse_recoverable(&source.text);
        if !errors.is_empty() {
            let problem = |error: &toml::de::Error| {
                let at = error.span().map_or(0, |span| span.start);
                Problem::at(
                    source,
                    at,
                    format!("this is not TOML: {}", error.message()),
                    "mend the syntax on this line",
                )
            };
            return Err(errors.iter().map(problem).collect());
        }
        let mut root = Reader::new(source, &table);
        let mut problems = Vec::new();
        let context = Context { base, env };

        let modes = policy::modes(&mut root, &mut problems);
        let address = address(&mut root, "address");
        if address.is_none() && !root.has("address") {
            root.missing("address", "add address = \"…\", the address customers write to");
        }
        let aliases = root.strings("aliases").unwrap_or_default();
        let usual = Identity::default();
        let identity = Identity {
            address: address.clone().unwrap_or_default(),
            name: root.string("name").unwrap_or(usual.name),
            product: root.string("product").unwrap_or(usual.product),
            envelope_sender: address_or_empty(&mut root, "envelope_sender"),
            precedence_bulk: root.boolean("precedence_bulk").unwrap_or(usual.precedence_bulk),
        };
        let mut own_addresses: Vec<String> = aliases;
        own_addresses.extend(address);
        own_addresses.iter_mut().for_each(|own| *own = own.to_ascii_lowercase());
        let policy = policy::policy(&mut root, own_addresses, &mut problems);
        let inbox = inbox::inbox(&mut root, &context, &mut problems);
        let outbox = outbox::outbox(&mut root, &context, &mut problems);
        let ledger = root.section("ledger");
        let (ledger, more) = ledger_path(ledger, &context);
        problems.extend(more);
        let patterns = folder(&mut root, "patterns", &context);
        let templates = folder(&mut root, "templates", &context);
        let json_log = root.choice("log", &[("text", false), ("json", true)]).unwrap_or(false);
        problems.extend(root.finish());
        problems.sort();
        match (inbox, outbox) {
            (Some(inbox), Some(outbox)) if problems.is_empty() => {
                Ok(Self { modes, identity, policy, inbox, outbox, ledger, patterns, templates, json_log })
            }
            _ => Err(problems),
        }
    }
}

/// What the sections need beside their own keys.
struct Context<'a> {
    base: &'a Path,
    env: &'a dyn Fn(&str) -> Option<String>,
}

impl Context<'_> {
    fn path(&self, text: &str) -> PathBuf {
        self.base.join(text)
    }

    /// The bytes of the file that `key` names.
    fn file(&self, reader: &mut Reader<'_>, key: &str) -> Option<Vec<u8>> {
        let name = reader.string(key)?;
        match std::fs::read(self.path(&name)) {
            Ok(bytes) => Some(bytes),
            Err(error) => {
                reader.complain(key, format!("{name} cannot be read: {error}"), "check the path and its permissions");
                None
            }
        }
    }

    /// A password: `variable` of the environment, then `password`, then `password_file`.
    fn password(&self, reader: &mut Reader<'_>, variable: &str) -> Option<String> {
        let inline = reader.string("password");
        let file = self.file(reader, "password_file");
        let is_unreadable = file.is_none() && reader.has("password_file");
        if let Some(value) = (self.env)(variable).filter(|value| !value.is_empty()) {
            return Some(value);
        }
        let from_file = file.map(|bytes| String::from_utf8_lossy(&bytes).trim_end_matches(['\r', '\n']).to_owned());
        let password = inline.or(from_file).filter(|password| !password.is_empty());
        if is_unreadable && password.is_none() {
            // The complaint about the file says it all.
        } else if password.is_none() && !reader.has("password_file") {
            reader.missing("password", &format!("add password_file = \"…\" (or set {variable})"));
        } else if password.is_none() {
            reader.complain("password_file", "the password is empty", "write the password into the file");
        }
        password
    }
}

fn ledger_path(mut section: Reader<'_>, context: &Context<'_>) -> (PathBuf, Vec<Problem>) {
    let path = section.string("path").unwrap_or_else(|| "paytriage.db".into());
    (context.path(&path), section.finish())
}

fn folder(root: &mut Reader<'_>, key: &str, context: &Context<'_>) -> Option<PathBuf> {
    let path = context.path(&root.string(key)?);
    if !path.is_dir() {
        root.complain(
            key,
            format!("{} is no folder", path.display()),
            "create it, or remove the line to use the built-in set",
        );
    }
    Some(path)
}

fn address(reader: &mut Reader<'_>, key: &str) -> Option<String> {
    let text = reader.string(key)?;
    if text.parse::<lettre::Address>().is_err() {
        reader.complain(key, format!("`{text}` is no e-mail address"), "write it as name@domain");
        return None;
    }
    Some(text)
}

fn address_or_empty(reader: &mut Reader<'_>, key: &str) -> String {
    match reader.string(key) {
        Some(text) if !text.is_empty() => address(reader, key).unwrap_or_default(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests;
