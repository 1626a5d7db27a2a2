//! Which pattern files belong together: base files, and files in language folders that add to the base file of the
//! same name. It reads their names, never their text.

use crate::problem::SourceFile;

/// Folders above a file, as written, and its name without `.toml`.
fn split(name: &str) -> (&str, &str) {
    let (folder, base) = name.rsplit_once('/').unwrap_or(("", name));
    (folder, base.strip_suffix(".toml").unwrap_or(base))
}

/// File name without folders and `.toml`.
pub fn stem(name: &str) -> &str {
    split(name).1
}

/// The language folder that each of the files lies in, `None` for base files. Only a folder inside the folder of all
/// patterns is one: that of all patterns may well be called `etc`.
pub fn languages<'a>(files: &[&'a SourceFile]) -> Vec<Option<&'a str>> {
    let folders = files.iter().map(|file| split(&file.name).0);
    let root = folders.clone().min_by_key(|folder| folder.split('/').count()).unwrap_or("");
    let language = |folder: &'a str| {
        let last = folder.rsplit('/').next().unwrap_or(folder);
        (folder != root && is_code(last)).then_some(last)
    };
    folders.map(language).collect()
}

/// ISO 639-1 or 639-3.
fn is_code(name: &str) -> bool {
    (2..=3).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_lowercase()) && name != "any"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_folder_lies_inside_the_folder_of_all_patterns() {
        let of = |names: &[&str]| {
            let files: Vec<SourceFile> =
                names.iter().map(|n| SourceFile { name: (*n).to_owned(), text: String::new() }).collect();
            let files: Vec<&SourceFile> = files.iter().collect();
            languages(&files).into_iter().map(|l| l.map(str::to_owned)).collect::<Vec<_>>()
        };
        assert_eq!(of(&["patterns/a.toml", "patterns/zh/a.toml"]), [None, Some("zh".to_owned())]);
        assert_eq!(of(&["/srv/etc/zh/a.toml", "/srv/etc/a.toml"]), [Some("zh".to_owned()), None]);
        assert_eq!(of(&["a.toml", "zh/a.toml", "more/b.toml"]), [None, Some("zh".to_owned()), None]);
    }
}
