//! Pictures of real paragraphs: what they mark is held against the words that `pdftotext` finds.

use crate::read::corpus;
use findings::extract::Limits;
use findings::extract::picture::{DrawRequest, View};
use findings::extract::worker::Workers;
use findings_index::records::{PageBox, ParagraphRecord};
use std::collections::HashMap;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Every so many paragraphs, one is drawn.
const EVERY: usize = 193;

/// The words of a page as another program finds them: text, and left, upper, right, lower edge in
/// points.
type Words = Vec<(String, [f32; 4])>;

/// The words of a page; `None` if there is no such program.
fn words_of(file: &Path, page: u32) -> Option<Words> {
    let page = page.to_string();
    let output = Command::new("pdftotext")
        .args(["-bbox", "-cropbox", "-f", &page, "-l", &page])
        .arg(file)
        .arg("-")
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let words = text.lines().filter_map(|line| {
        let inner = line.trim().strip_prefix("<word ")?;
        let (attributes, rest) = inner.split_once('>')?;
        let number = |name: &str| -> Option<f32> {
            let (_, after) = attributes.split_once(&format!("{name}=\""))?;
            after.split_once('"')?.0.parse().ok()
        };
        let area = [number("xMin")?, number("yMin")?, number("xMax")?, number("yMax")?];
        Some((rest.strip_suffix("</word>")?.to_owned(), area))
    });
    Some(words.collect())
}

/// The letters and digits, lower case.
fn plain(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Every fifth word of a text that is long enough to be looked for.
fn spans(paragraph: &ParagraphRecord) -> Vec<[usize; 2]> {
    let mut words = Vec::new();
    let mut start = None;
    let text = paragraph.text.chars().chain([' ']);
    for (at, letter) in text.enumerate() {
        match (letter.is_ascii_alphabetic(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                words.push([from, at]);
                start = None;
            }
            _ => {}
        }
    }
    words.retain(|[start, end]| end - start >= 4);
    words.into_iter().step_by(5).collect()
}

/// The share of a rectangle that another covers.
fn covered(marked: &PageBox, word: [f32; 4]) -> f32 {
    let points = |tenths: i32| tenths as f32 / 10.0;
    let (left, top) = (points(marked.left), points(marked.top));
    let (right, bottom) = (points(marked.right), points(marked.bottom));
    let across = right.min(word[2]) - left.max(word[0]);
    let down = bottom.min(word[3]) - top.max(word[1]);
    if across <= 0.0 || down <= 0.0 {
        return 0.0;
    }
    across * down / ((right - left) * (bottom - top)).max(0.1)
}

#[test]
fn marks_are_on_the_words_that_another_program_finds_there() {
    let Some(corpus) = corpus() else { return };
    if Command::new("pdftotext").arg("-v").output().is_err() {
        let skipped = "SKIPPED: install pdftotext (poppler-utils) to run this test\n";
        io::stderr().write_all(skipped.as_bytes()).unwrap();
        return;
    }
    let files: HashMap<&str, &str> = corpus
        .built
        .ledger
        .entries
        .iter()
        .filter_map(|entry| Some((entry.report.as_deref()?, entry.path.as_str())))
        .collect();
    let workers = Workers::new(PathBuf::from(env!("CARGO_BIN_EXE_findings")), Limits::default());
    let mut pages: HashMap<(&str, u32), Words> = HashMap::new();
    let (mut drawn, mut asked, mut found, mut right) = (0, 0, 0, 0);
    let mut wrong = Vec::new();
    for (report, paragraph) in corpus.all().step_by(EVERY) {
        let Some(boxes) = paragraph.boxes.as_ref().filter(|boxes| !boxes.0.is_empty()) else {
            continue;
        };
        let spans = spans(paragraph);
        let file = files[report.id.as_str()];
        let request = DrawRequest {
            path: PathBuf::from(file),
            sha256: report.sha256.clone(),
            view: View::Piece,
            boxes: boxes.clone(),
            text: paragraph.text.clone(),
            spans: spans.clone(),
            scale: 0.5,
            below: Vec::new(),
        };
        let picture = workers.draw(&request, Duration::from_secs(60)).unwrap();
        drawn += 1;
        asked += spans.len();
        found += spans.len() - picture.unmarked;
        if picture.unmarked > 0 {
            wrong.push(format!(
                "{}: {} of {} not found",
                paragraph.id,
                picture.unmarked,
                spans.len()
            ));
        }
        let letters: Vec<char> = paragraph.text.chars().collect();
        for mark in &picture.marks {
            let [start, end] = spans[mark.span];
            let wanted = plain(&letters[start..end].iter().collect::<String>());
            // Parts of a word are on one line each.
            let lies = mark.boxes.0.iter().all(|area| {
                let words = pages
                    .entry((file, area.page))
                    .or_insert_with(|| words_of(Path::new(file), area.page).unwrap());
                words.iter().any(|(word, place)| {
                    let word = plain(word);
                    let same =
                        word.contains(&wanted) || (!word.is_empty() && wanted.contains(&word));
                    same && covered(area, *place) > 0.5
                })
            });
            right += usize::from(lies);
            if !lies {
                wrong.push(format!("{}: characters {start} to {end} not there", paragraph.id));
            }
        }
    }
    let said = format!(
        "{drawn} paragraphs, {asked} words, {found} found, {right} where pdftotext finds them\n{}\n",
        wrong.join("\n")
    );
    io::stderr().write_all(said.as_bytes()).unwrap();
    assert!(drawn > 20 && asked > 100, "{said}");
    assert!(found * 100 >= asked * 99, "{said}");
    assert!(right * 100 >= found * 99, "{said}");
}
