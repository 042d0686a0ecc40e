//! The authorities whose reports a comparison is expected to have.

use super::Session;
use super::error::AskError;
use super::question::Conditions;
use findings_index::engine::all_reports;
use findings_index::records::{Attribute, Authority};
use findings_index::request::Filters;
use jiff::civil::Date;
use std::collections::HashSet;

/// The greatest number of excluded authorities that are named.
const NAMED: usize = 3;

/// The authorities whose reports a reader would expect to find.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scope {
    /// Their short names.
    pub authorities: Vec<String>,
    /// A description of them, in words.
    pub said: String,
}

impl Session<'_> {
    /// The days within which reports are expected: those of the conditions, and of the reports that
    /// the filters leave where the conditions have no first or last day.
    ///
    /// # Errors
    /// An engine that fails.
    pub fn span(&self, filters: &Filters) -> Result<(Option<Date>, Option<Date>), AskError> {
        if filters.from.is_some() && filters.to.is_some() {
            return Ok((filters.from, filters.to));
        }
        // Which kind of paragraph is asked for, and since when it is new, says nothing about reports.
        let mut of_reports = filters.clone();
        of_reports.clear(Attribute::Kind);
        of_reports.not.clear(Attribute::Kind);
        of_reports.new_since = None;
        let reports = all_reports(self.engine, &of_reports, &self.deadline)?;
        let days = || reports.iter().filter_map(|report| report.date());
        Ok((filters.from.or_else(|| days().min()), filters.to.or_else(|| days().max())))
    }

    /// Resolves the filters of a comparison and its scope. An authority without reports in the
    /// index is not an error here: that it has none is part of the answer.
    ///
    /// # Errors
    /// Those of [`Session::filters`].
    pub fn scope(&self, conditions: &Conditions) -> Result<(Filters, Scope), AskError> {
        self.scope_as_at(conditions, None)
    }

    /// Does the same as [`Session::scope`], and expects the authorities that existed on a day.
    ///
    /// # Errors
    /// Those of [`Session::filters`].
    pub fn scope_as_at(
        &self,
        conditions: &Conditions,
        day: Option<Date>,
    ) -> Result<(Filters, Scope), AskError> {
        let named = conditions.of(Attribute::Authority);
        let table = self.authorities()?;
        if named.is_empty() && conditions.neighbours_of.is_empty() {
            let filters = self.filters(conditions)?;
            let known = table.known(self.known()?.held());
            let wanted = known.filter(|own| is_expected(own, &filters));
            let (from, to) = if day.is_some() { (day, day) } else { self.span(&filters)? };
            let wanted = wanted.filter(|own| own.existed(from, to));
            let authorities = wanted.map(|authority| authority.name.clone()).collect();
            let said = said(&filters);
            return Ok((filters, Scope { authorities, said }));
        }
        let (mut expected, mut searched) = (Vec::new(), Vec::new());
        for name in named {
            let meant = self.council(name)?.map(|meant| meant.may_be);
            let short = meant.as_deref().and_then(|may_be| match may_be {
                [one] => Some(one),
                _ => None,
            });
            expected.extend(short.map(|own| own.name.clone()));
            if short.is_none_or(|own| own.is_held) {
                searched.push(name.clone());
            }
        }
        for name in &conditions.neighbours_of {
            let name = self.council(name)?.and_then(|meant| meant.may_be.into_iter().next());
            let own = name.and_then(|council| table.find(&council.name));
            let near = own.map(|authority| table.neighbours_of(authority));
            expected.extend(near.into_iter().flatten().map(|near| near.name.clone()));
        }
        let mut left = conditions.clone();
        // With no authority left to search for, the conditions stay as they are, and `filters`
        // refuses them with the reason.
        if !searched.is_empty() || !conditions.neighbours_of.is_empty() {
            left.take(Attribute::Authority);
            if !searched.is_empty() {
                left.values.insert(Attribute::Authority, searched);
            }
        }
        let mut filters = self.filters(&left)?;
        let once = once_each(filters.values(Attribute::Authority).to_vec());
        filters.set(Attribute::Authority, once);
        expected.retain(|name| !filters.not.values(Attribute::Authority).contains(name));
        let said = "authorities that were named".to_owned();
        Ok((filters, Scope { authorities: expected, said }))
    }
}

/// Whether reports of an authority are expected where none is named.
#[must_use]
pub fn is_expected(authority: &Authority, filters: &Filters) -> bool {
    [(Attribute::Region, &authority.region), (Attribute::Authority, &authority.name)].iter().all(
        |(attribute, name)| {
            let (chosen, excluded) = (filters.values(*attribute), filters.not.values(*attribute));
            let held = if name.is_empty() { Filters::ABSENT } else { name.as_str() };
            (chosen.is_empty() || chosen.contains(name))
                && !excluded.iter().any(|excluded| excluded == held)
        },
    )
}

/// States which authorities are expected where none is named.
fn said(filters: &Filters) -> String {
    let mut said = "authorities known to Findings".to_owned();
    let regions = filters.values(Attribute::Region);
    if !regions.is_empty() {
        said.push_str(&format!(" in {}", regions.join(", ")));
    }
    let is_named = |name: &&String| *name != Filters::ABSENT;
    let excluded = |attribute| -> Vec<&str> {
        let names = filters.not.values(attribute).iter().filter(is_named);
        names.map(String::as_str).collect()
    };
    let regions = excluded(Attribute::Region);
    if !regions.is_empty() {
        said.push_str(&format!(" outside {}", regions.join(" and ")));
    }
    match excluded(Attribute::Authority).as_slice() {
        [] => {}
        few if few.len() <= NAMED => said.push_str(&format!(" other than {}", few.join(" or "))),
        many => said.push_str(&format!(" other than {} that are excluded", many.len())),
    }
    said
}

/// Removes repeated names and keeps the order.
#[must_use]
pub fn once_each(names: Vec<String>) -> Vec<String> {
    let mut seen = HashSet::new();
    names.into_iter().filter(|name| seen.insert(name.clone())).collect()
}
