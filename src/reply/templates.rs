//! Loads the reply templates of all languages and renders them. It knows no mail format.
//!
//! `<language>/<cause>.hbs` is the plain text, `<language>/<cause>.html.hbs` its optional twin. A file whose name
//! starts with `_` is a partial of its language and kind: `_footer.hbs` is `{{> footer}}` in text templates.

use std::collections::{BTreeMap, BTreeSet};

use handlebars::{Handlebars, no_escape};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::problem::{Problem, SourceFile};

/// What a template may name; anything else is refused when it is loaded.
pub const VARIABLES: &[&str] = &["name", "support_address", "product"];

/// The template of a reply to one cause, or to two at once: `insufficient-balance+network-error`, in this order.
pub fn template_of(cause: &str, also: Option<&str>) -> String {
    match also {
        None => cause.to_owned(),
        Some(other) => format!("{}+{}", cause.min(other), cause.max(other)),
    }
}

/// All templates, each rendered once with a sample when it was loaded.
#[derive(Debug)]
pub struct Templates {
    text: Handlebars<'static>,
    html: Handlebars<'static>,
    versions: BTreeMap<String, String>,
}

/// The values of [`VARIABLES`].
#[derive(Clone, Copy, Debug)]
pub struct Values<'a> {
    pub name: &'a str,
    pub support_address: &'a str,
    pub product: &'a str,
}

struct Name<'a> {
    language: &'a str,
    stem: &'a str,
    is_html: bool,
    is_partial: bool,
}

impl<'a> Name<'a> {
    fn of(path: &'a str) -> Option<Self> {
        let (folder, file) = path.rsplit_once('/')?;
        let language = folder.rsplit('/').next()?;
        let stem = file.strip_suffix(".hbs")?;
        let (stem, is_html) = stem.strip_suffix(".html").map_or((stem, false), |stem| (stem, true));
        let (stem, is_partial) = stem.strip_prefix('_').map_or((stem, false), |stem| (stem, true));
        Some(Self { language, stem, is_html, is_partial })
    }
}

impl Templates {
    /// `files` are named `…/<language>/<file>`; every problem of every file is reported.
    pub fn load(files: &[SourceFile]) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut set = Self { text: registry(), html: registry(), versions: BTreeMap::new() };
        set.text.register_escape_fn(no_escape);
        let mut pages: Vec<(&SourceFile, Name<'_>)> = Vec::new();
        for file in files {
            let Some(name) = Name::of(&file.name) else {
                problems.push(Problem::new(
                    &file.name,
                    None,
                    "this is no template's name",
                    "name it <language>/<cause>.hbs, or <language>/<cause>.html.hbs for the HTML twin",
                ));
                continue;
            };
            pages.push((file, name));
        }
        for (file, name) in &pages {
            lint_names(file, &mut problems);
            let registry = if name.is_html { &mut set.html } else { &mut set.text };
            // Partials of one language must not reach into another, so each reference is made absolute.
            let source = absolute_partials(&file.text, name.language);
            let key =
                if name.is_partial { partial_key(name.language, name.stem) } else { key(name.language, name.stem) };
            if let Err(error) = registry.register_template_string(&key, source) {
                let line = error.pos().map(|(line, _)| line);
                problems.push(Problem::new(&file.name, line, "the template cannot be read", "check its {{…}} marks"));
            }
        }
        for (file, name) in pages.iter().filter(|(_, name)| !name.is_partial) {
            set.try_out(file, name, &mut problems);
            let twin = pages
                .iter()
                .any(|(_, other)| !other.is_html && other.language == name.language && other.stem == name.stem);
            if name.is_html && !twin {
                problems.push(Problem::new(
                    &file.name,
                    None,
                    "this HTML twin has no plain text",
                    format!("add {}.hbs beside it", name.stem),
                ));
            }
        }
        set.versions = versions(&pages);
        problems.sort();
        problems.dedup();
        if problems.is_empty() { Ok(set) } else { Err(problems) }
    }

    pub fn has(&self, language: &str, cause: &str) -> bool {
        self.text.has_template(&key(language, cause))
    }

    /// The languages with at least one template.
    pub fn languages(&self) -> BTreeSet<&str> {
        self.versions.keys().filter_map(|key| key.split_once('/')).map(|(language, _)| language).collect()
    }

    /// Those of `wanted` that have templates; all where nothing is said.
    pub fn answered(&self, wanted: &[String]) -> Vec<String> {
        let base = |code: &str| code.split('-').next().unwrap_or(code).to_owned();
        let is_wanted =
            |code: &&str| wanted.is_empty() || wanted.iter().any(|want| want == code || *want == base(code));
        self.languages().into_iter().filter(is_wanted).map(str::to_owned).collect()
    }

    /// A short hash of the template's text, of its twin and of the language's partials.
    pub fn version(&self, language: &str, cause: &str) -> &str {
        self.versions.get(&key(language, cause)).map_or("", String::as_str)
    }

    /// Plain text, and HTML where there is a twin.
    pub fn render(&self, language: &str, cause: &str, values: Values<'_>) -> Result<(String, Option<String>), String> {
        let data = json!({ "name": values.name, "support_address": values.support_address, "product": values.product });
        let key = key(language, cause);
        let text = self.text.render(&key, &data).map_err(|error| error.reason().to_string())?;
        let html = if self.html.has_template(&key) {
            Some(self.html.render(&key, &data).map_err(|error| error.reason().to_string())?)
        } else {
            None
        };
        Ok((text, html))
    }

    fn try_out(&self, file: &SourceFile, name: &Name<'_>, problems: &mut Vec<Problem>) {
        let registry = if name.is_html { &self.html } else { &self.text };
        let template = key(name.language, name.stem);
        if !registry.has_template(&template) {
            return;
        }
        for sample in ["Ada Lovelace", ""] {
            let data = json!({ "name": sample, "support_address": "support@example.com", "product": "Example" });
            match registry.render(&template, &data) {
                Err(error) => {
                    let what = format!("the template cannot be rendered: {}", error.reason());
                    problems.push(Problem::new(
                        &file.name,
                        error.line_no,
                        what,
                        "check the names of variables and partials",
                    ));
                    return;
                }
                Ok(text) if text.trim().is_empty() => {
                    problems.push(Problem::new(&file.name, None, "the template renders to nothing", "write its text"));
                    return;
                }
                Ok(_) => {}
            }
        }
    }
}

fn registry() -> Handlebars<'static> {
    let mut registry = Handlebars::new();
    registry.set_strict_mode(true);
    registry
}

fn key(language: &str, cause: &str) -> String {
    format!("{language}/{cause}")
}

fn partial_key(language: &str, stem: &str) -> String {
    format!("{language}/_{stem}")
}

fn absolute_partials(text: &str, language: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{>") {
        out.push_str(before);
        let name_at = after.trim_start();
        out.push_str(&format!("{{{{> {language}/_"));
        rest = name_at;
    }
    out.push_str(rest);
    out
}

/// Strict mode does not look at the names inside `{{#if …}}`, so they are checked here.
fn lint_names(file: &SourceFile, problems: &mut Vec<Problem>) {
    for (number, line) in file.text.lines().enumerate() {
        for tag in line.split("{{").skip(1).filter_map(|rest| rest.split_once("}}")).map(|(tag, _)| tag) {
            let tag = tag.trim_matches(['~', '{', '}', ' ']);
            if tag.starts_with(['!', '>', '/']) || tag == "else" {
                continue;
            }
            let words: Vec<&str> = tag.split_whitespace().collect();
            let names =
                if tag.starts_with('#') || words.first() == Some(&"else") { words.get(1..) } else { words.get(..) };
            for name in names.unwrap_or_default().iter().filter(|name| **name != "if" && !VARIABLES.contains(name)) {
                problems.push(Problem::new(
                    &file.name,
                    Some(number + 1),
                    format!("`{name}` is no variable of a template"),
                    format!("use one of: {}", VARIABLES.join(", ")),
                ));
            }
        }
    }
}

fn versions(pages: &[(&SourceFile, Name<'_>)]) -> BTreeMap<String, String> {
    let mut sorted: Vec<_> = pages.iter().collect();
    sorted.sort_by(|a, b| a.0.name.cmp(&b.0.name));
    let mut versions = BTreeMap::new();
    for (_, name) in sorted.iter().filter(|(_, name)| !name.is_partial && !name.is_html) {
        let mut hash = Sha256::new();
        for (file, other) in &sorted {
            if other.language == name.language && (other.is_partial || other.stem == name.stem) {
                hash.update(file.text.as_bytes());
            }
        }
        let digest = hash.finalize();
        let short: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        versions.insert(key(name.language, name.stem), short);
    }
    versions
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, text: &str) -> SourceFile {
        SourceFile { name: name.into(), text: text.into() }
    }

    #[test]
    fn a_twin_is_escaped_and_the_plain_text_is_not() {
        let files = [
            file("templates/en/x.hbs", "Hi{{#if name}} {{name}}{{/if}}, {{> end}}"),
            file("templates/en/x.html.hbs", "<p>{{name}}</p>"),
            file("templates/en/_end.hbs", "bye & thanks"),
        ];
        let set = Templates::load(&files).expect("good templates");
        let values = Values { name: "O'Neill", support_address: "a@b.example", product: "P" };
        let (text, html) = set.render("en", "x", values).expect("renders");
        assert_eq!(text, "Hi O'Neill, bye & thanks");
        assert_eq!(html.as_deref(), Some("<p>O&#x27;Neill</p>"));
    }

    #[test]
    fn every_problem_is_named_with_file_and_line() {
        let files = [
            file("templates/en/a.hbs", "Hi\n{{#if nam}}x{{/if}}"),
            file("templates/en/b.hbs", "Hi {{#if name}}"),
            file("templates/en/c.html.hbs", "<p>"),
            file("templates/readme.txt", ""),
        ];
        let problems = Templates::load(&files).expect_err("bad templates");
        let text: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert!(text.iter().any(|line| line.contains("a.hbs:2: `nam`")), "{text:?}");
        assert!(text.iter().any(|line| line.starts_with("templates/en/b.hbs:1:")), "{text:?}");
        assert!(text.iter().any(|line| line.contains("c.html.hbs: this HTML twin")), "{text:?}");
        assert!(text.iter().any(|line| line.starts_with("templates/readme.txt")), "{text:?}");
    }
}
