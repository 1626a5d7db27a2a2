//! Holds the `use crate::…` lines of each room against the house's plan: arrows never point up.

#![expect(clippy::disallowed_methods, reason = "reads the sources")]

use std::fs;
use std::path::{Path, PathBuf};

/// Room, and the rooms that it may import.
const PLAN: &[(&str, &[&str])] = &[
    ("problem", &[]),
    ("mail", &[]),
    ("triage", &["mail", "problem"]),
    ("reply", &["mail", "triage", "problem"]),
    ("net", &[]),
    ("config", &["problem", "net", "mail", "triage", "reply"]),
    ("inbox", &["mail", "net", "config"]),
    ("outbox", &["reply", "net", "config"]),
    ("ledger", &["mail", "triage", "reply"]),
    ("service", &["problem", "mail", "triage", "reply", "net", "config", "inbox", "outbox", "ledger"]),
    ("admin", &["problem", "mail", "triage", "reply", "net", "config", "ledger", "service"]),
];

/// Rooms that only think: none of these words may stand in them.
const PURE: &[&str] = &["mail", "triage", "reply"];
const TOUCHES: &[&str] =
    &["std::fs", "std::env", "std::net", "tokio", "sqlx", "Instant::now", "SystemTime::now", "async fn"];

fn sources(path: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(path).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() {
            sources(&entry, files);
        } else if entry.extension().is_some_and(|ending| ending == "rs") {
            files.push(entry);
        }
    }
}

fn room_of(file: &Path, src: &Path) -> String {
    let inside = file.strip_prefix(src).expect("inside src");
    let first = inside.components().next().expect("a name").as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// The code of a file without the tests at its end.
fn code(file: &Path) -> String {
    let text = fs::read_to_string(file).expect("a source");
    text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned()
}

#[test]
fn every_room_imports_only_what_the_plan_allows() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&src, &mut files);
    let mut wrong = Vec::new();
    for file in files {
        let room = room_of(&file, &src);
        if room == "main" || room == "lib" {
            continue;
        }
        let (_, allowed) =
            PLAN.iter().find(|(name, _)| *name == room).unwrap_or_else(|| panic!("{room} is in no plan"));
        for (number, line) in code(&file).lines().enumerate() {
            for found in line.split("crate::").skip(1) {
                let other: String = found.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
                let is_room = PLAN.iter().any(|(name, _)| *name == other);
                if is_room && other != room && !allowed.contains(&other.as_str()) {
                    wrong.push(format!("{}:{}: {room} imports {other}", file.display(), number + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn rooms_that_only_think_touch_nothing() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    for room in PURE {
        let mut files = Vec::new();
        sources(&src.join(room), &mut files);
        for file in files {
            for (number, line) in
                code(&file).lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"))
            {
                for word in TOUCHES.iter().filter(|word| line.contains(**word)) {
                    wrong.push(format!("{}:{}: {word}", file.display(), number + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_plan_has_no_circle() {
    let place = |room: &str| PLAN.iter().position(|(name, _)| *name == room).expect("a room");
    for (room, allowed) in PLAN {
        assert!(allowed.iter().all(|other| place(other) < place(room)), "{room} imports a room above it");
    }
}
