//! Which authorities a text may mean, and of which of them reports are held.

use super::Session;
use super::error::AskError;
use super::held::same;
use crate::knowledge::{Gazetteer, Named};
use findings_index::records::Attribute;
use std::ops::Range;

/// An authority that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Council {
    /// Its short name.
    pub name: String,
    /// Whether the index has a report of it.
    pub is_held: bool,
}

/// Authorities that a text may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meant {
    /// The authorities, those with reports first; several if the text is ambiguous.
    pub may_be: Vec<Council>,
    /// Whether the text is a whole name, short form or code, and not a part of a name.
    pub is_whole: bool,
}

/// The name of an authority within a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mentioned {
    /// Which of the words are the name.
    pub words: Range<usize>,
    /// What it may mean.
    pub meant: Meant,
}

impl Meant {
    fn new(named: &Named<'_>, held: &[String]) -> Self {
        let council = |name: &&str| Council {
            name: (*name).to_owned(),
            is_held: held.iter().any(|held| held == name),
        };
        let mut may_be: Vec<Council> = named.may_be.iter().map(council).collect();
        may_be.sort_by_key(|council| !council.is_held);
        Self { may_be, is_whole: named.is_whole }
    }
}

impl Session<'_> {
    /// The authorities that a typed name may mean, if any: those of the tables, and those of which
    /// reports are held.
    ///
    /// # Errors
    /// A table that cannot be used, or an engine that fails.
    pub fn council(&self, typed: &str) -> Result<Option<Meant>, AskError> {
        let held = self.engine.values(Attribute::Authority)?;
        if let Some(name) = same(&held, typed) {
            let council = Council { name: name.clone(), is_held: true };
            return Ok(Some(Meant { may_be: vec![council], is_whole: true }));
        }
        let table = self.reference.authorities()?;
        let all = Gazetteer::new(table, held.iter().map(String::as_str));
        Ok(all.named(typed).map(|named| Meant::new(&named, &held)))
    }

    /// The names of authorities among words of a text, in its order.
    ///
    /// # Errors
    /// A table that cannot be used, or an engine that fails.
    pub fn councils_in(&self, words: &[&str]) -> Result<Vec<Mentioned>, AskError> {
        let held = self.engine.values(Attribute::Authority)?;
        let table = self.reference.authorities()?;
        let all = Gazetteer::new(table, held.iter().map(String::as_str));
        let mentioned = |mention: crate::knowledge::Mention<'_>| Mentioned {
            words: mention.words,
            meant: Meant::new(&mention.named, &held),
        };
        Ok(all.mentions(words).into_iter().map(mentioned).collect())
    }
}
