//! The council whose statistical neighbours are asked for, and these neighbours.

use super::Session;
use super::error::AskError;
use super::question::Conditions;
use super::scope::once_each;
use findings_index::records::Attribute;
use findings_index::request::{Choices, Filters};
use serde::Serialize;

/// Whoever asks for the neighbours of an authority, and these.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Neighbourhood {
    /// The authorities whose neighbours are meant, usually one.
    pub councils: Vec<String>,
    /// Their statistical neighbours, the nearest first, whether or not a report of them is held.
    pub neighbours: Vec<String>,
    /// The edition of the table of neighbours; `None` where it is not known.
    pub edition: Option<String>,
}

/// What an authority is to whoever asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Near {
    /// The authority whose neighbours are asked for.
    Own,
    /// One of its statistical neighbours.
    Neighbour,
}

impl Neighbourhood {
    /// What an authority is; `None` for any other.
    #[must_use]
    pub fn near(&self, authority: &str) -> Option<Near> {
        let is_one_of = |names: &[String]| names.iter().any(|name| name == authority);
        if is_one_of(&self.councils) {
            Some(Near::Own)
        } else {
            is_one_of(&self.neighbours).then_some(Near::Neighbour)
        }
    }

    /// Takes the council and its neighbours out of filters by which a question is asked again: they are
    /// asked for as neighbours then, whoever these are.
    pub(crate) fn leave_to_itself(&self, filters: &mut Filters) {
        let mut named = filters.values(Attribute::Authority).to_vec();
        named.retain(|name| self.near(name).is_none());
        filters.set(Attribute::Authority, named);
    }

    /// The edition of the table, in words.
    #[must_use]
    pub fn edition(&self) -> String {
        self.edition
            .as_ref()
            .map_or_else(|| "edition not known".to_owned(), |edition| format!("edition: {edition}"))
    }
}

impl Session<'_> {
    /// The neighbourhood that the conditions ask for; `None` where they ask for none, or where a
    /// name is refused by [`Session::filters`] anyway.
    ///
    /// # Errors
    /// A table that cannot be used, or an engine that fails.
    pub fn neighbourhood(
        &self,
        conditions: &Conditions,
    ) -> Result<Option<Neighbourhood>, AskError> {
        let table = self.authorities()?;
        let (mut councils, mut neighbours) = (Vec::new(), Vec::new());
        let mut is_of_users = !conditions.neighbours_of.is_empty();
        for typed in &conditions.neighbours_of {
            let meant = self.council(typed)?.map(|meant| meant.may_be).unwrap_or_default();
            let [only] = meant.as_slice() else { return Ok(None) };
            let Some(own) = table.find(&only.name) else { return Ok(None) };
            is_of_users &= own.table > 0;
            councils.push(only.name.clone());
            neighbours.extend(table.neighbours_of(own).into_iter().map(|near| near.name.clone()));
        }
        if councils.is_empty() {
            return Ok(None);
        }
        neighbours.retain(|name| !councils.contains(name));
        // The edition of the built-in table is not known; that of users' tables they can tell.
        let edition = self.reference.config().neighbours_edition.clone();
        Ok(Some(Neighbourhood {
            councils: once_each(councils),
            neighbours: once_each(neighbours),
            edition: edition.filter(|_| is_of_users),
        }))
    }
}

impl Conditions {
    /// The same conditions, with the councils themselves among their neighbours, unless they are
    /// excluded.
    #[must_use]
    pub fn with_councils(&self, neighbourhood: Option<&Neighbourhood>, excluded: &Choices) -> Self {
        let mut conditions = self.clone();
        let councils = neighbourhood.into_iter().flat_map(|own| &own.councils);
        let is_left = |name: &&String| !excluded.values(Attribute::Authority).contains(name);
        let councils: Vec<String> = councils.filter(is_left).cloned().collect();
        if !councils.is_empty() {
            conditions.values.entry(Attribute::Authority).or_default().extend(councils);
        }
        conditions
    }
}
