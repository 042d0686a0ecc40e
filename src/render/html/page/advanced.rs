//! The form that writes the query language: what is filled in becomes a query in the search box.

use super::facets::excluding;
use super::{Head, Part, Site, Skip, To, page};
use crate::ask::{Composed, Question};
use crate::render::{clean, words};
use findings_index::language::query::MAX_DISTANCE;
use findings_index::request::Sort;
use maud::{Markup, html};
use std::borrow::Cow;

/// Writes the page. What is asked now stays as it is, but for its text.
#[must_use]
pub fn advanced(site: &Site<'_>, question: &Question, filled: &Composed) -> String {
    let head = Head { title: "Advanced search".to_owned(), ..Head::default() };
    let empty = Question::default();
    let action = site.addresses.to(To::Advanced(&empty));
    let action = action.split('?').next().unwrap_or_default().to_owned();
    let text = clean::line(question.text.trim());
    let is_said_elsewhere = !text.is_empty() && *filled == Composed::default();
    let within = filled.within.map(|within| within.to_string());
    let row = |name: &str, label: &str, value: &str, hint: Markup| {
        html! {
            div.row {
                label for=(name) { (label) }
                input id=(name) name=(name) type="text" value=(value) spellcheck="false"
                    autocomplete="off" aria-describedby={ (name) "-hint" };
                p.soft id={ (name) "-hint" } { (hint) }
            }
        }
    };
    let main = html! {
        h1 { "Advanced search" }
        p.prose {
            "Fill in what you need. The search that follows shows it in the box as you could have "
            "written it; " a href=(site.addresses.to(To::Help)) { "How to ask" } " explains that language."
        }
        @if is_said_elsewhere {
            p { "You asked for "
                a href={ (site.addresses.to(To::Search(question, 1))) "#results" } { code { (text) } }
                ". What you fill in here replaces it." }
        }
        search {
            form.advanced method="get" action=(action) {
                (row("all", "All of these words", &filled.all, html! {
                    "In any order and form: " code { "missing interview" }
                }))
                (row("phrase", "This exact phrase", &filled.phrase, html! {
                    "One after the other, exactly so: " code { "drift and delay" }
                }))
                (row("any_of", "Any of these words", &filled.any_of, html! {
                    "Quotation marks keep words together: " code { "neglect \"domestic abuse\"" }
                }))
                (row("none", "None of these words", &filled.none_of, html! {
                    "Paragraphs with any of them are left out: " code { "adult clinical" }
                }))
                fieldset {
                    legend { "Near one another" }
                    div.near {
                        label for="near_a" { "One word or phrase" }
                        input id="near_a" name="near_a" type="text" value=(filled.near_a)
                            spellcheck="false" autocomplete="off";
                        label for="near_b" { "near another" }
                        input id="near_b" name="near_b" type="text" value=(filled.near_b)
                            spellcheck="false" autocomplete="off";
                        label for="within" { "at most this many words apart" }
                        input id="within" name="within" type="number" min="1" max=(MAX_DISTANCE)
                            value=[within] placeholder="5";
                    }
                }
                (kept(site, question))
                @let conditions = words::conditions(&question.conditions);
                @if !question.conditions.is_empty() {
                    p { "Only " (clean::line(&conditions)) ", as before." }
                }
                button type="submit" { "Search" }
            }
        }
    };
    page(site, Part::Search, &head, &[Skip::MAIN], &main)
}

/// Writes everything of a question but its text as fields that are not shown.
fn kept(site: &Site<'_>, question: &Question) -> Markup {
    let conditions = &question.conditions;
    let mut fields: Vec<(Cow<'_, str>, String)> = Vec::new();
    for (name, set) in [
        ("exact", question.reading.exact),
        ("repeats", question.repeats),
        ("explain", question.explain),
        ("undated", conditions.undated),
        ("latest", conditions.latest && conditions.as_at.is_none()),
    ] {
        fields.extend(set.then(|| (name.into(), "1".to_owned())));
    }
    for (attribute, values) in &conditions.values {
        fields.extend(values.iter().map(|value| (attribute.name().into(), value.clone())));
    }
    for (attribute, values) in &conditions.not {
        fields.extend(values.iter().map(|value| (excluding(*attribute).into(), value.clone())));
    }
    for (name, day) in
        [("from", &conditions.from), ("to", &conditions.to), ("as_at", &conditions.as_at)]
    {
        fields.extend(day.iter().map(|day| (name.into(), day.clone())));
    }
    fields
        .extend(conditions.neighbours_of.iter().map(|name| ("neighbours_of".into(), name.clone())));
    if question.sort != Sort::default() {
        fields.push(("sort".into(), question.sort.name().to_owned()));
    }
    fields.extend(question.group.map(|group| ("group".into(), group.name().to_owned())));
    fields.extend(site.addresses.kept().iter().map(|id| ("kept".into(), id.clone())));
    html! {
        @for (name, value) in &fields { input type="hidden" name=(name) value=(value); }
    }
}
