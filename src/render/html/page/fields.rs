//! A question as the fields of a form, which are the parameters of an address as well.

use super::{Site, To};
use crate::answer::{compare, concordance, distinctive, grades, recommendations, timeline};
use crate::ask::question::excluding;
use crate::ask::{Conditions, Question, Reading};
use crate::render::html::{Among, Counted};
use findings_index::records::Attribute;
use findings_index::request::Filters;
use maud::{Markup, html};

/// What comes before the names of the parameters of the second of two sets.
pub const AGAINST: &str = "against_";

/// The value of a flag that is set.
const SET: &str = "1";

/// Lists the fields of a question, each with a value; what is usual has none.
#[must_use]
pub fn fields(question: &Question) -> Vec<(String, String)> {
    let usual = Question::default();
    let flags = [
        ("any", question.reading.any),
        ("exact", question.reading.exact),
        ("repeats", question.repeats),
        ("words_only", question.words_only),
        ("explain", question.explain),
    ];
    let mut fields = set(&flags);
    let mut add = |name: &str, value: String| fields.push((name.to_owned(), value));
    if !question.text.is_empty() {
        add("q", question.text.clone());
    }
    for also in &question.not_also {
        add("not_also", also.clone());
    }
    for (name, value) in condition_fields(&question.conditions) {
        add(&name, value);
    }
    if question.sort != usual.sort {
        add("sort", question.sort.name().to_owned());
    }
    if let Some(group) = question.group {
        add("group", group.name().to_owned());
    }
    if question.per_group != usual.per_group {
        add("per_group", question.per_group.to_string());
    }
    if let Some(sample) = question.sample {
        add("sample", sample.size.to_string());
        add("seed", sample.seed.to_string());
    }
    fields
}

/// Lists the fields of a comparison.
#[must_use]
pub fn compare_fields(typed: &compare::Typed) -> Vec<(String, String)> {
    let usual = compare::Typed::default();
    let mut fields = subject_fields(&typed.text, typed.reading);
    fields.extend(condition_fields(&typed.conditions));
    let mut add = |name: &str, value: String| fields.push((name.to_owned(), value));
    for (name, by) in ["by", "and"].into_iter().zip(&typed.by) {
        add(name, by.name().to_owned());
    }
    for kind in &typed.include {
        add("include", kind.name().to_owned());
    }
    if typed.sort != usual.sort {
        add("sort", typed.sort.name().to_owned());
    }
    if let Some(quotes) = Option::<usize>::from(typed.quotes) {
        add("quotes", quotes.to_string());
    }
    if let Some(by) = typed.standardise {
        add("standardise", by.name().to_owned());
    }
    if typed.limits != usual.limits {
        add("limits", typed.limits.name().to_owned());
    }
    fields
}

/// Lists the fields of a timeline.
#[must_use]
pub fn timeline_fields(typed: &timeline::Typed) -> Vec<(String, String)> {
    let mut fields = subject_fields(&typed.text, typed.reading);
    let mut add = |name: &str, value: &str| fields.push((name.to_owned(), value.to_owned()));
    if !typed.authority.is_empty() {
        add("authority", &typed.authority);
    }
    for topic in &typed.topics {
        add("topic", topic);
    }
    for kind in &typed.include {
        add("include", kind.name());
    }
    if let Some(day) = &typed.as_at {
        add("as_at", day);
    }
    // A day implies the flag.
    fields.extend(set(&[("latest", typed.latest && typed.as_at.is_none())]));
    fields
}

/// Lists the fields of a question about grades.
#[must_use]
pub fn grades_fields(typed: &grades::Typed) -> Vec<(String, String)> {
    let mut fields = condition_fields(&typed.conditions);
    let mut add = |name: &str, value: &str| fields.push((name.to_owned(), value.to_owned()));
    for (name, by) in ["by", "and"].into_iter().zip(&typed.by) {
        add(name, by.name());
    }
    if let Some(since) = typed.changes {
        add("changes", since.name());
    }
    fields
}

/// Lists the fields of two sets that are to be told apart.
#[must_use]
pub fn distinctive_fields(typed: &distinctive::Typed) -> Vec<(String, String)> {
    let usual = distinctive::Typed::default();
    let mut fields = Vec::new();
    for (beginning, set) in ["", AGAINST].into_iter().zip(&typed.sets) {
        let mut own = subject_fields(set.text.as_deref().unwrap_or_default(), set.reading);
        own.extend(condition_fields(&set.conditions));
        fields.extend(own.into_iter().map(|(name, value)| (format!("{beginning}{name}"), value)));
    }
    let mut add = |name: &str, value: String| fields.push((name.to_owned(), value));
    if typed.longest != usual.longest {
        add("longest", typed.longest.to_string());
    }
    if typed.limit != usual.limit {
        add("limit", typed.limit.to_string());
    }
    if let Some(least) = typed.least_reports {
        add("least_reports", least.to_string());
    }
    if typed.order != usual.order {
        add("sort", typed.order.name().to_owned());
    }
    for kind in &typed.include {
        add("include", kind.name().to_owned());
    }
    fields
}

/// Lists the fields of a concordance; which of its lines are shown is none of them.
#[must_use]
pub fn kwic_fields(typed: &concordance::Typed) -> Vec<(String, String)> {
    let usual = concordance::Typed::default();
    let mut fields = subject_fields(&typed.text, typed.reading);
    fields.extend(condition_fields(&typed.conditions));
    let mut add = |name: &str, value: String| fields.push((name.to_owned(), value));
    if typed.sort != usual.sort {
        add("sort", typed.sort.name().to_owned());
    }
    if typed.context != usual.context {
        add("context", typed.context.to_string());
    }
    if let Some(sample) = typed.sample {
        add("sample", sample.size.to_string());
        add("seed", sample.seed.to_string());
    }
    fields
}

/// Lists the fields of a question about recommendations; which of them are listed is none.
#[must_use]
pub fn recommendation_fields(typed: &recommendations::Typed) -> Vec<(String, String)> {
    let usual = recommendations::Typed::default();
    let mut fields = subject_fields(&typed.text, typed.reading);
    fields.extend(condition_fields(&typed.conditions));
    let by = typed.by.map(|by| ("by".to_owned(), by.name().to_owned()));
    fields.extend(by);
    fields.extend(set(&[("repeated", typed.repeated)]));
    // Chains have an order of their own.
    if typed.sort != usual.sort && !typed.repeated {
        fields.push(("sort".to_owned(), typed.sort.name().to_owned()));
    }
    fields
}

/// Lists the fields of what is looked for.
fn subject_fields(text: &str, reading: Reading) -> Vec<(String, String)> {
    let mut fields = set(&[("any", reading.any), ("exact", reading.exact)]);
    if !text.is_empty() {
        fields.push(("q".to_owned(), text.to_owned()));
    }
    fields
}

/// Lists the fields of a search that finds what a number counts, or of the question for those that were
/// made again. The filters have every name as the records have it.
#[must_use]
pub fn counted_fields(counted: Counted<'_>) -> Vec<(String, String)> {
    let filters = counted.filters;
    let mut fields = Vec::new();
    if !counted.query.is_empty() {
        fields.push(("q".to_owned(), counted.query.to_owned()));
    }
    // Recommendations are asked for as such, and not by their kind.
    let is_said = |name: &str| name != Attribute::Kind.name() || counted.among == Among::All;
    let of_filters = filter_fields(filters, SET).into_iter();
    fields.extend(of_filters.filter(|(name, _)| is_said(name)));
    fields.extend(set(&[("repeated", counted.among == Among::Repeated)]));
    fields.extend(counted.group.map(|by| ("group".to_owned(), by.name().to_owned())));
    fields
}

/// Lists the fields of filters, whose names are as the records have them; `flag` is the value of a flag
/// that is set.
#[must_use]
pub fn filter_fields(filters: &Filters, flag: &str) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    let mut add = |name: String, value: String| fields.push((name, value));
    // Neighbours and newest inspections are chosen whether or not they are excluded.
    for (attribute, _) in filters.conditions() {
        for value in filters.left(attribute) {
            add(attribute.name().to_owned(), value);
        }
    }
    for (attribute, choice) in filters.not.iter() {
        for value in choice.written() {
            // A part of a name would exclude longer ones as well.
            let is_whole = attribute == Attribute::Addressee && value != Filters::ABSENT;
            let value = if is_whole { format!("={value}") } else { value };
            add(excluding(attribute), value);
        }
    }
    for (name, day) in [("from", filters.from), ("to", filters.to)] {
        if let Some(day) = day {
            add(name.to_owned(), day.to_string());
        }
    }
    if let Some(since) = filters.new_since {
        add("new_since".to_owned(), since.to_string());
    }
    for (name, is_set) in
        [("undated", filters.undated), ("without_denials", filters.without_denials)]
    {
        if is_set {
            add(name.to_owned(), flag.to_owned());
        }
    }
    fields
}

/// Lists the fields of conditions.
#[must_use]
pub fn condition_fields(conditions: &Conditions) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    for (attribute, values) in &conditions.values {
        fields.extend(values.iter().map(|value| (attribute.name().to_owned(), value.clone())));
    }
    for (attribute, values) in &conditions.not {
        fields.extend(values.iter().map(|value| (excluding(*attribute), value.clone())));
    }
    let neighbours = conditions.neighbours_of.iter();
    fields.extend(neighbours.map(|name| ("neighbours_of".to_owned(), name.clone())));
    let days = [
        ("from", &conditions.from),
        ("to", &conditions.to),
        ("as_at", &conditions.as_at),
        ("new_since", &conditions.new_since),
    ];
    for (name, day) in days {
        fields.extend(day.iter().map(|day| (name.to_owned(), day.clone())));
    }
    // A day implies the flag.
    let latest = conditions.latest && conditions.as_at.is_none();
    fields.extend(set(&[
        ("undated", conditions.undated),
        ("without_denials", conditions.without_denials),
        ("latest", latest),
    ]));
    fields
}

/// The fields of the flags that are set.
fn set(flags: &[(&str, bool)]) -> Vec<(String, String)> {
    let set = flags.iter().filter(|(_, is_set)| *is_set);
    set.map(|(name, _)| ((*name).to_owned(), SET.to_owned())).collect()
}

/// Writes fields that are not shown, and the basket, so that they stay as they are; those for which
/// the form has something to fill in are left out.
pub(super) fn hidden(
    site: &Site<'_>,
    fields: &[(String, String)],
    is_shown: impl Fn(&str) -> bool,
) -> Markup {
    html! {
        @for (name, value) in fields.iter().filter(|(name, _)| !is_shown(name)) {
            input type="hidden" name=(name) value=(value);
        }
        @for id in site.addresses.kept() { input type="hidden" name="kept" value=(id); }
    }
}

/// The address to which a form is sent: it adds its own parameters.
pub(super) fn action(site: &Site<'_>, target: To<'_>) -> String {
    let address = site.addresses.to(target);
    address.split('?').next().unwrap_or_default().to_owned()
}
