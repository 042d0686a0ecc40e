//! Tests what a file may do to the process that reads it, and what that process may do to the
//! build.

use super::place::Place;
use crate::invented::{FINDINGS, report};
use findings::extract::worker::{ARGUMENT, WorkerError, Workers};
use findings::extract::{Format, Limits};
use findings_index::records::ledger::FileError;
use findings_index::records::ledger::Outcome::{Read, Unreadable};
use std::fs;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A script that replaces the worker and is at fault.
fn faulty(folder: &TempDir, script: &str) -> PathBuf {
    let path = folder.path().join("worker");
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

fn fault(script: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let limits = Limits { seconds: 1, ..Limits::default() };
    let workers = Workers::new(faulty(&folder, script), limits);
    let started = Instant::now();
    let error = workers.extract(Path::new("some.pdf"), Format::Pdf).unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(5), "{script} took {:?}", started.elapsed());
    error.to_string()
}

#[test]
fn a_reader_that_never_ends_is_ended() {
    assert_eq!(fault("sleep 1000"), "took longer than the limit of 1 second");
    assert_eq!(
        fault("printf '\\100\\0\\0\\0half'; sleep 1000"),
        "took longer than the limit of 1 second"
    );
}

#[test]
fn a_reader_that_dies_is_named_by_its_death() {
    assert_eq!(fault("exit 3"), "ended its reader process (exit code 3)");
    assert_eq!(fault("kill -SEGV $$"), "ended its reader process (signal 11)");
    assert_eq!(
        fault("kill -KILL $$"),
        "ended its reader process (signal 9: the system may have been short of memory)"
    );
    assert_eq!(
        fault("echo 'memory allocation of 99 bytes failed' >&2; kill -ABRT $$"),
        "needed more memory than the limit of 1,024 MB"
    );
    assert_eq!(
        fault("echo 'thread x has overflowed its stack' >&2; kill -ABRT $$"),
        "is nested too deeply to be read"
    );
}

#[test]
fn an_answer_that_makes_no_sense_is_not_believed() {
    let garbled = "made the reader process send a malformed reply";
    assert_eq!(fault("echo hello, this is no frame at all; sleep 1000"), garbled);
    assert_eq!(fault("printf '\\3\\0\\0\\0\\377\\377\\377'; sleep 1000"), garbled);
    assert_eq!(fault("printf '\\0\\0\\0\\377'; cat /dev/zero"), garbled);
}

#[test]
fn a_program_that_does_not_exist_is_not_the_fault_of_a_file() {
    let workers = Workers::new(PathBuf::from("no/such/program"), Limits::default());
    let error = workers.extract(Path::new("some.pdf"), Format::Pdf).unwrap_err();
    assert!(matches!(error, WorkerError::Start { .. }));
    insta::assert_snapshot!(error, @"cannot start `no/such/program extract-worker` to read files");

    let mut place = Place::new();
    place.write("a.txt", report("Borchester Council", 11, 3, "Felpersham helps."));
    place.options.worker = PathBuf::from("no/such/program");
    assert!(place.try_build().is_err());
    assert!(place.options.index.open().is_err(), "nothing was committed");
}

#[test]
fn one_worker_reads_many_files_and_survives_those_it_refuses() {
    let folder = tempfile::tempdir().unwrap();
    let workers = Workers::new(PathBuf::from(FINDINGS), Limits::default());
    for number in 0..20 {
        let path = folder.path().join(format!("{number}.txt"));
        fs::write(&path, format!("This is file {number}.")).unwrap();
        let text = workers.extract(&path, Format::Text).unwrap();
        assert_eq!(text.blocks[0].text, format!("This is file {number}."));
        let error = workers.extract(&folder.path().join("none"), Format::Text).unwrap_err();
        assert!(matches!(error, WorkerError::File(FileError::Vanished)));
    }
}

#[test]
fn a_file_that_grew_beyond_the_limit_is_refused_by_the_worker_itself() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.txt");
    fs::write(&path, "word ".repeat(1000)).unwrap();
    let workers =
        Workers::new(PathBuf::from(FINDINGS), Limits { bytes: 4999, ..Limits::default() });
    let error = workers.extract(&path, Format::Text).unwrap_err();
    assert!(matches!(error, WorkerError::File(FileError::GrewTooLarge { limit: 4999 })));
}

#[cfg(target_os = "linux")]
#[test]
fn memory_beyond_the_limit_is_refused_and_the_next_file_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let (long, short) = (folder.path().join("long.txt"), folder.path().join("short.txt"));
    fs::File::create(&long).unwrap().set_len(600 << 20).unwrap();
    fs::write(&short, "Short.").unwrap();
    let limits = Limits { bytes: 1 << 30, memory: 512 << 20, ..Limits::default() };
    let workers = Workers::new(PathBuf::from(FINDINGS), limits);
    let error = workers.extract(&long, Format::Text).unwrap_err();
    let limit = 512 << 20;
    assert!(
        matches!(error, WorkerError::File(FileError::TooMuchMemory { limit: l }) if l == limit)
    );
    assert_eq!(workers.extract(&short, Format::Text).unwrap().blocks[0].text, "Short.");
}

#[test]
fn a_worker_ends_when_the_build_does() {
    let mut worker = Command::new(FINDINGS)
        .arg(ARGUMENT)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(worker.stdin.take());
    let mut said = String::new();
    worker.stdout.take().unwrap().read_to_string(&mut said).unwrap();
    worker.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(said, "");
    assert!(worker.wait().unwrap().success());
}

#[test]
fn a_worker_that_fails_for_every_file_still_leaves_every_file_in_the_ledger() {
    let folder = tempfile::tempdir().unwrap();
    let mut place = Place::new();
    for day in 1..=9 {
        let text = report("Borchester Council", day, 23, "Felpersham helps.");
        place.write(&format!("{day}.txt"), text);
    }
    place.options.worker = faulty(&folder, "exit 9");
    let built = place.build();
    assert_eq!(built.count(Unreadable), 9);
    assert_eq!(built.ledger.entries[0].code(), Some("reader_ended"));
    place.options.worker = PathBuf::from(FINDINGS);
    assert_eq!(place.build().count(Read), 9, "what could not be read is tried again");
}

#[cfg(feature = "as-printed")]
mod drawing {
    use super::faulty;
    use crate::endless::{endless, made};
    use crate::invented::FINDINGS;
    use findings::extract::picture::{DrawRequest, Undrawn, View};
    use findings::extract::worker::{DrawError, Workers};
    use findings::extract::{Format, Limits};
    use findings_index::records::Boxes;
    use findings_index::records::ledger::{FileError, ProcessEnd};
    use sha2::{Digest, Sha256};
    use std::path::{Path, PathBuf};
    use std::time::{Duration, Instant};
    use std::{fs, thread};

    const SECOND: Duration = Duration::from_secs(1);

    /// A whole page of a file.
    fn page(path: &Path) -> DrawRequest {
        let bytes = fs::read(path).unwrap_or_default();
        DrawRequest {
            path: path.to_owned(),
            sha256: hex(&bytes),
            view: View::Page(1),
            boxes: Boxes(Vec::new()),
            text: String::new(),
            spans: Vec::new(),
            scale: 1.0,
            below: Vec::new(),
        }
    }

    fn hex(bytes: &[u8]) -> String {
        Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn sample() -> PathBuf {
        let file = "samples/reports/stonewick/stonewick-sif-28-november-2014.pdf";
        Path::new(env!("CARGO_MANIFEST_DIR")).join(file)
    }

    fn refused(workers: &Workers, path: &Path) -> Undrawn {
        match workers.draw(&page(path), SECOND).unwrap_err() {
            DrawError::Undrawn(error) => error,
            other => panic!("{other}"),
        }
    }

    /// A picture said to be so wide that its decoder panics.
    fn panicking() -> Vec<u8> {
        let data = "\u{7f}".repeat(500);
        let image = format!(
            "<</Type/XObject/Subtype/Image/Width 100000000/Height 2/BitsPerComponent 1\
             /ColorSpace/DeviceGray/Filter/CCITTFaxDecode\
             /DecodeParms<</K -1/Columns 100000000>>/Length {}>>stream\n{data}\nendstream",
            data.len()
        );
        made("/XObject<</I 5 0 R>>", "q 595 0 0 842 0 0 cm /I Do Q", &[image])
    }

    #[test]
    fn a_page_that_is_drawn_for_ever_is_given_up_and_the_next_is_drawn() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("endless.pdf");
        fs::write(&path, endless(&[])).unwrap();
        let workers = Workers::new(PathBuf::from(FINDINGS), Limits::default());
        let started = Instant::now();
        let error = refused(&workers, &path);
        assert_eq!(error, Undrawn::File(FileError::TimedOut { seconds: 1 }), "{error}");
        assert!(started.elapsed() < Duration::from_secs(8), "{:?}", started.elapsed());

        let minute = Duration::from_secs(60);
        let drawn = workers.draw(&page(&sample()), minute).unwrap();
        assert_eq!((drawn.width, drawn.height), (595, 842));
        assert_eq!(drawn, workers.draw(&page(&sample()), minute).unwrap(), "twice the same");
        let path = folder.path().join("panicking.pdf");
        fs::write(&path, panicking()).unwrap();
        let error = workers.draw(&page(&path), minute).unwrap_err();
        assert!(["damaged", "too_much_memory"].contains(&error.code()), "{error}");
        // The same workers read.
        assert!(workers.extract(&sample(), Format::Pdf).is_ok());
    }

    #[test]
    fn many_threads_draw_at_the_same_time() {
        let workers = Workers::new(PathBuf::from(FINDINGS), Limits::default());
        let minute = Duration::from_secs(60);
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..3 {
                        assert_eq!(workers.draw(&page(&sample()), minute).unwrap().width, 595);
                    }
                });
            }
        });
    }

    #[test]
    fn a_file_that_is_gone_or_is_another_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.pdf");
        let workers = Workers::new(PathBuf::from(FINDINGS), Limits::default());
        assert_eq!(refused(&workers, &path), Undrawn::Moved);
        fs::write(&path, "%PDF-1.7").unwrap();
        let other = DrawRequest { sha256: "00".to_owned(), ..page(&path) };
        let error = workers.draw(&other, SECOND).unwrap_err();
        assert_eq!(
            (error.code(), error.to_string()),
            ("changed", "has changed since it was indexed".to_owned())
        );
        let small = Workers::new(PathBuf::from(FINDINGS), Limits { bytes: 5, ..Limits::default() });
        assert_eq!(refused(&small, &path).code(), "grew_too_large");
    }

    #[test]
    fn a_reader_that_dies_while_it_draws_is_named_by_its_death() {
        let folder = tempfile::tempdir().unwrap();
        let error = |script: &str| {
            let workers = Workers::new(faulty(&folder, script), Limits::default());
            refused(&workers, &sample())
        };
        let end = ProcessEnd::ExitCode(3);
        assert_eq!(error("exit 3"), Undrawn::File(FileError::ReaderEnded { end }));
        assert_eq!(error("sleep 1000").code(), "timed_out");
        assert_eq!(
            error("echo hello, this is no frame at all; sleep 1000").code(),
            "malformed_reply"
        );
        let workers = Workers::new(PathBuf::from("no/such/program"), Limits::default());
        let error = workers.draw(&page(&sample()), SECOND).unwrap_err();
        assert_eq!(error.code(), "no_reader");
        insta::assert_snapshot!(error, @"cannot start `no/such/program extract-worker` to draw pages");
    }
}
