//! A question as the fields of a form, which are the parameters of an address as well.

use super::{Site, To};
use crate::ask::question::excluding;
use crate::ask::{Conditions, Question};
use maud::{Markup, html};

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
    let days = [("from", &conditions.from), ("to", &conditions.to), ("as_at", &conditions.as_at)];
    for (name, day) in days {
        fields.extend(day.iter().map(|day| (name.to_owned(), day.clone())));
    }
    // A day implies the flag.
    let latest = conditions.latest && conditions.as_at.is_none();
    fields.extend(set(&[("undated", conditions.undated), ("latest", latest)]));
    fields
}

/// The fields of the flags that are set.
fn set(flags: &[(&str, bool)]) -> Vec<(String, String)> {
    let set = flags.iter().filter(|(_, is_set)| *is_set);
    set.map(|(name, _)| ((*name).to_owned(), "1".to_owned())).collect()
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
