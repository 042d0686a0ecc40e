//! Fields: the values that can be asked of each attribute, and how they are written.

use super::error::in_place;
use super::fault::ValueFault;
use super::range::RangeFault;
use super::{ABSENT, GradeFilter, Query, QueryError, Range, Span};
use crate::language::nearest::nearest;
use crate::language::words;
use crate::records::Attribute;

/// Rejects a value that the field cannot have, whatever the index holds.
///
/// # Errors
/// If the value is not valid: what is wrong with it.
pub fn check_value(field: Attribute, value: &str) -> Result<(), ValueFault> {
    let fault = |reason: String, meant| Err(ValueFault { reason, meant });
    let in_range = || match Range::of(field, value) {
        Ok(_) => Ok(()),
        Err(RangeFault { expected, meant }) => {
            let noun = field.name();
            Err(ValueFault { reason: format!("`{value}` is not a {noun}: {expected}"), meant })
        }
    };
    match field {
        field if field.is_grade() => match value.parse::<GradeFilter>() {
            Ok(_) => Ok(()),
            Err(error) => fault(error.to_string(), None),
        },
        Attribute::Page | Attribute::Date | Attribute::Year => in_range(),
        _ if !may_be(field, value) => {
            let choices = choices(field);
            let near = nearest(choices.iter().copied(), value).map(str::to_owned);
            let noun = match field {
                Attribute::Kind => "kind of paragraph",
                field => field.name(),
            };
            let all = choices.join(", ");
            fault(format!("`{value}` is not a {noun}; choose from {all}"), near)
        }
        Attribute::Number if Range::is_written(value) => in_range(),
        Attribute::Number
            if !value.starts_with(|c: char| c.is_alphanumeric()) || !has_digit(value) =>
        {
            let expected = "write a number (114) or a range of numbers (100..120, >=100)";
            fault(format!("`{value}` is not a number: {expected}"), None)
        }
        _ if words::scan(value).next().is_none() => fault(
            format!(
                "`{value}` has no letters or digits; put a value with spaces in quotation marks"
            ),
            None,
        ),
        _ => Ok(()),
    }
}

/// Rejects a weight on a condition, and a value that the field cannot have.
pub(super) fn check_field(field: Attribute, value: &str, span: Span) -> Result<(), QueryError> {
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

/// The condition as it must be written in place of the faulty one: without the name of the field if
/// that precedes several values in parentheses.
#[must_use]
pub fn written_in_place(field: Attribute, value: &str, meant: &str, span: Span) -> String {
    let condition = |value: &str| {
        let value = value.to_owned();
        Query::Field { field, value, span: Span::default() }.to_string()
    };
    in_place(condition(meant), &condition(value), span)
}

/// Whether a value is one that the attribute can have, if these are few and known, or years.
pub(crate) fn may_be(attribute: Attribute, value: &str) -> bool {
    if attribute == Attribute::Year {
        return Range::known(attribute, value).is_some();
    }
    let choices = choices(attribute);
    choices.is_empty() || choices.iter().any(|choice| choice.eq_ignore_ascii_case(value))
}

/// The values of an attribute that has only a few; empty if anything can be a value.
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
