//! The page of a report: what it is, its judgements, its outline, and its text.

mod text;

use super::problem::told;
use super::result;
use super::{Head, Part, Problem, Site, Skip, To, fields, grade, page};
use crate::answer::as_read::{AsRead, Line, Section};
use crate::ask::{Answer, Conditions, Question};
use crate::render::{clean, words};
use findings_index::records::{
    Attribute, Body, FoundIn, Judgement, ParagraphRecord, ReportHead, ReportRecord,
};
use findings_index::request::SearchResponse;
use maud::{Markup, html};

/// A report as it is shown.
#[derive(Debug, Clone, Copy)]
pub struct ReportPage<'a> {
    /// The report.
    pub read: &'a AsRead,
    /// The id of the paragraph at which the reader is.
    pub here: Option<&'a str>,
    /// What is marked.
    pub question: &'a Question,
    /// What was found for it; a problem where it was refused; neither where nothing was asked.
    pub outcome: Option<Result<&'a Answer<SearchResponse>, &'a Problem>>,
}

impl<'a> ReportPage<'a> {
    /// What links keep marked. A question that was refused marks nothing.
    fn marks(&self) -> Option<&'a Question> {
        matches!(self.outcome, Some(Ok(_))).then_some(self.question)
    }

    fn line_here(&self) -> Option<&'a Line> {
        let here = self.here?;
        self.read.lines().find(|line| line.paragraph.id == here)
    }

    /// The page itself with other marks.
    fn with<'q>(&'q self, marks: Option<&'q Question>) -> To<'q> {
        match self.here {
            Some(id) => To::Paragraph { id, marks },
            None => To::Report { id: &self.read.report.id, marks },
        }
    }
}

/// Writes the page.
#[must_use]
pub fn report(site: &Site<'_>, view: &ReportPage<'_>) -> String {
    let report = &view.read.report;
    let own = ReportHead::from(report);
    let here = view.line_here().map(|line| &line.paragraph);
    let head = Head {
        title: title(site, &own, here),
        json: Some(site.addresses.to(match here {
            Some(paragraph) => To::ParagraphJson(&paragraph.id),
            None => To::ReportJson(&report.id),
        })),
        csv: None,
        ..Head::default()
    };
    let main = html! {
        div.report {
            header.about { (about(site, view, &own)) }
            nav.outline aria-label="Sections of the report" id="outline" tabindex="-1" {
                (outline(view.read))
            }
            div.text {
                (bar(site, view))
                (judgements(&report.judgements))
                div id="text" tabindex="-1" {
                    (text::sections(site, view, &own))
                }
                (unread(report))
            }
        }
    };
    let mut skips = vec![
        Skip { to: "text", label: "Skip to the text" },
        Skip { to: "outline", label: "Skip to the sections" },
    ];
    if here.is_some() {
        skips.insert(0, Skip { to: "here", label: "Skip to the paragraph" });
    }
    page(site, Part::Reports, &head, &skips, &main)
}

fn title(site: &Site<'_>, own: &ReportHead, here: Option<&ParagraphRecord>) -> String {
    here.map_or_else(|| result::name(site, own), |paragraph| clean::line(&paragraph.citation))
}

/// Says what report it is, and leads to what belongs to it.
fn about(site: &Site<'_>, view: &ReportPage<'_>, own: &ReportHead) -> Markup {
    let report = &view.read.report;
    let to = |target| site.addresses.to(target);
    let name = report.name().or(report.title.as_deref()).unwrap_or(&report.id);
    let mut facts = vec![words::framework(site.names, &report.framework).to_owned()];
    facts.extend(report.visit.map(|visit| words::visit(visit).to_owned()));
    facts.extend(report.inspection_theme.clone());
    facts.extend(report.inspection_start.map(|first| words::days(first, report.inspection_end)));
    facts.extend(report.published.map(|day| format!("published {}", words::day(day))));
    facts.extend(report.lead_inspector.as_ref().map(|name| format!("lead inspector {name}")));
    let mut conditions = Conditions::default();
    conditions.values.extend(report.authority.clone().map(|own| (Attribute::Authority, vec![own])));
    let page = view.line_here().and_then(|line| line.paragraph.page);
    html! {
        h1 { (clean::line(name)) }
        ul.facts {
            @for fact in &facts { li { (clean::line(fact)) } }
        }
        ul.facts.links {
            li {
                @match &report.overall {
                    Some(overall) => { "Overall " (grade(&clean::line(&overall.label), overall.rank)) }
                    None => "Not judged overall",
                }
            }
            li {
                a href=(to(To::Original { report: &report.id, page })) {
                    (if report.pages.is_some() { "Original PDF" } else { "Original file" })
                }
            }
            li {
                details.cite {
                    summary { "Cite this report" }
                    p data-citation="" { (citation(site, own)) }
                }
            }
            @if let Some(authority) = &report.authority {
                li { a href=(to(To::Authority(authority))) { "All about " (clean::line(authority)) } }
            }
            @if view.read.on_authority > 0 {
                li {
                    a href=(to(To::Reports(&conditions))) {
                        "All reports on " (clean::line(name)) " (" (words::number(view.read.on_authority)) ")"
                    }
                }
            }
            li { (search_within(site, report)) }
        }
    }
}

/// Cites a report as its paragraphs are cited: authority, framework, dates.
fn citation(site: &Site<'_>, own: &ReportHead) -> String {
    let name = own.name().or(own.title.as_deref()).unwrap_or(&own.id);
    let mut parts = vec![name.to_owned()];
    parts.push(words::framework(site.names, &own.framework).to_owned());
    parts.extend(own.visit.map(|visit| words::visit(visit).to_owned()));
    parts.extend(own.inspection_theme.clone());
    let inspected = own.inspection_start.map(|first| words::days(first, own.inspection_end));
    parts.extend(inspected.map(|days| format!("inspected {days}")));
    parts.extend(own.published.map(|day| format!("published {}", words::day(day))));
    clean::line(&parts.join(", "))
}

/// Writes the form that searches the report.
fn search_within(site: &Site<'_>, report: &ReportRecord) -> Markup {
    let action = fields::action(site, To::Search(&Question::default(), 1));
    html! {
        details.within {
            summary { "Search this report" }
            form id="ask" method="get" action={ (action) "#results" } {
                label for="within" { "What to look for in this report" }
                div {
                    input id="within" name="q" type="text" autocomplete="off" spellcheck="false"
                        maxlength="4000";
                    button type="submit" { "Search" }
                }
                input type="hidden" name="report" value=(report.id);
                @for id in site.addresses.kept() {
                    input type="hidden" name="kept" value=(id);
                }
            }
        }
    }
}

/// Writes the sections as nested lists, each with the grade where it begins and its matches.
fn outline(read: &AsRead) -> Markup {
    let numbered: Vec<(usize, &Section)> = read.sections.iter().enumerate().collect();
    let doubts = read.report.warnings.len();
    html! {
        details.fold open data-fold="" {
            summary { h2 { "Sections" } }
            (branches(&numbered))
        }
        p.soft {
            @if read.unnumbered > 0 {
                "Not numbered in print: " (words::of(read.unnumbered, read.lines().count())) " paragraphs. "
            }
            @if doubts > 0 {
                a href="#unread" { "What Findings could not read" } ": " (words::count(doubts, "note")) "."
            } @else {
                "What Findings could not read: nothing."
            }
        }
    }
}

fn branches(sections: &[(usize, &Section)]) -> Markup {
    let Some(depth) = sections.iter().map(|(_, section)| section.path.len()).min() else {
        return Markup::default();
    };
    html! {
        ul {
            @for branch in sections.chunk_by(|_, (_, next)| next.path.len() > depth) {
                @if let Some(((number, section), below)) = branch.split_first() {
                    li {
                        a href={ "#s" (number + 1) } { (heading(section)) }
                        @if let Some(given) = section.grade.as_ref().filter(|_| section.is_graded_anew) {
                            " " (grade(&clean::line(&given.label), given.rank))
                        }
                        @if section.matches > 0 {
                            " " span.soft { (words::number(section.matches)) (if section.matches == 1 { " match" } else { " matches" }) }
                        }
                        (branches(below))
                    }
                }
            }
        }
    }
}

fn heading(section: &Section) -> String {
    clean::line(section.path.last().map_or("Without a heading", String::as_str))
}

/// Says what is marked, and leads from match to match.
fn bar(site: &Site<'_>, view: &ReportPage<'_>) -> Markup {
    let Some(outcome) = view.outcome else { return Markup::default() };
    let to = |target| site.addresses.to(target);
    let answer = match outcome {
        Ok(answer) => answer,
        Err(problem) => {
            let text = problem.suggestion.clone().filter(|_| problem.span.is_some());
            let mended = text.map(|text| Question { text, ..view.question.clone() });
            let instead = mended.as_ref().map(|mended| to(view.with(Some(mended))));
            return told(site, problem, instead.as_deref(), false);
        }
    };
    let matches = view.read.matches;
    let number = view.line_here().and_then(|line| line.found.as_ref()).map(|found| found.number);
    let wanted = clean::line(&words::quoted(&view.question.text));
    html! {
        nav.matches aria-label="Matches" {
            b { (wanted) } ": "
            @match (matches, number) {
                (0, _) => "no paragraph of this report matches",
                (1, _) => "1 paragraph matches",
                (_, Some(number)) => { "match " (number) " of " (matches) }
                (_, None) => { (words::number(matches)) " paragraphs match" }
            }
            @match number {
                _ if matches == 0 => {
                    " " a href={ (to(To::Search(view.question, 1))) "#results" } { "Search all reports" }
                }
                Some(number) => { (steps(number, matches)) }
                None => { " " a href="#m1" { "First match" } }
            }
            " " a href=(to(view.with(None))) { "Remove the marks" }
        }
        (understood(answer))
    }
}

/// Links to the matches before and after one.
fn steps(number: usize, matches: usize) -> Markup {
    html! {
        @if number > 1 { " " a href={ "#m" (number - 1) } { "Previous" } }
        @if number < matches { " " a href={ "#m" (number + 1) } { "Next" } }
    }
}

/// Says what was marked besides what was typed, and what was mended.
fn understood(answer: &Answer<SearchResponse>) -> Markup {
    let read_as = answer.read_as.iter().map(|reading| format!("read as {reading}"));
    let repairs = answer.repairs.iter().map(ToString::to_string);
    let unheld =
        answer.unheld.iter().map(|word| format!("no paragraph of any report has `{}`", word.word));
    let also = answer.response.expansions.iter().filter(|expansion| expansion.count > 0);
    let also: Vec<String> =
        also.map(|found| format!("{} ({})", found.also, words::number(found.count))).collect();
    let also = (!also.is_empty()).then(|| format!("also marked: {}", also.join(", ")));
    let lines: Vec<String> = read_as.chain(repairs).chain(unheld).chain(also).collect();
    html! {
        @if !lines.is_empty() {
            ul.understood {
                @for line in &lines { li { (words::told(line)) } }
            }
        }
    }
}

fn judgements(judgements: &[Judgement]) -> Markup {
    html! {
        @if !judgements.is_empty() {
            section aria-labelledby="judgements" {
                h2 id="judgements" { "Judgements" }
                table.judgements {
                    thead { tr {
                        th scope="col" { "Area" }
                        th scope="col" { "Grade" }
                        th scope="col" { "Printed in" }
                    } }
                    tbody {
                        @for judgement in judgements {
                            tr {
                                th scope="row" { (clean::line(&judgement.area)) (of_body(judgement.body)) }
                                td { (grade(&clean::line(&judgement.label), judgement.rank)) }
                                td.soft { (printed_in(&judgement.found_in)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn of_body(body: Body) -> &'static str {
    match body {
        Body::Authority => "",
        Body::Lscb => " (of the safeguarding board)",
        Body::Partnership => " (of the partnership)",
    }
}

/// Names the places in which a judgement is printed.
fn printed_in(places: &[FoundIn]) -> String {
    let named = places.iter().map(|place| match place {
        FoundIn::Table => "a table",
        FoundIn::Heading => "the heading",
        FoundIn::OwnLine => "a line of its own",
        FoundIn::Sentence => "a sentence",
        FoundIn::Correction => "your correction",
    });
    let mut named: Vec<&str> = named.collect();
    named.dedup();
    named.join(", ")
}

/// Says what may have been misread, and what was corrected.
fn unread(report: &ReportRecord) -> Markup {
    html! {
        @if !report.warnings.is_empty() {
            section.unread aria-labelledby="unread" {
                h2 id="unread" { "What Findings could not read" }
                ul {
                    @for warning in &report.warnings {
                        li {
                            @if let Some(page) = warning.page { "Page " (page) ": " }
                            (clean::line(&warning.message))
                        }
                    }
                }
            }
        }
        @if !report.corrections.is_empty() {
            section.unread aria-labelledby="corrected" {
                h2 id="corrected" { "What was corrected here" }
                ul {
                    @for correction in &report.corrections {
                        li {
                            (clean::line(&correction.field)) ": " (clean::line(&correction.to))
                            @match &correction.from {
                                Some(from) => { ", read as " (clean::line(from)) }
                                None => ", where nothing was read",
                            }
                            @if !correction.why.is_empty() { " (" (clean::line(&correction.why)) ")" }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
