//! The option for kinds of paragraph that are counted only where they are asked for.

use super::values;
use clap::builder::{PossibleValue, TypedValueParser};
use findings_index::records::Kind;

/// Kinds that are counted in addition to the usual ones.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Included {
    /// Also count `context`: facts of the area, earlier inspections, what an inspection looked at
    ///
    /// They are left out otherwise, since they are not findings: a report that says how many
    /// children are looked after has not found anything about them.
    #[arg(long, value_name = "KIND", value_parser = kinds(), ignore_case = true,
        hide_possible_values = true, help_heading = "Answer")]
    include: Vec<Kind>,
}

fn kinds() -> impl TypedValueParser<Value = Kind> {
    values::one_of([Kind::Context], |kind| PossibleValue::new(kind.name()))
}

impl Included {
    /// Returns the kinds.
    pub(crate) fn kinds(&self) -> Vec<Kind> {
        self.include.clone()
    }

    /// Returns the option as it is typed again.
    pub(crate) fn option(&self) -> Option<String> {
        (!self.include.is_empty()).then(|| format!("--include={}", Kind::Context.name()))
    }
}
