//! The rules, each a function from sources to the places that break it.

use super::lexer::{Kind, Token, attributes};
use super::links::{Arrow, Package};
use super::modules::{Source, segments};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// A place that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Offence {
    /// The path of the file below the root of the project.
    pub(super) path: String,
    /// The line; 0 if the offence is in the file as a whole.
    pub(super) line: usize,
    /// What is wrong.
    pub(super) text: String,
}

impl fmt::Display for Offence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, line, text } = self;
        match line {
            0 => write!(f, "{path}: {text}"),
            line => write!(f, "{path}:{line}: {text}"),
        }
    }
}

/// An exception to a rule in one place, and the reason.
pub(super) struct Allowed {
    /// The folder, with `/` at its end, or the file.
    pub(super) place: &'static str,
    /// Why it is allowed there.
    pub(super) reason: &'static str,
}

/// Statics that are allowed although they are computed at first use, and the reason.
pub(super) struct Constants {
    /// The last parts of the file's path.
    pub(super) file: &'static str,
    /// Their names.
    pub(super) names: &'static [&'static str],
    /// Why nothing outside the program can change their value.
    pub(super) reason: &'static str,
}

/// A package that may be named only in its home.
pub(super) struct Home {
    /// The name by which code calls it.
    pub(super) package: &'static str,
    /// The folders, with `/` at their ends, and files that may name it.
    pub(super) places: &'static [&'static str],
}

fn lies_in(path: &str, place: &str) -> bool {
    path == place || (place.ends_with('/') && path.starts_with(place))
}

/// The files that are in no room, and the uses of a room by one below it or on the same floor.
///
/// `floors` lists the rooms from the top down: a folder, or a file with its `.rs`. Rooms of one
/// floor do not use one another. Tests count: a test that needs a higher room belongs there. The
/// roots (`lib.rs`, `main.rs`) are above all rooms.
pub(super) fn imports_from_above(package: &Package, floors: &[&[&str]]) -> Vec<Offence> {
    let mut offences = Vec::new();
    for file in &package.undeclared {
        let path = package.files[*file].path.clone();
        let text = "no `mod` declares it, so it is never compiled".to_owned();
        offences.push(Offence { path, line: 0, text });
    }
    for Source { path, .. } in &package.files {
        if matches!(place_of(package, path, floors), Place::Nowhere) {
            let text = "lies in no room".to_owned();
            offences.push(Offence { path: path.clone(), line: 0, text });
        }
    }
    for arrow in &package.arrows {
        let from = &package.files[arrow.from].path;
        let to = &package.files[arrow.to].path;
        let relation = match (place_of(package, from, floors), place_of(package, to, floors)) {
            (Place::Room(..), Place::Root) => "is above all rooms",
            (Place::Room(from, room), Place::Room(to, other)) if from == to && room != other => {
                "is on the same floor"
            }
            (Place::Room(from, _), Place::Room(to, _)) if to < from => "is above it",
            _ => continue,
        };
        let Arrow { line, written, test, .. } = arrow;
        let tests = if *test { " (tests)" } else { "" };
        let text = format!("uses `{written}`, and {to} {relation}{tests}");
        offences.push(Offence { path: from.clone(), line: *line, text });
    }
    offences
}

/// The test files that no binary declares, so that their tests are never run. Each binary is a
/// folder with a `main.rs`.
pub(super) fn forgotten(sources: &[(String, String)], binaries: &[&str]) -> Vec<Offence> {
    let mut forgotten: BTreeSet<&str> = sources.iter().map(|(path, _)| path.as_str()).collect();
    for binary in binaries {
        let tests = Package::of(sources.to_vec(), binary, "");
        let missed = tests.undeclared.iter().map(|file| tests.files[*file].path.as_str());
        let missed: BTreeSet<&str> = missed.collect();
        forgotten.retain(|path| missed.contains(path));
    }
    let text = "no `mod` declares it, so its tests are never run";
    let offence = |path: &str| Offence { path: path.to_owned(), line: 0, text: text.to_owned() };
    forgotten.into_iter().map(offence).collect()
}

enum Place<'a> {
    /// A root of the package.
    Root,
    /// A room: its floor, counted from the top, and its name.
    Room(usize, &'a str),
    Nowhere,
}

fn place_of<'a>(package: &Package, path: &str, floors: &[&[&'a str]]) -> Place<'a> {
    let below = path.strip_prefix(&package.folder).unwrap_or(path).trim_start_matches('/');
    let first = match below.split_once('/') {
        None if matches!(below, "lib.rs" | "main.rs") => return Place::Root,
        Some((folder, _)) => folder,
        None => below,
    };
    for (floor, rooms) in floors.iter().enumerate() {
        if let Some(room) = rooms.iter().find(|room| **room == first) {
            return Place::Room(floor, room);
        }
    }
    Place::Nowhere
}

/// The circles among the entries of each folder. An entry is a file, or a folder with all its
/// contents; the folder's own `mod.rs` is not an entry.
///
/// So two folders that use one another form a circle, whichever of their files do it, and so do two
/// files of one folder. A `mod.rs` that defines what its children share and calls them does not:
/// such a folder is read from its `mod.rs`, and the circle is not visible outside. Tests do not
/// count.
pub(super) fn circles(package: &Package) -> Vec<Offence> {
    let mut folders: BTreeMap<String, Graph> = BTreeMap::new();
    for arrow in package.arrows.iter().filter(|arrow| arrow.needs && !arrow.test) {
        let from = module_path(&package.files[arrow.from].path);
        let to = module_path(&package.files[arrow.to].path);
        let shared = from.iter().zip(&to).take_while(|(from, to)| from == to).count();
        if let (Some(entry), Some(other)) = (from.get(shared), to.get(shared)) {
            let graph = folders.entry(from[..shared].join("/")).or_default();
            let arrows = graph.entry((*entry).to_owned()).or_default();
            arrows.entry((*other).to_owned()).or_default().push(arrow);
        }
    }
    let mut offences = Vec::new();
    for (folder, graph) in &folders {
        for circle in circles_of(graph) {
            offences.extend(circle_offence(package, folder, graph, &circle));
        }
    }
    offences
}

/// The entries of a folder, each with the entries that it uses, and where.
type Graph<'a> = BTreeMap<String, BTreeMap<String, Vec<&'a Arrow>>>;

/// The names that lead to a file: `src/ask/mod.rs` is `src`, `ask`; the roots are `src` alone.
fn module_path(path: &str) -> Vec<&str> {
    let path = path.strip_suffix(".rs").unwrap_or(path);
    let mut names: Vec<&str> = path.split('/').collect();
    let is_folder = |name: &&str| *name == "mod";
    let is_root = names.len() == 2 && matches!(names[1], "lib" | "main");
    if names.last().is_some_and(is_folder) || is_root {
        names.pop();
    }
    names
}

/// The largest sets of entries in which each reaches every other.
fn circles_of(graph: &Graph) -> Vec<BTreeSet<String>> {
    let reach: BTreeMap<&String, BTreeSet<&String>> =
        graph.keys().map(|entry| (entry, reached(graph, entry))).collect();
    let mut circles = BTreeSet::new();
    for (entry, reached) in &reach {
        let back = |other: &&&String| reach.get(**other).is_some_and(|back| back.contains(entry));
        let circle: BTreeSet<String> = reached.iter().filter(back).map(|e| (*e).clone()).collect();
        if circle.len() > 1 {
            circles.insert(circle);
        }
    }
    circles.into_iter().collect()
}

fn reached<'a>(graph: &'a Graph, start: &String) -> BTreeSet<&'a String> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&String> = graph.get(start).into_iter().flat_map(BTreeMap::keys).collect();
    while let Some(entry) = open.pop() {
        if reached.insert(entry) {
            open.extend(graph.get(entry).into_iter().flat_map(BTreeMap::keys));
        }
    }
    reached
}

/// Reports one circle as one offence, with its entries and the first place of every arrow.
fn circle_offence(
    package: &Package,
    folder: &str,
    graph: &Graph,
    circle: &BTreeSet<String>,
) -> Option<Offence> {
    let names = circle.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    let mut text = format!("in {folder}/ these use one another in a circle: {names}");
    let mut first = None;
    for entry in circle {
        for (other, arrows) in graph.get(entry)?.iter().filter(|(to, _)| circle.contains(*to)) {
            let arrow = *arrows.first()?;
            let path = &package.files[arrow.from].path;
            first = first.or(Some((path, arrow.line)));
            text += &format!("\n    {entry} -> {other}  {path}:{} {}", arrow.line, arrow.written);
            if arrows.len() > 1 {
                text += &format!(" (and {} more)", arrows.len() - 1);
            }
        }
    }
    let (path, line) = first?;
    Some(Offence { path: path.clone(), line, text })
}

/// The places outside its home that name a package. Tests count.
pub(super) fn away_from_home(package: &Package, homes: &[Home]) -> Vec<Offence> {
    let mut offences = BTreeSet::new();
    for Source { path, tokens } in &package.files {
        for (at, token) in tokens.iter().enumerate() {
            let home = homes.iter().find(|home| token.is_word(home.package));
            let Some(home) = home.filter(|home| !home.places.iter().any(|at| lies_in(path, at)))
            else {
                continue;
            };
            let named = segments(tokens, at).join("::");
            let places = home.places.join(", ");
            let text = format!("names `{named}`; `{}` is for {places} alone", home.package);
            offences.insert(Offence { path: path.clone(), line: token.line, text });
        }
    }
    offences.into_iter().collect()
}

/// The string literals outside the command line that name an option (`--limit`) or a command
/// (`findings search`). Tests, comments and attributes that no user reads do not count.
///
/// `css` is the folder whose literals may name CSS custom properties, in the two ways that CSS has:
/// `var(--paper)`, and `--paper: …` at the beginning of a declaration.
pub(super) fn talks_command_line(
    package: &Package,
    doors: &[&str],
    commands: &[String],
    css: &str,
) -> Vec<Offence> {
    let mut offences = Vec::new();
    for Source { path, tokens } in &package.files {
        if doors.iter().any(|door| lies_in(path, door)) {
            continue;
        }
        let unread = unread(tokens);
        for (at, token) in tokens.iter().enumerate() {
            if token.kind != Kind::Text || token.test || unread.contains(&at) {
                continue;
            }
            let options = options(&token.text).into_iter();
            let options = options.filter(|at| !path.starts_with(css) || !is_css(&token.text, *at));
            for start in options.chain(commands_in(&token.text, commands)) {
                let line = token.line_at(start);
                let text = format!("says {:?}", around(&token.text, start));
                offences.push(Offence { path: path.clone(), line, text });
            }
        }
    }
    offences
}

/// The tokens of attributes whose strings are for readers of the code.
fn unread(tokens: &[Token]) -> BTreeSet<usize> {
    let attributes = attributes(tokens).into_iter().map(|(inside, _)| inside);
    let unread = attributes.filter(|inside| {
        let name = tokens.get(inside.start).map_or("", |name| name.text.as_str());
        matches!(name, "doc" | "allow" | "expect" | "warn" | "deny" | "must_use" | "deprecated")
    });
    unread.flatten().collect()
}

/// The places at which options begin in a text: `--` before a small letter, or before a `{` into
/// which a name is written, and not directly after a character of a word.
fn options(text: &str) -> Vec<usize> {
    let starts = text.match_indices("--").map(|(start, _)| start);
    let is_option = |start: &usize| {
        let before = text[..*start].chars().next_back();
        let after = text[start + 2..].chars().next();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '-' || c == '_')
            && after.is_some_and(|c| c.is_ascii_lowercase() || c == '{')
    };
    starts.filter(is_option).collect()
}

fn is_css(text: &str, start: usize) -> bool {
    let before = text[..start].trim_end();
    let after = text[start..].trim_start_matches(|c: char| c == '-' || c.is_alphanumeric());
    let begins = before.is_empty() || before.ends_with(['{', ';', '"', '\'']);
    before.ends_with("var(") || (begins && after.trim_start().starts_with(':'))
}

/// The places at which commands are named: `findings` after a backtick and before any word or a
/// `{`, or before the name of a command.
fn commands_in(text: &str, commands: &[String]) -> Vec<usize> {
    let starts = text.match_indices("findings").map(|(start, _)| start);
    let is_command = |start: &usize| {
        let before = text[..*start].chars().next_back();
        let rest = &text[start + "findings".len()..];
        let Some(rest) = rest.strip_prefix([' ', '\n']).map(str::trim_start) else { return false };
        let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '-').collect();
        match before {
            Some('`') if name.starts_with(|c: char| c.is_ascii_lowercase()) => true,
            Some(c) if c.is_alphanumeric() || "-_./".contains(c) => false,
            Some('`') if rest.starts_with('{') => true,
            _ => commands.contains(&name),
        }
    };
    starts.filter(is_command).collect()
}

/// A few words of a text around `start`.
fn around(text: &str, start: usize) -> String {
    let from = text[..start].char_indices().rev().nth(30).map_or(0, |(at, _)| at);
    let to = text[start..].char_indices().nth(40).map_or(text.len(), |(at, _)| start + at);
    let cut = |cut: bool| if cut { "…" } else { "" };
    format!("{}{}{}", cut(from > 0), &text[from..to], cut(to < text.len()))
}

/// The macros that print.
const PRINTING: [&str; 5] = ["print", "println", "eprint", "eprintln", "dbg"];

/// The functions that print, read the program's surroundings, or end it.
const SURROUNDINGS: [&str; 9] = [
    "std::env::",
    "std::process::exit",
    "std::process::abort",
    "std::io::stdin",
    "std::io::stdout",
    "std::io::stderr",
    "std::io::read_to_string",
    "anstream::stdout",
    "anstream::stderr",
];

/// The places outside `allowed` that print, read environment, arguments or standard input, or end
/// the program. Tests do not count.
pub(super) fn prints(package: &Package, allowed: &[Allowed]) -> Vec<Offence> {
    let is_allowed = |path: &str| allowed.iter().any(|allowed| lies_in(path, allowed.place));
    let mut offences = Vec::new();
    for Source { path, tokens } in package.files.iter().filter(|file| !is_allowed(&file.path)) {
        for pair in tokens.windows(2) {
            let name = PRINTING.iter().find(|name| pair[0].is_word(name));
            if let Some(name) = name.filter(|_| pair[1].is_mark("!") && !pair[0].test) {
                let text = format!("prints by `{name}!`");
                offences.push(Offence { path: path.clone(), line: pair[0].line, text });
            }
        }
    }
    for outside in package.outside.iter().filter(|outside| !outside.test) {
        let path = &package.files[outside.file].path;
        let reaches_out = SURROUNDINGS.iter().any(|name| {
            outside.path == *name || (name.ends_with("::") && outside.path.starts_with(name))
        });
        // Facts about how the program was compiled are not surroundings.
        let is_constant = outside.path.starts_with("std::env::consts");
        if reaches_out && !is_constant && !is_allowed(path) {
            let text = format!("uses `{}`", outside.path);
            offences.push(Offence { path: path.clone(), line: outside.line, text });
        }
    }
    offences
}

/// The types that make a static changeable, or its value known only at run time.
const CHANGING: [&str; 9] = [
    "OnceLock",
    "LazyLock",
    "OnceCell",
    "LazyCell",
    "Mutex",
    "RwLock",
    "RefCell",
    "Cell",
    "UnsafeCell",
];

/// The statics outside `constants` whose value is not in the source. Tests do not count.
///
/// A constant has to be a `LazyLock` whose value depends on neither files nor environment. A line
/// of `constants` that allows nothing is an offence as well.
pub(super) fn hidden_globals(packages: &[&Package], constants: &[Constants]) -> Vec<Offence> {
    let mut offences = Vec::new();
    let mut met = BTreeSet::new();
    for Source { path, tokens } in packages.iter().flat_map(|package| &package.files) {
        for (at, token) in tokens.iter().enumerate().filter(|(_, token)| !token.test) {
            let next = tokens.get(at + 1);
            let is_macro = token.is_word("thread_local") || token.is_word("lazy_static");
            if is_macro && next.is_some_and(|next| next.is_mark("!")) {
                let text = format!("`{}!` is a hidden global", token.text);
                offences.push(Offence { path: path.clone(), line: token.line, text });
            }
            if !token.is_word("static") || !next.is_some_and(|next| next.kind == Kind::Word) {
                continue;
            }
            let words = declaration(&tokens[at + 1..]);
            let is_mutable = words.first() == Some(&"mut");
            let name = words.iter().find(|word| **word != "mut").copied().unwrap_or_default();
            let changes = |word: &&&str| CHANGING.contains(word) || word.starts_with("Atomic");
            let Some(kind) = words.iter().find(changes).copied().or(is_mutable.then_some("mut"))
            else {
                continue;
            };
            let is_listed = |constants: &&Constants| {
                let is_file =
                    path == constants.file || path.ends_with(&format!("/{}", constants.file));
                is_file && constants.names.contains(&name)
            };
            let asks = ["env", "fs", "File", "look_in"].iter().find(|word| words.contains(word));
            let text = match (constants.iter().find(is_listed), asks) {
                (Some(constants), None) if kind == "LazyLock" => {
                    met.insert((constants.file, name));
                    continue;
                }
                (Some(_), Some(asks)) => {
                    format!("static {name} asks `{asks}`, so it is no constant")
                }
                _ => format!("static {name} is a hidden global ({kind}); hand its value in"),
            };
            offences.push(Offence { path: path.clone(), line: token.line, text });
        }
    }
    for Constants { file, names, .. } in constants {
        for name in names.iter().filter(|name| !met.contains(&(*file, **name))) {
            let text = format!("has no static {name} that needs to be allowed; strike it");
            offences.push(Offence { path: (*file).to_owned(), line: 0, text });
        }
    }
    offences
}

/// The words of a declaration up to its `;`.
fn declaration(tokens: &[Token]) -> Vec<&str> {
    let mut depth = 0;
    let end = tokens.iter().position(|token| {
        depth += i32::from(token.opens()) - i32::from(token.closes());
        depth == 0 && token.is_mark(";")
    });
    let words = tokens[..end.unwrap_or(tokens.len())].iter();
    words.filter(|token| token.kind == Kind::Word).map(|token| token.text.as_str()).collect()
}
