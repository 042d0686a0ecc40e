//! Runs every suggestion of an answer, and holds it to what it promised.
//!
//! A suggestion is what a user could type next: a command in backticks, the query or the value of an
//! option that is proposed in place of another, another reading and its number of paragraphs, the
//! next page, an option that is named. Forms with a place for a name (`FOLDER`) are not run.

use crate::built::copy;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use std::ffi::OsStr;
use std::fmt;
use std::fmt::Debug;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::{LazyLock, Mutex};

const FINDINGS: &str = env!("CARGO_BIN_EXE_findings");

/// What messages write where a name belongs.
const FORMS: [&str; 8] = ["ID", "REPORT", "FOLDER", "DIR", "FILE", "PATH", "SHELL", "WORDS"];

/// Commands that read and answer, which may be asked again as JSON.
const READING: [&str; 12] = [
    "acronyms",
    "compare",
    "coverage",
    "distinctive",
    "kwic",
    "ledger",
    "reports",
    "search",
    "show",
    "similar",
    "timeline",
    "topics",
];

/// Commands whose arguments that are not options are a query, and how many come before it.
const QUERIED: [(&str, usize); 4] = [("compare", 0), ("kwic", 0), ("search", 0), ("timeline", 1)];

/// Commands that describe the program, with examples of what could be typed.
const DESCRIBING: [&str; 3] = ["completions", "help", "manual"];

/// Options that write, open or read something besides the answer.
const LASTING: [&str; 7] = ["--output", "--html", "--run", "--open", "--help", "--basket", "--bom"];

/// The most searches that lead from a number to its paragraphs which are run for one answer.
const TRACES: usize = 2;

/// A command that is suggested.
pub(crate) struct Suggestion {
    words: Vec<String>,
    promise: Promise,
}

/// What is said of a command that is suggested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Promise {
    /// It can be asked as it is.
    Runs,
    /// It ends as the answer did that suggests it.
    Repeats,
    /// It finds something.
    Finds,
    /// It finds so many paragraphs.
    Counts(u64),
}

/// Runs the program and holds what it suggests to what it promises.
pub(crate) fn output(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    let run = Run::of(command);
    if !DESCRIBING.contains(&run.name()) && run.is_new() {
        let faults = run.faults(&output);
        assert!(faults.is_empty(), "{run}\n{}", faults.join("\n"));
    }
    output
}

/// A run of the program: where, with which environment, and what was typed.
struct Run<'c> {
    command: &'c Command,
    /// Options in front of the name of the command.
    before: Vec<String>,
    words: Vec<String>,
}

impl fmt::Display for Run<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "suggested by {:?}", self.words)
    }
}

impl<'c> Run<'c> {
    fn of(command: &'c Command) -> Self {
        let mut words: Vec<String> =
            command.get_args().map(|word| word.to_string_lossy().into_owned()).collect();
        let named = words.iter().step_by(2).position(|word| !word.starts_with("--"));
        let before = words.drain(..(named.unwrap_or(0) * 2).min(words.len())).collect();
        Self { command, before, words }
    }

    /// Whether the same was not typed in the same place before.
    fn is_new(&self) -> bool {
        static SEEN: LazyLock<Mutex<BTreeSet<String>>> = LazyLock::new(Mutex::default);
        let place = self.command.get_current_dir();
        let envs: Vec<_> = self.command.get_envs().collect();
        let key = format!("{place:?} {envs:?} {:?} {:?}", self.before, self.words);
        SEEN.lock().unwrap().insert(key)
    }

    fn name(&self) -> &str {
        self.words.first().map_or("", String::as_str)
    }

    fn format(&self) -> Option<&str> {
        let at = self.words.iter().position(|word| word == "--format")?;
        self.words.get(at + 1).map(String::as_str)
    }

    fn is_reading(&self) -> bool {
        let is_lasting =
            |word: &String| LASTING.iter().any(|option| word.split('=').next() == Some(option));
        READING.contains(&self.name()) && !self.words.iter().any(is_lasting)
    }

    /// Runs other words in the same place.
    fn again<W: AsRef<OsStr> + Debug>(&self, words: &[W], folder: Option<&Path>) -> Output {
        let mut command = Command::new(FINDINGS);
        for (name, value) in self.command.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        if let Some(folder) = folder.or_else(|| self.command.get_current_dir()) {
            command.current_dir(folder);
        }
        command.args(&self.before).args(words).stdin(Stdio::null());
        command.output().unwrap_or_else(|error| panic!("{words:?}: {error}"))
    }

    fn json(&self, words: &[String]) -> Option<Value> {
        let mut asked = words.to_vec();
        match asked.iter().position(|word| word == "--format") {
            Some(at) => asked.splice(at + 1..at + 2, ["json".to_owned()]).for_each(drop),
            None => asked.splice(1..1, ["--format", "json"].map(str::to_owned)).for_each(drop),
        }
        serde_json::from_slice(&self.again(&asked, None).stdout).ok()
    }

    /// What is wrong with the suggestions of an answer.
    fn faults(&self, output: &Output) -> Vec<String> {
        let mut said = String::from_utf8_lossy(&output.stderr).into_owned();
        if matches!(self.format(), None | Some("text" | "markdown")) {
            said.push_str(&String::from_utf8_lossy(&output.stdout));
        }
        let json = match self.format() {
            Some("json") => serde_json::from_slice(&output.stdout).ok(),
            None | Some("text" | "markdown") if self.is_reading() => self.json(&self.words),
            _ => None,
        };
        let json = json.unwrap_or_default();
        let mut all = quoted(&said);
        all.extend(next_page(&self.words, &said));
        all.extend(suggestions(&self.words, &json));
        // A test of its own follows all searches of an answer in JSON.
        if self.format() != Some("json") {
            all.extend(traces(&json));
        }
        let code = output.status.code();
        let broken = |suggestion: &Suggestion| self.broken(suggestion, code);
        let mut faults: Vec<String> = all.iter().filter_map(broken).collect();
        faults.extend(self.unknown_options(&said));
        faults
    }

    /// Says how a suggestion does not keep its promise, if it does not; the answer that suggests it
    /// ended with a code.
    fn broken(&self, suggestion: &Suggestion, code: Option<i32>) -> Option<String> {
        let Suggestion { words, promise } = suggestion;
        let name = words.first().map_or("", String::as_str);
        let heard = if READING.contains(&name) || matches!(name, "export" | "help") {
            self.again(words, None)
        } else {
            // It writes, so that it is tried on a copy.
            let place = tempfile::tempdir().unwrap();
            let folder = self.command.get_current_dir()?;
            copy(folder, place.path());
            self.again(words, Some(place.path()))
        };
        let ended = heard.status.code();
        let is_kept = match promise {
            Promise::Runs => matches!(ended, Some(0 | 1)),
            Promise::Repeats => ended == code,
            Promise::Finds => ended == Some(0),
            Promise::Counts(0) => ended == Some(1),
            Promise::Counts(promised) => {
                self.json(words).is_some_and(|answer| total(&answer) == *promised)
            }
        };
        let says = String::from_utf8_lossy(&heard.stderr).chars().take(300).collect::<String>();
        (!is_kept).then(|| format!("{promise:?}: {words:?} ends with {ended:?}: {says}"))
    }

    /// Options in backticks that no command has which the text is about.
    fn unknown_options(&self, said: &str) -> Vec<String> {
        let named = said.split('`').skip(1).step_by(2).filter(|text| text.starts_with("--"));
        let options = named.filter_map(|text| text.split([' ', '=']).next());
        let is_typed = |option: &str| self.words.iter().any(|word| word.starts_with(option));
        let unknown = options.filter(|option| {
            let is_known = |command: &str| values_of(command).contains_key(*option);
            !is_typed(option) && ![self.name(), "index", "search"].iter().any(|name| is_known(name))
        });
        unknown.map(|option| format!("no command has the option {option}")).collect()
    }
}

/// The number of paragraphs that an answer found.
pub(crate) fn total(answer: &Value) -> u64 {
    if let Some(inspections) = answer["inspections"].as_array() {
        return inspections
            .iter()
            .filter_map(|one| one["mentioned"]["paragraphs"]["count"].as_u64())
            .sum();
    }
    let counts = [
        answer["whole"]["matching"]["paragraphs"].as_u64(),
        answer["paragraphs"].as_u64(),
        answer["total"].as_u64(),
    ];
    counts.into_iter().flatten().next().unwrap_or(0)
}

/// The options of a command, and whether each takes a value, as its help lists them.
fn values_of(command: &str) -> HashMap<String, bool> {
    static KNOWN: LazyLock<Mutex<HashMap<String, HashMap<String, bool>>>> =
        LazyLock::new(Mutex::default);
    if let Some(known) = KNOWN.lock().unwrap().get(command) {
        return known.clone();
    }
    let help = Command::new(FINDINGS).args([command, "--help"]).output().unwrap();
    let help = String::from_utf8_lossy(&help.stdout).into_owned();
    let mut options = HashMap::new();
    for line in help.lines().map(str::trim_start) {
        let line =
            line.split_once(", ").filter(|(short, _)| short.len() == 2).map_or(line, |it| it.1);
        if let Some(name) = line.split([' ', '=', '[']).next().filter(|name| name.starts_with("--"))
        {
            let takes = line[name.len()..].trim_start_matches(['[', '=', ' ']).starts_with('<');
            options.insert(name.trim_end_matches('.').to_owned(), takes);
        }
    }
    KNOWN.lock().unwrap().insert(command.to_owned(), options.clone());
    options
}

/// The commands in backticks.
pub(crate) fn quoted(said: &str) -> Vec<Suggestion> {
    let mut all = Vec::new();
    for text in said.split('`').skip(1).step_by(2) {
        let text = text.replace("\\\"", "\"");
        let typed = text.strip_prefix("findings ").and_then(shlex::split);
        // A command with a place for a name is a form, not a suggestion.
        let typed = typed.filter(|typed| !typed.iter().any(|word| FORMS.contains(&word.as_str())));
        all.extend(typed.map(|words| Suggestion { words, promise: Promise::Runs }));
    }
    all
}

/// The next page of an answer.
fn next_page(words: &[String], said: &str) -> Option<Suggestion> {
    let (_, rest) = said.split_once("add --offset ")?;
    let offset: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let mut next = words.to_vec();
    if let Some(at) = next.iter().position(|word| word == "--offset") {
        next.drain(at..at + 2);
    }
    next.splice(1..1, ["--offset".to_owned(), offset]);
    Some(Suggestion { words: next, promise: Promise::Finds })
}

/// Searches that lead from a number to its paragraphs, and the command that asks for all again.
fn traces(answer: &Value) -> Vec<Suggestion> {
    let mut all = Vec::new();
    let words = |asked: &Value| -> Option<Vec<String>> {
        let words = asked["arguments"].as_array()?.iter();
        Some(words.filter_map(|word| word.as_str().map(str::to_owned)).collect())
    };
    let again = answer["provenance"]["command"].as_str();
    let again = again.and_then(|command| command.strip_prefix("findings ")).and_then(shlex::split);
    all.extend(again.map(|words| Suggestion { words, promise: Promise::Repeats }));
    let groups = answer["groups"].as_array().into_iter().flatten();
    for group in [&answer["whole"]].into_iter().chain(groups).take(TRACES) {
        let count = group["matching"]["paragraphs"].as_u64();
        if let (Some(words), Some(count)) = (words(&group["find_matching"]), count) {
            all.push(Suggestion { words, promise: Promise::Counts(count) });
        }
    }
    all
}

/// What an answer in JSON suggests to those who typed these words.
pub(crate) fn suggestions(words: &[String], answer: &Value) -> Vec<Suggestion> {
    let mut all = Vec::new();
    let mut add = |words, promise| all.push(Suggestion { words, promise });
    let counts = |count: &Value| Promise::Counts(count.as_u64().unwrap_or_default());
    let name = words.first().map_or("", String::as_str);
    let list = |name: &str| answer[name].as_array().cloned().unwrap_or_default();
    for (name, count) in [("otherwise", "total"), ("uncounted", "paragraphs")] {
        for other in list(name) {
            let query = other["query"].as_str().unwrap_or_default();
            add(with_query(words, query), counts(&other[count]));
        }
    }
    if let Some(read_as) = answer["read_as"].as_str() {
        let query = read_as.split('`').nth(1).unwrap_or_default();
        add(with_query(words, query), counts(&answer["total"]));
    }
    for relaxed in list("relaxed") {
        add(without(words, &relaxed["without"]), counts(&relaxed["total"]));
    }
    for unheld in list("unheld") {
        let field = unheld["field"].as_str().map(|field| format!("{field}:")).unwrap_or_default();
        for near in unheld["near"].as_array().into_iter().flatten() {
            let query = format!("{field}{}", near["word"].as_str().unwrap_or_default());
            let asked = ["search", "--", &query].map(str::to_owned);
            add(asked.to_vec(), Promise::Finds);
        }
    }
    let error = &answer["error"];
    if let Some(suggestion) = error["suggestion"].as_str() {
        let is_query = error["span"].is_array();
        let option = error["message"].as_str().and_then(|message| message.split(':').next());
        // Of what is excluded the message names the option and the field.
        let (option, field) = option.map_or((None, None), |option| match option.split_once(' ') {
            Some((option, field)) => (Some(option), Some(format!("{field}:"))),
            None => (Some(option), None),
        });
        let at = words.iter().enumerate().position(|(at, word)| {
            let value = words.get(at + 1);
            option == Some(word)
                && field.as_ref().is_none_or(|field| value.is_some_and(|v| v.starts_with(field)))
        });
        match at {
            Some(at) if !is_query => {
                let mut other = words.to_vec();
                other[at + 1] = suggestion.to_owned();
                add(other, Promise::Runs);
            }
            _ if QUERIED.iter().any(|(queried, _)| *queried == name) && is_query => {
                add(with_query(words, suggestion), Promise::Runs);
            }
            _ => {}
        }
    }
    all
}

/// The command without conditions that an answer names.
fn without(words: &[String], conditions: &Value) -> Vec<String> {
    let values = values_of(&words[0]);
    let mut left = words.to_vec();
    for (field, excluded) in conditions["not"].as_object().into_iter().flatten() {
        for value in excluded.as_array().into_iter().flatten().filter_map(Value::as_str) {
            left = included(&left, field, value);
        }
    }
    for (name, value) in conditions.as_object().into_iter().flatten() {
        let option = format!("--{}", name.replace('_', "-"));
        let is_given = !value.is_null() && value != false && *value != Value::Array(Vec::new());
        let is_given = is_given && name != "not";
        if !is_given {
            continue;
        }
        left.retain(|word| !word.starts_with(&format!("{option}=")));
        while let Some(at) = left.iter().position(|word| *word == option) {
            let width = 1 + usize::from(values.get(&option).copied().unwrap_or(false));
            left.drain(at..(at + width).min(left.len()));
        }
    }
    left
}

/// The command in which a value is no longer excluded.
fn included(words: &[String], field: &str, value: &str) -> Vec<String> {
    let mut left = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let next =
            if word == "--not" { words.next() } else { word.strip_prefix("--not=").map(|_| word) };
        let Some(typed) = next else {
            left.push(word.clone());
            continue;
        };
        let typed = typed.trim_start_matches("--not=");
        let (own, values) = typed.split_once(':').unwrap_or_default();
        let others: Vec<&str> = values.split(',').filter(|other| *other != value).collect();
        if own != field || values != value && others.len() == values.split(',').count() {
            left.push(format!("--not={typed}"));
        } else if values != value && !others.is_empty() {
            left.push(format!("--not={own}:{}", others.join(",")));
        }
    }
    left
}

/// The places of the words that are the query of a command.
pub(crate) fn places(words: &[String]) -> Vec<usize> {
    let name = words.first().map_or("", String::as_str);
    let before =
        QUERIED.iter().find(|(queried, _)| *queried == name).map_or(0, |queried| queried.1);
    let values = values_of(name);
    let mut places = Vec::new();
    let mut at = 1;
    let mut is_open = true;
    while at < words.len() {
        match words[at].as_str() {
            "--" if is_open => is_open = false,
            option if is_open && option.starts_with("--") => {
                let takes = values.get(option).copied().unwrap_or(!option.contains('='));
                at += usize::from(takes);
            }
            _ => places.push(at),
        }
        at += 1;
    }
    places.split_off(before.min(places.len()))
}

/// The command with another query.
fn with_query(words: &[String], query: &str) -> Vec<String> {
    let places = places(words);
    let kept = words.iter().enumerate().filter(|(at, word)| !places.contains(at) && *word != "--");
    let mut other: Vec<String> = kept.map(|(_, word)| word.clone()).collect();
    other.extend(["--".to_owned(), query.to_owned()]);
    other
}
