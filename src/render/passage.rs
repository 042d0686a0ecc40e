//! A paragraph among its neighbours, ready to be shown.

use findings_index::records::{ParagraphRecord, ReportRecord};
use serde::Serialize;

/// A paragraph with its surroundings, as `findings show ID --format json` prints it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Passage {
    /// The report.
    pub report: ReportRecord,
    /// The paragraph asked for.
    pub paragraph: ParagraphRecord,
    /// The paragraph and its surroundings, in the report's order.
    pub around: Vec<Neighbour>,
}

/// One paragraph of a [`Passage`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Neighbour {
    /// Its place among all paragraphs of the report, counted from 1.
    pub place: usize,
    /// Why it is shown.
    pub because: Because,
    /// The paragraph's record; its fields are flattened into this object.
    #[serde(flatten)]
    pub paragraph: ParagraphRecord,
}

/// Why a paragraph is part of a [`Passage`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub enum Because {
    /// It was asked for.
    Asked,
    /// The paragraph asked for is a bullet of it.
    Parent,
    /// It is a bullet of the paragraph asked for.
    Bullet,
    /// The paragraph asked for refers to it.
    Referred,
    /// It refers to the paragraph asked for.
    Refers,
    /// It is near.
    Near,
}

impl Passage {
    /// Builds the passage around the paragraph at `place` (counted from 0) in all `paragraphs` of a
    /// report: `context` paragraphs on either side, its bullets, and the paragraph whose bullet it
    /// is. `None` if there is no such place.
    #[must_use]
    pub fn around(
        report: ReportRecord,
        paragraphs: Vec<ParagraphRecord>,
        place: usize,
        context: usize,
    ) -> Option<Self> {
        let asked = paragraphs.get(place)?.clone();
        let around = paragraphs
            .into_iter()
            .enumerate()
            .filter_map(|(here, paragraph)| {
                let because = if here == place {
                    Because::Asked
                } else if asked.parent.as_ref() == Some(&paragraph.id) {
                    Because::Parent
                } else if paragraph.parent.as_ref() == Some(&asked.id) {
                    Because::Bullet
                } else if asked.refers.contains(&paragraph.id) {
                    Because::Referred
                } else if paragraph.refers.contains(&asked.id) {
                    Because::Refers
                } else if here.abs_diff(place) <= context {
                    Because::Near
                } else {
                    return None;
                };
                Some(Neighbour { place: here + 1, because, paragraph })
            })
            .collect();
        Some(Self { report, paragraph: asked, around })
    }
}
