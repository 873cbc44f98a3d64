//! Where policy files come from: the shipped ones, embedded in the program, or a folder.

use crate::{problems::Problems, source::PolicyFile};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

macro_rules! embedded {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../../infra/policy/", $name)))),+]
    };
}

/// The shipped policy: each file's name and text, ordered by name. What a new deployment starts from.
pub const SHIPPED: &[(&str, &str)] = embedded![
    "calendar.toml",
    "company.toml",
    "desks.toml",
    "elements.toml",
    "identifiers.toml",
    "products.toml",
    "rules/adverse_events.toml",
    "rules/automatic.toml",
    "rules/cues.toml",
    "rules/exposures.toml",
    "rules/lack_of_effect.toml",
    "rules/medical.toml",
    "rules/other.toml",
    "rules/quality.toml",
    "rules/reactions.toml",
    "rules/safety.toml",
    "rules/shipping.toml",
    "rules/words.toml",
    "rules/wrong_use.toml",
    "texts/de.toml",
    "texts/en.toml",
    "thresholds.toml",
];

/// The shipped files, named as a person finds them in the repository.
pub(crate) fn shipped() -> Vec<PolicyFile> {
    SHIPPED
        .iter()
        .map(|(name, text)| PolicyFile {
            name: (*name).to_owned(),
            path: format!("infra/policy/{name}"),
            content: text.as_bytes().to_vec(),
        })
        .collect()
}

/// Every `.toml` file of a folder and of the folders directly in it, ordered by name. Other files,
/// such as notes, and hidden ones, which editors and systems leave, are not policy. Reports what cannot be read; `None` where the folder itself cannot.
pub(crate) fn read_folder(folder: &Path, problems: &Problems) -> Option<Vec<PolicyFile>> {
    let mut paths = Vec::new();
    for path in entries(folder, problems)? {
        if path.is_dir() {
            paths.extend(entries(&path, problems).unwrap_or_default());
        } else {
            paths.push(path);
        }
    }
    let mut files: Vec<_> = paths.iter().filter_map(|path| read_file(folder, path, problems)).collect();
    files.sort_by(|left, right| left.name.cmp(&right.name));
    Some(files)
}

fn entries(folder: &Path, problems: &Problems) -> Option<Vec<PathBuf>> {
    let listed = fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>());
    if let Err(error) = &listed {
        problems.report_whole(
            &folder.display().to_string(),
            format!("the folder cannot be read: {error}"),
            "a folder of policy files such as company.toml",
        );
    }
    listed.ok()
}

fn read_file(folder: &Path, path: &Path, problems: &Problems) -> Option<PolicyFile> {
    let is_hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    if is_hidden || path.extension().is_none_or(|extension| extension != "toml") {
        return None;
    }
    let shown = path.display().to_string();
    match fs::read(path) {
        Ok(content) => {
            let name = path.strip_prefix(folder).unwrap_or(path).to_string_lossy().replace('\\', "/");
            Some(PolicyFile { name, path: shown, content })
        }
        Err(error) => {
            problems.report_whole(&shown, format!("the file cannot be read: {error}"), "a readable file");
            None
        }
    }
}
