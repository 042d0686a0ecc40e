//! The table of first questions (`tests/first`), and whether an answer is what must come.

use crate::built::Built;
use crate::suggested;
use serde_json::Value;
use std::collections::HashMap;
use std::path::Path;
use std::{fmt, fs};

/// The commands whose answers are read as JSON, and so have results.
const SEARCHES: [&str; 2] = ["search", "kwic"];

/// The parts of an answer that are results rather than what is said of them.
const RESULTS: [&str; 18] = [
    "hits",
    "query",
    "facets",
    "groups",
    "passed_over",
    "corpus",
    "clauses",
    "total",
    "reports",
    "lines",
    "paragraphs",
    "left",
    "available",
    "offset",
    "index_version",
    "generation",
    "closest_from",
    "topics_used",
];

/// A line of the table.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Line {
    over: String,
    typed: String,
    rule: String,
    argument: String,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\t{}\t{}\t{}", self.over, self.typed, self.rule, self.argument)
    }
}

fn lines(file: &str) -> Vec<Line> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/first");
    let text = fs::read_to_string(folder.join(file)).unwrap();
    let mut lines = Vec::new();
    for row in text.lines().filter(|row| !row.is_empty() && !row.starts_with('#')) {
        let columns: Vec<&str> = row.split('\t').collect();
        let [over, typed, rule, argument] = columns[..] else {
            panic!("{file}: not four columns: {row}");
        };
        let [over, typed, rule, argument] = [over, typed, rule, argument].map(str::to_owned);
        lines.push(Line { over, typed, rule, argument });
    }
    lines
}

/// Asks the questions over these reports, and returns what is wrong: lines that do not hold and are
/// not listed as open, and lines that are listed and hold.
pub(crate) fn faults(over: &str, built: &Built) -> Vec<String> {
    let open = lines("open.txt");
    let mut asking = Asking { built, asked: HashMap::new() };
    let mut faults = Vec::new();
    for line in lines("questions.tsv").into_iter().filter(|line| line.over == over) {
        let checked = asking.check(&line);
        match (checked, open.contains(&line)) {
            (Err(why), false) => faults.push(format!("{line}\n    {why}")),
            (Ok(()), true) => faults.push(format!("{line}\n    holds now: take it off open.txt")),
            _ => {}
        }
    }
    faults
}

/// An answer.
#[derive(Debug, Clone)]
struct Heard {
    code: i32,
    json: Value,
    /// The rows, where the answer is CSV or JSON lines.
    rows: Option<Vec<HashMap<String, String>>>,
    /// Everything said around the results.
    said: String,
}

impl Heard {
    /// How many paragraphs were found.
    fn total(&self) -> u64 {
        match &self.rows {
            Some(rows) => rows.len() as u64,
            None => {
                let count = |name: &str| self.json.get(name).and_then(Value::as_u64);
                count("paragraphs").or_else(|| count("total")).unwrap_or(0)
            }
        }
    }

    /// What each of the first results has of a field.
    fn values(&self, field: &str) -> Vec<String> {
        if let Some(rows) = &self.rows {
            return rows.iter().map(|row| row.get(field).cloned().unwrap_or_default()).collect();
        }
        let list = |name: &str| self.json.get(name).and_then(Value::as_array).cloned();
        let groups = list("groups").unwrap_or_default();
        let grouped = groups.iter().flat_map(|group| group["hits"].as_array().cloned());
        let mut hits: Vec<Value> = grouped.flatten().collect();
        hits.extend(list("hits").or_else(|| list("lines")).unwrap_or_default());
        hits.iter().map(|hit| value(hit, field)).collect()
    }
}

/// What a result has of a field.
fn value(hit: &Value, field: &str) -> String {
    let report = &hit["report"];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let own = |name: &str| match report.is_object() {
        true => text(&report[name]),
        false => text(&hit[name]),
    };
    match field {
        "year" => {
            let dates = ["inspection_start", "inspection_end", "published", "date"].map(own);
            dates
                .into_iter()
                .find(|date| !date.is_empty())
                .unwrap_or_default()
                .chars()
                .take(4)
                .collect()
        }
        "authority" | "framework" | "visit" | "region" => own(field),
        "grade" if hit["grade"].is_string() => text(&hit["grade"]),
        "grade" => text(&hit["grade"]["label"]),
        "section" => hit["section"].to_string(),
        "text" if hit["text"].is_null() => {
            ["left", "match", "right"].map(|part| text(&hit[part])).join("")
        }
        _ => text(&hit[field]),
    }
}

/// Whether what a result has is one of the values wanted.
fn is_of(field: &str, has: &str, wanted: &str) -> bool {
    let plain = |text: &str| text.to_lowercase().replace('’', "'");
    let has = plain(has);
    wanted.split('|').map(plain).any(|wanted| match field {
        "text" | "section" => has.contains(&wanted),
        // Both printings are one grade.
        "grade" if wanted == "requires improvement" => has.starts_with(&wanted),
        _ => has == wanted,
    })
}

/// Whether one of the alternatives is said, as whole words; capitals count if there are any.
fn is_said(wanted: &str, said: &str) -> bool {
    wanted.split(" | ").any(|wanted| {
        let has_capitals = wanted.contains(char::is_uppercase);
        let (wanted, said) = match has_capitals {
            true => (wanted.to_owned(), said.to_owned()),
            false => (wanted.to_lowercase(), said.to_lowercase()),
        };
        let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        said.match_indices(&wanted).any(|(at, found)| {
            let (before, after) = (&said[..at], &said[at + found.len()..]);
            let goes_on_before =
                wanted.starts_with(char::is_alphanumeric) && is_letter(before.chars().next_back());
            let goes_on_after =
                wanted.ends_with(char::is_alphanumeric) && is_letter(after.chars().next());
            !goes_on_before && !goes_on_after
        })
    })
}

struct Asking<'b> {
    built: &'b Built,
    asked: HashMap<Vec<String>, Heard>,
}

impl Asking<'_> {
    fn check(&mut self, line: &Line) -> Result<(), String> {
        let words = shlex::split(&line.typed).ok_or("its quotation marks are not closed")?;
        let heard = self.ask(&words);
        let argument = line.argument.as_str();
        let holds = |holds: bool, why: String| if holds { Ok(()) } else { Err(why) };
        let total = heard.total();
        let told = || heard.said.chars().take(600).collect::<String>();
        match line.rule.as_str() {
            "total_equal" | "more_than" | "fewer_than" => {
                let other = shlex::split(argument).ok_or("its quotation marks are not closed")?;
                let other = self.ask(&other).total();
                let is_right = match line.rule.as_str() {
                    "total_equal" => total > 0 && total == other,
                    "more_than" => total > other,
                    _ => total > 0 && total < other,
                };
                holds(is_right, format!("finds {total}, the other {other}; said: {}", told()))
            }
            "names" => {
                let of = heard.values("authority");
                let is_of = !of.is_empty() && of.iter().all(|name| name == argument);
                holds(is_of || is_said(argument, &heard.said), format!("{of:?}; {}", told()))
            }
            "mentions" => holds(is_said(argument, &heard.said), told()),
            "silent" => holds(!is_said(argument, &heard.said), told()),
            "every" | "some" => {
                let (field, wanted) = argument.split_once('=').ok_or("no field=value")?;
                let mut values = heard.values(field);
                if line.rule == "every" && total > 0 && heard.rows.is_none() {
                    // Those that come close do not have all that was asked for.
                    values.truncate(usize::try_from(total).unwrap_or(usize::MAX));
                }
                let mut fitting = values.iter().map(|value| is_of(field, value, wanted));
                let is_right = match line.rule.as_str() {
                    "every" => !values.is_empty() && fitting.all(|fits| fits),
                    _ => fitting.any(|fits| fits),
                };
                holds(is_right, format!("{total} with {values:?}; said: {}", told()))
            }
            "not_first" => {
                let texts = heard.values("text");
                let first = texts.first().ok_or("nothing found")?;
                holds(!first.contains(argument), first.clone())
            }
            "runs" => Self::runs(&words, &heard),
            "finds_nothing" => {
                let is_right = total == 0 && heard.code != 0 && !heard.said.trim().is_empty();
                holds(is_right, format!("finds {total}, ends with {}; {}", heard.code, told()))
            }
            "refused" => {
                let is_right = heard.code == 2 && is_said(argument, &heard.said);
                holds(is_right, format!("ends with {}; {}", heard.code, told()))
            }
            rule => Err(format!("unknown rule {rule}")),
        }
    }

    /// Asks once.
    fn ask(&mut self, words: &[String]) -> Heard {
        if let Some(heard) = self.asked.get(words) {
            return heard.clone();
        }
        let command = words.first().map(String::as_str).unwrap_or_default();
        let format =
            words.windows(2).find(|pair| pair[0] == "--format").map(|pair| pair[1].clone());
        let is_search = SEARCHES.contains(&command);
        let mut arguments: Vec<&str> = words.iter().map(String::as_str).collect();
        if is_search && format.is_none() {
            arguments.splice(1..1, ["--format", "json"]);
        }
        let (code, out, err) = self.built.run(&arguments);
        let mut heard = Heard { code, json: Value::Null, rows: None, said: err };
        match format.as_deref() {
            Some("csv") => {
                let mut reader = csv::Reader::from_reader(out.as_bytes());
                let rows = reader.deserialize().collect::<Result<_, _>>();
                heard.rows = Some(rows.unwrap_or_default());
            }
            None | Some("json") if is_search => {
                heard.json = serde_json::from_str(&out).unwrap_or_default();
                let around = heard.json.as_object().into_iter().flatten();
                for (name, value) in around.filter(|(name, _)| !RESULTS.contains(&name.as_str())) {
                    heard.said.push_str(&format!("\n{name}: {value}"));
                }
                // What was typed is not said.
                let typed = suggested::places(words).into_iter().map(|at| &words[at]);
                for typed in typed.filter(|typed| typed.contains(' ')) {
                    heard.said = heard.said.replace(typed, " ");
                }
            }
            _ => heard.said.push_str(&out),
        }
        self.asked.insert(words.to_vec(), heard.clone());
        heard
    }

    /// Whether something is suggested; `suggested` runs what it is.
    fn runs(words: &[String], heard: &Heard) -> Result<(), String> {
        let said = heard.said.chars().take(400).collect::<String>();
        let in_words = suggested::quoted(&heard.said).len();
        match in_words + suggested::suggestions(words, &heard.json).len() {
            0 => Err(format!("nothing is suggested: {said}")),
            _ => Ok(()),
        }
    }
}
