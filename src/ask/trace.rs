//! From a number to its paragraphs: the search that finds exactly those that were counted.

use findings_index::language::query::GradeFilter;
use findings_index::records::Attribute;
use findings_index::request::Filters;
use jiff::civil::{Date, date};
use serde::Serialize;

/// A search whose total is the number, and whose hits are what was counted.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trace {
    /// The query.
    pub query: String,
    /// The conditions beside it.
    pub filters: Filters,
    /// The arguments of the program, one by one.
    pub arguments: Vec<String>,
    /// The same as one line for a shell.
    pub command: String,
}

impl Trace {
    /// The search for a query within filters.
    #[must_use]
    pub fn new(query: &str, filters: &Filters) -> Self {
        let arguments = arguments("search", query, filters);
        let command = line(&arguments);
        Self { query: query.to_owned(), filters: filters.clone(), arguments, command }
    }
}

/// The filters that leave one group: those that left all groups, and the value of the group.
#[must_use]
pub fn narrowed(filters: &Filters, dimension: Attribute, value: Option<&str>) -> Filters {
    let mut left = filters.clone();
    match dimension {
        dimension if dimension.is_grade() => {
            let exactly = |value: &str| GradeFilter::Exactly(value.to_owned());
            left.set(dimension, vec![value.map_or(GradeFilter::None, exactly)]);
        }
        Attribute::Kind => {
            let kinds = left.kinds().iter().copied().filter(|kind| Some(kind.name()) == value);
            left.set(dimension, kinds.collect::<Vec<_>>());
        }
        Attribute::Year => match value.and_then(|year| year.parse::<i16>().ok()) {
            Some(year) => {
                left.from = left.from.max(Some(date(year, 1, 1)));
                let last = date(year, 12, 31);
                left.to = Some(left.to.map_or(last, |to: Date| to.min(last)));
            }
            None => left.undated = true,
        },
        dimension => left.set(dimension, [value.unwrap_or(Filters::ABSENT)]),
    }
    left
}

/// The arguments by which a command asks for a query within filters.
#[must_use]
pub fn arguments(command: &str, query: &str, filters: &Filters) -> Vec<String> {
    let mut arguments = vec![command.to_owned()];
    // Whatever begins with a hyphen is an option to the program, but for what follows `--`.
    let is_late = query.starts_with('-');
    if !is_late && !query.is_empty() {
        arguments.push(query.to_owned());
    }
    let mut add = |option: &str, values: Vec<String>| {
        for value in values {
            arguments.push(format!("--{option}={value}"));
        }
    };
    for (attribute, choice) in filters.conditions() {
        let values = choice.written();
        let is_one = attribute == Attribute::Kind;
        add(attribute.name(), if is_one { vec![values.join(",")] } else { values });
    }
    add("from", filters.from.iter().map(ToString::to_string).collect());
    add("to", filters.to.iter().map(ToString::to_string).collect());
    if filters.undated {
        arguments.push("--undated".to_owned());
    }
    if is_late {
        arguments.push("--".to_owned());
        arguments.push(query.to_owned());
    }
    arguments
}

/// The program and its arguments as a shell takes them.
#[must_use]
pub fn line(arguments: &[String]) -> String {
    format!("findings {}", words(arguments)).trim_end().to_owned()
}

/// Arguments as a shell takes them.
#[must_use]
pub fn words(arguments: &[String]) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || "-_./=,:".contains(c);
    let quoted = arguments.iter().map(|argument| {
        if !argument.is_empty() && argument.chars().all(bare) {
            argument.clone()
        } else {
            format!("'{}'", argument.replace('\'', r"'\''"))
        }
    });
    quoted.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{Trace, narrowed};
    use findings_index::records::{Attribute, Kind};
    use findings_index::request::Filters;
    use jiff::civil::date;

    #[test]
    fn a_group_narrows_the_filters_that_left_it() {
        let mut filters = Filters::of(Attribute::Authority, ["Elmet", "King's Lea"])
            .with(Attribute::Kind, vec![Kind::Finding, Kind::Recommendation]);
        filters.from = Some(date(2016, 5, 1));
        let filters = narrowed(&filters, Attribute::Authority, Some("King's Lea"));
        let filters = narrowed(&filters, Attribute::Year, Some("2016"));
        let filters = narrowed(&filters, Attribute::Grade, Some("Requires improvement"));
        let filters = narrowed(&filters, Attribute::Kind, Some("finding"));
        insta::assert_snapshot!(
            Trace::new("\"return interview\"", &filters).command,
            @r#"findings search '"return interview"' '--grade==Requires improvement' '--authority=King'\''s Lea' --kind=finding --from=2016-05-01 --to=2016-12-31"#
        );
    }

    #[test]
    fn the_lack_of_a_value_can_be_searched_for_and_a_query_is_never_taken_for_an_option() {
        let filters = narrowed(&Filters::default(), Attribute::Theme, None);
        let filters = narrowed(&filters, Attribute::Overall, None);
        let filters = narrowed(&filters, Attribute::Year, None);
        insta::assert_snapshot!(
            Trace::new("-late visits", &filters).command,
            @"findings search --overall=none --theme=none --undated -- '-late visits'"
        );
    }
}
