//! Conditions as parameters of addresses, which the pages and the API write alike.

use crate::ask::Reading;
use crate::ask::trace::{Looked, Newest, Set};
use crate::render::html::page::filter_fields;
use findings_index::records::Attribute;
use findings_index::request::Filters;
use form_urlencoded::Serializer;

pub(super) type Pair = (String, String);

/// The value of a flag that is set.
const SET: &str = "yes";

pub(super) fn text(query: &str) -> Vec<Pair> {
    let is_given = !query.is_empty();
    is_given.then(|| ("q".to_owned(), query.to_owned())).into_iter().collect()
}

/// The parameters that say what was looked for.
pub(super) fn looked(subject: &Looked<'_>) -> Vec<Pair> {
    let topics = subject.topics.iter().map(|id| (Attribute::Topic.name().to_owned(), id.clone()));
    text(subject.text).into_iter().chain(topics).chain(read(subject.reading)).collect()
}

fn read(reading: Reading) -> Vec<Pair> {
    [flag("any", reading.any), flag("exact", reading.exact)].into_iter().flatten().collect()
}

fn flag(name: &str, is_set: bool) -> Option<Pair> {
    is_set.then(|| (name.to_owned(), SET.to_owned()))
}

/// The parameter that takes the newest inspections.
pub(super) fn newest(newest: Newest<'_>) -> Option<Pair> {
    match newest {
        Newest::Any => None,
        Newest::Held => flag("latest", true),
        Newest::AsAt(day) => Some(("as_at".to_owned(), day.to_owned())),
    }
}

/// The parameters that make a set.
pub(super) fn of_set(set: &Set<'_>) -> Vec<Pair> {
    let query = set.text.map(text).unwrap_or_default();
    let all = query.into_iter().chain(read(set.reading)).chain(of_filters(set.filters));
    all.chain(newest(set.newest)).collect()
}

/// The same in one text.
pub(super) fn written(set: &Set<'_>) -> String {
    Serializer::new(String::new()).extend_pairs(of_set(set)).finish()
}

/// The parameters that express filters.
pub(super) fn of_filters(filters: &Filters) -> Vec<Pair> {
    filter_fields(filters, SET)
}
