//! The authorities whose reports a comparison is expected to have.

use super::Session;
use super::error::AskError;
use super::question::Conditions;
use findings_index::records::Attribute;
use findings_index::request::Filters;
use std::collections::HashSet;

/// The authorities whose reports a reader would expect to find.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scope {
    /// Their short names.
    pub authorities: Vec<String>,
    /// A description of them, in words.
    pub said: String,
}

impl Session<'_> {
    /// Resolves the filters of a comparison and its scope. An authority without reports in the
    /// index is not an error here: that it has none is part of the answer.
    ///
    /// # Errors
    /// Those of [`Session::filters`].
    pub fn scope(&self, conditions: &Conditions) -> Result<(Filters, Scope), AskError> {
        let named = conditions.of(Attribute::Authority);
        let table = self.reference.authorities()?;
        if named.is_empty() && conditions.neighbours_of.is_empty() {
            let filters = self.filters(conditions)?;
            let regions = filters.values(Attribute::Region);
            let said = match regions {
                [] => "authorities known to Findings".to_owned(),
                regions => format!("authorities known to Findings in {}", regions.join(", ")),
            };
            let held = self.engine.values(Attribute::Authority)?;
            let known = table.known(&held);
            let wanted = known.filter(|own| regions.is_empty() || regions.contains(&own.region));
            let authorities = wanted.map(|authority| authority.name.clone()).collect();
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
        let said = "authorities that were named".to_owned();
        Ok((filters, Scope { authorities: expected, said }))
    }
}

/// Removes repeated names and keeps the order.
#[must_use]
pub fn once_each(names: Vec<String>) -> Vec<String> {
    let mut seen = HashSet::new();
    names.into_iter().filter(|name| seen.insert(name.clone())).collect()
}
