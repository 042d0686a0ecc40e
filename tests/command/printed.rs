//! `findings show --as-printed`.

use crate::built::Built;
#[cfg(all(unix, feature = "as-printed", feature = "serve"))]
use crate::served::Server;
use std::fs;
use std::path::Path;

const PARAGRAPH: &str = "stonewick-sif-2014-09-09/17";

/// Builds an index of some of the samples, which are copied into the folder of the index.
fn built(files: &[&str]) -> Built {
    let built = Built::empty();
    for file in files {
        let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/reports").join(file);
        let name = sample.file_name().unwrap().to_owned();
        fs::create_dir_all(built.0.path().join("reports")).unwrap();
        fs::copy(sample, built.0.path().join("reports").join(name)).unwrap();
    }
    let (code, _, err) = built.run(&["index", "reports"]);
    assert_eq!(code, 0, "{err}");
    built
}

/// The error of a command, with the folder of the test left out.
fn refused(built: &Built, arguments: &[&str]) -> String {
    let (code, out, err) = built.run(&[&["show"], arguments].concat());
    assert_eq!((code, out.as_str()), (2, ""), "{err}");
    let folder = fs::canonicalize(built.0.path()).unwrap();
    err.replace(&format!("{}/", folder.display()), "")
}

const STONEWICK: &str = "stonewick/stonewick-sif-28-november-2014.pdf";

#[cfg(feature = "as-printed")]
#[test]
fn the_piece_of_the_page_is_written_with_its_citation_and_marks() {
    let built = built(&[STONEWICK]);
    let (code, out, err) = built.run(&["show", PARAGRAPH, "--as-printed", "piece.png"]);
    assert_eq!((code, err.as_str()), (0, "wrote the piece of page 5 to piece.png\n"));
    assert!(out.contains("cite as: "), "{out}");
    let plain = fs::read(built.0.path().join("piece.png")).unwrap();
    assert!(plain.starts_with(b"\x89PNG\r\n\x1a\n"));

    let marked = ["--as-printed", "piece.png", "--marked", "return-interview"];
    let (code, out, err) = built.run(&[&["show", PARAGRAPH, "-f", "json"][..], &marked].concat());
    assert_eq!((code, err.as_str()), (0, "wrote the piece of page 5 to piece.png\n"));
    serde_json::from_str::<serde_json::Value>(&out).unwrap();
    assert_ne!(fs::read(built.0.path().join("piece.png")).unwrap(), plain, "words are marked");

    let absent = ["--as-printed", "piece.png", "--marked", "harbour"];
    let (code, _, err) = built.run(&[&["show", PARAGRAPH][..], &absent].concat());
    assert_eq!(code, 0);
    assert!(err.contains("`stonewick-sif-2014-09-09/17` does not match harbour"), "{err}");
    assert_eq!(fs::read(built.0.path().join("piece.png")).unwrap(), plain);
    let files = fs::read_dir(built.0.path()).unwrap().flatten();
    assert!(
        files.into_iter().all(|file| !file.file_name().to_string_lossy().contains(".findings-"))
    );
}

#[cfg(all(unix, feature = "as-printed", feature = "serve"))]
#[test]
fn a_picture_of_the_page_marks_no_synonym_that_is_left_out() {
    let built = built(&[STONEWICK]);
    let served = Server::over(&built);
    let picture = |marks: &str| {
        let reply = served.get(&format!("/printed/{PARAGRAPH}.png{marks}"));
        assert_eq!(reply.status, 200, "{marks}");
        reply.body
    };
    let plain = picture("");
    // What the paragraph says in full is found by what it is called for short.
    assert_ne!(picture("?q=RHI"), plain);
    assert_eq!(picture("?q=RHI&not_also=return+interview"), plain);
    assert_ne!(picture("?q=RHI&not_also=return+home+interview"), plain);
}

#[cfg(feature = "as-printed")]
#[test]
fn what_cannot_be_drawn_is_refused_with_what_to_do() {
    let built = built(&[STONEWICK, "brackenford/joint-targeted-area-inspection-2023.md"]);
    let (_, listed, _) = built.run(&["reports", "--format", "jsonl"]);
    let markdown = listed
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .find(|report| report["pages"].is_null())
        .unwrap();
    let first = format!("{}/n1", markdown["id"].as_str().unwrap());
    let out = ["--as-printed", "piece.png"];
    let mut errors = vec![
        refused(&built, &["stonewick-sif-2014-09-09", out[0], out[1]]),
        refused(&built, &[&first, out[0], out[1]]),
        refused(&built, &[PARAGRAPH, "--as-printed", "piece.jpg"]),
        refused(&built, &[PARAGRAPH, out[0], out[1], "--marked", "(("]),
    ];
    let error = refused(&built, &[PARAGRAPH, "--as-printed", "none/piece.png"]);
    assert!(error.starts_with("error: cannot write none/piece.png\n  because "), "{error}");
    let file = built.0.path().join("reports/stonewick-sif-28-november-2014.pdf");
    let mut bytes = fs::read(&file).unwrap();
    bytes.push(b'\n');
    fs::write(&file, bytes).unwrap();
    errors.push(refused(&built, &[PARAGRAPH, out[0], out[1]]));
    fs::remove_file(&file).unwrap();
    errors.push(refused(&built, &[PARAGRAPH, out[0], out[1]]));
    insta::assert_snapshot!(errors.join("\n"), @"
    error: --as-printed: `stonewick-sif-2014-09-09` is a report
    hint: --as-printed goes with the id of a paragraph

    error: --as-printed: `brackenford-jtai-2023-02-06` was read from a source without pages
    hint: only a PDF has pages to be drawn

    error: --as-printed: piece.jpg does not end in .png
    hint: write `piece.png`

    error: the query is empty; write words, a \"phrase\", field:value, or * for every paragraph
      ((
      ^^

    error: --as-printed: reports/stonewick-sif-28-november-2014.pdf has changed since it was indexed
    hint: index it again, with its folder: `findings index FOLDER`

    error: --as-printed: reports/stonewick-sif-28-november-2014.pdf is no longer where it was when it was indexed
    hint: index the folder where it is now: `findings index FOLDER`
    ");
    assert!(!built.0.path().join("piece.png").exists());
    let (code, _, err) = built.run(&["show", PARAGRAPH, "--marked", "visits"]);
    assert_eq!(code, 2);
    assert!(err.contains("--as-printed"), "{err}");
    assert_eq!(built.run(&["show", "--basket", out[0], out[1]]).0, 2);
}

#[cfg(not(feature = "as-printed"))]
#[test]
fn a_program_without_pictures_says_so() {
    let built = built(&[STONEWICK]);
    let err = refused(&built, &[PARAGRAPH, "--as-printed", "piece.png"]);
    insta::assert_snapshot!(err, @"
    error: --as-printed: this program was built without pictures of pages
    hint: build it with its feature `as-printed`
    ");
}
