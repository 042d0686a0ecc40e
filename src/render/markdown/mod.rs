//! Writes Markdown: quotations with their citations, and comparisons, ready to paste into a paper.

mod comparison;

pub use comparison::comparison;

mod digest;

pub use digest::digest;

mod grades;

pub use grades::grades;

mod recommendations;

pub use recommendations::recommendations;

use super::excerpt::{Fragment, SENSIBLE, excerpt};
use super::passage::{Because, Passage};
use super::terminal::View;
use super::{Made, clean, words};
use crate::ask::Answer;
use crate::ask::basket::Filled;
use crate::knowledge::names::Names;
use findings_index::records::{ParagraphRecord, ReportRecord};
use findings_index::request::Similar;
use findings_index::request::{Expansion, FacetCount, FacetCounts, Hit, SearchResponse};
use std::io;

/// Writes hits as quotations, with the matches in bold, and facets as tables.
///
/// # Errors
/// Those of `out`.
pub fn search(
    answer: &Answer<SearchResponse>,
    view: &View,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let response = &answer.response;
    writeln!(
        out,
        "{} in {} for {}",
        words::count(response.total, "paragraph"),
        words::count(response.reports, "report"),
        code(&response.query)
    )?;
    notes(answer, out)?;
    for facet in &response.facets {
        writeln!(out)?;
        counts(facet, out)?;
    }
    for hit in &response.hits {
        if response.closest_from == Some(hit.rank) {
            writeln!(out, "\n## Close to it, but without some of the words (not counted above)")?;
        }
        writeln!(out)?;
        quotation(hit, view, out)?;
    }
    for group in response.groups.iter().flatten() {
        let name = group.hits.first().map_or(group.key.as_str(), |hit| {
            hit.head.name().filter(|_| group.key == hit.head.id).unwrap_or(&group.key)
        });
        let total = words::count(group.total, "paragraph");
        writeln!(out, "\n## {}: {total}", escape(name))?;
        for hit in &group.hits {
            writeln!(out)?;
            quotation(hit, view, out)?;
        }
    }
    Ok(())
}

/// Writes as a last paragraph what a file of results says of itself.
///
/// # Errors
/// Those of `out`.
pub fn made(made: &Made, out: &mut dyn io::Write) -> io::Result<()> {
    let Made { query, generation, attribution } = made;
    writeln!(
        out,
        "\n---\n\nQuery: {}. Index: {}. {}",
        code(query),
        code(generation),
        escape(attribution)
    )
}

/// Writes the notes on the answer as a list.
fn notes(answer: &Answer<SearchResponse>, out: &mut dyn io::Write) -> io::Result<()> {
    let read_as = answer.read_as.iter().map(|reading| format!("read as {reading}"));
    let mut told: Vec<String> =
        read_as.chain(answer.notes.iter().map(|note| note.text.clone())).collect();
    for expansion in &answer.response.expansions {
        let Expansion { written, also, count, .. } = expansion;
        if *count > 0 {
            let found = words::count(*count, "paragraph");
            told.push(format!("also searched for {written}: {also} ({found})"));
        }
    }
    if !answer.passed_over.is_empty() {
        told.push(format!("skipped as too common: {}", answer.passed_over.join(", ")));
    }
    for relaxed in &answer.relaxed {
        let there = words::count(relaxed.total, "paragraph");
        let without = words::conditions(&relaxed.without);
        told.push(format!("without {without} there would be {there}"));
    }
    if !told.is_empty() {
        writeln!(out)?;
    }
    told.iter().try_for_each(|text| writeln!(out, "- {}", escape(text)))
}

/// Writes the paragraphs similar to a given one as quotations.
///
/// # Errors
/// Those of `out`.
pub fn similar(similar: &Similar, view: &View, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "Like {}", code(&similar.paragraph.id))?;
    for hit in &similar.hits {
        writeln!(out)?;
        quotation(hit, view, out)?;
    }
    Ok(())
}

/// Writes a paragraph and its surroundings as one quotation.
///
/// # Errors
/// Those of `out`.
pub fn passage(passage: &Passage, out: &mut dyn io::Write) -> io::Result<()> {
    let mut before = None;
    for neighbour in &passage.around {
        if let Some(before) = before {
            writeln!(out, ">")?;
            if before + 1 < neighbour.place {
                writeln!(out, "> […]\n>")?;
            }
        }
        before = Some(neighbour.place);
        let paragraph = &neighbour.paragraph;
        let text = escape(&paragraph.text);
        let bullet = if paragraph.parent.is_some() { "- " } else { "" };
        let number = paragraph.number.as_ref().map(|number| format!("{}\\. ", escape(number)));
        let number = number.unwrap_or_default();
        if neighbour.because == Because::Asked && passage.around.len() > 1 {
            writeln!(out, "> {bullet}**{number}{text}**")?;
        } else {
            writeln!(out, "> {bullet}{number}{text}")?;
        }
    }
    cite(&passage.paragraph, out)
}

/// Writes what is kept in a basket as quotations, each with its note above it. `link` says at which
/// address a paragraph is shown, where there is a server to ask.
///
/// # Errors
/// Those of `out`.
pub fn basket(
    filled: &Filled,
    link: Option<&dyn Fn(&str) -> String>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    for (place, collected) in filled.kept.iter().enumerate() {
        if place > 0 {
            writeln!(out)?;
        }
        if let Some(note) = &collected.note {
            writeln!(out, "{}\n", escape(note))?;
        }
        let Some(paragraph) = &collected.paragraph else {
            writeln!(out, "{} is no longer held", code(&collected.id))?;
            continue;
        };
        let number = paragraph.number.as_ref().map(|number| format!("{}\\. ", escape(number)));
        writeln!(out, "> {}{}", number.unwrap_or_default(), escape(&paragraph.text))?;
        match link {
            Some(link) => cite_at(paragraph, &link(&paragraph.id), out)?,
            None => cite(paragraph, out)?,
        }
    }
    Ok(())
}

/// Writes the outline of a report.
///
/// # Errors
/// Those of `out`.
pub fn outline(report: &ReportRecord, names: &Names, out: &mut dyn io::Write) -> io::Result<()> {
    let name = report.title.as_deref().or(report.name()).unwrap_or(&report.id);
    writeln!(out, "# {}\n", escape(name))?;
    let mut facts = vec![escape(words::framework(names, &report.framework))];
    facts.extend(report.visit.map(|visit| words::visit(visit).to_owned()));
    facts.extend(report.name().map(escape));
    facts.extend(report.inspection_theme.as_deref().map(escape));
    facts.extend(
        report
            .inspection_start
            .map(|start| format!("inspected {}", words::days(start, report.inspection_end))),
    );
    facts.extend(report.published.map(|date| format!("published {}", words::day(date))));
    facts.extend(
        report.lead_inspector.as_deref().map(|name| format!("lead inspector {}", escape(name))),
    );
    facts.push(words::count(report.paragraphs as usize, "paragraph"));
    facts.push(code(&report.id));
    writeln!(out, "{}", facts.join(" · "))?;
    if let Some(attribution) = names.terms(&report.framework).attribution {
        writeln!(out, "\n{}", escape(&attribution))?;
    }
    if !report.judgements.is_empty() {
        writeln!(out, "\n| Judgement | Grade |\n|---|---|")?;
        for judgement in &report.judgements {
            writeln!(out, "| {} | {} |", escape(&judgement.area), escape(&judgement.label))?;
        }
    }
    if !report.sections.is_empty() {
        writeln!(out)?;
    }
    for section in &report.sections {
        let indent = "  ".repeat(section.path.len().saturating_sub(1));
        let mut said = vec![words::count(section.paragraphs as usize, "paragraph")];
        said.extend(section.page.map(|page| words::pages(page, None)));
        said.extend(section.grade.as_ref().map(|grade| escape(&grade.label)));
        let heading = section.path.last().map_or(words::NOTHING, String::as_str);
        writeln!(out, "{indent}- {} ({})", escape(heading), said.join(", "))?;
    }
    if !report.warnings.is_empty() {
        writeln!(out, "\nWarnings:\n")?;
    }
    for warning in &report.warnings {
        let page = warning.page.map(|page| format!("page {page}: ")).unwrap_or_default();
        writeln!(out, "- {page}{}", escape(&warning.message))?;
    }
    Ok(())
}

/// Writes reports as a table.
///
/// # Errors
/// Those of `out`.
pub fn reports(reports: &[ReportRecord], names: &Names, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "| Authority | Framework | Inspected | Published | Overall | Paragraphs | Id |")?;
    writeln!(out, "|---|---|---|---|---|--:|---|")?;
    for report in reports {
        let inspected = report.inspection_start.map(|day| words::days(day, report.inspection_end));
        let dash = || words::NOTHING.to_owned();
        writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} | {} |",
            escape(report.name().unwrap_or(words::NOTHING)),
            escape(words::framework(names, &report.framework)),
            inspected.unwrap_or_else(dash),
            report.published.map_or_else(dash, words::day),
            escape(words::grade(report.overall.as_ref())),
            report.paragraphs,
            code(&report.id)
        )?;
    }
    Ok(())
}

fn counts(facet: &FacetCounts, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "| {} | Paragraphs |\n|---|--:|", words::heading(facet.facet))?;
    let value =
        |count: &FacetCount| count.value.as_deref().map_or_else(|| "(none)".to_owned(), escape);
    for count in &facet.counts {
        let mark = if count.chosen { words::CHOSEN } else { "" };
        writeln!(out, "| {}{mark} | {} |", value(count), words::number(count.count))?;
    }
    for (heading, counts) in words::other_values(facet) {
        writeln!(out, "\n| {heading} | Paragraphs |\n|---|--:|")?;
        for count in counts {
            writeln!(out, "| {} | {} |", value(count), words::number(count.count))?;
        }
    }
    Ok(())
}

fn quotation(hit: &Hit, view: &View, out: &mut dyn io::Write) -> io::Result<()> {
    let limit = (!view.full).then_some(SENSIBLE);
    let fragments = excerpt(&hit.paragraph.text, &hit.spans, limit);
    let mut text = String::new();
    for fragment in &fragments {
        match fragment {
            Fragment::Text(said) => text.push_str(&inline(said)),
            Fragment::Match(said) => text.push_str(&format!("**{}**", inline(said))),
            Fragment::Gap if text.is_empty() => text.push_str("[…] "),
            Fragment::Gap => text.push_str(" […] "),
        }
    }
    writeln!(out, "> {}", at_line_start(text.trim()))?;
    cite(&hit.paragraph, out)
}

fn cite(paragraph: &ParagraphRecord, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, ">\n> — {} {}", inline(&paragraph.citation), code(&paragraph.id))
}

/// Cites a paragraph with a link to it.
fn cite_at(paragraph: &ParagraphRecord, link: &str, out: &mut dyn io::Write) -> io::Result<()> {
    let id = code(&paragraph.id);
    writeln!(out, ">\n> — {} [{id}](<{link}>)", inline(&paragraph.citation))
}

/// Escapes text so that it means nothing to Markdown at the beginning of a line.
fn escape(text: &str) -> String {
    at_line_start(&inline(text))
}

/// Escapes text so that it means nothing to Markdown within a line.
fn inline(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in clean::line(text).chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '$') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// Keeps the first characters from turning the line into a heading, a list or a rule.
fn at_line_start(text: &str) -> String {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if text.starts_with(['#', '-', '+', '=']) {
        format!("\\{text}")
    } else if digits > 0 && text[digits..].starts_with(['.', ')']) {
        format!("{}\\{}", &text[..digits], &text[digits..])
    } else {
        text.to_owned()
    }
}

/// Writes text as code, in as many backticks as it needs.
fn code(text: &str) -> String {
    let clean = clean::line(text);
    let longest = clean.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    if longest == 0 { format!("`{clean}`") } else { format!("{fence} {clean} {fence}") }
}

#[cfg(test)]
mod tests {
    use super::{code, escape, outline, passage, reports, search};
    use crate::ask::Answer;
    use crate::render::terminal::View;
    use crate::render::{Passage, samples};
    use std::io;

    fn written(write: impl FnOnce(&mut dyn io::Write) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        assert!(write(&mut out).is_ok());
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn hits_are_quotations_with_citations() {
        let text = written(|out| search(&Answer::of(samples::response()), &View::default(), out));
        insta::assert_snapshot!(text, @r#"
        1,248 paragraphs in 33 reports for `"return interview"`

        | Section grade | Paragraphs |
        |---|--:|
        | Inadequate | 1,020 |
        | Good | 96 |
        | (none) | 132 |

        | Year | Paragraphs |
        |---|--:|
        | 2015 | 1,100 |
        | 2017 | 148 |

        | Authority | Paragraphs |
        |---|--:|
        | Wealdshire | 1,100 |
        | Port Ansel | 148 |

        > When children come home, a **return interview** is offered in fewer than half of the cases, and it is seldom held within three days. What they say is not brought together, so that leaders cannot tell where children are at risk.
        >
        > — Wealdshire, Single inspection, 19 October 2015, Children who go missing, paragraph 45, pages 11–12 `wealdshire-sif-2015-10-19/45`

        > offer the **return interview** to every child
        >
        > — Port Ansel, JTAI, 2017 `port-ansel-jtai-2017/p3-2`
        "#);
    }

    #[test]
    fn groups_have_headings() {
        let text = written(|out| search(&Answer::of(samples::grouped()), &View::default(), out));
        assert!(text.contains("\n## Wealdshire: 12 paragraphs\n"), "{text}");
    }

    #[test]
    fn text_means_nothing_to_markdown() {
        assert_eq!(
            escape("*a* _b_ [c](d) <e> | `f` \\"),
            r"\*a\* \_b\_ \[c\](d) \<e\> \| \`f\` \\"
        );
        assert_eq!(escape("# head"), r"\# head");
        assert_eq!(escape("12. item"), r"12\. item");
        assert_eq!(escape("- item"), r"\- item");
        assert_eq!(escape("2015 was"), "2015 was");
        assert_eq!(code("a`b"), "`` a`b ``");
        assert_eq!(code("a"), "`a`");
    }

    #[test]
    fn a_paragraph_is_quoted_with_its_number() {
        let shown = Passage::around(samples::report(), vec![samples::paragraph()], 0, 0);
        let text = written(|out| passage(shown.as_ref().ok_or(io::ErrorKind::NotFound)?, out));
        assert!(text.starts_with("> 45\\. When children come home"), "{text}");
        assert!(text.ends_with("`wealdshire-sif-2015-10-19/45`\n"), "{text}");
    }

    #[test]
    fn outlines_and_lists_are_whole() {
        insta::assert_snapshot!(written(|out| outline(&samples::report(), &samples::NAMES, out)), @"
        # Wealdshire County Council: inspection of services for children

        Single inspection (SIF) · Wealdshire · inspected 19 October – 12 November 2015 · published 8 January 2016 · lead inspector Ada Brook · 137 paragraphs · `wealdshire-sif-2015-10-19`

        Contains public sector information licensed under the Open Government Licence v3.0. © Crown copyright, Ofsted

        | Judgement | Grade |
        |---|---|
        | Children who need help and protection | Inadequate |
        | Leadership, management and governance | Requires improvement |
        | Local Safeguarding Children Board | Not judged |

        - Executive summary (4 paragraphs, page 2)
        - Children who need help and protection (12 paragraphs, page 9, Inadequate)
          - Children who go missing, and what is done when they come home again (7 paragraphs, page 11, Inadequate)

        Warnings:

        - page 12: paragraph 46 is missing
        ");
        insta::assert_snapshot!(written(|out| reports(&[samples::report()], &samples::NAMES, out)), @"
        | Authority | Framework | Inspected | Published | Overall | Paragraphs | Id |
        |---|---|---|---|---|--:|---|
        | Wealdshire | Single inspection (SIF) | 19 October – 12 November 2015 | 8 January 2016 | Inadequate | 137 | `wealdshire-sif-2015-10-19` |
        ");
    }
}
