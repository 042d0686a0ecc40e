//! Reads dates and ranges of dates as reports print them, and writes them in words.
//!
//! Examples: "11-22 June 2012", "14 January – 5 February 2014", "1/06/2015 – 25/06/2015", "5 to 9
//! December 2022 and 14 to 15 February 2023". A missing month or year is taken from the next date
//! that has it. Never fails: text that is not a date gives `None`.

use findings_index::language::dates::MONTHS;
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use regex::Regex;
use std::sync::LazyLock;

/// "2012-06-11", "11/06/2012", "11.06.12"
static NUMERIC: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^(?:(?P<y0>(?:19|20)\d\d)-(?P<m0>\d\d)-(?P<d0>\d\d)\b|(?P<d1>\d{1,2}) ?[/.-] ?(?P<m1>\d{1,2}) ?[/.-] ?(?P<y1>\d{4})|(?P<d2>\d{1,2})[/.](?P<m2>\d{1,2})[/.](?P<y2>\d\d)\b)",
    )
    .ok()
});
/// "June 11, 2012", "11th of June 2012", "11"
static WORDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(
        r"(?i)^(?:(?P<m0>{MONTH})\b\.? (?P<d0>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (?P<y0>20\d\d|19\d\d)\b)?|(?P<d1>\d{{1,2}})(?: ?(?:st|nd|rd|th)\b)?(?:(?: of)?[ -]?(?P<m1>{MONTH})\b\.?,?)?(?:[ ,-]{{0,2}}(?P<y1>20\d\d|19\d\d)\b)?)"
    ))
    .ok()
});
/// What is printed between two days, with a remark in brackets at most.
static JOINT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)^(?: ?\([^()\n]{1,60}\))?(?: ?(?:[-–—−,&;/+]|to\b|and\b|until\b|till\b|through\b|then\b|also\b))+ ?(?:from |between |on |the )*",
    )
    .ok()
});
static WEEKDAY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)^(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,? (?:the )?",
    )
    .ok()
});

/// A month in words, whole or short.
const MONTH: &str = "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?";

/// A day whose month and year may be missing.
#[derive(Clone, Copy)]
struct Partial {
    day: i8,
    month: Option<i8>,
    year: Option<i16>,
    /// Whether the month is printed first, and so once for the days after it.
    is_month_first: bool,
}

/// The first and the last day of the dates at the beginning of `text`. If no year is printed, they
/// are the last such days before `published`.
#[must_use]
pub fn range(text: &str, published: Option<Date>) -> Option<(Date, Date)> {
    let mut found: Vec<Partial> = Vec::new();
    let mut rest = text.trim_start();
    while let Some((partial, length)) = partial(rest) {
        found.push(partial);
        rest = &rest[length..];
        match JOINT.as_ref()?.find(rest) {
            Some(joint) => rest = &rest[joint.end()..],
            None => break,
        }
    }
    with_months(&mut found);
    let printed = found.iter().rev().find_map(|partial| partial.year);
    let year = printed.or(published.map(Date::year))?;
    let dates = with_years(&found, year)?;
    let (first, last) = (dates.iter().min().copied()?, dates.iter().max().copied()?);
    if printed.is_none() && published.is_some_and(|published| last > published) {
        let dates = with_years(&found, year - 1)?;
        return Some((dates.iter().min().copied()?, dates.iter().max().copied()?));
    }
    Some((first, last))
}

/// Gives each day the month that is printed with a later one, or before it; leaves out numbers at
/// the end that have none.
fn with_months(found: &mut Vec<Partial>) {
    for at in 1..found.len() {
        let before = found[at - 1];
        if before.is_month_first && found[at].month.is_none() {
            found[at].month = before.month;
            found[at].is_month_first = true;
        }
    }
    while found.last().is_some_and(|last| last.month.is_none()) {
        found.pop();
    }
    for at in (1..found.len()).rev() {
        found[at - 1].month = found[at - 1].month.or(found[at].month);
    }
}

/// The days with the year that is printed with a later one, or else with an earlier one; a day
/// without a year that would be after the next one is of the year before.
fn with_years(found: &[Partial], last: i16) -> Option<Vec<Date>> {
    let mut dates: Vec<Date> = Vec::with_capacity(found.len());
    let mut year = last;
    for partial in found.iter().rev() {
        let day = |year: i16| Date::new(year, partial.month?, partial.day).ok();
        year = partial.year.unwrap_or(year);
        let mut date = day(year)?;
        if partial.year.is_none() && dates.last().is_some_and(|next| date > *next) {
            date = day(year - 1)?;
        }
        year = date.year();
        dates.push(date);
    }
    Some(dates)
}

/// Writes a day as people do: `27 July 2012`.
#[must_use]
pub fn day(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

/// Writes a moment as people do, in UTC: a day alone at its first moment, else `27 July 2012, 10:05:30
/// UTC`.
#[must_use]
pub fn moment(moment: Timestamp) -> String {
    let there = moment.to_zoned(TimeZone::UTC);
    if there.time() == Time::midnight() {
        return day(there.date());
    }
    format!("{}, {} UTC", day(there.date()), there.time())
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
    let numeric = || {
        let found = NUMERIC.as_ref()?.captures(text)?;
        let part = |letter: char| {
            let groups = (0..3).find_map(|group| found.name(&format!("{letter}{group}")));
            groups.and_then(|part| part.as_str().parse::<i16>().ok())
        };
        let year = part('y').map(|year| if year < 100 { year + 2000 } else { year });
        // Otherwise they are days: "12-13-2015" is nothing.
        let month = part('m').and_then(|month| i8::try_from(month).ok());
        let month = month.filter(|month| (1..=12).contains(month))?;
        let day = i8::try_from(part('d')?).ok()?;
        let partial = Partial { day, month: Some(month), year, is_month_first: false };
        Some((partial, skipped + found[0].len()))
    };
    numeric().or_else(|| {
        let found = WORDS.as_ref()?.captures(text)?;
        let part = |first: &str, second: &str| found.name(first).or_else(|| found.name(second));
        let month = part("m0", "m1").and_then(|printed| {
            let printed = printed.as_str().to_lowercase();
            MONTHS.iter().position(|name| name.starts_with(&printed[..3])).map(|i| i as i8 + 1)
        });
        let partial = Partial {
            day: part("d0", "d1")?.as_str().parse().ok()?,
            month,
            year: part("y0", "y1").and_then(|year| year.as_str().parse().ok()),
            is_month_first: found.name("m0").is_some(),
        };
        Some((partial, skipped + found[0].len()))
    })
}

#[cfg(test)]
mod tests {
    use super::{in_file_name, range};

    fn iso(text: &str, published: Option<&str>) -> Option<String> {
        let published = published.map(|day| day.parse().unwrap());
        range(text, published).map(|(a, b)| format!("{a} {b}"))
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
            (
                "8 July 2019 to 12 July 2019, and 7 August 2019 to 8 August 2019",
                "2019-07-08 2019-08-08",
            ),
            ("7 and 8 October 2025. Inspectors", "2025-10-07 2025-10-08"),
            ("3rd of June to 14th of June, 2013", "2013-06-03 2013-06-14"),
            ("11, 12 and 13 June 2012", "2012-06-11 2012-06-13"),
            ("12 December to 6 January 2017", "2016-12-12 2017-01-06"),
            ("27 May 2013 to 3 June", "2013-05-27 2013-06-03"),
            ("21 to 25 September 2020 (off site) and 1 to 2 October 2020", "2020-09-21 2020-10-02"),
            ("1.06.2015 - 25.06.2015", "2015-06-01 2015-06-25"),
            ("11/06/12 to 22/06/12", "2012-06-11 2012-06-22"),
            ("2019-07-08 to 2019-07-12", "2019-07-08 2019-07-12"),
            ("June 11, 2012", "2012-06-11 2012-06-11"),
            ("June 11 to 22, 2012", "2012-06-11 2012-06-22"),
            ("Mon 4 - Fri 8 March 2019", "2019-03-04 2019-03-08"),
            ("6 -7 October 2021", "2021-10-06 2021-10-07"),
            ("11-22 June 2012 and 5 schools", "2012-06-11 2012-06-22"),
        ] {
            assert_eq!(iso(text, None).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(
            iso("20 and 24 June, Ofsted", Some("2016-08-03")).unwrap_or_default(),
            "2016-06-20 2016-06-24"
        );
        let winter = iso("12 and 16 December, Ofsted", Some("2017-01-20")).unwrap_or_default();
        assert_eq!(winter, "2016-12-12 2016-12-16");
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
