//! Puts recommendations into words, which text, Markdown and the page set each in its own way.

use super::words;
use crate::answer::compare::Span;
use crate::answer::recommendations::{Chain, Group, Groups, Recommendation, Recommendations};
use crate::knowledge::names::Names;
use findings_index::records::{Attribute, ReportHead};
use findings_index::request::Sort;

/// How many values of each attribute are listed where several are counted.
const LISTED: usize = 8;

/// Says how many there are, and when they were made.
pub(super) fn head(answer: &Recommendations) -> Vec<String> {
    let mut said = vec![
        words::count(answer.total, "recommendation"),
        words::count(answer.reports, "report"),
        words::count(answer.authorities, "authority"),
    ];
    if answer.first.is_some() {
        said.push(words::years(Span { first: answer.first, last: answer.last }));
    }
    said
}

/// Says what is known of how many.
pub(super) fn known(answer: &Recommendations) -> String {
    let of = |count: usize, what: &str| format!("{} {what}", words::number(count));
    format!(
        "{}, {}, {}, {}.",
        of(answer.with_theme, "with a theme"),
        of(answer.with_topic, "with a topic"),
        of(answer.with_timescale, "with a timescale"),
        of(answer.with_addressee, "with an addressee")
    )
}

/// Says how many were made again.
pub(super) fn repeated(answer: &Recommendations) -> String {
    match repeated_of(answer) {
        Some(of) => format!("{}{of}", words::number(answer.repeated.recommendations)),
        None => INCOMPARABLE.to_owned(),
    }
}

/// What is said where nothing could have been made again.
pub(super) const INCOMPARABLE: &str =
    "None has an inspection before or after it to be compared with.";

/// Says of how many some were made again, after the number of these; `None` where none could be.
pub(super) fn repeated_of(answer: &Recommendations) -> Option<String> {
    let own = &answer.repeated;
    if own.compared == 0 {
        return None;
    }
    Some(format!(
        " of the {} that have an inspection before or after them with recommendations to the same \
         body are repeated, in {} ({} of successive inspections compared).",
        words::number(own.compared),
        words::count(own.chains, "chain"),
        words::count(own.inspections, "pair"),
    ))
}

/// Says in which order they are listed.
pub(super) fn order(answer: &Recommendations) -> &'static str {
    match (answer.of_chains, answer.sort) {
        (true, _) => "those over most inspections first, then those made last",
        (_, Sort::Relevance) => "most relevant first",
        (_, Sort::Date) => "newest first",
        (_, Sort::Authority) => "by authority",
        (_, Sort::Changed) => "last to come or change first",
    }
}

/// Says by what they are counted, and in which order where it is not that of the first column.
pub(super) fn by(answer: &Recommendations, groups: &Groups) -> String {
    let order = if answer.of_chains { ", those most often repeated first" } else { "" };
    format!("By {}{order}", words::noun(groups.by))
}

/// Returns the values of a group of counts that are shown, and how many more there are.
pub(super) fn shown<'g>(answer: &Recommendations, groups: &'g Groups) -> (Vec<&'g Group>, usize) {
    let most = if answer.groups.len() > 1 { LISTED } else { usize::MAX };
    let (with, without): (Vec<&Group>, Vec<&Group>) =
        groups.values.iter().partition(|group| group.value.is_some());
    let more = with.len().saturating_sub(most);
    (with.into_iter().take(most).chain(without).collect(), more)
}

/// Names the value of a group, with the id by which a topic is asked for.
pub(super) fn name<'g>(
    names: &Names,
    by: Attribute,
    group: &'g Group,
) -> (String, Option<&'g str>) {
    match (by, &group.value, &group.name) {
        (Attribute::Topic, Some(id), Some(name)) => (name.clone(), Some(id)),
        (Attribute::Topic, None, _) => ("no topic".to_owned(), None),
        (Attribute::Theme, Some(id), _) => {
            (names.theme(id).map_or_else(|| id.replace('_', " "), str::to_owned), None)
        }
        (by, value, _) => (words::value(names, by, value.as_deref()), None),
    }
}

/// Names the value of a group in one text.
pub(super) fn value(names: &Names, by: Attribute, group: &Group) -> String {
    match name(names, by, group) {
        (name, Some(id)) => format!("{name} ({id})"),
        (name, None) => name,
    }
}

/// Says which inspection made a recommendation: the framework and when.
pub(super) fn inspection(names: &Names, report: &ReportHead) -> Vec<String> {
    let mut said = vec![words::framework(names, &report.framework).to_owned()];
    said.extend(report.visit.map(|visit| words::visit(visit).to_owned()));
    said.extend(report.inspection_theme.clone());
    match (report.inspection_start, report.published) {
        (Some(day), _) => said.push(format!("inspected {}", words::month(day))),
        (None, Some(day)) => said.push(format!("published {}", words::month(day))),
        (None, None) => {}
    }
    said
}

/// Says of whom it was asked, by when, and where it is printed.
pub(super) fn asked(own: &Recommendation) -> Vec<String> {
    let mut said = Vec::new();
    said.extend(own.addressee.as_ref().map(|body| format!("for {body}")));
    said.extend(own.timescale.clone());
    said.extend(own.number.as_ref().map(|number| format!("paragraph {number}")));
    said.extend(own.page.map(|page| words::pages(page, own.page_end)));
    said
}

/// Returns what is asked for, after the words that introduce it and with its points.
pub(super) fn text(own: &Recommendation) -> String {
    let lead = own.lead.as_ref().map(|lead| format!("{} … ", lead.trim_end()));
    let mut text = format!("{}{}", lead.unwrap_or_default(), own.text);
    for (at, part) in own.parts.iter().enumerate() {
        text.push_str(if at == 0 { " " } else { "; " });
        text.push_str(part.trim_end_matches([';', '.']));
    }
    text
}

/// Says over how many inspections a chain goes, and what it is about.
pub(super) fn chain(own: &Chain) -> Vec<String> {
    let mut said = vec![words::count(own.inspections, "inspection")];
    if !own.topics.is_empty() {
        said.push(own.topics.join(", "));
    }
    said
}

/// Says how alike the recommendations of a chain are: of the least alike pair that it rests on.
pub(super) fn likeness(own: &Chain) -> String {
    let of = |number: i64| format!("{}.{:02}", number / 100, number % 100);
    let likeness = || {
        let links = own.recommendations.iter().flat_map(|own| &own.repeats);
        links.map(|link| link.likeness)
    };
    let closeness = likeness().filter_map(|own| own.closeness).min();
    let wording = likeness().map(|own| own.wording).min().unwrap_or_default();
    match closeness {
        Some(closeness) => {
            format!("closeness from {}, shared words from {wording}%", of(closeness))
        }
        None => format!("shared words from {wording}%"),
    }
}
