//! How readers are told of frameworks.
//!
//! A search names frameworks without loading them: of each file only the first lines are read,
//! which hold its names, and only when the first name is asked for.

use super::{FRAMEWORKS, Framework, files};
use serde::Deserialize;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::OnceLock;

static FOLDERS: OnceLock<Vec<PathBuf>> = OnceLock::new();
static NAMES: OnceLock<HashMap<String, String>> = OnceLock::new();

/// The first lines of a framework's file.
#[derive(Deserialize)]
struct Head {
    code: String,
    name: String,
    short: String,
    label: Option<String>,
}

/// Says where the user's frameworks lie, once and before the first name is asked for. A run has
/// one set of names, so that every renderer says the same.
pub fn look_in(folders: &[PathBuf]) {
    FOLDERS.get_or_init(|| folders.to_vec());
}

/// The name of the framework with this code for lists of results.
#[must_use]
pub fn framework(code: &str) -> Option<&'static str> {
    NAMES.get_or_init(read).get(code).map(String::as_str)
}

/// The name of a loaded framework for lists of results.
#[must_use]
pub fn label(framework: &Framework) -> String {
    label_of(framework.label.as_deref(), &framework.name, &framework.short)
}

fn label_of(label: Option<&str>, name: &str, short: &str) -> String {
    match label {
        Some(label) => label.to_owned(),
        None if short == name => name.to_owned(),
        None => format!("{name} ({short})"),
    }
}

fn read() -> HashMap<String, String> {
    let folders = FOLDERS.get().map_or(&[][..], Vec::as_slice);
    // A name that cannot be read is no reason to fail: its code stands instead.
    let added = folders.iter().filter_map(|folder| files(folder).ok()).flatten();
    let texts = FRAMEWORKS.iter().map(|(_, text)| head(text));
    let heads = texts.chain(added.map(|(_, text)| head(&text))).flatten();
    heads
        .map(|head| (label_of(head.label.as_deref(), &head.name, &head.short), head.code))
        .map(|(label, code)| (code, label))
        .collect()
}

/// What stands before the first table.
fn head(text: &str) -> Option<Head> {
    let end = text.find("\n[").map_or(text.len(), |end| end + 1);
    toml::from_str(&text[..end]).ok()
}

#[cfg(test)]
mod tests {
    use super::{framework, label};
    use crate::knowledge::Knowledge;

    #[test]
    fn the_names_read_from_first_lines_are_those_of_the_frameworks() {
        for known in Knowledge::embedded().unwrap().frameworks() {
            assert_eq!(framework(&known.code), Some(label(known).as_str()), "{}", known.code);
        }
        assert_eq!(framework("slac"), Some("Safeguarding and looked after children (SLAC)"));
        assert_eq!(framework("nowhere"), None);
    }
}
