//! Frameworks as JSON.

use crate::knowledge::{self, Origin, names};
use serde::Serialize;

/// A framework as JSON shows it.
#[derive(Debug, Serialize)]
pub struct Framework<'k> {
    code: &'k str,
    short: &'k str,
    name: &'k str,
    label: String,
    period: &'k str,
    /// On what terms its reports may be reused; `null` where that is not known.
    licence: Option<&'k str>,
    attribution: Option<&'k str>,
    like: Option<&'k str>,
    grades: Vec<Grade<'k>>,
    sections: usize,
    /// The file that it comes from; `null` where it is part of the program.
    file: Option<String>,
    /// Whether that file replaces a framework of the program.
    overrides: bool,
}

#[derive(Debug, Serialize)]
struct Grade<'k> {
    label: &'k str,
    rank: Option<u8>,
}

impl<'k> Framework<'k> {
    /// Describes a framework.
    #[must_use]
    pub fn of(framework: &'k knowledge::Framework) -> Self {
        let (file, overrides) = match &framework.origin {
            Origin::Embedded => (None, false),
            Origin::File { path, overrides } => (Some(path.display().to_string()), *overrides),
        };
        Self {
            code: &framework.code,
            short: &framework.short,
            name: &framework.name,
            label: names::label(framework),
            period: &framework.period,
            licence: framework.licence.as_deref(),
            attribution: framework.attribution.as_deref(),
            like: framework.like.as_deref(),
            grades: framework
                .grades
                .iter()
                .map(|grade| Grade { label: &grade.label, rank: grade.rank })
                .collect(),
            sections: framework.sections.len(),
            file,
            overrides,
        }
    }
}
