//! The page of a search: the box, what was understood, the filters, and the results.

use super::facets::{self, FORM};
use super::problem::told;
use super::result::{self, Level};
use super::same::otherwise;
use super::{
    FileFormat, Head, Last, Part, Problem, Site, Skip, To, after, feed, feeds, fields, page, paging,
};
use crate::answer::compare;
use crate::ask::error::mended;
use crate::ask::notes::Note;
use crate::ask::{Answer, Named, Question};
use crate::render::{clean, words};
use findings_index::records::{Attribute, Use};
use findings_index::request::{Filters, Group, SearchResponse, Sort};
use maud::{Markup, html};
use std::fmt;

pub use super::facets::SHOWN;

/// A search as it is shown.
#[derive(Debug, Clone, Copy)]
pub struct SearchPage<'a> {
    /// The question as typed, with the part of the answer that is shown.
    pub question: &'a Question,
    /// The number of the page, counted from 1.
    pub page: usize,
    /// The last page, where this one is after it.
    pub last: Option<Last>,
    /// The answer; a problem where there is none; neither where nothing was asked.
    pub outcome: Option<Result<&'a Answer<SearchResponse>, &'a Problem>>,
    /// Names that the text may mean.
    pub named: &'a [Named],
}

/// The codes of notes that are written in their own way, with links.
const TOLD_APART: [&str; 5] = ["repaired", "unheld", "otherwise", "uncounted", "called"];

/// Writes the page.
#[must_use]
pub fn search(site: &Site<'_>, view: &SearchPage<'_>) -> String {
    let question = view.question;
    let answer = view.outcome.and_then(Result::ok);
    let said = answer.map(|answer| heading(view, answer));
    let title = match (&said, view.outcome) {
        (Some(said), _) => said.clone(),
        (None, Some(Err(problem))) => problem.title.to_owned(),
        (None, _) => String::new(),
    };
    let title = match (&said, question.conditions.is_empty()) {
        (Some(_), false) => format!("{title} ({})", words::conditions(&question.conditions)),
        _ => title,
    };
    let head = Head {
        title: clean::line(&title),
        json: answer.map(|_| site.addresses.to(To::Json(question))),
        csv: answer.map(|_| site.addresses.to(To::File(question, FileFormat::Csv))),
        feeds: answer.map(|_| feeds(site, question)).unwrap_or_default(),
    };
    let main = html! {
        (form(site, question))
        @match view.outcome {
            None => (welcome(site)),
            Some(outcome) => {
                (understood(site, view, answer))
                div.columns {
                    (facets::filters(site, question, answer.map(|answer| &answer.response)))
                    section.results aria-labelledby="results" {
                        @match outcome {
                            Ok(answer) => (results(site, view, answer)),
                            Err(problem) => {
                                (told(site, problem, instead(site, question, problem).as_deref(), true))
                            }
                        }
                    }
                }
            }
        }
    };
    let skips = [
        Skip { to: "results", label: "Skip to the results" },
        Skip { to: "filters", label: "Skip to the filters" },
    ];
    let skips = if view.outcome.is_some() { &skips[..] } else { &[Skip::MAIN][..] };
    page(site, Part::Search, &head, skips, &main)
}

/// The address of the question with the suggestion of a problem in it.
fn instead(site: &Site<'_>, question: &Question, problem: &Problem) -> Option<String> {
    let text = problem.mended()?;
    let mended = Question { text, offset: 0, ..question.clone() };
    Some(format!("{}#results", site.addresses.to(To::Search(&mended, 1))))
}

fn form(site: &Site<'_>, question: &Question) -> Markup {
    let action = fields::action(site, To::Search(&Question::default(), 1));
    html! {
        search {
            form.ask id=(FORM) method="get" action={ (action) "#results" } {
                label.unseen for="q" { "What to look for" }
                input id="q" name="q" type="search" value=(question.text) autocomplete="off"
                    spellcheck="false" enterkeyhint="search" maxlength="4000";
                button type="submit" { "Search" }
                (facets::hidden(site, question))
            }
            p.help {
                a href=(site.addresses.to(To::Advanced(question))) { "Advanced" }
                a href=(site.addresses.to(To::Help)) { "How to ask" }
            }
        }
    }
}

/// Writes what is shown before anything was asked.
fn welcome(site: &Site<'_>) -> Markup {
    let api = fields::action(site, To::Json(&Question::default()));
    let comparison = compare::Typed::default();
    let example = |text: &str| {
        let question = Question { text: text.to_owned(), ..Question::default() };
        let address = format!("{}#results", site.addresses.to(To::Search(&question, 1)));
        html! { a href=(address) { (text) } }
    };
    html! {
        section.welcome {
            h1 { "Search inspection reports" }
            p {
                "Ask " (words::count(site.corpus.reports, "report")) " at once: each result is a "
                "paragraph, with the report, section and page that it is from, ready to cite."
            }
            p { "Try, for example:" }
            ul {
                li { (example("return interview")) " finds both words, in any form" }
                li { (example("\"return home interview\"")) " finds the exact phrase" }
                li { (example("supervision NOT clinical")) " leaves out what says “clinical”" }
                li { (example("neglect grade:inadequate")) " looks only where the section was judged inadequate" }
            }
            p {
                "Or begin with "
                a href=(site.addresses.to(To::Authorities)) { "an authority" }
                ": its grades over time, what changed and what was recommended again. "
                a href=(site.addresses.to(To::Compare(&comparison))) { "Compare" }
                " says how often authorities, years or frameworks mention something."
            }
        }
        // Filled in by a script from what the browser keeps.
        div.kept-searches data-saved="" data-api=(api) {}
    }
}

/// Writes what the question may mean, what was mended and what is not counted.
fn understood(
    site: &Site<'_>,
    view: &SearchPage<'_>,
    answer: Option<&Answer<SearchResponse>>,
) -> Markup {
    let question = view.question;
    let asked = |text: &str| {
        let other = Question { text: text.to_owned(), offset: 0, ..question.clone() };
        format!("{}#results", site.addresses.to(To::Search(&other, 1)))
    };
    let mut lines: Vec<Markup> = view.named.iter().map(|named| offered(site, named)).collect();
    if let Some(answer) = answer {
        lines.extend(answer.read_as.iter().map(|reading| {
            html! { "Read as " (clean::line(reading)) "." }
        }));
        lines.extend(answer.repairs.iter().map(|repair| {
            html! { (words::told(&repair.to_string())) }
        }));
        lines.extend(answer.unheld.iter().map(|word| {
            html! {
                "No paragraph has " code { (clean::line(&word.word)) }
                @for (place, near) in word.near.iter().enumerate() {
                    (if place == 0 { "; did you mean " } else { " or " })
                    a href=(asked(&mended(&question.text, word.span[0]..word.span[1], &near.word))) {
                        (near.word)
                    }
                    " (" (words::number(near.paragraphs)) ")"
                }
                (if word.near.is_empty() { "." } else { "?" })
            }
        }));
        lines.extend(answer.otherwise.iter().map(|other| {
            html! {
                (words::told(&other.reading)) " " a href=(asked(&other.query)) { (clean::line(&other.query)) }
                " (" (words::count(other.total, "paragraph")) ")"
            }
        }));
        if !answer.called.is_empty() {
            lines.push(html! {
                "In these reports this is called "
                @for (place, called) in answer.called.iter().enumerate() {
                    @if place > 0 { ", " }
                    a href=(asked(&called.query)) { (clean::line(&called.query)) }
                    " (" (words::number(called.total)) ")"
                }
            });
        }
        if !answer.uncounted.is_empty() {
            lines.push(html! {
                "Not counted: "
                @for (place, form) in answer.uncounted.iter().enumerate() {
                    @if place > 0 { ", " }
                    a href=(asked(&form.query)) { "“" (clean::line(&form.forms.join("” or “"))) "”" }
                    " (" (words::number(form.paragraphs)) ")"
                }
            });
        }
        let notes = answer.notes.iter().filter(|note: &&Note| !TOLD_APART.contains(&note.code));
        lines.extend(notes.map(|note| html! { (words::told(&note.text)) }));
    }
    html! {
        @if !lines.is_empty() {
            ul.understood {
                @for line in &lines { li { (line) } }
            }
        }
    }
}

/// Writes a link to what the text names.
fn offered(site: &Site<'_>, named: &Named) -> Markup {
    match named {
        Named::Authority { name, reports } => html! {
            a href=(site.addresses.to(To::Authority(name))) { (clean::line(name)) }
            " is an authority: " (words::count(*reports, "report"))
        },
        Named::Report { id, title } => html! {
            a href=(site.addresses.to(To::Report { id, marks: None })) { (clean::line(title)) }
            " is a report"
        },
        Named::Topic { id, name } => {
            let mut question = Question::default();
            question.conditions.values.insert(Attribute::Topic, vec![id.clone()]);
            let address = format!("{}#results", site.addresses.to(To::Search(&question, 1)));
            html! {
                a href=(address) { (clean::line(name)) }
                " is a topic: paragraphs that are about it, whatever their words"
            }
        }
    }
}

/// States how much was found, for what, and which part of it this is.
fn heading(view: &SearchPage<'_>, answer: &Answer<SearchResponse>) -> String {
    let response = &answer.response;
    let mut said = format!(
        "{} in {}",
        words::count(response.total, "paragraph"),
        words::count(response.reports, "report")
    );
    if response.total == 0 {
        said = "Nothing found".to_owned();
    }
    if !view.question.text.trim().is_empty() {
        said.push_str(&format!(" for {}", words::quoted(&view.question.text)));
    }
    let pages = pages(view, response);
    if (pages.most > 1 || view.page > 1) && view.last.is_none() {
        said.push_str(&format!(" – page {} of {pages}", view.page));
    }
    clean::line(&said)
}

/// What the question is called where it is remembered: its text and its conditions.
fn called(question: &Question) -> String {
    let mut parts = Vec::new();
    if !question.text.trim().is_empty() {
        parts.push(words::quoted(&question.text));
    }
    if !question.conditions.is_empty() {
        parts.push(words::conditions(&question.conditions));
    }
    if parts.is_empty() { "every paragraph".to_owned() } else { clean::line(&parts.join(", ")) }
}

/// The number of pages. Results that say nearly the same are shown once, and how many of these there
/// are on the pages that follow is not known.
struct Pages {
    most: usize,
    is_exact: bool,
}

impl fmt::Display for Pages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let most = words::number(self.most);
        if self.is_exact { f.write_str(&most) } else { write!(f, "at most {most}") }
    }
}

fn pages(view: &SearchPage<'_>, response: &SearchResponse) -> Pages {
    let limit = view.question.limit.max(1);
    if let Some(groups) = response.total_groups {
        return Pages { most: groups.div_ceil(limit), is_exact: true };
    }
    let is_ranked = response.sort == Sort::Relevance && !view.question.repeats;
    if response.left == 0 && !response.hits.is_empty() {
        return Pages { most: view.page, is_exact: true };
    }
    Pages { most: response.total.div_ceil(limit), is_exact: !is_ranked }
}

fn results(site: &Site<'_>, view: &SearchPage<'_>, answer: &Answer<SearchResponse>) -> Markup {
    let (question, response) = (view.question, &answer.response);
    let file = |format| site.addresses.to(To::File(question, format));
    let order = match response.sort {
        Sort::Relevance => "most relevant first",
        Sort::Date => "newest first",
        Sort::Authority => "by authority",
        Sort::Changed => "last to come or change first",
    };
    html! {
        div.found {
            h1 id="results" tabindex="-1" data-question=(called(question)) { (heading(view, answer)) }
            @if response.total > 0 {
                p.soft { (order) }
            }
            ul.tools {
                @if response.total > 0 {
                    li { a href=(file(FileFormat::Csv)) { "CSV" } }
                    li { a href=(file(FileFormat::Json)) { "JSON" } }
                    li { a href=(file(FileFormat::Markdown)) { "Markdown" } }
                }
                // What finds nothing today may be waited for.
                li { (feed(site, question)) }
            }
        }
        (otherwise(site, "This question", question))
        (also(site, question, answer))
        @if response.total == 0 {
            (nothing(site, question, answer))
        } @else if let Some(last) = view.last {
            (after(view.page, last, |page| {
                format!("{}#results", site.addresses.to(To::Search(question, page)))
            }))
        }
        @if !question.conditions.is_empty() {
            p.printed-only { "Filters: " (clean::line(&words::conditions(&question.conditions))) }
        }
        @if let Some(groups) = &response.groups {
            @for group in groups { (one_group(site, view, group)) }
        } @else {
            ol.hits start=(question.offset + 1) {
                @for hit in response.hits.iter().filter(|hit| response.closest_from.is_none_or(|from| hit.rank < from)) {
                    (result::hit(site, hit, Some(question), Level::Second))
                }
            }
            @if let Some(from) = response.closest_from {
                h2 { "Close to it, but without some of the words" }
                p.soft { "These are not counted above." }
                ol.hits {
                    @for hit in response.hits.iter().filter(|hit| hit.rank >= from) {
                        (result::hit(site, hit, Some(question), Level::Third))
                    }
                }
            }
        }
        (leaves(site, view, response))
    }
}

/// Writes what was also searched for, each to be left out, and what was left out.
fn also(site: &Site<'_>, question: &Question, answer: &Answer<SearchResponse>) -> Markup {
    let found: Vec<_> =
        answer.response.expansions.iter().filter(|expansion| expansion.count > 0).collect();
    let asked = |not_also: Vec<String>| {
        let other = Question { not_also, offset: 0, ..question.clone() };
        format!("{}#results", site.addresses.to(To::Search(&other, 1)))
    };
    html! {
        @if !found.is_empty() {
            p.also { "Also searched for: "
                @for (place, expansion) in found.iter().enumerate() {
                    @if place > 0 { ", " }
                    (clean::line(&expansion.also))
                    " (" (words::number(expansion.count))
                    @if expansion.alone > 0 { ", " (words::number(expansion.alone)) " only this way" }
                    ") "
                    @let mut without = question.not_also.clone();
                    @let () = without.push(expansion.also.clone());
                    a href=(asked(without)) aria-label={ "leave out " (clean::line(&expansion.also)) } { "leave out" }
                }
            }
        }
        @if !question.not_also.is_empty() {
            p.also { "Not searched for: "
                @for (place, left) in question.not_also.iter().enumerate() {
                    @if place > 0 { ", " }
                    (clean::line(left)) " "
                    @let without: Vec<String> = question.not_also.iter().filter(|other| *other != left).cloned().collect();
                    a href=(asked(without)) aria-label={ "search for " (clean::line(left)) " too" } { "search for it too" }
                }
            }
        }
        @if !answer.passed_over.is_empty() {
            p.also { "Skipped as too common: " (clean::line(&answer.passed_over.join(", "))) }
        }
    }
}

fn nothing(site: &Site<'_>, question: &Question, answer: &Answer<SearchResponse>) -> Markup {
    html! {
        p {
            "Nothing was found in " (words::count(answer.response.corpus.paragraphs, "paragraph"))
            " of " (words::count(answer.response.corpus.reports, "report")) ". "
            a href=(site.addresses.to(To::Coverage)) { "Coverage" }
            " says which reports are held, and of which authorities there are none."
        }
        @if !answer.relaxed.is_empty() {
            ul {
                @for relaxed in &answer.relaxed {
                    @let conditions = if relaxed.without.is_empty() {
                        crate::ask::Conditions::default()
                    } else {
                        question.conditions.without(&relaxed.without)
                    };
                    @let other = Question { conditions, offset: 0, ..question.clone() };
                    li {
                        a href={ (site.addresses.to(To::Search(&other, 1))) "#results" } {
                            "Without " (clean::line(&words::conditions(&relaxed.without)))
                        }
                        " there would be " (words::count(relaxed.total, "paragraph")) "."
                    }
                }
            }
        }
    }
}

/// The question for the results of one group alone.
fn only(question: &Question, by: Attribute, key: &str) -> Question {
    let mut only = Question { group: None, offset: 0, ..question.clone() };
    let value = if key.is_empty() { Filters::ABSENT } else { key };
    only.conditions.values.insert(by, vec![value.to_owned()]);
    only
}

fn one_group(site: &Site<'_>, view: &SearchPage<'_>, group: &Group) -> Markup {
    let by = view.question.group.unwrap_or(Attribute::Report);
    let name = match (by, group.hits.first()) {
        (Attribute::Report, Some(first)) => result::name(site, &first.head),
        _ => {
            let key = if group.key.is_empty() { Filters::ABSENT } else { &group.key };
            facets::label(site, by, key)
        }
    };
    html! {
        section.group {
            h2 { (name) " " span.soft {
                (words::count(group.total, "paragraph"))
                @if group.hits.len() < group.total { ", " (group.hits.len()) " shown" }
            } }
            ol.hits {
                @for hit in &group.hits { (result::hit(site, hit, Some(view.question), Level::Third)) }
            }
            @if group.hits.len() < group.total && (by.serves(Use::Condition)) {
                @let only = only(view.question, by, &group.key);
                p { a href={ (site.addresses.to(To::Search(&only, 1))) "#results" } {
                    "Show all " (words::number(group.total)) span.unseen { " of " (name) }
                } }
            }
        }
    }
}

fn leaves(site: &Site<'_>, view: &SearchPage<'_>, response: &SearchResponse) -> Markup {
    if view.last.is_some() {
        return Markup::default();
    }
    let question = view.question;
    let limit = question.limit.max(1);
    let to = |page| format!("{}#results", site.addresses.to(To::Search(question, page)));
    let is_more = match response.total_groups {
        Some(groups) => question.offset + limit < groups,
        None => response.left > 0,
    };
    let (before, after) =
        ((view.page > 1).then(|| to(view.page - 1)), is_more.then(|| to(view.page + 1)));
    let here = html! { "Page " (words::number(view.page)) " of " (pages(view, response)) };
    paging("Pages of results", before, &here, after)
}
