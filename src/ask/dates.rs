//! Dates as people type them: a year, a month, a day.

use jiff::civil::Date;

/// The first day of the year, month or day.
pub(super) fn first_day(typed: &str) -> Option<Date> {
    span(typed).map(|(first, _)| first)
}

/// The last day of the year, month or day.
pub(super) fn last_day(typed: &str) -> Option<Date> {
    span(typed).map(|(_, last)| last)
}

fn span(typed: &str) -> Option<(Date, Date)> {
    let parts: Vec<&str> = typed.trim().split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    if !parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit())) {
        return None;
    }
    let year = parts.first()?.parse().ok()?;
    let (month, day) = match lengths[..] {
        [4] => (None, None),
        [4, 1..=2] => (Some(parts[1].parse().ok()?), None),
        [4, 1..=2, 1..=2] => (Some(parts[1].parse().ok()?), Some(parts[2].parse().ok()?)),
        _ => return None,
    };
    let first = Date::new(year, month.unwrap_or(1), day.unwrap_or(1)).ok()?;
    let last = match (month, day) {
        (None, _) => first.last_of_year(),
        (Some(_), None) => first.last_of_month(),
        (Some(_), Some(_)) => first,
    };
    Some((first, last))
}

#[cfg(test)]
mod tests {
    use super::{first_day, last_day};
    use jiff::civil::date;

    #[test]
    fn a_year_means_all_its_days() {
        assert_eq!(first_day("2016"), Some(date(2016, 1, 1)));
        assert_eq!(last_day("2016"), Some(date(2016, 12, 31)));
        assert_eq!(last_day("2016-02"), Some(date(2016, 2, 29)));
        assert_eq!(first_day("2016-5"), Some(date(2016, 5, 1)));
        assert_eq!(last_day("2016-05-12"), Some(date(2016, 5, 12)));
    }

    #[test]
    fn what_is_not_a_date_is_refused() {
        for typed in ["", "16", "2016-13", "2016-02-30", "12/05/2016", "2016-05-12-01", "+216"] {
            assert_eq!(first_day(typed), None, "{typed}");
        }
    }
}
