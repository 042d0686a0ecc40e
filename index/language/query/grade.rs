//! Conditions on a grade, and how they are written.

use crate::language::words;
use crate::records::{Grade, Judgement, shared_label};
use serde::{Deserialize, Serialize};
use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

/// The name that asks for the absence of a value.
pub const ABSENT: &str = "none";

/// One condition on a grade: `good`, `good..outstanding`, `>=3`, `inadequate`, `RI or worse`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum GradeFilter {
    /// The words as printed, compared without case; a shorter form includes the longer
    /// (`requires improvement` finds `Requires improvement to be good`, and asks for both even if
    /// the longer is typed).
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

/// The two printings of one grade; the shorter includes the longer.
const IMPROVE: [&str; 2] = ["requires improvement", "requires improvement to be good"];

/// Whether a key is what inspectors and councils call `requires improvement`.
fn is_improve(key: &str) -> bool {
    key == "ri" || IMPROVE.contains(&key)
}

fn place(written: &str) -> Option<u8> {
    let key = words::key(written);
    if is_improve(&key) {
        return Some(3);
    }
    if let Ok(rank) = key.parse::<u8>() {
        return (rank > 0).then_some(rank);
    }
    SCALE.into_iter().find(|(label, _)| is_short_for(label, &key)).map(|(_, rank)| rank)
}

/// Whether the words of `short` are the first words of `long`; both are keys.
fn is_short_for(short: &str, long: &str) -> bool {
    long.strip_prefix(short).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// Words after a grade that add the better grades, and those that add the worse ones.
const BETTER: [&str; 8] = [
    " or better",
    " or above",
    " or higher",
    " or up",
    " and above",
    " and better",
    " and higher",
    " and up",
];
const WORSE: [&str; 8] = [
    " or worse",
    " or below",
    " or lower",
    " or less",
    " or under",
    " and below",
    " and worse",
    " and lower",
];
/// Words before a grade that leave it and the better grades, and so on.
const AT_LEAST: [&str; 5] =
    ["at least ", "no worse than ", "not worse than ", "no less than ", "not below "];
const AT_MOST: [&str; 4] = ["at most ", "at best ", "no better than ", "not better than "];
const ABOVE: [&str; 3] = ["better than ", "above ", "higher than "];
const BELOW: [&str; 5] = ["worse than ", "less than ", "below ", "lower than ", "under "];

/// Reads places on the scale in the words of the trade: `good or better`, `less than good`, `good or
/// outstanding`; returns the better and the worse end.
fn places(key: &str) -> Option<(u8, u8)> {
    let place = |key: &str| match key {
        key if is_improve(key) => Some(3),
        key => SCALE.into_iter().find(|(label, _)| *label == key).map(|(_, rank)| rank),
    };
    let after = |words: &[&str]| words.iter().find_map(|word| place(key.strip_suffix(word)?));
    let before = |words: &[&str]| words.iter().find_map(|word| place(key.strip_prefix(word)?));
    if let Some(worst) = after(&BETTER).or_else(|| before(&AT_LEAST)) {
        return Some((1, worst));
    }
    if let Some(best) = after(&WORSE).or_else(|| before(&AT_MOST)) {
        return Some((best, u8::MAX));
    }
    if let Some(rank) = before(&ABOVE) {
        return Some((1, rank - 1));
    }
    if let Some(rank) = before(&BELOW) {
        return Some((rank + 1, u8::MAX));
    }
    // Grades that are next to each other are a range; of others, those between would come as well.
    let (one, other) = key.split_once(" or ")?;
    let (one, other) = (place(one)?, place(other)?);
    (one.abs_diff(other) == 1).then_some((one.min(other), one.max(other)))
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
        let key = words::key(trimmed);
        if let Some((best, worst)) = places(&key) {
            return Ok(Self::Ranks { best, worst });
        }
        if key != IMPROVE[0] && is_improve(&key) {
            return Ok(Self::Label(IMPROVE[0].to_owned()));
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
    fn places_are_read_in_the_words_of_the_trade() {
        for (written, read) in [
            ("good or better", (1, 2)),
            ("Good or Outstanding", (1, 2)),
            ("outstanding or good", (1, 2)),
            ("at least good", (1, 2)),
            ("good and above", (1, 2)),
            ("better than RI", (1, 2)),
            ("less than good", (3, u8::MAX)),
            ("worse than good", (3, u8::MAX)),
            ("below good", (3, u8::MAX)),
            ("RI or worse", (3, u8::MAX)),
            ("requires improvement to be good or worse", (3, u8::MAX)),
            ("at best requires improvement", (3, u8::MAX)),
            ("RI or inadequate", (3, 4)),
            ("ri..outstanding", (1, 3)),
        ] {
            assert_eq!(ranks(written), read, "{written}");
        }
        // The grade between the two would come as well.
        for written in ["good or inadequate", "good or goood", "not good"] {
            assert_eq!(written.parse(), Ok(GradeFilter::Label(written.to_owned())));
        }
    }

    #[test]
    fn shorter_label_stands_for_the_longer_and_never_for_a_part_of_a_word() {
        let names = |short: &str, long: &str| short.parse::<GradeFilter>().unwrap().names(long);
        assert!(names("requires improvement", "Requires improvement to be good"));
        for both in ["RI", "ri", "Requires Improvement", "Requires improvement to be good"] {
            assert!(names(both, "Requires improvement"), "{both}");
            assert!(names(both, "Requires improvement to be good"), "{both}");
        }
        assert!(!names("=Requires improvement to be good", "Requires improvement"));
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
