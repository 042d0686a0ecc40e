//! Puts counts, dates, grades and codes into words.

use crate::answer::compare::funnel::{FEW_REPORTS, Funnel, Method, Place};
use crate::answer::compare::mentions::{Judged, Silent, Verdict};
use crate::answer::compare::{Comparison, Group, Share, Source, Span, Standardised, Strata};
use crate::answer::concordance::MatchOf;
use crate::answer::timeline::{Direction, Inspection};
use crate::ask::{Conditions, Near};
pub use crate::knowledge::dates::{day, days};
use crate::knowledge::names::{Names, Terms};
use crate::render::clean;
use findings_index::language::topic::Measured;
use findings_index::records::{Attribute, Grade, ParagraphRecord, ReportHead, Visit, numerals};
use findings_index::request::{FacetCount, FacetCounts};
use jiff::civil::Date;

/// What is shown where there is no value.
pub const NOTHING: &str = "–";

/// Names the lack of a value among values.
pub const ABSENT: &str = "(none)";

/// Marks a value of a facet that a condition chose.
pub const CHOSEN: &str = " (chosen)";

/// Heads the values of a facet that could be chosen instead, and what would be found.
pub const INSTEAD: &str = "if chosen instead";

/// Heads the values of a facet that are excluded, and what would be found as well.
pub const EXCLUDED: &str = "if no longer excluded";

/// Lists the values of a facet that do not occur among the matches, each list below its heading; none
/// is empty.
#[must_use]
pub fn other_values(facet: &FacetCounts) -> Vec<(&'static str, Vec<&FacetCount>)> {
    let (excluded, instead): (Vec<_>, Vec<_>) =
        facet.instead.iter().partition(|count| count.excluded);
    let both = [(INSTEAD, instead), (EXCLUDED, excluded)];
    both.into_iter().filter(|(_, counts)| !counts.is_empty()).collect()
}

/// Writes a number with its thousands separated: `12,345`.
#[must_use]
pub fn number(n: usize) -> String {
    numerals::thousands(n as u64)
}

/// Writes a number with its noun, in the plural unless there is one of it.
#[must_use]
pub fn count(n: usize, noun: &str) -> String {
    numerals::count(n as u64, noun)
}

/// Writes a count out of a total: `3 of 1,204`; a dash where there is nothing to count.
#[must_use]
pub fn of(count: usize, out_of: usize) -> String {
    if out_of == 0 {
        return NOTHING.to_owned();
    }
    format!("{} of {}", number(count), number(out_of))
}

/// Writes conditions as they were typed: `grade inadequate, not authority Elmet, from 2016`; `any condition` where
/// there are none.
#[must_use]
pub fn conditions(conditions: &Conditions) -> String {
    let mut told = Vec::new();
    for (attribute, values) in &conditions.values {
        told.push(format!("{} {}", attribute.name(), values.join(" or ")));
    }
    for (attribute, values) in &conditions.not {
        told.push(format!("not {} {}", attribute.name(), values.join(" or ")));
    }
    if !conditions.neighbours_of.is_empty() {
        told.push(format!("neighbours of {}", conditions.neighbours_of.join(" or ")));
    }
    told.extend(conditions.from.iter().map(|day| format!("from {day}")));
    told.extend(conditions.to.iter().map(|day| format!("to {day}")));
    told.extend(conditions.undated.then(|| "undated".to_owned()));
    told.extend(conditions.without_denials.then(|| "without denials".to_owned()));
    told.extend(conditions.new_since.iter().map(|since| format!("new since {since}")));
    let newest = conditions.takes_latest().then(|| "the newest full inspections".to_owned());
    told.extend(newest.map(|newest| match &conditions.as_at {
        Some(day) => format!("{newest} as at {day}"),
        None => newest,
    }));
    if told.is_empty() { "any condition".to_owned() } else { told.join(", ") }
}

/// Says when an inspection was: the month in which it began, else that of its publication.
#[must_use]
pub fn when(inspection: &Inspection) -> String {
    match (inspection.inspection_start, inspection.published) {
        (Some(start), _) => month(start),
        (None, Some(published)) => format!("published {}", month(published)),
        (None, None) => "undated".to_owned(),
    }
}

/// Returns the short form of an inspection's framework, with the kind of visit.
#[must_use]
pub fn short_framework(inspection: &Inspection) -> String {
    let kind = inspection.visit.map_or_else(String::new, |own| format!(" {}", visit(own)));
    format!("{}{kind}", inspection.framework_short)
}

/// Says what an inspection was: its framework, the kind of visit, and what a joint one was about.
#[must_use]
pub fn what(names: &Names, inspection: &Inspection) -> String {
    let mut parts = vec![framework(names, &inspection.framework).to_owned()];
    parts.extend(inspection.visit.map(|own| visit(own).to_owned()));
    parts.extend(inspection.inspection_theme.clone());
    clean::line(&parts.join(", "))
}

/// Says how a judgement differs from the comparable one before it.
#[must_use]
pub fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Better => "better",
        Direction::Same => "the same",
        Direction::Worse => "worse",
    }
}

/// Writes a month: `July 2012`.
#[must_use]
pub fn month(date: Date) -> String {
    date.strftime("%B %Y").to_string()
}

/// Returns the name of a framework with its abbreviation in brackets, or its code if it has none.
#[must_use]
pub fn framework<'n>(names: &'n Names, code: &'n str) -> &'n str {
    match code {
        "unknown" => "Framework not recognised",
        other => names.framework(other).unwrap_or(other),
    }
}

/// Returns the abbreviation in the name of a framework with what follows it (`SIF, re-inspection`),
/// or the name if there is none.
#[must_use]
pub fn abbreviation(names: &Names, code: &str) -> String {
    let name = framework(names, code);
    let bracketed = name.split_once('(').and_then(|(_, rest)| rest.split_once(')'));
    bracketed.map_or_else(|| name.to_owned(), |(short, rest)| format!("{short}{rest}"))
}

/// Names the kind of a visit.
#[must_use]
pub fn visit(visit: Visit) -> &'static str {
    match visit {
        Visit::Focused => "focused visit",
        Visit::Monitoring => "monitoring visit",
    }
}

/// Names a report: its authority, framework, visit, theme and month.
#[must_use]
pub fn report(names: &Names, head: &ReportHead) -> String {
    let authority = head.name().or(head.title.as_deref()).unwrap_or(&head.id);
    let mut parts = vec![authority.to_owned()];
    parts.push(framework(names, &head.framework).to_owned());
    parts.extend(head.visit.map(|kind| visit(kind).to_owned()));
    parts.extend(head.inspection_theme.clone());
    parts.extend(head.date().map(month));
    clean::line(&parts.join(", "))
}

/// Names the section of a paragraph by its two innermost headings: the innermost alone says little
/// where it is `Summary` or `Main findings`.
#[must_use]
pub fn section(paragraph: &ParagraphRecord) -> String {
    let headings = &paragraph.section;
    clean::line(&headings[headings.len().saturating_sub(2)..].join(" › "))
}

/// Sets a query between quotation marks, unless it has some of its own.
#[must_use]
pub fn quoted(text: &str) -> String {
    let text = text.trim();
    if text.contains(['"', '“']) { text.to_owned() } else { format!("“{text}”") }
}

/// Names a file's format.
#[must_use]
pub fn format(format: crate::extract::Format) -> &'static str {
    match format {
        crate::extract::Format::Pdf => "PDF",
        crate::extract::Format::Html => "HTML",
        crate::extract::Format::Markdown => "Markdown",
        crate::extract::Format::Text => "plain text",
    }
}

/// Writes numbers in ascending order, with runs joined: `1–14, 16`.
#[must_use]
pub fn ranges(numbers: &[u32]) -> String {
    let runs = numbers.chunk_by(|a, b| a + 1 == *b);
    let said: Vec<String> = runs
        .filter_map(|run| Some((run.first()?, run.last()?)))
        .map(
            |(first, last)| {
                if first == last { first.to_string() } else { format!("{first}–{last}") }
            },
        )
        .collect();
    said.join(", ")
}

/// Returns the label of a grade, or a dash.
#[must_use]
pub fn grade(grade: Option<&Grade>) -> &str {
    grade.map_or(NOTHING, |grade| &grade.label)
}

/// Returns an attribute as a noun in the singular, and the words for the lack of a value.
const fn words_of(attribute: Attribute) -> (&'static str, &'static str) {
    match attribute {
        Attribute::Grade => ("section grade", "no grade in force"),
        Attribute::Overall => ("overall judgement", "not judged overall"),
        Attribute::Theme => ("theme", "no theme"),
        Attribute::Topic => ("topic", ABSENT),
        Attribute::Section => ("section", ABSENT),
        Attribute::Authority => ("authority", "authority not known"),
        Attribute::Region => ("region", "region not known"),
        Attribute::Framework => ("framework", ABSENT),
        Attribute::Visit => ("visit type", "no visit"),
        Attribute::Kind => ("kind", ABSENT),
        Attribute::Timescale => ("timescale", "no timescale"),
        Attribute::Addressee => ("addressee", "no addressee named"),
        Attribute::Report => ("report", ABSENT),
        Attribute::Number => ("number", ABSENT),
        Attribute::Page => ("page", ABSENT),
        Attribute::Date => ("date", "undated"),
        Attribute::Year => ("year", "undated"),
    }
}

/// Returns an attribute as a noun in the singular.
#[must_use]
pub fn noun(attribute: Attribute) -> &'static str {
    words_of(attribute).0
}

/// Says how well a topic tags.
#[must_use]
pub fn measured(measured: &Measured) -> String {
    let quality = &measured.quality;
    format!("{}, by {} paragraphs that were read", quality.said(), number(quality.read))
}

/// Returns the heading above the values of an attribute.
#[must_use]
pub fn heading(attribute: Attribute) -> String {
    capital(noun(attribute))
}

/// Writes a text with a capital at its beginning.
#[must_use]
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// Writes a message as a sentence: with a capital at its beginning and a full stop at its end.
#[must_use]
pub fn sentence(message: &str) -> String {
    let mut said = capital(&clean::line(message));
    if !said.ends_with(['.', '?', '!', ':']) {
        said.push('.');
    }
    said
}

/// Writes a message as a sentence for a page, where what was typed is between quotation marks.
#[must_use]
pub fn told(message: &str) -> String {
    let mut said = String::new();
    for (place, part) in sentence(message).split('`').enumerate() {
        if place > 0 {
            said.push(if place % 2 == 1 { '“' } else { '”' });
        }
        said.push_str(part);
    }
    said
}

/// Names the value of a group, a framework by its code.
#[must_use]
pub fn short_value(dimension: Attribute, value: Option<&str>) -> String {
    match (dimension, value) {
        (Attribute::Theme, Some(id)) => id.replace('_', " "),
        (_, Some(value)) => value.to_owned(),
        (attribute, None) => words_of(attribute).1.to_owned(),
    }
}

/// Names the value of a group, a framework by its name.
#[must_use]
pub fn value(names: &Names, dimension: Attribute, value: Option<&str>) -> String {
    match (dimension, value) {
        (Attribute::Framework, Some(code)) => framework(names, code).to_owned(),
        _ => short_value(dimension, value),
    }
}

/// Writes a rate or share per hundred: `0.04`, `2.6`, `48`.
#[must_use]
pub fn percent(percent: Option<f64>) -> String {
    match percent {
        None => NOTHING.to_owned(),
        Some(percent) if percent < 0.005 => "0".to_owned(),
        Some(percent) if percent < 0.095 => format!("{percent:.2}"),
        Some(percent) if percent < 99.95 => format!("{percent:.1}"),
        Some(_) => "100".to_owned(),
    }
}

/// Writes an interval per hundred: `2.1–3.2`.
#[must_use]
pub fn interval(low: Option<f64>, high: Option<f64>) -> String {
    match (low, high) {
        (Some(_), Some(_)) => format!("{}–{}", percent(low), percent(high)),
        _ => String::new(),
    }
}

/// Writes the interval of a share per hundred, or that there are too few for one.
#[must_use]
pub fn doubt(low: Option<f64>, high: Option<f64>, too_few: bool) -> String {
    if too_few { TOO_FEW.to_owned() } else { interval(low, high) }
}

/// Names what is compared, by what: `return interview by authority`.
#[must_use]
pub fn subject(comparison: &Comparison) -> String {
    let by: Vec<&str> = comparison.by.iter().map(|by| noun(*by)).collect();
    format!("{} by {}", clean::line(&comparison.name), by.join(" and "))
}

/// The standardised rate of a group for readers: none where less than one match is expected, as a
/// single one would make it many times that of all.
#[must_use]
pub fn standardised(group: &Group) -> Option<Standardised> {
    group.standardised.filter(|own| own.expected >= 1.0)
}

/// Whether standardised rates differ from crude ones as they are shown.
#[must_use]
pub fn tells_standardised(comparison: &Comparison) -> bool {
    let mut groups = comparison.groups.iter().chain(&comparison.cells);
    comparison.is_standardised
        || groups.any(|group| {
            let own = standardised(group);
            own.is_some_and(|own| percent(own.percent) != percent(group.paragraphs.percent))
        })
}

/// Says what an authority is to whoever asks.
#[must_use]
pub fn near(near: Near) -> &'static str {
    match near {
        Near::Own => "your council",
        Near::Neighbour => "neighbour",
    }
}

/// Says on what terms reports may be reused, one sentence for all frameworks with the same terms.
#[must_use]
pub fn attributions(names: &Names, sources: &[Source]) -> Vec<String> {
    let mut by_terms: Vec<(&Terms, Vec<&Source>)> = Vec::new();
    for source in sources {
        match by_terms.iter_mut().find(|(terms, _)| **terms == source.terms) {
            Some((_, same)) => same.push(source),
            None => by_terms.push((&source.terms, vec![source])),
        }
    }
    let said = by_terms.into_iter().map(|(terms, sources)| {
        let reports = sources.iter().map(|source| source.reports).sum();
        let of: Vec<String> =
            sources.iter().map(|source| clean::line(framework(names, &source.framework))).collect();
        let of = format!("{}: {}", count(reports, "report"), of.join("; "));
        let end = |text: &str| {
            let text = clean::line(text);
            if text.ends_with('.') { text } else { format!("{text}.") }
        };
        match (&terms.attribution, &terms.licence) {
            (Some(attribution), _) => format!("{} ({of})", end(attribution)),
            (None, Some(licence)) => format!("Licence: {} ({of})", end(licence)),
            (None, None) => format!("Licence and attribution not known. ({of})"),
        }
    });
    said.collect()
}

/// What the counts of named queries are of.
pub const EVERY_KIND: &str = "Counted as in a search: paragraphs of every kind; a comparison leaves out \
                              context and boilerplate";

/// Says what matches in context are, after their number, and what their paragraphs have, after the
/// number of these.
#[must_use]
pub fn matches_of(match_of: MatchOf) -> [&'static str; 2] {
    match match_of {
        MatchOf::Whole => ["", ""],
        MatchOf::WordOfAll => [" of any of the words", " that have all of them,"],
        MatchOf::WordOfAny => [" of any of the words", ""],
    }
}

/// Writes the interval of a share, as [`doubt`] does.
#[must_use]
pub fn share_doubt(share: Share) -> String {
    doubt(share.low, share.high, share.too_few)
}

/// Writes the years of a span: `2014–2019`.
#[must_use]
pub fn years(span: Span) -> String {
    span.years().unwrap_or_else(|| NOTHING.to_owned())
}

/// What stands in the place of an interval that could not be relied on.
pub const TOO_FEW: &str = "too few";

/// The places outside of the limits, the furthest first.
pub const PLACES: [(Place, &str); 4] = [
    (Place::Above998, "above the 99.8% limit"),
    (Place::Above95, "above the 95% limit"),
    (Place::Below95, "below the 95% limit"),
    (Place::Below998, "below the 99.8% limit"),
];

/// Says what the limits of a funnel allow for; begins with a space.
#[must_use]
pub fn limits(funnel: &Funnel) -> String {
    let by = match funnel.strata {
        _ if funnel.method == Method::Raw => {
            return " Raw limits take every paragraph for independent.".to_owned();
        }
        Strata::None => "",
        Strata::Framework => " Rates are standardised by framework.",
        Strata::FrameworkAndYears => " Rates are standardised by framework and years.",
    };
    let shuffled = funnel.points.iter().any(|point| point.is_shuffled);
    let small = if shuffled {
        format!(" Groups of fewer than {FEW_REPORTS} reports are placed by shuffling reports.")
    } else {
        String::new()
    };
    format!(
        "{by} Limits allow for reports that differ.{small} Limits say how far chance takes a group \
         from what its kind of reports have; its 95% interval, how sure its own rate is from its own \
         reports alone: a group may be outside the one and not the other."
    )
}

/// Names inspections by their result.
#[must_use]
pub fn judged(judged: &Judged) -> String {
    match (judged.verdict, &judged.label) {
        (Verdict::Visit, _) => "visits, which give no grade".to_owned(),
        (Verdict::Judged, Some(label)) => clean::line(label),
        _ => "not judged overall".to_owned(),
    }
}

/// Says of how much the silence of an authority is.
#[must_use]
pub fn silent(silent: &Silent) -> String {
    let inspections = count(silent.reports, "inspection");
    let years = silent.span.years().map_or_else(String::new, |years| format!(", {years}"));
    format!(
        "{} ({inspections}{years}, {} words)",
        silent.authority,
        numerals::thousands(silent.words)
    )
}

/// Names a cause by its code, for a list of counts: `too large`.
#[must_use]
pub fn cause(code: &str) -> String {
    match code {
        "not_a_pdf" => "not a PDF".to_owned(),
        "io" => "disk fault".to_owned(),
        "other_type" => "another type of file".to_owned(),
        "no_prose" => "too little prose".to_owned(),
        other => other.replace('_', " "),
    }
}

/// Writes where in the PDF: `page 14`, `pages 14–15`.
#[must_use]
pub fn pages(first: u32, last: Option<u32>) -> String {
    match last {
        Some(last) if last > first => format!("pages {first}–{last}"),
        _ => format!("page {first}"),
    }
}

/// Writes to which paragraphs of its report one refers, of which the ids are given:
/// `refers to paragraphs 3, 4`.
#[must_use]
pub fn refers(ids: &[String]) -> String {
    let places: Vec<&str> = ids.iter().map(|id| place_of(id)).collect();
    let called = if ids.len() == 1 { "paragraph" } else { "paragraphs" };
    format!("refers to {called} {}", places.join(", "))
}

/// The part of the id of a paragraph that is its own within the report: its printed number, or page
/// and place.
#[must_use]
pub fn place_of(id: &str) -> &str {
    id.split_once('/').map_or(id, |(_, place)| place)
}

#[cfg(test)]
mod tests {
    use super::{count, days, number, pages, refers};
    use jiff::civil::date;

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!(number(1_234_567), "1,234,567");
        assert_eq!(count(1_000, "report"), "1,000 reports");
        assert_eq!(refers(&["lamps/3".into()]), "refers to paragraph 3");
        assert_eq!(refers(&["lamps/3".into(), "lamps/12b".into()]), "refers to paragraphs 3, 12b");
    }

    #[test]
    fn a_span_of_days_says_nothing_twice() {
        assert_eq!(days(date(2012, 6, 11), Some(date(2012, 6, 22))), "11–22 June 2012");
        assert_eq!(
            days(date(2016, 11, 28), Some(date(2016, 12, 9))),
            "28 November – 9 December 2016"
        );
        assert_eq!(
            days(date(2016, 12, 28), Some(date(2017, 1, 9))),
            "28 December 2016 – 9 January 2017"
        );
        assert_eq!(days(date(2016, 7, 28), Some(date(2016, 7, 28))), "28 July 2016");
        assert_eq!(days(date(2016, 7, 28), None), "28 July 2016");
    }

    #[test]
    fn a_paragraph_across_pages_names_both() {
        assert_eq!(pages(14, Some(15)), "pages 14–15");
        assert_eq!(pages(14, Some(14)), "page 14");
    }
}
