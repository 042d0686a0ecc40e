//! Refuses queries that would find nothing for a reason that their writer should know.

use super::IndexReader;
use crate::engine::{Engine as _, SearchError};
use crate::language::nearest::{LETTERS_ALIKE, PART, ids_like};
use crate::language::query::{GradeFilter, Query, QueryError, Span, names_a_grade};
use crate::language::words;
use crate::records::{Attribute, ValueForm};
use crate::request::Filters;

/// The worst place on any scale.
const WORST: u8 = 4;

impl IndexReader {
    /// Refuses a tree that is too large, or names a topic or a value that there is not; so does
    /// every search.
    ///
    /// # Errors
    /// What is wrong, or that the index cannot be read.
    pub(super) fn check_tree(&self, query: &Query) -> Result<(), SearchError> {
        query.check_limits()?;
        let mut open = vec![query];
        while let Some(query) = open.pop() {
            if let Query::Field { field, value, span } = query {
                self.check_value(*field, value, *span)?;
            }
            open.extend(query.clauses().rev());
        }
        Ok(())
    }

    fn check_value(&self, field: Attribute, value: &str, span: Span) -> Result<(), SearchError> {
        match field.form() {
            ValueForm::Names => {
                let ids = self.topics()?.topics().iter().map(|topic| topic.id.as_str());
                return match misspelt(value, ids) {
                    Some(near) => Err(QueryError::unknown_topic(value, near, span).into()),
                    None => Ok(()),
                };
            }
            ValueForm::Id => {
                let held = self.column(field)?;
                if held.names.iter().any(|id| id.eq_ignore_ascii_case(value)) {
                    return Ok(());
                }
                let near = ids_like(&held.names, value).into_iter().next();
                return Err(QueryError::unknown_value(field, value, near, span).into());
            }
            ValueForm::Grade | ValueForm::Name => {}
            // Known without an index, or a condition that nothing need meet.
            ValueForm::OneOf
            | ValueForm::Headings
            | ValueForm::Number
            | ValueForm::Pages
            | ValueForm::Day => return Ok(()),
        }
        let held = self.column(field)?;
        let held = held.names.iter().map(String::as_str).filter(|name| !name.is_empty());
        let unknown = if field.is_grade() {
            match value.parse::<GradeFilter>() {
                Ok(GradeFilter::Ranks { best, worst })
                    if best > WORST || worst < best || worst == 0 =>
                {
                    Some(None)
                }
                Ok(filter) if names_a_grade(&filter, held.clone()) => None,
                _ => Some(misspelt(value, held).flatten()),
            }
        } else if words::key(value) == Filters::ABSENT {
            None
        } else {
            misspelt(value, held)
        };
        match unknown {
            Some(near) => Err(QueryError::unknown_value(field, value, near, span).into()),
            None => Ok(()),
        }
    }
}

/// `None` where the name is one of those known; else the one most like it, if any is.
fn misspelt<'n>(
    name: &str,
    known: impl Iterator<Item = &'n str> + Clone,
) -> Option<Option<String>> {
    let key = words::key(name);
    if known.clone().any(|known| words::key(known) == key) {
        return None;
    }
    let near = known
        .map(|known| {
            let held = words::key(known);
            let is_part = key.len() >= PART && held.contains(&key);
            let likeness = strsim::normalized_damerau_levenshtein(&held, &key);
            (if is_part { likeness.max(LETTERS_ALIKE) } else { likeness }, known)
        })
        .filter(|(likeness, _)| *likeness >= LETTERS_ALIKE)
        .max_by(|one, other| one.0.total_cmp(&other.0));
    Some(near.map(|(_, near)| near.to_owned()))
}
