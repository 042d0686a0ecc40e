use super::check::check;
use super::{FRAMEWORKS, Knowledge, Origin, themes};
use crate::knowledge::config::Config;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// A folder with these framework files.
fn folder(files: &[(&str, &str)]) -> (TempDir, Config) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let config = Config { frameworks: vec![folder.path().to_owned()], ..Config::default() };
    (folder, config)
}

/// A framework with this code and only the required keys, with `more` lines added.
fn small(code: &str, more: &str) -> String {
    format!(
        "code = '{code}'\nname = 'Beacon review'\nshort = 'Beacon'\nperiod = '2020-'\n{more}\n\
         [recognise]\nany = ['beacon review of']\n"
    )
}

/// The message without the folder, which differs from run to run.
fn said(error: &dyn std::error::Error, folder: &Path) -> String {
    error.to_string().replace(&folder.display().to_string(), "FOLDER")
}

#[test]
fn every_embedded_framework_passes_the_check_that_users_files_pass() {
    let knowledge = Knowledge::embedded().unwrap();
    let themes = themes::embedded().unwrap();
    for (file, text) in FRAMEWORKS {
        let checked = check(text, knowledge.frameworks(), &themes);
        let faults: Vec<String> = checked.faults.iter().map(ToString::to_string).collect();
        assert_eq!(faults, Vec::<String>::new(), "{file}");
        assert!(checked.framework.is_some(), "{file}");
    }
}

#[test]
fn the_patterns_for_reports_of_any_kind_compile_and_name_what_they_find() {
    let knowledge = Knowledge::embedded().unwrap();
    let general = knowledge.general();
    for pattern in [&general.inspected, &general.published, &general.inspector, &general.authority]
        .into_iter()
        .flatten()
    {
        let regex = super::pattern::compile(pattern.source()).unwrap();
        assert!(regex.capture_names().flatten().any(|name| name == "value"), "{regex}");
    }
}

#[test]
fn a_users_framework_is_tried_before_those_of_the_program() {
    let (folder, config) = folder(&[("beacon.toml", &small("beacon", ""))]);
    let knowledge = Knowledge::load(&config).unwrap();
    assert_eq!(knowledge.frameworks()[0].code, "beacon");
    let path = folder.path().join("beacon.toml");
    assert_eq!(knowledge.frameworks()[0].origin, Origin::File { path, overrides: false });
}

#[test]
fn a_file_with_the_code_of_an_embedded_framework_takes_its_place_and_its_turn() {
    let (_folder, config) = folder(&[("mine.toml", &small("sif", ""))]);
    let knowledge = Knowledge::load(&config).unwrap();
    let sif: Vec<_> = knowledge.frameworks().iter().filter(|f| f.code == "sif").collect();
    assert_eq!(sif.len(), 1);
    assert_eq!((sif[0].name.as_str(), sif[0].order), ("Beacon review", 60));
    assert!(matches!(sif[0].origin, Origin::File { overrides: true, .. }));
}

#[test]
fn what_takes_the_place_of_a_framework_may_be_like_it_and_add_to_it() {
    let own = "code = 'ilacs'\nname = 'Mine'\nshort = 'ILACS'\nperiod = '2018-'\nlike = 'ilacs'\n\
               [[section]]\narea = 'Voice of the child'\ntheme = 'voice'\n\
               [[theme]]\nid = 'voice'\nname = 'Voice of the child'\n";
    let (_folder, config) = folder(&[("mine.toml", own)]);
    let embedded = Knowledge::embedded().unwrap();
    let knowledge = Knowledge::load(&config).unwrap();
    let (old, new) = (embedded.framework("ilacs").unwrap(), knowledge.framework("ilacs").unwrap());
    assert_eq!(new.sections.len(), old.sections.len() + 1);
    assert_eq!(new.recognise.any.len(), old.recognise.any.len());
    assert_eq!(new.sections[0].area, "Voice of the child");
    assert!(new.numbered);
    assert!(knowledge.themes().iter().any(|theme| theme.id == "voice"));
}

#[test]
fn files_of_one_folder_may_be_like_each_other_whichever_comes_first() {
    let scale = small("b", "") + "[[grades]]\nlabel = 'Fine'\nrank = 1\n";
    let (_folder, config) = folder(&[("a.toml", &small("a", "like = 'b'")), ("b.toml", &scale)]);
    let knowledge = Knowledge::load(&config).unwrap();
    assert_eq!(knowledge.framework("a").unwrap().grades[0].label, "Fine");
}

#[test]
fn any_change_of_a_users_files_is_another_version() {
    let embedded = Knowledge::embedded().unwrap().version().to_owned();
    let (folder, mut config) = folder(&[("beacon.toml", &small("beacon", ""))]);
    let added = Knowledge::load(&config).unwrap().version().to_owned();
    fs::write(folder.path().join("beacon.toml"), small("beacon", "numbered = true")).unwrap();
    let changed = Knowledge::load(&config).unwrap().version().to_owned();
    fs::write(folder.path().join("bodies.csv"), "name\nLlanfaen\n").unwrap();
    config.authorities.push(folder.path().join("bodies.csv"));
    let bodies = Knowledge::load(&config).unwrap().version().to_owned();
    let mut versions = vec![embedded, added, changed, bodies];
    versions.sort();
    versions.dedup();
    assert_eq!(versions.len(), 4);
}

#[test]
fn a_users_file_at_fault_is_named_with_all_its_errors() {
    let bad = small("beacon", "numbred = true") + "[[section]]\narea = 'A'\ntheme = 'kare'\n";
    let (folder, config) = folder(&[("beacon.toml", &bad)]);
    let error = Knowledge::load(&config).unwrap_err();
    insta::assert_snapshot!(said(&error, folder.path()), @"the framework in FOLDER/beacon.toml can't be used: line 5: unknown key `numbred`; did you mean `numbered`?; line 10: section 1, theme: unknown theme `kare`; did you mean `care`?");
}

#[test]
fn two_files_of_one_folder_with_one_code_are_refused() {
    let (folder, config) =
        folder(&[("a.toml", &small("beacon", "")), ("b.toml", &small("beacon", ""))]);
    let error = Knowledge::load(&config).unwrap_err();
    insta::assert_snapshot!(said(&error, folder.path()), @"FOLDER/a.toml and FOLDER/b.toml both describe `beacon`; give one of them another code");
}

#[test]
fn a_folder_that_is_not_there_or_holds_nothing_is_refused() {
    let (folder, mut config) = folder(&[("notes.txt", "")]);
    let error = Knowledge::load(&config).unwrap_err();
    insta::assert_snapshot!(said(&error, folder.path()), @"FOLDER holds no framework: no file whose name ends in .toml");
    config.frameworks = vec![folder.path().join("nowhere")];
    let error = Knowledge::load(&config).unwrap_err();
    insta::assert_snapshot!(said(&error, folder.path()), @"cannot read the frameworks in FOLDER/nowhere");
}
