//! Conditions on a grade, and how they are written.

use crate::language::words;
use crate::records::{Grade, Judgement, shared_label};
use serde::{Deserialize, Serialize};
use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

/// The name that asks for the absence of a value.
pub const ABSENT: &str = "none";

/// One condition on a grade: `good`, `good..outstanding`, `>=3`, `inadequate`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GradeFilter {
    /// The words as printed, compared without case; a shorter form includes the longer
    /// (`requires improvement` finds `Requires improvement to be good`).
    Label(String),
    /// The label exactly as printed and nothing longer.
    Exactly(String),
    /// Places on the scale, 1 the best; both ends are included.
    Ranks {
        /// The better end.
        best: u8,
        /// The worse end.
        worst: u8,
    },
    /// No grade in force.
    None,
}

/// A grade condition that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{written}` is not a grade: use a name (good), a rank from 1 to 4 (3, >=3, 1..2), a range of \
     names (good..outstanding) or none"
)]
pub struct GradeFilterError {
    written: String,
}

/// The grades of the four-point scale that every framework shares, with their places.
const SCALE: [(&str, u8); 5] = [
    ("outstanding", 1),
    ("good", 2),
    ("requires improvement", 3),
    ("adequate", 3),
    ("inadequate", 4),
];

fn place(written: &str) -> Option<u8> {
    let key = words::key(written);
    if let Ok(rank) = key.parse::<u8>() {
        return (rank > 0).then_some(rank);
    }
    SCALE.into_iter().find(|(label, _)| is_short_for(label, &key)).map(|(_, rank)| rank)
}

/// Whether the words of `short` are the first words of `long`; both are keys.
fn is_short_for(short: &str, long: &str) -> bool {
    long.strip_prefix(short).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

impl FromStr for GradeFilter {
    type Err = GradeFilterError;

    fn from_str(written: &str) -> Result<Self, GradeFilterError> {
        let wrong = || GradeFilterError { written: written.to_owned() };
        let trimmed = written.trim();
        let digits = |rest: &str| rest.trim().parse::<u8>().map_err(|_| wrong());
        if trimmed.eq_ignore_ascii_case(ABSENT) {
            return Ok(Self::None);
        }
        if let Some(label) = trimmed.strip_prefix('=')
            && !words::key(label).is_empty()
            && label.trim().parse::<u8>().is_err()
        {
            return Ok(Self::Exactly(label.trim().to_owned()));
        }
        if let Some((one, other)) = trimmed.split_once("..") {
            let one = place(one).ok_or_else(wrong)?;
            let other = place(other.trim_start_matches('=')).ok_or_else(wrong)?;
            return Ok(Self::Ranks { best: one.min(other), worst: one.max(other) });
        }
        if let Some(rest) = trimmed.strip_prefix(">=") {
            let best = digits(rest)?;
            return Ok(Self::Ranks { best, worst: u8::MAX });
        }
        if let Some(rest) = trimmed.strip_prefix("<=") {
            let worst = digits(rest)?;
            return Ok(Self::Ranks { best: 1, worst });
        }
        if let Some(rest) = trimmed.strip_prefix('>') {
            let best = digits(rest)?.saturating_add(1);
            return Ok(Self::Ranks { best, worst: u8::MAX });
        }
        if let Some(rest) = trimmed.strip_prefix('<') {
            let worst = digits(rest)?.saturating_sub(1);
            return Ok(Self::Ranks { best: 1, worst });
        }
        if let Ok(rank) = trimmed.parse::<u8>() {
            return Ok(Self::Ranks { best: rank, worst: rank });
        }
        if words::key(trimmed).is_empty() || trimmed.contains(['=', '<', '>']) {
            return Err(wrong());
        }
        Ok(Self::Label(trimmed.to_owned()))
    }
}

impl Display for GradeFilter {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Label(label) => f.write_str(label),
            Self::Exactly(label) => write!(f, "={label}"),
            Self::Ranks { best, worst } if best == worst => write!(f, "{best}"),
            Self::Ranks { best: 1, worst } => write!(f, "<={worst}"),
            Self::Ranks { best, worst: u8::MAX } => write!(f, ">={best}"),
            Self::Ranks { best, worst } => write!(f, "{best}..{worst}"),
            Self::None => f.write_str(ABSENT),
        }
    }
}

impl GradeFilter {
    /// Whether a grade, or the absence of one, meets the condition.
    #[must_use]
    pub fn holds(&self, grade: Option<&Grade>) -> bool {
        match (self, grade) {
            (Self::None, grade) => grade.is_none(),
            (_, None) => false,
            (Self::Label(_) | Self::Exactly(_), Some(grade)) => self.names(&grade.label),
            (Self::Ranks { .. }, Some(grade)) => self.spans(grade.rank),
        }
    }

    /// Whether a printed label is the one that the condition names, if it names any.
    pub(crate) fn names(&self, label: &str) -> bool {
        match self {
            Self::Label(short) => {
                is_short_for(&words::key(shared_label(short)), &words::key(label))
            }
            Self::Exactly(whole) => whole == label,
            Self::Ranks { .. } | Self::None => false,
        }
    }

    fn spans(&self, rank: Option<u8>) -> bool {
        match (self, rank) {
            (Self::Ranks { best, worst }, Some(rank)) => (*best..=*worst).contains(&rank),
            _ => false,
        }
    }

    pub(crate) fn holds_judgement(&self, judgement: &Judgement) -> bool {
        self.names(&judgement.label) || self.spans(judgement.rank)
    }
}

/// Whether a condition names a grade of the known scales or one of the labels held.
#[must_use]
pub fn names_a_grade<'h>(filter: &GradeFilter, mut held: impl Iterator<Item = &'h str>) -> bool {
    match filter {
        GradeFilter::Ranks { .. } | GradeFilter::None => true,
        named => {
            SCALE.iter().any(|(label, _)| named.names(label)) || held.any(|held| named.names(held))
        }
    }
}

/// Whether `wanted` is empty or one of its names matches the value held.
pub(crate) fn any_name(wanted: &[String], held: Option<&str>) -> bool {
    let held = words::key(held.unwrap_or(ABSENT));
    wanted.is_empty() || wanted.iter().any(|wanted| words::key(wanted) == held)
}

#[cfg(test)]
mod tests {
    use super::GradeFilter;

    fn ranks(written: &str) -> (u8, u8) {
        match written.parse::<GradeFilter>().unwrap() {
            GradeFilter::Ranks { best, worst } => (best, worst),
            other => panic!("{written} is {other:?}"),
        }
    }

    #[test]
    fn grades_are_written_by_place_and_by_range() {
        assert_eq!(ranks("3"), (3, 3));
        assert_eq!(ranks(">=3"), (3, u8::MAX));
        assert_eq!(ranks("<3"), (1, 2));
        assert_eq!(ranks("good..outstanding"), (1, 2));
        assert_eq!(ranks("2 .. inadequate"), (2, 4));
        assert_eq!("None".parse(), Ok(GradeFilter::None));
        for wrong in ["", ">=good", "..", "good..bad", "=2"] {
            assert!(wrong.parse::<GradeFilter>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn shorter_label_stands_for_the_longer_and_never_for_a_part_of_a_word() {
        let names = |short: &str, long: &str| short.parse::<GradeFilter>().unwrap().names(long);
        assert!(names("requires improvement", "Requires improvement to be good"));
        assert!(!names("adequate", "Inadequate"));
        assert!(!names("requires improvement to be better", "Requires improvement"));
        assert!(!names("good", "Requires improvement to be good"));
        assert!(!names("=Requires improvement", "Requires improvement to be good"));
        assert!(names("=Requires improvement", "Requires improvement"));
    }

    #[test]
    fn both_printings_of_one_grade_name_it() {
        let names =
            |written: &str, label: &str| written.parse::<GradeFilter>().unwrap().names(label);
        assert!(names("Requires improvement to be good", "Requires improvement"));
        assert!(names("Requires improvement to be good", "Requires improvement to be good"));
        assert!(!names("=Requires improvement to be good", "Requires improvement"));
    }

    #[test]
    fn printed_condition_reads_as_itself() {
        for written in ["3", ">=3", "<=2", "2..3", "none", "good", "=Good"] {
            let filter: GradeFilter = written.parse().unwrap();
            assert_eq!(filter.to_string(), written);
        }
    }
}
