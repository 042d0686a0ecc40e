//! Themes: areas that several frameworks share, whatever name each uses.

use serde::Deserialize;

/// One theme.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Theme {
    /// The id in records and filters.
    pub id: String,
    /// The words shown to readers.
    pub name: String,
    /// A description of what belongs to it.
    #[serde(default)]
    pub note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    theme: Vec<Theme>,
}

pub(super) const EMBEDDED: &str = include_str!("themes.toml");

/// The themes embedded in the program.
pub(super) fn embedded() -> Result<Vec<Theme>, toml::de::Error> {
    toml::from_str::<File>(EMBEDDED).map(|file| file.theme)
}

/// Adds themes; a theme replaces one with the same id.
pub(super) fn add(all: &mut Vec<Theme>, more: &[Theme]) {
    for theme in more {
        match all.iter_mut().find(|known| known.id == theme.id) {
            Some(known) => known.clone_from(theme),
            None => all.push(theme.clone()),
        }
    }
}
