//! What a file of results says of itself: what was asked, which commit answered, and whose words
//! they are.

use super::words;
use crate::ask::{Conditions, Question};
use crate::knowledge::names::{Names, Terms};
use findings_index::request::SearchResponse;
use serde::Serialize;

/// What is said at the end of a file, or at the end of each row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The query and the conditions, as typed.
    pub query: String,
    /// The name of the commit that answered.
    pub generation: String,
    /// On what terms the reports may be reused; says so where that is not known.
    pub attribution: String,
}

/// An answer with the terms of its reports.
#[derive(Debug, Serialize)]
pub struct Attributed<'a, T> {
    /// The answer.
    #[serde(flatten)]
    pub answer: &'a T,
    /// The terms of its reports.
    pub attribution: &'a str,
}

impl Made {
    /// Describes the answer to a question.
    #[must_use]
    pub fn new(question: &Question, response: &SearchResponse, names: &Names) -> Self {
        let frameworks = response.every_hit().map(|hit| hit.head.framework.as_str());
        let asked = (question.text.as_str(), &question.conditions);
        Self::of(asked, &response.generation, frameworks, names)
    }

    /// Describes an answer by what was asked, the commit, and the framework of each report in it.
    #[must_use]
    pub fn of<'f>(
        (text, conditions): (&str, &Conditions),
        generation: &str,
        frameworks: impl Iterator<Item = &'f str>,
        names: &Names,
    ) -> Self {
        let text = text.trim();
        let text = if text.is_empty() { "*" } else { text };
        let query = match conditions.is_empty() {
            true => text.to_owned(),
            false => format!("{text} ({})", words::conditions(conditions)),
        };
        let mut codes: Vec<&str> = Vec::new();
        for framework in frameworks {
            if !codes.contains(&framework) {
                codes.push(framework);
            }
        }
        let attribution = attribution(codes.into_iter().map(|code| names.terms(code)));
        Self { query, generation: generation.to_owned(), attribution }
    }
}

/// Writes the terms of several frameworks, each once.
fn attribution(terms: impl Iterator<Item = Terms>) -> String {
    let (mut told, mut is_unknown): (Vec<String>, bool) = (Vec::new(), false);
    for terms in terms {
        match terms.attribution.or(terms.licence) {
            Some(said) if told.contains(&said) => {}
            Some(said) => told.push(said),
            None => is_unknown = true,
        }
    }
    let some = if told.is_empty() { "the" } else { "some" };
    if is_unknown {
        told.push(format!("Licence of {some} reports not known"));
    }
    told.join(" · ")
}

#[cfg(test)]
mod tests {
    use super::{Made, attribution};
    use crate::ask::{Conditions, Question};
    use crate::knowledge::names::{Names, Terms};
    use crate::render::samples;
    use findings_index::records::Attribute;

    #[test]
    fn terms_are_told_once_and_unknown_ones_as_well() {
        let of = |said: Option<&str>| Terms { licence: None, attribution: said.map(str::to_owned) };
        let all = [of(Some("© A")), of(Some("© B")), of(Some("© A"))];
        assert_eq!(attribution(all.into_iter()), "© A · © B");
        let some = [of(None), of(Some("© A")), of(None)];
        assert_eq!(attribution(some.into_iter()), "© A · Licence of some reports not known");
        assert_eq!(attribution([of(None)].into_iter()), "Licence of the reports not known");
    }

    #[test]
    fn a_file_says_what_was_asked_and_which_commit_answered() {
        let question = Question {
            text: "return interview".to_owned(),
            conditions: Conditions {
                values: [(Attribute::Grade, vec!["good".to_owned()])].into(),
                ..Conditions::default()
            },
            ..Question::default()
        };
        let made = Made::new(&question, &samples::response(), &Names::NONE);
        assert_eq!(made.query, "return interview (grade good)");
        assert_eq!(made.generation, "1");
        assert_eq!(made.attribution, "Licence of the reports not known");
    }
}
