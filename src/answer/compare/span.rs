//! The time within which reports are.

use jiff::civil::Date;
use serde::Serialize;

/// The first and the last date of some reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Span {
    /// The first; `None` where none has a date.
    pub first: Option<Date>,
    /// The last.
    pub last: Option<Date>,
}

impl Span {
    /// The span of dates.
    pub(crate) fn of(dates: impl Iterator<Item = Option<Date>> + Clone) -> Self {
        Self { first: dates.clone().flatten().min(), last: dates.flatten().max() }
    }

    /// The years, such as `2014–2019` or `2014`; `None` where no date is known.
    #[must_use]
    pub fn years(&self) -> Option<String> {
        let first = self.first?.year();
        let last = self.last.map_or(first, |last| last.year());
        Some(if first == last { first.to_string() } else { format!("{first}–{last}") })
    }
}
