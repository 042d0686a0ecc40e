//! Puts what is new into words, which text, Markdown and the page set each in its own way.

use super::words;
use crate::answer::digest::{Before, Changed, Digest, Matched, NewReport};
use crate::answer::timeline::{Direction, Judged};
use crate::knowledge::dates::{day, days};
use crate::knowledge::names::Names;
use findings_index::records::{Body, ReportHead};
use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;

/// How many changed reports are listed: a newer program may read all that are held otherwise.
pub(super) const CHANGED: usize = 20;

/// Says since when, and up to which build.
pub(super) fn span(digest: &Digest) -> String {
    let until = moment(digest.until);
    match &digest.since.mark {
        Some(mark) => format!(
            "Since the build of {}, which was marked as read on {}; up to that of {until}.",
            moment(mark.marked),
            moment(mark.when)
        ),
        None => format!("Since {}; up to the build of {until}.", moment(digest.since.moment)),
    }
}

/// Writes a moment to the minute, in UTC; a day alone at its first moment.
fn moment(moment: Timestamp) -> String {
    let there = moment.to_zoned(TimeZone::UTC);
    match there.time() == Time::midnight() {
        true => day(there.date()),
        false => format!("{}, {} UTC", day(there.date()), there.strftime("%H:%M")),
    }
}

/// Says how much is new.
pub(super) fn head(digest: &Digest) -> Vec<String> {
    let counts = &digest.counts;
    let mut said = vec![match digest.has_news() {
        false => "Nothing new".to_owned(),
        true => words::count(counts.reports, "new report"),
    }];
    if counts.changed > 0 {
        said.push(words::count(counts.changed, "changed report"));
    }
    if counts.searches > 0 {
        said.push(format!(
            "{} of {}",
            words::count(counts.matches, "new match"),
            words::count(counts.searches, "saved search")
        ));
    }
    said
}

/// Says how many judgements went which way; `None` where none could be compared.
pub(super) fn went(digest: &Digest) -> Option<String> {
    let counts = &digest.counts;
    let all = counts.better + counts.worse + counts.same;
    (all > 0).then(|| {
        format!(
            "{} that can be compared: {} better, {} worse, {} the same.",
            words::count(all, "judgement"),
            counts.better,
            counts.worse,
            counts.same
        )
    })
}

/// Names whom a report is about.
pub(super) fn name(report: &ReportHead) -> &str {
    report.name().unwrap_or(&report.id)
}

/// Says what a report is of, when, and how it judges.
pub(super) fn inspection(names: &Names, report: &ReportHead) -> Vec<String> {
    let mut said = vec![words::framework(names, &report.framework).to_owned()];
    said.extend(report.visit.map(|visit| words::visit(visit).to_owned()));
    said.extend(report.inspection_theme.clone());
    let inspected = report.inspection_start.map(|first| days(first, report.inspection_end));
    said.extend(inspected.map(|days| format!("inspected {days}")));
    said.extend(report.published.map(|own| format!("published {}", day(own))));
    said
}

/// The new reports of full inspections, and the others.
pub(super) fn parted(digest: &Digest) -> (Vec<&NewReport>, Vec<&NewReport>) {
    digest.reports.iter().partition(|own| own.is_full)
}

/// Says with what the judgements of a new report are compared, or why they are not.
pub(super) fn against(own: &NewReport) -> String {
    let Some(before) = &own.before else {
        return match own.report.date() {
            Some(_) => "no earlier full inspection of it is held".to_owned(),
            None => "it has no date, so it is not known what came before it".to_owned(),
        };
    };
    let when = earlier(before);
    match (before.is_comparable, &before.says) {
        (true, None) => format!("against {when}"),
        (true, Some(says)) => format!("against {when}; what is judged changes: {says}"),
        (false, Some(says)) => format!("cannot be compared with {when}: {says}"),
        (false, None) => format!(
            "cannot be compared with {when}: another scale or body, or no judgement was found"
        ),
    }
}

/// Names an earlier inspection.
fn earlier(before: &Before) -> String {
    let when = before.date.map(|date| format!(" of {}", words::month(date))).unwrap_or_default();
    format!("{}{when} ({})", before.framework_short, before.report)
}

/// The mark and the word for how a judgement went.
pub(super) fn direction(own: &NewReport, judged: &Judged) -> (&'static str, &'static str) {
    match judged.change.as_ref().map(|change| change.direction) {
        Some(Direction::Better) => ("▲", "better"),
        Some(Direction::Worse) => ("▼", "worse"),
        Some(Direction::Same) => ("=", "same"),
        None if own.before.as_ref().is_some_and(|before| before.is_comparable) => {
            ("–", "not judged before")
        }
        None => ("–", ""),
    }
}

/// Names what is judged, and whom if that is another body.
pub(super) fn area(judged: &Judged) -> String {
    let body = match judged.body {
        Body::Authority => "",
        Body::Lscb => " (board)",
        Body::Partnership => " (partnership)",
    };
    let whole = if judged.is_overall && !judged.area.to_lowercase().contains("overall") {
        "Overall: "
    } else {
        ""
    };
    format!("{whole}{}{body}", judged.area)
}

/// The area of the earlier judgement, where it was named otherwise.
pub(super) fn other_area(judged: &Judged) -> Option<&str> {
    let change = judged.change.as_ref().filter(|change| change.is_other_area);
    change.map(|change| change.from_area.as_str())
}

/// Says that a new report is not the newest of its authority.
pub(super) fn later(own: &NewReport) -> Option<String> {
    own.later.as_ref().map(|id| format!("a later full inspection is held: {id}"))
}

/// Says what has changed in a report.
pub(super) fn changed(own: &Changed) -> String {
    let mut said = Vec::new();
    if own.changed_paragraphs > 0 {
        said.push(format!("{} changed", words::count(own.changed_paragraphs, "paragraph")));
    }
    if own.new_paragraphs > 0 {
        said.push(words::count(own.new_paragraphs, "new paragraph"));
    }
    if said.is_empty() {
        said.push("what it says of itself, or paragraphs that are gone".to_owned());
    }
    said.join(", ")
}

/// The saved searches that find something new, and the names of the others.
pub(super) fn matched(digest: &Digest) -> (Vec<&Matched>, Vec<&str>) {
    let (with, without): (Vec<&Matched>, Vec<&Matched>) =
        digest.searches.iter().partition(|search| search.new > 0);
    (with, without.into_iter().map(|search| search.name.as_str()).collect())
}

/// Says how much a saved search finds.
pub(super) fn found(search: &Matched) -> String {
    format!(
        "{} new of {}, in {}",
        words::number(search.new),
        words::count(search.total, "paragraph"),
        words::count(search.reports, "report")
    )
}

/// How a saved search was understood.
pub(super) fn understood(search: &Matched) -> String {
    let mut said = vec![format!("understood as {}", search.looked_for.query)];
    let topics = search.looked_for.topics_used.iter();
    said.extend(topics.map(|topic| format!("topic {} {}", topic.id, topic.version)));
    said.join("; ")
}

/// Which of the new matches are quoted, where not all are.
pub(super) fn more(search: &Matched) -> Option<String> {
    let left = search.new.saturating_sub(search.quotes.len());
    (left > 0).then(|| format!("{} more", words::number(left)))
}

/// The command that finds all new matches, where not all are quoted.
pub(super) fn all(search: &Matched) -> Option<&str> {
    let find = search.find.as_ref().filter(|_| search.new > search.quotes.len())?;
    Some(&find.again.command)
}

/// Says everything of a new report in plain lines: what it is, and each judgement.
pub(super) fn report(names: &Names, own: &NewReport) -> Vec<String> {
    let mut said = vec![inspection(names, &own.report).join(", ")];
    let overall = own.report.overall.as_ref();
    said.extend(overall.filter(|_| !own.is_full).map(|own| format!("overall: {}", own.label)));
    if !own.is_full {
        return said;
    }
    said.extend(later(own));
    said.push(against(own));
    said.extend(own.judgements.iter().map(|judged| {
        let (mark, word) = direction(own, judged);
        let moved = judged.change.as_ref().filter(|_| matches!(word, "better" | "worse"));
        let from = moved.map(|change| format!("{} → ", change.from)).unwrap_or_default();
        format!("{} {}: {from}{}", format!("{mark} {word}").trim_end(), area(judged), judged.label)
    }));
    said
}
