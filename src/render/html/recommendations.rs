//! Writes recommendations as a page.

use super::Sheet;
use crate::answer::recommendations::{Groups, Recommendation, Recommendations};
use crate::render::recommendations as worded;
use crate::render::{clean, words};
use maud::{DOCTYPE, Markup, html};
use std::io;

/// Writes the page.
///
/// # Errors
/// Those of `out`.
pub fn recommendations(
    answer: &Recommendations,
    sheet: Sheet<'_>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    out.write_all(page(answer, sheet).into_string().as_bytes())
}

fn page(answer: &Recommendations, sheet: Sheet<'_>) -> Markup {
    let from = &answer.provenance;
    let title = match answer.looked_for.query.as_str() {
        "*" => "Recommendations".to_owned(),
        query => format!("Recommendations: {}", clean::line(query)),
    };
    html! {
        (DOCTYPE)
        html lang="en-GB" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                (sheet.head())
                title { (title) }
            }
            body {
                header {
                    h1 { (title) }
                    p.when {
                        "Counted on " (words::day(from.asked.to_zoned(jiff::tz::TimeZone::UTC).date()))
                        " in " (words::count(from.corpus.reports, "report")) " held."
                    }
                }
                main {
                    p.sentence { (worded::head(answer).join(", ")) "." }
                    @if answer.total > 0 {
                        p { (worded::known(answer)) " " (worded::repeated(answer)) }
                        @for groups in &answer.groups { (counts(answer, groups)) }
                        (list(answer))
                        h2 id="cautions" { "What to know" }
                        ul { @for note in &answer.notes { li { (note) } } }
                    }
                    @if !answer.sources.is_empty() {
                        h2 id="sources" { "Sources" }
                        @for said in words::attributions(&answer.names, &answer.sources) { p { (said) } }
                    }
                    h2 id="repeat" { "How to repeat this" }
                    dl.repeat {
                        dt { "Command" } dd { code { (clean::line(&from.command)) } }
                        dt { "Query as understood" } dd { code { (clean::line(&answer.looked_for.query)) } }
                        dt { "Corpus" }
                        dd {
                            (words::count(from.corpus.reports, "report")) ", "
                            (words::count(from.corpus.paragraphs, "paragraph")) ", fingerprint "
                            code { (from.corpus.fingerprint) }
                        }
                    }
                }
            }
        }
    }
}

fn counts(answer: &Recommendations, groups: &Groups) -> Markup {
    let (shown, more) = worded::shown(answer, groups);
    let heading = words::heading(groups.by);
    html! {
        h2 id=(format!("by-{}", groups.by.name())) { "By " (words::noun(groups.by)) }
        div.wide role="region" aria-label=(format!("Table by {}", words::noun(groups.by))) tabindex="0" {
            table.cards {
                thead { tr {
                    th scope="col" { (heading) } th scope="col" { "Recommendations" }
                    th scope="col" { "Reports" } th scope="col" { "Authorities" }
                    th scope="col" { "Repeated" }
                } }
                tbody { @for group in shown { tr {
                    th scope="row" { (clean::line(&worded::value(&answer.names, groups.by, group))) }
                    td data-label="Recommendations" { (words::number(group.recommendations)) }
                    td data-label="Reports" { (words::number(group.reports)) }
                    td data-label="Authorities" { (words::number(group.authorities)) }
                    td data-label="Repeated" { (words::number(group.repeated)) }
                } } }
            }
        }
        @if more > 0 { p.soft { (more) " more are left out here." } }
    }
}

fn list(answer: &Recommendations) -> Markup {
    html! {
        @if !answer.recommendations.is_empty() {
            h2 id="list" { "Recommendations, " (worded::order(answer)) }
            @for own in &answer.recommendations { (quote(own)) }
        }
        @if !answer.repeated.listed.is_empty() {
            h2 id="repeated" { "Repeated, " (worded::order(answer)) }
            @for chain in &answer.repeated.listed {
                h3 id=(format!("chain-{}", chain.number)) {
                    (clean::line(chain.authority.as_deref().unwrap_or(words::NOTHING))) ": "
                    (clean::line(&worded::chain(chain).join(", ")))
                }
                p.soft { (worded::likeness(chain)) }
                @for own in &chain.recommendations { (quote(own)) }
            }
        }
    }
}

fn quote(own: &Recommendation) -> Markup {
    let whom = own.addressee.as_ref().map(|body| format!("for {body}"));
    let said: Vec<String> = whom.into_iter().chain(own.timescale.clone()).collect();
    html! {
        blockquote {
            p { (clean::line(&worded::text(own))) }
            footer {
                @for said in &said { (clean::line(said)) " · " }
                cite { (clean::line(&own.citation)) } " · " code { (clean::line(&own.id)) }
            }
        }
    }
}
