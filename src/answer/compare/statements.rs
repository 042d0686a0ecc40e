//! Says what may be said from the figures of a comparison, and what may not, in sentences that can be
//! read aloud.
//!
//! A statement is made only where the figures bear it: of a group only where it lies outside its
//! limits, of two groups only where their intervals are apart. Which figures bear nothing is said
//! as well, so that nobody reads more into the table than there is. A group with too few matches or
//! reports for an interval is only among those of which nothing may be said.

use super::funnel::{Funnel, Method, Place, Point};
use super::mentions::{Mentions, Silence};
use super::sentence::lower;
use super::{Group, Share, Span, Strata};
use crate::ask::Neighbourhood;
use crate::knowledge::names::Names;
use findings_index::records::Attribute;
use findings_index::records::numerals::{count, thousands};
use serde::Serialize;

/// The most groups that a statement names.
const NAMED: usize = 6;

/// The beginnings of names of regions that need an article.
const POINTS: [&str; 4] = ["East ", "West ", "North ", "South "];

/// What may be said, and what may not.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Statements {
    /// What the figures bear.
    pub may: Vec<String>,
    /// What they do not.
    pub may_not: Vec<String>,
}

/// What statements follow from.
pub(super) struct Figures<'a> {
    pub(super) name: &'a str,
    pub(super) by: &'a [Attribute],
    pub(super) names: &'a Names,
    pub(super) whole: &'a Group,
    pub(super) groups: &'a [Group],
    pub(super) cells: &'a [Group],
    pub(super) funnel: Option<&'a Funnel>,
    pub(super) mentions: &'a Mentions,
    pub(super) silence: &'a Silence,
    pub(super) neighbourhood: Option<&'a Neighbourhood>,
}

impl Statements {
    pub(super) fn new(figures: &Figures<'_>) -> Self {
        let matching = figures.whole.paragraphs.count;
        if figures.whole.paragraphs.out_of == 0 {
            return Self::default();
        }
        let mut may = vec![figures.overall()];
        if matching > 0 {
            may.extend(figures.outside());
            may.extend(figures.apart());
            may.extend(figures.own(false));
        }
        may.extend(figures.silence());
        let mut may_not = vec![
            "That anybody does it, does it well or fails at it. The counts show only that inspectors \
             mention it, in praise or in criticism."
                .to_owned(),
        ];
        may_not.extend(figures.order());
        may_not.extend(figures.chance());
        may_not.extend(figures.unsure());
        may_not.extend(figures.outside_by_few());
        if matching > 0 {
            may_not.extend(figures.own(true));
        }
        may_not.extend(figures.grades());
        may_not.extend(figures.years());
        may_not.extend(figures.unsaid());
        may_not.extend(figures.others());
        Self { may, may_not }
    }
}

impl Figures<'_> {
    fn first(&self) -> Attribute {
        self.by.first().copied().unwrap_or(Attribute::Report)
    }

    /// How often it is mentioned at all.
    fn overall(&self) -> String {
        let share = self.whole.paragraphs;
        let reports = count(self.whole.reports.out_of as u64, "report");
        let of = format!(
            "{} of {} paragraphs in {reports}{}",
            thousands(share.count as u64),
            thousands(share.out_of as u64),
            years(self.whole.span)
        );
        if share.count == 0 {
            return format!(
                "None of {} paragraphs in {reports}{} mentions {}.",
                thousands(share.out_of as u64),
                years(self.whole.span),
                self.name
            );
        }
        let verb = if share.count == 1 { "mentions" } else { "mention" };
        let how_sure = match ends(share) {
            Some(ends) => format!("{} in 100 (95% interval {ends})", rate(share.percent)),
            None => "too few for an interval".to_owned(),
        };
        format!("{of} {verb} {}: {how_sure}.", self.name)
    }

    /// Which groups lie outside their limits.
    fn outside(&self) -> Vec<String> {
        let Some(funnel) = self.funnel else { return Vec::new() };
        let than = match (funnel.method, funnel.strata) {
            (Method::Raw, _) | (_, Strata::None) => "than all do together",
            (_, Strata::Framework) => "than other reports of the same frameworks do",
            (_, Strata::FrameworkAndYears) => {
                "than other reports of the same frameworks and years do"
            }
        };
        let mut said = Vec::new();
        for (places, how) in [
            ([Place::Above998, Place::Above95], "more often"),
            ([Place::Below998, Place::Below95], "less often"),
        ] {
            // A group that is nearly all there is of its kind may be outside by less than is shown.
            let shows = |point: &&Point| rate(Some(point.rate)) != rate(Some(funnel.overall));
            let is_sure =
                |point: &&Point| self.group_of(point).is_none_or(|group| !group.paragraphs.too_few);
            let of = |place: Place| -> Vec<&Point> {
                let outside = funnel.points.iter().filter(|point| point.place == place);
                outside.filter(shows).filter(is_sure).collect()
            };
            let (far, near) = (of(places[0]), of(places[1]));
            let all: Vec<&Point> = far.iter().chain(&near).copied().collect();
            match all.as_slice() {
                [] => {}
                [only] => said.push(format!(
                    "{} mention it {how} {than}: {} in 100, where all have {}. That is outside the \
                     {} limits.",
                    self.who(only.value.as_deref()),
                    rate(Some(only.rate)),
                    rate(Some(funnel.overall)),
                    if far.is_empty() { "95%" } else { "99.8%" },
                )),
                several => {
                    let mut named: Vec<String> =
                        several.iter().take(NAMED).map(|point| self.called(point)).collect();
                    if several.len() > NAMED {
                        named.push(format!("and {} more", several.len() - NAMED));
                    }
                    let far = match far.len() {
                        0 => String::new(),
                        count => format!(", {count} of them outside the 99.8% limits"),
                    };
                    said.push(format!(
                        "{} of {} {} mention it {how} {than}, outside the 95% limits{far}: {}.",
                        several.len(),
                        funnel.points.len(),
                        self.groups_of(),
                        named.join("; "),
                    ));
                }
            }
        }
        if funnel.outside_95 == 0 {
            said.push(format!(
                "None of the {} {} differs from the rest by more than chance could make it differ.",
                funnel.points.len(),
                self.plural()
            ));
        }
        said
    }

    /// The group of a point.
    fn group_of(&self, point: &Point) -> Option<&Group> {
        self.groups.iter().find(|group| group.values.first() == Some(&point.value))
    }

    /// Whether a group is of an authority that never mentions it: that may be said, and has a caution
    /// of its own.
    fn is_silent(&self, group: &Group) -> bool {
        self.by == [Attribute::Authority] && group.paragraphs.count == 0
    }

    /// Where there are too few groups for limits, which of them have intervals that are apart.
    fn apart(&self) -> Vec<String> {
        if self.funnel.is_some() || self.groups.len() < 2 {
            return Vec::new();
        }
        let rates: Vec<(&Group, f64, f64)> = self
            .groups
            .iter()
            .filter_map(|group| {
                let own = group.paragraphs;
                Some((group, own.low?, own.high?)).filter(|_| !own.too_few)
            })
            .collect();
        let mut said = Vec::new();
        for (at, one) in rates.iter().enumerate() {
            for other in &rates[at + 1..] {
                let (more, less) = if one.1 > other.2 {
                    (one, other)
                } else if other.1 > one.2 {
                    (other, one)
                } else {
                    continue;
                };
                let value = |group: &Group| group.values.first().cloned().flatten();
                let other = self.who(value(less.0).as_deref());
                said.push(format!(
                    "{} mention it more often than {} do: {} in 100, and {}. The intervals do not \
                     overlap.",
                    self.who(value(more.0).as_deref()),
                    lower(&other),
                    rate(more.0.paragraphs.percent),
                    rate(less.0.paragraphs.percent),
                ));
            }
        }
        if said.is_empty() && rates.len() > 1 {
            said.push(
                "No two groups differ so much that their intervals do not overlap.".to_owned(),
            );
        }
        said
    }

    /// How the councils that ask lie among their neighbours: those of which that is sure enough to be
    /// said, or the others.
    fn own(&self, is_unsure: bool) -> Vec<String> {
        let Some(near) =
            self.neighbourhood.filter(|_| self.by.first() == Some(&Attribute::Authority))
        else {
            return Vec::new();
        };
        let of = |group: &Group| group.values.first().cloned().flatten().unwrap_or_default();
        let others: Vec<&Group> =
            self.groups.iter().filter(|group| near.neighbours.contains(&of(group))).collect();
        let total = |which: fn(&Group) -> usize| others.iter().map(|own| which(own)).sum::<usize>();
        let theirs =
            Share::whole(total(|own| own.paragraphs.count), total(|own| own.paragraphs.out_of));
        let said = near.councils.iter().filter_map(|name| {
            let Some(own) = self.groups.iter().find(|group| of(group) == *name) else {
                return (!is_unsure)
                    .then(|| format!("Of {name} itself no report was looked through."));
            };
            if (own.paragraphs.too_few && !self.is_silent(own)) != is_unsure {
                return None;
            }
            if is_unsure {
                return Some(format!(
                    "How {name} compares with its neighbours: {} of {} paragraphs are too few matches \
                     or of too few reports.",
                    thousands(own.paragraphs.count as u64),
                    thousands(own.paragraphs.out_of as u64),
                ));
            }
            let mut points = self.funnel.into_iter().flat_map(|funnel| &funnel.points);
            let point = points.find(|point| point.value.as_ref() == Some(name));
            let within = match point.map(|point| point.place) {
                Some(Place::Within) => " Chance could make that difference.",
                _ => "",
            };
            Some(format!(
                "{}{} mention it in {} of {} paragraphs ({} in 100); those on its {} in {} of {} \
                 ({} in 100).{within}",
                self.who(Some(name)),
                years(own.span),
                thousands(own.paragraphs.count as u64),
                thousands(own.paragraphs.out_of as u64),
                rate(own.paragraphs.percent),
                count(others.len() as u64, "neighbour"),
                thousands(theirs.count as u64),
                thousands(theirs.out_of as u64),
                rate(theirs.percent),
            ))
        });
        said.collect()
    }

    /// Of whom it is not mentioned.
    fn silence(&self) -> Option<String> {
        let silent = &self.silence.silent;
        let authorities = self.mentions.authorities.len();
        if authorities < 2 || self.whole.paragraphs.count == 0 {
            return None;
        }
        Some(match silent.as_slice() {
            [] => {
                format!("Of each of the {authorities} authorities inspected, a report mentions it.")
            }
            silent if silent.len() <= NAMED => {
                let named: Vec<&str> = silent.iter().map(|own| own.authority.as_str()).collect();
                format!(
                    "Of {} of {authorities} authorities no report that was looked through mentions \
                     it: {}.",
                    silent.len(),
                    named.join("; ")
                )
            }
            silent => format!(
                "Of {} of {authorities} authorities no report that was looked through mentions it; they \
                 are listed under Silence.",
                silent.len()
            ),
        })
    }

    /// That a rate is no rank.
    fn order(&self) -> Option<String> {
        let outside = self.funnel.map(|funnel| funnel.outside_95);
        let one = self.singular();
        match outside {
            _ if self.groups.len() < 2 => None,
            Some(0) => Some(format!(
                "That {} differ in how often it is mentioned: none lies outside the limits.",
                self.plural()
            )),
            _ => Some(format!(
                "That one {one} is better or worse than another, or where it ranks. A rate says how \
                 often something is written of, not how good it is."
            )),
        }
    }

    /// That chance alone puts some groups outside the limits.
    fn chance(&self) -> Option<String> {
        let funnel = self.funnel.filter(|funnel| funnel.outside_95 > 0)?;
        let (groups, expected) = (funnel.points.len(), funnel.expected_outside_95);
        let every = match (1.0 / expected.max(0.01)).round() as usize {
            0 | 1 => None,
            2 => Some("second".to_owned()),
            3 => Some("third".to_owned()),
            n => Some(format!("{n}th")),
        };
        let by_chance = match every {
            None => format!("Chance alone would put about {expected:.0} of {groups} there"),
            Some(every) => format!(
                "In about every {every} comparison like this, chance alone would put 1 of {groups} \
                 there"
            ),
        };
        let outside = match (funnel.outside_95, funnel.outside_95 as f64 <= expected) {
            (1, _) => "here it is 1".to_owned(),
            (count, true) => format!("here it is {count}, no more than that"),
            (count, false) => format!("here it is {count}"),
        };
        let one = self.singular();
        let a = if one.starts_with('a') { "an" } else { "a" };
        Some(format!(
            "That there must be a reason where {a} {one} lies outside the 95% limits. {by_chance}; \
             {outside}."
        ))
    }

    /// Which rates are unsure.
    fn unsure(&self) -> Option<String> {
        let groups = if self.cells.is_empty() { self.groups } else { self.cells };
        let is_unsure = |group: &&Group| group.paragraphs.too_few && !self.is_silent(group);
        let unsure: Vec<&Group> = groups.iter().filter(is_unsure).collect();
        let named = |group: &&Group| {
            let values = group.values.iter().zip(self.by);
            let said = values.map(|(value, by)| self.value(*by, value.as_deref()));
            said.collect::<Vec<_>>().join(", ")
        };
        match unsure.len() {
            0 => None,
            few if few <= NAMED && few < groups.len() => Some(format!(
                "How sure the rates are of {}: there are too few matches or reports for an interval.",
                unsure.iter().map(named).collect::<Vec<_>>().join("; ")
            )),
            many if many == groups.len() => Some(format!(
                "How sure the rate of any one {} is: all {many} have too few matches or reports for \
                 an interval.",
                self.singular()
            )),
            many => Some(format!(
                "How sure the rates are of {many} of {} {}: they have too few matches or reports for \
                 an interval (“too few” in the table).",
                groups.len(),
                if self.cells.is_empty() { self.plural() } else { "groups".to_owned() }
            )),
        }
    }

    /// Which groups lie outside their limits, but have too few matches or reports to be named for it.
    fn outside_by_few(&self) -> Option<String> {
        let points = self.funnel.iter().flat_map(|funnel| &funnel.points);
        let is_of_few = |point: &&Point| {
            let own = self.group_of(point);
            own.is_some_and(|group| group.paragraphs.too_few && !self.is_silent(group))
        };
        let outside = points.filter(|point| point.place != Place::Within).filter(is_of_few);
        let mut named: Vec<String> = outside.map(|point| self.called(point)).collect();
        let (groups, verb, have) = match named.len() {
            0 => return None,
            1 => (format!("1 {}", self.singular()), "differs", "it has"),
            many => (format!("{many} {}", self.plural()), "differ", "they have"),
        };
        if named.len() > NAMED {
            let more = named.len() - NAMED;
            named.truncate(NAMED);
            named.push(format!("and {more} more"));
        }
        Some(format!(
            "That {groups} outside the limits {verb} from the rest, as {have} too few matches or \
             reports: {}.",
            named.join("; ")
        ))
    }

    /// That a grade is not that of what is mentioned.
    fn grades(&self) -> Option<String> {
        if self.by.contains(&Attribute::Overall) {
            return Some(
                "That a mention led to the grade, or the grade to the mention. Both are in the same \
                 report; no more is known."
                    .to_owned(),
            );
        }
        let is_graded = self.whole.grades.iter().any(|row| row.label.is_some());
        is_graded.then(|| {
            "That what a paragraph mentions was given the grade of its section. The grade is on the \
             section as a whole."
                .to_owned()
        })
    }

    /// That years differ by more than practice.
    fn years(&self) -> Option<String> {
        self.by.contains(&Attribute::Year).then(|| {
            "That practice changed where the rate did. What is inspected, how long reports are and \
             which words they use changed as well."
                .to_owned()
        })
    }

    /// That silence proves nothing.
    fn unsaid(&self) -> Option<String> {
        (!self.silence.silent.is_empty()).then(|| {
            "That all is well, or that nothing is done, where it is not mentioned. Inspectors do not \
             write of everything they see."
                .to_owned()
        })
    }

    /// That what is not held is not known.
    fn others(&self) -> Option<String> {
        let missing = self.silence.not_held.len() + self.silence.left_out.len();
        match missing {
            0 => None,
            1 => {
                let only = self.silence.not_held.iter().chain(&self.silence.left_out);
                let only = only.map(String::as_str).collect::<String>();
                Some(format!("Anything about {only}: no report of it was looked through."))
            }
            many => Some(format!(
                "Anything about {many} authorities of which no report was looked through."
            )),
        }
    }

    /// The value of a group, in words.
    fn value(&self, by: Attribute, value: Option<&str>) -> String {
        match (by, value) {
            (_, None) => "those without a value".to_owned(),
            (Attribute::Framework, Some(code)) => {
                self.names.framework(code).unwrap_or(code).to_owned()
            }
            (Attribute::Theme | Attribute::Kind, Some(id)) => id.replace('_', " "),
            (_, Some(value)) => value.to_owned(),
        }
    }

    /// A group as the subject of a sentence, in the plural.
    fn who(&self, value: Option<&str>) -> String {
        let by = self.first();
        let Some(value) = value.map(|value| self.value(by, Some(value))) else {
            return match by {
                Attribute::Grade => "Sections without a grade".to_owned(),
                Attribute::Overall => "Reports without an overall judgement".to_owned(),
                Attribute::Visit => "Reports of no visit".to_owned(),
                Attribute::Region => "Reports of no known region".to_owned(),
                Attribute::Theme => "Sections on no theme".to_owned(),
                _ => format!("Paragraphs without a {}", by.name()),
            };
        };
        match by {
            Attribute::Authority => format!("Reports on {value}"),
            Attribute::Region if POINTS.iter().any(|point| value.starts_with(point)) => {
                format!("Reports on councils in the {value}")
            }
            Attribute::Region => format!("Reports on councils in {value}"),
            Attribute::Framework => format!("Reports under {value}"),
            Attribute::Year => format!("Reports of {value}"),
            Attribute::Overall => format!("Reports judged {} overall", lower(&value)),
            Attribute::Visit => format!("Reports of a {value} visit"),
            Attribute::Grade => format!("Sections graded {}", lower(&value)),
            Attribute::Theme => format!("Sections on {value}"),
            Attribute::Section => format!("Sections called {value}"),
            Attribute::Topic => format!("Paragraphs on {value}"),
            Attribute::Kind => format!("Paragraphs of the kind {value}"),
            Attribute::Timescale => format!("Recommendations due {value}"),
            Attribute::Addressee => format!("Recommendations to {value}"),
            Attribute::Report => format!("Paragraphs of {value}"),
            Attribute::Number | Attribute::Page | Attribute::Date => {
                format!("Paragraphs of {} {value}", by.name())
            }
        }
    }

    /// A group in a list, with its rate.
    fn called(&self, point: &Point) -> String {
        format!("{} ({})", self.value(self.first(), point.value.as_deref()), rate(Some(point.rate)))
    }

    fn singular(&self) -> &'static str {
        match self.first() {
            Attribute::Authority => "authority",
            Attribute::Region => "region",
            Attribute::Framework => "framework",
            Attribute::Year => "year",
            Attribute::Report => "report",
            Attribute::Theme => "theme",
            Attribute::Topic => "topic",
            Attribute::Grade | Attribute::Overall => "grade",
            _ => "group",
        }
    }

    fn plural(&self) -> String {
        match self.singular() {
            "authority" => "authorities".to_owned(),
            other => format!("{other}s"),
        }
    }

    /// The groups as the subject of a sentence.
    fn groups_of(&self) -> String {
        match self.first() {
            Attribute::Authority => "authorities have reports that".to_owned(),
            Attribute::Region => "regions have reports that".to_owned(),
            Attribute::Year => "years have reports that".to_owned(),
            Attribute::Framework => "frameworks have reports that".to_owned(),
            _ => self.plural(),
        }
    }
}

/// The years of reports, after a comma: `, 2014–2019`.
fn years(span: Span) -> String {
    span.years().map_or_else(String::new, |years| format!(", {years},"))
}

/// A rate per 100, as exact as it deserves.
fn rate(percent: Option<f64>) -> String {
    match percent {
        None => "no rate".to_owned(),
        Some(percent) if percent < 0.005 => "0".to_owned(),
        Some(percent) if percent < 0.095 => format!("{percent:.2}"),
        Some(percent) => format!("{percent:.1}"),
    }
}

/// The ends of an interval; `None` where there is none to be relied on.
fn ends(share: Share) -> Option<String> {
    let ends = share.low.zip(share.high).filter(|_| !share.too_few);
    ends.map(|(low, high)| format!("{}–{}", rate(Some(low)), rate(Some(high))))
}
