//! The same question asked in another way: as a search, a comparison, in context, for recommendations.

use super::{Site, To};
use crate::answer::{compare, concordance, grades, recommendations, timeline};
use crate::ask::{Conditions, Question, Reading};
use findings_index::records::{Attribute, Kind};
use maud::{Markup, html};

/// What is looked for, and where.
#[derive(Debug, Clone, Copy)]
pub(super) struct Same<'a> {
    pub(super) text: &'a str,
    pub(super) reading: Reading,
    pub(super) conditions: &'a Conditions,
}

impl<'a> Same<'a> {
    /// What a concordance looks for.
    pub(super) fn of_kwic(typed: &'a concordance::Typed) -> Self {
        Self { text: &typed.text, reading: typed.reading, conditions: &typed.conditions }
    }

    /// What a search looks for; `None` where it leaves out synonyms, which only a search does.
    fn of_search(question: &'a Question) -> Option<Self> {
        let Question { text, reading, conditions, not_also, .. } = question;
        not_also.is_empty().then_some(Self { text, reading: *reading, conditions })
    }

    /// The address of the search for it, with its results put together by an attribute.
    pub(super) fn search(self, site: &Site<'_>, group: Option<Attribute>) -> String {
        let question = Question {
            text: self.text.to_owned(),
            reading: self.reading,
            conditions: self.conditions.clone(),
            group,
            ..Question::default()
        };
        format!("{}#results", site.addresses.to(To::Search(&question, 1)))
    }

    fn has_any(self) -> bool {
        !self.text.trim().is_empty() || !self.conditions.of(Attribute::Topic).is_empty()
    }

    /// The address of the comparison, which needs words or topics to count.
    fn compare(self, site: &Site<'_>) -> Option<String> {
        let typed = compare::Typed {
            text: self.text.to_owned(),
            reading: self.reading,
            conditions: self.conditions.clone(),
            ..compare::Typed::default()
        };
        self.has_any().then(|| format!("{}#results", site.addresses.to(To::Compare(&typed))))
    }

    /// The address of its matches in their contexts, which need words or topics to match.
    fn kwic(self, site: &Site<'_>) -> Option<String> {
        let typed = concordance::Typed {
            text: self.text.to_owned(),
            reading: self.reading,
            conditions: self.conditions.clone(),
            ..concordance::Typed::default()
        };
        self.has_any().then(|| format!("{}#results", site.addresses.to(To::Kwic(&typed, 1))))
    }

    /// The address of the timeline of the only authority that is looked into; `None` where there are
    /// several.
    fn timeline(self, site: &Site<'_>) -> Option<String> {
        let authority = match (
            self.conditions.neighbours_of.as_slice(),
            self.conditions.of(Attribute::Authority),
        ) {
            ([only], _) | ([], [only]) => only.clone(),
            _ => return None,
        };
        let typed = timeline::Typed {
            authority,
            text: self.text.to_owned(),
            reading: self.reading,
            topics: self.conditions.of(Attribute::Topic).to_vec(),
            ..timeline::Typed::default()
        };
        Some(format!("{}#results", site.addresses.to(To::Timeline(&typed))))
    }

    /// The address of the recommendations; `None` where other kinds of paragraphs are asked for.
    fn recommendations(self, site: &Site<'_>) -> Option<String> {
        let mut conditions = self.conditions.clone();
        // A recommendation denies nothing, so that this would leave none out.
        conditions.without_denials = false;
        let kinds = conditions.take(Attribute::Kind);
        let is_of_them = kinds.iter().all(|kind| kind == Kind::Recommendation.name())
            && conditions.excluded(Attribute::Kind).is_empty();
        let typed = recommendations::Typed {
            text: self.text.to_owned(),
            reading: self.reading,
            conditions,
            ..recommendations::Typed::default()
        };
        let address = || site.addresses.to(To::Recommendations(&typed, 1));
        is_of_them.then(|| format!("{}#results", address()))
    }
}

/// Writes links to other answers to a question; `said` names it.
pub(super) fn otherwise(site: &Site<'_>, said: &str, question: &Question) -> Markup {
    let Some(same) = Same::of_search(question) else { return html! {} };
    ways(
        &format!("{said} as"),
        [
            (same.compare(site), "comparison"),
            (same.kwic(site), "every match in its context"),
            (same.recommendations(site), "recommendations"),
        ],
    )
}

/// Writes links to other answers about what is compared, among the same reports: the paragraphs, what
/// was recommended, and how the inspections judged.
pub(super) fn of_comparison(site: &Site<'_>, typed: &compare::Typed) -> Markup {
    let mut conditions = typed.conditions.clone();
    // A comparison has the council among its neighbours, and others have it where it is named.
    let councils = conditions.neighbours_of.clone();
    if !councils.is_empty() {
        conditions.values.entry(Attribute::Authority).or_default().extend(councils);
    }
    let same = Same { text: &typed.text, reading: typed.reading, conditions: &conditions };
    let line = same.timeline(site);
    ways(
        "This as",
        [
            (Some(same.search(site, None)), "paragraphs"),
            (same.kwic(site), "every match in its context"),
            (same.recommendations(site), "recommendations"),
            (Some(grades_of(site, &conditions)), "grades of these reports"),
            (line, "timeline of the council"),
        ],
    )
}

/// The address of the grades that the reports of a comparison give. Conditions on paragraphs leave
/// reports as they are.
fn grades_of(site: &Site<'_>, conditions: &Conditions) -> String {
    let mut of_reports = conditions.clone();
    of_reports.values.retain(|attribute, _| attribute.is_of_reports());
    of_reports.not.retain(|attribute, _| attribute.is_of_reports());
    of_reports.without_denials = false;
    let typed = grades::Typed { conditions: of_reports, ..grades::Typed::default() };
    format!("{}#results", site.addresses.to(To::Grades(&typed)))
}

fn ways<const N: usize>(said: &str, ways: [(Option<String>, &str); N]) -> Markup {
    let ways: Vec<_> = ways.into_iter().filter_map(|(to, said)| Some((to?, said))).collect();
    html! {
        @if !ways.is_empty() {
            p.also {
                (said) ": "
                @for (place, (to, said)) in ways.iter().enumerate() {
                    @if place > 0 { " · " }
                    a href=(to) { (said) }
                }
            }
        }
    }
}

/// Writes links to the other ways to ask.
pub(super) fn others(site: &Site<'_>) -> Markup {
    let comparison = compare::Typed::default();
    let context = concordance::Typed::default();
    let asked_for = recommendations::Typed::default();
    let to = |target| site.addresses.to(target);
    html! {
        ul {
            li { a href=(to(To::Compare(&comparison))) { "Compare" }
                ": how often something is mentioned, and by how many, by authority, year or another group" }
            li { a href=(to(To::Kwic(&context, 1))) { "Every match in its context" }
                ": one below the other, with the words before and after" }
            li { a href=(to(To::Recommendations(&asked_for, 1))) { "Recommendations" }
                ": what was asked of whom and by when, and what was asked again" }
            li { a href=(to(To::Batch)) { "Count many queries at once" }
                ": what each finds, from a list or a file" }
        }
    }
}
