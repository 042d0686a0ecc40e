//! Compares each authority's latest full inspection with an earlier one.
//!
//! Only grades of the same scale are compared.

use super::judged::{Given, Scheme, day};
use super::{By, Since, Wanted};
use findings_index::records::ReportRecord;
use findings_index::request::Filters;
use jiff::civil::Date;
use serde::Serialize;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// What became of an authority's grade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub enum Move {
    /// The later grade is nearer to the best.
    Improved,
    /// Both are the same.
    Kept,
    /// The later grade is further from the best.
    Declined,
    /// The grades are of different scales.
    NotComparable,
    /// One of the inspections gives no such grade, or more than one.
    Ungraded,
    /// There is only one inspection.
    Once,
}

impl Move {
    /// The name, as in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Improved => "improved",
            Self::Kept => "kept",
            Self::Declined => "declined",
            Self::NotComparable => "not_comparable",
            Self::Ungraded => "ungraded",
            Self::Once => "once",
        }
    }
}

/// A full inspection with its grade.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Inspected {
    /// Id of the report.
    pub report: String,
    /// The authority; `None` if it is not known.
    pub authority: Option<String>,
    /// Its region.
    pub region: Option<String>,
    /// The framework's code.
    pub framework: String,
    /// Its usual short form.
    pub framework_short: String,
    /// The first day of the inspection; if it is not known, the day of publication.
    pub date: Option<Date>,
    /// The last day of the inspection, as far as it is known.
    pub ended: Option<Date>,
    /// The area that is judged, as printed; several are separated by semicolons.
    pub area: Option<String>,
    /// The grade, both printings of one as one; `Good and Adequate` where two overall judgements
    /// differ.
    pub label: Option<String>,
    /// Its place on its scale, 1 the best; `None` where there are several judgements.
    pub rank: Option<u8>,
    /// The name of the scale.
    pub scale: String,
    /// The page on which the section with this judgement begins, where there is one judgement and its
    /// page is known.
    pub page: Option<u32>,
}

/// One authority's grades.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Moved {
    /// The authority.
    pub authority: String,
    /// Its code.
    pub la_code: Option<String>,
    /// Its region.
    pub region: Option<String>,
    /// Number of its full inspections.
    pub inspections: usize,
    /// The earlier inspection; `None` where there is only one.
    pub earlier: Option<Inspected>,
    /// The latest.
    pub latest: Inspected,
    /// What became of the grade.
    pub moved: Move,
    /// By how many places of the scale.
    pub places: Option<u8>,
    /// Why the grades cannot be compared, as the later framework says.
    pub says: Option<String>,
}

/// How many authorities moved in which way.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Moves {
    /// All authorities with a full inspection.
    pub authorities: usize,
    /// Those whose two grades are compared: the next three together.
    pub compared: usize,
    /// Those with a better grade.
    pub improved: usize,
    /// Those with the same.
    pub kept: usize,
    /// Those with a worse one.
    pub declined: usize,
    /// Those whose grades are of different scales.
    pub not_comparable: usize,
    /// Those with an inspection that gives no such grade, or more than one.
    pub ungraded: usize,
    /// Those with one inspection only.
    pub once: usize,
}

/// How many authorities of a group moved in which way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct MovedGroup {
    /// The values of the latest inspection that the group has in common.
    pub values: Vec<Option<String>>,
    /// The values in words.
    pub names: Vec<String>,
    /// The numbers.
    #[serde(flatten)]
    pub moves: Moves,
}

/// How many authorities had one grade and now have another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Transition {
    /// The scale of the earlier grade.
    pub from_scale: String,
    /// The earlier grade.
    pub from: String,
    /// Its place on that scale.
    pub from_rank: Option<u8>,
    /// The scale of the latest grade.
    pub to_scale: String,
    /// The latest grade.
    pub to: String,
    /// Its place on that scale.
    pub to_rank: Option<u8>,
    /// Whether both are of the same scale.
    pub is_comparable: bool,
    /// Number of authorities.
    pub authorities: usize,
}

/// The changes between two inspections of each authority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Changes {
    /// Which inspection the latest is compared with.
    pub since: Since,
    /// All authorities.
    pub whole: Moves,
    /// The same by what was asked for.
    pub groups: Vec<MovedGroup>,
    /// From which grade to which, those of one scale first, the best first. Every pair of grades of
    /// a scale that was compared is listed, if no authority has it as well.
    pub transitions: Vec<Transition>,
    /// Full inspections without a date, which are neither first nor latest.
    pub undated: usize,
    /// Full inspections of no known authority.
    pub unknown: usize,
    /// Each authority, by name.
    pub moved: Vec<Moved>,
}

/// Returns an inspection with the grade that is wanted.
pub(super) fn inspected(report: &ReportRecord, scheme: &Scheme<'_>, wanted: &Wanted) -> Inspected {
    let given = scheme.given(report);
    let of_authority = given.iter().filter(|own| own.subject.is_full());
    let own: Vec<&Given<'_>> = of_authority
        .filter(|own| match wanted {
            Wanted::Themes(themes) => {
                let theme = own.theme.unwrap_or(Filters::ABSENT);
                !own.is_overall && themes.iter().any(|wanted| wanted == theme)
            }
            Wanted::Overall | Wanted::Every => own.is_overall,
        })
        .collect();
    let places = own.iter().filter_map(|own| own.place.as_ref());
    let mut labels: Vec<&str> = places.clone().map(|place| place.label.as_str()).collect();
    labels.dedup();
    let areas: Vec<&str> = own.iter().map(|own| own.area).collect();
    let only = own.first().filter(|_| own.len() == 1).and_then(|own| own.place.as_ref());
    // Several judgements are shown, and have no place.
    let is_shown = only.is_some() || matches!(wanted, Wanted::Overall | Wanted::Every);
    let label = Some(labels.join(" and ")).filter(|label| is_shown && !label.is_empty());
    Inspected {
        report: report.id.clone(),
        authority: report.authority.clone(),
        region: report.region.clone(),
        framework: report.framework.clone(),
        framework_short: scheme.short(&report.framework),
        date: report.date(),
        ended: day(report),
        page: match areas.as_slice() {
            [only] => report.judged_on(only),
            _ => None,
        },
        area: Some(areas.join("; ")).filter(|areas| !areas.is_empty()),
        label,
        rank: only.and_then(|place| place.rank),
        scale: scheme.scale(&report.framework),
    }
}

/// Compares the latest of each authority's full inspections with the first, or with the one before.
pub(super) fn changes(
    full: &[&ReportRecord],
    scheme: &Scheme<'_>,
    wanted: &Wanted,
    since: Since,
    by: &[By],
) -> Changes {
    // A value that is lacking comes after all others.
    type Values = Vec<(bool, Option<String>)>;
    let mut of_authorities: BTreeMap<&str, Vec<&ReportRecord>> = BTreeMap::new();
    let (mut undated, mut unknown) = (0, 0);
    for report in full {
        match (report.authority.as_deref(), day(report)) {
            (None, _) => unknown += 1,
            (_, None) => undated += 1,
            (Some(authority), Some(_)) => of_authorities.entry(authority).or_default().push(report),
        }
    }
    let mut moved = Vec::with_capacity(of_authorities.len());
    let mut groups: BTreeMap<Values, (Vec<String>, Moves)> = BTreeMap::new();
    let mut whole = Moves::default();
    for (authority, mut inspections) in of_authorities {
        inspections.sort_by_key(|report| (day(report), &report.id));
        let Some((latest, before)) = inspections.split_last() else { continue };
        let earlier = match since {
            Since::First => before.first(),
            Since::Previous => before.last(),
        };
        let own = compared(authority, earlier.copied(), latest, scheme, wanted);
        whole.add(own.moved);
        if !by.is_empty() {
            let values = by.iter().map(|by| value(*by, latest));
            let keys = values.map(|value| (value.is_none(), value)).collect();
            let names = || by.iter().map(|by| name(*by, latest, scheme)).collect();
            groups.entry(keys).or_insert_with(|| (names(), Moves::default())).1.add(own.moved);
        }
        moved.push(Moved { inspections: inspections.len(), ..own });
    }
    let groups = groups.into_iter().map(|(keys, (names, moves))| MovedGroup {
        values: keys.into_iter().map(|(_, value)| value).collect(),
        names,
        moves,
    });
    Changes {
        since,
        whole,
        groups: groups.collect(),
        transitions: transitions(&moved, scheme),
        undated,
        unknown,
        moved,
    }
}

/// Compares two inspections of an authority.
fn compared(
    authority: &str,
    earlier: Option<&ReportRecord>,
    latest: &ReportRecord,
    scheme: &Scheme<'_>,
    wanted: &Wanted,
) -> Moved {
    let before = earlier.map(|report| inspected(report, scheme, wanted));
    let after = inspected(latest, scheme, wanted);
    let ranks = before.as_ref().and_then(|before| before.rank.zip(after.rank));
    let moved = match (&before, ranks) {
        (None, _) => Move::Once,
        (Some(before), _) if before.scale != after.scale => Move::NotComparable,
        (Some(_), None) => Move::Ungraded,
        (Some(_), Some((then, now))) => match now.cmp(&then) {
            Ordering::Less => Move::Improved,
            Ordering::Equal => Move::Kept,
            Ordering::Greater => Move::Declined,
        },
    };
    let is_compared = matches!(moved, Move::Improved | Move::Kept | Move::Declined);
    let says = before.as_ref().filter(|_| moved == Move::NotComparable);
    let says = says.and_then(|before| scheme.says(&before.framework, &after.framework));
    Moved {
        authority: authority.to_owned(),
        la_code: latest.la_code.clone(),
        region: latest.region.clone(),
        inspections: 0,
        places: ranks.filter(|_| is_compared).map(|(then, now)| now.abs_diff(then)),
        says: says.map(str::to_owned),
        earlier: before,
        latest: after,
        moved,
    }
}

impl Moves {
    fn add(&mut self, moved: Move) {
        self.authorities += 1;
        let number = match moved {
            Move::Improved => &mut self.improved,
            Move::Kept => &mut self.kept,
            Move::Declined => &mut self.declined,
            Move::NotComparable => &mut self.not_comparable,
            Move::Ungraded => &mut self.ungraded,
            Move::Once => &mut self.once,
        };
        *number += 1;
        self.compared = self.improved + self.kept + self.declined;
    }
}

fn value(by: By, report: &ReportRecord) -> Option<String> {
    match by {
        By::Framework => Some(report.framework.clone()),
        By::Year => report.date().map(|date| date.year().to_string()),
        By::Region => report.region.clone(),
        By::Theme => None,
    }
}

fn name(by: By, report: &ReportRecord, scheme: &Scheme<'_>) -> String {
    match by {
        By::Framework => scheme.short(&report.framework),
        By::Region => report.region.clone().unwrap_or_else(|| "region not known".to_owned()),
        by => value(by, report).unwrap_or_else(|| "undated".to_owned()),
    }
}

/// Counts the pairs of grades.
fn transitions(moved: &[Moved], scheme: &Scheme<'_>) -> Vec<Transition> {
    type Grade = (String, Option<u8>, String);
    let grade = |own: &Inspected| -> Option<Grade> {
        Some((own.scale.clone(), own.rank, own.label.clone()?))
    };
    let mut pairs: BTreeMap<(bool, Grade, Grade), usize> = BTreeMap::new();
    for own in moved {
        let before = own.earlier.as_ref().and_then(grade);
        let Some((before, after)) = before.zip(grade(&own.latest)) else { continue };
        let is_other = before.0 != after.0;
        if !is_other {
            let places = scheme.labels(&own.latest.framework);
            let all = || places.iter().map(|own| (before.0.clone(), own.rank, own.label.clone()));
            for (from, to) in all().flat_map(|from| all().map(move |to| (from.clone(), to))) {
                pairs.entry((false, from, to)).or_default();
            }
        }
        *pairs.entry((is_other, before, after)).or_default() += 1;
    }
    let transitions = pairs.into_iter().map(|((is_other, from, to), authorities)| Transition {
        from_scale: from.0,
        from: from.2,
        from_rank: from.1,
        to_scale: to.0,
        to: to.2,
        to_rank: to.1,
        is_comparable: !is_other,
        authorities,
    });
    transitions.collect()
}
