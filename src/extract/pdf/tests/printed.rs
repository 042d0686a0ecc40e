use super::writer::{Written, element, line, marked};
use super::{only_block, text_of};
use crate::extract::{Block, Part, PrintedLine};

/// The words that a block has on each line, as it is printed.
fn shown(block: &Block) -> Vec<(Part, u32, usize)> {
    block.printed.iter().map(|line| (line.part, line.page, line.words.len())).collect()
}

/// The room of a line: left, top, right, bottom, in whole points.
fn room(line: &PrintedLine) -> [i32; 4] {
    let (left, right) = (line.words[0][0], line.words[line.words.len() - 1][1]);
    [left, line.top, right, line.bottom].map(|tenths| (f64::from(tenths) / 10.0).round() as i32)
}

#[test]
fn words_are_where_the_page_shows_them() {
    let mut pdf = Written::new();
    pdf.page(
        &[
            line("F", 10.0, 72.0, 742.0, "Care leavers have"),
            line("F", 10.0, 72.0, 728.0, "a home."),
        ]
        .concat(),
    );
    let text = text_of(&pdf.bytes());

    let block = only_block(&text);
    assert_eq!(shown(block), [(Part::Text, 1, 3), (Part::Text, 1, 2)]);
    let [left, top, right, bottom] = room(&block.printed[0]);
    assert_eq!((left, top, bottom), (72, 92, 102));
    assert!((145..160).contains(&right), "{right}");
}

#[test]
fn a_page_that_is_turned_and_cropped_is_measured_as_it_is_shown() {
    let text = line("F", 10.0, 172.0, 700.0, "Care leavers have a home.");
    let room_on = |entries: &str| {
        let mut pdf = Written::new();
        pdf.page_with(&format!("/MediaBox[0 0 595 842]{entries}"), &text);
        let text = text_of(&pdf.bytes());
        let rooms = only_block(&text).printed.iter().map(room);
        let union = |[a, b, c, d]: [i32; 4], [e, f, g, h]: [i32; 4]| {
            [a.min(e), b.min(f), c.max(g), d.max(h)]
        };
        rooms.reduce(union).unwrap()
    };
    let [_, _, right, _] = room_on("");
    let width = right - 172;

    assert_eq!(room_on(""), [172, 134, 172 + width, 144]);
    assert_eq!(room_on("/CropBox[100 100 500 800]"), [72, 92, 72 + width, 102]);
    let turned = "/Rotate 180/CropBox[100 100 500 800]";
    assert_eq!(room_on(turned), [328 - width, 598, 328, 608]);
    let aside = {
        let mut pdf = Written::new();
        pdf.page_with("/MediaBox[0 0 595 842]/Rotate 90", &text);
        text_of(&pdf.bytes())
    };
    let first = aside.blocks.iter().flat_map(|block| &block.printed).next().unwrap();
    let [left, top, right, bottom] = room(first);
    assert_eq!((left, top, right), (698, 172, 708));
    assert!(bottom > 180, "it runs down the page: {bottom}");
}

#[test]
fn marks_and_labels_are_apart_from_the_words() {
    let mut pdf = Written::new();
    let page = pdf.page(
        &[
            marked(0, &line("F", 12.0, 72.0, 700.0, "12.")),
            marked(
                1,
                &[
                    line("F", 12.0, 99.0, 700.0, "Children in the area"),
                    line("F", 7.0, 212.0, 705.0, "2"),
                    line("F", 12.0, 218.0, 700.0, "are safe."),
                ]
                .concat(),
            ),
        ]
        .concat(),
    );
    let kids = [element("Lbl", page, "0"), element("LBody", page, "1")].concat();
    pdf.structure(&format!("[{}]", element("L", page, &element("LI", page, &kids))));
    let text = text_of(&pdf.bytes());

    let block = only_block(&text);
    assert_eq!(block.text, "Children in the area are safe.");
    assert_eq!(
        shown(block),
        [(Part::Label, 1, 1), (Part::Text, 1, 4), (Part::Mark, 1, 1), (Part::Text, 1, 2)]
    );
}

#[test]
fn a_number_that_leaves_the_text_is_its_label_on_the_page_too() {
    let mut pdf = Written::new();
    let page = pdf.page(&marked(0, &line("F", 12.0, 72.0, 700.0, "3. Plans are late.")));
    pdf.structure(&format!("[{}]", element("L", page, &element("LI", page, "0"))));
    let text = text_of(&pdf.bytes());

    let block = only_block(&text);
    assert_eq!(block.text, "Plans are late.");
    assert_eq!(shown(block), [(Part::Label, 1, 1), (Part::Text, 1, 3)]);
}

#[test]
fn an_invisible_space_over_letters_parts_no_word_of_the_page() {
    let mut pdf = Written::new();
    pdf.page(
        &[
            line("F", 10.0, 72.0, 742.0, "Care leav"),
            line("F", 10.0, 115.4, 742.0, "ers have a home."),
            line("F", 1.0, 72.1, 741.0, " "),
        ]
        .concat(),
    );
    assert_eq!(text_of(&pdf.bytes()).printed[0].columns, "Care leavers have a home.\n");
}
