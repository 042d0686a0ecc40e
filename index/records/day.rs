//! Dates as numbers, for sorting and for comparison with ranges.

use jiff::civil::Date;

/// A date as the number yyyymmdd; 0 for no date.
pub fn day(date: Option<Date>) -> u64 {
    date.map_or(0, |date| {
        let number =
            i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day());
        u64::try_from(number).unwrap_or(0)
    })
}

/// The date of a number from [`day`].
pub fn date_of(day: u64) -> Option<Date> {
    let part = |number: u64| i8::try_from(number % 100).ok();
    Date::new(i16::try_from(day / 10_000).ok()?, part(day / 100)?, part(day)?).ok()
}
