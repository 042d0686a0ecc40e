//! Fields: what is known of a paragraph beside its text, and what can be asked of each.

use super::{QueryError, Range, Span};
use crate::language::query::GradeFilter;
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

/// Refuses a value that the field cannot have.
pub(super) fn check_value(field: Field, value: &str, span: Span) -> Result<(), QueryError> {
    let written = format!("{}:{value}", field.name());
    if let Some((bare, _)) = value.rsplit_once('^').filter(|(bare, _)| !bare.is_empty()) {
        let meant = Some(format!("{}:{bare}", field.name()));
        let expected = "a condition has no weight, since it adds nothing to the order of hits";
        return Err(QueryError::bad_value(written, expected, meant, span));
    }
    match field {
        Field::Grade | Field::Overall => match value.parse::<GradeFilter>() {
            Ok(_) => Ok(()),
            Err(error) => Err(QueryError::bad_value(written, error.to_string(), None, span)),
        },
        Field::Kind if kind_named(value).is_none() => {
            let near = Kind::ALL
                .map(Kind::name)
                .into_iter()
                .min_by_key(|name| strsim::damerau_levenshtein(name, &value.to_lowercase()))
                .filter(|name| strsim::damerau_levenshtein(name, &value.to_lowercase()) <= 2);
            let expected = match near {
                Some(near) => format!("did you mean `kind:{near}`?"),
                None => format!("kinds are {}", Kind::ALL.map(Kind::name).join(", ")),
            };
            let meant = near.map(|near| format!("kind:{near}"));
            Err(QueryError::bad_value(written, expected, meant, span))
        }
        Field::Page | Field::Date | Field::Year => match Range::of(field, value) {
            Ok(_) => Ok(()),
            Err(fault) => {
                let meant = fault.meant.map(|meant| format!("{}:{meant}", field.name()));
                Err(QueryError::bad_value(written, fault.expected, meant, span))
            }
        },
        Field::Number if Range::is_written(value) => match Range::of(field, value) {
            Ok(_) => Ok(()),
            Err(fault) => {
                let meant = fault.meant.map(|meant| format!("number:{meant}"));
                Err(QueryError::bad_value(written, fault.expected, meant, span))
            }
        },
        Field::Number if !value.starts_with(|c: char| c.is_alphanumeric()) || !has_digit(value) => {
            let expected = "write a number (114) or a range of numbers (100..120, >=100)";
            Err(QueryError::bad_value(written, expected, None, span))
        }
        _ if words::scan(value).next().is_none() => Err(QueryError::bad_value(
            written,
            "write its value directly behind the colon, in quotation marks if it has spaces",
            None,
            span,
        )),
        _ => Ok(()),
    }
}

fn has_digit(value: &str) -> bool {
    value.contains(|c: char| c.is_numeric())
}
