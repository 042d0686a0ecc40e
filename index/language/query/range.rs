//! Ranges of numbers and days, as written in the value of a field.

use crate::records::Attribute;
use jiff::civil::Date;

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
    read: fn(&str) -> Option<Range>,
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
                expected: "write a year (2019), a month (2019-05), a day (2019-05-31), or a range \
                           of them (2018..2020, >=2019-05)",
            },
            Attribute::Year => Ends {
                read: year,
                expected: "write a year (2019) or a range of years (2018..2020, >=2019)",
            },
            Attribute::Page => Ends {
                read: number,
                expected: "a page is a number or a range of numbers, such as `page:12` or \
                           `page:3..5`",
            },
            _ => Ends {
                read: number,
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
        let end = |written: &str| {
            (self.read)(written.trim()).ok_or_else(|| RangeFault {
                expected: self.expected.to_owned(),
                meant: self.with_dots(value),
            })
        };
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
            let one = end(value)?;
            (one.first, one.last)
        };
        Ok(Range { first, last })
    }

    /// Rewrites a range with a hyphen as a range with dots.
    fn with_dots(&self, value: &str) -> Option<String> {
        let (from, to) = value.split_once(['-', '\u{2013}'])?;
        let both = (self.read)(from.trim()).is_some() && (self.read)(to.trim()).is_some();
        both.then(|| format!("{}..{}", from.trim(), to.trim()))
    }
}

fn number(written: &str) -> Option<Range> {
    let is_number = !written.is_empty() && written.bytes().all(|b| b.is_ascii_digit());
    let number = is_number.then(|| written.parse().ok()).flatten()?;
    Some(Range { first: number, last: number })
}

fn year(written: &str) -> Option<Range> {
    let year = number(written).filter(|_| written.len() == 4)?.first * 10_000;
    Some(Range { first: year + 101, last: year + 1_231 })
}

fn days(written: &str) -> Option<Range> {
    let whole = |date: Date| {
        let day = |date| crate::records::day::day(Some(date));
        Some(Range { first: day(date), last: day(date) })
    };
    match written.split('-').collect::<Vec<_>>().as_slice() {
        [one] => year(one),
        [one, month] if month.len() == 2 => {
            let month = number(month)?.first;
            let of_year = year(one)?.first / 10_000 * 10_000 + month * 100;
            let is_month = (1..=12).contains(&month);
            is_month.then_some(Range { first: of_year + 1, last: of_year + 31 })
        }
        [one, month, day] if one.len() == 4 && month.len() == 2 && day.len() == 2 => {
            whole(written.parse().ok()?)
        }
        _ => None,
    }
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
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for wrong in ["", "..", "x", "19", "2019-13", "2019-02-30", "2019-5", ">", "2020..2019"] {
            assert!(Range::of(Attribute::Date, wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn hyphen_for_dots_and_a_range_backwards_are_set_right() {
        let meant = |field, value| Range::of(field, value).unwrap_err().meant;
        assert_eq!(meant(Attribute::Page, "3-5").as_deref(), Some("3..5"));
        assert_eq!(meant(Attribute::Year, "2018–2020").as_deref(), Some("2018..2020"));
        assert_eq!(meant(Attribute::Number, "9..7").as_deref(), Some("7..9"));
    }
}
