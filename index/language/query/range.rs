//! Ranges of numbers and days, as written in the value of a field.

use crate::language::dates::{self, DateFault, Period};
use crate::records::Attribute;
use crate::records::day::day;

/// A range of numbers, both ends included. Days are numbers such as 20190531.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) first: u64,
    pub(crate) last: u64,
}

/// Why a value is not a range.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RangeFault {
    pub(super) expected: String,
    /// The value to write instead.
    pub(super) meant: Option<String>,
}

/// What may be written at either end of a range, and how it is explained.
struct Ends {
    read: fn(&str) -> Result<Range, DateFault>,
    /// Reads a whole value that has no mark of a range: `2019-2021`, `since 2019`.
    period: fn(&str) -> Result<Range, DateFault>,
    expected: &'static str,
}

impl Range {
    /// Whether the value looks like a range rather than like a name.
    pub(crate) fn is_written(value: &str) -> bool {
        value.contains("..") || value.starts_with(['<', '>'])
    }

    /// Reads the value of a field that has ranges.
    pub(super) fn of(field: Attribute, value: &str) -> Result<Self, RangeFault> {
        let ends = match field {
            Attribute::Date => Ends {
                read: days,
                period,
                expected: "write a year (2019), a month (2019-05, May 2019), a day (2019-05-31, \
                           31/05/2019), or a range of them (2018..2020, >=2019-05)",
            },
            Attribute::Year => Ends {
                read: year,
                period: years,
                expected: "write a year (2019) or a range of years (2018..2020, >=2019)",
            },
            Attribute::Page => Ends {
                read: number,
                period: number,
                expected: "a page is a number or a range of numbers, such as `page:12` or \
                           `page:3..5`",
            },
            _ => Ends {
                read: number,
                period: number,
                expected: "write a number (114) or a range of numbers (100..120, >=100)",
            },
        };
        ends.range(value.trim())
    }

    /// Does the same as [`Range::of`], for values that were checked before.
    pub(crate) fn known(field: Attribute, value: &str) -> Option<Self> {
        Self::of(field, value).ok()
    }

    pub(crate) fn holds(self, number: u64) -> bool {
        (self.first..=self.last).contains(&number)
    }
}

impl Ends {
    fn range(&self, value: &str) -> Result<Range, RangeFault> {
        let wrong = |fault: DateFault| match fault {
            DateFault::Impossible { reason, meant } => RangeFault { expected: reason, meant },
            DateFault::Ambiguous { .. } => RangeFault { expected: fault.to_string(), meant: None },
            DateFault::Unknown => {
                RangeFault { expected: self.expected.to_owned(), meant: self.with_dots(value) }
            }
        };
        let end = |written: &str| (self.read)(written.trim()).map_err(wrong);
        let (first, last) = if let Some((from, to)) = value.split_once("..") {
            if from.is_empty() && to.is_empty() {
                end("")?;
            }
            let first = if from.is_empty() { 1 } else { end(from)?.first };
            let last = if to.is_empty() { u64::MAX } else { end(to)?.last };
            if last < first {
                let expected = "the range runs backwards".to_owned();
                return Err(RangeFault { expected, meant: Some(format!("{to}..{from}")) });
            }
            (first, last)
        } else if let Some(from) = value.strip_prefix(">=") {
            (end(from)?.first, u64::MAX)
        } else if let Some(to) = value.strip_prefix("<=") {
            (1, end(to)?.last)
        } else if let Some(before) = value.strip_prefix('>') {
            (end(before)?.last.saturating_add(1), u64::MAX)
        } else if let Some(behind) = value.strip_prefix('<') {
            (1, end(behind)?.first.saturating_sub(1))
        } else {
            let one = (self.read)(value).or_else(|fault| match fault {
                DateFault::Unknown => (self.period)(value),
                fault => Err(fault),
            });
            let one = one.map_err(wrong)?;
            (one.first, one.last)
        };
        Ok(Range { first, last })
    }

    /// Rewrites a range with a hyphen as a range with dots.
    fn with_dots(&self, value: &str) -> Option<String> {
        let (from, to) = value.split_once(['-', '\u{2013}'])?;
        let both = (self.read)(from.trim()).is_ok() && (self.read)(to.trim()).is_ok();
        both.then(|| format!("{}..{}", from.trim(), to.trim()))
    }
}

fn number(written: &str) -> Result<Range, DateFault> {
    let is_number = !written.is_empty() && written.bytes().all(|b| b.is_ascii_digit());
    let number = is_number.then(|| written.parse().ok()).flatten().ok_or(DateFault::Unknown)?;
    Ok(Range { first: number, last: number })
}

fn year(written: &str) -> Result<Range, DateFault> {
    if written.len() != 4 {
        return Err(DateFault::Unknown);
    }
    let year = number(written)?.first * 10_000;
    Ok(Range { first: year + 101, last: year + 1_231 })
}

fn days(written: &str) -> Result<Range, DateFault> {
    let (first, last) = dates::span(written)?;
    Ok(Range { first: day(Some(first)), last: day(Some(last)) })
}

fn period(written: &str) -> Result<Range, DateFault> {
    let Period { first, last } = dates::period(written)?;
    let first = first.map_or(1, |first| day(Some(first)));
    Ok(Range { first, last: last.map_or(u64::MAX, |last| day(Some(last))) })
}

/// Reads a period of whole years.
fn years(written: &str) -> Result<Range, DateFault> {
    let range = period(written)?;
    let is_whole = (range.first == 1 || range.first % 10_000 == 101)
        && (range.last == u64::MAX || range.last % 10_000 == 1_231);
    if is_whole { Ok(range) } else { Err(DateFault::Unknown) }
}

#[cfg(test)]
mod tests {
    use super::Range;
    use crate::records::Attribute;

    fn dates(value: &str) -> (u64, u64) {
        let range = Range::of(Attribute::Date, value).unwrap();
        (range.first, range.last)
    }

    #[test]
    fn dates_of_any_precision_are_whole_at_both_ends() {
        assert_eq!(dates("2019"), (20_190_101, 20_191_231));
        assert_eq!(dates("2018..2020-05"), (20_180_101, 20_200_531));
        assert_eq!(dates("2019-05-31"), (20_190_531, 20_190_531));
        assert_eq!(dates(">2019").0, 20_191_232);
        assert_eq!(dates("<2019-05"), (1, 20_190_500));
        assert_eq!(dates("..2019"), (1, 20_191_231));
        assert_eq!(dates("2019-5"), (20_190_501, 20_190_531));
        assert_eq!(dates("01/04/2019"), (20_190_401, 20_190_401));
        assert_eq!(dates("April 2019..1 June 2019"), (20_190_401, 20_190_601));
        assert_eq!(dates("2019-2021"), (20_190_101, 20_211_231));
        assert_eq!(dates("since 2019"), (20_190_101, u64::MAX));
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for wrong in ["", "..", "x", "19", "2019-13", "2019-02-30", ">", "2020..2019", "31/02/2019"]
        {
            assert!(Range::of(Attribute::Date, wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn years_may_have_a_hyphen_between_them_and_no_months() {
        let years = |value: &str| Range::of(Attribute::Year, value).map(|r| (r.first, r.last));
        assert_eq!(years("2018–2020"), Ok((20_180_101, 20_201_231)));
        assert!(years("April 2019").is_err());
        let fault = years("2018/19").unwrap_err().expected;
        assert!(fault.contains("the school year (2018-09-01..2019-08-31)"), "{fault}");
    }

    #[test]
    fn hyphen_for_dots_and_a_range_backwards_are_set_right() {
        let meant = |field, value| Range::of(field, value).unwrap_err().meant;
        assert_eq!(meant(Attribute::Page, "3-5").as_deref(), Some("3..5"));
        assert_eq!(meant(Attribute::Date, "04/13/2019").as_deref(), Some("2019-04-13"));
        assert_eq!(meant(Attribute::Number, "9..7").as_deref(), Some("7..9"));
    }
}
