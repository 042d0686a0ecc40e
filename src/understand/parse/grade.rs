//! Reads the grades of a framework: alone on a line, or at the end of a heading.

use crate::knowledge::{Framework, PrintedGrades, fold};

/// A grade as read: its label for the record and its place on the scale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PrintedGrade {
    /// The words as printed, with a capital first and without "Grade 2".
    pub(crate) label: String,
    /// The place on the scale, 1 the best.
    pub(crate) rank: Option<u8>,
}

/// The grades of one framework, if there is one that has any.
#[derive(Clone, Copy)]
pub(crate) struct Scale<'k> {
    printed: Option<&'k PrintedGrades>,
}

impl<'k> Scale<'k> {
    pub(crate) fn new(framework: Option<&'k Framework>) -> Self {
        Self { printed: framework.and_then(Framework::printed_grades) }
    }

    /// Reads a text that consists of a grade only.
    pub(crate) fn alone(&self, text: &str) -> Option<PrintedGrade> {
        let text = fold::punctuation(text.trim());
        self.printed?.alone.regex().is_match(&text).then(|| self.read(&text))?
    }

    /// Splits a text into a heading and the grade at its end.
    pub(crate) fn run_in(&self, text: &str) -> Option<(String, PrintedGrade)> {
        let folded = fold::punctuation(text.trim());
        let found = self.printed?.run_in.regex().captures(&folded)?;
        let grade = self.read(&found["grade"])?;
        // Folding keeps the number of characters, so the heading can be cut from the original.
        let length = found["heading"].chars().count();
        Some((text.trim().chars().take(length).collect(), grade))
    }

    /// Separates a heading and a grade in the middle of it. This happens if two cells of an
    /// untagged box were read line by line across ("The experiences of Requires improvement
    /// children to be good").
    pub(crate) fn amid(&self, text: &str) -> Option<(String, PrintedGrade)> {
        let folded = fold::punctuation(text.trim());
        let found = self.printed?.amid.regex().captures(&folded)?;
        let mut words = format!("{} {}", &found["before"], &found["after"]);
        let mut grade = found["grade"].to_owned();
        if let Some(at) = words.find(" to be good") {
            words.replace_range(at..at + " to be good".len(), "");
            grade.push_str(" to be good");
        }
        Some((words, self.read(&grade)?))
    }

    /// Reads words that a pattern has already found.
    pub(crate) fn read(&self, words: &str) -> Option<PrintedGrade> {
        let words = words.trim();
        let mut grades = self.printed?.each.iter();
        let (_, rank) = grades.find(|(pattern, _)| pattern.regex().is_match(words))?;
        Some(PrintedGrade { label: label(words), rank: *rank })
    }
}

/// The words of the grade: no number, no stop, a capital first, one form of the verb.
fn label(words: &str) -> String {
    let lower = words.to_lowercase();
    let mut text = lower.trim_matches(|c: char| !c.is_alphanumeric());
    if let Some(rest) = text.strip_prefix("grade ") {
        text = rest.trim_start_matches(|c: char| !c.is_alphabetic());
    } else if let Some((before, _)) = text.split_once(" grade ") {
        text = before;
    }
    let text = if let Some(rest) = text.strip_prefix("require ") {
        format!("requires {rest}")
    } else {
        text.to_owned()
    };
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::Scale;
    use crate::knowledge::Knowledge;
    use std::sync::LazyLock;

    fn scale(code: &str) -> Scale<'static> {
        static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(|| Knowledge::embedded().unwrap());
        Scale::new(KNOWLEDGE.framework(code))
    }

    #[test]
    fn a_grade_run_in_behind_a_heading_is_read_in_every_form() {
        for (code, text, heading, label, rank) in [
            (
                "ilacs",
                "The experiences of care leavers: good",
                "The experiences of care leavers",
                "Good",
                2,
            ),
            ("ilacs", "The impact of leaders is: Good.", "The impact of leaders", "Good", 2),
            (
                "ilacs",
                "The impact of leaders requires improvement to be good",
                "The impact of leaders",
                "Requires improvement to be good",
                3,
            ),
            (
                "slac",
                "Leadership and management Grade 2 (good)",
                "Leadership and management",
                "Good",
                2,
            ),
            (
                "sif",
                "The graded judgement for adoption performance is that it requires improvement",
                "The graded judgement for adoption performance",
                "Requires improvement",
                3,
            ),
            (
                "sif",
                "The experiences of children are inadequate",
                "The experiences of children",
                "Inadequate",
                4,
            ),
        ] {
            let (found, grade) = scale(code).run_in(text).unwrap();
            assert_eq!(
                (found.as_str(), grade.label.as_str(), grade.rank),
                (heading, label, Some(rank)),
                "{text}"
            );
        }
    }

    #[test]
    fn a_grade_read_into_the_midst_of_its_heading_is_taken_out() {
        let text = "The progress of Requires improvement children who need to be good help";
        let (heading, grade) = scale("sif").amid(text).unwrap();
        assert_eq!(heading, "The progress of children who need help");
        assert_eq!(grade.label, "Requires improvement to be good");
    }

    #[test]
    fn good_is_never_read_out_of_requires_improvement_to_be_good() {
        let grade = scale("ilacs").alone("Requires improvement to be good").unwrap();
        assert_eq!(grade.rank, Some(3));
        assert_eq!(scale("slac").alone("Grade 3 (adequate)").unwrap().label, "Adequate");
        assert_eq!(scale("slac").alone("Grade 4 (inadequate)").unwrap().rank, Some(4));
        assert!(scale("ilacs").alone("Good practice").is_none());
        assert_eq!(scale("sif").alone("Not Judged").unwrap().rank, None);
    }
}
