//! Named queries and saved searches, read from a file.
//!
//! Parses TOML or CSV into entries and reports every fault at once, each with its line, so that
//! whoever keeps a list of fifty queries can mend them in one go. It knows the names of the
//! conditions, not what they mean. A saved search is a named query that somebody asks again and
//! again: it has a note on why, and may consist of conditions alone.

mod table;

use super::notes::Note;
use super::question::{Conditions, NOT, excluding, values_in};
use crate::knowledge::form::{Checker, Fault, Form, Key, Severity, tables, text, texts};
use findings_index::language::query::{self, QueryError};
use findings_index::records::{Attribute, Use};
use std::collections::HashMap;

/// One named query.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// The query as written; only that of a saved search may be empty.
    pub written: String,
    /// What whoever saved a search has to say about it.
    pub note: Option<String>,
    /// What is to be said of how its file was read.
    pub remarks: Vec<Note>,
    /// Conditions in addition to the query.
    pub conditions: Conditions,
    /// The line of the file on which the entry begins, counted from 1.
    pub line: usize,
}

/// The condition that is a flag: `true` in TOML, `yes` in CSV.
const LATEST: &str = "latest";

/// The key of what is said about a saved search.
const NOTE: &str = "note";

/// The most bytes of a file of saved searches: some thousands of them.
pub const LARGEST: u64 = 1_048_576;

/// The names of the conditions that an entry may have.
fn conditions() -> Vec<String> {
    let attributes = Attribute::of(Use::Condition);
    let chosen = attributes.clone().map(|one| one.name().to_owned());
    let others = ["from", "to", "new_since", LATEST, "as_at", "neighbours_of"].map(str::to_owned);
    chosen.chain(attributes.map(excluding)).chain(others).collect()
}

/// The format of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notation {
    /// One table `[[query]]` per query.
    Toml,
    /// One row per query, below a row of column names: cells between commas, semicolons or tabs.
    Csv,
}

/// What a file lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Listed {
    /// Queries that are counted.
    Queries,
    /// Searches that are asked again and again.
    Searches,
}

impl Listed {
    /// The name of a table in TOML.
    fn table(self) -> &'static str {
        match self {
            Self::Queries => "query",
            Self::Searches => "search",
        }
    }

    /// The keys that a table may have.
    fn form(self, conditions: &[String]) -> Vec<Key<'_>> {
        let text = |name, needed| Key { name, form: Form::Text, needed };
        let mut keys = vec![text("name", true), text("query", self == Self::Queries)];
        keys.extend((self == Self::Searches).then(|| text(NOTE, false)));
        keys.extend(conditions.iter().map(|name| {
            let form = if name == LATEST { Form::Flag } else { Form::TextOrTexts };
            Key { name, form, needed: false }
        }));
        keys
    }
}

/// An entry as written in the file.
struct Raw {
    line: usize,
    name: String,
    query: String,
    note: Option<String>,
    remarks: Vec<Note>,
    conditions: Vec<(String, Vec<String>)>,
}

/// Reads saved searches from TOML, one table `[[search]]` each.
///
/// # Errors
/// All faults of the file, in order of line.
pub fn searches(text: &str) -> Result<Vec<Entry>, Vec<Fault>> {
    let (raws, faults) = from_toml(text, Listed::Searches);
    let (entries, faults) = checked(raws, faults, Listed::Searches);
    if faults.is_empty() { Ok(entries) } else { Err(faults) }
}

/// Reads named queries.
///
/// # Errors
/// All faults of the file, in order of line.
pub fn entries(text: &str, notation: Notation) -> Result<Vec<Entry>, Vec<Fault>> {
    let (entries, faults) = read(text, notation);
    if faults.is_empty() { Ok(entries) } else { Err(faults) }
}

/// Reads named queries, and all faults of the file in order of line. The queries that have none may
/// have others, which only an index knows.
#[must_use]
pub fn read(text: &str, notation: Notation) -> (Vec<Entry>, Vec<Fault>) {
    let (raws, faults) = match notation {
        Notation::Toml => from_toml(text, Listed::Queries),
        Notation::Csv => table::from_table(text),
    };
    checked(raws, faults, Listed::Queries)
}

/// Checks what a file lists, entry by entry, and adds the faults to those found before.
fn checked(raws: Vec<Raw>, mut faults: Vec<Fault>, listed: Listed) -> (Vec<Entry>, Vec<Fault>) {
    let mut met: HashMap<String, usize> = HashMap::new();
    let mut entries = Vec::with_capacity(raws.len());
    for raw in raws {
        if let Some(first) = met.insert(raw.name.clone(), raw.line) {
            let reason = format!("the name is already in line {first}; name each differently");
            faults.push(fault(raw.line, &raw.name, reason));
        }
        match raw.entry(listed) {
            Ok(entry) => entries.push(entry),
            Err(fault) => faults.push(fault),
        }
    }
    if entries.is_empty() && faults.is_empty() {
        faults.push(fault(1, "", format!("there is no {}", listed.table())));
    }
    faults.sort_by_key(|fault| fault.line);
    (entries, faults)
}

fn fault(line: usize, key: &str, reason: String) -> Fault {
    let key = if key.is_empty() { String::new() } else { format!("`{key}`") };
    Fault { severity: Severity::Error, line, key, reason }
}

fn at_column(line: usize, name: &str, error: &QueryError) -> Fault {
    fault(line, name, format!("{error} (character {} of the query)", error.column()))
}

impl Raw {
    fn entry(self, listed: Listed) -> Result<Entry, Fault> {
        let Self { line, name, query: written, note, remarks, conditions } = self;
        if name.is_empty() {
            return Err(fault(line, "", "the name is empty".to_owned()));
        }
        let is_empty = written.trim().is_empty();
        if is_empty && listed == Listed::Queries {
            let reason = "the query is empty; `*` finds every paragraph".to_owned();
            return Err(fault(line, &name, reason));
        }
        if !is_empty {
            query::parse(&written).map_err(|error| at_column(line, &name, &error))?;
        }
        let conditions = typed(conditions).map_err(|reason| fault(line, &name, reason))?;
        if is_empty && conditions.is_empty() {
            let reason = "there is neither a query nor a condition; the query `*` finds every \
                          paragraph";
            return Err(fault(line, &name, reason.to_owned()));
        }
        Ok(Entry { name, written, note, remarks, conditions, line })
    }
}

/// Converts the conditions of an entry to those of a question. Commas separate alternatives,
/// except in attributes whose values may contain commas.
fn typed(given: Vec<(String, Vec<String>)>) -> Result<Conditions, String> {
    let mut conditions = Conditions::default();
    for (name, values) in given {
        let one = || match values.as_slice() {
            [value] => Ok(Some(value.clone())),
            _ => Err(format!("`{name}` takes one date")),
        };
        let all = |attribute: Attribute| {
            values.iter().flat_map(|value| values_in(attribute, value)).collect::<Vec<_>>()
        };
        match (name.as_str(), Attribute::named(&name)) {
            ("from", _) => conditions.from = one()?,
            ("to", _) => conditions.to = one()?,
            ("as_at", _) => conditions.as_at = one()?,
            ("new_since", _) => conditions.new_since = one()?,
            (LATEST, _) => conditions.latest = flag(&values)?,
            ("neighbours_of", _) => conditions.neighbours_of = values,
            (_, Some(attribute)) => {
                conditions.values.insert(attribute, all(attribute));
            }
            (_, None) => match name.strip_prefix(NOT).and_then(Attribute::named) {
                Some(attribute) => {
                    conditions.not.insert(attribute, all(attribute));
                }
                None => return Err(format!("unknown condition `{name}`")),
            },
        }
    }
    Ok(conditions)
}

/// Reads a flag as people write it in a table.
fn flag(values: &[String]) -> Result<bool, String> {
    match values.iter().map(|value| value.to_lowercase()).collect::<Vec<_>>().as_slice() {
        [value] if ["yes", "true", "1"].contains(&value.as_str()) => Ok(true),
        [value] if ["no", "false", "0"].contains(&value.as_str()) => Ok(false),
        _ => Err(format!("`{LATEST}` is `yes` or `no`")),
    }
}

fn from_toml(toml: &str, listed: Listed) -> (Vec<Raw>, Vec<Fault>) {
    let names = conditions();
    let keys = listed.form(&names);
    let form = [Key { name: listed.table(), form: Form::Tables(&keys), needed: true }];
    let (checker, root) = Checker::new(toml, &form);
    let mut raws = Vec::new();
    if checker.is_toml() {
        for (table, at) in tables(root.get_ref(), listed.table()) {
            // A missing value or one of another type is among the faults already.
            let Some((name, _)) = text(table, "name") else { continue };
            let query = match (text(table, "query"), listed) {
                (Some((query, _)), _) => query,
                (None, Listed::Searches) if !table.contains_key("query") => "",
                (None, _) => continue,
            };
            let note = text(table, NOTE).map(|(note, _)| note.trim().to_owned());
            let values = |name: &str| {
                let written = table.get(name).and_then(|value| value.get_ref().as_bool());
                let typed = texts(table, name).into_iter().map(|(value, _)| value.to_owned());
                typed.chain(written.map(|value| value.to_string()))
            };
            let conditions =
                names.iter().map(|name| (name.clone(), values(name).collect::<Vec<_>>()));
            raws.push(Raw {
                line: checker.line(at.start),
                name: name.trim().to_owned(),
                query: query.to_owned(),
                note: note.filter(|note| !note.is_empty()),
                remarks: Vec::new(),
                conditions: given(conditions),
            });
        }
    }
    (raws, checker.finish())
}

fn given(conditions: impl Iterator<Item = (String, Vec<String>)>) -> Vec<(String, Vec<String>)> {
    conditions.filter(|(_, values)| !values.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::{Conditions, Notation, entries, searches};
    use findings_index::records::Attribute;

    fn faults(text: &str, notation: Notation) -> String {
        let faults = entries(text, notation).unwrap_err();
        faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn toml_and_csv_say_the_same() {
        let toml = "
[[query]]
name = 'late'
query = '\"late visits\"'
framework = ['sif', 'ilacs']
from = '2018'
new_since = '2025-03'

[[query]]
name = 'ferries'
query = 'ferries OR boats'
";
        let csv = "\u{feff}name,query,framework,from,new_since\n\
                   late,\"\"\"late visits\"\"\",sif; ilacs,2018,2025-03\nferries,ferries OR boats,,,\n";
        let (toml, csv) = (entries(toml, Notation::Toml), entries(csv, Notation::Csv));
        let (mut toml, mut csv) = (toml.unwrap(), csv.unwrap());
        assert_eq!([toml[0].line, toml[1].line], [2, 9]);
        assert_eq!([csv[0].line, csv[1].line], [2, 3]);
        toml.iter_mut().chain(&mut csv).for_each(|entry| entry.line = 0);
        assert_eq!(toml, csv);
        let frameworks = vec!["sif".to_owned(), "ilacs".to_owned()];
        let conditions = Conditions {
            values: [(Attribute::Framework, frameworks)].into(),
            from: Some("2018".to_owned()),
            new_since: Some("2025-03".to_owned()),
            ..Conditions::default()
        };
        assert_eq!(toml[0].conditions, conditions);
    }

    #[test]
    fn all_faults_of_a_file_are_told_at_once() {
        let toml = "[[query]]\nname = 'a'\nquery = 'grad:good'\n\n[[query]]\nname = 'a'\n\
                    query = 'boats'\nframewrok = 'sif'\n\n[[query]]\nname = 'b'\n";
        insta::assert_snapshot!(faults(toml, Notation::Toml), @"
        line 1: `a`: unknown field `grad`; did you mean `grade`? (character 1 of the query)
        line 5: `a`: the name is already in line 1; name each differently
        line 8: query 2: unknown key `framewrok`; did you mean `framework`?
        line 10: query 3: `query` is missing
        ");
        let csv = "name,query\na,grad:good\na,boats\nb,\nc,boats,sif\n";
        insta::assert_snapshot!(faults(csv, Notation::Csv), @"
        line 2: `a`: unknown field `grad`; did you mean `grade`? (character 1 of the query)
        line 3: `a`: the name is already in line 2; name each differently
        line 4: `b`: the query is empty; `*` finds every paragraph
        line 5: `c`: 3 cells under 2 heads; put a cell that holds commas in quotation marks
        ");
        insta::assert_snapshot!(faults("nam,qeury\na,b\n", Notation::Csv), @"
        line 1: unknown column `nam`; did you mean `name`?
        line 1: unknown column `qeury`; did you mean `query`?
        line 1: there is no column `name`
        line 1: there is no column `query`
        ");
        insta::assert_snapshot!(faults("name,query\na,boats\nb,\"late boats\nc,ferries\n", Notation::Csv), @"line 3: `b`: a cell goes on in the next line; close the quotation mark with which it begins, and double those within it");
        assert_eq!(faults("name,query\n", Notation::Csv), "line 1: there is no query");
    }

    #[test]
    fn a_saved_search_has_a_note_and_may_consist_of_conditions() {
        let toml = "
[[search]]
name = 'late'
query = '\"late visits\"'
note = ' for the board '
region = 'London'

[[search]]
name = 'worse'
overall = 'inadequate'
note = ''
";
        let read = searches(toml).unwrap();
        assert_eq!(read[0].note.as_deref(), Some("for the board"));
        assert_eq!(read[0].conditions.of(Attribute::Region), ["London"]);
        assert_eq!((read[1].written.as_str(), read[1].note.as_deref()), ("", None));
        assert_eq!(read[1].conditions.of(Attribute::Overall), ["inadequate"]);
    }

    #[test]
    fn all_faults_of_saved_searches_are_told_at_once() {
        let told = |toml: &str| {
            let faults = searches(toml).unwrap_err();
            faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
        };
        let toml = "[[search]]\nname = 'a'\nquery = 'grad:good'\n\n[[search]]\nname = 'a'\n\
                    query = 'boats'\nnotes = 'x'\n\n[[search]]\nquery = 'b'\n\n[[search]]\n\
                    name = 'c'\n\n[[search]]\nname = ' '\nquery = 3\n\n[[search]]\nname = 'd'\n\
                    query = 'b'\nfrom = ['2018', '2019']\n";
        insta::assert_snapshot!(told(toml), @"
        line 1: `a`: unknown field `grad`; did you mean `grade`? (character 1 of the query)
        line 5: `a`: the name is already in line 1; name each differently
        line 8: search 2: unknown key `notes`; did you mean `note`?
        line 10: search 3: `name` is missing
        line 13: `c`: there is neither a query nor a condition; the query `*` finds every paragraph
        line 18: search 5, query: this should be a text in quotation marks
        line 20: `d`: `from` takes one date
        ");
        insta::assert_snapshot!(told(""), @"line 1: `search` is missing");
        insta::assert_snapshot!(told("[[query]]\nname = 'a'\nquery = 'b'\n"), @"
        line 1: unknown key `query`; choose from `search`
        line 1: `search` is missing
        ");
        insta::assert_snapshot!(told("[search]\nname = 'a'\n"), @"line 1: search: write it with two brackets: [[search]]");
        insta::assert_snapshot!(told("[[search]\n"), @"line 1: this is not TOML: unclosed array table, expected `]`");
        insta::assert_snapshot!(told("search = []\n"), @"line 1: there is no search");
    }
}
