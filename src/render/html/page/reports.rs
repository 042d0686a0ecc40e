//! The page of the reports held: a table, and a form that narrows it.

use super::chosen::removals;
use super::facets::FORM;
use super::problem::told;
use super::similar::each;
use super::{
    Head, Part, Problem, Site, Skip, To, beyond, feed, feeds, fields, form, grade, page, paging,
};
use crate::ask::notes::Note;
use crate::ask::{Conditions, Question};
use crate::render::{clean, words};
use findings_index::records::{Attribute, ReportRecord};
use maud::{Markup, html};

/// The attributes by which the form narrows.
pub const NARROWED: [Attribute; 5] = [
    Attribute::Authority,
    Attribute::Framework,
    Attribute::Overall,
    Attribute::Region,
    Attribute::Visit,
];

/// Reports, as they are listed.
#[derive(Debug, Clone, Copy)]
pub struct ReportsPage<'a> {
    /// The conditions as typed.
    pub conditions: &'a Conditions,
    /// The number of the page, counted from 1.
    pub page: usize,
    /// The number of pages.
    pub pages: usize,
    /// The number of reports that pass the conditions.
    pub total: usize,
    /// Those on this page.
    pub reports: &'a [ReportRecord],
    /// The values held of the attributes by which the form narrows.
    pub values: &'a [(Attribute, Vec<String>)],
    /// What the conditions were read as, where that may not be what was meant.
    pub notes: &'a [Note],
    /// What is wrong with the conditions, if they were refused.
    pub problem: Option<&'a Problem>,
}

/// Writes the page.
#[must_use]
pub fn reports(site: &Site<'_>, view: &ReportsPage<'_>) -> String {
    let found = view.problem.map_or_else(|| heading(view), |problem| problem.title.to_owned());
    let to = |target| site.addresses.to(target);
    let head = Head {
        title: found.clone(),
        json: Some(to(To::ReportsJson(view.conditions))),
        csv: Some(to(To::ReportsCsv(view.conditions))),
        feeds: match view.problem {
            Some(_) => Vec::new(),
            None => feeds(site, &of_paragraphs(view.conditions)),
        },
    };
    let main = html! {
        h1 { "Reports" }
        (narrowing(site, view))
        section aria-labelledby="results" {
            @match view.problem {
                Some(problem) => (told(site, problem, None, false)),
                None => (title(site, view, &found)),
            }
            (removals(&each(site, view.conditions), |without| {
                let other = site.addresses.to(To::ReportsPage(&without, 1));
                format!("{other}#results")
            }))
            @if !view.notes.is_empty() {
                ul.understood { @for note in view.notes { li { (words::told(&note.text)) } } }
            }
            @if view.page > view.pages && view.problem.is_none() {
                @let last = site.addresses.to(To::ReportsPage(view.conditions, view.pages));
                (beyond(view.page, view.pages, &format!("{last}#results")))
            } @else if view.total > 0 {
                (table(site, view.reports))
            } @else if view.problem.is_none() {
                p { "No report passes these filters. " a href=(to(To::Reports(&Conditions::default()))) { "All reports" } }
            }
            (leaves(site, view))
        }
    };
    let skips = [
        Skip { to: "results", label: "Skip to the reports" },
        Skip { to: "filters", label: "Skip to the filters" },
    ];
    page(site, Part::Reports, &head, &skips, &main)
}

/// The question that finds the paragraphs of the reports that pass conditions.
fn of_paragraphs(conditions: &Conditions) -> Question {
    Question { conditions: conditions.clone(), ..Question::default() }
}

fn title(site: &Site<'_>, view: &ReportsPage<'_>, found: &str) -> Markup {
    let to = |target| site.addresses.to(target);
    html! {
        div.found {
            h2 id="results" tabindex="-1" { (found) }
            @if view.total > 0 {
                p.soft { "by authority, then by date" }
                ul.tools {
                    li { a href=(to(To::ReportsCsv(view.conditions))) { "CSV" } }
                    li { a href=(to(To::ReportsJson(view.conditions))) { "JSON" } }
                    li { (feed(site, &of_paragraphs(view.conditions))) }
                }
            }
        }
    }
}

fn heading(view: &ReportsPage<'_>) -> String {
    let mut said = words::count(view.total, "report");
    if view.pages > 1 && view.page <= view.pages {
        said.push_str(&format!(" – page {} of {}", view.page, view.pages));
    }
    said
}

fn table(site: &Site<'_>, reports: &[ReportRecord]) -> Markup {
    let dash = || words::NOTHING.to_owned();
    html! {
        table.reports {
            thead { tr {
                th scope="col" { "Report" }
                th scope="col" { "Framework" }
                th scope="col" { "Inspected" }
                th scope="col" { "Published" }
                th scope="col" { "Overall" }
                th.number scope="col" { "Pages" }
                th.number scope="col" { "Paragraphs" }
            } }
            tbody {
                @for report in reports {
                    @let inspected = report.inspection_start.map(|first| words::days(first, report.inspection_end));
                    tr {
                        th scope="row" {
                            a href=(site.addresses.to(To::Report { id: &report.id, marks: None })) { (name(report)) }
                        }
                        td { (framework(site, report)) }
                        td { (inspected.unwrap_or_else(dash)) }
                        td data-label="Published" { (report.published.map_or_else(dash, words::day)) }
                        td {
                            @match &report.overall {
                                Some(overall) => (grade(&clean::line(&overall.label), overall.rank)),
                                None => span.soft { "Not judged overall" },
                            }
                        }
                        td.number data-label="Pages" { (report.pages.map_or_else(dash, |pages| words::number(pages as usize))) }
                        td.number data-label="Paragraphs" { (words::number(report.paragraphs as usize)) }
                    }
                }
            }
        }
    }
}

/// Names a report among those on its authority.
fn name(report: &ReportRecord) -> String {
    let name = report.name().or(report.title.as_deref()).unwrap_or(&report.id);
    let month = report.date().map(|day| format!(", {}", words::month(day)));
    clean::line(&format!("{name}{}", month.unwrap_or_default()))
}

fn framework(site: &Site<'_>, report: &ReportRecord) -> String {
    let mut parts = vec![words::framework(site.names, &report.framework).to_owned()];
    parts.extend(report.visit.map(|visit| words::visit(visit).to_owned()));
    parts.extend(report.inspection_theme.clone());
    clean::line(&parts.join(", "))
}

/// Writes the form.
fn narrowing(site: &Site<'_>, view: &ReportsPage<'_>) -> Markup {
    let conditions = view.conditions;
    let action = fields::action(site, To::Reports(&Conditions::default()));
    html! {
        search {
            form.narrow id=(FORM) method="get" action={ (action) "#results" } {
                details.fold open data-fold="" {
                    summary { h2 { "Filters" } }
                    fieldset id="filters" tabindex="-1" {
                        legend.unseen { "Filters" }
                        @for (attribute, values) in view.values {
                            (form::choice(site, conditions, *attribute, values))
                        }
                        (form::span(conditions))
                        button type="submit" { "Apply filters" }
                    }
                }
                (hidden(site, conditions))
            }
        }
    }
}

/// Writes the fields of the form that are not shown, so that they stay as they are.
fn hidden(site: &Site<'_>, conditions: &Conditions) -> Markup {
    let is_shown = |name: &str| {
        matches!(name, "from" | "to") || NARROWED.iter().any(|field| field.name() == name)
    };
    fields::hidden(site, &fields::condition_fields(conditions), is_shown)
}

fn leaves(site: &Site<'_>, view: &ReportsPage<'_>) -> Markup {
    if view.page > view.pages {
        return Markup::default();
    }
    let to =
        |page| format!("{}#results", site.addresses.to(To::ReportsPage(view.conditions, page)));
    let before = (view.page > 1).then(|| to(view.page - 1));
    let after = (view.page < view.pages).then(|| to(view.page + 1));
    let here = html! { "Page " (view.page) " of " (view.pages) };
    paging("Pages of reports", before, &here, after)
}

#[cfg(test)]
mod tests {
    use super::{NARROWED, ReportsPage, reports};
    use crate::ask::Conditions;
    use crate::render::html::page::fake::{Fake, Read, corpus, site};
    use crate::render::samples;
    use findings_index::records::{Attribute, ReportRecord};

    fn shown(conditions: &Conditions, pages: usize, listed: &[ReportRecord]) -> Read {
        let values = NARROWED.map(|attribute| {
            let held = match attribute {
                Attribute::Framework => vec!["ilacs".to_owned(), "sif".to_owned()],
                Attribute::Authority => vec!["Wealdshire".to_owned()],
                _ => Vec::new(),
            };
            (attribute, held)
        });
        let view = ReportsPage {
            conditions,
            page: 1,
            pages,
            total: listed.len(),
            reports: listed,
            values: &values,
            notes: &[],
            problem: None,
        };
        let page = Read::new(&reports(&site(&Fake::default(), &corpus()), &view));
        page.is_sound();
        page
    }

    #[test]
    fn a_report_is_a_row_that_leads_to_it() {
        let mut other = samples::report();
        other.authority = Some("<script>".to_owned());
        (other.overall, other.pages) = (None, None);
        let page = shown(&Conditions::default(), 1, &[samples::report(), other]);
        assert_eq!(page.texts("#results"), ["2 reports"]);
        assert_eq!(page.values("tbody th a", "href")[0], "/reports/wealdshire-sif-2015-10-19");
        let rows = page.texts("tbody tr");
        assert!(rows[0].starts_with("Wealdshire, October 2015"), "{rows:?}");
        for said in ["19 October – 12 November 2015", "8 January 2016", "●○○○ Inadequate", "41"]
        {
            assert!(rows[0].contains(said), "{said}: {rows:?}");
        }
        assert!(rows[1].starts_with("<script>, October 2015"), "it is text");
        assert!(rows[1].contains("Not judged overall"));
    }

    #[test]
    fn chosen_conditions_can_be_removed_and_stay_in_the_form() {
        let mut conditions = Conditions { latest: true, ..Conditions::default() };
        conditions.values.insert(Attribute::Framework, vec!["sif".to_owned()]);
        conditions.values.insert(Attribute::Theme, vec!["leadership".to_owned()]);
        conditions.not.insert(Attribute::Year, vec!["2014".to_owned()]);
        let page = shown(&conditions, 3, &[samples::report()]);
        assert_eq!(page.texts("#results"), ["1 report – page 1 of 3"]);
        assert_eq!(page.texts(".paging a"), ["Next page"]);
        let removals = page.texts(".chosen a").join(" | ");
        assert!(removals.contains("Remove: framework Single inspection (SIF)"), "{removals}");
        assert!(removals.contains("Remove: theme leadership"), "{removals}");
        assert!(removals.ends_with("Remove all filters"), "{removals}");
        assert_eq!(page.values("option[selected]", "value"), ["sif"]);
        assert_eq!(page.values("input[type=hidden]", "name"), ["theme", "not_year", "latest"]);
    }

    #[test]
    fn several_values_of_one_attribute_are_kept_by_the_form() {
        let mut conditions = Conditions::default();
        let both = vec!["sif".to_owned(), "ilacs".to_owned()];
        conditions.values.insert(Attribute::Framework, both);
        let page = shown(&conditions, 1, &[]);
        assert_eq!(page.values("input[name=framework]", "value"), ["sif", "ilacs"]);
        assert!(page.texts("section").concat().contains("No report passes these filters."));
    }
}
