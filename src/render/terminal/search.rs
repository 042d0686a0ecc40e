//! Writes hits, groups and facets.

use super::prose::Prose;
use super::table::{Line, Side, Table};
use super::{Ink, Look, explain, paint};
use crate::ask::Answer;
use crate::render::excerpt::{Fragment, SENSIBLE, excerpt};
use crate::render::wording::Next;
use crate::render::words;
use findings_index::records::{Attribute, Kind, ReportHead};
use findings_index::request::Similar;
use findings_index::request::{FacetCounts, Group, Hit, SearchResponse, Sort};
use std::io;

/// The most paragraphs that are named as saying nearly the same.
const ALIKE_NAMED: usize = 4;

/// The most values of a facet that are listed.
const LISTED: usize = 15;

/// The most characters of a heading that are shown in a facet.
const HEADING: usize = 60;

/// How the reader asked to see the matches.
#[derive(Debug, Clone, Default)]
pub struct View {
    /// Show paragraphs whole, however long.
    pub full: bool,
    /// The attribute by which hits are grouped.
    pub group: Option<Attribute>,
    /// How many hits or groups were skipped.
    pub offset: usize,
}

/// Writes the answer to a search.
///
/// # Errors
/// Those of `out`.
pub fn search(
    answer: &Answer<SearchResponse>,
    view: &View,
    look: &Look<'_>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let response = &answer.response;
    if let Some(reading) = &answer.read_as {
        let mut line = Prose::new();
        line.add(Ink::Strong, "read as ").add(Ink::Plain, reading);
        line.write(out, look, "", "  ")?;
    }
    if response.total == 0 {
        nothing(answer, look, out)?;
    } else {
        head(answer, view, look, out)?;
    }
    explain::widened(&response.expansions, response.total, &answer.passed_over, look, out)?;
    if !response.clauses.is_empty() {
        writeln!(out)?;
        explain::tree(&response.clauses, look, out)?;
        if let Some(vectors) = &answer.vectors {
            writeln!(out, "ordered by meaning with the vectors `{vectors}`")?;
        }
    }
    if response.total > 0 && !response.facets.is_empty() {
        writeln!(out)?;
        facets(&response.facets, look, out)?;
    }
    let (shown, all, noun) = if let Some(groups) = &response.groups {
        for group in groups {
            writeln!(out)?;
            write_group(group, view, look, out)?;
        }
        (groups.len(), response.total_groups.unwrap_or(groups.len()), grouped_by(view))
    } else {
        let indent = margin(&response.hits);
        for hit in &response.hits {
            writeln!(out)?;
            if response.closest_from == Some(hit.rank) {
                let mut line = Prose::new();
                line.add(Ink::Strong, "close to it, but without some of the words")
                    .add(Ink::Plain, " (not counted above):");
                line.write(out, look, "", "")?;
                writeln!(out)?;
            }
            write_hit(hit, None, indent, view, look, out)?;
        }
        (matching(response), response.total, "paragraph")
    };
    let next = view.offset.saturating_add(shown);
    let left = if response.groups.is_some() { all.saturating_sub(next) } else { response.left };
    if shown > 0 && left > 0 {
        writeln!(out)?;
        let how = look.wording.next(&Next::Results { offset: next });
        let more = format!("{} left: {how}", words::count(left, noun));
        paint(out, look, Ink::Faint, &more)?;
        writeln!(out)?;
    }
    Ok(())
}

/// Writes the paragraphs similar to a given one.
///
/// # Errors
/// Those of `out`.
pub fn similar(
    similar: &Similar,
    view: &View,
    look: &Look,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut line = Prose::new();
    line.add(Ink::Plain, "like ").add(Ink::Strong, &similar.paragraph.citation);
    line.write(out, look, "", "  ")?;
    let mut line = Prose::new();
    let words = similar.words.join(", ");
    line.add(
        Ink::Faint,
        &format!("matched on: {}", if words.is_empty() { "no word" } else { &words }),
    );
    line.write(out, look, "", "  ")?;
    if similar.hits.is_empty() {
        writeln!(out, "\nnothing found")?;
    }
    let indent = margin(&similar.hits);
    for hit in &similar.hits {
        writeln!(out)?;
        write_hit(hit, None, indent, view, look, out)?;
    }
    Ok(())
}

/// Counts the hits shown that contain everything that was asked for.
fn matching(response: &SearchResponse) -> usize {
    let close = response.hits.iter().filter(|hit| response.closest_from <= Some(hit.rank));
    match response.closest_from {
        Some(_) => response.hits.len() - close.count(),
        None => response.hits.len(),
    }
}

/// Returns the noun for a group.
fn grouped_by(view: &View) -> &'static str {
    words::noun(view.group.unwrap_or(Attribute::Report))
}

fn nothing(
    answer: &Answer<SearchResponse>,
    look: &Look<'_>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let response = &answer.response;
    let mut line = Prose::new();
    line.add(Ink::Strong, "nothing found").add(
        Ink::Plain,
        &format!(
            " in {} of {}",
            words::count(response.corpus.paragraphs, "paragraph"),
            words::count(response.corpus.reports, "report")
        ),
    );
    line.write(out, look, "", "")?;
    for relaxed in &answer.relaxed {
        let mut line = Prose::new();
        let without = look.wording.next(&Next::Without(&relaxed.without));
        line.add(Ink::Plain, "without ").add(Ink::Strong, &without).add(
            Ink::Plain,
            &format!(" there would be {}", words::count(relaxed.total, "paragraph")),
        );
        line.write(out, look, "  ", "  ")?;
    }
    Ok(())
}

/// Writes how much was found, and how much of it is shown.
fn head(
    answer: &Answer<SearchResponse>,
    view: &View,
    look: &Look,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let response = &answer.response;
    let mut line = Prose::new();
    line.add(Ink::Strong, &words::count(response.total, "paragraph"))
        .add(Ink::Plain, " in ")
        .add(Ink::Strong, &words::count(response.reports, "report"));
    let order = match response.sort {
        Sort::Relevance => "most relevant first",
        Sort::Date => "newest first",
        Sort::Authority => "by authority",
        Sort::Changed => "last to come or change first",
    };
    if let Some(sample) = answer.sample {
        let size = if response.groups.is_some() {
            format!("at most {} of each", words::number(sample.size))
        } else {
            words::number(sample.size.min(response.total))
        };
        line.item(Ink::Plain, &format!("{size} drawn at random, seed {}", sample.seed));
    }
    let shown = matching(response);
    let range = |shown: usize| {
        let first = view.offset.saturating_add(1);
        let last = view.offset.saturating_add(shown);
        if shown == 1 { words::number(first) } else { format!("{first}–{last}") }
    };
    if let Some(groups) = &response.groups {
        let all = response.total_groups.unwrap_or(groups.len());
        let noun = grouped_by(view);
        // The number of reports has been stated already.
        let is_said = view.group == Some(Attribute::Report);
        if groups.is_empty() && view.offset < all {
            if !is_said {
                line.item(Ink::Faint, &format!("in {}", words::count(all, noun)));
            }
        } else if groups.is_empty() && view.offset > 0 {
            line.item(Ink::Faint, &format!("none left after the first {}", view.offset));
        } else if groups.len() == all && is_said {
            line.item(Ink::Faint, order);
        } else if groups.len() == all {
            line.item(Ink::Faint, &format!("in {}, {order}", words::count(all, noun)));
        } else {
            let shown = range(groups.len());
            line.item(Ink::Faint, &format!("{shown} of {}, {order}", words::count(all, noun)));
        }
    } else if shown == response.total && shown > 0 {
        line.item(Ink::Faint, order);
    } else if shown > 0 {
        line.item(Ink::Faint, &format!("{} shown, {order}", range(shown)));
    } else if view.offset > 0 && view.offset >= response.total {
        line.item(Ink::Faint, &format!("none left after the first {}", view.offset));
    }
    line.write(out, look, "", "")
}

/// Returns the columns of the longest rank with its full stop and space.
fn margin(hits: &[Hit]) -> usize {
    hits.iter().map(|hit| hit.rank.to_string().len()).max().unwrap_or(1) + 2
}

fn write_group(group: &Group, view: &View, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let Some(first) = group.hits.first() else {
        let mut line = Prose::new();
        line.add(Ink::Strong, &group.key).item(Ink::Plain, &words::count(group.total, "paragraph"));
        return line.write(out, look, "", "  ");
    };
    let by = view.group.unwrap_or(Attribute::Report);
    let mut line = Prose::new();
    match by {
        Attribute::Report => {
            head_items(&first.head, look, &mut line);
            if let Some(overall) = &first.head.overall {
                line.graded("overall", overall);
            }
        }
        Attribute::Authority => {
            line.add(Ink::Strong, authority(&first.head));
        }
        Attribute::Framework => {
            line.add(Ink::Strong, words::framework(look.names, &group.key));
        }
        _ => {
            line.add(Ink::Strong, if group.key.is_empty() { words::ABSENT } else { &group.key });
        }
    }
    line.item(Ink::Strong, &words::count(group.total, "paragraph"));
    if group.hits.len() < group.total {
        line.add(Ink::Faint, &format!(", {} shown", group.hits.len()));
    }
    line.write(out, look, "", "  ")?;
    let indent = margin(&group.hits);
    for (place, hit) in group.hits.iter().enumerate() {
        if place > 0 {
            writeln!(out)?;
        }
        write_hit(hit, Some(by), indent, view, look, out)?;
    }
    Ok(())
}

fn authority(head: &ReportHead) -> &str {
    head.name().or(head.title.as_deref()).unwrap_or(&head.id)
}

/// Adds the authority, the framework and a date.
fn head_items(head: &ReportHead, look: &Look<'_>, line: &mut Prose) {
    line.item(Ink::Strong, authority(head));
    when(head, look, line);
}

/// Adds the framework and a date.
fn when(head: &ReportHead, look: &Look<'_>, line: &mut Prose) {
    line.item(Ink::Plain, words::framework(look.names, &head.framework));
    if let Some(theme) = &head.inspection_theme {
        line.item(Ink::Plain, theme);
    }
    if let Some(date) = head.inspection_start {
        line.item(Ink::Plain, &format!("inspected {}", words::month(date)));
    } else if let Some(date) = head.published {
        line.item(Ink::Plain, &format!("published {}", words::month(date)));
    }
}

fn write_hit(
    hit: &Hit,
    within: Option<Attribute>,
    indent: usize,
    view: &View,
    look: &Look,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let rank = format!("{:>width$}. ", hit.rank, width = indent - 2);
    let margin = " ".repeat(indent);
    let mut place = Prose::new();
    // The innermost heading alone says little where it is `Summary` or `Main findings`.
    let headings = &hit.paragraph.section;
    let inner = &headings[headings.len().saturating_sub(2)..];
    if !inner.is_empty() {
        place.item(Ink::Plain, &inner.join(" › "));
    }
    if let Some(grade) = &hit.paragraph.grade {
        place.graded("section grade", grade);
    }
    if hit.paragraph.kind != Kind::Finding {
        place.item(Ink::Plain, hit.paragraph.kind.name());
        if let Some(timescale) = &hit.paragraph.timescale {
            place.add(Ink::Plain, &format!(" ({timescale})"));
        }
    }
    if let Some(number) = &hit.paragraph.number {
        place.item(Ink::Plain, &format!("paragraph {number}"));
    }
    if let Some(page) = hit.paragraph.page {
        place.item(Ink::Plain, &words::pages(page, hit.paragraph.page_end));
    }
    let mut top = Prose::new();
    match within {
        Some(Attribute::Report) => {}
        Some(Attribute::Authority) => when(&hit.head, look, &mut top),
        // Groups by another attribute do not show which report a hit is from.
        _ => head_items(&hit.head, look, &mut top),
    }
    let mut lead = rank.as_str();
    for line in [&top, &place] {
        if !line.is_empty() {
            line.write(out, look, lead, &margin)?;
            lead = &margin;
        }
    }
    text(hit, view, look).write(out, look, lead, &margin)?;
    if let Some(explanation) = &hit.explanation {
        explain::why(explanation, &hit.near, hit.score).write(out, look, &margin, &margin)?;
    }
    if !hit.alike.is_empty() {
        let mut alike = Prose::new();
        let said = format!("and {} more like it", words::number(hit.alike.len()));
        alike.add(Ink::Plain, &said);
        let named = hit.alike.iter().take(ALIKE_NAMED).map(String::as_str).collect::<Vec<_>>();
        alike.add(Ink::Faint, &format!(": {}", named.join(", ")));
        if hit.alike.len() > ALIKE_NAMED {
            alike.add(Ink::Faint, ", …");
        }
        alike.write(out, look, &margin, &margin)?;
    }
    out.write_all(margin.as_bytes())?;
    paint(out, look, Ink::Faint, &hit.paragraph.id)?;
    writeln!(out)
}

fn text(hit: &Hit, view: &View, look: &Look<'_>) -> Prose {
    let mut prose = Prose::new();
    let limit = (!view.full).then_some(SENSIBLE);
    let fragments = excerpt(&hit.paragraph.text, &hit.spans, limit);
    for (place, fragment) in fragments.iter().enumerate() {
        match fragment {
            Fragment::Text(text) => prose.add(Ink::Plain, text),
            Fragment::Match(text) => prose.mark(look, text),
            Fragment::Gap if place == 0 => prose.add(Ink::Faint, "… "),
            Fragment::Gap if place + 1 == fragments.len() => prose.add(Ink::Faint, " …"),
            Fragment::Gap => prose.add(Ink::Faint, " … "),
        };
    }
    prose
}

/// Writes the facets, side by side as far as the window is wide.
fn facets(facets: &[FacetCounts], look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    const APART: usize = 4;
    let width = look.width.unwrap_or(super::MEASURE);
    let mut row: Vec<Vec<Line>> = Vec::new();
    let mut used = 0;
    for facet in facets {
        let block = block(facet, look)?;
        let wide = block.iter().map(|line| line.width).max().unwrap_or(0);
        if !row.is_empty() && used + APART + wide > width {
            beside(&row, APART, out)?;
            writeln!(out)?;
            row.clear();
            used = 0;
        }
        used += if row.is_empty() { wide } else { APART + wide };
        row.push(block);
    }
    beside(&row, APART, out)
}

fn beside(blocks: &[Vec<Line>], apart: usize, out: &mut dyn io::Write) -> io::Result<()> {
    let height = blocks.iter().map(Vec::len).max().unwrap_or(0);
    for place in 0..height {
        let mut free = 0;
        for block in blocks {
            let wide = block.iter().map(|line| line.width).max().unwrap_or(0);
            if let Some(line) = block.get(place) {
                write!(out, "{:free$}{}", "", line.text)?;
                free = wide - line.width + apart;
            } else {
                free += wide + apart;
            }
        }
        writeln!(out)?;
    }
    Ok(())
}

/// Indents a heading below the one that contains it, and cuts it if it is long.
fn below(path: &str) -> String {
    let mut headings = path.rsplit(" › ");
    let heading = headings.next().unwrap_or(path);
    let indent = "  ".repeat(headings.count());
    let short: String = heading.chars().take(HEADING).collect();
    let more = if short.len() < heading.len() { "…" } else { "" };
    format!("{indent}{}{more}", short.trim_end())
}

fn block(facet: &FacetCounts, look: &Look) -> io::Result<Vec<Line>> {
    let mut table = Table::new(&[(&words::heading(facet.facet), Side::Left), ("", Side::Right)]);
    let found = (None, facet.counts.iter().collect::<Vec<_>>());
    let others = words::other_values(facet);
    let others = others.into_iter().map(|(heading, counts)| (Some(heading), counts));
    for (heading, counts) in std::iter::once(found).chain(others) {
        if let Some(heading) = heading {
            table.row(vec![(Ink::Faint, heading.to_owned()), (Ink::Plain, String::new())]);
        }
        for count in counts.iter().take(LISTED) {
            let (ink, mut value) = match &count.value {
                Some(value) if facet.facet == Attribute::Section => (Ink::Plain, below(value)),
                Some(value) => (Ink::Plain, value.clone()),
                None => (Ink::Faint, words::ABSENT.to_owned()),
            };
            if count.chosen {
                value.push_str(words::CHOSEN);
            }
            table.row(vec![(ink, value), (Ink::Plain, words::number(count.count))]);
        }
        let left = counts.len().saturating_sub(LISTED);
        if left > 0 {
            let more = format!("… and {}", words::count(left, "more value"));
            table.row(vec![(Ink::Faint, more), (Ink::Plain, String::new())]);
        }
    }
    table.lines(look, 2)
}
