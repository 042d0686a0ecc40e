//! Writes recommendations: counts, a list, and those that were made again.

use super::outline::part;
use super::prose::Prose;
use super::provenance::repeat;
use super::table::{Side, Table};
use super::{Ink, Look, paint};
use crate::answer::recommendations::{Chain, Groups, Recommendation, Recommendations};
use crate::render::recommendations as worded;
use crate::render::wording::Next;
use crate::render::{clean, words};
use std::io;
use unicode_width::UnicodeWidthStr;

/// The narrowest column for the names of values.
const NARROWEST: usize = 24;

/// Writes recommendations.
///
/// # Errors
/// Those of `out`.
pub fn recommendations(
    answer: &Recommendations,
    look: &Look<'_>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    if answer.total == 0 {
        let held = &answer.provenance.corpus;
        let mut line = Prose::new();
        line.add(Ink::Strong, "no recommendation found");
        line.add(Ink::Plain, &format!(" in {}", words::count(held.reports, "report")));
        return line.write(out, look, "", "");
    }
    let mut line = Prose::new();
    for (at, item) in worded::head(answer).iter().enumerate() {
        line.item(if at == 0 { Ink::Strong } else { Ink::Plain }, item);
    }
    line.write(out, look, "", "  ")?;
    for said in [worded::known(answer), worded::repeated(answer)] {
        let mut line = Prose::new();
        line.add(Ink::Plain, &said).write(out, look, "", "  ")?;
    }
    for groups in &answer.groups {
        write_groups(answer, groups, look, out)?;
    }
    list(answer, look, out)?;
    if !answer.notes.is_empty() {
        part("What to know", look, out)?;
    }
    for note in &answer.notes {
        let mut line = Prose::new();
        line.add(Ink::Plain, note).write(out, look, "  - ", "    ")?;
    }
    repeat(Some(&answer.looked_for), &answer.provenance, look, out)
}

fn write_groups(
    answer: &Recommendations,
    groups: &Groups,
    look: &Look<'_>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    part(&worded::by(answer, groups), look, out)?;
    let heads = [
        ("", Side::Left),
        ("number", Side::Right),
        ("reports", Side::Right),
        ("authorities", Side::Right),
        ("repeated", Side::Right),
    ];
    let mut table = Table::new(&heads);
    let (shown, more) = worded::shown(answer, groups);
    let numbers: usize = heads.iter().map(|(head, _)| head.width() + 2).sum::<usize>() - 2;
    let room = look.width.unwrap_or(super::MEASURE).saturating_sub(numbers + 2).max(NARROWEST);
    for group in shown {
        let (name, id) = worded::name(look.names, groups.by, group);
        let id = id.map(|id| format!(" ({})", clean::line(id))).unwrap_or_default();
        let name = shortened(&clean::line(&name), room.saturating_sub(id.width()));
        table.row(vec![
            (Ink::Strong, format!("{name}{id}")),
            (Ink::Plain, words::number(group.recommendations)),
            (Ink::Plain, words::number(group.reports)),
            (Ink::Plain, words::number(group.authorities)),
            (Ink::Plain, words::number(group.repeated)),
        ]);
    }
    table.write(out, look, "  ", 2)?;
    if more > 0 {
        let how = look.wording.next(&Next::By(groups.by));
        paint(out, look, Ink::Faint, &format!("  {more} more: {how}"))?;
        writeln!(out)?;
    }
    Ok(())
}

/// Shortens a name to the columns that there are, at a word.
fn shortened(name: &str, room: usize) -> String {
    if name.width() <= room {
        return name.to_owned();
    }
    let mut short = String::new();
    for word in name.split(' ') {
        if short.width() + word.width() + 2 > room {
            break;
        }
        if !short.is_empty() {
            short.push(' ');
        }
        short.push_str(word);
    }
    format!("{short} …")
}

/// Writes the recommendations that are listed, or the chains.
fn list(answer: &Recommendations, look: &Look<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let (shown, all) = (answer.shown(), answer.available());
    if shown == 0 {
        return Ok(());
    }
    let title = if answer.of_chains { "Repeated" } else { "Recommendations" };
    let range = match shown == all {
        true => String::new(),
        false => {
            let (first, last) = (answer.offset + 1, answer.offset + shown);
            format!(" {first}–{last} of {},", words::number(all))
        }
    };
    part(&format!("{title},{range} {}", worded::order(answer)), look, out)?;
    for (at, own) in answer.recommendations.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        let rank = own.rank.unwrap_or_default();
        let first = format!("{rank:>2}. ");
        let margin = " ".repeat(first.width());
        let mut line = Prose::new();
        line.add(Ink::Strong, own.report.name().unwrap_or(&own.report.id));
        write_one(own, line, (&first, &margin), look, out)?;
    }
    for (at, chain) in answer.repeated.listed.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        write_chain(chain, look, out)?;
    }
    let next = answer.offset.saturating_add(shown);
    if next < all {
        let noun = if answer.of_chains { "chain" } else { "recommendation" };
        let how = look.wording.next(&Next::Results { offset: next });
        writeln!(out)?;
        paint(out, look, Ink::Faint, &format!("{} left: {how}", words::count(all - next, noun)))?;
        writeln!(out)?;
    }
    Ok(())
}

fn write_one(
    own: &Recommendation,
    mut line: Prose,
    (first, margin): (&str, &str),
    look: &Look<'_>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    for item in worded::inspection(look.names, &own.report) {
        line.item(Ink::Plain, &item);
    }
    for item in worded::asked(own) {
        line.item(Ink::Plain, &item);
    }
    line.write(out, look, first, margin)?;
    let mut text = Prose::new();
    text.add(Ink::Plain, &worded::text(own)).write(out, look, margin, margin)?;
    let mut last = Prose::new();
    last.item(Ink::Faint, &own.id);
    if !own.topics.is_empty() {
        last.item(Ink::Faint, &own.topics.join(", "));
    }
    if let Some(chain) = own.chain.filter(|_| own.rank.is_some()) {
        last.item(Ink::Faint, &format!("repeated: chain {chain}"));
    }
    last.write(out, look, margin, margin)
}

fn write_chain(chain: &Chain, look: &Look<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let first = format!("{:>2}. ", chain.number);
    let margin = " ".repeat(first.width());
    let mut line = Prose::new();
    line.add(Ink::Strong, chain.authority.as_deref().unwrap_or(words::NOTHING));
    for item in worded::chain(chain) {
        line.item(Ink::Plain, &item);
    }
    line.item(Ink::Faint, &worded::likeness(chain));
    line.write(out, look, &first, &margin)?;
    let inner = format!("{margin}  ");
    for own in &chain.recommendations {
        let mut line = Prose::new();
        for item in worded::inspection(look.names, &own.report) {
            line.item(if line.is_empty() { Ink::Strong } else { Ink::Plain }, &item);
        }
        for item in worded::asked(own) {
            line.item(Ink::Plain, &item);
        }
        line.write(out, look, &format!("{margin}- "), &inner)?;
        let mut text = Prose::new();
        text.add(Ink::Plain, &worded::text(own)).write(out, look, &inner, &inner)?;
        let mut last = Prose::new();
        last.item(Ink::Faint, &own.id).write(out, look, &inner, &inner)?;
    }
    Ok(())
}
