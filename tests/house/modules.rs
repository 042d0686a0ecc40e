//! Reads the modules of a package from its sources: what each declares, imports and names.
//!
//! The modules are found from the package's roots (`lib.rs`, `main.rs`) by their `mod`
//! declarations, as by the compiler. `links` decides what a name means.

use super::covered::mark_tests;
use super::lexer::{Kind, Token, attributes, lex, past_group, split_at_commas};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::ops::Range;
use std::path::Path;
use std::rc::Rc;

/// One source file.
#[derive(Debug)]
pub(super) struct Source {
    /// Its path below the root of the project, with `/` between folders.
    pub(super) path: String,
    /// Its tokens, all marked as tests if the file is declared for tests only.
    pub(super) tokens: Rc<[Token]>,
}

/// One module: a file, or a part of one.
#[derive(Debug)]
pub(super) struct Module {
    /// The index of its file.
    pub(super) file: usize,
    /// Its range among the tokens of the file.
    pub(super) range: Range<usize>,
    /// The module that declares it; `None` for a root.
    pub(super) parent: Option<usize>,
    /// The modules it declares.
    pub(super) children: BTreeMap<String, usize>,
    /// The names of the items it defines.
    pub(super) items: BTreeSet<String>,
    /// Its imports, including those in functions.
    pub(super) imports: Vec<Import>,
    /// The paths of at least two segments in its code.
    pub(super) paths: Vec<Named>,
    /// The tokens of its `use` declarations.
    pub(super) declarations: Vec<Range<usize>>,
}

/// One name that a `use` imports.
#[derive(Debug, Clone)]
pub(super) struct Import {
    /// The path of the imported item, or of the module if everything in it is imported.
    pub(super) named: Named,
    /// Its name here; `*` for everything in a module.
    pub(super) alias: String,
    /// Whether it is re-exported to other modules.
    pub(super) public: bool,
}

/// A path as written.
#[derive(Debug, Clone)]
pub(super) struct Named {
    /// Its segments; the first is empty if the path begins with `::`.
    pub(super) path: Vec<String>,
    /// Its line.
    pub(super) line: usize,
    /// Whether it is compiled for tests only.
    pub(super) test: bool,
}

/// All modules of a package.
#[derive(Debug)]
pub(super) struct Tree {
    /// The files, sorted by path.
    pub(super) files: Vec<Source>,
    /// The modules, each after the one that declares it.
    pub(super) modules: Vec<Module>,
    /// The module of `lib.rs`.
    pub(super) library: Option<usize>,
}

/// Reads every `.rs` file of `folder` below `root`, except those in one of the folders `leave_out`.
/// Returns the path of each below `root`, and its text.
///
/// # Errors
/// A folder or a file cannot be read.
pub(super) fn read(
    root: &Path,
    folder: &str,
    leave_out: &[&str],
) -> io::Result<Vec<(String, String)>> {
    let mut sources = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in root.join(&folder).read_dir()? {
            let entry = entry?;
            let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                if !leave_out.contains(&path.as_str()) {
                    folders.push(path);
                }
            } else if Path::new(&path).extension().is_some_and(|ending| ending == "rs") {
                sources.push((path, std::fs::read_to_string(entry.path())?));
            }
        }
    }
    Ok(sources)
}

impl Tree {
    /// Reads the modules of these sources, each a path and a text. The roots are in `folder`.
    pub(super) fn grow(sources: Vec<(String, String)>, folder: &str) -> Self {
        let sources: BTreeMap<String, String> = sources.into_iter().collect();
        let files = sources
            .into_iter()
            .map(|(path, text)| {
                let mut tokens = lex(&text);
                mark_tests(&mut tokens);
                Source { path, tokens: tokens.into() }
            })
            .collect();
        let mut tree = Self { files, modules: Vec::new(), library: None };
        tree.library = tree.grow_root(folder, "lib.rs");
        tree.grow_root(folder, "main.rs");
        tree
    }

    fn grow_root(&mut self, folder: &str, name: &str) -> Option<usize> {
        let file = self.file(&format!("{folder}/{name}"))?;
        Some(self.grow_file(Place { file, parent: None, folder: folder.to_owned() }, false))
    }

    fn file(&self, path: &str) -> Option<usize> {
        self.files.binary_search_by(|file| file.path.as_str().cmp(path)).ok()
    }

    fn grow_file(&mut self, place: Place, test: bool) -> usize {
        let source = &mut self.files[place.file];
        if test {
            let all = source.tokens.iter().cloned();
            source.tokens = all.map(|token| Token { test: true, ..token }).collect();
        }
        let range = 0..source.tokens.len();
        self.grow_module(place, range)
    }

    fn grow_module(&mut self, place: Place, range: Range<usize>) -> usize {
        let id = self.modules.len();
        let tokens = Rc::clone(&self.files[place.file].tokens);
        let (module, declared) = Module::of(&tokens, range, &place);
        self.modules.push(module);
        for Declared { name, at, body, test } in declared {
            let parent = Some(id);
            let child = match body {
                Some(body) => {
                    let folder = format!("{}/{name}", place.folder);
                    self.grow_module(Place { file: place.file, parent, folder }, body)
                }
                None => match self.file_of(&name, path_attribute(&tokens, at), &place) {
                    Some((file, folder)) => self.grow_file(Place { file, parent, folder }, test),
                    None => continue,
                },
            };
            self.modules[id].children.insert(name, child);
        }
        id
    }

    /// The file of a module that is declared in `place`, and the folder of its children's files.
    fn file_of(&self, name: &str, path: Option<&str>, place: &Place) -> Option<(usize, String)> {
        if let Some(path) = path {
            let (folder, _) = self.files[place.file].path.rsplit_once('/')?;
            let path = joined(folder, path);
            let (folder, _) = path.rsplit_once('/')?;
            return Some((self.file(&path)?, folder.to_owned()));
        }
        let folder = format!("{}/{}", place.folder, name.trim_start_matches("r#"));
        let file = self.file(&format!("{folder}.rs"));
        Some((file.or_else(|| self.file(&format!("{folder}/mod.rs")))?, folder))
    }
}

/// The place of a module.
struct Place {
    file: usize,
    parent: Option<usize>,
    /// The folder that holds the files of its children.
    folder: String,
}

/// A `mod` declaration.
struct Declared {
    name: String,
    /// The index of its `mod`.
    at: usize,
    /// Its tokens, unless it is in its own file.
    body: Option<Range<usize>>,
    test: bool,
}

impl Module {
    /// Reads the tokens of one module, without those of the modules that it declares.
    fn of(tokens: &[Token], range: Range<usize>, place: &Place) -> (Self, Vec<Declared>) {
        let mut module = Self {
            file: place.file,
            range: range.clone(),
            parent: place.parent,
            children: BTreeMap::new(),
            items: BTreeSet::new(),
            imports: Vec::new(),
            paths: paths_in_attributes(&tokens[range.clone()]),
            declarations: Vec::new(),
        };
        let mut declared = Vec::new();
        let mut depth = 0;
        let mut at = range.start;
        while at < range.end {
            let token = &tokens[at];
            let next = tokens.get(at + 1);
            let next_is = |mark: &str| next.is_some_and(|next| next.is_mark(mark));
            let name = next.filter(|next| next.kind == Kind::Word).map(|next| next.text.clone());
            match (token.kind, token.text.as_str(), name) {
                (Kind::Mark, "(" | "[" | "{", _) => depth += 1,
                (Kind::Mark, ")" | "]" | "}", _) => depth -= 1,
                // The path in `pub(in crate::x)` is not a use of it.
                (Kind::Word, "pub", _) if next_is("(") => {
                    at = past_group(tokens, at + 1);
                    continue;
                }
                // `use<'a>` is part of a return type.
                (Kind::Word, "use", _) if !next_is("<") => {
                    let end = (at..range.end).find(|end| tokens[*end].is_mark(";"));
                    let end = end.unwrap_or(range.end);
                    module.imports.extend(imports(tokens, at, end));
                    module.declarations.push(at..end);
                    at = end;
                    continue;
                }
                (Kind::Word, "mod", Some(name)) => {
                    let has_body = tokens.get(at + 2).is_some_and(|after| after.is_mark("{"));
                    let end = if has_body { past_group(tokens, at + 2) } else { at + 2 };
                    let body = has_body.then(|| at + 3..end - 1);
                    declared.push(Declared { name, at, body, test: token.test });
                    at = end;
                    continue;
                }
                (
                    Kind::Word,
                    "struct" | "enum" | "union" | "trait" | "type" | "fn" | "const" | "static",
                    Some(name),
                ) if depth == 0 => {
                    module.items.insert(name);
                }
                (Kind::Word, "macro_rules", _) if next_is("!") => {
                    module.items.extend(tokens.get(at + 2).map(|name| name.text.clone()));
                }
                (Kind::Word, _, _) if next_is("::") => {
                    let (named, end) = path_at(tokens, at);
                    module.paths.extend(named);
                    at = end;
                    continue;
                }
                _ => {}
            }
            at += 1;
        }
        (module, declared)
    }
}

/// The words from `start` that are joined by `::`.
pub(super) fn segments(tokens: &[Token], start: usize) -> Vec<String> {
    let mut path = vec![tokens[start].text.clone()];
    let mut end = start + 1;
    while let Some([colons, name]) = tokens.get(end..end + 2) {
        if !colons.is_mark("::") || name.kind != Kind::Word {
            break;
        }
        path.push(name.text.clone());
        end += 2;
    }
    path
}

/// The path that begins with the word at `start`, if it is a path, and the index just past it.
fn path_at(tokens: &[Token], start: usize) -> (Option<Named>, usize) {
    let mut path = segments(tokens, start);
    let end = start + 2 * path.len() - 1;
    let before = tokens[..start].last();
    if before.is_some_and(|before| before.is_mark("::")) {
        let goes_on = tokens[..start - 1].last().is_some_and(|token| token.is_mark(">"));
        if goes_on {
            // What comes after `<T as Trait>::` or `Vec::<T>::` belongs to a type.
            return (None, end);
        }
        path.insert(0, String::new());
    }
    let Token { line, test, .. } = tokens[start];
    let is_path = path.len() > 1 && path[0] != "Self";
    (is_path.then_some(Named { path, line, test }), end)
}

/// The functions that serde's attributes name in strings, such as `with = "crate::day"`.
fn paths_in_attributes(tokens: &[Token]) -> Vec<Named> {
    let mut found = Vec::new();
    for (inside, _) in attributes(tokens) {
        let attribute = &tokens[inside];
        if !attribute.first().is_some_and(|name| name.is_word("serde")) {
            continue;
        }
        for pair in attribute.windows(2) {
            let is_path = pair[1].text.contains("::")
                && pair[1].text.chars().all(|c| c.is_alphanumeric() || c == '_' || c == ':');
            if pair[0].is_mark("=") && pair[1].kind == Kind::Text && is_path {
                let path = pair[1].text.split("::").map(str::to_owned).collect();
                found.push(Named { path, line: pair[1].line, test: pair[1].test });
            }
        }
    }
    found
}

/// What the `use` declaration at `start..end` imports.
fn imports(tokens: &[Token], start: usize, end: usize) -> Vec<Import> {
    let public = match tokens[..start].last() {
        Some(before) if before.is_mark(")") => {
            let open = tokens[..start].iter().rposition(|token| token.is_mark("("));
            open.and_then(|open| tokens[..open].last()).is_some_and(|word| word.is_word("pub"))
        }
        before => before.is_some_and(|word| word.is_word("pub")),
    };
    let mut found = Vec::new();
    import_tree(&tokens[start + 1..end], &[], public, &mut found);
    found
}

/// Reads one branch of a `use` declaration, such as `a::{b, c as d}`, below the path `above`.
fn import_tree(tokens: &[Token], above: &[String], public: bool, found: &mut Vec<Import>) {
    let mut path = above.to_vec();
    let mut alias = None;
    let Some(mut last) = tokens.first() else { return };
    for (at, token) in tokens.iter().enumerate() {
        if token.is_mark("{") {
            let inside = &tokens[at + 1..past_group(tokens, at) - 1];
            for branch in split_at_commas(inside) {
                import_tree(branch, &path, public, found);
            }
            return;
        }
        if token.is_word("as") {
            alias = tokens.get(at + 1).map(|name| name.text.clone());
            break;
        }
        if token.is_mark("::") && at == 0 && above.is_empty() {
            path.push(String::new());
        } else if token.is_mark("*") {
            alias = Some("*".to_owned());
        } else if token.kind == Kind::Word {
            path.push(token.text.clone());
            last = token;
        }
    }
    if path.len() > 1 && path.last().is_some_and(|name| name == "self") {
        path.pop();
    }
    let alias = alias.or_else(|| path.last().cloned()).unwrap_or_default();
    let Token { line, test, .. } = *last;
    found.push(Import { named: Named { path, line, test }, alias, public });
}

/// The path in a `#[path = "…"]` among the attributes just before the `mod` at `at`.
fn path_attribute(tokens: &[Token], at: usize) -> Option<&str> {
    let item = tokens[..at].iter().rposition(|token| token.is_mark(";") || token.is_mark("}"));
    let before = &tokens[item.map_or(0, |item| item + 1)..at];
    attributes(before).into_iter().find_map(|(inside, _)| match &before[inside] {
        [name, _, path] if name.is_word("path") => Some(path.text.as_str()),
        _ => None,
    })
}

/// Joins `folder` and `path`, and resolves `..`.
fn joined(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').collect();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}
