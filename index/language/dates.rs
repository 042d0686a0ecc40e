//! Dates and spans of dates as people type them.
//!
//! One day, month or year: `2019`, `2019-04`, `2019-04-01`, `01/04/2019` (the day first), `1.4.2019`,
//! `1 April 2019`, `1st of April 2019`, `Apr 2019`. A period: two of them (`2019-2021`, `April 2019 to
//! June 2019`), or one with a word such as `since`. What has two readings is refused with both, never
//! guessed: `2018/19` is a financial or a school year.

use jiff::civil::Date;

/// The names of the months, in small letters.
pub const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const WEEKDAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// How dates may be written, for a message about one that is not understood.
pub const EXPECTED: &str = "write a year (2019), a month (2019-05, May 2019) or a day (2019-05-31, 31/05/2019, 31 May 2019)";

/// Days that follow one another; an end that is `None` is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub first: Option<Date>,
    /// The last day.
    pub last: Option<Date>,
}

/// Why a text is not a date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DateFault {
    /// It has none of the forms of a date.
    #[error("{EXPECTED}")]
    Unknown,
    /// It has the form of a date and is none: why, and what may be meant.
    #[error("{reason}")]
    Impossible {
        /// What the calendar lacks, or what is missing.
        reason: String,
        /// The date that may be meant.
        meant: Option<String>,
    },
    /// It has several readings.
    #[error("{}", either(readings))]
    Ambiguous {
        /// The readings, the likeliest first.
        readings: Vec<Reading>,
    },
}

/// One of the things that a text may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// What it is: `the financial year`.
    pub name: &'static str,
    /// Its first day.
    pub first: Date,
    /// Its last day.
    pub last: Date,
}

fn either(readings: &[Reading]) -> String {
    let each =
        readings.iter().map(|Reading { name, first, last }| format!("{name} ({first}..{last})"));
    format!("it may be {}; write the days", each.collect::<Vec<_>>().join(" or "))
}

/// A date as read, and whether it could be read otherwise.
#[derive(Clone, Copy)]
struct Read {
    first: Date,
    last: Date,
    is_doubtful: bool,
}

/// The first and the last day of a year, month or day.
///
/// # Errors
/// Why the text is not a date.
pub fn span(typed: &str) -> Result<(Date, Date), DateFault> {
    read(&plain(typed)).map(|read| (read.first, read.last))
}

/// Whether a text is a date that someone could read as another: `04/05/2019`, `2011-12`.
#[must_use]
pub fn is_doubtful(typed: &str) -> bool {
    read(&plain(typed)).is_ok_and(|read| read.is_doubtful)
}

/// The days of a date, of two dates with `-` or `to` between them, or of one after a word such as
/// `since` or `before`.
///
/// # Errors
/// Why the text is not a period.
pub fn period(typed: &str) -> Result<Period, DateFault> {
    let typed = plain(typed);
    let of = |text: &str| read(text).map(|read| (read.first, read.last));
    let opening = |words: &[&str]| words.iter().find_map(|word| typed.strip_prefix(word));
    if let Some(rest) = opening(&["since ", "from ", "after ", "between "]) {
        if let Some((first, last)) = both(rest)? {
            return closed(first, last);
        }
        let (first, last) = of(rest)?;
        let after = last.tomorrow().unwrap_or(last);
        let first = if typed.starts_with("after ") { after } else { first };
        return Ok(Period { first: Some(first), last: None });
    }
    if let Some(rest) = opening(&["before "]) {
        let first = of(rest)?.0;
        return Ok(Period { first: None, last: Some(first.yesterday().unwrap_or(first)) });
    }
    if let Some(rest) = opening(&["until ", "till ", "up to ", "to ", "by "]) {
        return Ok(Period { first: None, last: Some(of(rest)?.1) });
    }
    let rest = opening(&["in ", "on ", "during "]).unwrap_or(&typed);
    match of(rest) {
        Ok((first, last)) => closed(first, last),
        Err(DateFault::Unknown) => {
            let (first, last) = both(rest)?.ok_or(DateFault::Unknown)?;
            closed(first, last)
        }
        Err(fault) => Err(fault),
    }
}

fn closed(first: Date, last: Date) -> Result<Period, DateFault> {
    if last < first {
        let reason = "the range runs backwards".to_owned();
        return Err(DateFault::Impossible { reason, meant: Some(format!("{last}..{first}")) });
    }
    Ok(Period { first: Some(first), last: Some(last) })
}

/// The first and the last day of two dates with a hyphen or a word between them, if there are two.
fn both(text: &str) -> Result<Option<(Date, Date)>, DateFault> {
    let between = ["-", " to ", " until ", " till ", " and "];
    let places = between.iter().flat_map(|mark| {
        text.match_indices(mark).map(|(at, mark)| (&text[..at], &text[at + mark.len()..]))
    });
    let mut fault = None;
    for (one, other) in places {
        match (completed(one.trim(), other.trim()), read(other.trim())) {
            (Ok(one), Ok(other)) => return Ok(Some((one.first, other.last))),
            (Err(impossible @ DateFault::Impossible { .. }), Ok(_))
            | (Ok(_), Err(impossible @ DateFault::Impossible { .. })) => {
                fault.get_or_insert(impossible);
            }
            _ => {}
        }
    }
    fault.map_or(Ok(None), Err)
}

/// Reads a date that may take its month and year from the one after it: `April to June 2019`.
fn completed(one: &str, other: &str) -> Result<Read, DateFault> {
    let alone = read(one);
    let is_short = one.len() <= "september".len() && !one.contains(' ');
    if alone.is_ok() || !is_short {
        return alone;
    }
    let words: Vec<&str> = other.split(' ').collect();
    let rest = words.iter().rev().take(2).scan(String::new(), |rest, word| {
        *rest = format!("{word} {rest}").trim_end().to_owned();
        Some(rest.clone())
    });
    rest.map(|rest| read(&format!("{one} {rest}"))).find(Result::is_ok).unwrap_or(alone)
}

/// Lower case, plain hyphens, single spaces, no commas.
fn plain(typed: &str) -> String {
    let folded = typed
        .to_lowercase()
        .replace(['‐', '‑', '‒', '–', '—', '−'], "-")
        .replace(',', " ")
        .replace(". ", " ");
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A part of a date.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Four digits.
    Year(i16),
    /// One or two digits; whether there are two.
    Number(i8, bool),
    /// A month by its name.
    Month(i8),
}

fn part(written: &str) -> Option<Part> {
    let ordinal = ["st", "nd", "rd", "th"].iter().find_map(|ending| written.strip_suffix(ending));
    let digits = ordinal.unwrap_or(written);
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return match digits.len() {
            1 | 2 => Some(Part::Number(digits.parse().ok()?, digits.len() == 2)),
            4 if ordinal.is_none() => Some(Part::Year(digits.parse().ok()?)),
            _ => None,
        };
    }
    let is_month = |name: &str| {
        written == name
            || written.len() == 3 && name.starts_with(written)
            || written == "sept" && name == "september"
    };
    let place = MONTHS.iter().position(|name| is_month(name))?;
    Some(Part::Month(i8::try_from(place).ok()? + 1))
}

fn read(text: &str) -> Result<Read, DateFault> {
    if let Some(year) = named_year(text) {
        return year;
    }
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return read(&format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..]));
    }
    let is_weekday = |word: &str| {
        WEEKDAYS.iter().any(|day| *day == word || word.len() >= 3 && day.starts_with(word))
    };
    let mut words: Vec<&str> =
        text.split(' ').filter(|word| !matches!(*word, "the" | "of")).collect();
    if words.len() > 1 && is_weekday(words[0]) {
        words.remove(0);
    }
    let text = words.join(" ");
    let marks: Vec<char> = text.chars().filter(|c| matches!(c, '-' | '/' | '.' | ' ')).collect();
    let parts: Option<Vec<Part>> =
        text.trim_end_matches('.').split(['-', '/', '.', ' ']).map(part).collect();
    let parts = parts.ok_or(DateFault::Unknown)?;
    let slashed = marks.contains(&'/');
    let dotted = marks.contains(&'.');
    let is_spaced = marks.contains(&' ');
    let sure = |(first, last)| Read { first, last, is_doubtful: false };
    match parts[..] {
        [Part::Year(year)] => month_days(year, None).map(sure),
        [Part::Year(year), Part::Number(month, two)] if !is_spaced => {
            let follows = two && i16::from(month) == (year + 1) % 100;
            if follows && (slashed || month > 12) {
                return Err(two_years(year, (slashed && month <= 12).then_some(month)));
            }
            let days = month_days(year, Some(month))?;
            Ok(Read { is_doubtful: follows, ..sure(days) })
        }
        [Part::Year(year), Part::Year(next)] if slashed && next == year + 1 => {
            Err(two_years(year, None))
        }
        [Part::Number(month, _), Part::Year(year)] if !is_spaced => {
            month_days(year, Some(month)).map(sure)
        }
        [Part::Month(month), Part::Year(year)] | [Part::Year(year), Part::Month(month)] => {
            month_days(year, Some(month)).map(sure)
        }
        [Part::Year(year), Part::Number(month, _), Part::Number(day, _)]
        | [Part::Year(year), Part::Month(month), Part::Number(day, _)]
        | [Part::Number(day, _), Part::Month(month), Part::Year(year)]
        | [Part::Month(month), Part::Number(day, _), Part::Year(year)] => {
            one_day(year, month, day).map(sure)
        }
        [Part::Number(day, _), Part::Number(month, _), Part::Year(year)] => {
            day_first(year, month, day)
        }
        [Part::Number(day, _), Part::Number(month, _), Part::Number(year, true)]
            if slashed || dotted =>
        {
            day_first(2000 + i16::from(year), month, day)
        }
        [Part::Number(day, _), Part::Month(month), Part::Number(year, true)] => {
            one_day(2000 + i16::from(year), month, day).map(sure)
        }
        [Part::Number(..), Part::Month(_)] | [Part::Month(_), Part::Number(..)] => {
            let reason = "the year is missing, or not written in full".to_owned();
            Err(DateFault::Impossible { reason, meant: None })
        }
        _ => Err(DateFault::Unknown),
    }
}

/// Reads `financial year 2018/19` and `2018/19 school year`.
fn named_year(text: &str) -> Option<Result<Read, DateFault>> {
    let named = |names: &[&str]| {
        names.iter().find_map(|name| {
            text.strip_prefix(name)
                .and_then(|rest| rest.strip_prefix(' '))
                .or_else(|| text.strip_suffix(name).and_then(|rest| rest.strip_suffix(' ')))
        })
    };
    let (years, month) = named(&["financial year", "tax year", "fy"])
        .map(|years| (years, 4))
        .or_else(|| named(&["school year", "academic year"]).map(|years| (years, 9)))?;
    let (one, next) = years.split_once(['/', '-'])?;
    let Some(Part::Year(year)) = part(one) else {
        return Some(Err(DateFault::Unknown));
    };
    let follows = match part(next) {
        Some(Part::Year(next)) => next == year + 1,
        Some(Part::Number(next, true)) => i16::from(next) == (year + 1) % 100,
        _ => false,
    };
    if !follows {
        return Some(Err(DateFault::Unknown));
    }
    let (first, last) = year_from(year, month);
    Some(Ok(Read { first, last, is_doubtful: false }))
}

/// The year that begins on the first day of a month.
fn year_from(year: i16, month: i8) -> (Date, Date) {
    let first = Date::new(year, month, 1).unwrap_or(Date::MAX);
    let last = Date::new(year + 1, month, 1).and_then(Date::yesterday);
    (first, last.unwrap_or(Date::MAX))
}

/// The fault for `2018/19`; with a month where the second number could be one.
fn two_years(year: i16, month: Option<i8>) -> DateFault {
    let named = |name, (first, last)| Reading { name, first, last };
    let mut readings = vec![
        named("the financial year", year_from(year, 4)),
        named("the school year", year_from(year, 9)),
    ];
    if let Some(days) = month.and_then(|month| month_days(year, Some(month)).ok()) {
        readings.push(named("the month", days));
    }
    DateFault::Ambiguous { readings }
}

fn impossible(reason: String) -> DateFault {
    DateFault::Impossible { reason, meant: None }
}

/// The days of a month, or of a year.
fn month_days(year: i16, month: Option<i8>) -> Result<(Date, Date), DateFault> {
    let first = Date::new(year, month.unwrap_or(1), 1)
        .map_err(|_| impossible(format!("there is no month {}", month.unwrap_or(1))))?;
    let last = if month.is_some() { first.last_of_month() } else { first.last_of_year() };
    Ok((first, last))
}

fn one_day(year: i16, month: i8, day: i8) -> Result<(Date, Date), DateFault> {
    let (first, last) = month_days(year, Some(month))?;
    match Date::new(year, month, day) {
        Ok(date) => Ok((date, date)),
        Err(_) if day == 0 => Err(impossible("there is no day 0".to_owned())),
        Err(_) => {
            let month = first.strftime("%B %Y");
            Err(impossible(format!("{month} has {} days", last.day())))
        }
    }
}

/// Reads numbers with the day before the month.
fn day_first(year: i16, month: i8, day: i8) -> Result<Read, DateFault> {
    match one_day(year, month, day) {
        Ok((first, last)) => Ok(Read { first, last, is_doubtful: day <= 12 && day != month }),
        Err(fault) => match one_day(year, day, month) {
            Ok((swapped, _)) => {
                let reason = format!("there is no month {month}; the day comes first");
                Err(DateFault::Impossible { reason, meant: Some(swapped.to_string()) })
            }
            Err(_) => Err(fault),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{DateFault, is_doubtful, period, span};

    fn days(typed: &str) -> String {
        span(typed).map_or_else(|fault| fault.to_string(), |(one, other)| format!("{one} {other}"))
    }

    #[test]
    fn days_months_and_years_are_read_as_people_write_them() {
        for typed in [
            "2019-04-01",
            "2019-4-1",
            "01/04/2019",
            "1/4/2019",
            "01.04.2019",
            "01-04-2019",
            "1/4/19",
            "1 April 2019",
            "1st April 2019",
            "1st of april 2019",
            "Monday 1 April 2019",
            "Mon, 1 Apr 2019",
            "April 1, 2019",
            "1 Apr 19",
            "1-Apr-2019",
            "2019/04/01",
            "20190401",
        ] {
            assert_eq!(days(typed), "2019-04-01 2019-04-01", "{typed}");
        }
        for typed in
            ["April 2019", "apr 2019", "2019-04", "2019-4", "04/2019", "2019/04", "2019 April"]
        {
            assert_eq!(days(typed), "2019-04-01 2019-04-30", "{typed}");
        }
        assert_eq!(days("2019"), "2019-01-01 2019-12-31");
        assert_eq!(days("Sept. 2019"), "2019-09-01 2019-09-30");
        assert_eq!(days("2016-02"), "2016-02-01 2016-02-29");
    }

    #[test]
    fn a_date_that_the_calendar_lacks_is_refused_with_the_reason() {
        assert_eq!(days("31/02/2019"), "February 2019 has 28 days");
        assert_eq!(days("30 Feb 2020"), "February 2020 has 29 days");
        assert_eq!(days("2019-13"), "there is no month 13");
        assert_eq!(days("00/04/2019"), "there is no day 0");
        let meant = Some("2019-04-13".to_owned());
        let reason = "there is no month 13; the day comes first".to_owned();
        assert_eq!(span("04/13/2019"), Err(DateFault::Impossible { reason, meant }));
        assert_eq!(days("April 19"), "the year is missing, or not written in full");
        for typed in [
            "",
            "16",
            "2019-2021",
            "2016-05-12-01",
            "May",
            "+216",
            "spring 2019",
            "1/2",
            "aprils 2019",
        ] {
            assert_eq!(span(typed), Err(DateFault::Unknown), "{typed}");
        }
    }

    #[test]
    fn two_years_with_a_stroke_are_refused_with_what_they_may_be_unless_they_are_named() {
        let both = "it may be the financial year (2018-04-01..2019-03-31) or the school year \
                    (2018-09-01..2019-08-31); write the days";
        for typed in ["2018/19", "2018-19", "2018/2019"] {
            assert_eq!(days(typed), both, "{typed}");
        }
        assert!(
            days("2010/11").contains("the month (2010-11-01..2010-11-30)"),
            "{}",
            days("2010/11")
        );
        assert_eq!(days("financial year 2018/19"), "2018-04-01 2019-03-31");
        assert_eq!(days("2018-19 school year"), "2018-09-01 2019-08-31");
        assert_eq!(span("school year 2018/20"), Err(DateFault::Unknown));
    }

    #[test]
    fn a_date_is_doubtful_where_another_reader_would_take_another_day() {
        for typed in ["04/05/2019", "1.4.2019", "2011-12"] {
            assert!(is_doubtful(typed), "{typed}");
        }
        for typed in ["13/05/2019", "04/04/2019", "2019-05-04", "4 May 2019", "2011-11", "nonsense"]
        {
            assert!(!is_doubtful(typed), "{typed}");
        }
    }

    #[test]
    fn two_dates_are_a_period_and_one_may_be_open() {
        let days = |typed: &str| {
            let day = |date: Option<jiff::civil::Date>| {
                date.map_or("…".to_owned(), |date| date.to_string())
            };
            period(typed).map_or_else(
                |fault| fault.to_string(),
                |period| format!("{} {}", day(period.first), day(period.last)),
            )
        };
        for typed in [
            "2019-2021",
            "2019 – 2021",
            "2019 to 2021",
            "between 2019 and 2021",
            "from 2019 to 2021",
        ] {
            assert_eq!(days(typed), "2019-01-01 2021-12-31", "{typed}");
        }
        for typed in
            ["April 2019 to June 2019", "April to June 2019", "2019-04-2019-06", "apr-jun 2019"]
        {
            assert_eq!(days(typed), "2019-04-01 2019-06-30", "{typed}");
        }
        assert_eq!(days("1-12 April 2019"), "2019-04-01 2019-04-12");
        assert_eq!(days("01/04/2019-31/03/2020"), "2019-04-01 2020-03-31");
        assert_eq!(days("in 2019"), "2019-01-01 2019-12-31");
        assert_eq!(days("since April 2019"), "2019-04-01 …");
        assert_eq!(days("after 2019"), "2020-01-01 …");
        assert_eq!(days("before 01/04/2019"), "… 2019-03-31");
        assert_eq!(days("until April 2019"), "… 2019-04-30");
        assert_eq!(days("2021 to 2019"), "the range runs backwards");
        assert_eq!(days("31/02/2019 to 2020"), "February 2019 has 28 days");
        assert_eq!(period("2019 and more"), Err(DateFault::Unknown));
        assert!(matches!(period("2018-19"), Err(DateFault::Ambiguous { .. })));
    }
}
