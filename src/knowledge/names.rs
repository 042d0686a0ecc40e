//! The names of frameworks, as shown to readers.
//!
//! A search names frameworks without loading them: it reads only the first lines of each file,
//! which hold the names, and only when the first name is needed.

use super::{FRAMEWORKS, Framework, files, themes};
use findings_index::records::Visit;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The first lines of a framework's file.
#[derive(Deserialize)]
struct Head {
    code: String,
    name: String,
    short: String,
    label: Option<String>,
    full: Option<bool>,
    licence: Option<String>,
    attribution: Option<String>,
    like: Option<String>,
}

/// What is known of a framework without loading it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Known {
    label: String,
    is_full: bool,
    terms: Terms,
}

/// The terms on which reports of a framework may be reused, as far as they are known.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Terms {
    /// The licence.
    pub licence: Option<String>,
    /// What has to be said where they are quoted or counted.
    pub attribution: Option<String>,
}

impl Terms {
    /// Whoever the attribution names after the sign `©`, Crown copyright apart; `None` where it names
    /// nobody so.
    #[must_use]
    pub fn publisher(&self) -> Option<&str> {
        let (_, named) = self.attribution.as_deref()?.split_once('©')?;
        let named =
            named.trim().trim_start_matches("Crown copyright").trim_matches([',', '.', ' ']);
        Some(named).filter(|named| !named.is_empty())
    }

    /// What to print where a report is quoted: the attribution, and the licence if that does not name
    /// it; or that neither is known.
    #[must_use]
    pub fn said(&self) -> String {
        match (&self.attribution, &self.licence) {
            (Some(attribution), Some(licence)) if !attribution.contains(licence) => {
                format!("{attribution} ({licence})")
            }
            (Some(said), _) | (None, Some(said)) => said.clone(),
            (None, None) => "Licence not known".to_owned(),
        }
    }
}

/// The names of frameworks in lists of results, by their codes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names {
    known: BTreeMap<String, Known>,
    themes: BTreeMap<String, String>,
}

impl Names {
    /// No names: every framework is shown by its code.
    pub const NONE: Self = Self { known: BTreeMap::new(), themes: BTreeMap::new() };

    /// Loads the names of the embedded frameworks and of the user's in these folders.
    #[must_use]
    pub fn load(folders: &[PathBuf]) -> Self {
        // A name that cannot be read is not an error: the code is shown instead.
        let added = folders.iter().filter_map(|folder| files(folder).ok()).flatten();
        let texts = FRAMEWORKS.iter().map(|(_, text)| head(text));
        let heads = texts.chain(added.map(|(_, text)| head(&text))).flatten();
        let mut known: BTreeMap<String, Known> = BTreeMap::new();
        let mut left: Vec<Head> = Vec::new();
        for head in heads {
            // Whoever leaves it out has what its model says, which may come later.
            let model = head.like.as_ref().and_then(|like| known.get(like));
            let is_full = head.full.or(model.map(|model| model.is_full)).unwrap_or_default();
            let label = label_of(head.label.as_deref(), &head.name, &head.short);
            // Terms are those of a publisher, so no other framework's are taken over: only a file that
            // changes a framework, like itself, has the same ones.
            let own =
                Terms { licence: head.licence.clone(), attribution: head.attribution.clone() };
            let is_same = head.like.as_ref() == Some(&head.code) && own == Terms::default();
            let terms = model.filter(|_| is_same).map_or(own, |model| model.terms.clone());
            known.insert(head.code.clone(), Known { label, is_full, terms });
            left.extend((head.full.is_none() && head.like.is_some()).then_some(head));
        }
        for head in left {
            let model = head.like.as_ref().and_then(|like| known.get(like)).map(|own| own.is_full);
            if let (Some(is_full), Some(own)) = (model, known.get_mut(&head.code)) {
                own.is_full = is_full;
            }
        }
        // The embedded file is valid, as a test shows; without it a theme is shown by its id.
        let themes = themes::embedded().unwrap_or_default();
        let themes = themes.into_iter().map(|theme| (theme.id, theme.name)).collect();
        Self { known, themes }
    }

    /// The name of the framework with this code.
    #[must_use]
    pub fn framework(&self, code: &str) -> Option<&str> {
        self.known.get(code).map(|known| known.label.as_str())
    }

    /// The name of the theme with this id, if it is one that the program knows.
    #[must_use]
    pub fn theme(&self, id: &str) -> Option<&str> {
        self.themes.get(id).map(String::as_str)
    }

    /// The terms on which reports of the framework with this code may be reused; none are known of
    /// a framework that is not.
    #[must_use]
    pub fn terms(&self, code: &str) -> Terms {
        self.known.get(code).map_or_else(Terms::default, |known| known.terms.clone())
    }

    /// Whether inspections under the framework with this code are full ones, visits apart.
    #[must_use]
    pub fn is_full(&self, code: &str) -> bool {
        self.known.get(code).is_some_and(|known| known.is_full)
    }

    /// Whether an inspection under the framework with this code is a full one; a visit never is.
    #[must_use]
    pub fn is_full_inspection(&self, code: &str, visit: Option<Visit>) -> bool {
        visit.is_none() && self.is_full(code)
    }
}

/// The name of a loaded framework, for lists of results.
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

/// Parses the lines before the first table.
fn head(text: &str) -> Option<Head> {
    let end = text.find("\n[").map_or(text.len(), |end| end + 1);
    toml::from_str(&text[..end]).ok()
}

#[cfg(test)]
mod tests {
    use super::{Names, Terms, label};
    use crate::knowledge::Knowledge;

    #[test]
    fn what_is_not_known_of_the_terms_is_said() {
        let terms = |licence: Option<&str>, attribution: Option<&str>| Terms {
            licence: licence.map(str::to_owned),
            attribution: attribution.map(str::to_owned),
        };
        let said = |licence, attribution| terms(licence, attribution).said();
        assert_eq!(said(None, None), "Licence not known");
        assert_eq!(said(Some("OGL v3.0"), None), "OGL v3.0");
        assert_eq!(said(Some("OGL v3.0"), Some("Under the OGL v3.0")), "Under the OGL v3.0");
        assert_eq!(said(Some("CC BY"), Some("© Somebody")), "© Somebody (CC BY)");
        assert_eq!(said(None, Some("© Somebody")), "© Somebody");
    }

    #[test]
    fn the_publisher_is_whoever_the_attribution_names() {
        let named = |said: &str| {
            let terms = Terms { licence: None, attribution: Some(said.to_owned()) };
            terms.publisher().map(str::to_owned)
        };
        let joint = "Under the OGL v3.0. © Crown copyright, Ofsted and Care Quality Commission";
        assert_eq!(named(joint).as_deref(), Some("Ofsted and Care Quality Commission"));
        assert_eq!(named("© Somebody.").as_deref(), Some("Somebody"));
        assert_eq!(named("© Crown copyright"), None);
        assert_eq!(named("Somebody"), None);
        assert_eq!(Terms::default().publisher(), None);
    }

    #[test]
    fn the_names_read_from_first_lines_are_those_of_the_frameworks() {
        let names = Names::load(&[]);
        for known in Knowledge::embedded().unwrap().frameworks() {
            assert_eq!(names.framework(&known.code), Some(label(known).as_str()), "{}", known.code);
            assert_eq!(names.is_full(&known.code), known.full == Some(true), "{}", known.code);
            let terms = names.terms(&known.code);
            assert_eq!(terms.licence.as_deref(), Some("Open Government Licence v3.0"));
            assert_eq!(terms.attribution, known.attribution, "{}", known.code);
            assert!(
                terms.attribution.is_some_and(|said| said.contains("© Crown copyright, Ofsted"))
            );
        }
        let slac = "Safeguarding and looked after children (SLAC)";
        assert_eq!(names.framework("slac"), Some(slac));
        assert_eq!(names.framework("nowhere"), None);
        let full = ["slac", "lac-2013", "sif", "sif-reinspection", "ilacs"];
        assert!(full.iter().all(|code| names.is_full(code)));
        assert!(!["jtai", "send", "lscb-review", "nowhere"].iter().any(|code| names.is_full(code)));
    }
}
