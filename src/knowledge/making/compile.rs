//! Compiles the glossary into the form in which a search reads it: a line for each wording, with the
//! phrases that it stands for after tabs, by the order of its bytes. Parsing the file for each search
//! would take longer than the search.

#![allow(clippy::print_stdout, reason = "this is how a build script talks to cargo")]

use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::path::Path;
use std::{env, fs};

const FILE: &str = "src/knowledge/glossary.toml";

#[derive(Deserialize)]
struct Glossary {
    term: Vec<Term>,
}

#[derive(Deserialize)]
struct Term {
    phrase: String,
    #[serde(rename = "source")]
    _source: String,
    #[serde(flatten)]
    called: BTreeMap<String, Vec<String>>,
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={FILE}");
    let Glossary { term } = toml::from_str(&fs::read_to_string(FILE)?)?;
    let mut stands_for: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for term in term {
        for wording in term.called.into_values().flatten() {
            stands_for.entry(wording).or_default().insert(term.phrase.clone());
        }
    }
    let line = |(wording, phrases): (String, BTreeSet<String>)| {
        let phrases: Vec<String> = phrases.into_iter().collect();
        format!("{wording}\t{}\n", phrases.join("\t"))
    };
    let lines: String = stands_for.into_iter().map(line).collect();
    fs::write(Path::new(&env::var("OUT_DIR")?).join("glossary.tsv"), lines)?;
    Ok(())
}
