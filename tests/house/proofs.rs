//! Shows on invented sources that each rule catches what it should, and nothing else.

use super::links::Package;
use super::rules::{self, Allowed, Constants, Home, Offence};
use super::{COMMAND_LINE, HOMES, INDEX, SRC, STYLE_SHEETS, SURROUNDED};
use std::path::{Path, PathBuf};
use std::{env, fs, process};

/// Makes a package of these sources, each a path and a text.
fn package(folder: &str, sources: &[(&str, &str)]) -> Package {
    let sources = sources.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    Package::of(sources.collect(), folder, "findings")
}

/// One file of `src/`, in a room.
fn file(path: &str, text: &str) -> Package {
    package("src", &[(path, text)])
}

fn shown(offences: &[Offence]) -> Vec<String> {
    offences.iter().map(ToString::to_string).collect()
}

/// A package with a file in most rooms of `src/`; `text` is in the room `ask`.
fn rooms(text: &str) -> Package {
    let roots =
        "mod cli; mod serve; mod render; mod answer; mod ask; mod extract; pub struct Root;";
    package(
        "src",
        &[
            ("src/lib.rs", roots),
            ("src/main.rs", "fn main() { findings::cli::run() }"),
            ("src/cli/mod.rs", "use crate::ask::f; pub fn run() {}"),
            ("src/serve/mod.rs", "use crate::render::word;"),
            ("src/render/mod.rs", "mod words; pub use words::word;"),
            ("src/render/words.rs", "use crate::extract::Format; pub fn word() {}"),
            ("src/answer/mod.rs", "pub use crate::ask::f;"),
            ("src/ask/mod.rs", text),
            ("src/extract/mod.rs", "pub enum Format { Pdf }"),
        ],
    )
}

#[test]
fn an_import_from_a_room_above_is_caught() {
    let caught = |text| shown(&rules::imports_from_above(&rooms(text), SRC));
    assert_eq!(
        caught("use crate::extract::Format; use findings_index::x::Y; pub fn f() {}"),
        [""; 0]
    );
    for (text, expected) in [
        (
            "\nuse crate::render::word;",
            "src/ask/mod.rs:2: uses `crate::render::word`, and src/render/words.rs is above it",
        ),
        (
            "fn f() { super::cli::run() }",
            "src/ask/mod.rs:1: uses `super::cli::run`, and src/cli/mod.rs is above it",
        ),
        (
            "use crate::serve;",
            "src/ask/mod.rs:1: uses `crate::serve`, and src/serve/mod.rs is above it",
        ),
        (
            "#[cfg(test)] mod tests { use crate::cli::run; }",
            "src/ask/mod.rs:1: uses `crate::cli::run`, and src/cli/mod.rs is above it (tests)",
        ),
        (
            "use crate::Root;",
            "src/ask/mod.rs:1: uses `crate::Root`, and src/lib.rs is above all rooms",
        ),
    ] {
        assert_eq!(caught(text), [expected], "{text}");
    }
}

#[test]
fn a_file_of_tests_that_no_binary_declares_is_caught() {
    let sources = [
        ("tests/one/main.rs", "#[path = \"../shared/made.rs\"] mod made; #[cfg(test)] mod a;"),
        ("tests/one/a.rs", "mod b;"),
        ("tests/one/a/b.rs", ""),
        ("tests/two/main.rs", "mod c;"),
        ("tests/two/c/mod.rs", "// mod d;"),
        ("tests/two/c/d.rs", ""),
        ("tests/shared/made.rs", ""),
        ("tests/three.rs", ""),
    ];
    let sources = sources.map(|(path, text)| (path.to_owned(), text.to_owned()));
    assert_eq!(
        shown(&rules::forgotten(&sources, &["tests/one", "tests/two"])),
        [
            "tests/three.rs: no `mod` declares it, so its tests are never run",
            "tests/two/c/d.rs: no `mod` declares it, so its tests are never run",
        ]
    );
}

#[test]
fn an_import_between_two_doors_is_caught() {
    let package = package(
        "src",
        &[
            ("src/lib.rs", "mod serve; mod mcp;"),
            ("src/serve/mod.rs", "use crate::mcp::run; mod own; use own::f;"),
            ("src/serve/own.rs", "pub fn f() {}"),
            ("src/mcp/mod.rs", "pub fn run() {}"),
        ],
    );
    assert_eq!(
        shown(&rules::imports_from_above(&package, SRC)),
        ["src/serve/mod.rs:1: uses `crate::mcp::run`, and src/mcp/mod.rs is on the same floor"]
    );
}

#[test]
fn a_file_outside_every_room_is_caught() {
    let src = package(
        "src",
        &[
            ("src/lib.rs", "mod utils; mod ask; mod render;"),
            ("src/main.rs", "fn main() {}"),
            ("src/utils.rs", ""),
            ("src/ask/mod.rs", ""),
            ("src/ask/forgotten.rs", ""),
            ("src/render.rs", ""),
        ],
    );
    assert_eq!(
        shown(&rules::imports_from_above(&src, SRC)),
        [
            "src/ask/forgotten.rs: no `mod` declares it, so it is never compiled",
            "src/render.rs: lies in no room",
            "src/utils.rs: lies in no room",
        ]
    );
    let index = package(
        "index",
        &[
            ("index/lib.rs", "pub mod engine; mod embedded; mod ranking; pub mod common;"),
            ("index/engine.rs", "use crate::embedded::Reader; pub trait Engine {}"),
            ("index/embedded/mod.rs", "use crate::engine::Engine; pub struct Reader;"),
            ("index/ranking/mod.rs", "use crate::engine::Engine;"),
            ("index/common/mod.rs", ""),
        ],
    );
    assert_eq!(
        shown(&rules::imports_from_above(&index, INDEX)),
        [
            "index/common/mod.rs: lies in no room",
            "index/engine.rs:1: uses `crate::embedded::Reader`, and index/embedded/mod.rs is above it",
            "index/ranking/mod.rs:1: uses `crate::engine::Engine`, and index/engine.rs is above it",
        ]
    );
}

#[test]
fn a_circle_of_files_in_a_folder_is_caught_through_names_their_parent_passes_on() {
    let circle = package(
        "src",
        &[
            ("src/lib.rs", "mod ask;"),
            (
                "src/ask/mod.rs",
                "mod lex; mod word; mod end; pub use lex::What; pub use word::word;",
            ),
            ("src/ask/lex.rs", "use super::word;\n\nuse super::end::End; pub enum What { X }"),
            ("src/ask/word.rs", "\nuse super::What;\nuse super::lex::What as W; pub fn word() {}"),
            ("src/ask/end.rs", "pub struct End;"),
        ],
    );
    assert_eq!(
        shown(&rules::circles(&circle)),
        ["src/ask/lex.rs:1: in src/ask/ these use one another in a circle: lex, word\
            \n    lex -> word  src/ask/lex.rs:1 super::word\
            \n    word -> lex  src/ask/word.rs:2 super::What (and 1 more)"]
    );
}

#[test]
fn a_circle_of_folders_is_caught_though_no_file_is_in_one() {
    let circle = package(
        "src",
        &[
            ("src/lib.rs", "mod ask; mod extract; mod discover;"),
            ("src/ask/mod.rs", "mod deep { mod deeper; } "),
            ("src/ask/deep/deeper.rs", "use crate::extract::format::Format;"),
            ("src/extract/mod.rs", "pub mod format; mod read;"),
            ("src/extract/format.rs", "pub enum Format { Pdf }"),
            ("src/extract/read.rs", "use crate::discover::words;"),
            ("src/discover/mod.rs", "mod sniff; pub fn words() {}"),
            ("src/discover/sniff.rs", "\nuse crate::extract::format::Format;"),
        ],
    );
    assert_eq!(
        shown(&rules::circles(&circle)),
        ["src/discover/sniff.rs:2: in src/ these use one another in a circle: discover, extract\
            \n    discover -> extract  src/discover/sniff.rs:2 crate::extract::format::Format\
            \n    extract -> discover  src/extract/read.rs:1 crate::discover::words"]
    );
}

#[test]
fn a_folder_and_its_own_files_make_no_circle_and_neither_do_tests() {
    let package = package(
        "src",
        &[
            ("src/lib.rs", "mod ask; mod extract;"),
            ("src/ask/mod.rs", "mod read; pub struct Reading; pub fn f() { read::read() }"),
            ("src/ask/read.rs", "use super::Reading; use crate::extract::X; pub fn read() {}"),
            ("src/extract/mod.rs", "pub struct X; #[cfg(test)] mod tests { use crate::ask::f; }"),
        ],
    );
    let needed = package.arrows.iter().filter(|arrow| arrow.needs && !arrow.test);
    assert_eq!(needed.count(), 3);
    assert_eq!(shown(&rules::circles(&package)), [""; 0]);
}

#[test]
fn a_package_away_from_its_home_is_caught() {
    let caught = |path, text| shown(&rules::away_from_home(&file(path, text), HOMES));
    let clap = "is for src/cli/ alone";
    for (text, expected) in [
        ("use clap::{Args, Parser};", "names `clap`"),
        ("use clap::Args;", "names `clap::Args`"),
        ("#[derive(Debug, clap::Args)] struct A;", "names `clap::Args`"),
        ("use clap as c;", "names `clap`"),
        ("#[cfg(test)] mod tests { use clap::Parser; }", "names `clap::Parser`"),
    ] {
        let expected = format!("src/ask/mod.rs:1: {expected}; `clap` {clap}");
        assert_eq!(caught("src/ask/mod.rs", text), [expected], "{text}");
        assert_eq!(caught("src/cli/search.rs", text), [""; 0], "{text}");
    }
    let index = package(
        "index",
        &[
            ("index/lib.rs", "// tantivy::Index"),
            ("index/embedded/mod.rs", "use tantivy::Index;"),
            ("index/language/mod.rs", "//! No tantivy.\n\nuse tantivy::tokenizer::TokenStream;"),
        ],
    );
    assert_eq!(
        shown(&rules::away_from_home(&index, HOMES)),
        ["index/language/mod.rs:3: names `tantivy::tokenizer::TokenStream`; \
          `tantivy` is for index/embedded/ alone"]
    );
    assert_eq!(caught("src/render/mod.rs", "use axum::Router; fn f() { tiny_http::f() }").len(), 2);
    assert_eq!(caught("src/ask/mod.rs", "fn f() -> anyhow::Result<()> {}").len(), 1);
    assert_eq!(caught("src/main.rs", "fn main() -> anyhow::Result<()> {}"), [""; 0]);
    assert!(HOMES.iter().all(|Home { places, .. }| !places.is_empty()));
}

#[test]
fn a_message_that_names_an_option_or_a_command_is_caught() {
    let commands = ["search", "show"].map(str::to_owned);
    let caught = |path, text| {
        let package = file(path, text);
        shown(&rules::talks_command_line(&package, COMMAND_LINE, &commands, STYLE_SHEETS))
    };
    for (text, expected) in [
        (r#"f("raise --max-pages")"#, r#""raise --max-pages""#),
        (r#"f(r"(--html)")"#, r#""(--html)""#),
        (r#"f("\n--exact leaves")"#, r#""\n--exact leaves""#),
        ("format!(\"--{option}={value}\")", "\"--{option}={value}\""),
        ("#[error(\"run `findings index` again\")] A", "\"run `findings index` again\""),
        ("f(\"see `findings anything`\")", "\"see `findings anything`\""),
        (r#"f("(findings show REPORT lists)")"#, r#""(findings show REPORT lists)""#),
        (r#"f("findings search \"a\"")"#, r#""findings search \"a\"""#),
        ("f(\"findings \\\n     search\")", "\"findings search\""),
    ] {
        let expected = format!("src/ask/mod.rs:1: says {expected}");
        assert_eq!(caught("src/ask/mod.rs", text), [expected], "{text}");
        assert_eq!(caught("src/cli/fault.rs", text), [""; 0], "{text}");
        assert_eq!(caught("src/main.rs", text).len(), 1, "{text}");
    }
    let later = caught("src/render/mod.rs", "\nf(\"one \\\n  --two and\n--three\")");
    assert_eq!(later.len(), 2);
    assert!(later[0].starts_with("src/render/mod.rs:3: "), "{later:?}");
    assert!(later[1].starts_with("src/render/mod.rs:4: "), "{later:?}");
}

#[test]
fn prose_comments_tests_and_style_sheets_are_no_messages_about_the_command_line() {
    let commands = ["search", "show"].map(str::to_owned);
    let caught = |path, text| {
        let package = file(path, text);
        rules::talks_command_line(&package, COMMAND_LINE, &commands, STYLE_SHEETS).len()
    };
    for text in [
        "// --limit\n/// `findings search`\n//! --x",
        "#[cfg(test)] mod tests { const X: &str = \"--limit\"; }",
        "#[doc = \"--limit\"] #[allow(x, reason = \"--limit\")] fn f() {}",
        r#"f("a -- b", "a--b", "-----x", "--", "--4", "block--modifier")"#,
        r#"f("no findings were", "findings of", "findings", "findings {}", "findings.toml")"#,
        r#"f(".findings search", "my-findings show")"#,
    ] {
        assert_eq!(caught("src/ask/mod.rs", text), 0, "{text}");
    }
    let style =
        r#"f(":root { --paper: #fff; --ink : #000 } a { color: var(--ink) }", "--share: 3")"#;
    assert_eq!(caught("src/render/html/mod.rs", style), 0);
    assert_eq!(caught("src/render/terminal/mod.rs", style), 4);
    assert_eq!(caught("src/render/html/mod.rs", r#"f("add --offset 2; --html draws them")"#), 2);
}

#[test]
fn a_room_that_prints_or_asks_its_surroundings_is_caught() {
    let caught = |path, text| shown(&rules::prints(&file(path, text), SURROUNDED));
    for (text, expected) in [
        ("fn f() { println!(\"\") }", "prints by `println!`"),
        ("fn f() { std::eprintln!(\"\") }", "prints by `eprintln!`"),
        ("fn f() { std::env::var(\"HOME\") }", "uses `std::env::var`"),
        ("use std::env; fn f() { env::home_dir() }", "uses `std::env::home_dir`"),
        ("use std::env::*;", "uses `std::env::*`"),
        ("use std::{io as i}; fn f() { i::stdout() }", "uses `std::io::stdout`"),
        ("use std::io::stderr;", "uses `std::io::stderr`"),
        ("use std::process; fn f() { process::exit(1) }", "uses `std::process::exit`"),
        ("fn f() { anstream::stdout() }", "uses `anstream::stdout`"),
    ] {
        let at = |path: &str| format!("{path}:1: {expected}");
        assert_eq!(caught("src/lib.rs", text), [at("src/lib.rs")], "{text}");
        assert_eq!(caught("src/main.rs", text), [""; 0], "{text}");
    }
    for text in [
        "use std::env; use std::io; use std::process::Command;",
        "fn f() { env!(\"X\"); std::env::consts::OS; io::stdout() }",
        "#[cfg(test)] mod tests { fn f() { std::env::temp_dir(); println!() } }",
        "// println!()\nfn f(println: u8) { writeln!(out, \"println!\") }",
    ] {
        assert_eq!(caught("src/lib.rs", text), [""; 0], "{text}");
    }
    let worker = "fn f() { std::env::args(); std::io::stdin(); print!() }";
    let sources = |path| [("src/lib.rs", "mod extract { mod worker; mod pdf; }"), (path, worker)];
    let caught = |path| rules::prints(&package("src", &sources(path)), SURROUNDED).len();
    assert_eq!(caught("src/extract/worker/mod.rs"), 0);
    assert_eq!(caught("src/extract/pdf/mod.rs"), 3);
    assert!(SURROUNDED.iter().all(|Allowed { place, .. }| !place.is_empty()));
}

#[test]
fn a_hidden_global_is_caught() {
    let constants =
        [Constants { file: "knowledge/pattern.rs", names: &["NOTHING"], reason: "a literal" }];
    let caught = |path, text| {
        let all = shown(&rules::hidden_globals(&[&file(path, text)], &constants));
        let unused =
            "knowledge/pattern.rs: has no static NOTHING that needs to be allowed; strike it";
        all.into_iter().filter(|offence| offence != unused).collect::<Vec<_>>()
    };
    for (text, kind) in [
        ("static A: OnceLock<Vec<u8>> = OnceLock::new();", "OnceLock"),
        ("pub(crate) static A: std::sync::Mutex<u8> = x;", "Mutex"),
        ("fn f() { static A: AtomicU64 = AtomicU64::new(0); }", "AtomicU64"),
        ("static mut A: u8 = 0;", "mut"),
        ("static A: LazyLock<Regex> = LazyLock::new(|| { a; b });", "LazyLock"),
    ] {
        let expected =
            format!("src/ask/mod.rs:1: static A is a hidden global ({kind}); hand its value in");
        assert_eq!(caught("src/ask/mod.rs", text), [expected], "{text}");
    }
    assert_eq!(caught("src/ask/mod.rs", "thread_local! { static A: u8 = 0; }").len(), 1);
    for text in [
        "static A: &[&str] = &[\"Mutex\"]; const B: u8 = 0; fn f(x: &'static Mutex<u8>) {}",
        "#[cfg(test)] mod tests { static A: LazyLock<u8> = x; }",
        "#[cfg(test)] static A: LazyLock<u8> = x;",
    ] {
        assert_eq!(caught("src/ask/mod.rs", text), [""; 0], "{text}");
    }
}

#[test]
fn a_constant_is_allowed_by_name_only_while_it_is_one() {
    let constants = [Constants { file: "pattern.rs", names: &["NOTHING"], reason: "a literal" }];
    let caught = |path, text| rules::hidden_globals(&[&file(path, text)], &constants).len();
    let lazy = "static NOTHING: LazyLock<Regex> = LazyLock::new(|| Regex::new(\"a\"));";
    assert_eq!(caught("src/knowledge/pattern.rs", lazy), 0);
    // Elsewhere it is an offence, and then the line that allows it is another.
    assert_eq!(caught("src/ask/other_pattern.rs", lazy), 2);
    assert_eq!(caught("src/knowledge/pattern.rs", ""), 1);
    for text in [
        "static NOTHING: LazyLock<Option<String>> = LazyLock::new(|| std::env::var(\"A\").ok());",
        "static NOTHING: OnceLock<Regex> = OnceLock::new();",
        "static OTHER: LazyLock<Regex> = LazyLock::new(|| Regex::new(\"a\"));",
    ] {
        assert_eq!(caught("src/knowledge/pattern.rs", text), 2, "{text}");
    }
}

/// A folder that is removed when dropped.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        // A leftover in the folder for temporary files does no harm.
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn sources_are_read_from_a_folder_without_those_left_out() {
    let folder = Folder(env::temp_dir().join(format!("findings-house-{}", process::id())));
    let write = |path: &str, text: &str| {
        let path = folder.0.join(path);
        let parent = path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(parent).and_then(|()| fs::write(path, text)).expect("a temporary file");
    };
    write("index/lib.rs", "mod language;");
    write("index/language/mod.rs", "use tantivy::Index;");
    write("index/language/words.txt", "tantivy");
    write("index/tests/index/main.rs", "use tantivy::Index;");
    let sources = super::modules::read(&folder.0, "index", &["index/tests"]).expect("the sources");
    let package = Package::of(sources, "index", "findings_index");
    let paths = package.files.iter().map(|file| file.path.as_str());
    assert_eq!(paths.collect::<Vec<_>>(), ["index/language/mod.rs", "index/lib.rs"]);
    assert_eq!(rules::away_from_home(&package, HOMES).len(), 1);
    assert!(super::modules::read(&folder.0, "src", &[]).is_err());
}
