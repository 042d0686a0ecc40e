//! Holds every line of what people read against what is made of the reports, line by line.
//!
//! The lines are in the folders next to the corpus: `gold/faults.jsonl`, `gold-visits` (over
//! `visits`) and `cases/right.jsonl` (over the made PDFs of `cases`). A line that does not hold yet
//! is in `open.tsv` with its reason; a line that is listed and holds is a failure as well, so that
//! the list can only become shorter. `FINDINGS_STILL_OPEN=FILE` writes the list as it would be now, in
//! which a line that is new has the reason `?` for somebody to fill in. This file quotes no sentence
//! of a report.

use crate::read::{
    Corpus, corpus, crc_of, crc_of_words, family, index, lasting, read_lines, words,
};
use serde_json::{Value, json};
use similar::TextDiff;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::OnceLock;
use std::{env, fs};

/// The lines that do not hold yet: set, line, what is wrong and why, separated by tabs.
const OPEN: &str = include_str!("open.tsv");

/// What is wrong with each line that does not hold, by the line's key.
type Wrong = BTreeMap<String, BTreeSet<&'static str>>;

#[test]
fn every_fault_that_was_seen_is_mended_or_known_to_be_open() {
    let Some(corpus) = corpus() else { return };
    let held = Held::of(corpus);
    compare("faults", held.paragraphs(&read_lines(&corpus.beside("gold/faults.jsonl"))));
}

#[test]
fn letters_after_visits_are_read_as_people_read_them_or_known_to_be_open() {
    let Some(visits) = visits() else { return };
    let held = Held::of(visits);
    let gold = visits.beside("gold-visits");
    let mut wrong = held.reports(&read_lines(&gold.join("reports.jsonl")));
    wrong.extend(held.paragraphs(&read_lines(&gold.join("paragraphs.jsonl"))));
    compare("visits", wrong);
}

#[test]
fn made_reports_are_read_as_is_right_or_known_to_be_open() {
    let Some(corpus) = corpus() else { return };
    let cases = corpus.beside("cases");
    let lines = read_lines(&cases.join("right.jsonl"));
    let place = tempfile::tempdir().unwrap();
    let files: BTreeSet<&str> = lines.iter().filter_map(|line| line["file"].as_str()).collect();
    for file in &files {
        fs::copy(cases.join(file), place.path().join(file)).unwrap();
    }
    let made = index(place.path(), tempfile::tempdir().unwrap());
    let mut wrong = Wrong::new();
    for line in &lines {
        let told = case(&made, line);
        if !told.is_empty() {
            let begins = line["begins"].as_str().unwrap();
            wrong.insert(format!("{} {} {begins}", text(line, "file"), line["page"]), told);
        }
    }
    compare("cases", wrong);
}

fn visits() -> Option<&'static Corpus> {
    static VISITS: OnceLock<Option<Corpus>> = OnceLock::new();
    let folder = corpus()?.beside("visits");
    VISITS.get_or_init(|| folder.exists().then(|| index(&folder, lasting()))).as_ref()
}

/// Fails for a line that does not hold and is not listed, and for one that is listed and holds.
fn compare(set: &str, wrong: Wrong) {
    let rows = OPEN.lines().filter(|row| !row.starts_with('#'));
    let rows: Vec<Vec<&str>> = rows.map(|row| row.split('\t').collect()).collect();
    let listed: HashMap<&str, (&str, &str)> =
        rows.iter().filter(|row| row[0] == set).map(|row| (row[1], (row[2], row[3]))).collect();
    let join = |told: &BTreeSet<&str>| told.iter().copied().collect::<Vec<_>>().join(" ");
    if let Some(file) = env::var_os("FINDINGS_STILL_OPEN") {
        let row = |(key, told): (&String, &BTreeSet<&str>)| {
            let reason = listed.get(key.as_str()).map_or("?", |(_, reason)| reason);
            format!("{set}\t{key}\t{}\t{reason}\n", join(told))
        };
        let rows: String = wrong.iter().map(row).collect();
        fs::write(Path::new(&file).with_extension(set), rows).unwrap();
    }
    let mut faults = Vec::new();
    for (key, told) in &wrong {
        let told = join(told);
        match listed.get(key.as_str()) {
            None => faults.push(format!("does not hold and is not listed: {key}: {told}")),
            Some((as_listed, _)) if *as_listed != told => {
                faults.push(format!("listed for `{as_listed}`, wrong in `{told}`: {key}"));
            }
            Some(_) => {}
        }
    }
    for key in listed.keys().filter(|key| !wrong.contains_key(**key)) {
        faults.push(format!("holds now, so remove it from open.tsv: {key}"));
    }
    faults.sort_unstable();
    assert!(faults.is_empty(), "{set}: {} lines\n{}", faults.len(), faults.join("\n"));
}

fn text<'v>(line: &'v Value, key: &str) -> &'v str {
    line[key].as_str().unwrap_or_default()
}

/// What is held, as JSON.
struct Held {
    reports: HashMap<String, Value>,
    paragraphs: HashMap<String, Vec<Value>>,
}

impl Held {
    fn of(corpus: &Corpus) -> Self {
        let mut held = Self { reports: HashMap::new(), paragraphs: HashMap::new() };
        for report in &corpus.reports {
            let records = corpus.paragraphs[&report.sha256].iter().map(|p| json!(p));
            held.paragraphs.insert(report.sha256.clone(), records.collect());
            held.reports.insert(report.sha256.clone(), json!(report));
        }
        held
    }

    /// Judges reports as `gold/check.py` does.
    fn reports(&self, lines: &[Value]) -> Wrong {
        let mut wrong = Wrong::new();
        for line in lines {
            let made = self.reports.get(text(line, "sha256")).unwrap_or(&Value::Null);
            let mut told = BTreeSet::new();
            for what in ["framework", "visit"] {
                if line.get(what).is_some() && made[what] != line[what] {
                    told.insert(what);
                }
            }
            if name(text(made, "authority")) != name(text(line, "authority")) {
                told.insert("authority");
            }
            for what in ["inspection_start", "inspection_end", "published"] {
                if line[what].is_string() && made[what] != line[what] {
                    told.insert(what);
                }
            }
            let inspector = words(text(line, "lead_inspector"));
            if !inspector.is_empty()
                && words(text(made, "lead_inspector")).last() != inspector.last()
            {
                told.insert("lead_inspector");
            }
            if !told.is_empty() {
                wrong.insert(text(line, "file").to_owned(), told);
            }
        }
        wrong
    }

    /// Judges paragraphs as `gold/check.py` does.
    fn paragraphs(&self, lines: &[Value]) -> Wrong {
        let none = Vec::new();
        let mut wrong = Wrong::new();
        for line in lines {
            let held = self.paragraphs.get(text(line, "sha256")).unwrap_or(&none);
            let told = match line["absent"].as_bool() {
                Some(true) => absent(held, line),
                _ => paragraph(held, line),
            };
            if !told.is_empty() {
                let key = format!("{} {} {}", text(line, "file"), line["page"], line["first_crc"]);
                wrong.insert(key, told);
            }
        }
        wrong
    }
}

/// An authority's name without the words that some print and others leave out.
fn name(authority: &str) -> Vec<String> {
    const KINDS: [&str; 11] = [
        "council",
        "corporation",
        "borough",
        "county",
        "metropolitan",
        "the",
        "of",
        "royal",
        "and",
        "unitary",
        "district",
    ];
    let mut kept = words(authority);
    kept.retain(|word| !KINDS.contains(&word.as_str()));
    // The City of London is not London.
    let bare = kept.iter().filter(|word| !["city", "london"].contains(&word.as_str())).cloned();
    let bare: Vec<String> = bare.collect();
    if bare.is_empty() { kept } else { bare }
}

fn begins(paragraph: &Value, crc: u64) -> bool {
    crc_of(&words(text(paragraph, "text")), true) == crc
}

fn is_on_page(paragraph: &Value, line: &Value) -> bool {
    paragraph["page"].is_null() || paragraph["page"] == line["page"]
}

fn absent(held: &[Value], line: &Value) -> BTreeSet<&'static str> {
    let first = line["first_crc"].as_u64().unwrap();
    let there = held.iter().any(|p| {
        begins(p, first)
            && is_on_page(p, line)
            && (line["kind"].is_null() || line["kind"] == p["kind"])
    });
    if there || held.is_empty() { BTreeSet::from(["absent"]) } else { BTreeSet::new() }
}

fn paragraph(held: &[Value], line: &Value) -> BTreeSet<&'static str> {
    let first = line["first_crc"].as_u64().unwrap();
    let last = line["last_crc"].as_u64().unwrap();
    let ends = |p: &Value| crc_of(&words(text(p, "text")), false) == last;
    let number = line["paragraph_number"].as_u64().map(|n| n.to_string());
    let numbered =
        |p: &Value| p["number"].as_str().map(|n| n.trim_end_matches('.')) == number.as_deref();
    let mut told = BTreeSet::new();
    let mut found: Vec<&Value> = held.iter().filter(|p| begins(p, first)).collect();
    if found.is_empty() {
        told.insert("start");
        let within = |p: &&Value| {
            let words = words(text(p, "text"));
            words.windows(6).any(|six| crc_of_words(six) == first)
        };
        found.extend(held.iter().find(within));
    }
    found.sort_by_key(|p| (!is_on_page(p, line), !ends(p), !numbered(p)));
    let Some(&p) = found.first() else {
        return BTreeSet::from(["found"]);
    };
    let mut judge = |what: &'static str, ok: bool| {
        if !ok {
            told.insert(what);
        }
    };
    judge("end", ends(p));
    judge("number", numbered(p));
    judge("page", line["page"].is_null() || p["page"] == line["page"]);
    let grade = family(p["grade"]["label"].as_str());
    judge("grade", grade == family(line["grade_in_force"].as_str()));
    judge("kind", alike(text(p, "kind"), text(line, "kind")));
    let (own, wanted) = (headings(&p["section"]), headings(&line["section_path"]));
    if text(line, "kind") != "boilerplate" {
        let deepest = |path: &[String]| path.last().cloned();
        let same =
            |a: Option<String>, b: Option<String>| a.zip(b).is_some_and(|(a, b)| headed(&a, &b));
        judge("section", wanted.is_empty() || same(deepest(&wanted), deepest(&own)));
        let mut rest = own.iter();
        let within = wanted.iter().all(|wanted| rest.any(|own| headed(wanted, own)));
        let without = headings(&line["path_without"]);
        let foreign = without.iter().any(|w| own.iter().any(|own| headed(w, own)));
        judge("path", within && !foreign);
    }
    let runs = match &line["text_contains"] {
        Value::String(run) => vec![run.as_str()],
        Value::Array(runs) => runs.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let said = format!(" {} ", words(text(p, "text")).join(" "));
    judge("text", runs.iter().all(|run| said.contains(&format!(" {} ", words(run).join(" ")))));
    told
}

/// The headings of a path, without lines that say when something is due.
fn headings(path: &Value) -> Vec<String> {
    let due = |heading: &str| {
        let words = words(heading);
        let first = words.first().map_or("", String::as_str);
        first.starts_with("immediately") || (words.len() >= 3 && ["within", "by"].contains(&first))
    };
    let path = path.as_array().into_iter().flatten().filter_map(Value::as_str);
    path.filter(|heading| !due(heading)).map(str::to_owned).collect()
}

/// Whether two headings are the same but for a few letters or what follows.
fn headed(a: &str, b: &str) -> bool {
    let (a, b) = (words(a).join(" "), words(b).join(" "));
    let long = a.len() > 12 && b.len() > 12;
    a == b
        || TextDiff::from_chars(a.as_str(), b.as_str()).ratio() >= 0.9
        || (long && (a.starts_with(&b) || b.starts_with(&a)))
}

/// Whether a kind is one that the gold takes.
fn alike(kind: &str, gold: &str) -> bool {
    match (kind, gold) {
        (_, "finding" | "summary") => kind == gold || kind == "bullet",
        ("context", _) | (_, "context") => {
            kind == "context" && ["context", "boilerplate"].contains(&gold)
        }
        (_, "body" | "bullet") => ["finding", "summary", "bullet"].contains(&kind),
        (_, "action") => kind == "recommendation",
        _ => kind == gold,
    }
}

/// Judges one line of `cases/right.jsonl`, as `cases/README.md` explains it.
fn case(made: &Corpus, line: &Value) -> BTreeSet<&'static str> {
    let file = text(line, "file");
    let Some(report) = made.reports.iter().find(|r| r.path.ends_with(file)) else {
        return BTreeSet::from(["report"]);
    };
    let wanted = words(text(line, "begins"));
    let opens = |p: &Value| {
        let said = words(text(p, "text"));
        said.starts_with(&wanted) || without_number(&said).starts_with(&wanted)
    };
    let held: Vec<Value> = made.paragraphs[&report.sha256].iter().map(|p| json!(p)).collect();
    let found: Vec<&Value> =
        held.iter().filter(|p| opens(p) && p["page"] == line["page"]).collect();
    let judged = |p: &Value| {
        let mut told = BTreeSet::new();
        let mut judge = |what: &'static str, ok: bool| {
            if line.get(what).is_some() && !ok {
                told.insert(what);
            }
        };
        let path = |path: &Value| -> Vec<Vec<String>> {
            let path = path.as_array().into_iter().flatten().filter_map(Value::as_str);
            path.filter(|heading| !heading.starts_with('(')).map(words).collect()
        };
        let (mut own, right) = (path(&p["section"]), path(&line["section"]));
        let title = report.title.as_deref().map(words);
        if own.len() > right.len() && own.first() == title.as_ref() {
            own.remove(0);
        }
        let same = |(own, right): (&Vec<String>, &Vec<String>)| {
            !own.is_empty() && (own == right || right.starts_with(own) || own.starts_with(right))
        };
        judge("section", own.len() == right.len() && own.iter().zip(&right).all(same));
        judge("grade", family(p["grade"]["label"].as_str()) == family(line["grade"].as_str()));
        judge("number", p["number"] == line["number"]);
        judge("kind", p["kind"] == line["kind"]);
        told
    };
    found.into_iter().map(judged).min_by_key(BTreeSet::len).unwrap_or(BTreeSet::from(["found"]))
}

fn without_number(words: &[String]) -> &[String] {
    let number = |word: &String| word.bytes().all(|b| b.is_ascii_digit());
    let digits = words.iter().take_while(|word| number(word)).count();
    &words[digits..]
}
