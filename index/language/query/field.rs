//! Fields: which values can be asked of each attribute, and how they are written.

use super::{ABSENT, GradeFilter, QueryError, Range, Span};
use crate::language::words;
use crate::records::Attribute;

/// Refuses a value that the field cannot have.
pub(super) fn check_value(field: Attribute, value: &str, span: Span) -> Result<(), QueryError> {
    let written = format!("{}:{value}", field.name());
    if let Some((bare, _)) = value.rsplit_once('^').filter(|(bare, _)| !bare.is_empty()) {
        let meant = Some(format!("{}:{bare}", field.name()));
        let expected = "a condition has no weight, since it adds nothing to the order of hits";
        return Err(QueryError::bad_value(written, expected, meant, span));
    }
    match field {
        field if field.is_grade() => match value.parse::<GradeFilter>() {
            Ok(_) => Ok(()),
            Err(error) => Err(QueryError::bad_value(written, error.to_string(), None, span)),
        },
        _ if !may_be(field, value) => {
            let choices = choices(field);
            let distance =
                |choice: &str| strsim::damerau_levenshtein(choice, &value.to_lowercase());
            let near = choices.iter().copied().min_by_key(|choice| distance(choice));
            let meant = near
                .filter(|near| distance(near) <= 2)
                .map(|near| format!("{}:{near}", field.name()));
            let expected = match &meant {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("{}s are {}", field.name(), choices.join(", ")),
            };
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

/// Whether a value is one of those that the attribute can have, where these are few and known.
pub(crate) fn may_be(attribute: Attribute, value: &str) -> bool {
    let choices = choices(attribute);
    choices.is_empty() || choices.iter().any(|choice| choice.eq_ignore_ascii_case(value))
}

/// The values of an attribute that has but a few; none where anything can be a value.
fn choices(attribute: Attribute) -> Vec<&'static str> {
    let mut choices = attribute.choices().unwrap_or_default();
    if !choices.is_empty() && attribute.may_lack() {
        choices.push(ABSENT);
    }
    choices
}

fn has_digit(value: &str) -> bool {
    value.contains(|c: char| c.is_numeric())
}
