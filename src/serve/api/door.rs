//! The API as a door: answers carry the addresses that ask for them again.
//!
//! An address has no host, since the server may have several names, but what comes before all its
//! paths.

use super::BASE;
use super::operations::{
    AGAINST, COMPARE, DISTINCTIVE, GRADES, Operation, RECOMMENDATIONS, SEARCH, TIMELINE,
};
use crate::ask::Conditions;
use crate::ask::trace::{Again, Door, Repeat, Set};
use crate::serve::conditions::{self, Pair, looked, newest, of_filters, of_set, text};
use form_urlencoded::Serializer;

/// The addresses of the API as they are written in one answer.
#[derive(Debug, Clone, Default)]
pub(super) struct Addresses {
    prefix: String,
    /// The parameters that shape the answer and are no part of the question.
    options: Vec<Pair>,
}

impl Addresses {
    /// The addresses of a server with this part before every path.
    pub(super) fn new(prefix: &str) -> Self {
        Self { prefix: prefix.to_owned(), options: Vec::new() }
    }

    /// Adds a parameter that is given again as it is, if it has a value.
    pub(super) fn option(mut self, name: &str, value: Option<impl ToString>) -> Self {
        self.options.extend(value.map(|value| (name.to_owned(), value.to_string())));
        self
    }

    /// Adds the condition that takes the newest inspections: whoever asks again wants those of then.
    pub(super) fn of_then(mut self, conditions: &Conditions) -> Self {
        self.options.extend(newest(conditions.newest()));
        self
    }

    /// Adds the authorities whose neighbours are taken, whoever these are then.
    pub(super) fn near(mut self, conditions: &Conditions) -> Self {
        let near = conditions.neighbours_of.iter();
        self.options.extend(near.map(|name| ("neighbours_of".to_owned(), name.clone())));
        self
    }

    fn address(&self, operation: &Operation, pairs: &[Pair]) -> String {
        let query = Serializer::new(String::new()).extend_pairs(pairs).finish();
        let between = if query.is_empty() { "" } else { "?" };
        format!("{}{BASE}{}{between}{query}", self.prefix, operation.path)
    }
}

impl Door for Addresses {
    fn again(&self, repeat: &Repeat<'_>) -> Again {
        let (operation, own) = match repeat {
            Repeat::Search { query, filters } => {
                let pairs = [text(query), of_filters(filters)].concat();
                return command(self.address(&SEARCH, &pairs));
            }
            Repeat::Compare { subject, filters } => {
                (&COMPARE, [looked(subject), of_filters(filters)].concat())
            }
            Repeat::Timeline { authority, subject } => {
                let mut pairs = vec![("authority".to_owned(), (*authority).to_owned())];
                pairs.extend(subject.iter().flat_map(looked));
                (&TIMELINE, pairs)
            }
            Repeat::Grades { filters } => (&GRADES, of_filters(filters)),
            Repeat::Recommendations { subject, filters } => {
                (&RECOMMENDATIONS, [looked(subject), of_filters(filters)].concat())
            }
            Repeat::Distinctive { sets: [first, second] } => {
                let second = of_set(second).into_iter();
                let second = second.map(|(name, value)| (format!("{AGAINST}{name}"), value));
                (&DISTINCTIVE, of_set(first).into_iter().chain(second).collect())
            }
        };
        command(self.address(operation, &[own, self.options.clone()].concat()))
    }

    fn conditions(&self, set: &Set<'_>) -> String {
        conditions::written(set)
    }
}

fn command(address: String) -> Again {
    Again { arguments: Vec::new(), command: address }
}

#[cfg(test)]
mod tests {
    use super::Addresses;
    use crate::ask::trace::{Door, Newest, Repeat, Set, Trace, narrowed};
    use crate::ask::{Conditions, Reading};
    use crate::serve::parameters::{self, Parameters};
    use findings_index::language::query::GradeFilter;
    use findings_index::records::{Attribute, Kind};
    use findings_index::request::Filters;
    use jiff::civil::date;

    fn filters() -> Filters {
        let mut filters = Filters::of(Attribute::Authority, ["Elmet", "King's Lea"])
            .with(Attribute::Kind, vec![Kind::Finding, Kind::Bullet])
            .without(Attribute::Addressee, ["the trust", "none"]);
        filters.from = Some(date(2016, 5, 1));
        filters
    }

    #[test]
    fn a_search_has_the_conditions_as_parameters() {
        let filters = narrowed(&filters(), Attribute::Grade, Some("Requires improvement"));
        let door = Addresses::new("/findings").option("by", Some("grade"));
        let trace = Trace::new("\"return interview\" & RHI", &filters, &door);
        insta::assert_snapshot!(trace.again.command, @"/findings/api/v1/search?q=%22return+interview%22+%26+RHI&grade=Requires+improvement&authority=Elmet&authority=King%27s+Lea&kind=finding&kind=bullet&not_addressee=%3Dthe+trust&not_addressee=none&from=2016-05-01");
        assert!(trace.again.arguments.is_empty());
    }

    #[test]
    fn what_is_written_is_read_as_the_same_conditions() {
        let mut filters =
            filters().without(Attribute::Grade, vec!["=Good".parse::<GradeFilter>().unwrap()]);
        filters.without_denials = true;
        let address = Trace::new("", &filters, &Addresses::default()).again.command;
        let mut given = Parameters::of(address.split_once('?').map(|(_, query)| query));
        let read = parameters::conditions(&mut given).unwrap();
        given.end_of(std::iter::empty()).unwrap();
        let excluded = [
            (Attribute::Addressee, vec!["=the trust".to_owned(), "none".to_owned()]),
            (Attribute::Grade, vec!["=Good".to_owned()]),
        ];
        let expected = Conditions {
            values: [
                (Attribute::Authority, vec!["Elmet".to_owned(), "King's Lea".to_owned()]),
                (Attribute::Kind, vec!["finding".to_owned(), "bullet".to_owned()]),
            ]
            .into(),
            not: excluded.into(),
            from: Some("2016-05-01".to_owned()),
            without_denials: true,
            ..Conditions::default()
        };
        assert_eq!(read, expected);
    }

    #[test]
    fn the_second_of_two_sets_has_parameters_of_its_own() {
        let (first, second) = (Filters::of(Attribute::Region, ["North East"]), filters());
        let set = |filters, newest| Set {
            text: Some("audit"),
            reading: Reading { any: true, exact: false },
            filters,
            newest,
        };
        let sets = [set(&first, Newest::Held), set(&second, Newest::AsAt("2019"))];
        let door = Addresses::default().option("limit", Some(5));
        let again = door.again(&Repeat::Distinctive { sets });
        insta::assert_snapshot!(again.command, @"/api/v1/distinctive?q=audit&any=yes&region=North+East&latest=yes&against_q=audit&against_any=yes&against_authority=Elmet&against_authority=King%27s+Lea&against_kind=finding&against_kind=bullet&against_not_addressee=%3Dthe+trust&against_not_addressee=none&against_from=2016-05-01&against_as_at=2019&limit=5");
        insta::assert_snapshot!(door.conditions(&sets[0]), @"q=audit&any=yes&region=North+East&latest=yes");
    }
}
