//! How well a topic tags, as people who read paragraphs found.

use serde::{Deserialize, Serialize};

/// An estimate from a sample, in per cent, with the ends of its 95% interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Estimate {
    /// The estimate.
    pub percent: u8,
    /// The lower end.
    pub low: u8,
    /// The upper end.
    pub high: u8,
}

/// How well a topic tags the paragraphs of some reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Quality {
    /// The number of paragraphs that were read.
    pub read: usize,
    /// Of the paragraphs that it tags, those that are about it.
    pub precision: Estimate,
    /// Of the paragraphs that are about it, those that it tags; looked for among those that it tags
    /// and an equal number near it.
    pub recall: Estimate,
}

/// The same for the inspections of some years.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Era {
    /// The first year.
    pub first: u16,
    /// The last year.
    pub last: u16,
    /// How well it tags.
    pub quality: Quality,
}

/// How well a topic tags, by the rules that it has now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Measured {
    /// In all.
    pub quality: Quality,
    /// By era, where enough was read.
    #[serde(default)]
    pub eras: Vec<Era>,
}

impl Quality {
    /// Says it in a sentence without its full stop.
    #[must_use]
    pub fn said(&self) -> String {
        let of = |Estimate { percent, low, high }| format!("{percent}% ({low}–{high}%)");
        format!(
            "{} of the paragraphs that it tags are about it, and it tags {} of those that are",
            of(self.precision),
            of(self.recall)
        )
    }
}
