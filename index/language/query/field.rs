//! Fields: what is known of a paragraph beside its text, and what can be asked of each.

use super::error::in_place;
use super::range::RangeFault;
use super::{Query, QueryError, Range, Span};
use crate::language::query::GradeFilter;
use crate::language::nearest::nearest;
use crate::language::words;
use crate::records::Kind;
use serde::{Deserialize, Serialize};

/// A field that `field:value` can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The grade of the section: a word, a place on the scale, a range of them, or `none`.
    Grade,
    /// The overall judgement of the report, as [`Field::Grade`].
    Overall,
    /// The canonical theme.
    Theme,
    /// A topic of the paragraph, by its id.
    Topic,
    /// Words of one heading, of any level.
    Section,
    /// The authority.
    Authority,
    /// The region.
    Region,
    /// The framework's code.
    Framework,
    /// The kind of paragraph.
    Kind,
    /// The report's id.
    Report,
    /// The printed number of the paragraph, or a range of them.
    Number,
    /// A page on which the paragraph stands, or a range of them.
    Page,
    /// The date of the report: a year, a month, a day, or a range of them.
    Date,
    /// The year of the report, or a range of years.
    Year,
}

impl Field {
    /// All fields, in the order in which they are explained.
    pub const ALL: [Self; 14] = [
        Self::Grade,
        Self::Overall,
        Self::Theme,
        Self::Topic,
        Self::Section,
        Self::Authority,
        Self::Region,
        Self::Framework,
        Self::Kind,
        Self::Report,
        Self::Number,
        Self::Page,
        Self::Date,
        Self::Year,
    ];

    /// The name as written before the colon.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Grade => "grade",
            Self::Overall => "overall",
            Self::Theme => "theme",
            Self::Topic => "topic",
            Self::Section => "section",
            Self::Authority => "authority",
            Self::Region => "region",
            Self::Framework => "framework",
            Self::Kind => "kind",
            Self::Report => "report",
            Self::Number => "number",
            Self::Page => "page",
            Self::Date => "date",
            Self::Year => "year",
        }
    }

    /// The field of that name, whatever its case.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name().eq_ignore_ascii_case(name))
    }
}

/// The kind of paragraph named so, whatever its case.
pub(crate) fn kind_named(name: &str) -> Option<Kind> {
    Kind::ALL.into_iter().find(|kind| kind.name().eq_ignore_ascii_case(name))
}

/// Why a field cannot have a value, whatever is held.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct ValueFault {
    reason: String,
    /// The value to write instead, where there is a good guess.
    pub meant: Option<String>,
}

/// Refuses a value that the field cannot have, whatever is held.
///
/// # Errors
/// What is wrong with the value.
pub fn check_value(field: Field, value: &str) -> Result<(), ValueFault> {
    let fault = |reason: String, meant| Err(ValueFault { reason, meant });
    let in_range = || match Range::of(field, value) {
        Ok(_) => Ok(()),
        Err(RangeFault { expected, meant }) => {
            let noun = field.name();
            Err(ValueFault { reason: format!("`{value}` is not a {noun}: {expected}"), meant })
        }
    };
    match field {
        Field::Grade | Field::Overall => match value.parse::<GradeFilter>() {
            Ok(_) => Ok(()),
            Err(error) => fault(error.to_string(), None),
        },
        Field::Kind if kind_named(value).is_none() => {
            let names = Kind::ALL.map(Kind::name);
            let near = nearest(names, value).map(str::to_owned);
            let kinds = names.join(", ");
            fault(format!("`{value}` is not a kind of paragraph; kinds are {kinds}"), near)
        }
        Field::Page | Field::Date | Field::Year => in_range(),
        Field::Number if Range::is_written(value) => in_range(),
        Field::Number if !value.starts_with(|c: char| c.is_alphanumeric()) || !has_digit(value) => {
            let expected = "write a number (114) or a range of numbers (100..120, >=100)";
            fault(format!("`{value}` is not a number: {expected}"), None)
        }
        _ if words::scan(value).next().is_none() => fault(
            format!("`{value}` has no letters or digits; put a value with spaces in quotation marks"),
            None,
        ),
        _ => Ok(()),
    }
}

/// Refuses a weight of a condition, and a value that the field cannot have.
pub(super) fn check_field(field: Field, value: &str, span: Span) -> Result<(), QueryError> {
    if let Some((bare, _)) = value.rsplit_once('^').filter(|(bare, _)| !bare.is_empty()) {
        let written = format!("{}:{value}", field.name());
        let meant = Some(format!("{}:{bare}", field.name()));
        let expected = "a condition has no weight, since it adds nothing to the order of results";
        return Err(QueryError::bad_value(written, expected, meant, span));
    }
    check_value(field, value).map_err(|fault| {
        let meant = fault.meant.as_deref();
        let in_place = meant.map(|meant| written_in_place(field, value, meant, span));
        QueryError::bad_field(fault, in_place, span)
    })
}

/// The condition as it has to be written where the faulty one was: without the name of the field
/// where that is before several values in parentheses.
#[must_use]
pub fn written_in_place(field: Field, value: &str, meant: &str, span: Span) -> String {
    let condition = |value: &str| {
        let value = value.to_owned();
        Query::Field { field, value, span: Span::default() }.to_string()
    };
    in_place(condition(meant), &condition(value), span)
}

fn has_digit(value: &str) -> bool {
    value.contains(|c: char| c.is_numeric())
}
