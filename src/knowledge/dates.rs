//! Reads dates and ranges of dates as reports print them, and writes them in words.
//!
//! Examples: "11-22 June 2012", "14 January – 5 February 2014", "1/06/2015 – 25/06/2015", "5 to 9
//! December 2022 and 14 to 15 February 2023". A missing month or year is taken from the next date
//! that has it. Never fails: text that is not a date gives `None`.

use findings_index::language::dates::MONTHS;
use jiff::civil::Date;
use regex::Regex;
use std::sync::LazyLock;

static NUMERIC: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^(\d{1,2})[/.](\d{1,2})[/.](\d{4})").ok());
static WORDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)^(\d{1,2})(?:st|nd|rd|th)?(?:(?: of)? ?(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?,?)?(?: ?(20\d\d|19\d\d))?",
    )
    .ok()
});
static JOINT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^ ?(?:[-–—,&]|to\b|and\b|until\b|through\b)+ ?(?:from |between |(?:mon|tues|wednes|thurs|fri|satur|sun)day )?").ok()
});
static WEEKDAY: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)^(?:mon|tues|wednes|thurs|fri|satur|sun)day,? ").ok());

/// A day whose month and year may be missing.
#[derive(Clone, Copy)]
struct Partial {
    day: i8,
    month: Option<i8>,
    year: Option<i16>,
}

/// The first and the last day of the dates at the beginning of `text`; `year` is used if none is
/// printed.
#[must_use]
pub fn range(text: &str, year: Option<i16>) -> Option<(Date, Date)> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some((partial, length)) = partial(rest) {
        found.push(partial);
        rest = &rest[length..];
        match JOINT.as_ref()?.find(rest) {
            Some(joint) => rest = &rest[joint.end()..],
            None => break,
        }
    }
    let (mut month, mut next_year) = (None, year);
    let mut dates = Vec::with_capacity(found.len());
    // From the last to the first: "11-22 June 2012" prints month and year once, at the end.
    for partial in found.iter().rev() {
        month = partial.month.or(month);
        next_year = partial.year.or(next_year);
        match month.zip(next_year).and_then(|(m, y)| Date::new(y, m, partial.day).ok()) {
            Some(date) => dates.push(date),
            None if dates.is_empty() => {}
            None => return None,
        }
    }
    Some((dates.iter().min().copied()?, dates.iter().max().copied()?))
}

/// Writes a day as people do: `27 July 2012`.
#[must_use]
pub fn day(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

/// Writes a span of days without repeating month or year: `11–22 June 2012`.
#[must_use]
pub fn days(start: Date, end: Option<Date>) -> String {
    let Some(end) = end.filter(|end| *end != start) else {
        return day(start);
    };
    if start.year() != end.year() {
        format!("{} – {}", day(start), day(end))
    } else if start.month() != end.month() {
        format!("{} – {}", start.strftime("%-d %B"), day(end))
    } else {
        format!("{}–{}", start.day(), day(end))
    }
}

/// The single date at the beginning of `text`.
#[must_use]
pub fn single(text: &str) -> Option<Date> {
    range(text, None).map(|(first, _)| first)
}

/// The last date in a file's name, such as `... - 27 october 2023.pdf` or `2023-10-27`.
#[must_use]
pub fn in_file_name(name: &str) -> Option<Date> {
    let name = name.replace(['_', '+'], " ");
    let starts = name
        .char_indices()
        .filter(|&(at, c)| {
            c.is_ascii_digit() && !name[..at].ends_with(|before: char| before.is_ascii_digit())
        })
        .map(|(at, _)| at);
    starts
        .filter_map(|at| {
            let rest = &name[at..];
            let iso = rest.get(..10).and_then(|s| s.parse::<Date>().ok());
            let words = || {
                let (partial, _) = partial(rest)?;
                Date::new(partial.year?, partial.month?, partial.day).ok()
            };
            iso.or_else(words)
        })
        .next_back()
}

fn partial(text: &str) -> Option<(Partial, usize)> {
    let skipped = WEEKDAY.as_ref()?.find(text).map_or(0, |m| m.end());
    let text = &text[skipped..];
    if let Some(found) = NUMERIC.as_ref()?.captures(text) {
        let partial = Partial {
            day: found[1].parse().ok()?,
            month: found[2].parse().ok(),
            year: found[3].parse().ok(),
        };
        return Some((partial, skipped + found[0].len()));
    }
    let found = WORDS.as_ref()?.captures(text)?;
    let month = found.get(2).and_then(|m| {
        let printed = m.as_str().to_lowercase();
        MONTHS.iter().position(|name| name.starts_with(&printed[..3])).map(|i| i as i8 + 1)
    });
    let partial = Partial {
        day: found[1].parse().ok()?,
        month,
        year: found.get(3).and_then(|y| y.as_str().parse().ok()),
    };
    Some((partial, skipped + found[0].len()))
}

#[cfg(test)]
mod tests {
    use super::{in_file_name, range};

    fn iso(text: &str, year: Option<i16>) -> Option<String> {
        range(text, year).map(|(a, b)| format!("{a} {b}"))
    }

    #[test]
    fn every_spelling_of_a_range_met_in_reports_is_read() {
        for (text, expected) in [
            ("11-22 June 2012", "2012-06-11 2012-06-22"),
            ("8 – 12 July 2013", "2013-07-08 2013-07-12"),
            ("14 January – 5 February 2014", "2014-01-14 2014-02-05"),
            ("18 Feb 2014 – 12 March 2014", "2014-02-18 2014-03-12"),
            ("05 July 2016–27 July 2016 Report", "2016-07-05 2016-07-27"),
            ("1/06/2015 – 25/06/2015", "2015-06-01 2015-06-25"),
            ("28 July 2016\nReport", "2016-07-28 2016-07-28"),
            ("5 to 9 December 2022 and 14 to 15 February 2023", "2022-12-05 2023-02-15"),
            ("Monday 4 to Friday 8 March 2019", "2019-03-04 2019-03-08"),
            ("30 November to 11 December 2015", "2015-11-30 2015-12-11"),
        ] {
            assert_eq!(iso(text, None).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(
            iso("20 and 24 June, Ofsted", Some(2016)).unwrap_or_default(),
            "2016-06-20 2016-06-24"
        );
        assert_eq!(iso("no date", None), None);
        assert_eq!(iso("45 June 2012", None), None);
    }

    #[test]
    fn a_file_name_ends_in_the_date_of_publication() {
        let date = |name| in_file_name(name).map(|d| d.to_string());
        assert_eq!(
            date("children's services inspection - 27 october 2023.pdf").as_deref(),
            Some("2023-10-27")
        );
        assert_eq!(date("fairmere-2019-06-14.html").as_deref(), Some("2019-06-14"));
        assert_eq!(date("report 12 of 14.pdf"), None);
    }
}
