//! Writes the filters of a search: one form, in which the values of a facet are checkboxes.
//!
//! Everything here belongs to the form of the search box, wherever it is on the page, so that one
//! button applies all of it.

use super::chosen::removals;
use super::{Site, To, fields};
use crate::ask::question::excluding;
use crate::ask::{Conditions, Question};
use crate::render::{clean, words};
use findings_index::records::Attribute;
use findings_index::request::{FacetCount, FacetCounts, Filters, SearchResponse, Sort};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// The facets that a page shows, in this order.
pub const SHOWN: [Attribute; 11] = [
    Attribute::Grade,
    Attribute::Overall,
    Attribute::Authority,
    Attribute::Year,
    Attribute::Theme,
    Attribute::Topic,
    Attribute::Region,
    Attribute::Framework,
    Attribute::Kind,
    Attribute::Timescale,
    Attribute::Visit,
];

/// How many values of a facet are shown without unfolding.
const UNFOLDED: usize = 5;

/// The id of the form.
pub(super) const FORM: &str = "ask";

/// The attributes by which results may be grouped on a page.
const GROUPS: [Attribute; 7] = [
    Attribute::Report,
    Attribute::Authority,
    Attribute::Year,
    Attribute::Framework,
    Attribute::Grade,
    Attribute::Theme,
    Attribute::Region,
];

/// A value of a facet, as it is shown.
struct Entry {
    value: String,
    label: String,
    count: Option<usize>,
    is_chosen: bool,
}

/// Writes the filters.
pub(super) fn filters(
    site: &Site<'_>,
    question: &Question,
    response: Option<&SearchResponse>,
) -> Markup {
    let facets = response.map_or(&[][..], |response| &response.facets);
    html! {
        section.filters id="filters" aria-label="Filters" tabindex="-1" {
            details.fold open data-fold="" {
                summary { h2 { "Filters" } }
                (chosen(site, question))
                (shape(question))
                (apply())
                @for attribute in SHOWN {
                    @let facet = facets.iter().find(|facet| facet.facet == attribute);
                    (facet_of(site, question, attribute, facet))
                }
                (apply())
            }
        }
    }
}

/// Writes the button that applies the filters, above and below them. A script says next to it when
/// what is chosen is not what is shown.
fn apply() -> Markup {
    html! {
        p.apply {
            button type="submit" form=(FORM) { "Apply filters" }
            span data-pending="" hidden { "Not applied yet" }
        }
    }
}

/// Writes the fields of the form that are not shown, so that they stay as they are.
pub(super) fn hidden(site: &Site<'_>, question: &Question) -> Markup {
    const OTHERS: [&str; 8] = ["q", "sort", "group", "per_group", "sample", "seed", "from", "to"];
    let is_shown = |name: &str| {
        let of_facet = |facet: &Attribute| facet.name() == name || excluding(*facet) == name;
        OTHERS.contains(&name) || SHOWN.iter().any(of_facet)
    };
    fields::hidden(site, &fields::fields(question), is_shown)
}

/// Writes the conditions that are set, each value as a link that removes it.
fn chosen(site: &Site<'_>, question: &Question) -> Markup {
    let mut each: Vec<(String, Conditions)> = Vec::new();
    let conditions = &question.conditions;
    for (attribute, values) in &conditions.values {
        for value in values {
            let mut left = conditions.clone();
            let mut others = left.take(*attribute);
            others.retain(|other| other != value);
            if !others.is_empty() {
                left.values.insert(*attribute, others);
            }
            let named = label(site, *attribute, value);
            each.push((format!("{} {named}", words::noun(*attribute)), left));
        }
    }
    for one in conditions.each() {
        let own = Conditions { values: BTreeMap::new(), ..one };
        if !own.is_empty() {
            each.push((words::conditions(&own), conditions.without(&own)));
        }
    }
    removals(&each, |conditions| {
        let other = Question { conditions, ..question.clone() };
        format!("{}#results", site.addresses.to(To::Search(&other, 1)))
    })
}

/// Writes how results are ordered and grouped.
fn shape(question: &Question) -> Markup {
    let order = |sort: Sort| match sort {
        Sort::Relevance => "Most relevant first",
        Sort::Date => "Newest first",
        Sort::Authority => "By authority",
        Sort::Changed => "Last to come or change first",
    };
    html! {
        div.shape {
            label { "Order"
                select name="sort" form=(FORM) {
                    @for sort in Sort::ALL {
                        @let value = if sort == Sort::default() { "" } else { sort.name() };
                        option value=(value) selected[sort == question.sort] { (order(sort)) }
                    }
                }
            }
            label { "Group by"
                select name="group" form=(FORM) {
                    option value="" { "Nothing" }
                    @for group in GROUPS {
                        option value=(group.name()) selected[question.group == Some(group)] {
                            (words::heading(group))
                        }
                    }
                }
            }
        }
    }
}

/// Names a value as a reader knows it, with a capital at its beginning.
pub(super) fn label(site: &Site<'_>, attribute: Attribute, value: &str) -> String {
    let named = match attribute {
        Attribute::Theme => site.names.theme(value),
        Attribute::Topic => site.topics.get(value).map(|topic| topic.name.as_str()),
        _ => None,
    };
    let held = (value != Filters::ABSENT).then_some(value);
    let said = named.map_or_else(|| words::value(site.names, attribute, held), str::to_owned);
    words::capital(&clean::line(&said))
}

/// The values of a facet: those that are chosen first, as they were typed, then the others.
fn entries(
    site: &Site<'_>,
    question: &Question,
    attribute: Attribute,
    facet: Option<&FacetCounts>,
) -> Vec<Entry> {
    let typed = question.conditions.of(attribute);
    let counted = facet.iter().flat_map(|facet| facet.counts.iter().chain(&facet.instead));
    // What cannot be asked for is not offered.
    let can_be_asked = |count: &&FacetCount| count.value.is_some() || attribute.may_lack();
    let counted = counted.filter(|count| !count.excluded).filter(can_be_asked);
    let named =
        |value: &Option<String>| value.clone().unwrap_or_else(|| Filters::ABSENT.to_owned());
    let counted: Vec<(String, usize)> =
        counted.map(|count| (named(&count.value), count.count)).collect();
    let same = |one: &str, other: &str| one.eq_ignore_ascii_case(other);
    let mut entries: Vec<Entry> = Vec::new();
    for value in typed {
        let held = counted.iter().find(|(held, _)| same(held, value));
        let label = label(site, attribute, held.map_or(value, |(held, _)| held));
        let count = held.map(|(_, count)| *count);
        entries.push(Entry { value: value.clone(), label, count, is_chosen: true });
    }
    for (value, count) in counted {
        if !typed.iter().any(|typed| same(typed, &value)) {
            let label = label(site, attribute, &value);
            entries.push(Entry { value, label, count: Some(count), is_chosen: false });
        }
    }
    if attribute == Attribute::Year {
        // Years have an order of their own.
        entries[typed.len()..].sort_by(|one, other| other.value.cmp(&one.value));
    }
    entries
}

fn heading(attribute: Attribute) -> String {
    match attribute {
        Attribute::Grade => "Grade of the section".to_owned(),
        Attribute::Overall => "Overall judgement of the report".to_owned(),
        Attribute::Kind => "Kind of paragraph".to_owned(),
        Attribute::Year => "Year of inspection".to_owned(),
        other => words::heading(other),
    }
}

fn facet_of(
    site: &Site<'_>,
    question: &Question,
    attribute: Attribute,
    facet: Option<&FacetCounts>,
) -> Markup {
    let entries = entries(site, question, attribute, facet);
    let excluded = excluded(site, question, attribute, facet);
    let chosen = entries.iter().filter(|entry| entry.is_chosen).count();
    let name = attribute.name();
    let says_nothing = matches!(&entries[..], [only] if only.value == Filters::ABSENT)
        && chosen == 0
        && excluded.is_empty();
    // Of many values one is found by typing; years are drawn, and can be typed as a span.
    let (is_long, is_years) = (attribute == Attribute::Authority, attribute == Attribute::Year);
    let unfolded = if is_years { chosen } else { entries.len().min(UNFOLDED.max(chosen)) };
    let (first, more) = entries.split_at(unfolded);
    let is_shown = !entries.is_empty() && !says_nothing;
    html! {
        @if is_shown || !excluded.is_empty() || is_long || is_years {
            fieldset {
                legend { (heading(attribute)) }
                @if is_long {
                    (finder(name, "Find an authority"))
                    datalist id="authorities" {
                        @for entry in &entries { option value=(entry.value) {} }
                    }
                }
                @if is_years { (years(question, facet)) }
                (boxes(name, first))
                @if !excluded.is_empty() {
                    p.soft { "Left out:" }
                    (boxes(&excluding(attribute), &excluded))
                }
                @if !more.is_empty() {
                    details.more {
                        summary {
                            @if is_years { "Paragraphs of each year" } @else { "All " (entries.len()) }
                        }
                        (boxes(name, more))
                    }
                }
                @if entries.len() > 1 {
                    details.more {
                        summary { "Leave out" span.unseen { " by " (heading(attribute)) } }
                        @if is_long {
                            (finder(&excluding(attribute), "Leave out an authority"))
                        } @else {
                            (leaving_out(attribute, &entries))
                        }
                    }
                }
            }
        }
    }
}

/// Writes a field in which a value is typed, with the values that there are to choose from.
fn finder(name: &str, label: &str) -> Markup {
    let id = format!("find-{name}");
    html! {
        label.unseen for=(id) { (label) }
        input.finder id=(id) type="text" name=(name) form=(FORM) placeholder=(label)
            list="authorities" autocomplete="off";
    }
}

/// The values that are excluded, each with the number of paragraphs that would come back.
fn excluded(
    site: &Site<'_>,
    question: &Question,
    attribute: Attribute,
    facet: Option<&FacetCounts>,
) -> Vec<Entry> {
    let back = |value: &str| {
        let instead = facet.iter().flat_map(|facet| &facet.instead);
        let mut back = instead.filter(|count| count.excluded);
        back.find(|count| {
            count.value.as_deref().is_some_and(|held| held.eq_ignore_ascii_case(value))
        })
    };
    let values = question.conditions.excluded(attribute).iter();
    let entry = |value: &String| Entry {
        value: value.clone(),
        label: label(site, attribute, value),
        count: back(value).map(|count| count.count),
        is_chosen: true,
    };
    values.map(entry).collect()
}

fn boxes(name: &str, entries: &[Entry]) -> Markup {
    html! {
        ul.values {
            @for entry in entries {
                li { label {
                    input type="checkbox" name=(name) value=(entry.value) form=(FORM)
                        checked[entry.is_chosen];
                    span { (entry.label) }
                    @if let Some(count) = entry.count {
                        span.count { (words::number(count)) }
                    }
                } }
            }
        }
    }
}

/// Writes the values that are not chosen, to be excluded.
fn leaving_out(attribute: Attribute, entries: &[Entry]) -> Markup {
    html! {
        ul.values {
            @for entry in entries.iter().filter(|entry| !entry.is_chosen) {
                li { label {
                    input type="checkbox" name=(excluding(attribute)) value=(entry.value) form=(FORM);
                    span { "not " (entry.label) }
                } }
            }
        }
    }
}

/// Writes the years as small bars, and two fields for a span of days.
fn years(question: &Question, facet: Option<&FacetCounts>) -> Markup {
    let counted = facet.iter().flat_map(|facet| facet.counts.iter().chain(&facet.instead));
    let mut counts: Vec<(i32, usize)> = counted
        .filter(|count| !count.excluded)
        .filter_map(|count| Some((count.value.as_deref()?.parse().ok()?, count.count)))
        .collect();
    counts.sort_unstable();
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(1);
    let span = counts.first().zip(counts.last()).map(|(first, last)| (first.0, last.0));
    html! {
        @if let Some((first, last)) = span {
            (bars(&counts, first, last, most))
        }
        div.span {
            label { "From" input type="text" name="from" form=(FORM) inputmode="numeric" size="10"
                value=[question.conditions.from.as_deref()]; }
            label { "to" input type="text" name="to" form=(FORM) inputmode="numeric" size="10"
                value=[question.conditions.to.as_deref()]; }
        }
    }
}

/// Draws a bar for each year of a span.
fn bars(counts: &[(i32, usize)], first: i32, last: i32, most: usize) -> Markup {
    const HEIGHT: usize = 24;
    let years = usize::try_from(last - first).unwrap_or(0) + 1;
    let said = format!(
        "Paragraphs of each year from {first} to {last}; the numbers are in the list below"
    );
    html! {
        svg.years viewBox={ "0 0 " (years * 10) " " (HEIGHT + 1) } preserveAspectRatio="none"
            role="img" aria-label=(said) {
            @for (year, count) in counts {
                @let height = (count * HEIGHT).div_ceil(most).max(1);
                @let place = usize::try_from(year - first).unwrap_or(0) * 10;
                rect x=(place + 1) y=(HEIGHT - height) width="8" height=(height) {}
            }
            line x1="0" x2=(years * 10) y1=(HEIGHT) y2=(HEIGHT) {}
        }
        div.ends aria-hidden="true" { span { (first) } span { (last) } }
    }
}

#[cfg(test)]
mod tests {
    use super::filters;
    use crate::ask::Question;
    use crate::render::html::page::fake::{Fake, Read, corpus, site};
    use crate::render::samples;
    use findings_index::records::Attribute;
    use findings_index::request::FacetCount;

    #[test]
    fn years_are_chosen_and_left_out_like_other_values() {
        let (addresses, corpus) = (Fake::default(), corpus());
        let site = site(&addresses, &corpus);
        let mut question = Question::default();
        question.conditions.values.insert(Attribute::Year, vec!["2017".to_owned()]);
        question.conditions.not.insert(Attribute::Year, vec!["2016".to_owned()]);
        let mut response = samples::response();
        let years = &mut response.facets[1];
        let one = |value: Option<&str>, count, excluded| {
            let value = value.map(str::to_owned);
            FacetCount { value, count, chosen: false, excluded }
        };
        years.counts.retain(|count| count.value.as_deref() == Some("2017"));
        years.instead = vec![
            one(Some("2013"), 1_100, false),
            one(Some("2015"), 40, false),
            one(None, 7, false),
            one(Some("2016"), 12, true),
        ];
        let page = Read::new(&filters(&site, &question, Some(&response)).into_string());
        let boxes = "input[type=checkbox][name=year]";
        assert_eq!(page.values(boxes, "value"), ["2017", "2015", "2013"]);
        assert_eq!(page.values(&format!("{boxes}[checked]"), "value"), ["2017"]);
        let left_out = "input[type=checkbox][name=not_year]";
        assert_eq!(page.values(left_out, "value"), ["2016", "2015", "2013"]);
        assert_eq!(page.values(&format!("{left_out}[checked]"), "value"), ["2016"]);
        let removals = page.texts(".chosen a");
        assert_eq!(removals[..2], ["Remove: year 2017", "Remove: not year 2016"]);
        // Bars for what is found and what could be chosen instead.
        assert_eq!(page.values("svg.years rect", "x"), ["1", "21", "41"]);
    }
}
