//! Writes a timeline, one row per point of each track.

use super::{code, date, or_empty, table};
use crate::answer::timeline::{Direction, Inspection, Judged, Timeline};
use crate::render::words;
use std::io;

/// Writes one row per judgement of each inspection (track `judgement`), one for each inspection's
/// mentions where something was looked for (`mentioned`), and one for an inspection that has
/// neither (`inspection`). Rates are per 100 eligible paragraphs.
///
/// # Errors
/// Those of `out`.
pub fn timeline(timeline: &Timeline, bom: bool, out: &mut dyn io::Write) -> io::Result<()> {
    const HEADS: [&str; 35] = [
        "authority",
        "report",
        "framework",
        "visit",
        "inspection_start",
        "inspection_end",
        "published",
        "track",
        "area",
        "theme",
        "is_overall",
        "body",
        "grade",
        "place",
        "places",
        "change",
        "changed_from",
        "changed_from_area",
        "changed_from_report",
        "scale_break_from",
        "scale_comparable",
        "scale_break",
        "matching_paragraphs",
        "eligible_paragraphs",
        "rate_per_100_paragraphs",
        "rate_95_low",
        "rate_95_high",
        "usual_rate_per_100_paragraphs",
        "quote",
        "quote_citation",
        "find_matching",
        "command",
        "asked",
        "corpus",
        "denied_paragraphs",
    ];
    let rows = timeline.inspections.iter().flat_map(|inspection| {
        let judged = inspection.judgements.iter().map(judgement);
        let mut points: Vec<(&str, Vec<String>)> = judged.collect();
        points.extend(mentions(inspection));
        if points.is_empty() {
            points.push(("inspection", vec![String::new(); 23]));
        }
        points.into_iter().map(|(track, mut point)| {
            if let Some(own) = inspection.scale_break.as_ref().filter(|_| track == "judgement") {
                point[11].clone_from(&own.from_report);
                point[12] = own.is_comparable.to_string();
                point[13].clone_from(&own.says);
            }
            let mut row = vec![
                timeline.authority.clone(),
                inspection.report.clone(),
                inspection.framework.clone(),
                inspection.visit.map_or("", words::visit).to_owned(),
                date(inspection.inspection_start),
                date(inspection.inspection_end),
                date(inspection.published),
                track.to_owned(),
            ];
            row.extend(point);
            row.push(timeline.provenance.command.clone());
            row.push(timeline.provenance.asked.to_string());
            row.push(timeline.provenance.corpus.fingerprint.clone());
            let mentioned = inspection.mentioned.as_ref().filter(|_| track == "mentioned");
            row.push(or_empty(mentioned.map(|own| own.denied).as_ref()));
            row
        })
    });
    table(&HEADS, rows, bom, out)
}

fn judgement(judged: &Judged) -> (&'static str, Vec<String>) {
    let change = judged.change.as_ref();
    let direction = change.map_or("", |change| match change.direction {
        Direction::Better => "better",
        Direction::Same => "same",
        Direction::Worse => "worse",
    });
    let mut row = vec![
        judged.area.clone(),
        or_empty(judged.theme.as_ref()),
        judged.is_overall.to_string(),
        code(judged.body),
        judged.label.clone(),
        or_empty(judged.rank.as_ref()),
        or_empty(judged.out_of.as_ref()),
        direction.to_owned(),
        change.map_or_else(String::new, |change| change.from.clone()),
        change.map_or_else(String::new, |change| change.from_area.clone()),
        change.map_or_else(String::new, |change| change.from_report.clone()),
    ];
    row.resize(23, String::new());
    ("judgement", row)
}

fn mentions(inspection: &Inspection) -> Option<(&'static str, Vec<String>)> {
    let mentioned = inspection.mentioned.as_ref()?;
    let share = mentioned.paragraphs;
    let number = |number: Option<f64>| or_empty(number.map(|n| format!("{n:.4}")).as_ref());
    let quote = mentioned.quote.as_ref().map(|hit| &hit.paragraph);
    let mut row = vec![String::new(); 14];
    row.extend([
        share.count.to_string(),
        share.out_of.to_string(),
        number(share.percent),
        number(share.low),
        number(share.high),
        number(mentioned.usual),
        quote.map_or_else(String::new, |own| own.text.clone()),
        quote.map_or_else(String::new, |own| own.citation.clone()),
        mentioned.find_matching.again.command.clone(),
    ]);
    Some(("mentioned", row))
}
