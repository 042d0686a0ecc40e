//! The list of topics, and the page of one.

use super::same::otherwise;
use super::{FileFormat, Head, Part, Site, Skip, To, feed, feeds, fields, page};
use crate::answer::counts::{TopicCount, TopicDetail};
use crate::ask::Question;
use crate::render::{clean, words};
use findings_index::records::Attribute;
use findings_index::request::FacetCount;
use maud::{Markup, html};

/// The question that finds the paragraphs of a topic, and of one value of another attribute.
fn question(topic: &str, also: Option<(Attribute, &str)>) -> Question {
    let mut question = Question::default();
    question.conditions.values.insert(Attribute::Topic, vec![topic.to_owned()]);
    if let Some((attribute, value)) = also {
        question.conditions.values.insert(attribute, vec![value.to_owned()]);
    }
    question
}

/// The question that finds the same, put together by report.
fn by_report(topic: &str) -> Question {
    Question { group: Some(Attribute::Report), ..question(topic, None) }
}

fn found(site: &Site<'_>, question: &Question) -> String {
    format!("{}#results", site.addresses.to(To::Search(question, 1)))
}

/// Writes the list of topics: all, or those that fit what was typed.
#[must_use]
pub fn topics(site: &Site<'_>, typed: &str, topics: &[TopicCount]) -> String {
    let file = |format| site.addresses.to(To::TopicsFile(typed, format));
    let typed_line = clean::line(typed.trim());
    let title = match (typed_line.as_str(), topics.len()) {
        ("", _) => "Topics".to_owned(),
        (typed, found) => format!("{} for “{typed}”", words::count(found, "topic")),
    };
    let head = Head {
        title: title.clone(),
        json: Some(file(FileFormat::Json)),
        csv: Some(file(FileFormat::Csv)),
        ..Head::default()
    };
    let action = fields::action(site, To::Topics);
    let main = html! {
        h1 { "Topics" }
        p.prose {
            "A topic is a set of phrases by which paragraphs are marked when they are read. It finds what "
            "is about something, in whatever words of the set it is said; what is said in other words "
            "it does not find."
        }
        search {
            form.find method="get" action=(action) {
                label for="q" { "Find a topic by a name, a phrase or an acronym" }
                div {
                    input id="q" name="q" type="text" value=(typed) spellcheck="false";
                    button type="submit" { "Find" }
                }
                (fields::hidden(site, &[], |_| false))
            }
        }
        @if !typed_line.is_empty() {
            h2 id="results" tabindex="-1" { (title) }
            p { a href=(site.addresses.to(To::Topics)) { "Show all topics" } }
        }
        @if topics.is_empty() {
            @if typed_line.is_empty() {
                p { "The reports were read without topics." }
            } @else {
                p { "No topic has this name, phrase or acronym. A search finds the words themselves: "
                    @let words = Question { text: typed.to_owned(), ..Question::default() };
                    a href=(found(site, &words)) { (typed_line) } "."
                }
            }
        } @else {
            (list(site, topics))
            ul.tools {
                li { "These as " a href=(file(FileFormat::Csv)) { "CSV" } }
                li { a href=(file(FileFormat::Json)) { "JSON" } }
            }
        }
    };
    page(site, Part::Topics, &head, &[Skip::MAIN], &main)
}

fn list(site: &Site<'_>, topics: &[TopicCount]) -> Markup {
    html! {
        table.topics {
            thead { tr {
                th scope="col" { "Topic" }
                th.number scope="col" { "Paragraphs" }
                th.number scope="col" { "Reports" }
            } }
            tbody {
                @for topic in topics {
                    tr {
                        th scope="row" {
                            a href=(site.addresses.to(To::Topic(&topic.id))) { (clean::line(&topic.name)) }
                        }
                        td.number {
                            a href=(found(site, &question(&topic.id, None))) aria-label={
                                (words::count(topic.paragraphs, "paragraph")) ": " (clean::line(&topic.name))
                            } { (words::number(topic.paragraphs)) }
                        }
                        td.number {
                            a href=(found(site, &by_report(&topic.id))) aria-label={
                                (words::count(topic.reports, "report")) ": " (clean::line(&topic.name))
                            } { (words::number(topic.reports)) }
                        }
                    }
                }
            }
        }
    }
}

/// Writes the page of one topic.
#[must_use]
pub fn topic(site: &Site<'_>, topic: &TopicDetail) -> String {
    let count = &topic.count;
    let name = clean::line(&count.name);
    let tagged = question(&count.id, None);
    let feeds = feeds(site, &tagged);
    let head = Head { title: format!("{name}, a topic"), feeds, ..Head::default() };
    let lists = [
        (
            "Phrases",
            "Any of these marks a paragraph, in the singular and the plural, in any case.",
            &topic.phrases,
        ),
        ("Phrases in exactly this case", "Written otherwise they are other words.", &topic.cased),
        ("Queries", "These mark a paragraph as well.", &topic.queries),
        ("Near misses", "Within one of these none of the above counts.", &topic.near_misses),
    ];
    let main = html! {
        p.trail { a href=(site.addresses.to(To::Topics)) { "Topics" } }
        h1 { (name) }
        p.prose.definition { (clean::line(&topic.definition)) }
        @if let Some(note) = &topic.note { p.prose.soft { (clean::line(note)) } }
        p {
            a href=(found(site, &tagged)) {
                (words::count(count.paragraphs, "paragraph"))
            }
            " in "
            a href=(found(site, &by_report(&count.id))) {
                (words::count(count.reports, "report"))
            }
            ". In a query, write " code { "#" (clean::line(&count.id).replace('_', "-")) } "."
        }
        (otherwise(site, "This topic", &tagged))
        ul.tools { li { (feed(site, &tagged)) } }
        @for (title, said, phrases) in lists {
            @if !phrases.is_empty() {
                h2 { (title) }
                p.soft { (said) }
                ul.phrases { @for phrase in phrases { li { (clean::line(phrase)) } } }
            }
        }
        (counts(site, &count.id, Attribute::Framework, &topic.frameworks))
        (counts(site, &count.id, Attribute::Year, &topic.years))
        p.soft { "Version " code { (clean::line(&count.version)) }
            ": it changes with the phrases, so that a number can be repeated." }
    };
    page(site, Part::Topics, &head, &[Skip::MAIN], &main)
}

fn counts(site: &Site<'_>, topic: &str, by: Attribute, counts: &[FacetCount]) -> Markup {
    html! {
        @if !counts.is_empty() {
            h2 { "By " (words::noun(by)) }
            table {
                thead { tr {
                    th scope="col" { (words::heading(by)) }
                    th.number scope="col" { "Paragraphs" }
                } }
                tbody {
                    @for count in counts {
                        @let said = clean::line(&words::value(site.names, by, count.value.as_deref()));
                        tr {
                            th scope="row" { (said) }
                            td.number {
                                @match &count.value {
                                    Some(value) => {
                                        a href=(found(site, &question(topic, Some((by, value))))) aria-label={
                                            (words::count(count.count, "paragraph")) ": " (said)
                                        } { (words::number(count.count)) }
                                    }
                                    None => (words::number(count.count)),
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
