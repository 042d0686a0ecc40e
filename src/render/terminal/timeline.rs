//! Writes an authority's inspections in order: judgements, mentions, and what is said at each.

use super::bar::Bar;
use super::comparison::quote;
use super::outline::part;
use super::prose::Prose;
use super::provenance::repeat;
use super::table::{Line, Side, Table};
use super::{Ink, Look, MEASURE, paint};
use crate::answer::timeline::{Direction, Inspection, Judged, Timeline};
use crate::render::wording::Next;
use crate::render::words;
use findings_index::records::Body;
use std::io;
use unicode_width::UnicodeWidthStr;

/// Which judgements are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Judgements {
    /// Only overall judgements.
    Overall,
    /// All, but only the overall ones of reports that give many.
    #[default]
    Fitting,
    /// All.
    All,
}

impl Judgements {
    /// All choices, in the order in which they are listed.
    pub const ALL: [Self; 3] = [Self::Overall, Self::Fitting, Self::All];

    /// The name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Overall => "overall",
            Self::Fitting => "fitting",
            Self::All => "all",
        }
    }
}

/// Reports with more judgements show only the overall ones.
const FEW: usize = 8;

/// From this width on, paragraphs are set side by side.
const WIDE: usize = 120;

/// From this width on, months are written out.
const ROOMY: usize = 100;

/// The narrowest column of a paragraph that is set next to others.
const COLUMN: usize = 52;

/// Columns before a judgement.
const INDENT: usize = 4;

/// Columns between two paragraphs.
const GAP: usize = 4;

/// Writes a timeline.
///
/// # Errors
/// Those of `out`.
pub fn timeline(
    timeline: &Timeline,
    judgements: Judgements,
    look: &Look,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut line = Prose::new();
    line.add(Ink::Strong, &timeline.authority);
    if let Some(region) = &timeline.region {
        line.item(Ink::Plain, region);
    }
    line.item(Ink::Plain, &words::count(timeline.inspections.len(), "report"));
    let years = || timeline.inspections.iter().filter_map(|own| own.date).map(|date| date.year());
    if let (Some(first), Some(last)) = (years().min(), years().max()) {
        let said = if first == last { first.to_string() } else { format!("{first}–{last}") };
        line.item(Ink::Plain, &said);
    }
    line.write(out, look, "", "  ")?;
    track(timeline, judgements, look, out)?;
    mentions(timeline, look, out)?;
    quotes(timeline, look, out)?;
    if !timeline.notes.is_empty() {
        part("What to know", look, out)?;
    }
    for note in &timeline.notes {
        let mut line = Prose::new();
        line.add(Ink::Plain, note).write(out, look, "  - ", "    ")?;
    }
    repeat(timeline.looked_for.as_ref(), &timeline.provenance, look, out)
}

/// Writes the judgements, with the breaks that separate them.
fn track(
    timeline: &Timeline,
    judgements: Judgements,
    look: &Look,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    part("Judgements", look, out)?;
    let width = look.width.unwrap_or(MEASURE);
    let gap = if width < ROOMY { 1 } else { 2 };
    let whole = table(&timeline.inspections, judgements);
    let mut lines = Vec::new();
    if whole.width(gap) + INDENT <= width {
        lines.extend(whole.lines(look, gap)?);
    } else {
        // One long grade would push all others out of the window.
        for inspection in &timeline.inspections {
            lines.extend(table(std::slice::from_ref(inspection), judgements).lines(look, gap)?);
        }
    }
    let shown = timeline.inspections.iter().map(|inspection| of(inspection, judgements).len());
    let mut is_other_area = false;
    let mut rest = lines.as_slice();
    for (inspection, count) in timeline.inspections.iter().zip(shown) {
        if let Some(own) = &inspection.scale_break {
            let mut line = Prose::new();
            let what =
                if own.is_comparable { "what is judged changes" } else { "the scale breaks" };
            line.add(Ink::Strong, &format!("{what}, {} to {}: ", own.from, own.to));
            line.add(Ink::Plain, &own.says);
            line.write(out, look, "  ┄┄ ", "  ┆  ")?;
        }
        title(inspection, look).write(out, look, "  ", "    ")?;
        let (own, left) = rest.split_at(count.min(rest.len()));
        for line in own {
            writeln!(out, "{:INDENT$}{}", "", line.text)?;
        }
        rest = left;
        is_other_area |=
            of(inspection, judgements).iter().any(|judged| is_other(inspection, judged));
        let hidden = inspection.judgements.len() - count;
        if hidden > 0 {
            let said = format!(
                "and {} ({})",
                words::count(hidden, "further judgement"),
                look.wording.next(&Next::Judgements)
            );
            paint(out, look, Ink::Faint, &format!("    {said}"))?;
            writeln!(out)?;
        } else if inspection.judgements.is_empty() {
            let said = match (inspection.visit, inspection.is_judged) {
                (None, true) => "no judgement was found in the report",
                _ => "gives no grades",
            };
            paint(out, look, Ink::Faint, &format!("    {said}"))?;
            writeln!(out)?;
        }
    }
    if is_other_area {
        let mut line = Prose::new();
        line.add(Ink::Faint, "~ the area before was named otherwise, and may have been another");
        line.write(out, look, "  ", "  ")?;
    }
    Ok(())
}

/// Lists the judgements of some inspections, one row each.
fn table(inspections: &[Inspection], judgements: Judgements) -> Table {
    let mut table = Table::new(&[("", Side::Left); 4]);
    for inspection in inspections {
        for judged in of(inspection, judgements) {
            table.row(vec![
                (Ink::Plain, subject(judged, inspection, judgements)),
                (judged.rank.map_or(Ink::Plain, Ink::Rank), judged.label.clone()),
                (Ink::Plain, place(judged)),
                change(judged, is_other(inspection, judged)),
            ]);
        }
    }
    table
}

fn of(inspection: &Inspection, judgements: Judgements) -> Vec<&Judged> {
    let is_whole =
        |judged: &&Judged| judged.is_overall || judged.area.ends_with("Overall effectiveness");
    let all = inspection.judgements.iter();
    match judgements {
        Judgements::All => all.collect(),
        Judgements::Fitting if inspection.judgements.len() <= FEW => all.collect(),
        Judgements::Fitting | Judgements::Overall => all.filter(is_whole).collect(),
    }
}

/// Returns what is judged: the theme where it says enough and no other area of the inspection has it,
/// else the area.
fn subject(judged: &Judged, inspection: &Inspection, judgements: Judgements) -> String {
    let body = match judged.body {
        Body::Authority => "",
        Body::Lscb => " (board)",
        Body::Partnership => " (partnership)",
    };
    let is_plain = judged.area == "Overall effectiveness" || judged.body != Body::Authority;
    let group = judged.area.strip_suffix(": Overall effectiveness");
    let whole = group.map(|group| format!("overall: {group}"));
    let is_same =
        |other: &&Judged| (&other.theme_name, other.body) == (&judged.theme_name, judged.body);
    let tells =
        judgements != Judgements::All && inspection.judgements.iter().filter(is_same).count() == 1;
    let name = match (&judged.theme_name, judged.is_overall) {
        _ if whole.is_some() => whole.as_deref().unwrap_or_default(),
        (_, true) if is_plain => "overall",
        (Some(theme), _) if tells => theme,
        _ => &judged.area,
    };
    let said = format!("{name}{body}");
    if said.chars().count() <= 30 {
        return said;
    }
    format!("{}…", said.chars().take(29).collect::<String>().trim_end())
}

/// Words the place of a grade: `3 of 4`.
fn place(judged: &Judged) -> String {
    match (judged.rank, judged.out_of) {
        (Some(rank), Some(out_of)) => format!("{rank} of {out_of}"),
        _ => String::new(),
    }
}

/// Whether the earlier grade was on another area, and nothing else says so.
fn is_other(inspection: &Inspection, judged: &Judged) -> bool {
    inspection.scale_break.is_none()
        && judged.change.as_ref().is_some_and(|change| change.is_other_area)
}

fn change(judged: &Judged, is_marked: bool) -> (Ink, String) {
    let Some(change) = &judged.change else { return (Ink::Plain, String::new()) };
    let mark = if is_marked { " ~" } else { "" };
    match change.direction {
        Direction::Better => (Ink::Strong, format!("▲ better{mark}")),
        Direction::Same => (Ink::Faint, format!("= same{mark}")),
        Direction::Worse => (Ink::Strong, format!("▼ worse{mark}")),
    }
}

fn title(inspection: &Inspection, look: &Look<'_>) -> Prose {
    let mut line = Prose::new();
    line.add(Ink::Strong, &words::when(inspection));
    line.item(Ink::Plain, words::framework(look.names, &inspection.framework));
    if let Some(visit) = inspection.visit {
        line.item(Ink::Plain, words::visit(visit));
    }
    if let Some(theme) = &inspection.inspection_theme {
        line.item(Ink::Plain, theme);
    }
    line.item(Ink::Faint, &inspection.report);
    line
}

/// Writes how often each inspection mentions the subject.
fn mentions(timeline: &Timeline, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let (Some(name), Some(whole)) = (&timeline.name, timeline.mentioned) else { return Ok(()) };
    part("How often it is mentioned", look, out)?;
    let mut line = Prose::new();
    line.add(Ink::Plain, name).write(out, look, "  ", "  ")?;
    let width = look.width.unwrap_or(MEASURE);
    let shares = timeline.inspections.iter().filter_map(|own| own.mentioned.as_ref());
    let bar = Bar::new(
        shares.map(|own| own.paragraphs.into()),
        whole.percent.unwrap_or(0.0),
        match width {
            WIDE.. => 40,
            ROOMY.. => 16,
            _ => 8,
        },
    );
    let scale = bar.scale();
    let mut table = Table::new(&[
        ("", Side::Left),
        ("", Side::Left),
        (scale.as_str(), Side::Left),
        ("match", Side::Right),
        ("of", Side::Right),
        ("per 100", Side::Right),
        ("usual", Side::Right),
    ]);
    let mut has_small = false;
    for inspection in &timeline.inspections {
        let when = match inspection.date.filter(|_| width < ROOMY) {
            Some(date) => date.strftime("%b %Y").to_string(),
            None => words::when(inspection),
        };
        let mut cells = vec![(Ink::Plain, when), (Ink::Plain, words::short_framework(inspection))];
        match &inspection.mentioned {
            Some(own) => {
                has_small |= own.is_small;
                let small = if own.is_small { " *" } else { "" };
                let share = own.paragraphs;
                let rate = format!("{}{small}", words::percent(share.percent));
                cells.extend([
                    (Ink::Plain, bar.draw(share.into())),
                    (Ink::Strong, words::number(share.count)),
                    (Ink::Plain, words::number(share.out_of)),
                    (Ink::Strong, rate),
                    (Ink::Plain, words::percent(own.usual)),
                ]);
            }
            None => {
                cells.push((Ink::Faint, "nothing to count".to_owned()));
                cells.extend(vec![(Ink::Plain, String::new()); 4]);
            }
        }
        table.row(cells);
    }
    table.write(out, look, "  ", 2)?;
    let mut legend = Prose::new();
    legend.add(
        Ink::Faint,
        "match: paragraphs that mention it; of: eligible paragraphs; ● rate, ┊ rate of all these \
         reports; usual: rate of all reports held of the same framework",
    );
    if has_small {
        legend.add(Ink::Faint, "; * fewer than 100 eligible paragraphs");
    }
    if whole.count == 0 {
        let mut line = Prose::new();
        line.add(Ink::Strong, "none of these reports mentions it").write(out, look, "  ", "  ")?;
    }
    legend.write(out, look, "  ", "  ")
}

/// Writes the best paragraph of each inspection, side by side where there is room.
fn quotes(timeline: &Timeline, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let mut cells = Vec::new();
    let width = look.width.unwrap_or(MEASURE);
    let room = if width >= WIDE { (width + GAP) / (COLUMN + GAP) } else { 1 };
    let columns = room.min(quoted(timeline).count()).max(1);
    let column = if columns > 1 { (width - 2 + GAP) / columns - GAP } else { look.measure() - 2 };
    let column = column.min(MEASURE);
    for (inspection, hit) in quoted(timeline) {
        let mut lines = Vec::new();
        let mut head = Prose::new();
        head.add(Ink::Strong, &words::when(inspection))
            .item(Ink::Plain, &words::short_framework(inspection));
        head.write_within(&mut lines, look, column, "", "")?;
        quote(hit, look).write_within(&mut lines, look, column, "", "")?;
        let mut source = Prose::new();
        source.add(Ink::Faint, &hit.paragraph.citation);
        source.item(Ink::Faint, &hit.paragraph.id);
        source.write_within(&mut lines, look, column, "", "")?;
        cells.push(String::from_utf8_lossy(&lines).lines().map(line).collect::<Vec<Line>>());
    }
    if cells.is_empty() {
        return Ok(());
    }
    part("What is said: the paragraph of each that matches best", look, out)?;
    for (number, row) in cells.chunks(columns).enumerate() {
        if number > 0 {
            writeln!(out)?;
        }
        let tallest = row.iter().map(Vec::len).max().unwrap_or(0);
        for at in 0..tallest {
            let mut said = String::from("  ");
            let mut free = 0;
            for cell in row {
                let own = cell.get(at);
                if let Some(own) = own.filter(|own| own.width > 0) {
                    said.push_str(&" ".repeat(free));
                    said.push_str(&own.text);
                    free = 0;
                }
                free += column - own.map_or(0, |own| own.width).min(column) + GAP;
            }
            writeln!(out, "{}", said.trim_end())?;
        }
    }
    Ok(())
}

fn quoted(
    timeline: &Timeline,
) -> impl Iterator<Item = (&Inspection, &findings_index::request::Hit)> {
    timeline
        .inspections
        .iter()
        .filter_map(|inspection| Some((inspection, inspection.mentioned.as_ref()?.quote.as_ref()?)))
}

/// Returns a painted line with the columns that it takes.
fn line(text: &str) -> Line {
    Line { text: text.to_owned(), width: anstream::adapter::strip_str(text).to_string().width() }
}
