//! Finds the pattern and template files: a folder of the admin's, or the set built into the binary.

use std::path::Path;

use include_dir::{Dir, include_dir};

use crate::problem::{Problem, SourceFile};

static PATTERNS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/patterns");
static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates");

/// The texts that the pure rooms load.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    pub patterns: Vec<SourceFile>,
    pub templates: Vec<SourceFile>,
}

/// Reads both sets; `None` stands for the built-in one.
pub fn read_sources(patterns: Option<&Path>, templates: Option<&Path>) -> Result<Sources, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut read = |folder: Option<&Path>, built_in: &Dir<'_>, prefix: &str, endings: &[&str]| {
        let mut files = Vec::new();
        match folder {
            Some(folder) => collect(folder, endings, &mut files, &mut problems),
            None => embedded(built_in, prefix, endings, &mut files),
        }
        files.sort_by(|a, b| a.name.cmp(&b.name));
        files
    };
    let patterns = read(patterns, &PATTERNS, "patterns", &[".toml", ".tsv"]);
    let templates = read(templates, &TEMPLATES, "templates", &[".hbs"]);
    if problems.is_empty() { Ok(Sources { patterns, templates }) } else { Err(problems) }
}

fn embedded(dir: &Dir<'_>, prefix: &str, endings: &[&str], files: &mut Vec<SourceFile>) {
    for file in dir.files().filter(|file| ends(file.path(), endings)) {
        if let Some(text) = file.contents_utf8() {
            files.push(SourceFile { name: format!("{prefix}/{}", file.path().display()), text: text.to_owned() });
        }
    }
    for sub in dir.dirs() {
        embedded(sub, prefix, endings, files);
    }
}

fn ends(path: &Path, endings: &[&str]) -> bool {
    endings.iter().any(|ending| path.to_string_lossy().ends_with(ending))
}

fn collect(folder: &Path, endings: &[&str], files: &mut Vec<SourceFile>, problems: &mut Vec<Problem>) {
    let name = folder.display().to_string();
    let mut complain = |error: std::io::Error, name: &str| {
        problems.push(Problem::new(
            name,
            None,
            format!("cannot be read: {error}"),
            "check the path and its permissions",
        ));
    };
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => return complain(error, &name),
    };
    let mut paths: Vec<_> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    paths.sort();
    let before = files.len();
    for path in &paths {
        // Editors leave hidden files and copies behind; they are nobody's patterns.
        let is_hidden = path.file_name().is_some_and(|file| file.to_string_lossy().starts_with('.'));
        if is_hidden {
            continue;
        }
        if path.is_dir() {
            collect(path, endings, files, problems);
        } else if ends(path, endings) {
            let name = path.display().to_string();
            match std::fs::read_to_string(path) {
                Ok(text) => files.push(SourceFile { name, text }),
                Err(error) => {
                    let what = format!("cannot be read: {error}");
                    problems.push(Problem::new(&name, None, what, "check its permissions, and save it as UTF-8"));
                }
            }
        }
    }
    if files.len() == before && problems.is_empty() && paths.is_empty() {
        let what = format!("the folder holds no {} file", endings.first().unwrap_or(&""));
        problems.push(Problem::new(&name, None, what, "name a folder that does, or leave the setting away"));
    }
}
