//! What conditions mean: every value is held against what the index knows.

use super::conditions::Conditions;
use super::{Context, Refusal, authorities, dates, known};
use findings_index::Engine;
use findings_index::language::query::GradeFilter;
use findings_index::records::{Attribute, Kind, Use};
use findings_index::request::{Choice, Filters};
use jiff::civil::Date;

impl Conditions {
    /// The filters that they mean, every value of which is known to the index.
    pub(crate) fn resolve(
        &self,
        engine: &dyn Engine,
        context: &Context,
    ) -> anyhow::Result<Filters> {
        let mut filters = Filters::default();
        for (attribute, typed) in &self.values {
            if *attribute != Attribute::Authority {
                filters.set(*attribute, choice(engine, *attribute, typed)?);
            }
        }
        let authorities = self.of(Attribute::Authority);
        if !authorities.is_empty() || !self.neighbours_of.is_empty() {
            let held = held(engine, Attribute::Authority)?;
            let mut names = Vec::new();
            for name in authorities {
                if name == ABSENT {
                    names.push(name.clone());
                    continue;
                }
                names.push(authorities::held(&held, name, context)?);
            }
            for name in &self.neighbours_of {
                names.extend(authorities::neighbours(&held, name, context)?);
            }
            filters.set(Attribute::Authority, names);
        }
        (filters.from, filters.to) = self.span()?;
        filters.undated = self.undated;
        Ok(filters)
    }

    /// The first and the last day.
    fn span(&self) -> Result<(Option<Date>, Option<Date>), Refusal> {
        let from = self.from.as_deref().map(|day| dates::first_day("--from", day)).transpose()?;
        let to = self.to.as_deref().map(|day| dates::last_day("--to", day)).transpose()?;
        if let (Some(first), Some(last)) = (from, to)
            && first > last
        {
            return Err(Refusal::new(format!("--from {first} is after --to {last}")));
        }
        Ok((from, to))
    }

    /// Every condition by itself, as it was typed, with the filters that remain without it.
    pub(crate) fn relaxations(&self, filters: &Filters) -> Vec<(String, Filters)> {
        let mut conditions: Vec<(Vec<String>, Filters)> = Vec::new();
        let mut add = |options: Vec<String>, clear: &dyn Fn(&mut Filters)| {
            if !options.is_empty() {
                let mut left = filters.clone();
                clear(&mut left);
                conditions.push((options, left));
            }
        };
        for attribute in Attribute::of(Use::Condition) {
            let mut options = typed(&format!("--{}", attribute.name()), self.of(attribute));
            if attribute == Attribute::Authority {
                options.extend(typed("--neighbours-of", &self.neighbours_of));
            }
            add(options, &|filters| filters.clear(attribute));
        }
        add(typed("--from", self.from.as_slice()), &|filters| filters.from = None);
        add(typed("--to", self.to.as_slice()), &|filters| filters.to = None);
        let undated = self.undated.then(|| "--undated".to_owned());
        add(undated.into_iter().collect(), &|filters| filters.undated = false);
        conditions.into_iter().map(|(options, left)| (options.join(" "), left)).collect()
    }
}

/// Whether boilerplate is asked for, which is never counted since it says nothing about anybody.
pub(super) fn asks_for_boilerplate(conditions: &Conditions) -> bool {
    let mut kinds = conditions.of(Attribute::Kind).iter();
    kinds.any(|kind| Kind::named(kind) == Some(Kind::Boilerplate))
}

/// Options as they could be typed.
fn typed(option: &str, values: &[String]) -> Vec<String> {
    values
        .iter()
        .map(|value| {
            let bare = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
            if value.chars().all(bare) {
                format!("{option} {value}")
            } else {
                format!("{option} '{}'", value.replace('\'', r"'\''"))
            }
        })
        .collect()
}

/// Among names, stands for the lack of one.
const ABSENT: &str = "none";

/// The values of a facet that the index holds.
pub(super) fn held(engine: &dyn Engine, facet: Attribute) -> anyhow::Result<Vec<String>> {
    Ok(engine.values(facet)?)
}

/// What is meant by values typed of an attribute.
fn choice(engine: &dyn Engine, attribute: Attribute, typed: &[String]) -> anyhow::Result<Choice> {
    let option = format!("--{}", attribute.name());
    Ok(match attribute {
        attribute if attribute.is_grade() => {
            grade_filters(engine, &option, typed, attribute)?.into()
        }
        Attribute::Kind => {
            let names = one_of(attribute, &Kind::ALL.map(Kind::name), typed)?;
            names.iter().filter_map(|name| Kind::named(name)).collect::<Vec<_>>().into()
        }
        Attribute::Topic => topics(engine, typed)?.into(),
        Attribute::Report => {
            let ids = typed.iter().map(|id| super::show::report_id(engine, id));
            ids.collect::<anyhow::Result<Vec<_>>>()?.into()
        }
        Attribute::Section => {
            if let Some(empty) = typed.iter().find(|words| words.trim().is_empty()) {
                return Err(Refusal::new(format!("{option}: no words in `{empty}`")).into());
            }
            typed.to_vec().into()
        }
        _ => match attribute.choices() {
            Some(all) => one_of(attribute, &all, typed)?.into(),
            None => named(engine, typed, attribute)?.into(),
        },
    })
}

fn named(
    engine: &dyn Engine,
    typed: &[String],
    attribute: Attribute,
) -> anyhow::Result<Vec<String>> {
    let held = held(engine, attribute)?;
    let holder = if attribute.is_of_reports() { "report is of" } else { "paragraph has" };
    let mut values = Vec::with_capacity(typed.len());
    for value in typed {
        if value == ABSENT && attribute.may_lack() {
            values.push(value.clone());
            continue;
        }
        let said = format!("no {holder} the {} `{value}`", attribute.name());
        values.push(known::choose(&held, value, said)?);
    }
    Ok(values)
}

/// Values of an attribute that can have but a few.
fn one_of(attribute: Attribute, all: &[&str], typed: &[String]) -> Result<Vec<String>, Refusal> {
    let absent = attribute.may_lack().then_some(ABSENT);
    let all: Vec<String> = all.iter().copied().chain(absent).map(str::to_owned).collect();
    let meant = |typed: &String| {
        let meant = all.iter().find(|one| one.eq_ignore_ascii_case(typed)).cloned();
        meant.ok_or_else(|| {
            let said = format!("no {} `{typed}`", attribute.name());
            known::suggest(Refusal::new(said), &all, typed)
        })
    };
    typed.iter().map(meant).collect()
}

/// Ids of topics; one that no paragraph has is a topic all the same.
fn topics(engine: &dyn Engine, typed: &[String]) -> anyhow::Result<Vec<String>> {
    let known = engine.topics()?;
    Ok(typed.iter().map(|id| super::topics::id_of(known, id)).collect::<Result<_, _>>()?)
}

fn grade_filters(
    engine: &dyn Engine,
    option: &str,
    typed: &[String],
    facet: Attribute,
) -> anyhow::Result<Vec<GradeFilter>> {
    let mut filters = Vec::with_capacity(typed.len());
    for value in typed {
        let filter = grade_filter(option, value)?;
        if let GradeFilter::Label(label) = &filter
            && !GRADES.contains(&label.to_lowercase().as_str())
        {
            grade_is_held(option, label, held(engine, facet)?)?;
        }
        if let GradeFilter::Exactly(label) = &filter {
            let held = held(engine, facet)?;
            if !held.contains(label) {
                let said = format!("{option}: no grade is printed as `{label}`");
                return Err(known::suggest(Refusal::new(said), &held, label).into());
            }
        }
        filters.push(filter);
    }
    Ok(filters)
}

/// The grades of the four-point scales: known, whether any report held has them or not.
const GRADES: [&str; 5] = ["outstanding", "good", "requires improvement", "adequate", "inadequate"];

/// The worst place on any scale.
const WORST: u8 = 4;

/// A condition on a grade; one that no grade can meet is refused.
fn grade_filter(option: &str, typed: &str) -> Result<GradeFilter, Refusal> {
    let filter: GradeFilter =
        typed.parse().map_err(|error| Refusal::new(format!("{option}: {error}")))?;
    match filter {
        GradeFilter::Ranks { best, worst } if best > WORST || worst < 1 || best > worst => {
            Err(Refusal::new(format!("{option}: no place on the scale is `{typed}`"))
                .hint("places go from 1, the best, to 4; `>=3` is the third place and worse"))
        }
        filter => Ok(filter),
    }
}

/// Refuses a name that is neither a grade held nor the beginning of one.
fn grade_is_held(option: &str, label: &str, mut held: Vec<String>) -> Result<(), Refusal> {
    let begins = |grade: &String| {
        let grade = grade.to_lowercase();
        grade.strip_prefix(label).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    if held.iter().any(begins) {
        return Ok(());
    }
    for name in GRADES {
        if !held.iter().any(|grade| grade.to_lowercase() == name) {
            held.push(name.to_owned());
        }
    }
    Err(known::suggest(Refusal::new(format!("{option}: unknown grade `{label}`")), &held, label)
        .hint("or a range such as `good..outstanding`, a place such as `'>=3'`, or `none`"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::{Conditions, grade_filter, grade_is_held};
    use findings_index::language::query::GradeFilter;
    use findings_index::records::Attribute;
    use findings_index::request::Filters;
    use jiff::civil::date;

    #[test]
    fn dates_the_wrong_way_round_are_refused() {
        let args = Conditions {
            from: Some("2018".to_owned()),
            to: Some("2016-05".to_owned()),
            ..Conditions::default()
        };
        let refusal = args.span().map_err(|refusal| refusal.to_string());
        assert_eq!(refusal, Err("--from 2018-01-01 is after --to 2016-05-31".to_owned()));
        let args = Conditions { to: Some("2016".to_owned()), ..Conditions::default() };
        assert_eq!(args.span(), Ok((None, Some(date(2016, 12, 31)))));
    }

    #[test]
    fn a_misspelt_grade_is_answered_by_the_nearest() {
        let held = vec!["Good".to_owned(), "Requires improvement to be good".to_owned()];
        assert_eq!(grade_is_held("--grade", "requires improvement", held.clone()), Ok(()));
        let refusal = grade_is_held("--grade", "inadequat", held).unwrap_err();
        assert_eq!(refusal.to_string(), "--grade: unknown grade `inadequat`");
        insta::assert_snapshot!(refusal.hints().join("\n"), @"
        did you mean `inadequate`?
        choose from `Good`, `Requires improvement to be good`, `outstanding`, `requires improvement`, `adequate`, `inadequate`
        or a range such as `good..outstanding`, a place such as `'>=3'`, or `none`
        ");
    }

    #[test]
    fn a_number_is_a_place_on_the_scale_and_one_the_best() {
        let ranks = |typed: &str| grade_filter("--grade", typed).ok();
        let between = |best, worst| Some(GradeFilter::Ranks { best, worst });
        assert_eq!(ranks("outstanding..good"), between(1, 2));
        assert_eq!(ranks("2..1"), between(1, 2));
        assert_eq!(ranks(">=3"), between(3, u8::MAX));
        assert_eq!(ranks("<2"), between(1, 1));
        assert_eq!(ranks("none"), Some(GradeFilter::None));
        for typed in [">4", "<1", ">=5", "0", "7"] {
            let refusal = grade_filter("--grade", typed).map_err(|refusal| refusal.to_string());
            assert_eq!(refusal, Err(format!("--grade: no place on the scale is `{typed}`")));
        }
        let refusal = grade_filter("--grade", ">=good").map_err(|refusal| refusal.to_string());
        insta::assert_snapshot!(refusal.unwrap_err(), @"--grade: `>=good` is no grade; write its word (good), its place on the scale (3, >=3, 1..2), a range of words (good..outstanding) or none");
    }

    #[test]
    fn each_condition_can_be_left_out_by_itself() {
        let values = |values: &[&str]| values.iter().map(|v| (*v).to_owned()).collect::<Vec<_>>();
        let args = Conditions {
            values: vec![
                (Attribute::Grade, values(&["inadequate"])),
                (Attribute::Authority, values(&["King's Lynn"])),
            ],
            from: Some("2016".to_owned()),
            ..Conditions::default()
        };
        let inadequate = vec![GradeFilter::Label("inadequate".to_owned())];
        let mut filters =
            Filters::of(Attribute::Grade, inadequate).with(Attribute::Authority, ["King's Lynn"]);
        filters.from = Some(date(2016, 1, 1));
        let left = args.relaxations(&filters);
        let names: Vec<&str> = left.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["--grade inadequate", r"--authority 'King'\''s Lynn'", "--from 2016"]);
        let has = |left: &Filters, attribute| left.choice(attribute).is_some();
        assert!(!has(&left[0].1, Attribute::Grade) && left[0].1.from.is_some());
        assert!(!has(&left[1].1, Attribute::Authority) && has(&left[1].1, Attribute::Grade));
        assert!(left[2].1.from.is_none());
    }
}
