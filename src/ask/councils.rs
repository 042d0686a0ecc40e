//! Which authorities a text may mean, and of which of them reports are held.

use super::Session;
use super::error::AskError;
use super::held::same;
use crate::knowledge::{Authorities, Gazetteer, Named, dates};
use findings_index::language::key;
use findings_index::records::Attribute;
use jiff::civil::Date;
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

/// The authorities of the tables, and those of which reports are held.
#[derive(Debug)]
pub(super) struct Known {
    held: Vec<String>,
    all: Gazetteer,
}

impl Known {
    pub(super) fn held(&self) -> &[String] {
        &self.held
    }

    pub(super) fn all(&self) -> &Gazetteer {
        &self.all
    }

    fn is_held(&self, name: &str) -> bool {
        self.held.iter().any(|held| held == name)
    }

    /// What a name may mean. An authority that has ended, and of which no report is held, is read
    /// as those that have its area now, if a report of one of them is.
    fn meant(&self, named: &Named<'_>) -> Meant {
        let council = |name: &str| Council { name: name.to_owned(), is_held: self.is_held(name) };
        let mut may_be: Vec<Council> = Vec::new();
        let mut is_whole = named.is_whole;
        for name in &named.may_be {
            let table = self.all.table();
            let successors = match table.find(name) {
                Some(own) if !self.is_held(name) && own.until.is_some() => table.successors_of(own),
                _ => Vec::new(),
            };
            if successors.iter().any(|own| self.is_held(&own.name)) {
                is_whole = false;
                may_be.extend(successors.into_iter().map(|own| council(&own.name)));
            } else {
                may_be.push(council(name));
            }
        }
        may_be.sort_by(|a, b| (!a.is_held, &a.name).cmp(&(!b.is_held, &b.name)));
        may_be.dedup();
        Meant { may_be, is_whole }
    }
}

impl Session<'_> {
    /// The authorities known and held: those of the tables that the index was built with, or else
    /// of the tables at hand.
    pub(super) fn known(&self) -> Result<&Known, AskError> {
        if let Some(known) = self.known.get() {
            return Ok(known);
        }
        let held = self.engine.values(Attribute::Authority)?;
        let kept = self.engine.authorities()?;
        let table = match kept {
            [] => self.reference.authorities()?.clone(),
            kept => Authorities::of(kept.to_vec()),
        };
        let all = Gazetteer::new(table, held.iter().map(String::as_str));
        Ok(self.known.get_or_init(|| Known { held, all }))
    }

    /// The tables of authorities that the index was built with.
    ///
    /// # Errors
    /// A table that cannot be used, or an engine that fails.
    pub fn authorities(&self) -> Result<&Authorities, AskError> {
        Ok(self.known()?.all.table())
    }

    /// The authorities that a typed name may mean, if any: those of the tables, and those of which
    /// reports are held.
    ///
    /// # Errors
    /// A table that cannot be used, or an engine that fails.
    pub fn council(&self, typed: &str) -> Result<Option<Meant>, AskError> {
        let known = self.known()?;
        if let Some(name) = same(&known.held, typed) {
            let council = Council { name: name.clone(), is_held: true };
            return Ok(Some(Meant { may_be: vec![council], is_whole: true }));
        }
        let Some(mut named) = known.all.named(typed) else {
            return Ok(None);
        };
        if !named.is_whole && !named.may_be.iter().any(|name| known.is_held(name)) {
            // Of an invented or foreign authority, what was typed may be the first letters.
            let begins = known.held.iter().filter(|name| key(name).starts_with(&key(typed)));
            named.may_be.extend(begins.map(String::as_str));
        }
        Ok(Some(known.meant(&named)))
    }

    /// The names of authorities among words of a text, in its order.
    ///
    /// # Errors
    /// A table that cannot be used, or an engine that fails.
    pub fn councils_in(&self, words: &[&str]) -> Result<Vec<Mentioned>, AskError> {
        let known = self.known()?;
        let mentioned = |mention: crate::knowledge::Mention<'_>| Mentioned {
            words: mention.words,
            meant: known.meant(&mention.named),
        };
        Ok(known.all.mentions(words).into_iter().map(mentioned).collect())
    }

    /// Why an authority has no reports of a span of days, if it did not exist then, in words.
    pub(super) fn not_then(
        &self,
        name: &str,
        from: Option<Date>,
        to: Option<Date>,
    ) -> Result<Option<String>, AskError> {
        let own = self.authorities()?.find(name).filter(|own| !own.existed(from, to));
        match own.map(|own| own.from) {
            Some(Some(began)) if to.is_some_and(|to| to < began) => {
                Ok(Some(format!("it began on {}", dates::day(began))))
            }
            Some(_) => self.ended(name),
            None => Ok(None),
        }
    }

    /// What became of an authority that has ended, in words: `it ended on 31 March 2023; Elmet has
    /// its area now`.
    pub(super) fn ended(&self, name: &str) -> Result<Option<String>, AskError> {
        let table = self.authorities()?;
        let ended = table.find(name).and_then(|own| Some((own, own.until?)));
        Ok(ended.map(|(own, until)| {
            let until = dates::day(until);
            let after: Vec<&str> =
                table.successors_of(own).iter().map(|own| own.name.as_str()).collect();
            match after.as_slice() {
                [] => format!("it ended on {until}"),
                [one] => format!("it ended on {until}; {one} has its area now"),
                several => {
                    format!("it ended on {until}; {} have its area now", several.join(" and "))
                }
            }
        }))
    }
}
