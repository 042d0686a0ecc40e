//! Says counts, dates, grades and codes in words.

pub use crate::knowledge::dates::{day, days};
use crate::knowledge::names;
use findings_index::language::query::Field;
use findings_index::records::{Grade, Visit, numerals};
use findings_index::request::compare::Dimension;
use findings_index::request::{Facet, UnheldWord};
use jiff::civil::Date;

/// What stands where there is no value.
pub const NOTHING: &str = "–";

/// Names the lack of a value among values.
pub const ABSENT: &str = "(none)";

/// A number with its thousands set apart: `12,345`.
#[must_use]
pub fn number(n: usize) -> String {
    numerals::thousands(n as u64)
}

/// A number with its noun, which takes an `s` unless there is one of it.
#[must_use]
pub fn count(n: usize, noun: &str) -> String {
    numerals::count(n as u64, noun)
}

/// So many of so many: `3 of 1,204`; a dash where there is nothing to count.
#[must_use]
pub fn of(count: usize, out_of: usize) -> String {
    if out_of == 0 {
        return NOTHING.to_owned();
    }
    format!("{} of {}", number(count), number(out_of))
}

/// A word that nothing holds, with what was perhaps meant and how much that would find.
#[must_use]
pub fn unheld(unheld: &UnheldWord) -> String {
    let holder = if unheld.field == Some(Field::Section) { "heading" } else { "paragraph" };
    let said = format!("no {holder} holds `{}`", unheld.word);
    let near = unheld.near.iter();
    let near =
        near.map(|near| format!("`{}` ({})", near.word, count(near.paragraphs, "paragraph")));
    match near.collect::<Vec<_>>().as_slice() {
        [] => said,
        near => format!("{said}; did you mean {}?", near.join(" or ")),
    }
}

/// A month: `July 2012`.
#[must_use]
pub fn month(date: Date) -> String {
    date.strftime("%B %Y").to_string()
}

/// The name of a framework, its abbreviation in brackets; a code that has none is its own name.
#[must_use]
pub fn framework(code: &str) -> &str {
    match code {
        "unknown" => "Framework not recognised",
        other => names::framework(other).unwrap_or(other),
    }
}

/// What kind of visit it was.
#[must_use]
pub fn visit(visit: Visit) -> &'static str {
    match visit {
        Visit::Focused => "focused visit",
        Visit::Monitoring => "monitoring visit",
    }
}

/// The name of a file's format.
#[must_use]
pub fn format(format: crate::extract::Format) -> &'static str {
    match format {
        crate::extract::Format::Pdf => "PDF",
        crate::extract::Format::Html => "HTML",
        crate::extract::Format::Markdown => "Markdown",
        crate::extract::Format::Text => "plain text",
    }
}

/// Numbers in ascending order with runs drawn together: `1–14, 16`.
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

/// The label of a grade, or a dash.
#[must_use]
pub fn grade(grade: Option<&Grade>) -> &str {
    grade.map_or(NOTHING, |grade| &grade.label)
}

/// The heading above the counts of a facet.
#[must_use]
pub fn facet(facet: Facet) -> &'static str {
    match facet {
        Facet::Grade => "Section grade",
        Facet::Overall => "Overall judgement",
        Facet::Theme => "Theme",
        Facet::Section => "Section",
        Facet::Authority => "Authority",
        Facet::Region => "Region",
        Facet::Framework => "Framework",
        Facet::Kind => "Kind",
        Facet::Report => "Report",
        Facet::Topic => "Topic",
        Facet::Year => "Year",
    }
}

/// The heading above the values of a dimension.
#[must_use]
pub fn dimension(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Authority => "Authority",
        Dimension::Report => "Report",
        Dimension::Grade => "Section grade",
        Dimension::Overall => "Overall judgement",
        Dimension::Framework => "Framework",
        Dimension::Year => "Year",
        Dimension::Region => "Region",
        Dimension::Theme => "Theme",
        Dimension::Kind => "Kind",
    }
}

/// The value of a group; `short` gives a framework its code instead of its name.
#[must_use]
pub fn value(dimension: Dimension, value: Option<&str>, short: bool) -> String {
    match (dimension, value) {
        (Dimension::Authority, None) => "authority not known".to_owned(),
        (Dimension::Region, None) => "region not known".to_owned(),
        (Dimension::Grade, None) => "no grade in force".to_owned(),
        (Dimension::Overall, None) => "not judged overall".to_owned(),
        (Dimension::Theme, None) => "no theme".to_owned(),
        (Dimension::Year, None) => "undated".to_owned(),
        (Dimension::Report | Dimension::Framework | Dimension::Kind, None) => ABSENT.to_owned(),
        (Dimension::Framework, Some(code)) if !short => framework(code).to_owned(),
        (Dimension::Theme, Some(id)) => id.replace('_', " "),
        (_, Some(value)) => value.to_owned(),
    }
}

/// A rate or share of a hundred: `0.04`, `2.6`, `48`.
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

/// An interval of a hundred: `2.1–3.2`.
#[must_use]
pub fn interval(low: Option<f64>, high: Option<f64>) -> String {
    match (low, high) {
        (Some(_), Some(_)) => format!("{}–{}", percent(low), percent(high)),
        _ => String::new(),
    }
}

/// A cause by its stable name, for a list of counts: `too large`.
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

/// Where in the PDF: `page 14`, `pages 14–15`.
#[must_use]
pub fn pages(first: u32, last: Option<u32>) -> String {
    match last {
        Some(last) if last > first => format!("pages {first}–{last}"),
        _ => format!("page {first}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{count, days, number, pages};
    use jiff::civil::date;

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!(number(1_234_567), "1,234,567");
        assert_eq!(count(1_000, "report"), "1,000 reports");
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
