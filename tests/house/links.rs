//! Finds which files of a package use which others.
//!
//! A name is followed through every `use` to the file that defines it, so a name that a `mod.rs`
//! only re-exports leads to the defining file. Methods and fields are not followed: code that uses
//! one got a value of its type from a function or a type that is named.

use super::lexer::Kind;
use super::modules::{Import, Named, Source, Tree};
use std::collections::BTreeSet;

/// A use of one file by another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Arrow {
    /// The index of the using file.
    pub(super) from: usize,
    /// The line of the use.
    pub(super) line: usize,
    /// The index of the used file.
    pub(super) to: usize,
    /// The path as written.
    pub(super) written: String,
    /// Whether only tests use it.
    pub(super) test: bool,
    /// Whether anything of the other file is needed. It is not if a module is only named, as in
    /// `use crate::discover;`, or if a module re-exports a name of its own child and does not use
    /// it.
    pub(super) needs: bool,
}

/// A path that leads out of the package, such as `std::env::var`, resolved from any short form.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Outside {
    /// The index of the file.
    pub(super) file: usize,
    /// The line.
    pub(super) line: usize,
    /// The full path.
    pub(super) path: String,
    /// Whether only tests use it.
    pub(super) test: bool,
}

/// The sources of a package, and the uses found in them.
#[derive(Debug)]
pub(super) struct Package {
    /// The folder that holds its root, such as `src`.
    pub(super) folder: String,
    /// The files, sorted by path.
    pub(super) files: Vec<Source>,
    /// The uses of files by files. A file's use of itself is left out.
    pub(super) arrows: Vec<Arrow>,
    /// The uses of other packages.
    pub(super) outside: Vec<Outside>,
    /// The files that no `mod` declares, so that the compiler never sees them.
    pub(super) undeclared: Vec<usize>,
}

impl Package {
    /// Reads a package from these sources, each a path and a text. Its roots are in `folder`;
    /// `library` is the name by which its `main.rs` calls its `lib.rs`.
    pub(super) fn of(sources: Vec<(String, String)>, folder: &str, library: &str) -> Self {
        let tree = Tree::grow(sources, folder);
        let (arrows, outside) = Resolver { tree: &tree, library }.links();
        let seen: BTreeSet<usize> = tree.modules.iter().map(|module| module.file).collect();
        Self {
            folder: folder.to_owned(),
            arrows: arrows.into_iter().collect(),
            outside: outside.into_iter().collect(),
            undeclared: (0..tree.files.len()).filter(|file| !seen.contains(file)).collect(),
            files: tree.files,
        }
    }
}

/// The target of a path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Target {
    /// An item that this module defines.
    Item(usize),
    Module(usize),
    Outside(Vec<String>),
}

/// The imports that are being followed, each as a module and a place among its imports.
type Trail = Vec<(usize, usize)>;

struct Resolver<'a> {
    tree: &'a Tree,
    library: &'a str,
}

impl Resolver<'_> {
    fn links(&self) -> (BTreeSet<Arrow>, BTreeSet<Outside>) {
        let (mut arrows, mut outside) = (BTreeSet::new(), BTreeSet::new());
        for (id, module) in self.tree.modules.iter().enumerate() {
            let file = module.file;
            let mut link = |named: &Named, target: &Target, needs: bool| {
                let Named { path, line, test } = named;
                let (line, test) = (*line, *test);
                let to = match target {
                    Target::Item(to) | Target::Module(to) => self.tree.modules[*to].file,
                    Target::Outside(path) => {
                        let path = path.join("::");
                        outside.insert(Outside { file, line, path, test });
                        return;
                    }
                };
                if to != file {
                    let written = path.join("::");
                    arrows.insert(Arrow { from: file, line, to, written, test, needs });
                }
            };
            for import in &module.imports {
                for mut target in self.resolve(id, &import.named.path, &mut Trail::new()) {
                    if let (Target::Outside(path), "*") = (&mut target, import.alias.as_str()) {
                        path.push("*".to_owned());
                    }
                    link(&import.named, &target, self.is_needed(id, import, &target));
                    if let (Target::Module(all), "*") = (&target, import.alias.as_str()) {
                        for target in self.used_of(id, *all) {
                            link(&import.named, &target, true);
                        }
                    }
                }
            }
            for named in &module.paths {
                for target in self.resolve(id, &named.path, &mut Trail::new()) {
                    link(named, &target, matches!(target, Target::Item(_)));
                }
            }
        }
        (arrows, outside)
    }

    /// Whether an import makes this module depend on the file that defines `target`.
    fn is_needed(&self, module: usize, import: &Import, target: &Target) -> bool {
        match target {
            Target::Item(of) if import.public && self.is_below(*of, module) => {
                self.uses(module, &import.alias)
            }
            Target::Item(_) => true,
            Target::Module(_) | Target::Outside(_) => false,
        }
    }

    fn is_below(&self, module: usize, above: usize) -> bool {
        let parent = |module: &usize| self.tree.modules[*module].parent;
        std::iter::successors(parent(&module), parent).any(|each| each == above)
    }

    /// Whether the code of a module uses this name, outside tests and `use` declarations. A name in
    /// small letters has to be called, because variables and fields may have the same name.
    fn uses(&self, module: usize, name: &str) -> bool {
        let module = &self.tree.modules[module];
        let tokens = &self.tree.files[module.file].tokens;
        let is_type = name.starts_with(char::is_uppercase);
        module.range.clone().any(|at| {
            let is_told_apart = || {
                let before = at.checked_sub(1).map_or("", |before| tokens[before].text.as_str());
                let after = tokens.get(at + 1).map_or("", |after| after.text.as_str());
                let is_called = is_type || matches!(after, "(" | "::" | "!");
                is_called && !matches!(before, "." | "::" | "fn" | "mod")
            };
            let token = &tokens[at];
            token.kind == Kind::Word
                && token.text == name
                && !token.test
                && is_told_apart()
                && !module.declarations.iter().any(|declaration| declaration.contains(&at))
        })
    }

    /// The items that a module uses of another whose names it imports with `*`.
    fn used_of(&self, module: usize, all: usize) -> Vec<Target> {
        let of = &self.tree.modules[all];
        let aliases = of.imports.iter().map(|import| &import.alias);
        let used = of.items.iter().chain(aliases).filter(|name| self.uses(module, name));
        used.flat_map(|name| self.look_up(all, name, &[], &mut Trail::new())).collect()
    }

    /// Resolves a path that is written in `module`. A name that is both a module and a function has
    /// two targets.
    fn resolve(&self, module: usize, path: &[String], trail: &mut Trail) -> Vec<Target> {
        let Some((first, rest)) = path.split_first() else { return Vec::new() };
        match first.as_str() {
            "" => vec![Target::Outside(rest.to_vec())],
            "crate" => self.follow(self.root_of(module), rest, trail),
            "self" | "super" => self.follow(module, path, trail),
            name => {
                let found = self.look_up(module, name, rest, trail);
                match self.tree.library {
                    _ if !found.is_empty() => found,
                    Some(library) if name == self.library && self.root_of(module) != library => {
                        self.follow(library, rest, trail)
                    }
                    _ => vec![Target::Outside(path.to_vec())],
                }
            }
        }
    }

    fn root_of(&self, module: usize) -> usize {
        let parent = |module: &usize| self.tree.modules[*module].parent;
        std::iter::successors(Some(module), parent).last().unwrap_or(module)
    }

    /// Follows `path` from `module`.
    fn follow(&self, module: usize, path: &[String], trail: &mut Trail) -> Vec<Target> {
        match path.split_first() {
            None => vec![Target::Module(module)],
            Some((name, rest)) if name == "self" => self.follow(module, rest, trail),
            Some((name, rest)) if name == "super" => match self.tree.modules[module].parent {
                Some(parent) => self.follow(parent, rest, trail),
                None => Vec::new(),
            },
            Some((name, rest)) => {
                let found = self.look_up(module, name, rest, trail);
                // A name that a macro defines is not seen, but it belongs to the module all the
                // same.
                if found.is_empty() { vec![Target::Item(module)] } else { found }
            }
        }
    }

    /// Looks up `name` in `module`, and follows `rest` from there.
    fn look_up(
        &self,
        module: usize,
        name: &str,
        rest: &[String],
        trail: &mut Trail,
    ) -> Vec<Target> {
        let of = &self.tree.modules[module];
        let mut found = BTreeSet::new();
        if let Some(child) = of.children.get(name) {
            found.extend(self.follow(*child, rest, trail));
        }
        if of.items.contains(name) && (rest.is_empty() || found.is_empty()) {
            found.insert(Target::Item(module));
        }
        for wanted in [name, "*"] {
            // A named import takes precedence over one with `*`.
            if wanted == "*" && !found.is_empty() {
                break;
            }
            for (place, import) in of.imports.iter().enumerate() {
                if import.alias != wanted || trail.contains(&(module, place)) {
                    continue;
                }
                trail.push((module, place));
                for target in self.resolve(module, &import.named.path, trail) {
                    match target {
                        Target::Module(all) if wanted == "*" => {
                            found.extend(self.look_up(all, name, rest, trail));
                        }
                        _ if wanted == "*" => {}
                        Target::Module(next) => found.extend(self.follow(next, rest, trail)),
                        Target::Item(module) => {
                            found.insert(Target::Item(module));
                        }
                        Target::Outside(path) => {
                            found.insert(Target::Outside([&path, rest].concat()));
                        }
                    }
                }
                trail.pop();
            }
        }
        found.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Package;

    fn package(sources: &[(&str, &str)]) -> Package {
        let sources = sources.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
        Package::of(sources.collect(), "src", "findings")
    }

    /// The needs of files outside tests, as `a:1 -> b`.
    fn needs(package: &Package) -> Vec<String> {
        let name = |file: usize| {
            package.files[file].path.trim_start_matches("src/").trim_end_matches(".rs").to_owned()
        };
        let needed = package.arrows.iter().filter(|arrow| arrow.needs && !arrow.test);
        needed
            .map(|arrow| format!("{}:{} -> {}", name(arrow.from), arrow.line, name(arrow.to)))
            .collect()
    }

    /// What the file `src/a/b.rs` needs when its text is `text`.
    ///
    /// The other files are `a/mod.rs`, which re-exports `Deep` of `a/c.rs` and defines `Here`;
    /// `a/c.rs` with `Deep`, `Other` and the function `deep`; and `d.rs` with `far` and the module
    /// `inner`.
    fn needed_by(text: &str) -> Vec<String> {
        let package = package(&[
            ("src/lib.rs", "mod a; mod d; pub use a::Deep as Top;"),
            ("src/a/mod.rs", "mod b; mod c; pub use c::{Deep, Other as Renamed}; pub struct Here;"),
            ("src/a/b.rs", text),
            ("src/a/c.rs", "pub enum Deep { X } pub struct Other; pub fn deep() {}"),
            (
                "src/d.rs",
                "pub fn far() {} pub mod inner { pub(crate) use crate::a::*; pub fn g() {} }",
            ),
        ]);
        let found = needs(&package).into_iter().filter_map(|arrow| {
            let (from, to) = arrow.split_once(" -> ")?;
            let line = from.strip_prefix("a/b:")?;
            Some(format!("{line} {to}"))
        });
        found.collect()
    }

    #[test]
    fn a_name_is_followed_to_the_file_that_defines_it() {
        for (text, expected) in [
            ("use super::Deep;", "1 a/c"),
            ("\nuse super::Here;", "2 a/mod"),
            ("use super::Renamed;", "1 a/c"),
            ("use crate::Top;", "1 a/c"),
            ("use crate::a::c::deep;", "1 a/c"),
            ("use super::super::d::far;", "1 d"),
            ("use crate::d::inner::Deep;", "1 a/c"),
            ("use crate::d::inner::g;", "1 d"),
            ("use super::Deep::X;", "1 a/c"),
            ("use {super::Deep};", "1 a/c"),
            ("pub(in crate::d) use super::Deep as _;", "1 a/c"),
            ("fn f() { use super::Deep; }", "1 a/c"),
            ("fn f() {\n crate::a::Deep::X }", "2 a/c"),
            ("fn f(x: super::super::d::Later) {}", "1 d"),
            ("use super::c;\nfn f() { c::deep() }", "2 a/c"),
            ("use super::c as e;\nfn f() { e::deep() }", "2 a/c"),
            ("use crate::{a::c};\nfn f() { c::deep(); c::deep() }", "2 a/c"),
            ("mod m { fn f() { super::super::c::deep() } }", "1 a/c"),
            ("#[serde(with = \"super::c\", default = \"super::c::deep\")] x: u8", "1 a/c"),
            ("macro_rules! m { () => { $crate::d::far() } }", "1 d"),
        ] {
            assert_eq!(needed_by(text), [expected], "{text}");
        }
        let both = "use super::{self, c::{self, Other}, Here};";
        assert_eq!(needed_by(both), ["1 a/c", "1 a/mod"]);
    }

    #[test]
    fn what_is_no_import_leads_nowhere() {
        for text in [
            "use crate::d;",
            "use super::c::{self};",
            "// crate::d::far()\n/* super::Deep */",
            "/// [`far`](crate::d::far)\nfn f() { \"crate::d::far\" }",
            "pub(in crate::d) fn f() {}",
            "use std::io; fn f() { io::copy(); Vec::<u8>::new(); x.collect::<Deep>(); Self::far() }",
            "use ::d::far;",
            "#[cfg(test)] mod tests { use crate::d::far; }",
            "fn f() -> impl Sized + use<'_> { 1 }",
            "use self::m::f; mod m { pub fn f() {} }",
        ] {
            assert_eq!(needed_by(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn importing_all_of_a_module_leads_to_what_is_used_of_it() {
        assert_eq!(needed_by("use super::*;\nfn f(x: Deep) {}"), ["1 a/c"]);
        assert_eq!(needed_by("use super::*;\nfn f(x: Here, y: Deep) {}"), ["1 a/c", "1 a/mod"]);
        assert_eq!(needed_by("use super::*;\nfn f(x: Elsewhere) {}"), Vec::<String>::new());
        assert_eq!(needed_by("use super::c::*;\nfn f() { x.deep(); }"), Vec::<String>::new());
        assert_eq!(needed_by("use super::c::*;\nfn f() { deep(); }"), ["1 a/c"]);
    }

    #[test]
    fn a_name_passed_on_by_a_parent_is_needed_only_where_it_is_used() {
        let parent = |text| {
            needs(&package(&[("src/lib.rs", text), ("src/a.rs", "pub struct A; pub fn a() {}")]))
        };
        assert_eq!(parent("mod a; pub use a::A;"), Vec::<String>::new());
        assert_eq!(
            parent("mod a; pub(crate) use a::{A, a}; fn f(a: u8) { a }"),
            Vec::<String>::new()
        );
        assert_eq!(
            parent("mod a; pub use a::A;\n#[cfg(test)] fn f() -> A {}"),
            Vec::<String>::new()
        );
        assert_eq!(parent("mod a; pub use a::A;\nfn f() -> A {}"), ["lib:1 -> a"]);
        assert_eq!(parent("mod a; pub use a::a;\nfn f() { a() }"), ["lib:1 -> a"]);
        assert_eq!(parent("mod a; use a::A;"), ["lib:1 -> a"]);
        assert_eq!(parent("mod a;\nfn f() { a::a() }"), ["lib:2 -> a"]);
    }

    #[test]
    fn files_are_found_as_the_compiler_finds_them() {
        let package = package(&[
            ("src/lib.rs", "mod a; mod b { mod c; } #[path = \"odd/e.rs\"] mod d; mod r#type;"),
            ("src/main.rs", "mod own; fn main() { findings::a::f(); crate::own::g() }"),
            ("src/own.rs", "pub fn g() {}"),
            ("src/a.rs", "mod f; pub fn f() {} #[cfg(test)] mod tests;"),
            ("src/a/f.rs", ""),
            ("src/a/tests.rs", "mod deep; use crate::b::c::X;"),
            ("src/a/tests/deep.rs", "use crate::b::c::X;"),
            ("src/b/c.rs", "pub struct X;"),
            ("src/odd/e.rs", "use crate::b::c::X;"),
            ("src/type.rs", "use crate::d::Y;"),
            ("src/forgotten.rs", ""),
        ]);
        let undeclared = package.undeclared.iter().map(|file| package.files[*file].path.as_str());
        assert_eq!(undeclared.collect::<Vec<_>>(), ["src/forgotten.rs"]);
        assert_eq!(
            needs(&package),
            ["main:1 -> a", "main:1 -> own", "odd/e:1 -> b/c", "type:1 -> odd/e"]
        );
        let of_tests = package.arrows.iter().filter(|arrow| arrow.test);
        let of_tests = of_tests.map(|arrow| package.files[arrow.from].path.as_str());
        assert_eq!(of_tests.collect::<Vec<_>>(), ["src/a/tests.rs", "src/a/tests/deep.rs"]);
    }

    #[test]
    fn names_that_lead_round_in_imports_end() {
        let package = package(&[
            ("src/lib.rs", "mod a; mod b;"),
            ("src/a.rs", "pub use crate::b::*; pub use crate::b::X; use a::Y;"),
            ("src/b.rs", "pub use crate::a::*; pub use crate::a::X; use crate::a::Z;"),
        ]);
        assert!(package.undeclared.is_empty());
    }
}
