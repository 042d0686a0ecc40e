//! Puts the conditions of a comparison into words, so that its sentence always states them.

use crate::knowledge::dates::{day, moment};
use crate::knowledge::names::Names;
use findings_index::language::query::GradeFilter;
use findings_index::records::Attribute;
use findings_index::request::{Choice, Filters};

/// The most names that are listed; more are only counted.
const NAMED: usize = 3;

/// What begins the words for what is excluded.
pub(super) const NOT: &str = "not ";

/// What follows the number of many names.
const ASKED_FOR: &str = " asked for";

/// The words for a condition on an attribute.
struct Wording {
    /// Its place in the sentence.
    place: u8,
    /// The words before its values.
    before: &'static str,
    /// The words after them.
    after: &'static str,
    /// The words for the lack of a value.
    absent: &'static str,
    /// The words for any value, where the lack of one is excluded.
    present: &'static str,
    /// The noun for its values, where there are many.
    many: &'static str,
}

/// Returns the words for a condition on an attribute; `None` where it cannot be a condition.
fn wording(attribute: Attribute) -> Option<Wording> {
    let (place, before, after, [absent, present], many) = match attribute {
        Attribute::Authority => {
            (0, "of", "", ["of no known authority", "of a known authority"], "authorities")
        }
        Attribute::Region => (1, "in", "", ["in no known region", "in a known region"], "regions"),
        Attribute::Framework => (2, "under", "", ["", ""], "frameworks"),
        Attribute::Visit => {
            let lack = ["in reports of no visit", "in reports of visits"];
            (3, "in reports of a", " visit", lack, "visits")
        }
        Attribute::Report => (4, "in the report", "", ["", ""], "reports"),
        Attribute::Overall => {
            let lack = ["in reports not judged overall", "in reports judged overall"];
            (5, "in reports judged", " overall", lack, "judgements")
        }
        Attribute::Grade => {
            let lack = ["in sections without a grade", "in sections with a grade"];
            (6, "in sections graded", "", lack, "grades")
        }
        Attribute::Theme => (7, "on the theme", "", ["on no theme", "on some theme"], "themes"),
        Attribute::Section => (8, "under a heading with", "", ["", ""], "headings"),
        Attribute::Topic => (9, "on the topic", "", ["", ""], "topics"),
        Attribute::Kind => (10, "in paragraphs of the kind", "", ["", ""], "kinds"),
        Attribute::Timescale => {
            (11, "due", "", ["without a timescale", "with a timescale"], "timescales")
        }
        Attribute::Addressee => {
            let lack = ["without a named addressee", "with a named addressee"];
            (12, "addressed to", "", lack, "bodies")
        }
        Attribute::Year => (13, "inspected in", "", ["", ""], "years"),
        Attribute::Number | Attribute::Page | Attribute::Date => return None,
    };
    Some(Wording { place, before, after, absent, present, many })
}

/// Words all conditions, such as `in London, under Children's social care services (ILACS),
/// inspected from 1 May 2016, not of Elmet`: what is excluded comes last. Returns an empty text where
/// there are none.
pub(super) fn in_words(filters: &Filters, names: &Names) -> String {
    let mut said = in_order(filters.conditions(), |wording, attribute, choice| {
        wording.say(attribute, choice, names)
    });
    said.extend(match (filters.from, filters.to) {
        (None, None) => None,
        (Some(from), None) => Some(format!("inspected from {}", day(from))),
        (None, Some(to)) => Some(format!("inspected up to {}", day(to))),
        (Some(from), Some(to)) => Some(format!("inspected from {} to {}", day(from), day(to))),
    });
    said.extend(filters.undated.then(|| "in undated reports".to_owned()));
    said.extend(filters.without_denials.then(|| "without denied mentions".to_owned()));
    said.extend(
        filters.new_since.map(|since| format!("first indexed on or after {}", moment(since))),
    );
    said.extend(in_order(filters.not.iter(), |wording, attribute, choice| {
        wording.say_without(attribute, choice, names)
    }));
    said.join(", ")
}

/// Words choices in the order of a sentence.
fn in_order<'c>(
    choices: impl Iterator<Item = (Attribute, &'c Choice)>,
    say: impl Fn(&Wording, Attribute, &Choice) -> String,
) -> Vec<String> {
    let said = choices.filter_map(|(attribute, choice)| {
        let wording = wording(attribute)?;
        Some((wording.place, say(&wording, attribute, choice)))
    });
    let mut said: Vec<(u8, String)> = said.collect();
    said.sort_unstable();
    said.into_iter().map(|(_, said)| said).collect()
}

impl Wording {
    fn say(&self, attribute: Attribute, choice: &Choice, frameworks: &Names) -> String {
        match choice {
            Choice::Grades(grades) => {
                let named = grades.iter().filter_map(graded).collect();
                self.alternatives(named, grades.contains(&GradeFilter::None))
            }
            Choice::Kinds(kinds) => {
                self.listed(attribute, kinds.iter().map(|kind| kind.name()), frameworks)
            }
            Choice::Names(names) => {
                self.listed(attribute, names.iter().map(String::as_str), frameworks)
            }
        }
    }

    /// Words what is excluded: `not of Elmet or Rheged, of a known authority`.
    fn say_without(&self, attribute: Attribute, choice: &Choice, frameworks: &Names) -> String {
        let (named, lacks) = match choice {
            Choice::Grades(grades) => {
                let (lacks, named): (Vec<_>, Vec<_>) =
                    grades.iter().cloned().partition(|grade| *grade == GradeFilter::None);
                (Choice::from(named), !lacks.is_empty())
            }
            Choice::Kinds(kinds) => (Choice::from(kinds.clone()), false),
            Choice::Names(names) => {
                let (lacks, named): (Vec<_>, Vec<_>) =
                    names.iter().cloned().partition(|name| name == Filters::ABSENT);
                (Choice::from(named), !lacks.is_empty())
            }
        };
        let said = self.say(attribute, &named, frameworks);
        let said = said.strip_suffix(ASKED_FOR).unwrap_or(&said);
        let without = (!said.is_empty()).then(|| format!("{NOT}{said}"));
        let with = lacks.then(|| self.present.to_owned());
        without.into_iter().chain(with).collect::<Vec<_>>().join(", ")
    }

    /// Lists the values after their preposition, or only counts them if there are many.
    fn listed<'v>(
        &self,
        attribute: Attribute,
        values: impl ExactSizeIterator<Item = &'v str> + Clone,
        frameworks: &Names,
    ) -> String {
        if values.len() > NAMED {
            let preposition = self.before.split(' ').next().unwrap_or(self.before);
            return format!("{preposition} {} {}{ASKED_FOR}", values.len(), self.many);
        }
        let named = values.clone().filter(|value| *value != Filters::ABSENT);
        let named = named.map(|value| match attribute {
            Attribute::Framework => frameworks.framework(value).unwrap_or(value).to_owned(),
            Attribute::Theme => value.replace('_', " "),
            Attribute::Section => format!("‘{value}’"),
            _ => value.to_owned(),
        });
        self.alternatives(named.collect(), values.clone().any(|value| value == Filters::ABSENT))
    }

    fn alternatives(&self, named: Vec<String>, or_absent: bool) -> String {
        let Self { before, after, absent, .. } = self;
        let named = (!named.is_empty()).then(|| format!("{before} {}{after}", named.join(" or ")));
        let without = or_absent.then(|| (*absent).to_owned());
        named.into_iter().chain(without).collect::<Vec<_>>().join(" or ")
    }
}

/// Words a condition on a grade; `None` for the lack of one.
fn graded(grade: &GradeFilter) -> Option<String> {
    let place = |rank: u8| match rank {
        ..=1 => "the first",
        2 => "the second",
        3 => "the third",
        _ => "the fourth",
    };
    match grade {
        GradeFilter::Label(label) => Some(label.clone()),
        GradeFilter::Exactly(label) => Some(format!("‘{label}’")),
        GradeFilter::Ranks { best, worst } if best == worst => {
            Some(format!("in {} place of the scale", place(*best)))
        }
        GradeFilter::Ranks { best, worst } => {
            Some(format!("in {} to {} place of the scale", place(*best), place(*worst)))
        }
        GradeFilter::None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{in_words, wording};
    use crate::knowledge::names::Names;
    use findings_index::language::query::GradeFilter;
    use findings_index::records::{Attribute, Kind, Use};
    use findings_index::request::Filters;
    use jiff::civil::date;

    #[test]
    fn every_condition_is_said_and_none_are_nothing() {
        assert_eq!(in_words(&Filters::default(), &Names::NONE), "");
        let ranks = GradeFilter::Ranks { best: 3, worst: u8::MAX };
        let mut filters = Filters::of(Attribute::Grade, vec![ranks, GradeFilter::None])
            .with(Attribute::Overall, vec![GradeFilter::Label("good".to_owned())])
            .with(Attribute::Theme, ["care_leavers"])
            .with(Attribute::Topic, ["neglect"])
            .with(Attribute::Section, ["early help"])
            .with(Attribute::Authority, ["Elmet", "none"])
            .with(Attribute::Region, ["none"])
            .with(Attribute::Framework, ["ours"])
            .with(Attribute::Visit, ["focused", "none"])
            .with(Attribute::Kind, vec![Kind::Finding, Kind::Bullet])
            .with(Attribute::Report, ["elmet-1"])
            .with(Attribute::Year, ["2015", "2017..2018"]);
        filters.from = Some(date(2016, 5, 1));
        filters.to = Some(date(2019, 3, 31));
        filters.undated = true;
        filters.new_since = Some("2025-03-03T00:00:00Z".parse().unwrap());
        insta::assert_snapshot!(in_words(&filters, &Names::NONE), @"of Elmet or of no known authority, in no known region, under ours, in reports of a focused visit or in reports of no visit, in the report elmet-1, in reports judged good overall, in sections graded in the third to the fourth place of the scale or in sections without a grade, on the theme care leavers, under a heading with ‘early help’, on the topic neglect, in paragraphs of the kind finding or bullet, inspected in 2015 or 2017..2018, inspected from 1 May 2016 to 31 March 2019, in undated reports, first indexed on or after 3 March 2025");
    }

    #[test]
    fn a_moment_within_a_day_is_said_with_its_time() {
        let mut filters = Filters::default();
        filters.new_since = Some("2025-03-03T10:00:00.25Z".parse().unwrap());
        insta::assert_snapshot!(in_words(&filters, &Names::NONE), @"first indexed on or after 3 March 2025, 10:00:00.25 UTC");
    }

    #[test]
    fn what_is_excluded_follows_what_is_asked_for() {
        let filters = Filters::of(Attribute::Grade, vec![GradeFilter::Label("good".to_owned())])
            .without(Attribute::Authority, ["Elmet", "Rheged"])
            .without(Attribute::Region, ["none"])
            .without(Attribute::Visit, ["focused", "none"])
            .without(Attribute::Grade, vec![GradeFilter::Exactly("Good".to_owned())])
            .without(Attribute::Report, ["a", "b", "c", "d"])
            .without(Attribute::Kind, vec![Kind::Table])
            .without(Attribute::Year, ["2015"]);
        insta::assert_snapshot!(in_words(&filters, &Names::NONE), @"in sections graded good, not of Elmet or Rheged, in a known region, not in reports of a focused visit, in reports of visits, not in 4 reports, not in sections graded ‘Good’, not in paragraphs of the kind table, not inspected in 2015");
    }

    #[test]
    fn every_attribute_that_can_be_a_condition_has_words() {
        for attribute in Attribute::ALL {
            assert_eq!(
                wording(attribute).is_some(),
                attribute.serves(Use::Condition),
                "{attribute:?}"
            );
        }
    }

    #[test]
    fn many_names_are_counted() {
        let filters = Filters::of(Attribute::Authority, ["A", "B", "C", "D"]);
        assert_eq!(in_words(&filters, &Names::NONE), "of 4 authorities asked for");
        let filters = Filters::of(Attribute::Report, ["a", "b", "c", "d"]);
        assert_eq!(in_words(&filters, &Names::NONE), "in 4 reports asked for");
    }
}
