//! The page that counts many named queries at once: a form that takes them as CSV, and a table of what
//! each finds.
//!
//! The queries are sent in a body and have no address; so the answer has none either, and its files
//! are made by the same form.

use super::problem::{Problem, details};
use super::same::Same;
use super::{Head, Part, Site, Skip, To, form, page};
use crate::answer::batch::{Counts, Named, QueryCount};
use crate::ask::Reading;
use crate::render::{clean, words};
use findings_index::records::{Attribute, Use};
use findings_index::request::{FacetCount, Filters};
use maud::{Markup, html};

/// The id of the form, which the buttons for files send.
const FORM: &str = "batch";

/// With more values than these, they are listed for each query.
const COLUMNS: usize = 12;

/// An example, which can be asked of any reports.
pub const BATCH_EXAMPLE: &str = "\
name,query,from
supervision,supervision,
supervision since 2018,supervision,2018
missing children,missing AND children,
drift and delay,\"\"\"drift and delay\"\"\",
audits,\"audit* OR \"\"quality assurance\"\"\",
";

/// Named queries as they are shown.
#[derive(Debug, Clone, Copy, Default)]
pub struct BatchPage<'a> {
    /// What was pasted, or was in the file.
    pub text: &'a str,
    /// How words are read.
    pub reading: Reading,
    /// By what matches are counted as well.
    pub by: Option<Attribute>,
    /// The answer; what is wrong where there is none; neither where nothing was sent.
    pub outcome: Option<Result<BatchAnswer<'a>, &'a [RowProblem]>>,
}

/// What named queries found.
#[derive(Debug, Clone, Copy)]
pub struct BatchAnswer<'a> {
    /// The queries as understood.
    pub queries: &'a [Named],
    /// What each found, in the same order.
    pub counts: &'a Counts,
}

/// What is wrong with a line of the file, or with the file as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowProblem {
    /// The line, counted from 1; `None` for the whole.
    pub line: Option<usize>,
    /// The name of the query, if it is one that is at fault.
    pub name: String,
    /// What is wrong.
    pub problem: Problem,
}

/// Writes the page.
#[must_use]
pub fn batch(site: &Site<'_>, view: &BatchPage<'_>) -> String {
    const TITLE: &str = "Count many queries at once";
    let title = match view.outcome {
        None => TITLE.to_owned(),
        Some(Ok(answer)) => found(answer.counts),
        Some(Err(faults)) => refused(faults),
    };
    let head = Head { title, ..Head::default() };
    let main = html! {
        @match view.outcome {
            None => { h1 { (TITLE) } (explained(site)) }
            Some(Err(faults)) => (told(site, faults)),
            Some(Ok(answer)) => (answered(site, view, answer)),
        }
        (asking(site, view))
        @if view.outcome.is_none() { (written(site)) }
    };
    let results = [Skip { to: "results", label: "Skip to the answer" }];
    let skips = if view.outcome.is_some() { &results[..] } else { &[Skip::MAIN][..] };
    page(site, Part::Compare, &head, skips, &main)
}

fn found(counts: &Counts) -> String {
    let queries = words::count(counts.queries.len(), "query");
    format!("{queries}, counted in {}", words::count(counts.corpus.reports, "report"))
}

fn refused(faults: &[RowProblem]) -> String {
    match faults.len() {
        1 => "The queries can’t be counted as they are: 1 fault".to_owned(),
        many => format!("The queries can’t be counted as they are: {many} faults"),
    }
}

/// Writes all that is wrong, each with its line.
fn told(site: &Site<'_>, faults: &[RowProblem]) -> Markup {
    html! {
        div.problem {
            h1 id="results" tabindex="-1" { (refused(faults)) }
            ul.rows {
                @for fault in faults {
                    li {
                        @if let Some(line) = fault.line {
                            p { b {
                                "Line " (words::number(line))
                                @if !fault.name.is_empty() { ", “" (clean::line(&fault.name)) "”" }
                            } }
                        }
                        (details(site, &fault.problem, None))
                    }
                }
            }
        }
    }
}

fn answered(site: &Site<'_>, view: &BatchPage<'_>, answer: BatchAnswer<'_>) -> Markup {
    let BatchAnswer { queries, counts } = answer;
    html! {
        div.found {
            h1 id="results" tabindex="-1" { (found(counts)) }
            ul.tools {
                li { button.quiet type="submit" form=(FORM) name="format" value="csv" { "CSV" } }
                li { button.quiet type="submit" form=(FORM) name="format" value="json" { "JSON" } }
            }
        }
        div.wide.comparison role="region" aria-label="Table of the queries" tabindex="0" {
            table.cards.queries {
                thead { tr {
                    th scope="col" { "Query" }
                    th scope="col" { "Paragraphs" }
                    th scope="col" { "Reports" }
                    th.left scope="col" { "To note" }
                } }
                tbody {
                    @for (named, count) in queries.iter().zip(&counts.queries) {
                        (row(site, view.reading, named, count))
                    }
                }
            }
        }
        @if let Some(by) = counts.by { (by_values(site, view.reading, answer, by)) }
        p.soft { (words::EVERY_KIND) "." }
        p.soft {
            "Index " code { (clean::line(&counts.generation)) } ", corpus "
            code { (clean::line(&counts.corpus.fingerprint)) } "."
        }
    }
}

/// What a query looks for, with its conditions.
fn same(named: &Named, reading: Reading) -> Same<'_> {
    Same { text: &named.entry.written, reading, conditions: &named.entry.conditions }
}

/// Writes a number as a link to what it counts.
fn number(number: usize, said: &str, address: &str) -> Markup {
    let shown = words::number(number);
    html! {
        @if number == 0 { (shown) }
        @else { a href=(address) aria-label={ (shown) " " (said) } { (shown) } }
    }
}

fn row(site: &Site<'_>, reading: Reading, named: &Named, count: &QueryCount) -> Markup {
    let same = same(named, reading);
    let name = clean::line(&count.name);
    let conditions = &named.entry.conditions;
    let notes = named.notes();
    html! {
        tr {
            th scope="row" {
                (name)
                span.mark {
                    code { (clean::line(&count.query)) }
                    @if !conditions.is_empty() { ", " (clean::line(&words::conditions(conditions))) }
                }
            }
            td data-label="Paragraphs" {
                (number(count.paragraphs, &format!("paragraphs: {name}"), &same.search(site, None)))
            }
            td data-label="Reports" {
                (number(count.reports, &format!("reports: {name}"),
                    &same.search(site, Some(Attribute::Report))))
            }
            td.left.notes {
                @for note in &notes { p { (words::told(&note.text)) } }
            }
        }
    }
}

/// Writes the counts by value: as columns, or where there are many as a list for each query.
fn by_values(site: &Site<'_>, reading: Reading, answer: BatchAnswer<'_>, by: Attribute) -> Markup {
    let values = answer.counts.values();
    let label = |value: Option<&str>| clean::line(&words::value(site.names, by, value));
    let short = |value: Option<&str>| clean::line(&words::short_value(by, value));
    let each = || answer.queries.iter().zip(&answer.counts.queries);
    let cell = |named: &Named, value: Option<&str>, count: usize| {
        let said = format!("paragraphs: {}, {}", clean::line(&named.entry.name), label(value));
        number(count, &said, &of_value(site, same(named, reading), by, value))
    };
    html! {
        h2 { "By " (words::noun(by)) }
        @if values.is_empty() {
            p { "There is nothing to count." }
        } @else if values.len() <= COLUMNS {
            div.wide.comparison role="region" aria-label={ "Table by " (words::noun(by)) } tabindex="0" {
                table.cards {
                    thead { tr {
                        th scope="col" { "Query" }
                        @for value in &values { th scope="col" { (short(*value)) } }
                    } }
                    tbody { @for (named, count) in each() { tr {
                        th scope="row" { (clean::line(&count.name)) }
                        @for value in &values {
                            td data-label=(short(*value)) { (cell(named, *value, count.count(*value))) }
                        }
                    } } }
                }
            }
        } @else {
            @for (named, count) in each().filter(|(_, count)| count.paragraphs > 0) {
                h3 { (clean::line(&count.name)) }
                ul.names {
                    @for FacetCount { value, count, .. } in count.by.iter().flatten() {
                        li { (label(value.as_deref())) ": " (cell(named, value.as_deref(), *count)) }
                    }
                }
            }
        }
    }
}

/// The address of the search for those that have a value.
fn of_value(site: &Site<'_>, same: Same<'_>, by: Attribute, value: Option<&str>) -> String {
    let mut conditions = same.conditions.clone();
    let value = value.unwrap_or(Filters::ABSENT);
    conditions.values.insert(by, vec![value.to_owned()]);
    Same { conditions: &conditions, ..same }.search(site, None)
}

fn explained(site: &Site<'_>) -> Markup {
    html! {
        p.prose {
            "Paste a table with a name and a query in each line, or choose a file. The answer says how many "
            "paragraphs and reports each query finds, and every number leads to them. Nothing that you "
            "send is kept. " a href=(site.addresses.to(To::BatchExample)) { "Try it with an example" } "."
        }
    }
}

fn asking(site: &Site<'_>, view: &BatchPage<'_>) -> Markup {
    let mut by = vec![("", "Nothing else".to_owned())];
    let facets = Attribute::of(Use::Facet).filter(|by| by.serves(Use::Condition));
    by.extend(facets.map(|by| (by.name(), words::heading(by))));
    html! {
        form.narrow.batch id=(FORM) method="post" enctype="multipart/form-data"
            action={ (site.addresses.to(To::Batch)) "#results" } {
            label for="queries" { "Queries as a table" }
            textarea id="queries" name="queries" rows="12" spellcheck="false" autocomplete="off"
                aria-describedby="queries-hint" { (view.text) }
            p.soft id="queries-hint" {
                "The first line names the columns: " code { "name" } ", " code { "query" }
                ", and any filters. Commas, semicolons or tabs are between them and between the cells, so \
                 cells may be copied from a spreadsheet."
            }
            fieldset {
                legend.unseen { "What to count" }
                label { "or a file" input type="file" name="file" accept=".csv,.tsv,text/csv,text/tab-separated-values"; }
                (form::select("by", "Also count by", &by, Some(view.by.map_or("", Attribute::name))))
                (form::reading(view.reading))
                button type="submit" { "Count" }
            }
        }
    }
}

/// Says how the file is written.
fn written(site: &Site<'_>) -> Markup {
    html! {
        h2 { "How the table is written" }
        pre { (BATCH_EXAMPLE) }
        div.prose {
            p {
                "Queries are written as for a " a href=(site.addresses.to(To::Help)) { "search" }
                ". A cell that has commas or quotation marks is put between quotation marks, and those "
                "within it are doubled, as every spreadsheet does: a phrase has three on either side. Cells "
                "that were copied, with tabs between them, stay as they are."
            }
            p {
                "Further columns are filters, for each query its own: " code { "authority" } ", "
                code { "framework" } ", " code { "region" } ", " code { "grade" } ", " code { "theme" } ", "
                code { "topic" } ", " code { "kind" } ", " code { "year" } ", " code { "from" } ", "
                code { "to" } ", " code { "latest" } " (" code { "yes" } ") and others; "
                code { "not_" } " before a name leaves its value out. Semicolons separate values of which "
                "any is enough."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{BATCH_EXAMPLE, BatchPage, RowProblem, batch};
    use crate::ask::batch::{Notation, entries};
    use crate::render::html::page::fake::{Fake, Read, corpus, site};
    use crate::render::html::page::problem::Problem;

    fn shown(view: &BatchPage<'_>) -> Read {
        let page = Read::new(&batch(&site(&Fake::default(), &corpus()), view));
        page.is_sound();
        page
    }

    #[test]
    fn the_example_is_a_file_that_can_be_read() {
        let read = entries(BATCH_EXAMPLE, Notation::Csv).unwrap();
        let written: Vec<&str> = read.iter().map(|entry| entry.written.as_str()).collect();
        assert_eq!(
            written,
            [
                "supervision",
                "supervision",
                "missing AND children",
                "\"drift and delay\"",
                "audit* OR \"quality assurance\""
            ]
        );
    }

    #[test]
    fn the_form_sends_a_file_and_says_how_it_is_written() {
        let page = shown(&BatchPage::default());
        assert_eq!(page.values("form.batch", "enctype"), ["multipart/form-data"]);
        assert_eq!(page.values("form.batch", "method"), ["post"]);
        assert_eq!(
            page.texts("pre")[0],
            BATCH_EXAMPLE.split_whitespace().collect::<Vec<_>>().join(" ")
        );
        assert_eq!(page.texts("h1"), ["Count many queries at once"]);
    }

    #[test]
    fn faults_are_above_the_form_which_keeps_what_was_sent() {
        let problem = Problem {
            uri: "about:blank",
            status: 400,
            title: "",
            code: "body",
            detail: "unknown column `qeury`".to_owned(),
            parameter: None,
            typed: None,
            span: None,
            suggestion: Some("query".to_owned()),
            hints: Vec::new(),
            errors: Vec::new(),
            lead: None,
        };
        let row =
            |line, name: &str| RowProblem { line, name: name.to_owned(), problem: problem.clone() };
        let problems = [row(None, ""), row(Some(3), "<b>")];
        let outcome = Some(Err(&problems[..]));
        let page = shown(&BatchPage { text: "</textarea>,x", outcome, ..BatchPage::default() });
        assert_eq!(page.texts("h1"), ["The queries can’t be counted as they are: 2 faults"]);
        let told = page.texts(".rows > li");
        assert_eq!(told[0], "Unknown column “qeury”.Perhaps: query");
        assert_eq!(told[1], "Line 3, “<b>”Unknown column “qeury”.Perhaps: query");
        assert_eq!(page.texts("textarea"), ["</textarea>,x"]);
    }
}
