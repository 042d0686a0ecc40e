//! Fields: which values can be asked of each attribute, and how they are written.

use super::{QueryError, Range, Span};
use crate::language::query::GradeFilter;
use crate::language::words;
use crate::records::{Attribute, Kind};

/// Refuses a value that the field cannot have.
pub(super) fn check_value(field: Attribute, value: &str, span: Span) -> Result<(), QueryError> {
    let written = format!("{}:{value}", field.name());
    if let Some((bare, _)) = value.rsplit_once('^').filter(|(bare, _)| !bare.is_empty()) {
        let meant = Some(format!("{}:{bare}", field.name()));
        let expected = "a condition has no weight, since it adds nothing to the order of hits";
        return Err(QueryError::bad_value(written, expected, meant, span));
    }
    match field {
        Attribute::Grade | Attribute::Overall => match value.parse::<GradeFilter>() {
            Ok(_) => Ok(()),
            Err(error) => Err(QueryError::bad_value(written, error.to_string(), None, span)),
        },
        Attribute::Kind if Kind::named(value).is_none() => {
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
        Attribute::Page | Attribute::Date | Attribute::Year => match Range::of(field, value) {
            Ok(_) => Ok(()),
            Err(fault) => {
                let meant = fault.meant.map(|meant| format!("{}:{meant}", field.name()));
                Err(QueryError::bad_value(written, fault.expected, meant, span))
            }
        },
        Attribute::Number if Range::is_written(value) => match Range::of(field, value) {
            Ok(_) => Ok(()),
            Err(fault) => {
                let meant = fault.meant.map(|meant| format!("number:{meant}"));
                Err(QueryError::bad_value(written, fault.expected, meant, span))
            }
        },
        Attribute::Number
            if !value.starts_with(|c: char| c.is_alphanumeric()) || !has_digit(value) =>
        {
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
