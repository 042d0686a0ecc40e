//! The page that explains how to ask, with examples that are links, and what the answers mean.
//!
//! How queries are written is told by [`guide`], as on the terminal; this module adds what only a
//! page has.

use super::same::others;
use super::{Head, Part, Site, Skip, To, page};
use crate::ask::Question;
use crate::render::guide::{Block, Example, Run, Section};
use crate::render::{clean, words};
use findings_index::records::Attribute;
use maud::{Markup, html};
use std::collections::BTreeMap;

/// The page, with what is counted for it.
#[derive(Debug, Clone, Copy)]
pub struct HelpPage<'a> {
    /// How queries are written.
    pub sections: &'a [Section],
    /// How many paragraphs each example finds here, by query; none where it is refused, since the
    /// reports have no such value.
    pub found: &'a BTreeMap<String, usize>,
    /// The values of fields that have few of them.
    pub values: &'a [(Attribute, Vec<String>)],
    /// A citation, as an example.
    pub citation: Option<&'a str>,
}

/// Writes the page.
#[must_use]
pub fn help(site: &Site<'_>, view: &HelpPage<'_>) -> String {
    let head =
        Head { title: "How to ask, and what the answers mean".to_owned(), ..Head::default() };
    let ours = [
        ("values", "Values of the fields"),
        ("filters", "Filters"),
        ("others", "Other ways to ask"),
        ("counted", "What is counted, and what is not"),
        ("section-grade", "Grades of sections"),
        ("follow", "Saving a search, and feeds"),
        ("cite", "Citing"),
        ("reuse", "Using the reports"),
    ];
    let main = html! {
        h1 { "How to ask" }
        nav.contents-of-page aria-label="On this page" {
            ul.contents {
                @for section in view.sections.iter().skip(1) {
                    li { a href={ "#" (section.anchor) } { (section.heading) } }
                }
                @for (anchor, heading) in ours {
                    li { a href={ "#" (anchor) } { (heading) } }
                }
            }
        }
        @for (place, section) in view.sections.iter().enumerate() {
            @if place == 0 {
                div.prose { (blocks(site, view, section)) }
            } @else {
                section.prose id=(section.anchor) tabindex="-1" {
                    h2 { (section.heading) }
                    (blocks(site, view, section))
                }
            }
        }
        (values(site, view))
        (answers(site, view))
    };
    page(site, Part::Help, &head, &[Skip::MAIN], &main)
}

fn asked(site: &Site<'_>, query: &str) -> String {
    let question = Question { text: query.to_owned(), ..Question::default() };
    format!("{}#results", site.addresses.to(To::Search(&question, 1)))
}

fn blocks(site: &Site<'_>, view: &HelpPage<'_>, section: &Section) -> Markup {
    html! {
        @for block in &section.blocks {
            @match block {
                Block::Prose(runs) => {
                    p {
                        @for run in runs {
                            @match run {
                                Run::Said(text) => (text),
                                Run::Typed(text) => code { (text) },
                            }
                        }
                    }
                }
                Block::Examples(examples) => { (table(site, view, examples)) }
            }
        }
    }
}

fn table(site: &Site<'_>, view: &HelpPage<'_>, examples: &[Example]) -> Markup {
    html! {
        // On a narrow screen a row is a paragraph.
        table.examples {
            thead { tr {
                th scope="col" { "Write" }
                th scope="col" { "To find" }
                th.number scope="col" { "Here" }
            } }
            tbody {
                @for example in examples {
                    tr {
                        td {
                            a href=(asked(site, &example.query)) { code { (example.query) } }
                        }
                        td { (example.said) }
                        td.number {
                            @match view.found.get(&example.query) {
                                Some(count) => {
                                    (words::number(*count)) span.column { " found here" }
                                }
                                None => span.soft { "not held" span.column { " here" } },
                            }
                        }
                    }
                }
            }
        }
    }
}

fn values(site: &Site<'_>, view: &HelpPage<'_>) -> Markup {
    let written = |attribute: Attribute, value: &str| {
        let is_plain = value.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
        let value = if is_plain { value.to_owned() } else { format!("\"{value}\"") };
        format!("{}:{value}", attribute.name())
    };
    html! {
        section.prose id="values" tabindex="-1" {
            h2 { "Values of the fields" }
            p {
                "The reports held have these. Authorities are listed under "
                a href=(site.addresses.to(To::Coverage)) { "Coverage" } ", topics under "
                a href=(site.addresses.to(To::Topics)) { "Topics" } "."
            }
            @for (attribute, values) in view.values.iter().filter(|(_, values)| !values.is_empty()) {
                details.more {
                    summary { code { (attribute.name()) ":" } " " (words::count(values.len(), "value")) }
                    ul.phrases {
                        @for value in values {
                            @let query = written(*attribute, value);
                            @let named = words::value(site.names, *attribute, Some(value));
                            li {
                                a href=(asked(site, &query)) { code { (clean::line(&query)) } }
                                @if named != *value { " " span.soft { (clean::line(&named)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Writes what the answers mean.
fn answers(site: &Site<'_>, view: &HelpPage<'_>) -> Markup {
    html! {
        section.prose id="filters" tabindex="-1" {
            h2 { "Filters" }
            p {
                "Filters narrow a search to some reports or paragraphs. Of several values of one filter "
                "any is enough; of several filters all have to hold. A filter means the same as the "
                "field of its name in a query. What you chose is shown above the filters, as links that "
                "remove it. A minus before a field leaves a value out: "
                a href=(asked(site, "neglect -kind:recommendation")) {
                    code { "neglect -kind:recommendation" }
                } "."
            }
            p {
                "The years are those of the inspections. A day, month or year can be written as "
                code { "2019" } ", " code { "May 2019" } " or " code { "31/05/2019" } "."
            }
        }
        section.prose id="others" tabindex="-1" {
            h2 { "Other ways to ask" }
            (others(site))
        }
        section.prose id="counted" tabindex="-1" {
            h2 { "What is counted, and what is not" }
            p {
                "What is counted is paragraphs, as the reports print them: findings, summaries, bullets, "
                "recommendations, tables and the context that a report gives. Paragraphs that say nearly "
                "the same are all counted, and shown once."
            }
            p {
                "Boilerplate – text that is the same in every report of its kind – is left out of every "
                "search unless it is asked for with " a href=(asked(site, "kind:boilerplate")) {
                    code { "kind:boilerplate" }
                } ". Paragraphs that hold nearly all of the words are shown below the results, and are not "
                "in the total. Whatever else a total leaves out is said above it."
            }
            p {
                "Nothing found means that nothing held says it in these words. "
                a href=(site.addresses.to(To::Coverage)) { "Coverage" }
                " says what is held, what could not be read, and of whom nothing is held."
            }
        }
        section.prose id="section-grade" tabindex="-1" {
            h2 { "Grades of sections" }
            p {
                "“Section judged Good” is the grade that the report gives to the section in which a "
                "paragraph stands. It is never a verdict on the paragraph: a section judged good has "
                "paragraphs about what is weak, and one judged inadequate has paragraphs about what is "
                "done well. Some sections and some kinds of report have no grade."
            }
            p {
                "The dots and the colour repeat what the word says: four filled dots are the best grade "
                "of a scale of four. Other frameworks have words of their own and no dots."
            }
        }
        section.prose id="follow" tabindex="-1" {
            h2 { "Saving a search, and feeds" }
            p {
                "“Save this search”, above the results, keeps a question with its filters in this browser, "
                "and nowhere else. The first page of Search lists what you saved and says how much has come "
                "since your last visit. It needs scripts; without them, keep the address of the page, which "
                "holds the whole question."
            }
            p {
                "“Feed”, also above the results, is an address for a feed reader, which then shows what "
                "is new for a search. The pages of an authority, of a topic and of the reports have one as "
                "well."
            }
        }
        section.prose id="cite" tabindex="-1" {
            h2 { "Citing" }
            p {
                "“Cite” below each result gives a citation: authority, framework, dates, section, "
                "paragraph and page, with the addresses of the paragraph and of that page. The address of a paragraph stays the same, and can be sent to others "
                "who can reach this service. Before you quote, compare the paragraph with the original: "
                "its link opens the page."
            }
            @if let Some(citation) = view.citation {
                p { "For example: " span.quoted { (clean::line(citation)) } }
            }
            p {
                "A number is cited with its query, its filters and the day on which the reports were "
                "indexed, which is at the foot of every page. The address of the page holds the query "
                "and all filters: keep it with the number."
            }
        }
        section.prose id="reuse" tabindex="-1" {
            h2 { "Using the reports" }
            p {
                "The reports belong to those who published them, who say on what terms they may be used. Say "
                "where a quotation is from, and do not suggest that the inspectorate endorses what you say "
                "with it."
            }
            ul {
                @for said in site.terms.iter().filter_map(|terms| terms.attribution.as_ref().or(terms.licence.as_ref())) {
                    li { (clean::line(said)) }
                }
            }
        }
    }
}
