//! Compares the value of an attribute with a value asked for.

use super::{ABSENT, GradeFilter, HeadingWords, Range};
use crate::language::words;
use crate::records::day::day;
use crate::records::{Attribute, Value};

/// Whether a value held is the one asked for, which is written as in a query.
pub(crate) fn is_meant(attribute: Attribute, held: Value<'_>, asked: &str) -> bool {
    let in_range = |number| Range::known(attribute, asked).is_some_and(|range| range.holds(number));
    let key = |value: &str| words::key(&attribute.normal(value));
    let same = |held: &str| key(held) == key(asked);
    match held {
        Value::Grade(grade) => asked.parse::<GradeFilter>().is_ok_and(|filter| filter.holds(grade)),
        Value::Name(name) => same(name.unwrap_or(ABSENT)),
        Value::Names(names) => names.iter().any(|name| same(name)),
        Value::Id(id) => id.eq_ignore_ascii_case(asked),
        Value::Headings(headings) => {
            let wanted = HeadingWords::new(asked);
            headings.iter().any(|heading| wanted.stand_in(heading))
        }
        Value::Number(Some(number)) if Range::is_written(asked) => {
            words::key(number).parse().is_ok_and(in_range)
        }
        Value::Number(number) => number.is_some_and(same),
        Value::Pages(pages) => {
            pages.is_some_and(|[first, last]| (first..=last).any(|page| in_range(u64::from(page))))
        }
        Value::Day(date) => in_range(day(date)),
    }
}
