//! Reads topics, judgements and runs from text.
//!
//! A faulty line is an error that names it, since a score over half of a file would mislead.

use super::matching::{Judged, Judgements, runs};
use super::{Run, RunHit, Topic};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;

/// The highest grade that is accepted.
const HIGHEST: u8 = 9;

/// A line with a fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {fault}")]
pub struct LineError {
    /// Its number, counted from 1.
    pub line: usize,
    fault: Fault,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Fault {
    #[error("no query; write `id`, a tab, and the query")]
    NoQuery,
    #[error("the topic `{id}` is already in line {first}")]
    Twice { id: String, first: usize },
    #[error("{reason}{}", at_column(.column))]
    Json { reason: String, column: Option<usize> },
    #[error("this is not a JSON object")]
    NoObject,
    #[error("the grade {0} is not one of 0 to {HIGHEST}")]
    Grade(u64),
    #[error("neither `text` nor `runs` says which paragraph is judged")]
    NoText,
}

fn at_column(column: &Option<usize>) -> String {
    column.map(|column| format!(" (column {column})")).unwrap_or_default()
}

/// Returns the lines that are not blank, with their numbers.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty())
}

/// Reads topics, one per line: an id, a query and anything else, separated by tabs.
///
/// # Errors
/// The first line without a query, or with an id that an earlier line has.
pub fn topics(text: &str) -> Result<Vec<Topic>, LineError> {
    let mut topics = Vec::new();
    let mut met: HashMap<&str, usize> = HashMap::new();
    for (line, written) in lines(text) {
        let mut cells = written.split('\t').map(str::trim);
        let id = cells.next().unwrap_or_default();
        let query = cells.next().unwrap_or_default();
        if id.is_empty() || query.is_empty() {
            return Err(LineError { line, fault: Fault::NoQuery });
        }
        if let Some(first) = met.insert(id, line) {
            return Err(LineError { line, fault: Fault::Twice { id: id.to_owned(), first } });
        }
        topics.push(Topic { id: id.to_owned(), query: query.to_owned(), line });
    }
    Ok(topics)
}

#[derive(Deserialize)]
struct JudgementLine {
    topic: String,
    grade: u64,
    sha256: String,
    text: Option<String>,
    runs: Option<Vec<u32>>,
}

/// Reads judgements, one per line: `{"topic": "t01", "grade": 0-3, "sha256": "...", "text":
/// "..."}`. In place of the text there may be `"runs"`: the CRC-32 of each run of four words.
///
/// # Errors
/// The first line that is not a judgement.
pub fn judgements(text: &str) -> Result<Judgements, LineError> {
    let mut judgements = Judgements::default();
    for (line, written) in lines(text) {
        let judgement: JudgementLine = json(line, written)?;
        let grade = u8::try_from(judgement.grade).ok().filter(|grade| *grade <= HIGHEST);
        let Some(grade) = grade else {
            return Err(LineError { line, fault: Fault::Grade(judgement.grade) });
        };
        let runs = match (judgement.runs, &judgement.text) {
            (Some(runs), _) => runs.into_iter().collect(),
            (None, Some(text)) => runs(text),
            (None, None) => return Err(LineError { line, fault: Fault::NoText }),
        };
        judgements.add(&judgement.topic, &judgement.sha256, Judged { grade, runs });
    }
    Ok(judgements)
}

/// Reads a run: one [`RunHit`] per line, in any order.
///
/// # Errors
/// The first line that is not a hit.
pub fn run(text: &str) -> Result<Run, LineError> {
    lines(text).map(|(line, written)| json::<RunHit>(line, written)).collect()
}

fn json<T: DeserializeOwned>(line: usize, written: &str) -> Result<T, LineError> {
    if !written.trim_start().starts_with('{') {
        return Err(LineError { line, fault: Fault::NoObject });
    }
    serde_json::from_str(written).map_err(|error| {
        let said = error.to_string();
        // The parser always reports line 1, since each line is read by itself.
        let reason = said.rsplit_once(" at line ").map_or(&*said, |(reason, _)| reason).to_owned();
        let column = Some(error.column()).filter(|column| *column > 0);
        LineError { line, fault: Fault::Json { reason, column } }
    })
}

#[cfg(test)]
mod tests {
    use super::{judgements, run, topics};

    #[test]
    fn a_faulty_line_is_named_with_its_reason() {
        let good = r#"{"topic": "t", "grade": 1, "sha256": "a", "text": "one"}"#;
        let faults = [
            topics("t1\tferry\n\nt2\n").unwrap_err().to_string(),
            topics("t1\tferry\nt2\tboat\nt1\tpier\n").unwrap_err().to_string(),
            judgements(&format!("{good}\n{{\"topic\": \"t\"}}\n")).unwrap_err().to_string(),
            judgements(&good.replace('1', "17")).unwrap_err().to_string(),
            judgements(&good.replace("text", "words")).unwrap_err().to_string(),
            run("{\"topic\": \"t\", \"rank\": \"first\"").unwrap_err().to_string(),
            run("t1 Q0 doc1 1 0.5 tag").unwrap_err().to_string(),
        ];
        insta::assert_snapshot!(faults.join("\n"), @r#"
        line 3: no query; write `id`, a tab, and the query
        line 3: the topic `t1` is already in line 1
        line 2: missing field `grade` (column 14)
        line 1: the grade 17 is not one of 0 to 9
        line 1: neither `text` nor `runs` says which paragraph is judged
        line 1: invalid type: string "first", expected u64 (column 30)
        line 1: this is not a JSON object
        "#);
    }

    #[test]
    fn runs_may_stand_in_place_of_the_text() {
        let hash = crc32fast::hash(b"one two three four");
        let line = format!(r#"{{"topic": "t", "grade": 2, "sha256": "a", "runs": [{hash}]}}"#);
        let judged = judgements(&line).unwrap();
        assert_eq!(judged.matcher("t").grade("a", "One two three four"), Some(2));
    }

    #[test]
    fn hits_stand_by_rank_whatever_the_order_of_lines() {
        let line = |rank: u32| {
            format!(r#"{{"topic": "t", "rank": {rank}, "sha256": "a", "text": "{rank}"}}"#)
        };
        let run = run(&format!("{}\n{}\n{}", line(3), line(1), line(2))).unwrap();
        let ranks: Vec<u64> = run.of("t").iter().map(|hit| hit.rank).collect();
        assert_eq!(ranks, [1, 2, 3]);
        assert!(run.of("u").is_empty());
    }
}
