//! Writes what is new as a page.

use super::Sheet;
use super::comparison::quote;
use crate::answer::digest::{Digest, Matched, NewReport};
use crate::render::digest as worded;
use crate::render::excerpt::SENSIBLE;
use crate::render::{clean, words};
use findings_index::records::ReportHead;
use maud::{DOCTYPE, Markup, html};
use std::io;

/// Writes the page: one file, which needs nothing else.
///
/// # Errors
/// Those of `out`.
pub fn digest(digest: &Digest, out: &mut dyn io::Write) -> io::Result<()> {
    out.write_all(page(digest).into_string().as_bytes())
}

fn page(digest: &Digest) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en-GB" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                (Sheet::Embedded.head())
                title { "What is new" }
            }
            body {
                header {
                    h1 { "What is new" }
                    p.when { (worded::span(digest)) }
                }
                main {
                    p.sentence { (worded::head(digest).join(", ")) "." }
                    @if let Some(went) = worded::went(digest) { p { (went) } }
                    (reports(digest))
                    (changed(digest))
                    (searches(digest))
                    (annex(digest))
                }
            }
        }
    }
}

fn title(digest: &Digest, report: &ReportHead) -> Markup {
    html! {
        strong { (clean::line(worded::name(report))) }
        @for item in worded::inspection(&digest.names, report) { ", " (clean::line(&item)) }
        @if let Some(overall) = &report.overall { ", overall: " (clean::line(&overall.label)) }
        " · " code { (clean::line(&report.id)) }
    }
}

fn reports(digest: &Digest) -> Markup {
    let (full, others) = worded::parted(digest);
    html! {
        @if !full.is_empty() {
            h2 id="full" { "New reports of full inspections" }
            @for own in full { (report(digest, own)) }
        }
        @if !others.is_empty() {
            h2 id="others" { "Other new reports" }
            ul { @for own in others { li { (title(digest, &own.report)) } } }
        }
    }
}

fn report(digest: &Digest, own: &NewReport) -> Markup {
    let name = clean::line(worded::name(&own.report));
    html! {
        h3 { (name) }
        p { (title(digest, &own.report)) }
        @if let Some(later) = worded::later(own) { p { (clean::line(&words::capital(&later))) "." } }
        p.soft { (clean::line(&words::capital(&worded::against(own)))) }
        @if own.judgements.is_empty() {
            p.soft { "No judgement was found in the report." }
        } @else {
            div.wide role="region" aria-label={ "Judgements: " (name) } tabindex="0" {
                table.cards {
                    thead { tr {
                        th scope="col" { "Judgement" } th.left scope="col" { "Before" }
                        th.left scope="col" { "Now" } th.left scope="col" { "Change" }
                    } }
                    tbody { @for judged in &own.judgements {
                        @let (mark, word) = worded::direction(own, judged);
                        tr {
                            th scope="row" {
                                (clean::line(&worded::area(judged)))
                                @if let Some(area) = worded::other_area(judged) {
                                    " " span.mark { "before: " (clean::line(area)) }
                                }
                            }
                            td.left data-label="Before" {
                                (judged.change.as_ref().map_or(words::NOTHING.to_owned(), |own| clean::line(&own.from)))
                            }
                            td.left data-label="Now" { (clean::line(&judged.label)) }
                            td.left data-label="Change" {
                                @if word.is_empty() { (words::NOTHING) } @else { (mark) " " (word) }
                            }
                        }
                    } }
                }
            }
        }
    }
}

fn changed(digest: &Digest) -> Markup {
    let left = digest.changed.len().saturating_sub(worded::CHANGED);
    html! {
        @if !digest.changed.is_empty() {
            h2 id="changed" { "Changed reports, which were held before" }
            ul { @for own in digest.changed.iter().take(worded::CHANGED) {
                li { (title(digest, &own.report)) ": " (worded::changed(own)) }
            } }
            @if left > 0 { p.soft { (words::number(left)) " more." } }
        }
    }
}

fn searches(digest: &Digest) -> Markup {
    let (with, without) = worded::matched(digest);
    let silent = digest.searches.iter().filter(|search| search.new == 0);
    let told: Vec<String> = silent
        .flat_map(|search| search.notes.iter().map(move |note| (search, note)))
        .map(|(search, note)| format!("{}: {}", search.name, note.text))
        .collect();
    html! {
        @if !digest.searches.is_empty() { h2 id="searches" { "Saved searches" } }
        @for search in with { (one(search)) }
        @if !without.is_empty() { p { "Nothing new: " (clean::line(&without.join(", "))) } }
        @if !told.is_empty() { ul { @for note in &told { li { (clean::line(note)) } } } }
    }
}

fn one(search: &Matched) -> Markup {
    html! {
        h3 { (clean::line(&search.name)) }
        p { (worded::found(search)) "." }
        @if let Some(note) = &search.note { p { (clean::line(note)) } }
        p.soft { (clean::line(&words::capital(&worded::understood(search)))) }
        @if !search.notes.is_empty() {
            ul { @for note in &search.notes { li { (clean::line(&note.text)) } } }
        }
        @for hit in &search.quotes { (quote(hit, SENSIBLE)) }
        @if let Some(more) = worded::more(search) {
            p.soft {
                (more) @if let Some(command) = worded::all(search) { ": " code { (clean::line(command)) } }
            }
        }
    }
}

fn annex(digest: &Digest) -> Markup {
    let from = &digest.provenance;
    html! {
        @if !digest.notes.is_empty() {
            h2 id="cautions" { "What to know" }
            ul { @for note in &digest.notes { li { (clean::line(note)) } } }
        }
        @if !digest.sources.is_empty() {
            h2 id="sources" { "Sources" }
            @for said in words::attributions(&digest.names, &digest.sources) { p { (said) } }
        }
        h2 id="repeat" { "How to repeat this" }
        dl.repeat {
            dt { "Command" } dd { code { (clean::line(&from.command)) } }
            dt { "Corpus" }
            dd {
                (words::count(from.corpus.reports, "report")) ", "
                (words::count(from.corpus.paragraphs, "paragraph")) ", fingerprint "
                code { (from.corpus.fingerprint) }
            }
        }
    }
}
