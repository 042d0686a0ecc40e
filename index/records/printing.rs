//! Grades that are printed in two ways and are one grade.

/// The printing of a grade that [`shared_label`] shortens.
pub const LONGER_PRINTING: &str = "Requires improvement to be good";

/// The label of a grade where both of its printings are counted together.
///
/// Some reports print `Requires improvement` and others `Requires improvement to be good`: the same
/// place on the same scale. `Adequate`, the word used before, promised something else and stays a
/// grade of its own.
#[must_use]
pub fn shared_label(label: &str) -> &str {
    const SHORT: &str = "Requires improvement";
    if label.eq_ignore_ascii_case(LONGER_PRINTING) || label.eq_ignore_ascii_case(SHORT) {
        SHORT
    } else {
        label
    }
}

#[cfg(test)]
mod tests {
    use super::shared_label;

    #[test]
    fn both_printings_are_one_grade_and_no_other_grade_is() {
        assert_eq!(shared_label("Requires improvement to be good"), "Requires improvement");
        assert_eq!(shared_label("requires improvement"), "Requires improvement");
        for own in ["Good", "Adequate", "Inadequate", "Requires improvement in part", ""] {
            assert_eq!(shared_label(own), own);
        }
    }
}
