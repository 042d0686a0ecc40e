//! The page of what is held: by framework and authority, what failed, what looks suspicious, and the
//! authorities of which nothing is held.

use super::{FileFormat, Head, Part, Site, Skip, To, page};
use crate::answer::coverage::{
    AuthorityRow, Coverage, Failure, FrameworkCount, Missing, Remedy, Suspicion,
};
use crate::ask::Conditions;
use crate::render::{clean, words};
use findings_index::records::ledger::Outcome;
use findings_index::records::{Attribute, Correction};
use findings_index::request::Filters;
use maud::{Markup, html};

/// Writes the page. The paths are those that readers may see.
#[must_use]
pub fn coverage(site: &Site<'_>, coverage: &Coverage) -> String {
    let file = |format| site.addresses.to(To::CoverageFile(format));
    let head = Head {
        title: "What is held, and what is not".to_owned(),
        json: Some(file(FileFormat::Json)),
        csv: Some(file(FileFormat::Csv)),
        ..Head::default()
    };
    let missing = coverage.missing.as_deref().unwrap_or_default();
    let reports = coverage.suspicious.chunk_by(|one, other| one.report == other.report).count();
    let parts = [
        ("held", "Held, by authority", coverage.authorities.len()),
        ("missing", "Authorities of which no report is held", missing.len()),
        ("failed", "Files that are not searched", coverage.failed.len()),
        ("suspicious", "Reports that may have been misread", reports),
        ("corrected", "Reports that were corrected", coverage.corrected.len()),
    ];
    let main = html! {
        h1 { "What is held, and what is not" }
        p.prose {
            "A search finds only what is held and was read. Before you conclude that nobody mentions "
            "something, look here."
        }
        ul.contents {
            @for (id, label, count) in parts {
                li { a href={ "#" (id) } { (label) } " (" (words::number(count)) ")" }
            }
        }
        ul.tools {
            li { "All of this as " a href=(file(FileFormat::Csv)) { "CSV" } }
            li { a href=(file(FileFormat::Json)) { "JSON" } }
        }
        (frameworks(site, coverage))
        (held(site, coverage))
        (absent(missing))
        (failed(coverage))
        (suspicious(site, &coverage.suspicious))
        (corrected(site, coverage))
    };
    page(site, Part::Coverage, &head, &[Skip::MAIN], &main)
}

/// The reports of one framework, of one authority if it is given.
fn conditions(framework: &FrameworkCount, authority: Option<&AuthorityRow>) -> Conditions {
    let (code, visit) = framework.parts();
    let visit = visit.map_or(Filters::ABSENT, |visit| visit.name());
    let mut conditions = Conditions::default();
    conditions.values.insert(Attribute::Framework, vec![code.to_owned()]);
    conditions.values.insert(Attribute::Visit, vec![visit.to_owned()]);
    if let Some(row) = authority {
        let name = row.authority.clone().unwrap_or_else(|| Filters::ABSENT.to_owned());
        conditions.values.insert(Attribute::Authority, vec![name]);
    }
    conditions
}

/// Names a framework in full, with the visits that are counted separately.
fn named(site: &Site<'_>, framework: &FrameworkCount) -> String {
    let (code, visit) = framework.parts();
    let name = words::framework(site.names, code);
    clean::line(&match visit {
        None => name.to_owned(),
        Some(visit) => format!("{name}, {}s", words::visit(visit)),
    })
}

fn frameworks(site: &Site<'_>, coverage: &Coverage) -> Markup {
    html! {
        @if !coverage.frameworks.is_empty() {
            div.wide.apart { table {
                caption { "Held, by framework" }
                thead { tr {
                    th scope="col" { "Framework" }
                    th.number scope="col" { "Reports" }
                    th.number scope="col" { "Paragraphs of a report, median" }
                } }
                tbody {
                    @for framework in &coverage.frameworks {
                        @let address = site.addresses.to(To::Reports(&conditions(framework, None)));
                        tr {
                            th scope="row" { (named(site, framework)) }
                            td.number { a href=(address) aria-label={
                                (words::count(framework.reports, "report")) ": " (named(site, framework))
                            } { (words::number(framework.reports)) } }
                            td.number { (words::number(framework.median_paragraphs as usize)) }
                        }
                    }
                }
            } }
        }
    }
}

/// Writes the grid of authorities and frameworks. On a narrow screen each row becomes a paragraph,
/// in which every cell says its framework.
fn held(site: &Site<'_>, coverage: &Coverage) -> Markup {
    let short = |framework: &FrameworkCount| {
        let (code, visit) = framework.parts();
        let name = words::abbreviation(site.names, code);
        clean::line(&match visit {
            None => name,
            Some(visit) => format!("{name}, {}", words::visit(visit)),
        })
    };
    html! {
        h2 id="held" tabindex="-1" { "Held, by authority" }
        @if coverage.reports == 0 { p { "No report is held." } } @else {
            p.soft { "The years of the inspections. Each leads to the reports." }
            table.grid aria-labelledby="held" {
                thead { tr {
                    th scope="col" { "Authority" }
                    @for framework in &coverage.frameworks {
                        th scope="col" { (short(framework)) }
                    }
                } }
                tbody {
                    @for row in &coverage.authorities {
                        tr {
                            th scope="row" {
                                @match &row.authority {
                                    Some(name) => { a href=(site.addresses.to(To::Authority(name))) { (authority(row)) } }
                                    None => (authority(row)),
                                }
                            }
                            @for framework in &coverage.frameworks {
                                (cell(site, row, framework, &short(framework)))
                            }
                        }
                    }
                }
            }
        }
    }
}

fn authority(row: &AuthorityRow) -> String {
    clean::line(row.authority.as_deref().unwrap_or("Authority not known"))
}

fn cell(site: &Site<'_>, row: &AuthorityRow, framework: &FrameworkCount, short: &str) -> Markup {
    let Some(years) = row.held.get(&framework.framework) else {
        return html! { td.none {} };
    };
    let year = |year: &Option<i16>| year.map_or_else(|| "undated".to_owned(), |y| y.to_string());
    let years = years.iter().map(year).collect::<Vec<_>>().join(", ");
    let address = site.addresses.to(To::Reports(&conditions(framework, Some(row))));
    html! {
        td {
            span.column { (short) " " }
            a href=(address) aria-label={ (authority(row)) ", " (short) ": " (years) } { (years) }
        }
    }
}

fn absent(missing: &[Missing]) -> Markup {
    let mut regions: Vec<&str> = missing.iter().map(|one| one.region.as_str()).collect();
    regions.sort_unstable();
    regions.dedup();
    let named = |one: &Missing| {
        clean::line(&match (one.from, one.until) {
            (_, Some(until)) => format!("{} (until {})", one.authority, words::day(until)),
            (Some(from), None) => format!("{} (since {})", one.authority, words::day(from)),
            (None, None) => one.authority.clone(),
        })
    };
    html! {
        h2 id="missing" tabindex="-1" { "Authorities of which no report is held" }
        @if missing.is_empty() {
            p { "None: at least one report is held of every authority in the tables." }
        } @else {
            p.prose.soft {
                "Authorities of the same tables that existed in the years of the reports. What is not "
                "held can't be found: their silence says nothing."
            }
            dl.regions {
                @for region in regions {
                    @let of_this = missing.iter().filter(|one| one.region == region);
                    dt { (clean::line(region)) }
                    dd { (of_this.map(named).collect::<Vec<_>>().join("; ")) }
                }
            }
        }
    }
}

fn failed(coverage: &Coverage) -> Markup {
    let kinds = [(Outcome::Unreadable, "Could not be read"), (Outcome::NotAReport, "Not a report")];
    let of = |outcome| {
        let all = coverage.failed.iter();
        all.filter(move |failure: &&Failure| failure.outcome == outcome).collect::<Vec<_>>()
    };
    html! {
        h2 id="failed" tabindex="-1" { "Files that are not searched" }
        @if coverage.failed.is_empty() {
            p { "None: every file was read." }
        }
        @for (outcome, title) in kinds {
            @let files = of(outcome);
            @if !files.is_empty() {
                h3 { (title) ": " (words::count(files.len(), "file")) }
                ul.files {
                    @for failure in files {
                        li {
                            code { (clean::line(&failure.path)) }
                            " " span.soft {
                                (clean::line(failure.reason.as_deref().unwrap_or("no reason is known")))
                            }
                        }
                    }
                }
            }
        }
    }
}

fn suspicious(site: &Site<'_>, all: &[Suspicion]) -> Markup {
    html! {
        h2 id="suspicious" tabindex="-1" { "Reports that may have been misread" }
        @if all.is_empty() {
            p { "None: nothing looks suspicious." }
        } @else {
            p.prose.soft {
                "They are searched all the same. Compare them with the original before you rely on "
                "them. Whoever looks after the index can put right whom a report is about, its "
                "framework, dates, overall judgement and the grades of its sections, with lines in "
                code { "corrections.toml" } "."
            }
            ul.files {
                @for of_one in all.chunk_by(|one, other| one.report == other.report) {
                    @if let Some(first) = of_one.first() {
                        li {
                            h3 { a href=(site.addresses.to(To::Report { id: &first.report, marks: None })) {
                                (clean::line(&first.report))
                            } }
                            ul {
                                @for doubt in of_one { li { (reason(site, doubt)) } }
                            }
                            details.more {
                                summary { "Lines for corrections.toml" }
                                pre data-copy="The lines are copied." { code { (lines(of_one)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn reason(site: &Site<'_>, doubt: &Suspicion) -> Markup {
    html! {
        @if let Some(number) = doubt.page {
            a href=(site.addresses.to(To::Original { report: &doubt.report, page: Some(number) })) {
                "Page " (number)
            }
            ": "
        }
        (clean::line(&doubt.reason))
    }
}

/// Writes lines for the file of corrections: those that the doubts call for are ready to be filled
/// in; where they call for none, all that can be corrected is there as comments.
fn lines(doubts: &[Suspicion]) -> String {
    let path = doubts.first().map(|first| clean::line(&first.path)).unwrap_or_default();
    let mut remedies: Vec<Remedy> = doubts.iter().filter_map(Suspicion::remedy).collect();
    remedies.sort_unstable();
    remedies.dedup();
    let every = [
        Remedy::Authority,
        Remedy::Framework,
        Remedy::Inspection,
        Remedy::Published,
        Remedy::Overall,
        Remedy::SectionGrade,
    ];
    let (mark, remedies) =
        if remedies.is_empty() { ("# ", every.to_vec()) } else { ("", remedies) };
    let mut lines = vec![
        "[[report]]".to_owned(),
        format!("file = {}", quoted(&path)),
        "why = \"say why, and where it is printed\"".to_owned(),
    ];
    for remedy in remedies {
        let fields: &[&str] = match remedy {
            Remedy::Authority => &["authority = \"…\""],
            Remedy::Framework => &["framework = \"…\""],
            Remedy::Inspection => &["inspection_start = 2024-12-31", "inspection_end = 2024-12-31"],
            Remedy::Published => &["published = 2024-12-31"],
            Remedy::Overall => &["overall = \"…\""],
            Remedy::SectionGrade => &["[[report.section]]", "heading = \"…\"", "grade = \"…\""],
        };
        lines.extend(fields.iter().map(|field| format!("{mark}{field}")));
    }
    lines.join("\n")
}

/// Writes a string of TOML: as it stands where nothing in it needs to be escaped.
fn quoted(text: &str) -> String {
    if text.contains('\'') {
        let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
        return format!("\"{escaped}\"");
    }
    format!("'{text}'")
}

fn corrected(site: &Site<'_>, coverage: &Coverage) -> Markup {
    let said = |correction: &Correction| {
        let before = match &correction.from {
            Some(from) => format!("read as {from}"),
            None => "nothing was read".to_owned(),
        };
        clean::line(&format!(
            "{}: {} ({before}). {}",
            correction.field, correction.to, correction.why
        ))
    };
    html! {
        h2 id="corrected" tabindex="-1" { "Reports that were corrected" }
        @if coverage.corrected.is_empty() { p { "None." } } @else {
            ul.files {
                @for report in &coverage.corrected {
                    li {
                        h3 { a href=(site.addresses.to(To::Report { id: &report.report, marks: None })) {
                            (clean::line(&report.report))
                        } }
                        ul { @for correction in &report.corrections { li { (said(correction)) } } }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{lines, quoted};
    use crate::answer::coverage::Suspicion;

    fn doubt(code: &str) -> Suspicion {
        Suspicion {
            report: "northolme-2019".to_owned(),
            path: "northolme/letter.pdf".to_owned(),
            authority: None,
            framework: "ilacs".to_owned(),
            code: code.to_owned(),
            page: None,
            reason: String::new(),
            look: String::new(),
        }
    }

    #[test]
    fn lines_for_corrections_hold_what_the_doubts_call_for() {
        let called = lines(&[doubt("inspection_undated"), doubt("authority_unknown")]);
        insta::assert_snapshot!(called, @r#"
        [[report]]
        file = 'northolme/letter.pdf'
        why = "say why, and where it is printed"
        authority = "…"
        inspection_start = 2024-12-31
        inspection_end = 2024-12-31
        "#);
        assert!(lines(&[doubt("number_gap")]).contains("\n# overall = \"…\"\n"));
    }

    #[test]
    fn lines_for_corrections_are_toml() {
        for code in ["number_gap", "section_ungraded", "no_judgement"] {
            let text = lines(&[Suspicion { path: "o'neill/\"a\".pdf".to_owned(), ..doubt(code) }]);
            let read: toml::Table = text.parse().unwrap();
            assert_eq!(read["report"][0]["file"].as_str(), Some("o'neill/\"a\".pdf"));
        }
        assert_eq!(quoted("a\\b.pdf"), "'a\\b.pdf'");
    }
}
