//! Reads since when something is new: a date, a moment, or `last` for what came after the mark.
//!
//! One person has read what another has not. So only a session that is one person's knows a mark;
//! those of a server do not.

use super::Session;
use super::error::{AskError, Hint, OtherCondition, Place, Refusal};
use super::mark::{Mark, read};
use super::resolve::moment;
use jiff::Timestamp;
use serde::Serialize;

/// What is typed in place of a date for what came after the mark.
pub const LAST: &str = "last";

/// Since when something is new.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Since {
    /// What came at this moment or later is new.
    pub moment: Timestamp,
    /// The mark that says so; `None` where a date was given.
    pub mark: Option<Mark>,
}

/// Whether `last` is typed in place of a date.
#[must_use]
pub fn is_last(typed: &str) -> bool {
    typed.trim().eq_ignore_ascii_case(LAST)
}

impl Session<'_> {
    /// Reads since when something is new: a date, a moment, or `last` for what came after the mark.
    ///
    /// # Errors
    /// A text that is neither; `last` where nothing is marked, where the mark is that of another
    /// index, or in a session that many people share.
    pub fn since(&self, place: OtherCondition, typed: &str) -> Result<Since, AskError> {
        if is_last(typed) {
            return self.since_mark(Some(place));
        }
        Ok(Since { moment: moment(place, typed)?, mark: None })
    }

    /// Reads since when something is new where nothing was typed: since the mark.
    ///
    /// # Errors
    /// Those of [`Session::since`] for `last`.
    pub fn since_mark(&self, place: Option<OtherCondition>) -> Result<Since, AskError> {
        let refused = |code, message: String, hint| {
            let refusal = Refusal::new(code, message);
            let refusal = match place {
                Some(place) => refusal.at(Place::Other(place)),
                None => refusal,
            };
            AskError::from(refusal.hint(hint))
        };
        let Some(folder) = self.marks else {
            let message = format!(
                "`{LAST}` is what one reader has marked, and others ask here as well; dates only"
            );
            return Err(refused("bad_value", message, Hint::Mark));
        };
        let Some(mark) = read(folder)? else {
            let message = "nothing has been marked as read yet".to_owned();
            return Err(refused("nothing_marked", message, Hint::Mark));
        };
        let built = self.engine.built();
        if mark.marked > built {
            let message = format!(
                "the mark is of a build of {}, and the last build of this index is of {built}: it is \
                 a mark of another index, or this is an older copy",
                mark.marked
            );
            return Err(refused("mark_of_another_index", message, Hint::MarkAnew));
        }
        Ok(Since { moment: mark.next(), mark: Some(mark) })
    }
}
