//! Numbers formatted for people to read.

/// Formats a number with commas between thousands: `12,345`.
#[must_use]
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut printed = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            printed.push(',');
        }
        printed.push(digit);
    }
    printed
}

/// Formats a number with its noun, which is plural unless the number is 1.
#[must_use]
pub fn count(number: u64, noun: &str) -> String {
    let plural = if number == 1 {
        noun.to_owned()
    } else if let Some(stem) = noun.strip_suffix('y')
        && !stem.ends_with(['a', 'e', 'o'])
    {
        format!("{stem}ies")
    } else if noun.ends_with("ch") {
        format!("{noun}es")
    } else {
        format!("{noun}s")
    };
    format!("{} {plural}", thousands(number))
}

#[cfg(test)]
mod tests {
    use super::{count, thousands};

    #[test]
    fn thousands_are_set_apart_by_commas() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(1_234_567), "1,234,567");
    }

    #[test]
    fn a_noun_takes_its_plural_unless_there_is_one() {
        assert_eq!(count(1, "authority"), "1 authority");
        assert_eq!(count(2, "authority"), "2 authorities");
        assert_eq!(count(1_000, "report"), "1,000 reports");
        assert_eq!(count(3, "match"), "3 matches");
    }
}
