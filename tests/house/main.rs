//! Checks that the code follows the layout of its rooms and the rules that keep them apart.
//!
//! The checks read the sources as text and know no types; the comment on each rule states what it
//! cannot see. A failure lists every offence with its file and line. The rules are in `rules`, and
//! `proofs` shows for each that it catches what it should.

mod covered;
mod lexer;
mod links;
mod modules;
mod proofs;
mod rules;

use links::Package;
use rules::{Allowed, Constants, Home, Offence};
use std::collections::BTreeSet;
use std::path::Path;

/// The rooms of `src/` from the top down; a room uses only what is below it.
///
/// The command line starts the other doors, which do not use one another. `discover` is above `extract` because it reads the first bytes
/// into a format, a type of the extractors.
const SRC: &[&[&str]] = &[
    &["cli"],
    &["serve", "mcp"],
    &["render"],
    &["answer"],
    &["ask"],
    &["ingest"],
    &["understand"],
    &["knowledge"],
    &["discover"],
    &["extract"],
];

/// The rooms of `index/` from the top down. `embedded` does not know `opensearch`, which matches and scores
/// what a cluster gives back by the code of `embedded`; only `location.rs` knows which of them answers from
/// a place.
const INDEX: &[&[&str]] = &[
    &["location.rs"],
    &["opensearch"],
    &["embedded"],
    &["answering"],
    &["planning"],
    &["agreement", "transfer.rs", "shelf.rs"],
    &["engine.rs"],
    &["ranking"],
    &["marking"],
    &["request"],
    &["language"],
    &["records"],
];

/// The folders below `src/` that are not part of the library: what makes its data.
const NOT_OF_THE_PROGRAM: &[&str] = &["src/knowledge/making"];

/// The folders below `index/` that are not part of the library.
const NOT_OF_THE_INDEX: &[&str] =
    &["index/tests", "index/benches", "index/fuzz", "index/target", "index/examples"];

/// The folders of tests, each with the folders of its binaries, which have a `main.rs`.
const TESTS: &[(&str, &[&str])] = &[
    ("tests", &["tests/library", "tests/command", "tests/corpus"]),
    ("index/tests", &["index/tests/index"]),
];

/// The packages that only one room may name.
const HOMES: &[Home] = &[
    Home { package: "clap", places: &["src/cli/"] },
    Home { package: "clap_complete", places: &["src/cli/"] },
    Home { package: "clap_mangen", places: &["src/cli/"] },
    Home { package: "anyhow", places: &["src/cli/", "src/main.rs"] },
    Home { package: "indicatif", places: &["src/cli/"] },
    Home { package: "terminal_size", places: &["src/cli/"] },
    Home { package: "axum", places: &["src/serve/"] },
    Home { package: "tiny_http", places: &["src/serve/"] },
    Home { package: "tantivy", places: &["index/embedded/"] },
    Home { package: "redb", places: &["index/embedded/"] },
];

/// The door that words options and commands.
const COMMAND_LINE: &[&str] = &["src/cli/"];

/// The commands, in addition to the names of the files in `src/cli/`.
const COMMANDS: &[&str] = &[
    "index",
    "search",
    "kwic",
    "batch",
    "similar",
    "compare",
    "timeline",
    "distinctive",
    "show",
    "keep",
    "reports",
    "export",
    "eval",
    "topics",
    "acronyms",
    "ledger",
    "coverage",
    "inspect",
    "frameworks",
    "query",
    "completions",
    "manual",
    "serve",
    "get",
    "grades",
];

/// The folder whose literals are style sheets, with custom properties that look like options.
const STYLE_SHEETS: &str = "src/render/html/";

/// The places that may print, read environment, arguments and standard input, and end the program.
const SURROUNDED: &[Allowed] = &[
    Allowed { place: "src/main.rs", reason: "it is the program" },
    Allowed { place: "src/cli/", reason: "it is the terminal's door" },
    Allowed {
        place: "src/extract/worker/",
        reason: "a worker is a process of its own that is spoken to by its standard input and output",
    },
];

/// The statics that are computed at first use but are still constants.
const CONSTANTS: &[Constants] = &[
    Constants {
        file: "knowledge/pattern.rs",
        names: &["NOTHING"],
        reason: "a pattern compiled from a literal",
    },
    Constants {
        file: "dates.rs",
        names: &["NUMERIC", "WORDS", "JOINT", "WEEKDAY"],
        reason: "patterns compiled from literals",
    },
    Constants {
        file: "serve/api/schemas.rs",
        names: &["ALL"],
        reason: "made from the program's own types alone",
    },
];

fn src() -> Package {
    package("src", NOT_OF_THE_PROGRAM, "findings")
}

fn index() -> Package {
    package("index", NOT_OF_THE_INDEX, "findings_index")
}

fn package(folder: &str, leave_out: &[&str], library: &str) -> Package {
    Package::of(sources(folder, leave_out), folder, library)
}

/// The paths and texts of the files below a folder.
fn sources(folder: &str, leave_out: &[&str]) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    match modules::read(root, folder, leave_out) {
        Ok(sources) => sources,
        Err(error) => panic!("cannot read {folder}/ below {}: {error}", root.display()),
    }
}

/// Fails with every offence, sorted.
fn none_of(claim: &str, offences: Vec<Offence>) {
    let offences: BTreeSet<Offence> = offences.into_iter().collect();
    let list = offences.iter().map(|offence| format!("\n  {offence}")).collect::<String>();
    assert!(offences.is_empty(), "{claim}\n{} offences:{list}\n", offences.len());
}

#[test]
fn the_sources_are_found() {
    for (package, root) in [(src(), "src/lib.rs"), (index(), "index/lib.rs")] {
        assert!(package.files.iter().any(|file| file.path == root), "{root} is missing");
        assert!(package.files.len() > 10, "{}/ holds hardly any files", package.folder);
        assert!(package.arrows.len() > 100, "{}/ holds hardly any imports", package.folder);
    }
}

/// The binaries are those of `Cargo.toml`.
#[test]
fn no_file_of_the_tests_is_forgotten() {
    let forgotten = TESTS
        .iter()
        .flat_map(|(folder, binaries)| rules::forgotten(&sources(folder, &[]), binaries));
    none_of("every file of tests is declared by one of their binaries", forgotten.collect());
}

#[test]
fn no_room_imports_one_above_it() {
    let mut offences = rules::imports_from_above(&src(), SRC);
    offences.extend(rules::imports_from_above(&index(), INDEX));
    let rooms = |floors: &[&[&str]]| {
        let floors = floors.iter().map(|floor| floor.join(" "));
        floors.collect::<Vec<_>>().join(" > ")
    };
    let (src, index) = (rooms(SRC), rooms(INDEX));
    let claim = format!(
        "every file lies in a room, and a room uses only what is below it\n\
         src/: {src}\nindex/: {index}"
    );
    none_of(&claim, offences);
}

/// Circles count between files of different folders and within a folder, but not between a `mod.rs`
/// and its own children: nineteen such pairs existed when this was written, each a folder whose
/// `mod.rs` defines a type and calls the steps that fill it.
#[test]
fn no_files_import_one_another_in_a_circle() {
    let mut offences = rules::circles(&src());
    offences.extend(rules::circles(&index()));
    none_of("files and folders use one another one way only", offences);
}

#[test]
fn clap_stays_in_the_cli() {
    let mut offences = rules::away_from_home(&src(), HOMES);
    offences.extend(rules::away_from_home(&index(), HOMES));
    none_of("packages with a home are named nowhere else", offences);
}

/// Only literals are seen, not files that are included (`include_str!`) or texts that are put
/// together from parts.
#[test]
fn no_message_outside_the_cli_names_an_option_or_a_command() {
    let (src, index) = (src(), index());
    let files = src.files.iter().filter_map(|file| file.path.strip_prefix("src/cli/"));
    let files = files.filter_map(|path| path.split(['/', '.']).next());
    let mut commands: Vec<String> = files.map(str::to_owned).collect();
    commands.extend(COMMANDS.iter().map(|name| (*name).to_owned()));
    let mut offences = rules::talks_command_line(&src, COMMAND_LINE, &commands, STYLE_SHEETS);
    offences.extend(rules::talks_command_line(&index, COMMAND_LINE, &commands, STYLE_SHEETS));
    none_of("only the command line words options and commands", offences);
}

#[test]
fn no_room_prints() {
    let mut offences = rules::prints(&src(), SURROUNDED);
    offences.extend(rules::prints(&index(), SURROUNDED));
    none_of("only the command line prints, asks its surroundings or ends the program", offences);
}

#[test]
fn no_hidden_globals() {
    let offences = rules::hidden_globals(&[&src(), &index()], CONSTANTS);
    none_of("what a function depends on is handed to it", offences);
}

#[test]
fn what_is_allowed_has_a_reason() {
    let places = SURROUNDED.iter().map(|allowed| (allowed.place, allowed.reason));
    let constants = CONSTANTS.iter().map(|constants| (constants.file, constants.reason));
    for (place, reason) in places.chain(constants) {
        assert!(reason.split(' ').count() > 2, "{place}: `{reason}` is no reason");
    }
}
