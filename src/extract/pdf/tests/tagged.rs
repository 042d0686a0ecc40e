use super::writer::{Written, artifact, element, line, marked};
use super::{cells, furniture, item, only_block, outline, text_of};
use crate::extract::{Cell, ExtractedText, Role};

/// A file with one tagged paragraph made of these lines.
fn paragraph_of(lines: &[String]) -> ExtractedText {
    let mut pdf = Written::new();
    let page = pdf.page(&marked(0, &lines.concat()));
    pdf.structure(&format!("[{}]", element("P", page, "0")));
    text_of(&pdf.bytes())
}

/// The text of a paragraph made of these lines, one below the other.
fn joined(lines: &[&str]) -> String {
    let lines: Vec<String> = (0..)
        .zip(lines)
        .map(|(place, text)| line("F", 12.0, 72.0, 700.0 - 14.0 * place as f32, text))
        .collect();
    only_block(&paragraph_of(&lines)).text.clone()
}

#[test]
fn blocks_follow_the_structure_and_not_the_drawing() {
    let mut pdf = Written::new();
    let page = pdf.page(
        &[
            marked(1, &line("F", 12.0, 72.0, 600.0, "Leaders know the area well.")),
            marked(0, &line("B", 16.0, 72.0, 700.0, "Leadership")),
            artifact(&line("F", 8.0, 72.0, 30.0, "Inspection of Northmoor 7")),
        ]
        .concat(),
    );
    pdf.structure(&format!("[{} {}]", element("Titel", page, "0"), element("Standard", page, "1")));
    let text = text_of(&pdf.bytes());

    assert_eq!(
        outline(&text),
        [(Role::Heading(1), "Leadership"), (Role::Paragraph, "Leaders know the area well."),]
    );
    assert_eq!(furniture(&text), [(1, "Inspection of Northmoor 7")]);
    assert!(text.warnings.is_empty(), "{:?}", text.warnings);
}

#[test]
fn typography_tells_size_weight_and_indent() {
    let block = paragraph_of(&[
        line("B", 12.0, 72.0, 700.0, "Grade: "),
        line("F", 12.0, 120.0, 700.0, "good, as "),
        line("F", 12.0, 99.0, 686.0, "before."),
    ]);
    let block = only_block(&block);

    assert_eq!(block.text, "Grade: good, as before.");
    assert!(block.bold > 0.2 && block.bold < 0.5, "{}", block.bold);
    assert!((block.size - 12.0).abs() < 0.1, "{}", block.size);
    assert!((block.left - 72.0).abs() < 0.1, "{}", block.left);
    assert!((block.hang - 99.0).abs() < 0.1, "{}", block.hang);
    assert!((block.top - 142.0).abs() < 0.1, "{}", block.top);
}

#[test]
fn an_element_that_spans_pages_is_one_block() {
    let mut pdf = Written::new();
    let first = pdf.page(&marked(0, &line("F", 12.0, 72.0, 80.0, "Care leavers are ")));
    let second = pdf.page(&marked(0, &line("F", 12.0, 72.0, 700.0, "well supported.")));
    let kids = format!("<</Type/MCR/Pg {first} 0 R/MCID 0>> <</Type/MCR/Pg {second} 0 R/MCID 0>>");
    pdf.structure(&format!("[{}]", element("P", first, &kids)));
    let text = text_of(&pdf.bytes());

    let block = only_block(&text);
    assert_eq!(block.text, "Care leavers are well supported.");
    assert_eq!((block.page, block.page_end), (Some(1), Some(2)));
}

#[test]
fn lists_keep_depth_and_label() {
    let mut pdf = Written::new();
    let page = pdf.page(
        &[
            marked(0, &line("F", 12.0, 72.0, 700.0, "12.")),
            marked(1, &line("F", 12.0, 99.0, 700.0, "Plans are clear:")),
            marked(2, &line("F", 12.0, 99.0, 680.0, "\\225 they are short")),
            marked(3, &line("F", 12.0, 72.0, 660.0, "13. Visits are regular.")),
        ]
        .concat(),
    );
    let inner = element("L", page, &element("LI", page, &element("LBody", page, "2")));
    let first = element(
        "LI",
        page,
        &[element("Lbl", page, "0"), element("LBody", page, &(element("P", page, "1") + &inner))]
            .concat(),
    );
    let second = element("LI", page, &element("LBody", page, "3"));
    pdf.structure(&format!("[{}]", element("L", page, &(first + &second))));
    let text = text_of(&pdf.bytes());

    assert_eq!(
        outline(&text),
        [
            (item(1, "12."), "Plans are clear:"),
            (item(2, "•"), "they are short"),
            (item(1, "13."), "Visits are regular."),
        ]
    );
    assert!((text.blocks[0].left - 72.0).abs() < 0.1, "{}", text.blocks[0].left);
}

#[test]
fn words_tagged_as_a_label_stay_in_the_sentence() {
    let mut pdf = Written::new();
    let page = pdf.page(
        &[
            marked(0, &line("F", 12.0, 72.0, 700.0, "Personal ")),
            marked(1, &line("F", 12.0, 130.0, 700.0, "advis")),
            marked(2, &line("F", 12.0, 158.0, 700.0, "ers help.")),
        ]
        .concat(),
    );
    let kids = element("Lbl", page, "1") + &element("LBody", page, "0 2");
    pdf.structure(&format!("[{}]", element("L", page, &element("LI", page, &kids))));

    assert_eq!(only_block(&text_of(&pdf.bytes())).text, "Personal advisers help.");
}

#[test]
fn cells_know_row_and_column_across_spans() {
    let mut pdf = Written::new();
    let page = pdf.page(
        &(0..5)
            .map(|id| {
                marked(id, &line("F", 12.0, 72.0, 700.0 - 20.0 * id as f32, &format!("cell {id}")))
            })
            .collect::<String>(),
    );
    let tall = format!("<</S/TH/Pg {page} 0 R/A<</O/Table/RowSpan 2>>/K[0]>>");
    let first = element("TR", page, &(tall + &element("TH", page, "1")));
    let kids = element("P", page, "2") + &element("P", page, "3");
    let second = element("TR", page, &element("TD", page, &kids));
    let third = element("TR", page, &element("TD", page, "4"));
    pdf.structure(&format!("[{}]", element("Table", page, &[first, second, third].concat())));

    let cell = |row, column| Some(Cell { table: 0, row, column });
    assert_eq!(
        cells(&text_of(&pdf.bytes())),
        [
            (cell(0, 0), "cell 0"),
            (cell(0, 1), "cell 1"),
            (cell(1, 1), "cell 2"),
            (cell(1, 1), "cell 3"),
            (cell(2, 0), "cell 4"),
        ]
    );
}

#[test]
fn a_list_in_a_cell_stays_a_list() {
    let mut pdf = Written::new();
    let page = pdf.page(
        &[
            marked(0, &line("B", 12.0, 72.0, 700.0, "Areas for improvement")),
            marked(1, &line("F", 12.0, 72.0, 680.0, "\\225 Plans should be shorter.")),
        ]
        .concat(),
    );
    let list = element("L", page, &element("LI", page, &element("LBody", page, "1")));
    let cell = element("TD", page, &(element("P", page, "0") + &list));
    let table = element("Table", page, &element("TR", page, &cell));
    pdf.structure(&format!("[{table}]"));

    assert_eq!(
        outline(&text_of(&pdf.bytes())),
        [(Role::Paragraph, "Areas for improvement"), (item(1, "•"), "Plans should be shorter."),]
    );
}

#[test]
fn what_follows_a_list_at_the_beginning_of_a_cell_stays_after_it() {
    let mut pdf = Written::new();
    let page = pdf.page(
        &[
            marked(0, &line("F", 12.0, 90.0, 700.0, "rest of an item of the page before.")),
            marked(1, &line("B", 12.0, 72.0, 680.0, "Leadership")),
        ]
        .concat(),
    );
    let list = element("L", page, &element("LI", page, &element("LBody", page, "0")));
    let cell = element("TD", page, &(list + &element("P", page, "1")));
    pdf.structure(&format!("[{}]", element("Table", page, &element("TR", page, &cell))));

    let text = text_of(&pdf.bytes());
    let texts: Vec<_> = text.blocks.iter().map(|block| block.text.as_str()).collect();
    assert_eq!(texts, ["rest of an item of the page before.", "Leadership"]);
}

#[test]
fn footnotes_leave_the_paragraph_and_take_their_mark_along() {
    let mut pdf = Written::new();
    let page = pdf.page(
        &[
            marked(
                0,
                &[
                    line("F", 12.0, 72.0, 700.0, "Six live in special schools"),
                    line("F", 7.0, 218.0, 704.0, "3"),
                    line("F", 12.0, 222.0, 700.0, " this year."),
                ]
                .concat(),
            ),
            marked(
                1,
                &[
                    line("F", 6.0, 72.0, 84.0, "3"),
                    line("F", 9.0, 76.0, 80.0, " Open for most of the year."),
                ]
                .concat(),
            ),
        ]
        .concat(),
    );
    let note = element("Note", page, &element("P", page, "1"));
    pdf.structure(&format!("[{}]", element("P", page, &format!("0 {note}"))));
    let text = text_of(&pdf.bytes());

    assert_eq!(
        outline(&text),
        [
            (Role::Paragraph, "Six live in special schools this year."),
            (Role::Note, "Open for most of the year."),
        ]
    );
    assert_eq!(text.blocks[0].notes, ["3"]);
    assert_eq!(text.blocks[1].notes, ["3"]);
}

#[test]
fn raised_letters_of_an_ordinal_are_no_footnote() {
    let text = paragraph_of(&[
        line("F", 12.0, 72.0, 700.0, "the 9"),
        line("F", 7.0, 98.8, 704.0, "th"),
        line("F", 12.0, 104.7, 700.0, " of May"),
    ]);
    assert_eq!(only_block(&text).text, "the 9th of May");
}

#[test]
fn hyphens_at_line_ends_are_kept() {
    assert_eq!(joined(&["good multi-", "agency work"]), "good multi-agency work");
}

#[test]
fn a_space_behind_a_hyphen_at_a_line_end_is_not_seen_but_one_behind_a_dash_is() {
    assert_eq!(joined(&["good multi- ", "agency work"]), "good multi-agency work");
    assert_eq!(joined(&["homes for 16- ", "and 17-year-olds"]), "homes for 16- and 17-year-olds");
    assert_eq!(joined(&["good work - ", "mostly timely"]), "good work - mostly timely");
    assert_eq!(joined(&["good multi- agency", "work"]), "good multi- agency work");
}

#[test]
fn suspended_hyphens_keep_a_space() {
    assert_eq!(joined(&["homes for 16-", "and 17-year-olds"]), "homes for 16- and 17-year-olds");
}

#[test]
fn soft_hyphens_vanish_with_the_line_break() {
    assert_eq!(joined(&["the ser\\255", "vices"]), "the services");
}

#[test]
fn a_line_break_without_a_space_parts_words_but_not_addresses() {
    assert_eq!(joined(&["children", "and families"]), "children and families");
    assert_eq!(joined(&["see www.example.org/rep", "orts"]), "see www.example.org/reports");
}

#[test]
fn words_of_turned_text_stay_whole() {
    let upwards = "BT /F 12 Tf 0 1 -1 0 300 300 Tm (Draft report) Tj ET\n";
    assert_eq!(only_block(&paragraph_of(&[upwards.to_owned()])).text, "Draft report");
}

#[test]
fn white_space_is_folded_and_ligatures_are_undone() {
    let ligature = |code: &str| {
        format!("/Span <</ActualText<FEFF{code}>>> BDC\n{}EMC\n", line("F", 12.0, 72.0, 686.0, "?"))
    };
    let text = paragraph_of(&[
        line("F", 12.0, 72.0, 700.0, "  two \\240 words "),
        ligature("FB01"),
        line("F", 12.0, 79.0, 686.0, "nd"),
    ]);
    assert_eq!(only_block(&text).text, "two words find");
}

#[test]
fn text_outside_the_structure_is_placed_by_position() {
    let mut pdf = Written::new();
    let page = pdf.page(
        &[
            line("F", 12.0, 72.0, 650.0, "Untagged words in the middle."),
            marked(0, &line("F", 12.0, 72.0, 700.0, "The first tagged paragraph of the page.")),
            marked(1, &line("F", 12.0, 72.0, 600.0, "The second tagged paragraph of the page.")),
        ]
        .concat(),
    );
    pdf.structure(&format!("[{} {}]", element("P", page, "0"), element("P", page, "1")));
    let text = text_of(&pdf.bytes());

    let texts: Vec<_> = text.blocks.iter().map(|block| block.text.as_str()).collect();
    assert_eq!(texts[1], "Untagged words in the middle.", "{texts:?}");
    assert_eq!(texts.len(), 3);
}

#[test]
fn a_figure_gives_its_text_but_not_its_description() {
    let mut pdf = Written::new();
    let page = pdf.page(&marked(0, &line("F", 12.0, 72.0, 700.0, "A box beside the text.")));
    let figure = format!("<</S/Figure/Pg {page} 0 R/Alt(logo.png)/K[0]>>");
    pdf.structure(&format!("[{figure} {}]", element("P", page, "")));

    assert_eq!(only_block(&text_of(&pdf.bytes())).text, "A box beside the text.");
}

#[test]
fn the_date_of_making_is_read_from_the_metadata() {
    let mut pdf = Written::new();
    pdf.page(&line("F", 12.0, 72.0, 700.0, "Text."));
    let info = pdf.object("<</CreationDate(D:20240229101500+00'00')>>");
    pdf.trailer(&format!("/Info {info} 0 R"));

    assert_eq!(text_of(&pdf.bytes()).created.as_deref(), Some("2024-02-29"));
}

#[test]
fn a_caption_is_kept_apart_from_the_text() {
    let mut pdf = Written::new();
    let page = pdf.page(
        &[
            marked(0, &line("F", 12.0, 72.0, 700.0, "Calls rise towards the end of the year.")),
            marked(1, &line("B", 12.0, 72.0, 660.0, "Calls in each month")),
        ]
        .concat(),
    );
    let caption = element("Caption", page, &element("P", page, "1"));
    pdf.structure(&format!("[{} {caption}]", element("P", page, "0")));
    assert_eq!(
        outline(&text_of(&pdf.bytes())),
        [
            (Role::Paragraph, "Calls rise towards the end of the year."),
            (Role::Caption, "Calls in each month"),
        ]
    );
}
