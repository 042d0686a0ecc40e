//! Reads a table of queries: cells between commas, semicolons or tabs.
//!
//! The first line says which: spreadsheets write semicolons in some countries, and copy cells with
//! tabs between them. What the rules of CSV would silently read as another query is a fault, or is
//! said.

use super::{Raw, conditions, fault, given};
use crate::ask::notes::Note;
use crate::knowledge::form::{Fault, list, nearest};
use std::ops::Range;

/// What is between the cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Separator {
    Comma,
    Semicolon,
    /// Cells as they are copied from a spreadsheet: quotation marks are part of them.
    Tab,
}

impl Separator {
    /// Finds what is between the names of the columns.
    fn of(text: &str) -> Self {
        let heads = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        match (heads.contains(','), heads.contains('\t'), heads.contains(';')) {
            (true, ..) => Self::Comma,
            (_, true, _) => Self::Tab,
            (.., true) => Self::Semicolon,
            _ => Self::Comma,
        }
    }

    fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Comma => "commas",
            Self::Semicolon => "semicolons",
            Self::Tab => "tabs",
        }
    }
}

/// Reads the rows of a table, and the faults that need no knowledge of queries.
pub(super) fn from_table(text: &str) -> (Vec<Raw>, Vec<Fault>) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let separator = Separator::of(text);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator.byte())
        .quoting(separator != Separator::Tab)
        .trim(csv::Trim::All)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut faults = Vec::new();
    let heads: Vec<String> = match reader.headers() {
        Ok(heads) => heads.iter().map(str::to_lowercase).collect(),
        Err(error) => return (Vec::new(), vec![fault(1, "", error.to_string())]),
    };
    if let [head] = heads.as_slice() {
        let said = format!(
            "the first line names the columns, with commas, semicolons or tabs between them, such as \
             `name,query`; this is `{head}`"
        );
        return (Vec::new(), vec![fault(1, "", said)]);
    }
    let names = conditions();
    let known = || ["name", "query"].into_iter().chain(names.iter().map(String::as_str));
    for (place, head) in heads.iter().enumerate() {
        if !known().any(|name| name == head) {
            let next = match nearest(known(), head) {
                Some(name) => format!("did you mean `{name}`?"),
                None => format!("choose from {}", list(known())),
            };
            faults.push(fault(1, "", format!("unknown column `{head}`; {next}")));
        } else if heads[..place].contains(head) {
            faults.push(fault(1, "", format!("the column `{head}` is there twice")));
        }
    }
    for needed in ["name", "query"] {
        if !heads.iter().any(|head| head == needed) {
            faults.push(fault(1, "", format!("there is no column `{needed}`")));
        }
    }
    if !faults.is_empty() {
        return (Vec::new(), faults);
    }
    // Where every cell is in quotation marks, they say nothing.
    let marks_all = text.trim_start().starts_with('"');
    let mut raws = Vec::new();
    let mut record = csv::StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                let line = error.position().map_or(1, |position| position.line() as usize);
                faults.push(fault(line, "", "this is not UTF-8 or not CSV".to_owned()));
                break;
            }
        }
        let from = record.position().map_or(0, |position| position.byte() as usize);
        let written = text.get(from..reader.position().byte() as usize).unwrap_or_default();
        // Where a line ends with two characters, the second is before the next record.
        let begins = from + written.len() - written.trim_start_matches(['\r', '\n']).len();
        let written = written.trim_matches(['\r', '\n']);
        let line = 1 + text.get(..begins).unwrap_or_default().matches('\n').count();
        let name = record.get(0).unwrap_or_default();
        if record.len() > heads.len() {
            let reason = format!(
                "{} cells under {} heads; put a cell that holds {} in quotation marks",
                record.len(),
                heads.len(),
                separator.name()
            );
            faults.push(fault(line, name, reason));
            continue;
        }
        let cells = match separator {
            Separator::Tab => Ok(Vec::new()),
            Separator::Comma | Separator::Semicolon => marked(written, separator.byte() as char),
        };
        let cells = match cells {
            Ok(cells) if !record.iter().any(|cell| cell.contains('\n')) => cells,
            Ok(_) | Err(Broken::Open) => {
                let what = match record.iter().any(|cell| cell.contains('\n')) {
                    true => "a cell goes on in the next line",
                    false => "a cell is not closed",
                };
                let reason = format!(
                    "{what}; close the quotation mark with which it begins, and double those within it"
                );
                faults.push(fault(line, name, reason));
                continue;
            }
            Err(Broken::Closed(at)) => {
                let reason = format!(
                    "in `{}` a quotation mark closes before the end of the cell; put the whole cell \
                     in quotation marks, and double those within it",
                    written[at].trim()
                );
                faults.push(fault(line, name, reason));
                continue;
            }
        };
        let place = |name: &str| heads.iter().position(|head| head == name);
        let cell = |name: &str| {
            let written = place(name).and_then(|place| record.get(place)).unwrap_or_default();
            match separator {
                Separator::Tab => unmarked(written),
                Separator::Comma | Separator::Semicolon => written.to_owned(),
            }
        };
        let values = |name: &str| {
            let cell = cell(name);
            let values = cell.split(';').map(str::trim).filter(|value| !value.is_empty());
            values.map(str::to_owned).collect::<Vec<_>>()
        };
        let query = cell("query");
        let is_marked =
            !marks_all && place("query").is_some_and(|place| cells.get(place) == Some(&true));
        raws.push(Raw {
            line,
            name: cell("name"),
            remarks: is_marked.then(|| bare(&query)).flatten().into_iter().collect(),
            query,
            note: None,
            conditions: given(names.iter().map(|name| (name.clone(), values(name)))),
        });
    }
    (raws, faults)
}

/// What is wrong with the quotation marks around a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Broken {
    /// They are not closed.
    Open,
    /// Something follows them; where the cell is.
    Closed(Range<usize>),
}

/// Which cells of a line are in quotation marks.
fn marked(line: &str, separator: char) -> Result<Vec<bool>, Broken> {
    let mut cells = Vec::new();
    let mut rest = line;
    loop {
        let begins = line.len() - rest.len();
        let Some(mut inner) = rest.strip_prefix('"') else {
            cells.push(false);
            match rest.split_once(separator) {
                Some((_, after)) => rest = after,
                None => return Ok(cells),
            }
            continue;
        };
        loop {
            let Some((_, after)) = inner.split_once('"') else { return Err(Broken::Open) };
            inner = after;
            match after.strip_prefix('"') {
                Some(doubled) => inner = doubled,
                None => break,
            }
        }
        cells.push(true);
        let (left, after) = match inner.split_once(separator) {
            Some((left, after)) => (left, Some(after)),
            None => (inner, None),
        };
        if !left.trim().is_empty() {
            let ends = line.len() - inner.len() + left.len();
            return Err(Broken::Closed(begins..ends));
        }
        match after {
            Some(after) => rest = after,
            None => return Ok(cells),
        }
    }
}

/// A cell that was copied with its quotation marks doubled, as files have it; any other stays as it is.
fn unmarked(cell: &str) -> String {
    let inner = cell.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or_default();
    let is_doubled = inner.contains("\"\"") && !inner.replace("\"\"", "").contains('"');
    if is_doubled { inner.replace("\"\"", "\"") } else { cell.to_owned() }
}

/// Says that quotation marks around a query that needs none are those of the file.
fn bare(query: &str) -> Option<Note> {
    let needs = query.contains([',', ';', '"', '\t']);
    let is_several = query.split_whitespace().count() > 1;
    let text = format!(
        "the quotation marks are those of the file: asked is {query}; the phrase is written \
         \"\"\"{query}\"\"\""
    );
    (!needs && is_several).then_some(Note { code: "repaired", text })
}

#[cfg(test)]
mod tests {
    use super::super::{Notation, entries};
    use super::unmarked;

    fn queries(text: &str) -> Vec<String> {
        let read = entries(text, Notation::Csv).unwrap();
        read.into_iter().map(|entry| entry.written).collect()
    }

    fn faults(text: &str) -> String {
        let faults = entries(text, Notation::Csv).unwrap_err();
        faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn cells_may_be_between_commas_semicolons_or_tabs() {
        let comma = "name,query,framework\nlate,\"\"\"late visits\"\"\",sif; ilacs\n";
        let semicolon = "name;query;framework\nlate;\"\"\"late visits\"\"\";\"sif; ilacs\"\n";
        let tab = "name\tquery\tframework\r\nlate\t\"late visits\"\tsif; ilacs\r\n";
        let read = |text: &str| entries(text, Notation::Csv).unwrap();
        assert_eq!(read(comma), read(semicolon));
        assert_eq!(read(comma), read(tab));
    }

    #[test]
    fn quotation_marks_of_copied_cells_are_their_own() {
        assert_eq!(unmarked("\"late visits\""), "\"late visits\"");
        assert_eq!(unmarked("\"\"\"late visits\"\"\""), "\"late visits\"");
        assert_eq!(unmarked("\"late visits\" \"no visits\""), "\"late visits\" \"no visits\"");
        assert_eq!(queries("name\tquery\na\tlate, or none\n"), ["late, or none"]);
    }

    #[test]
    fn what_csv_would_read_as_another_query_is_a_fault() {
        insta::assert_snapshot!(faults("name,query\na,\"late\" visits\n"), @r#"line 2: `a`: in `"late" visits` a quotation mark closes before the end of the cell; put the whole cell in quotation marks, and double those within it"#);
        insta::assert_snapshot!(faults("name,query\na,\"late visits"), @"line 2: `a`: a cell is not closed; close the quotation mark with which it begins, and double those within it");
        insta::assert_snapshot!(faults("name query\na late\n"), @"line 1: the first line names the columns, with commas, semicolons or tabs between them, such as `name,query`; this is `name query`");
    }

    #[test]
    fn a_phrase_that_loses_its_quotation_marks_to_the_file_is_told() {
        let remarks = |text: &str| entries(text, Notation::Csv).unwrap().remove(0).remarks;
        let told = remarks("name,query\na,\"late visits\"\n");
        insta::assert_snapshot!(told[0].text, @r#"the quotation marks are those of the file: asked is late visits; the phrase is written """late visits""""#);
        for plain in [
            "name,query\na,\"\"\"late visits\"\"\"\n",
            "name,query\na,\"late, or none\"\n",
            "name,query\na,late visits\n",
            "\"name\",\"query\"\n\"a\",\"late visits\"\n",
        ] {
            assert_eq!(remarks(plain), [], "{plain}");
        }
    }
}
