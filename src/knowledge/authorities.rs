//! The table of local authorities: codes, regions, other names, statistical neighbours, and when
//! they began or ended.
//!
//! The facts come from public tables of the Department for Education and of Data to Insight, and
//! from the orders that reorganised local government in 2009 and from 2019 to 2023. A council that
//! only became unitary, such as Somerset, is the same authority all the time.
//! Matches names as reports print them ("Kingston upon Hull City Council") with those of the table.
//! A user's tables add bodies of other places and kinds, or replace rows.

pub use findings_index::records::Authority;

use jiff::civil::Date;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::{fs, io};

const EMBEDDED: &str = include_str!("authorities.csv");

/// All authorities, found by name.
#[derive(Debug, Clone)]
pub struct Authorities {
    all: Vec<Authority>,
    by_key: HashMap<String, usize>,
    /// The words of each key with the index of its authority, the longest first.
    keys: Vec<(Vec<String>, usize)>,
    version: String,
}

/// The reason why a table of authorities cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AuthoritiesError {
    /// A table cannot be read.
    #[error("cannot read the table of authorities {}", file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// The fault.
        #[source]
        source: io::Error,
    },
    /// A table is not CSV or has no column `name`.
    #[error(
        "the table of authorities {file} can't be used; it needs a header with `name`, and may \
         have `la_code`, `region`, `other_names`, `short_forms`, `neighbours`, `from`, `until` \
         and `successors`"
    )]
    Form {
        /// The file.
        file: String,
        /// The fault, with its line.
        #[source]
        source: csv::Error,
    },
    /// A row has no name.
    #[error("the table of authorities {file} has no name in line {line}")]
    NoName {
        /// The file.
        file: String,
        /// The line.
        line: u64,
    },
    /// A first or last day is not a date.
    #[error(
        "the table of authorities {file} has `{day}` in line {line}, not a day such as 2023-04-01"
    )]
    Day {
        /// The file.
        file: String,
        /// The line.
        line: u64,
        /// What is written there.
        day: String,
    },
}

#[derive(Deserialize)]
struct Row {
    name: String,
    #[serde(default)]
    la_code: String,
    #[serde(default)]
    region: String,
    #[serde(default)]
    other_names: String,
    #[serde(default)]
    short_forms: String,
    #[serde(default)]
    neighbours: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    until: String,
    #[serde(default)]
    successors: String,
}

impl Authorities {
    /// Loads the embedded table alone.
    ///
    /// # Errors
    /// [`AuthoritiesError`] if the table does not follow its form.
    pub fn embedded() -> Result<Self, AuthoritiesError> {
        Self::load(&[])
    }

    /// Loads the embedded table and a user's own; a row replaces an earlier one with the same name.
    ///
    /// # Errors
    /// [`AuthoritiesError`] if a table cannot be read or does not follow its form.
    pub fn load(files: &[PathBuf]) -> Result<Self, AuthoritiesError> {
        let mut hash = Sha256::new();
        let mut all = Vec::new();
        hash.update(EMBEDDED);
        read(EMBEDDED, "authorities.csv", 0, &mut all)?;
        for (number, file) in (1..).zip(files) {
            let text = fs::read_to_string(file)
                .map_err(|source| AuthoritiesError::Read { file: file.clone(), source })?;
            hash.update(&text);
            let mut added = Vec::new();
            read(&text, &file.display().to_string(), number, &mut added)?;
            // If only other names agree, the rows of two tables need not be the same body.
            all.retain(|old: &Authority| !added.iter().any(|new| key(&new.name) == key(&old.name)));
            all.splice(0..0, added);
        }
        Ok(Self { version: hex::encode(&hash.finalize()[..6]), ..Self::of(all) })
    }

    /// Makes the rows of tables findable by name; of two with the same name the first counts.
    #[must_use]
    pub fn of(all: Vec<Authority>) -> Self {
        let mut by_key = HashMap::new();
        for (index, authority) in all.iter().enumerate() {
            for name in std::iter::once(&authority.name).chain(&authority.other_names) {
                by_key.entry(key(name)).or_insert(index);
            }
        }
        let mut keys: Vec<_> = by_key
            .iter()
            .map(|(key, &index)| (key.split(' ').map(str::to_owned).collect::<Vec<_>>(), index))
            .collect();
        keys.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.0.cmp(&b.0)));
        Self { all, by_key, keys, version: String::new() }
    }

    /// A hash of the tables.
    pub(super) fn version(&self) -> &str {
        &self.version
    }

    /// All authorities, in the order of the tables.
    pub fn all(&self) -> impl Iterator<Item = &Authority> {
        self.all.iter()
    }

    /// The authorities known, given the names of which reports are held: the rows of every table of
    /// which at least one is held. A table of other places says nothing about what is missing.
    pub fn known<'a>(&'a self, held: &[String]) -> impl Iterator<Item = &'a Authority> {
        let is_held = |own: &&Authority| held.contains(&own.name);
        let tables: HashSet<u32> = self.all.iter().filter(is_held).map(|own| own.table).collect();
        self.all.iter().filter(move |own| tables.contains(&own.table))
    }

    /// Finds an authority by name, with or without titles such as "City Council".
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Authority> {
        self.by_key.get(&key(name)).map(|&index| &self.all[index])
    }

    /// Finds the authority with whose name these words begin; of two names the longer one counts
    /// ("North East Lincolnshire", never "Lincolnshire"). Returns the rest of the words as well.
    #[must_use]
    pub(crate) fn find_at_start<'w, 't>(
        &self,
        text: &'w [Word<'t>],
    ) -> Option<(&Authority, &'w [Word<'t>])> {
        let (key, index) = self.keys.iter().find(|(key, _)| {
            text.len() >= key.len() && text.iter().zip(key).all(|(word, key)| word.key == *key)
        })?;
        Some((&self.all[*index], &text[key.len()..]))
    }

    /// Finds the only authority whose name begins with these words ("East Riding").
    #[must_use]
    pub fn find_beginning(&self, name: &str) -> Option<&Authority> {
        let wanted = words(name);
        let longer = |(key, _): &&(Vec<String>, usize)| key.starts_with(&wanted);
        let mut found = self.keys.iter().filter(longer).map(|&(_, index)| index);
        let first = found.next().filter(|_| !wanted.is_empty())?;
        found.all(|index| index == first).then(|| &self.all[first])
    }

    /// The statistical neighbours of an authority, the nearest first.
    #[must_use]
    pub fn neighbours_of(&self, authority: &Authority) -> Vec<&Authority> {
        self.others(authority, &authority.neighbours)
    }

    /// Those that have the area of an authority that has ended.
    #[must_use]
    pub fn successors_of(&self, authority: &Authority) -> Vec<&Authority> {
        self.others(authority, &authority.successors)
    }

    /// The authorities that a row names by code or name.
    fn others(&self, authority: &Authority, named: &[String]) -> Vec<&Authority> {
        let coded = |code: &str| {
            let of_code = || self.all.iter().filter(|a| a.la_code == code);
            of_code().find(|a| a.table == authority.table).or_else(|| of_code().next())
        };
        named.iter().filter_map(|named| coded(named).or_else(|| self.find(named))).collect()
    }

    /// The names most like `name`, for a suggestion.
    #[must_use]
    pub fn names_like(&self, name: &str) -> Vec<&str> {
        let wanted = key(name);
        let mut near: Vec<_> = self
            .by_key
            .iter()
            .map(|(key, &index)| {
                (strsim::jaro_winkler(&wanted, key), self.all[index].name.as_str())
            })
            .filter(|(likeness, _)| *likeness > 0.8)
            .collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
        let mut names: Vec<&str> = near.into_iter().map(|(_, name)| name).collect();
        names.dedup();
        names.truncate(3);
        names
    }
}

/// Reads a table (CSV with a header row).
fn read(
    text: &str,
    file: &str,
    table: u32,
    all: &mut Vec<Authority>,
) -> Result<(), AuthoritiesError> {
    let list = |text: &str| {
        text.split(';').map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned).collect()
    };
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    for (index, row) in reader.deserialize::<Row>().enumerate() {
        let row = row.map_err(|source| AuthoritiesError::Form { file: file.to_owned(), source })?;
        if row.name.is_empty() {
            return Err(AuthoritiesError::NoName { file: file.to_owned(), line: index as u64 + 2 });
        }
        let day = |written: &str| -> Result<Option<Date>, AuthoritiesError> {
            let parsed = (!written.is_empty()).then(|| written.parse()).transpose();
            parsed.map_err(|_: jiff::Error| AuthoritiesError::Day {
                file: file.to_owned(),
                line: index as u64 + 2,
                day: written.to_owned(),
            })
        };
        all.push(Authority {
            from: day(&row.from)?,
            until: day(&row.until)?,
            successors: list(&row.successors),
            name: row.name,
            la_code: row.la_code,
            region: row.region,
            other_names: list(&row.other_names),
            short_forms: list(&row.short_forms),
            neighbours: list(&row.neighbours),
            table,
        });
    }
    Ok(())
}

/// Words that belong to a council's title rather than to its place.
const TITLES: [&str; 14] = [
    "council",
    "borough",
    "city",
    "county",
    "metropolitan",
    "district",
    "the",
    "of",
    "london",
    "royal",
    "and",
    "unitary",
    "corporation",
    "mbc",
];

fn key(name: &str) -> String {
    let words = words(name);
    // The name of the City of London consists of titles only.
    let is_london = || {
        let name = name.to_lowercase();
        name.contains("london") && (name.contains("city") || name.contains("corporation"))
    };
    if words.is_empty() && is_london() { "city of london".to_owned() } else { words.join(" ") }
}

/// The words of a name, without those of titles.
pub(super) fn words(text: &str) -> Vec<String> {
    let all = printed_words(text).map(|word| word.key);
    all.filter(|word| !TITLES.contains(&word.as_str())).collect()
}

/// A word of printed text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word<'t> {
    /// As printed.
    pub(crate) printed: &'t str,
    /// In lower case, without apostrophes.
    pub(crate) key: String,
}

impl Word<'_> {
    /// Whether it belongs to a council's title rather than to its place.
    pub(crate) fn is_title(&self) -> bool {
        TITLES.contains(&self.key.as_str())
    }
}

/// The words of a text, cut as names are cut.
pub(crate) fn printed_words(text: &str) -> impl Iterator<Item = Word<'_>> {
    let apart = |c: char| !c.is_alphanumeric() && !matches!(c, '’' | '\'');
    text.split(apart).filter_map(|printed| {
        let key = printed.replace(['’', '\''], "").to_lowercase();
        (!key.is_empty()).then_some(Word { printed, key })
    })
}

#[cfg(test)]
mod tests {
    use super::{Authorities, printed_words};

    fn authorities() -> Authorities {
        Authorities::embedded().unwrap()
    }

    #[test]
    fn an_authority_is_found_however_it_is_titled() {
        let table = authorities();
        let name = |text: &str| table.find(text).map(|a| a.name.as_str());
        assert_eq!(name("Kingston upon Hull City Council"), Some("Kingston Upon Hull, City of"));
        assert_eq!(name("Hull"), Some("Kingston Upon Hull, City of"));
        assert_eq!(name("Bristol City Council"), Some("Bristol, City of"));
        assert_eq!(name("City of Bradford Metropolitan District Council"), Some("Bradford"));
        assert_eq!(name("Council of the Isles of Scilly"), Some("Isles of Scilly"));
        assert_eq!(name("Royal Borough of Windsor and Maidenhead"), Some("Windsor and Maidenhead"));
        assert_eq!(name("City of London Corporation"), Some("City of London"));
        assert_eq!(name("Nowhere"), None);
    }

    #[test]
    fn the_longer_of_two_names_is_meant_and_the_rest_is_told() {
        let table = authorities();
        let at_start = |text: &str| {
            let words: Vec<_> = printed_words(text).filter(|word| !word.is_title()).collect();
            let (found, rest) = table.find_at_start(&words)?;
            let rest: Vec<&str> = rest.iter().map(|word| word.printed).collect();
            Some(format!("{} + {}", found.name, rest.join(" ")))
        };
        let longer = at_start("North East Lincolnshire Council staff");
        assert_eq!(longer.as_deref(), Some("North East Lincolnshire + staff"));
        assert_eq!(at_start("the St Helens").as_deref(), Some("St. Helens + "));
        assert_eq!(at_start("in St Helens"), None);
    }

    #[test]
    fn an_authority_that_ended_has_its_days_and_its_successors() {
        let table = authorities();
        let cumbria = table.find("Cumbria").unwrap();
        assert_eq!(cumbria.until.unwrap().to_string(), "2023-03-31");
        let after: Vec<&str> =
            table.successors_of(cumbria).iter().map(|own| own.name.as_str()).collect();
        assert_eq!(after, ["Cumberland", "Westmorland and Furness"]);
        for own in table.all().filter(|own| own.until.is_some()) {
            let began = own.until.unwrap().tomorrow().unwrap();
            let after = table.successors_of(own);
            assert!(!after.is_empty(), "{}", own.name);
            assert!(after.iter().all(|after| after.from == Some(began)), "{}", own.name);
        }
        let error = with("name,until\nHere,2023\n").unwrap_err();
        assert!(
            error.to_string().ends_with("has `2023` in line 2, not a day such as 2023-04-01"),
            "{error}"
        );
    }

    #[test]
    fn neighbours_and_near_names_are_offered() {
        let table = authorities();
        let barnet = table.find("Barnet").unwrap();
        assert_eq!(table.neighbours_of(barnet).len(), 10);
        assert_eq!(table.names_like("Nofolk")[0], "Norfolk");
    }

    fn with(table: &str) -> Result<Authorities, super::AuthoritiesError> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("bodies.csv");
        std::fs::write(&file, table).unwrap();
        Authorities::load(&[file])
    }

    #[test]
    fn a_users_table_adds_bodies_and_needs_no_column_but_the_name() {
        let table = with("name,region,neighbours\nLlanfaen,Wales,Norfolk;Caer Isel\nCaer Isel,,\n");
        let table = table.unwrap();
        let added = table.find("Llanfaen County Council").unwrap();
        assert_eq!((added.region.as_str(), added.la_code.as_str()), ("Wales", ""));
        let near: Vec<_> = table.neighbours_of(added).iter().map(|a| a.name.as_str()).collect();
        assert_eq!(near, ["Norfolk", "Caer Isel"]);
        assert!(table.find("Barnet").is_some());
    }

    #[test]
    fn known_are_the_authorities_of_tables_of_which_one_is_held() {
        let table = with("name,region\nLlanfaen,Wales\nCaer Isel,Wales\n").unwrap();
        let known = |held: &[&str]| -> Vec<&str> {
            let held: Vec<String> = held.iter().map(|name| (*name).to_owned()).collect();
            table.known(&held).map(|own| own.name.as_str()).collect()
        };
        assert_eq!(known(&["Caer Isel", "Nowhere"]), ["Llanfaen", "Caer Isel"]);
        assert!(
            known(&["Norfolk"]).contains(&"Barnet") && !known(&["Norfolk"]).contains(&"Llanfaen")
        );
        assert_eq!(known(&["Norfolk", "Llanfaen"]).len(), table.all().count());
        assert!(known(&["Nowhere"]).is_empty());
    }

    #[test]
    fn a_row_with_a_known_name_takes_its_place() {
        let table = with("la_code,name,region\n301,Norfolk,Elsewhere\n").unwrap();
        assert_eq!(table.find("Norfolk").unwrap().region, "Elsewhere");
        // A council of the embedded table has the same code, and keeps its own neighbours.
        let near = table.neighbours_of(table.find("Greenwich").unwrap());
        assert!(near.iter().all(|a| a.name != "Norfolk"));
    }

    #[test]
    fn a_table_without_names_is_refused_with_the_columns_it_needs() {
        let Err(super::AuthoritiesError::Form { source, .. }) = with("code,title\n1,Here\n") else {
            panic!("a table without names was taken");
        };
        insta::assert_snapshot!(source, @"CSV deserialize error: record 1 (line: 2, byte: 11): missing field `name`");
        let error = with("name\nHere\n\"\"\n").unwrap_err();
        assert!(error.to_string().ends_with("has no name in line 3"), "{error}");
    }
}
