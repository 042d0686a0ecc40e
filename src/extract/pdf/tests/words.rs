use super::writer::{Written, line};
use super::{only_block, text_of};
use crate::extract::pdf::read;
use crate::extract::{Limits, Role};
use findings_index::records::ledger::FileError;

/// The blocks of a file with these pages of lines: size, left edge, baseline, text.
fn texts(pages: &[&[(f32, f32, f32, &str)]]) -> Vec<(Role, String)> {
    let mut pdf = Written::new();
    for lines in pages {
        let lines: Vec<String> =
            lines.iter().map(|(size, x, y, text)| line("F", *size, *x, *y, text)).collect();
        pdf.page(&lines.concat());
    }
    let text = text_of(&pdf.bytes());
    text.blocks.into_iter().map(|block| (block.role, block.text)).collect()
}

fn paragraph(text: &str) -> (Role, String) {
    (Role::Paragraph, text.to_owned())
}

#[test]
fn a_word_broken_at_the_end_of_a_line_is_whole_and_a_compound_keeps_its_hyphen() {
    let lines: &[(f32, f32, f32, &str)] = &[
        (11.0, 72.0, 700.0, "The partners have good relation-"),
        (11.0, 72.0, 686.0, "ships, and the multi-"),
        (11.0, 72.0, 672.0, "agency board meets often."),
    ];
    assert_eq!(
        texts(&[lines]),
        [paragraph(
            "The partners have good relationships, and the multi-agency board meets often."
        )]
    );
}

#[test]
fn a_word_broken_at_the_end_of_a_page_joins_the_paragraph_around_it() {
    let first: &[(f32, f32, f32, &str)] = &[
        (11.0, 72.0, 120.0, "Children are spoken to by adults whose super-"),
        (8.0, 72.0, 60.0, "1 Interviews are a duty."),
    ];
    let second: &[(f32, f32, f32, &str)] = &[(11.0, 72.0, 780.0, "vision is written down.")];
    assert_eq!(
        texts(&[first, second]),
        [
            paragraph("Children are spoken to by adults whose supervision is written down."),
            (Role::Note, "Interviews are a duty.".to_owned()),
        ]
    );
}

#[test]
fn footnotes_without_raised_marks_are_told_by_their_size_and_place() {
    let page: &[(f32, f32, f32, &str)] = &[
        (11.0, 72.0, 714.0, "Leaders know the area well and act in good time on all that they"),
        (11.0, 72.0, 700.0, "know, and each of their plans says so."),
        (8.0, 72.0, 80.0, "1 Interviews are a duty of every authority, which"),
        (8.0, 72.0, 70.0, "the law says."),
        (8.0, 72.0, 60.0, "2 Plans are as well."),
    ];
    let note = |text: &str| (Role::Note, text.to_owned());
    assert_eq!(
        texts(&[page]),
        [
            paragraph(
                "Leaders know the area well and act in good time on all that they know, and each of \
                 their plans says so."
            ),
            note("Interviews are a duty of every authority, which the law says."),
            note("Plans are as well."),
        ]
    );
}

#[test]
fn text_drawn_twice_to_make_it_bold_is_read_once() {
    let lines: &[(f32, f32, f32, &str)] = &[
        (11.0, 72.0, 700.0, "Supervision is irregular."),
        (11.0, 72.3, 700.0, "Supervision is irregular."),
        (11.0, 72.0, 600.0, "I"),
        (11.0, 72.3, 600.0, "I"),
    ];
    assert_eq!(texts(&[lines]), [paragraph("Supervision is irregular."), paragraph("I")]);
    let mut pdf = Written::new();
    pdf.page(
        &[line("F", 11.0, 72.0, 700.0, "Twice"), line("F", 11.0, 72.3, 700.0, "Twice")].concat(),
    );
    assert_eq!(only_block(&text_of(&pdf.bytes())).bold, 1.0);
}

#[test]
fn letters_set_apart_are_words() {
    let mut pdf = Written::new();
    let spaced = "BT 4 Tc /F 11 Tf 1 0 0 1 72 700 Tm (Safeguarding children) Tj ET\n";
    pdf.page(spaced);
    let text = text_of(&pdf.bytes());
    let block = only_block(&text);
    assert_eq!(block.text, "Safeguarding children");
    assert_eq!(block.printed[0].words.len(), 2);
    let typed: &[(f32, f32, f32, &str)] =
        &[(11.0, 72.0, 700.0, "C h i l d r e n  i n  n e e d  a n d  p l a n s")];
    assert_eq!(texts(&[typed]), [paragraph("Children in need and plans")]);
    let signs: &[(f32, f32, f32, &str)] = &[(11.0, 72.0, 700.0, "Groups: a b c d e f")];
    assert_eq!(texts(&[signs]), [paragraph("Groups: a b c d e f")]);
    // A row of grades is not a word.
    let row: Vec<_> = (0..6).map(|place| (11.0, 72.0 + 30.0 * place as f32, 700.0, "A")).collect();
    assert_eq!(texts(&[&row]), [paragraph("A A A A A A")]);
}

#[test]
fn a_drop_capital_belongs_to_its_word() {
    let dropped = |capital, first, second| -> Vec<(Role, String)> {
        let page: &[(f32, f32, f32, &str)] = &[
            (33.0, 72.0, 580.0, capital),
            (11.0, 98.0, 592.0, first),
            (11.0, 98.0, 578.0, second),
        ];
        texts(&[page])
    };
    assert_eq!(
        dropped("C", "hildren who go missing are", "spoken to."),
        [paragraph("Children who go missing are spoken to.")]
    );
    assert_eq!(
        dropped("A", "child who goes missing is", "spoken to."),
        [paragraph("A child who goes missing is spoken to.")]
    );
}

/// A file with a page and these annotations.
fn annotated(annotations: &str) -> Vec<u8> {
    let mut pdf = Written::new();
    pdf.page_with(
        &format!("/MediaBox[0 0 595 842]/Annots[{annotations}]"),
        &line("F", 11.0, 72.0, 700.0, "Name of the council:"),
    );
    pdf.bytes()
}

#[test]
fn what_is_typed_into_a_form_is_read_where_it_is() {
    let widget = "<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(Northmoor Council)\
                  /Rect[72 640 272 660]>>";
    let text = text_of(&annotated(widget));
    let texts: Vec<_> = text.blocks.iter().map(|block| block.text.as_str()).collect();
    assert_eq!(texts, ["Name of the council:", "Northmoor Council"]);
    assert!(text.warnings.is_empty(), "{:?}", text.warnings);
}

#[test]
fn comments_are_said_to_be_left_out() {
    let comment = "<</Type/Annot/Subtype/Text/Contents(Is this so?)/Rect[72 640 92 660]>>";
    let hidden = "<</Type/Annot/Subtype/Text/F 2/Contents(Unseen)/Rect[72 640 92 660]>>";
    let text = text_of(&annotated(&format!("{comment}{hidden}")));
    assert_eq!(text.warnings, ["1 comment on the pages left out"]);
}

#[test]
fn fonts_that_name_no_letters_are_said_to_and_not_taken_for_a_scan() {
    let mut pdf = Written::new();
    let glyph = pdf.object("<</Length 26>>stream\n500 0 d0 0 0 400 700 re f \nendstream");
    let font = pdf.object(&format!(
        "<</Type/Font/Subtype/Type3/FontBBox[0 0 500 700]/FontMatrix[.001 0 0 .001 0 0]\
         /CharProcs<</g1 {glyph} 0 R>>/Encoding<</Differences[65/g1 66/g1]>>/FirstChar 65/LastChar 66\
         /Widths[500 500]/Resources<<>>>>"
    ));
    pdf.page("BT /F 11 Tf 1 0 0 1 72 700 Tm (ABBA ABBA) Tj ET\n");
    let bytes =
        String::from_utf8(pdf.bytes()).unwrap().replace("/F 3 0 R", &format!("/F {font} 0 R"));
    assert_eq!(read(bytes.as_bytes(), &Limits::default()), Err(FileError::UnknownLetters));
}
