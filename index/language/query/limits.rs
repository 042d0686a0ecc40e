//! Rejects trees that cannot be searched, however they were made.

use super::pattern::{fault_of_fuzzy, fault_of_wildcard};
use super::phrase::{MAX_PHRASE_DEPTH, TOO_DEEP};
use super::{
    MAX_CLAUSES, MAX_DEPTH, MAX_DISTANCE, MAX_NEIGHBOURS, MAX_READINGS, MAX_WEIGHT, Part, Query,
    QueryError, Span,
};

/// The operator before the distance of a phrase.
pub(super) const BEHIND_PHRASE: &str = "~";

/// The message for a weight that is out of bounds.
pub(super) const WEIGHTS: &str = "write a number above 0 and up to 100, such as `^2` or `^0.5`";

impl Query {
    /// Rejects trees that are too deep or too wide to search or that ask for what makes no sense,
    /// however they were made.
    ///
    /// # Errors
    /// The limit that is exceeded, or the node that makes no sense.
    pub fn check_limits(&self) -> Result<(), QueryError> {
        let mut clauses = 0;
        let mut open = vec![(self, 1)];
        while let Some((query, depth)) = open.pop() {
            let span = query.span().unwrap_or_default();
            if depth > MAX_DEPTH {
                return Err(QueryError::too_deep(span));
            }
            query.check_node(span)?;
            let before = open.len();
            open.extend(query.clauses().map(|clause| (clause, depth + 1)));
            clauses += usize::from(open.len() == before);
            if clauses > MAX_CLAUSES {
                return Err(QueryError::too_many_clauses(span));
            }
        }
        Ok(())
    }

    fn check_node(&self, span: Span) -> Result<(), QueryError> {
        match self {
            Self::Phrase { parts, within, .. } => check_phrase(parts, *within, span),
            Self::Wildcard { pattern, .. } => match fault_of_wildcard(pattern) {
                Some(fault) => Err(QueryError::too_broad(pattern, fault, span)),
                None => Ok(()),
            },
            Self::Fuzzy { text, edits, .. } => match fault_of_fuzzy(text, *edits) {
                Some(fault) => Err(QueryError::bad_fuzzy(format!("{text}~{edits}"), fault, span)),
                None => Ok(()),
            },
            Self::Near { clauses, within, ordered, .. } => {
                let operator = if *ordered { "ONEAR/" } else { "NEAR/" };
                check_distance(&within.to_string(), operator, span)?;
                if clauses.len() > MAX_NEIGHBOURS {
                    return Err(QueryError::too_many_neighbours(span));
                }
                match clauses.iter().find(|clause| !clause.has_place()) {
                    Some(other) => Err(QueryError::bad_operand(other)),
                    None => Ok(()),
                }
            }
            Self::Boost { weight, .. } if !is_weight(*weight) => {
                Err(QueryError::bad_weight(format!("^{weight}"), WEIGHTS, None, span))
            }
            Self::All
            | Self::Word { .. }
            | Self::Field { .. }
            | Self::Boost { .. }
            | Self::Affirmed { .. }
            | Self::Expanded { .. }
            | Self::And { .. }
            | Self::Or { .. }
            | Self::Not { .. } => Ok(()),
        }
    }
}

/// Whether a weight is within bounds.
pub(super) fn is_weight(weight: f32) -> bool {
    weight > 0.0 && weight <= MAX_WEIGHT
}

/// The distance written in digits, if it is within bounds; `operator` is what precedes it.
pub(super) fn check_distance(digits: &str, operator: &str, span: Span) -> Result<u32, QueryError> {
    let least = u32::from(operator != BEHIND_PHRASE);
    // A number too long to parse is too great a distance.
    let within = digits.parse().unwrap_or(u32::MAX);
    if (least..=MAX_DISTANCE).contains(&within) {
        return Ok(within);
    }
    let reason = format!("write a number of words from {least} to {MAX_DISTANCE}");
    let meant = format!("{operator}{}", within.clamp(least, MAX_DISTANCE));
    Err(QueryError::bad_distance(format!("{operator}{digits}"), reason, Some(meant), span))
}

fn check_phrase(parts: &[Part], within: Option<u32>, span: Span) -> Result<(), QueryError> {
    check_sequence(parts, 0, span)?;
    if readings(parts) > MAX_READINGS {
        return Err(QueryError::bad_phrase(
            format!(
                "its alternatives make more than {MAX_READINGS} phrases; ask in parts joined by OR"
            ),
            span,
        ));
    }
    let Some(within) = within else {
        return Ok(());
    };
    if parts.contains(&Part::Gap) {
        let reason = "with `~` words may be anywhere; leave the `*` out and count it in";
        return Err(QueryError::bad_phrase(reason, span));
    }
    if parts.len() < 2 {
        let reason = "`~` behind a phrase is for the distance of several words; \
                      for other spellings of one word leave the quotation marks out";
        return Err(QueryError::bad_phrase(reason, span));
    }
    if parts.len() > MAX_NEIGHBOURS {
        return Err(QueryError::too_many_neighbours(span));
    }
    check_distance(&within.to_string(), BEHIND_PHRASE, span).map(drop)
}

fn check_sequence(parts: &[Part], depth: usize, span: Span) -> Result<(), QueryError> {
    if depth > MAX_PHRASE_DEPTH {
        return Err(QueryError::bad_phrase(TOO_DEEP, span));
    }
    if parts.first() == Some(&Part::Gap) || parts.last() == Some(&Part::Gap) {
        let reason = "`*` is a gap between words; write a word on both sides of it";
        return Err(QueryError::bad_phrase(reason, span));
    }
    for part in parts {
        match part {
            Part::Word(_) | Part::Gap => {}
            Part::Wildcard(pattern) => {
                if let Some(fault) = fault_of_wildcard(pattern) {
                    return Err(QueryError::too_broad(pattern, fault, span));
                }
            }
            Part::AnyOf(alternatives) => {
                for alternative in alternatives {
                    check_sequence(alternative, depth + 1, span)?;
                }
            }
        }
    }
    Ok(())
}

/// The number of plain phrases that the alternatives make.
fn readings(parts: &[Part]) -> usize {
    parts.iter().fold(1, |product: usize, part| {
        product.saturating_mul(match part {
            Part::AnyOf(alternatives) => {
                alternatives.iter().fold(0, |sum: usize, one| sum.saturating_add(readings(one)))
            }
            Part::Word(_) | Part::Gap | Part::Wildcard(_) => 1,
        })
    })
}
