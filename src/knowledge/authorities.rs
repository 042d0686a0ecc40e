//! The table of local authorities: codes, regions, other names, statistical neighbours.
//!
//! Facts from the Department for Education's and Data to Insight's public tables. Matches names
//! as reports print them ("Kingston upon Hull City Council") with the table's.

use serde::Deserialize;
use std::collections::HashMap;

/// One local authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// The short name.
    pub name: String,
    /// The Department for Education's three-digit code.
    pub la_code: String,
    /// The English region.
    pub region: String,
    /// Other names in use.
    pub other_names: Vec<String>,
    /// Codes of its statistical neighbours, the nearest first.
    pub neighbours: Vec<String>,
}

/// All authorities, found by name.
#[derive(Debug)]
pub struct Authorities {
    all: Vec<Authority>,
    by_key: HashMap<String, usize>,
    /// Words of each key with its authority, the longest first.
    keys: Vec<(Vec<String>, usize)>,
}

#[derive(Deserialize)]
struct Row {
    la_code: String,
    name: String,
    region: String,
    other_names: String,
    neighbours: String,
}

impl Authorities {
    /// Reads the table (CSV with a header row).
    ///
    /// # Errors
    /// [`csv::Error`] where a row lacks a field.
    pub(super) fn parse(table: &str) -> Result<Self, csv::Error> {
        let list = |text: &str| {
            text.split(';').filter(|s| !s.is_empty()).map(str::to_owned).collect::<Vec<_>>()
        };
        let all = csv::Reader::from_reader(table.as_bytes())
            .deserialize::<Row>()
            .map(|row| {
                let row = row?;
                Ok(Authority {
                    name: row.name,
                    la_code: row.la_code,
                    region: row.region,
                    other_names: list(&row.other_names),
                    neighbours: list(&row.neighbours),
                })
            })
            .collect::<Result<Vec<_>, csv::Error>>()?;
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
        Ok(Self { all, by_key, keys })
    }

    /// All of them, in the table's order.
    pub fn all(&self) -> impl Iterator<Item = &Authority> {
        self.all.iter()
    }

    /// The authority of this name, however it is titled.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Authority> {
        self.by_key.get(&key(name)).map(|&index| &self.all[index])
    }

    /// The authority named earliest in `text`; of two that begin together the longer one
    /// ("North East Lincolnshire", never "Lincolnshire").
    #[must_use]
    pub fn find_in(&self, text: &str) -> Option<&Authority> {
        let text = words(text);
        let text: Vec<&str> = text.iter().map(String::as_str).collect();
        (0..text.len()).find_map(|start| {
            self.keys
                .iter()
                .find(|(key, _)| text[start..].starts_with_words(key))
                .map(|&(_, index)| &self.all[index])
        })
    }

    /// The only authority whose name goes on from these words ("East Riding").
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
        let by_code = |code: &String| self.all.iter().find(|a| a.la_code == *code);
        authority.neighbours.iter().filter_map(by_code).collect()
    }

    /// Names nearest to `name`, for a suggestion.
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

/// Comparison of a run of words, for slices of `&str` against `String`s.
trait StartsWithWords {
    fn starts_with_words(&self, words: &[String]) -> bool;
}

impl StartsWithWords for [&str] {
    fn starts_with_words(&self, words: &[String]) -> bool {
        self.len() >= words.len() && self.iter().zip(words).all(|(a, b)| a == b)
    }
}

/// Words that belong to a council's style rather than to its place.
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
    // The City of London is nothing but titles.
    if words.is_empty() { "city of london".to_owned() } else { words.join(" ") }
}

fn words(text: &str) -> Vec<String> {
    text.replace(['’', '\''], "")
        .to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty() && !TITLES.contains(w))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::Authorities;

    fn authorities() -> Authorities {
        Authorities::parse(include_str!("authorities.csv")).unwrap()
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
    fn the_longer_of_two_names_is_meant() {
        let table = authorities();
        let found = table.find_in("Inspection of services in North East Lincolnshire Council");
        assert_eq!(found.unwrap().name, "North East Lincolnshire");
        assert_eq!(table.find_in("in St Helens").unwrap().name, "St. Helens");
    }

    #[test]
    fn neighbours_and_near_names_are_offered() {
        let table = authorities();
        let barnet = table.find("Barnet").unwrap();
        assert_eq!(table.neighbours_of(barnet).len(), 10);
        assert_eq!(table.names_like("Nofolk")[0], "Norfolk");
    }
}
