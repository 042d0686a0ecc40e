//! Tests of pictures of paragraphs, with files made for them.

use super::writer::{Written, line};
use crate::extract::pdf::picture::{DrawRequest, Drawn, Undrawn, View, draw};
use crate::extract::{Limits, Part, PrintedLine, pdf};
use findings_index::records::ledger::FileError;
use findings_index::records::{Boxes, PageBox};
use sha2::{Digest, Sha256};
use std::path::PathBuf;

/// A piece at two pixels a point.
fn request(bytes: &[u8], boxes: Vec<PageBox>, text: &str, spans: &[[usize; 2]]) -> DrawRequest {
    DrawRequest {
        path: PathBuf::new(),
        sha256: hex::encode(Sha256::digest(bytes)),
        view: View::Piece,
        boxes: Boxes(boxes),
        text: text.to_owned(),
        spans: spans.to_vec(),
        scale: 2.0,
        below: Vec::new(),
    }
}

fn drawn(bytes: &[u8], request: &DrawRequest) -> Drawn {
    draw(bytes, request, &Limits::default()).unwrap()
}

/// The lines that a reader finds on the pages, with the places of their words.
fn printed(bytes: &[u8]) -> Vec<PrintedLine> {
    let text = pdf::read(bytes, &Limits::default()).unwrap();
    text.blocks.into_iter().flat_map(|block| block.printed).collect()
}

/// The rectangle of lines.
fn around(lines: &[PrintedLine]) -> PageBox {
    let edge = |line: &PrintedLine, side: usize| line.words.iter().map(|word| word[side]).collect();
    let edges = |side: usize| -> Vec<i32> {
        lines.iter().flat_map(|line| -> Vec<i32> { edge(line, side) }).collect()
    };
    PageBox {
        page: lines[0].page,
        left: *edges(0).iter().min().unwrap(),
        top: lines.iter().map(|line| line.top).min().unwrap(),
        right: *edges(1).iter().max().unwrap(),
        bottom: lines.iter().map(|line| line.bottom).max().unwrap(),
    }
}

/// The span of a word in a text.
fn span(text: &str, word: &str) -> [usize; 2] {
    let start = text[..text.find(word).unwrap()].chars().count();
    [start, start + word.chars().count()]
}

/// The pixels of a picture, three bytes each.
struct Pixels {
    width: usize,
    bytes: Vec<u8>,
}

impl Pixels {
    fn of(drawn: &Drawn) -> Self {
        let mut decoder = png::Decoder::new(std::io::Cursor::new(&drawn.png));
        decoder.set_transformations(png::Transformations::normalize_to_color8());
        let mut reader = decoder.read_info().unwrap();
        let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
        let frame = reader.next_frame(&mut bytes).unwrap();
        assert_eq!(frame.color_type, png::ColorType::Rgb);
        assert_eq!((frame.width, frame.height), (drawn.width, drawn.height));
        Self { width: frame.width as usize, bytes }
    }

    fn count(&self, wanted: impl Fn(&[u8]) -> bool) -> usize {
        self.bytes.chunks_exact(3).filter(|pixel| wanted(pixel)).count()
    }

    /// The columns and rows that pixels of a colour reach from and to.
    fn reach(&self, colour: [u8; 3]) -> Option<[usize; 4]> {
        let pixels = self.bytes.chunks_exact(3).enumerate();
        let places = pixels
            .filter(|(_, pixel)| *pixel == colour)
            .map(|(at, _)| (at % self.width, at / self.width));
        places.fold(None, |reach, (x, y)| {
            let [left, top, right, bottom] = reach.unwrap_or([x, y, x, y]);
            Some([left.min(x), top.min(y), right.max(x), bottom.max(y)])
        })
    }
}

const BAR: [u8; 3] = [0xf2, 0xa9, 0x00];
const MARK: [u8; 3] = [0xff, 0xe5, 0x8a];

/// Three paragraphs of two lines each; the second is of these words.
const SECOND: &str = "Leaders know the area well and supervision is what it should be.";

fn three() -> Vec<u8> {
    let mut pdf = Written::new();
    let at = |y: f32, text: &str| line("F", 12.0, 72.0, y, text);
    pdf.page(
        &[
            at(760.0, "The first of the paragraphs, which is not looked for,"),
            at(746.0, "goes on for another line."),
            at(712.0, "Leaders know the area well and super-"),
            at(698.0, "vision is what it should be."),
            at(664.0, "The last paragraph has supervision in it as well, and"),
            at(650.0, "ends here."),
        ]
        .concat(),
    );
    pdf.bytes()
}

#[test]
fn a_piece_holds_the_paragraph_and_cuts_no_line() {
    let bytes = three();
    let lines = printed(&bytes);
    let drawn = drawn(&bytes, &request(&bytes, vec![around(&lines[2..4])], SECOND, &[]));
    let [piece] = drawn.pieces[..] else { panic!("{:?}", drawn.pieces) };
    let [left, top, right, bottom] = piece.area;
    assert_eq!((piece.page, piece.top), (1, 0));
    assert!(top >= lines[1].bottom as f32 / 10.0 && top < lines[2].top as f32 / 10.0, "{top}");
    assert!(bottom <= lines[4].top as f32 / 10.0 && bottom > lines[3].bottom as f32 / 10.0);
    assert!(left < 72.0 - 10.0 && right > 360.0 && right < 500.0, "{left} {right}");
    let size = |from: f32, to: f32| (2.0 * (to - from)).ceil() as u32;
    assert_eq!((drawn.width, drawn.height), (size(left, right), size(top, bottom)));

    let pixels = Pixels::of(&drawn);
    assert!(pixels.count(|pixel| pixel.iter().all(|part| *part < 80)) > 500, "there is text");
    let [from, above, to, below] = pixels.reach(BAR).unwrap();
    let shown = |points: i32, edge: f32| 2.0 * (points as f32 / 10.0 - edge);
    assert!((to as f32) < shown(720, left), "the bar is to the left of the text: {from}-{to}");
    assert!((above as f32 - shown(lines[2].top, top)).abs() < 2.0);
    assert!((below as f32 - shown(lines[3].bottom, top)).abs() < 2.0);
    assert_eq!(pixels.reach(MARK), None);
}

#[test]
fn a_word_is_marked_where_its_letters_are() {
    let bytes = three();
    let lines = printed(&bytes);
    let own = vec![around(&lines[2..4])];
    let request = request(&bytes, own, SECOND, &[span(SECOND, "know"), span(SECOND, "be")]);
    let drawn = drawn(&bytes, &request);
    assert_eq!(drawn.unmarked, 0);
    let known = lines[2].words[1];
    let [know, be] = &drawn.marks[..] else { panic!("{:?}", drawn.marks) };
    let marked = &know.boxes.0[0];
    assert!((marked.left - known[0]).abs() <= 1 && (marked.right - known[1]).abs() <= 1);
    assert!((marked.top - lines[2].top).abs() <= 1 && (marked.bottom - lines[2].bottom).abs() <= 1);
    // The full stop after it is no part of the word.
    let (marked, last) = (&be.boxes.0[0], *lines[3].words.last().unwrap());
    assert!((marked.left - last[0]).abs() <= 1 && marked.right < last[1] - 20);

    let pixels = Pixels::of(&drawn);
    let black = pixels.count(|pixel| pixel.iter().all(|part| *part < 40));
    let plain = Pixels::of(&super::picture::drawn(
        &bytes,
        &DrawRequest { spans: Vec::new(), ..request.clone() },
    ));
    assert_eq!(black, plain.count(|pixel| pixel.iter().all(|part| *part < 40)), "text stays black");
    let [from, ..] = pixels.reach(MARK).unwrap();
    let left = 2.0 * (known[0] as f32 / 10.0 - drawn.pieces[0].area[0]);
    assert!((from as f32 - left).abs() < 4.0, "{from} {left}");
}

#[test]
fn a_word_broken_at_the_end_of_a_line_is_marked_on_both() {
    let bytes = three();
    let lines = printed(&bytes);
    let wanted =
        request(&bytes, vec![around(&lines[2..4])], SECOND, &[span(SECOND, "supervision is")]);
    let drawn = drawn(&bytes, &wanted);
    let [above, below] = &drawn.marks[0].boxes.0[..] else { panic!("{:?}", drawn.marks) };
    assert!((above.top - lines[2].top).abs() <= 1 && (below.top - lines[3].top).abs() <= 1);
    assert!((below.left - lines[3].words[0][0]).abs() <= 1, "{below:?}");
    assert!((below.right - lines[3].words[1][1]).abs() <= 1, "{below:?}");
}

#[test]
fn what_the_page_does_not_print_is_not_marked_and_is_counted() {
    let bytes = three();
    let lines = printed(&bytes);
    let text = "Leaders know the borough well and supervision is what it should be.";
    let spans = [span(text, "borough"), span(text, "well"), [5_000, 5_001], [4, 2]];
    let drawn = drawn(&bytes, &request(&bytes, vec![around(&lines[2..4])], text, &spans));
    assert_eq!(drawn.unmarked, 3);
    let [well] = &drawn.marks[..] else { panic!("{:?}", drawn.marks) };
    assert_eq!(well.span, 1);
    assert!((well.boxes.0[0].left - lines[2].words[4][0]).abs() <= 1);
}

#[test]
fn ligatures_dashes_and_quotation_marks_are_found() {
    let mut pdf = Written::new();
    // In the font's encoding: a curly apostrophe and a dash.
    pdf.page(&line("F", 12.0, 72.0, 700.0, "The staff\\222s fine office \\226 it is well run"));
    let bytes = pdf.bytes();
    let lines = printed(&bytes);
    let text = "The sta\u{fb00}'s \u{fb01}ne o\u{fb03}ce - it is well run";
    let spans = [span(text, "sta\u{fb00}'s"), span(text, "o\u{fb03}ce"), span(text, "run")];
    let drawn = drawn(&bytes, &request(&bytes, vec![around(&lines)], text, &spans));
    assert_eq!(drawn.unmarked, 0);
    for (mark, word) in drawn.marks.iter().zip([1, 3, 8]) {
        let place = lines[0].words[word];
        let marked = &mark.boxes.0[0];
        assert!((marked.left - place[0]).abs() <= 1 && (marked.right - place[1]).abs() <= 1);
    }
}

/// A page of two columns: ten lines on either side.
fn columns() -> Vec<u8> {
    let mut pdf = Written::new();
    let lines = (0..10).map(|at| {
        let y = 700.0 - 14.0 * at as f32;
        let left = line("F", 10.0, 60.0, y, "Words on the left side of this page");
        left + &line("F", 10.0, 320.0, y - 5.0, "Others on the right side of this page")
    });
    pdf.page(&lines.collect::<String>());
    pdf.bytes()
}

#[test]
fn a_paragraph_in_a_column_is_shown_without_the_other_column() {
    let bytes = columns();
    let left = PageBox { page: 1, left: 600, top: 1400, right: 2200, bottom: 1700 };
    let shown = drawn(&bytes, &request(&bytes, vec![left], "", &[]));
    assert!(shown.pieces[0].area[2] < 320.0, "{:?}", shown.pieces);
    let right = PageBox { left: 3200, right: 5000, ..left };
    let shown = drawn(&bytes, &request(&bytes, vec![right], "", &[]));
    assert!(shown.pieces[0].area[0] > 230.0, "{:?}", shown.pieces);
}

#[test]
fn parts_in_two_columns_or_on_two_pages_are_shown_one_below_the_other() {
    let mut pdf = Written::new();
    pdf.page(&line("F", 12.0, 72.0, 60.0, "It begins near the end of a page and"));
    pdf.page(&line("F", 12.0, 72.0, 780.0, "ends on the next."));
    let bytes = pdf.bytes();
    let lines = printed(&bytes);
    let boxes = vec![around(&lines[..1]), around(&lines[1..])];
    let text = "It begins near the end of a page and ends on the next.";
    let drawn = drawn(&bytes, &request(&bytes, boxes, text, &[span(text, "and ends")]));
    let pages: Vec<u32> = drawn.pieces.iter().map(|piece| piece.page).collect();
    assert_eq!(pages, [1, 2]);
    assert!(drawn.pieces[1].top > 60);
    let places: Vec<u32> = drawn.marks[0].boxes.0.iter().map(|area| area.page).collect();
    assert_eq!(places, [1, 2]);
    // Both bars, and both marks.
    let [_, above, _, below] = Pixels::of(&drawn).reach(BAR).unwrap();
    assert!((above as u32) < drawn.pieces[1].top && below as u32 > drawn.pieces[1].top);

    let bytes = columns();
    let first = PageBox { page: 1, left: 600, top: 2300, right: 2600, bottom: 2700 };
    let second = PageBox { page: 1, left: 3200, top: 1400, right: 5000, bottom: 1700 };
    let shown = super::picture::drawn(&bytes, &request(&bytes, vec![first, second], "", &[]));
    assert_eq!(shown.pieces.len(), 2);
}

#[test]
fn a_whole_page_has_the_same_marks() {
    let bytes = three();
    let lines = printed(&bytes);
    let piece = request(&bytes, vec![around(&lines[2..4])], SECOND, &[span(SECOND, "know")]);
    let whole = DrawRequest { view: View::Page(1), ..piece.clone() };
    let (piece, whole) = (drawn(&bytes, &piece), drawn(&bytes, &whole));
    assert_eq!((whole.width, whole.height), (1190, 1684));
    assert_eq!(whole.marks, piece.marks);
    let pixels = Pixels::of(&whole);
    assert!(pixels.reach(MARK).is_some() && pixels.reach(BAR).is_some());
}

#[test]
fn turned_pages_and_cropped_ones_are_marked_as_they_are_shown() {
    let text = "Turned and cropped words";
    for (entries, turn, x, y) in [
        ("/MediaBox[0 0 595 842]/Rotate 90", "0 1 -1 0 595 0 cm\n", 72.0, 400.0),
        ("/MediaBox[0 0 595 842]/Rotate 180", "-1 0 0 -1 595 842 cm\n", 72.0, 700.0),
        ("/MediaBox[0 0 595 842]/CropBox[50 100 500 750]", "", 72.0, 700.0),
        ("/MediaBox[-100 -200 495 642]", "", 0.0, 300.0),
    ] {
        let mut pdf = Written::new();
        pdf.page_with(entries, &format!("{turn}{}", line("F", 12.0, x, y, text)));
        let bytes = pdf.bytes();
        let lines = printed(&bytes);
        let wanted = request(&bytes, vec![around(&lines)], text, &[span(text, "cropped")]);
        let drawn = drawn(&bytes, &wanted);
        assert_eq!(drawn.unmarked, 0, "{entries}");
        let marked = &drawn.marks[0].boxes.0[0];
        assert!((marked.left - lines[0].words[2][0]).abs() <= 1, "{entries}: {marked:?}");
        // The mark is on letters: there is black where it is.
        let pixels = Pixels::of(&drawn);
        let [left, top, right, bottom] = pixels.reach(MARK).unwrap();
        let dark = (top..=bottom)
            .flat_map(|y| (left..=right).map(move |x| (x, y)))
            .filter(|(x, y)| pixels.bytes[3 * (y * pixels.width + x)] < 80);
        assert!(dark.count() > 50, "{entries}");
    }
}

#[test]
fn text_below_is_wrapped_and_has_its_own_signs() {
    let bytes = three();
    let lines = printed(&bytes);
    let plain = request(&bytes, vec![around(&lines[2..4])], SECOND, &[]);
    let mut below = DrawRequest {
        below: vec!["Borchester – “Zoë’s” 2014".to_owned()],
        ..plain.clone()
    };
    let without = drawn(&bytes, &plain);
    let one = drawn(&bytes, &below);
    assert!(one.height > without.height + 30, "{} {}", one.height, without.height);
    assert_eq!(one.width, without.width);
    below.below[0] = "Borchester and its neighbours, one after the other. ".repeat(10);
    let many = drawn(&bytes, &below);
    assert!(many.height > one.height + 100, "{} {}", many.height, one.height);
    assert_eq!(many.width, without.width);
    // What the font does not have costs nothing else.
    below.below[0] = "Łódź 漢字 \u{1}".to_owned();
    assert_eq!(drawn(&bytes, &below).height, one.height);
    below.below = vec![" ".to_owned()];
    assert_eq!(drawn(&bytes, &below).height, without.height);
}

#[test]
fn what_cannot_be_drawn_is_refused_with_its_reason() {
    let bytes = three();
    let lines = printed(&bytes);
    let good = request(&bytes, vec![around(&lines[2..4])], SECOND, &[]);
    let refused = |bytes: &[u8], request: &DrawRequest| {
        let error = draw(bytes, request, &Limits::default()).unwrap_err();
        format!("{}: {error}", error.code())
    };
    let mut changed = bytes.clone();
    changed.push(b'\n');
    let second = PageBox { page: 2, ..around(&lines[2..4]) };
    let garbage = b"%PDF-1.7\n nothing at all";
    let errors = [
        refused(&changed, &good),
        refused(&bytes, &request(&bytes, Vec::new(), SECOND, &[])),
        refused(&bytes, &request(&bytes, vec![second], SECOND, &[])),
        refused(&bytes, &DrawRequest { view: View::Page(0), ..good.clone() }),
        refused(b"text", &request(b"text", Vec::new(), "", &[])),
        refused(garbage, &request(garbage, Vec::new(), "", &[])),
    ];
    insta::assert_snapshot!(errors.join("\n"), @"
    changed: has changed since it was indexed
    not_on_a_page: is not known to print the paragraph anywhere
    no_such_page: has no page 2: it has 1
    no_such_page: has no page 0: it has 1
    not_a_pdf: is not a PDF (it looks like plain text): rename it, or replace it
    damaged: is damaged (nothing lists its pages): download it again
    ");
}

#[test]
fn a_page_larger_than_any_paper_is_refused() {
    let mut pdf = Written::new();
    let letters = line("F", 120.0, 72.0, 700.0, "Large letters");
    pdf.page_with("/MediaBox[0 0 10000000 10000000]", &letters);
    let bytes = pdf.bytes();
    let whole = DrawRequest { view: View::Page(1), ..request(&bytes, Vec::new(), "", &[]) };
    let error = draw(&bytes, &whole, &Limits::default()).unwrap_err();
    insta::assert_snapshot!(error, @"has a page that is too large to be drawn: 10000000 by 10000000 points");
    // A piece of it is small.
    let area = around(&printed(&bytes));
    let piece = request(&bytes, vec![area], "Large letters", &[[0, 5]]);
    assert_eq!(drawn(&bytes, &piece).unmarked, 0);
}

#[test]
fn letters_without_end_burn_the_fuse() {
    let mut pdf = Written::new();
    let content = line("F", 12.0, 72.0, 700.0, &"ha ".repeat(1_000)).repeat(800);
    pdf.page(&content);
    let bytes = pdf.bytes();
    let request = DrawRequest { view: View::Page(1), ..request(&bytes, Vec::new(), "", &[]) };
    let error = draw(&bytes, &request, &Limits::default()).unwrap_err();
    assert_eq!(error, Undrawn::File(FileError::TooComplex { pages: 1 }));
    let none = Limits { seconds: 0, ..Limits::default() };
    let error = draw(&bytes, &request, &none).unwrap_err();
    assert_eq!(error, Undrawn::File(FileError::TimedOut { seconds: 0 }));
}

#[test]
fn truncation_anywhere_gives_a_picture_or_an_error() {
    let bytes = three();
    for length in (0..bytes.len()).step_by(37) {
        let cut = &bytes[..length];
        let whole = request(cut, Vec::new(), "", &[]);
        let request = DrawRequest { view: View::Page(1), scale: 0.5, ..whole };
        let _ = draw(cut, &request, &Limits::default());
    }
}

#[test]
fn labels_and_marks_are_told_from_the_text() {
    let mut pdf = Written::new();
    pdf.page(
        &(line("F", 12.0, 72.0, 700.0, "12.") + &line("F", 12.0, 108.0, 700.0, "A numbered one.")),
    );
    let bytes = pdf.bytes();
    let lines = printed(&bytes);
    let own: Vec<PrintedLine> = lines.into_iter().filter(|line| line.part == Part::Text).collect();
    let text = own.last().unwrap().clone();
    let area = PageBox { left: 1080, ..around(&[text]) };
    let drawn = drawn(&bytes, &request(&bytes, vec![area], "A numbered one.", &[[2, 10]]));
    assert_eq!(drawn.unmarked, 0);
    // The bar is to the left of the number.
    let [_, _, right, _] = Pixels::of(&drawn).reach(BAR).unwrap();
    assert!((right as f32) < 2.0 * (72.0 - drawn.pieces[0].area[0]));
}
