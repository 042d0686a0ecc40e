//! Writes topics and acronyms as tables; where the window is too narrow, a topic takes two lines
//! instead.

use super::prose::Prose;
use super::table::{Side, Table};
use super::{Ink, Look, paint};
use crate::answer::counts::{TopicCount, TopicDetail};
use crate::ask::denials::denied;
use crate::render::words;
use findings_index::language::acronyms::AcronymEntry;
use findings_index::request::FacetCount;
use std::io;

/// Writes the list of topics.
///
/// # Errors
/// Those of `out`.
pub fn topics(topics: &[TopicCount], look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    if topics.is_empty() {
        return writeln!(out, "the index was built without topics");
    }
    let mut table = Table::new(&[
        ("topic", Side::Left),
        ("version", Side::Left),
        ("paragraphs", Side::Right),
        ("denied", Side::Right),
        ("reports", Side::Right),
        ("name", Side::Left),
    ]);
    for topic in topics {
        table.row(vec![
            (Ink::Strong, topic.id.clone()),
            (Ink::Faint, topic.version.clone()),
            (Ink::Plain, words::number(topic.paragraphs)),
            (Ink::Plain, words::number(topic.denied)),
            (Ink::Plain, words::number(topic.reports)),
            (Ink::Plain, topic.name.clone()),
        ]);
    }
    if look.width.is_none_or(|width| table.width(2) <= width) {
        return table.write(out, look, "", 2);
    }
    topics.iter().try_for_each(|topic| entry(topic, look, out))
}

fn entry(topic: &TopicCount, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let mut line = Prose::new();
    line.add(Ink::Strong, &topic.id).item(Ink::Plain, &topic.name);
    line.write(out, look, "", "  ")?;
    let mut line = Prose::new();
    line.add(Ink::Plain, &held(topic)).item(Ink::Faint, &format!("version {}", topic.version));
    line.write(out, look, "  ", "  ")
}

/// Says how many paragraphs and reports a topic occurs in.
fn held(topic: &TopicCount) -> String {
    let paragraphs = words::count(topic.paragraphs, "paragraph");
    let held = format!("{paragraphs} in {}", words::count(topic.reports, "report"));
    match denied(topic.denied, false) {
        Some(note) => format!("{held}; {}", note.text),
        None => held,
    }
}

/// Writes one topic in detail.
///
/// # Errors
/// Those of `out`.
pub fn topic(topic: &TopicDetail, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let mut head = Prose::new();
    head.add(Ink::Strong, &topic.count.id)
        .item(Ink::Plain, &topic.count.name)
        .item(Ink::Faint, &format!("version {}", topic.count.version));
    head.write(out, look, "", "  ")?;
    let line = |ink, text: &str, out: &mut dyn io::Write| {
        Prose::new().add(ink, text).write(out, look, "  ", "  ")
    };
    line(Ink::Plain, &topic.definition, out)?;
    if let Some(note) = &topic.note {
        line(Ink::Faint, note, out)?;
    }
    line(Ink::Plain, &held(&topic.count), out)?;
    if let Some(measured) = &topic.measured {
        line(Ink::Plain, &words::measured(measured), out)?;
        for era in &measured.eras {
            let said = format!("inspected {}–{}: {}", era.first, era.last, era.quality.said());
            line(Ink::Faint, &said, out)?;
        }
    }
    for (title, list) in [
        ("phrases, any of which tags a paragraph", &topic.phrases),
        ("the same, in this case only", &topic.cased),
        ("queries that tag", &topic.queries),
        ("near misses, in which none of these counts", &topic.near_misses),
    ] {
        if list.is_empty() {
            continue;
        }
        writeln!(out)?;
        paint(out, look, Ink::Strong, title)?;
        writeln!(out)?;
        for item in list {
            line(Ink::Plain, item, out)?;
        }
    }
    counts("framework", &topic.frameworks, look, out)?;
    counts("year", &topic.years, look, out)
}

fn counts(
    title: &str,
    counts: &[FacetCount],
    look: &Look,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    if counts.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    let mut table = Table::new(&[(title, Side::Left), ("paragraphs", Side::Right)]);
    for count in counts {
        let value = count.value.clone().unwrap_or_else(|| words::NOTHING.to_owned());
        table.row(vec![(Ink::Plain, value), (Ink::Plain, words::number(count.count))]);
    }
    table.write(out, look, "", 2)
}

/// Writes acronyms, one line per meaning, or two where the window is too narrow.
///
/// # Errors
/// Those of `out`.
pub fn acronyms(entries: &[&AcronymEntry], look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    if entries.is_empty() {
        return writeln!(out, "no report explains an acronym");
    }
    let mut table = Table::new(&[
        ("acronym", Side::Left),
        ("reports", Side::Right),
        ("stands for", Side::Left),
        ("for instance", Side::Left),
    ]);
    for entry in entries {
        for (place, expansion) in entry.expansions.iter().enumerate() {
            let acronym = if place == 0 { entry.acronym.clone() } else { String::new() };
            table.row(vec![
                (Ink::Strong, acronym),
                (Ink::Plain, words::number(expansion.reports)),
                (Ink::Plain, expansion.words.clone()),
                (Ink::Faint, expansion.example.clone()),
            ]);
        }
    }
    if look.width.is_none_or(|width| table.width(2) <= width) {
        return table.write(out, look, "", 2);
    }
    for entry in entries {
        for expansion in &entry.expansions {
            let mut line = Prose::new();
            line.add(Ink::Strong, &entry.acronym).item(Ink::Plain, &expansion.words);
            line.write(out, look, "", "  ")?;
            let mut line = Prose::new();
            line.add(Ink::Plain, &words::count(expansion.reports, "report"));
            line.item(Ink::Faint, &format!("for instance {}", expansion.example));
            line.write(out, look, "  ", "  ")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::acronyms;
    use crate::render::terminal::Look;
    use findings_index::language::acronyms::{AcronymEntry, AcronymExpansion};
    use unicode_width::UnicodeWidthStr;

    #[test]
    fn acronyms_fit_a_narrow_window() {
        let expansion = AcronymExpansion {
            words: "multi-agency safeguarding hub for children and their families".to_owned(),
            reports: 2,
            example: "port-ansel-ilacs-2019-02-04/7".to_owned(),
        };
        let acronym = "MASH".to_owned();
        let entry = AcronymEntry { acronym, reports: 2, expansions: vec![expansion] };
        let written = |width| {
            let mut out = Vec::new();
            acronyms(&[&entry], &Look::plain(Some(width), false), &mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        assert!(written(120).starts_with("acronym  reports  stands for"), "{}", written(120));
        assert!(written(80).lines().all(|line| line.width() <= 80), "{}", written(80));
        insta::assert_snapshot!(written(80), @"
        MASH · multi-agency safeguarding hub for children and their families
          2 reports · for instance port-ansel-ilacs-2019-02-04/7
        ");
    }
}
