//! Tests `findings index` as a user meets it: what it prints, how it ends, and what it survives.

use crate::invented::{FINDINGS, report};
use crate::suggested;
use findings_index::engine::{all_reports, paragraphs_of};
use findings_index::records::ReportRecord;
use findings_index::request::{Deadline, Filters};
use findings_index::{Engine, Location};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::{fs, thread};
use tempfile::TempDir;

fn folder(reports: u8) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("files")).unwrap();
    for day in 1..=reports {
        write(folder.path(), day, "Felpersham helps with transport.");
    }
    folder
}

fn write(folder: &Path, day: u8, sentence: &str) {
    let text = report("Borchester Council", day, 23, sentence);
    fs::write(folder.join("files").join(format!("{day:02}.txt")), text).unwrap();
}

fn index(folder: &Path) -> Command {
    let mut command = Command::new(FINDINGS);
    command
        .current_dir(folder)
        .args(["--index", "index", "index", "files"])
        .env_remove("FINDINGS_INDEX")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn run(command: &mut Command) -> (i32, String, String) {
    told(&suggested::output(command))
}

fn told(output: &Output) -> (i32, String, String) {
    let words = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), words(&output.stdout), words(&output.stderr))
}

fn engine(folder: &Path) -> Arc<dyn Engine> {
    Location::Folder(folder.join("index")).open().unwrap()
}

fn reports(engine: &dyn Engine) -> Vec<ReportRecord> {
    all_reports(engine, &Filters::default(), &Deadline::never()).unwrap()
}

/// When the reports came, by their ids.
fn came(folder: &Path) -> BTreeMap<String, Option<Timestamp>> {
    let reports = reports(engine(folder).as_ref());
    reports.into_iter().map(|report| (report.id, report.first_indexed)).collect()
}

/// Whether nothing was taken for damage to the history.
fn history_is_whole(folder: &Path) -> bool {
    let names = fs::read_dir(folder.join("index/history")).unwrap();
    names.into_iter().all(|file| file.unwrap().file_name() == "v1.redb")
}

fn held(folder: &Path) -> usize {
    reports(engine(folder).as_ref()).len()
}

#[test]
fn what_was_removed_is_not_counted_among_those_read_with_warnings() {
    let folder = folder(2);
    run(&mut index(folder.path()));
    fs::rename(folder.path().join("files/01.txt"), folder.path().join("files/other.txt")).unwrap();
    let (code, out, _) = run(&mut index(folder.path()));
    assert_eq!(code, 0);
    assert!(out.contains("1  removed") && out.contains("2  read with warnings"), "{out}");
}

#[test]
fn a_damaged_history_is_told_and_where_it_is_now() {
    let folder = folder(1);
    run(&mut index(folder.path()));
    let came = reports(engine(folder.path()).as_ref())[0].first_indexed;
    fs::write(folder.path().join("index/history/v1.redb"), "no history").unwrap();
    let (code, _, err) = run(&mut index(folder.path()));
    assert_eq!(code, 0);
    insta::assert_snapshot!(err, @"warning: the history of the index was damaged; it is made again from the index, and the damaged file is now index/history/v1.damaged.redb");
    run(&mut index(folder.path()));
    assert_eq!(reports(engine(folder.path()).as_ref())[0].first_indexed, came);
}

#[test]
fn an_index_that_cannot_be_read_is_deleted_without_its_history() {
    let folder = folder(1);
    run(&mut index(folder.path()));
    let came = reports(engine(folder.path()).as_ref())[0].first_indexed;
    let version = engine(folder.path()).version();
    let format = folder.path().join(format!("index/v{version}"));
    fs::write(format.join("meta.json"), "{").unwrap();
    let (code, _, err) = run(&mut index(folder.path()));
    assert_eq!(code, 2);
    let err = err.replace(&format!("v{version}"), "vN");
    let told: Vec<&str> = err.lines().filter(|line| !line.contains("because")).collect();
    insta::assert_snapshot!(told.join("\n"), @"
    error: cannot update the index in index/vN: delete the folder and build it again
    hint: delete that folder alone: `history` next to it knows when everything came; then run `findings index` again
    ");
    fs::remove_dir_all(&format).unwrap();
    run(&mut index(folder.path()));
    assert_eq!(reports(engine(folder.path()).as_ref())[0].first_indexed, came);
}

#[test]
fn what_is_new_since_a_build_is_asked_for_with_every_command() {
    let folder = folder(1);
    run(&mut index(folder.path()));
    let first = engine(folder.path()).built().to_string();
    write(folder.path(), 2, "Felpersham helps with coaches.");
    run(&mut index(folder.path()));
    let second = engine(folder.path()).built().to_string();
    let asked = |arguments: &[&str], since: &str| {
        let mut command = Command::new(FINDINGS);
        command.current_dir(folder.path()).env_remove("FINDINGS_INDEX").args(["--index", "index"]);
        let (code, out, err) = run(command.args(arguments).args(["--new-since", since]));
        assert!(code < 2, "{arguments:?}: {err}");
        out
    };
    let ids = |out: &str, field: &str| {
        let mut ids: Vec<String> = out
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
            .map(|record| {
                for time in ["first_indexed", "changed"] {
                    let time = record[time].as_str().unwrap();
                    assert!(time == first || time == second, "{time}");
                }
                record[field].as_str().unwrap().split('/').next().unwrap().to_owned()
            })
            .collect();
        ids.dedup();
        ids
    };
    let (old, new) = ("borchester-slac-2012-06-01", "borchester-slac-2012-06-02");
    for arguments in [
        &["search", "felpersham", "--format", "jsonl"][..],
        &["export", "--format", "jsonl"],
        &["reports", "--format", "jsonl"],
    ] {
        assert_eq!(ids(&asked(arguments, &second), "id"), [new], "{arguments:?}");
        let mut all = ids(&asked(arguments, &first), "id");
        all.sort();
        assert_eq!(all, [old, new], "{arguments:?}");
    }
    for arguments in [
        &["search", "felpersham", "--facets", "report"][..],
        &["kwic", "felpersham"],
        &["compare", "felpersham", "--by", "report"],
        &["grades"],
        &["coverage"],
    ] {
        let (all, since) = (asked(arguments, "2020"), asked(arguments, &second));
        assert_ne!(all, since, "{arguments:?}");
    }
}

#[test]
fn a_piped_build_prints_the_ledger_and_nothing_else() {
    let folder = folder(3);
    fs::write(folder.path().join("files/x.pdf"), "").unwrap();
    let (code, out, err) = run(&mut index(folder.path()));
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert!(out.contains("3  read") || out.contains("3  Read"), "{out}");
    assert!(out.contains("not a report\n") && out.contains("x.pdf\n    is empty"), "{out}");
    let (code, out, _) = run(&mut index(folder.path()));
    assert_eq!(code, 0);
    assert!(out.contains("nothing has changed"), "{out}");
}

#[test]
fn the_exit_code_tells_faults_and_emptiness() {
    let empty = folder(0);
    let (code, out, _) = run(&mut index(empty.path()));
    assert_eq!((code, out.lines().count()), (1, 1), "{out}");
    assert!(out.contains("no file below what was named"), "{out}");
    let faulty = folder(1);
    fs::write(faulty.path().join("files/x.pdf"), "%PDF-1.7\nthat is damaged").unwrap();
    let (code, out, _) = run(&mut index(faulty.path()));
    assert_eq!(code, 2, "{out}");
    assert!(out.contains("unreadable\n") && out.contains("x.pdf\n    "), "{out}");
    let missing = tempfile::tempdir().unwrap();
    let (code, out, err) = run(&mut index(missing.path()));
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("there is no file or folder `files`"), "{err}");
    assert!(!missing.path().join("index").exists(), "nothing is made for a path mistyped");
}

#[test]
fn removal_is_announced_on_stderr() {
    let folder = folder(13);
    run(&mut index(folder.path()));
    for day in 1..=12 {
        fs::remove_file(folder.path().join(format!("files/{day:02}.txt"))).unwrap();
    }
    let (code, _, err) = run(&mut index(folder.path()));
    assert_eq!(code, 0);
    assert!(err.starts_with("12 reports are gone from disk and will be removed:\n"), "{err}");
    assert!(err.contains("01.txt") && err.contains("10.txt") && !err.contains("11.txt"), "{err}");
    assert!(err.ends_with("  and 2 more\n"), "{err}");
    assert_eq!(held(folder.path()), 1);
}

#[cfg(unix)]
#[test]
fn a_second_build_is_told_who_is_at_work_and_may_wait() {
    let folder = folder(3);
    // The first build is suspended, and keeps the lock for as long as the test needs to look.
    let mut first = index(folder.path()).spawn().unwrap();
    let signal = |name: &str| {
        let done = Command::new("kill").args([name, &first.id().to_string()]).status().unwrap();
        assert!(done.success());
    };
    let lock = folder.path().join("index/lock");
    while !fs::read_to_string(&lock).is_ok_and(|holder| !holder.is_empty()) {
        thread::yield_now();
    }
    signal("-STOP");
    let (code, out, err) = run(&mut index(folder.path()));
    assert_eq!((code, out.as_str()), (2, ""), "{err}");
    assert!(err.contains(&format!("process {}", first.id())), "{err}");
    let (code, _, _) = run(index(folder.path()).arg("--wait=1"));
    assert_eq!(code, 2, "a second is over soon");
    let waiting = index(folder.path()).arg("--wait").spawn().unwrap();
    signal("-CONT");
    let (code, out, err) = told(&waiting.wait_with_output().unwrap());
    assert_eq!(code, 0, "{out}{err}");
    assert!(first.wait().unwrap().success());
    assert_eq!(held(folder.path()), 3);
}

#[cfg(unix)]
#[test]
fn a_build_killed_at_any_moment_leaves_the_earlier_index_answering() {
    let folder = folder(28);
    assert_eq!(run(&mut index(folder.path())).0, 0);
    let came_first = came(folder.path());
    // The kills come at fractions of a whole build's time, so that its beginning, middle and end
    // are all covered.
    let started = std::time::Instant::now();
    for day in 1..=28 {
        write(folder.path(), day, "Attempt 0.");
    }
    assert_eq!(run(&mut index(folder.path())).0, 0);
    let whole = started.elapsed();
    for attempt in 1..=16 {
        for day in 1..=28 {
            write(folder.path(), day, &format!("Attempt {attempt}."));
        }
        let mut build = index(folder.path()).spawn().unwrap();
        thread::sleep(whole * attempt / 16);
        build.kill().unwrap();
        build.wait().unwrap();
        let engine = engine(folder.path());
        let reports = reports(engine.as_ref());
        assert_eq!(reports.len(), 28, "attempt {attempt}");
        // The index holds all of one build or all of another, never a mixture.
        let sentences: std::collections::BTreeSet<String> = reports
            .iter()
            .flat_map(|report| {
                paragraphs_of(engine.as_ref(), &report.id, &Deadline::never()).unwrap()
            })
            .filter(|paragraph| paragraph.text.contains("Attempt"))
            .map(|paragraph| paragraph.text)
            .collect();
        assert_eq!(sentences.len(), 1, "attempt {attempt}: {sentences:?}");
    }
    let (code, out, err) = run(&mut index(folder.path()));
    assert_eq!(code, 0, "{out}{err}");
    assert_eq!(held(folder.path()), 28);
    assert_eq!(came(folder.path()), came_first);
    assert!(history_is_whole(folder.path()), "a kill is no damage");
}

#[cfg(unix)]
#[test]
fn an_index_folder_that_cannot_be_written_is_an_error_and_still_answers() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder(2);
    run(&mut index(folder.path()));
    write(folder.path(), 3, "One more.");
    let index_folder = folder.path().join("index");
    let lock = |mode| fs::set_permissions(&index_folder, fs::Permissions::from_mode(mode));
    lock(0o555).unwrap();
    if fs::write(index_folder.join("probe"), "").is_ok() {
        // Nothing is read-only for the superuser.
        lock(0o755).unwrap();
        return;
    }
    let (code, _, err) = run(&mut index(folder.path()));
    lock(0o755).unwrap();
    assert_eq!(code, 2);
    assert!(err.contains("index"), "{err}");
    assert_eq!(held(folder.path()), 2);
}

#[cfg(unix)]
#[test]
fn a_full_disk_ends_the_build_and_leaves_the_index_as_it_was() {
    let folder = folder(2);
    run(&mut index(folder.path()));
    let came_first = came(folder.path());
    for day in 3..=28 {
        write(folder.path(), day, &"A disk has an end. ".repeat(2000));
    }
    // Writing beyond the limit fails as it does on a full disk.
    let (code, _, err) = run(Command::new("sh")
        .current_dir(folder.path())
        .args(["-c", "trap '' XFSZ; ulimit -f 8; exec \"$0\" --index index index files", FINDINGS])
        .env_remove("FINDINGS_INDEX"));
    assert_eq!(code, 2, "{err}");
    assert!(!err.is_empty());
    assert_eq!(held(folder.path()), 2);
    assert_eq!(run(&mut index(folder.path())).0, 0);
    assert_eq!(held(folder.path()), 28);
    let came = came(folder.path());
    assert!(came_first.iter().all(|(id, first)| came[id] == *first));
    assert!(history_is_whole(folder.path()), "a full disk is no damage");
}

#[test]
fn a_report_that_breaks_the_parser_breaks_nothing_else() {
    let folder = folder(2);
    // An absurd text: whatever the parser makes of it, the build goes on.
    fs::write(folder.path().join("files/x.txt"), "9.".repeat(50_000)).unwrap();
    let (code, out, err) = run(&mut index(folder.path()));
    assert!(code == 0 || code == 2, "{out}{err}");
    assert_eq!(err, "");
    assert_eq!(held(folder.path()), 2);
}

#[test]
fn parts_say_what_they_read_and_what_to_do_next() {
    let folder = folder(2);
    fs::write(folder.path().join("files").join("page.txt"), "Nothing of interest here.").unwrap();
    let with = |arguments: &[&str]| {
        let mut command = index(folder.path());
        let (code, out, err) = run(command.args(arguments));
        let text = format!("{code}\n{out}{err}");
        text.replace(&folder.path().canonicalize().unwrap().display().to_string(), "FOLDER")
    };
    insta::assert_snapshot!(with(&["--finish"]), @r"
    2
    error: no part of a build was read for this index
    hint: read each part with `--part K/N`, or all files at once without `--finish`
    ");
    insta::assert_snapshot!(with(&["--part", "1/1"]), @r"
    0
    part 1 of 1: 3 files
      2  read
      1  not a report
      2  read with warnings

    not a report
      FOLDER/files/page.txt
        has 0 words in sentences, too few for a report

    hint: when every part is read, build the index with `--finish` in place of
      `--part`
    ");
    insta::assert_snapshot!(with(&["--part", "1/1"]), @r"
    0
    part 1 of 1: 3 files, 3 of them read for this build before
      2  read
      1  not a report
      2  read with warnings

    not a report
      FOLDER/files/page.txt
        has 0 words in sentences, too few for a report

    hint: when every part is read, build the index with `--finish` in place of
      `--part`
    ");
    insta::assert_snapshot!(with(&["--finish", "--max-pages", "9"]), @r"
    2
    error: part 1 of 1 was read by another version of this program, or with other frameworks, authorities, topics, corrections or limits than these
    hint: give `--finish` the options that the parts had, or read these parts again
    ");
    insta::assert_snapshot!(with(&["--finish"]), @r"
    0
    finished from 1 part
      2  read
      1  not a report
      2  read with warnings

    not a report
      FOLDER/files/page.txt
        has 0 words in sentences, too few for a report

    hint: `findings show REPORT` lists the warnings of a report
    ");
    insta::assert_snapshot!(with(&["--part", "1/2"]), @r"
    0
    part 1 of 2: 1 file
      1  unchanged
      1  read with warnings

    hint: when every part is read, build the index with `--finish` in place of
      `--part`
    ");
    insta::assert_snapshot!(with(&["--finish"]), @r"
    2
    error: part 2 of 2 was not read to the end yet
    hint: read it with `--part 2/2`, or all files without `--finish`
    ");
    insta::assert_snapshot!(with(&["--part", "3/2"]), @r"
    2
    error: invalid value '3/2' for '--part <K/N>': of 2 parts, there is none with the number 3: they are numbered from 1

    For more information, try '--help'.
    ");
    assert_eq!(reports(engine(folder.path()).as_ref()).len(), 2);
}
