//! Writes a comparison: the sentence, the groups, who is silent, quotes, and what to know.

use super::bar::{Bar, Rate};
use super::outline::part;
use super::prose::Prose;
use super::provenance::repeat;
use super::table::{Side, Table};
use super::{Ink, Look, MEASURE};
use crate::answer::compare::{Comparison, Group, too_few};
use crate::ask::Near;
use crate::render::excerpt::{Fragment, excerpt};
use crate::render::wording::Next;
use crate::render::words;
use findings_index::records::Attribute;
use findings_index::request::Hit;
use std::io;

/// Quotes up to this many characters are shown whole.
const QUOTED: usize = 400;

/// The most names that a list of silence shows.
const NAMED: usize = 24;

/// How much of the end of a report's id is always shown: its date, and some of its framework.
const REPORT_END: usize = 14;

/// Marks the council whose neighbours are asked for.
const OWN: &str = " ←";

/// From this width on there are more columns.
const WIDE: usize = 120;

/// Writes a comparison.
///
/// # Errors
/// Those of `out`.
pub fn comparison(comparison: &Comparison, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let mut line = Prose::new();
    // An interval is not broken at its dash.
    let sentence = comparison.sentence.replace('–', "\u{2060}–\u{2060}");
    line.add(Ink::Strong, &sentence).write(out, look, "", "")?;
    for counted in &comparison.counted {
        let mut line = Prose::new();
        line.add(Ink::Faint, counted).write(out, look, "", "")?;
    }
    writeln!(out)?;
    groups(comparison, look, out)?;
    grades(comparison, look, out)?;
    funnel(comparison, look, out)?;
    silence(comparison, look, out)?;
    quotes(comparison, look, out)?;
    part("What to know", look, out)?;
    let notes = comparison.notes.iter().map(|note| &note.text);
    for note in notes.chain(&comparison.method) {
        let mut line = Prose::new();
        line.add(Ink::Plain, note).write(out, look, "  - ", "    ")?;
    }
    repeat(Some(&comparison.looked_for), &comparison.provenance, look, out)
}

/// Writes one line per group, with its cells below it.
fn groups(comparison: &Comparison, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let width = look.width.unwrap_or(MEASURE);
    let is_wide = width >= WIDE;
    let is_graded = comparison.tells_below_good();
    let first = comparison.by.first().copied();
    let heading: Vec<String> = comparison.by.iter().map(|by| words::heading(*by)).collect();
    let all: Vec<&Group> = comparison.groups.iter().chain(&comparison.cells).collect();
    let overall = comparison.whole.paragraphs.percent.unwrap_or(0.0);
    let rate = |group: &Group| -> Rate {
        let standardised = group.standardised.filter(|_| comparison.is_standardised);
        standardised.map_or_else(|| group.paragraphs.into(), Rate::from)
    };
    let rates = all.iter().map(|group| rate(group));
    let bar = Bar::new(rates, overall, if is_wide { 30 } else { 10 });
    let heading = heading.join(" › ");
    let scale = bar.scale();
    let mut heads = vec![
        (heading.as_str(), Side::Left),
        ("match", Side::Right),
        ("of", Side::Right),
        (if comparison.is_standardised { "standard." } else { "per 100" }, Side::Right),
        ("95%", Side::Left),
        (scale.as_str(), Side::Left),
        ("reports", Side::Right),
    ];
    if is_wide {
        if comparison.is_standardised {
            heads.push(("crude per 100", Side::Right));
        }
        heads.push(("per 10,000 words", Side::Right));
        heads.push(("recommendations", Side::Right));
        if is_graded {
            heads.push(("below good: matches", Side::Right));
            heads.push(("all", Side::Right));
        }
    }
    let mut table = Table::new(&heads);
    let mut row = |name: (Ink, String), group: &Group| {
        let mut cells = vec![
            name,
            (Ink::Strong, words::number(group.paragraphs.count)),
            (Ink::Plain, words::number(group.paragraphs.out_of)),
            (Ink::Strong, words::percent(group.rate(comparison.is_standardised))),
            (Ink::Plain, doubt(group, comparison.is_standardised)),
            (Ink::Plain, bar.draw(rate(group))),
            (Ink::Plain, format!("{} of {}", group.reports.count, group.reports.out_of)),
        ];
        if is_wide {
            if comparison.is_standardised {
                cells.push((Ink::Plain, words::percent(group.paragraphs.percent)));
            }
            let rate = group.per_10_000_words.map_or_else(String::new, |rate| format!("{rate:.1}"));
            cells.push((Ink::Plain, rate));
            let advice = group.recommendations;
            cells.push((Ink::Plain, words::of(advice.count, advice.out_of)));
            if is_graded {
                for share in group.below_good {
                    let share = share.percent.map_or(String::new(), |share| format!("{share:.0}%"));
                    cells.push((Ink::Plain, share));
                }
            }
        }
        table.row(cells);
    };
    let others: usize = if is_wide { usize::MAX } else { width.saturating_sub(58).max(12) };
    for group in &comparison.groups {
        let is_own = comparison.near(group) == Some(Near::Own);
        let ink = if comparison.cells.is_empty() && !is_own { Ink::Plain } else { Ink::Strong };
        let mark = if is_own { OWN } else { "" };
        let room = others.saturating_sub(mark.chars().count());
        let own = shortened(&name(group, 0, first), first, group, room);
        row((ink, format!("{own}{mark}")), group);
        let value = group.values.first();
        for cell in comparison.cells.iter().filter(|cell| cell.values.first() == value) {
            let second = comparison.by.get(1).copied();
            let own = format!("  {}", name(cell, 1, second));
            row((Ink::Plain, shortened(&own, second, cell, others)), cell);
        }
    }
    row((Ink::Strong, "all".to_owned()), &comparison.whole);
    table.write(out, look, "", if is_wide { 3 } else { 2 })?;
    let mut legend = Prose::new();
    legend.add(
        Ink::Faint,
        "match: paragraphs that mention it; of: eligible paragraphs; ● rate, ─ its 95% interval, \
         ┊ rate of all; reports: those that mention it",
    );
    if comparison.is_standardised {
        legend.add(
            Ink::Faint,
            "; standard.: the rate of all, times the matches, divided by those that reports of the \
             same frameworks have",
        );
    }
    if all.iter().any(|group| group.paragraphs.too_few) {
        legend.add(Ink::Faint, &format!("; too few: {}", too_few("paragraphs", "reports")));
    }
    if is_wide && is_graded {
        legend.add(
            Ink::Faint,
            "; below good: of the paragraphs in graded sections, those in sections judged below \
             good, among the matches and among all",
        );
    }
    if all.iter().any(|group| group.is_small) {
        legend.add(Ink::Faint, "; * small group");
    }
    if comparison.groups.iter().any(|group| comparison.near(group) == Some(Near::Own)) {
        legend.add(Ink::Faint, &format!(";{OWN} {}", words::near(Near::Own)));
    }
    legend.write(out, look, "", "")
}

/// The interval of the rate that is shown.
fn doubt(group: &Group, is_standardised: bool) -> String {
    match group.standardised.filter(|_| is_standardised) {
        Some(own) => words::doubt(own.low, own.high, own.too_few),
        None => words::share_doubt(group.paragraphs),
    }
}

fn name(group: &Group, at: usize, dimension: Option<Attribute>) -> String {
    let value = group.values.get(at).and_then(Option::as_deref);
    dimension.map_or_else(String::new, |dimension| words::short_value(dimension, value))
}

/// Adds the mark of small groups to a name and cuts it where the window is narrow. Reports are cut
/// in the middle, since those of one authority differ at their end.
fn shortened(name: &str, by: Option<Attribute>, group: &Group, width: usize) -> String {
    let mark = if group.is_small { " *" } else { "" };
    let room = width.saturating_sub(mark.len());
    let letters: Vec<char> = name.chars().collect();
    if letters.len() <= room {
        return format!("{name}{mark}");
    }
    let room = room.saturating_sub(1);
    let end = if by == Some(Attribute::Report) { room.min(REPORT_END) } else { 0 };
    let start: String = letters[..room - end].iter().collect();
    let end: String = letters[letters.len() - end..].iter().collect();
    format!("{}…{end}{mark}", start.trim_end())
}

/// Writes the grades of the sections that matches are in, and those of everything eligible.
fn grades(comparison: &Comparison, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let rows = &comparison.whole.grades;
    if rows.iter().all(|row| row.label.is_none()) {
        return Ok(());
    }
    part("Grades of the sections in which it is", look, out)?;
    let mut table = Table::new(&[
        ("section grade", Side::Left),
        ("matches", Side::Right),
        ("", Side::Right),
        ("eligible", Side::Right),
        ("", Side::Right),
    ]);
    let share = |percent: Option<f64>| percent.map_or(String::new(), |p| format!("{p:.0}%"));
    for row in rows {
        let label = row.label.as_deref().unwrap_or(words::ABSENT);
        table.row(vec![
            (row.rank.map_or(Ink::Plain, Ink::Rank), label.to_owned()),
            (Ink::Strong, words::number(row.matching.count)),
            (Ink::Plain, share(row.matching.percent)),
            (Ink::Plain, words::number(row.eligible.count)),
            (Ink::Plain, share(row.eligible.percent)),
        ]);
    }
    table.write(out, look, "  ", 2)?;
    let mut line = Prose::new();
    for (name, share) in [
        ("recommendations", comparison.whole.recommendations),
        ("all other paragraphs", comparison.whole.findings),
    ] {
        let said = format!(
            "{name}: {} of {} ({} per 100)",
            words::number(share.count),
            words::number(share.out_of),
            words::percent(share.percent)
        );
        line.item(Ink::Plain, &said);
    }
    line.write(out, look, "  ", "  ")
}

fn funnel(comparison: &Comparison, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let Some(funnel) = &comparison.funnel else {
        return Ok(());
    };
    part("Groups against chance", look, out)?;
    let mut line = Prose::new();
    line.add(
        Ink::Plain,
        &format!(
            "{} of {} groups lie outside the 95% funnel limits around the rate of all ({} per \
             100), where {} would by chance alone; {} outside the 99.8% limits.{} {}",
            funnel.outside_95,
            funnel.points.len(),
            words::percent(Some(funnel.overall)),
            funnel.expected(),
            funnel.outside_998,
            words::limits(funnel),
            look.wording.next(&Next::Funnel),
        ),
    );
    line.write(out, look, "  ", "  ")?;
    for (place, what) in words::PLACES {
        let named: Vec<String> = funnel
            .points
            .iter()
            .filter(|point| point.place == place)
            .map(|point| {
                let by = comparison.by.first().copied().unwrap_or(Attribute::Report);
                let name = words::short_value(by, point.value.as_deref());
                format!("{name} ({})", words::percent(Some(point.rate)))
            })
            .collect();
        if named.is_empty() {
            continue;
        }
        let mut line = Prose::new();
        let shown = &named[..named.len().min(NAMED)];
        line.add(Ink::Strong, &format!("{what}: ")).add(Ink::Plain, &shown.join("; "));
        if named.len() > shown.len() {
            line.add(Ink::Faint, &format!("; and {} more", named.len() - shown.len()));
        }
        line.write(out, look, "  ", "    ")?;
    }
    Ok(())
}

fn silence(comparison: &Comparison, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let silence = &comparison.silence;
    part("Silence", look, out)?;
    let mut list = |what: &str, names: &[String]| {
        let mut line = Prose::new();
        line.add(Ink::Strong, &format!("{what}: {}", words::number(names.len())));
        if !names.is_empty() {
            let shown = &names[..names.len().min(NAMED)];
            line.add(Ink::Plain, &format!(" · {}", shown.join("; ")));
            if names.len() > NAMED {
                let left = names.len() - NAMED;
                line.add(
                    Ink::Faint,
                    &format!("; and {left} more ({})", look.wording.next(&Next::All)),
                );
            }
        }
        line.write(out, look, "  ", "    ")
    };
    let silent: Vec<String> = silence.silent.iter().map(words::silent).collect();
    list("inspected, never mentioning it", &silent)?;
    if !silence.left_out.is_empty() {
        list("held, but the conditions leave nothing of it", &silence.left_out)?;
    }
    list(&format!("no report held, of {}", silence.expected), &silence.not_held)?;
    let files: Vec<String> = silence
        .unreadable
        .iter()
        .map(|file| {
            if file.reason.is_empty() {
                file.path.clone()
            } else {
                format!("{} ({})", file.path, file.reason)
            }
        })
        .collect();
    list("report could not be read", &files)?;
    if silence.reports_without_authority > 0 {
        let reports = words::count(silence.reports_without_authority, "report");
        let mut line = Prose::new();
        let said = format!("authority not known, so counted in no inspection: {reports}");
        line.add(Ink::Plain, &said);
        line.write(out, look, "  ", "    ")?;
    }
    Ok(())
}

fn quotes(comparison: &Comparison, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let Some(rule) =
        comparison.quotes_rule.as_ref().filter(|_| comparison.whole.paragraphs.count > 0)
    else {
        return Ok(());
    };
    part("Quotes", look, out)?;
    let mut line = Prose::new();
    line.add(Ink::Faint, rule).write(out, look, "  ", "  ")?;
    for group in comparison.groups.iter().filter(|group| !group.quotes.is_empty()) {
        writeln!(out)?;
        let mut line = Prose::new();
        line.add(Ink::Strong, &name(group, 0, comparison.by.first().copied()));
        let shown = format!("{} of {} shown", group.quotes.len(), group.paragraphs.count);
        line.item(Ink::Faint, &shown).write(out, look, "  ", "  ")?;
        for hit in &group.quotes {
            quote(hit, look).write(out, look, "  - ", "    ")?;
            let mut line = Prose::new();
            line.add(Ink::Faint, &hit.paragraph.citation);
            line.item(Ink::Faint, &hit.paragraph.id).write(out, look, "    ", "    ")?;
        }
    }
    Ok(())
}

pub(super) fn quote(hit: &Hit, look: &Look<'_>) -> Prose {
    let mut prose = Prose::new();
    for (at, fragment) in excerpt(&hit.paragraph.text, &hit.spans, Some(QUOTED)).iter().enumerate()
    {
        match fragment {
            Fragment::Text(text) => prose.add(Ink::Plain, text),
            Fragment::Match(text) => prose.mark(look, text),
            Fragment::Gap => prose.add(Ink::Faint, if at == 0 { "… " } else { " … " }),
        };
    }
    prose
}
