use super::writer::{Written, line};
use super::{cells, furniture, item, outline, text_of};
use crate::extract::{Cell, Role};

/// A page of plain text with a running head and its number at the foot.
fn page(number: u32, body: &str) -> String {
    [
        line("F", 9.0, 72.0, 810.0, "Inspection of Northmoor"),
        body.to_owned(),
        line("F", 10.0, 290.0, 30.0, &number.to_string()),
    ]
    .concat()
}

#[test]
fn what_repeats_at_the_edges_of_pages_is_furniture() {
    let mut pdf = Written::new();
    for number in 1..=3 {
        let text = format!("Body of page {number}");
        pdf.page(&page(number, &line("F", 12.0, 72.0, 600.0, &text)));
    }
    let text = text_of(&pdf.bytes());

    let texts: Vec<_> = text.blocks.iter().map(|block| block.text.as_str()).collect();
    assert_eq!(texts, ["Body of page 1", "Body of page 2", "Body of page 3"]);
    assert_eq!(furniture(&text)[..2], [(1, "Inspection of Northmoor"), (1, "1")]);
}

#[test]
fn paragraphs_part_at_leading_weight_bullets_and_numbers() {
    let mut pdf = Written::new();
    pdf.page(
        &[
            line("B", 14.0, 72.0, 760.0, "What needs to improve?"),
            line("F", 12.0, 72.0, 740.0, "Leaders should look at"),
            line("F", 12.0, 72.0, 726.0, "the following."),
            line("F", 12.0, 72.0, 700.0, "\\225 Timely visits"),
            line("F", 12.0, 90.0, 686.0, "to children"),
            line("F", 12.0, 72.0, 672.0, "\\225 Clear plans"),
            line("F", 12.0, 72.0, 650.0, "1. Thresholds are"),
            line("F", 12.0, 90.0, 636.0, "understood."),
        ]
        .concat(),
    );
    let text = text_of(&pdf.bytes());

    assert_eq!(
        outline(&text),
        [
            (Role::Paragraph, "What needs to improve?"),
            (Role::Paragraph, "Leaders should look at the following."),
            (item(1, "•"), "Timely visits to children"),
            (item(1, "•"), "Clear plans"),
            (Role::Paragraph, "1. Thresholds are understood."),
        ]
    );
    assert_eq!((text.blocks[0].bold, text.blocks[1].bold), (1.0, 0.0));
}

#[test]
fn a_table_of_grades_keeps_its_columns_apart() {
    let mut pdf = Written::new();
    pdf.page(
        &[
            line("B", 12.0, 72.0, 700.0, "Judgement"),
            line("B", 12.0, 350.0, 700.0, "Grade"),
            line("F", 12.0, 72.0, 670.0, "Experiences of children who"),
            line("F", 12.0, 350.0, 663.0, "Good"),
            line("F", 12.0, 72.0, 656.0, "need help"),
            line("F", 12.0, 72.0, 620.0, "Overall effectiveness"),
            line("F", 12.0, 350.0, 620.0, "Outstanding"),
            line("F", 12.0, 72.0, 560.0, "The service is good."),
        ]
        .concat(),
    );

    let cell = |row, column| Some(Cell { table: 0, row, column });
    assert_eq!(
        cells(&text_of(&pdf.bytes())),
        [
            (cell(0, 0), "Judgement"),
            (cell(0, 1), "Grade"),
            (cell(1, 0), "Experiences of children who need help"),
            (cell(1, 1), "Good"),
            (cell(2, 0), "Overall effectiveness"),
            (cell(2, 1), "Outstanding"),
            (None, "The service is good."),
        ]
    );
}

#[test]
fn a_contents_page_is_told_by_its_page_numbers() {
    let mut pdf = Written::new();
    let entries = ["Summary", "Findings", "Recommendations"];
    let lines: String = (0..)
        .zip(entries)
        .map(|(place, entry)| {
            let y = 700.0 - 30.0 * place as f32;
            line("F", 12.0, 72.0, y, entry) + &line("F", 12.0, 500.0, y, &format!("{}", place + 2))
        })
        .collect();
    pdf.page(&(line("B", 16.0, 72.0, 760.0, "Contents") + &lines));

    assert_eq!(
        outline(&text_of(&pdf.bytes())),
        [
            (Role::Paragraph, "Contents"),
            (Role::Contents, "Summary 2"),
            (Role::Contents, "Findings 3"),
            (Role::Contents, "Recommendations 4"),
        ]
    );
}

#[test]
fn a_footnote_is_told_by_its_raised_mark() {
    let mut pdf = Written::new();
    pdf.page(
        &[
            line("F", 12.0, 72.0, 700.0, "Local board"),
            line("F", 7.0, 136.0, 705.0, "1"),
            line("F", 6.0, 72.0, 104.0, "1"),
            line("F", 9.0, 76.0, 100.0, "Set up last year."),
        ]
        .concat(),
    );
    let text = text_of(&pdf.bytes());

    assert_eq!(
        outline(&text),
        [(Role::Paragraph, "Local board"), (Role::Note, "Set up last year."),]
    );
    assert_eq!(text.blocks[0].notes, ["1"]);
}

#[test]
fn a_large_space_after_its_mark_makes_a_footnote_no_text() {
    let mut pdf = Written::new();
    let first = [
        line("F", 12.0, 72.0, 140.0, "A panel of young people meets every month, and leaders "),
        line("F", 8.0, 72.0, 107.0, "4"),
        line("F", 12.0, 76.5, 104.0, " "),
        line("F", 10.0, 80.0, 104.0, "Open Door began in spring. It is for those who "),
        line("F", 10.0, 72.0, 92.0, "have left care and live alone."),
    ];
    pdf.page(&first.concat());
    pdf.page(&line("F", 12.0, 72.0, 740.0, "listen to what it says."));
    let text = text_of(&pdf.bytes());

    assert_eq!(
        outline(&text),
        [
            (Role::Paragraph, "A panel of young people meets every month, and leaders"),
            (
                Role::Note,
                "Open Door began in spring. It is for those who have left care and live alone."
            ),
            (Role::Paragraph, "listen to what it says."),
        ]
    );
}

#[test]
fn a_table_of_figures_is_no_contents_page() {
    let mut pdf = Written::new();
    let rows = [("Advice given", "212"), ("Passed on", "129"), ("Visit at once", "44")];
    let lines: String = (0..)
        .zip(rows)
        .map(|(place, (what, figure))| {
            let y = 700.0 - 30.0 * place as f32;
            line("F", 12.0, 72.0, y, what) + &line("F", 12.0, 500.0, y, figure)
        })
        .collect();
    pdf.page(&(line("B", 12.0, 72.0, 760.0, "Table 1: What became of the calls") + &lines));

    let cell = |row, column| Some(Cell { table: 0, row, column });
    let text = text_of(&pdf.bytes());
    let cells = cells(&text);
    assert_eq!(cells[0], (None, "Table 1: What became of the calls"));
    assert_eq!(cells[1..3], [(cell(0, 0), "Advice given"), (cell(0, 1), "212")]);
    assert_eq!(cells[5..], [(cell(2, 0), "Visit at once"), (cell(2, 1), "44")]);
}

#[test]
fn a_title_is_no_furniture_though_the_header_repeats_it() {
    let mut pdf = Written::new();
    let title = line("B", 20.0, 72.0, 780.0, "Inspection of Northmoor");
    pdf.page(&(title + &line("F", 12.0, 72.0, 600.0, "Body of page 1")));
    for number in 2..=4 {
        let text = format!("Body of page {number}");
        pdf.page(&page(number, &line("F", 12.0, 72.0, 600.0, &text)));
    }
    let text = text_of(&pdf.bytes());

    assert_eq!(text.blocks[0].text, "Inspection of Northmoor");
    assert!(furniture(&text).iter().all(|(page, _)| *page > 1));
}

#[test]
fn numbers_with_points_begin_paragraphs_and_decimals_do_not() {
    let mut pdf = Written::new();
    pdf.page(
        &[
            line("F", 12.0, 72.0, 700.0, "3.1 The line is answered"),
            line("F", 12.0, 72.0, 686.0, "by two people of"),
            line("F", 12.0, 72.0, 672.0, "1.3 million."),
            line("F", 12.0, 72.0, 658.0, "3.2 It was set up for children."),
        ]
        .concat(),
    );
    let text = text_of(&pdf.bytes());
    let texts: Vec<_> = text.blocks.iter().map(|block| block.text.as_str()).collect();
    assert_eq!(
        texts,
        [
            "3.1 The line is answered by two people of 1.3 million.",
            "3.2 It was set up for children."
        ]
    );
}
