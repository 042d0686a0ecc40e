//! What a committee gets: a comparison and, where it is made for one council, how that was judged and
//! what was recommended to it. The page and Markdown set it each in its own way.

use super::{clean, words};
use crate::answer::committee::{self, Own};
use crate::answer::compare::Comparison;
use crate::answer::timeline::{Direction, Inspection, Judged};
use crate::knowledge::names::Names;

/// What is written for a committee.
#[derive(Debug, Clone, Copy)]
pub struct Committee<'a> {
    /// The comparison.
    pub comparison: &'a Comparison,
    /// What is held of the council that it is made for, if it is made for one.
    pub own: Option<&'a Own>,
    /// The title in place of the subject.
    pub title: Option<&'a str>,
}

impl Committee<'_> {
    /// Names the subject, and before it the council that the comparison is made for: papers on
    /// several councils lie on one table.
    pub(super) fn subject(&self) -> String {
        let subject = words::subject(self.comparison);
        match committee::council(self.comparison) {
            None => subject,
            Some(council) if self.comparison.neighbourhood.is_some() => {
                format!("{} and its neighbours: {subject}", clean::line(council))
            }
            Some(council) => format!("{}: {subject}", clean::line(council)),
        }
    }

    /// The title that was given, if it says anything.
    pub(super) fn title(&self) -> Option<String> {
        self.title.map(clean::line).filter(|title| !title.trim().is_empty())
    }
}

/// The heading of what is held of a council.
pub(super) fn heading(own: &Own) -> String {
    format!("{}: how it was judged, and what was recommended to it", clean::line(&own.authority))
}

/// The heading of the judgements of an inspection.
pub(super) fn judged(names: &Names, newest: &Inspection) -> String {
    let when = newest.date.map(|day| format!(" of {}", words::month(day))).unwrap_or_default();
    format!("Judgements of its newest full inspection{when}, {}", words::what(names, newest))
}

/// What is said where no full inspection gives judgements.
pub(super) const NOT_JUDGED: &str = "None of the full inspections held gives judgements.";

/// Says how a judgement differs from the comparable one before it; nothing if there is none.
pub(super) fn change(judged: &Judged) -> String {
    judged.change.as_ref().map_or_else(
        || words::NOTHING.to_owned(),
        |change| match change.direction {
            Direction::Same => words::direction(change.direction).to_owned(),
            Direction::Better | Direction::Worse => {
                format!(
                    "{} (was {})",
                    words::direction(change.direction),
                    clean::line(&change.from)
                )
            }
        },
    )
}

/// Says after the number of recommendations on the subject what they are.
pub(super) fn recommended(own: &Own) -> String {
    let total = own.recommendations.total;
    let mentions = if total == 1 { "mentions" } else { "mention" };
    let shown = match total > committee::SHOWN {
        true => format!("; the newest {}", words::number(committee::SHOWN)),
        false => String::new(),
    };
    format!(" to it {mentions} this{shown}:")
}

/// What is said where none is on the subject.
pub(super) const NOTHING_RECOMMENDED: &str =
    "No recommendation to it, in the reports looked through, mentions this.";
