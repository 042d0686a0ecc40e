//! Where the order of the tags and the order on the page differ.

use super::text_of;
use super::writer::{Written, element, line, marked};
use crate::extract::ExtractedText;

fn texts(text: &ExtractedText) -> Vec<&str> {
    text.blocks.iter().map(|block| block.text.as_str()).collect()
}

fn list_item(page: u32, label: &str, body: &str) -> String {
    element("LI", page, &(element("Lbl", page, label) + &element("LBody", page, body)))
}

#[test]
fn words_tagged_as_the_label_of_another_item_are_read_where_they_are_printed() {
    let mut pdf = Written::new();
    let page = pdf.page(
        &[
            marked(0, &line("F", 12.0, 72.0, 700.0, "\\225 Visits are made every fortnight.")),
            marked(1, &line("F", 12.0, 72.0, 680.0, "\\225 Parents are heard ")),
            marked(2, &line("F", 12.0, 180.0, 680.0, "much sooner")),
            marked(3, &line("F", 12.0, 248.0, 680.0, " than")),
            marked(4, &line("F", 12.0, 84.0, 666.0, "they were a year ago.")),
        ]
        .concat(),
    );
    let items = list_item(page, "2", "0") + &list_item(page, "", "1 3 4");
    pdf.structure(&format!("[{}]", element("L", page, &items)));
    let text = text_of(&pdf.bytes());

    assert_eq!(
        texts(&text),
        [
            "Visits are made every fortnight.",
            "Parents are heard much sooner than they were a year ago.",
        ]
    );
    assert!(text.warnings.is_empty(), "{:?}", text.warnings);
}

#[test]
fn a_first_line_tagged_in_the_item_above_belongs_to_its_own_bullet() {
    let mut pdf = Written::new();
    let page = pdf.page(
        &[
            marked(0, &line("F", 12.0, 72.0, 700.0, "\\225 Visits are made every fortnight.")),
            marked(1, &line("F", 12.0, 72.0, 680.0, "\\225")),
            marked(2, &line("F", 12.0, 90.0, 680.0, "Young people who have left care are helped ")),
            marked(3, &line("F", 12.0, 90.0, 666.0, "to find a home of their own.")),
        ]
        .concat(),
    );
    let items = list_item(page, "2", "0") + &list_item(page, "", "1 3");
    pdf.structure(&format!("[{}]", element("L", page, &items)));

    assert_eq!(
        texts(&text_of(&pdf.bytes())),
        [
            "Visits are made every fortnight.",
            "Young people who have left care are helped to find a home of their own.",
        ]
    );
}

#[test]
fn a_letter_drawn_after_its_line_is_read_in_its_word() {
    let mut pdf = Written::new();
    let page = pdf.page(&marked(
        0,
        &[
            line("F", 12.0, 72.0, 700.0, "Plans are "),
            line("F", 12.0, 133.2, 700.0, "ollowed up "),
            line("F", 12.0, 130.0, 700.0, "f"),
            line("F", 12.0, 72.0, 686.0, "every month."),
        ]
        .concat(),
    ));
    pdf.structure(&format!("[{}]", element("P", page, "0")));

    assert_eq!(texts(&text_of(&pdf.bytes())), ["Plans are followed up every month."]);
}

#[test]
fn raised_letters_drawn_first_stay_in_their_line() {
    let mut pdf = Written::new();
    let page = pdf.page(&marked(
        0,
        &[
            line("F", 12.0, 72.0, 700.0, "until their "),
            line("F", 12.0, 130.0, 700.0, "18"),
            line("F", 7.0, 143.4, 705.5, "th"),
            line("F", 12.0, 149.0, 700.0, " birthday"),
        ]
        .concat(),
    ));
    pdf.structure(&format!("[{}]", element("P", page, "0")));

    assert_eq!(texts(&text_of(&pdf.bytes())), ["until their 18th birthday"]);
}

#[test]
fn a_minus_between_years_is_no_bullet() {
    let mut pdf = Written::new();
    let page = pdf.page(&marked(
        0,
        &[
            line("F", 12.0, 72.0, 700.0, "Plans were made in 2016"),
            line("B", 12.0, 202.1, 700.0, "\\267"),
            line("F", 12.0, 205.5, 700.0, "17 for all."),
        ]
        .concat(),
    ));
    let list = element("L", page, &element("LI", page, &element("LBody", page, "0")));
    pdf.structure(&format!("[{list}]"));

    assert_eq!(texts(&text_of(&pdf.bytes())), ["Plans were made in 2016·17 for all."]);
}

#[test]
fn pages_come_in_order_though_the_first_is_tagged_last() {
    let mut pdf = Written::new();
    let at = |place: u32, y: f32, text: &str| marked(place, &line("F", 12.0, 72.0, y, text));
    let first = pdf.page(&[at(0, 700.0, "Summary"), at(1, 80.0, "Leaders ")].concat());
    let second = pdf.page(&[at(0, 700.0, "know the area."), at(1, 660.0, "Visits.")].concat());
    let third = pdf.page(&at(0, 700.0, "Next steps."));
    let over = format!("<</Type/MCR/Pg {first} 0 R/MCID 1>> <</Type/MCR/Pg {second} 0 R/MCID 0>>");
    pdf.structure(&format!(
        "[{} {} {} {}]",
        element("P", second, "1"),
        element("P", third, "0"),
        element("H1", first, "0"),
        element("P", first, &over),
    ));

    assert_eq!(
        texts(&text_of(&pdf.bytes())),
        ["Summary", "Leaders know the area.", "Visits.", "Next steps."]
    );
}

#[test]
fn a_box_tagged_after_the_text_below_it_comes_where_it_is_printed() {
    let mut pdf = Written::new();
    let at = |place: u32, y: f32, text: &str| marked(place, &line("F", 12.0, 72.0, y, text));
    let page = pdf.page(
        &[
            at(0, 700.0, "Above."),
            at(1, 600.0, "Below."),
            at(2, 560.0, "Last."),
            at(3, 650.0, "Box."),
        ]
        .concat(),
    );
    let kids: String = (0..4).map(|id| element("P", page, &id.to_string())).collect();
    pdf.structure(&format!("[{kids}]"));

    assert_eq!(texts(&text_of(&pdf.bytes())), ["Above.", "Box.", "Below.", "Last."]);
}

#[test]
fn cells_next_to_each_other_stay_apart_however_narrow_the_gap() {
    let mut pdf = Written::new();
    let page = pdf.page(
        &[
            marked(
                0,
                &[
                    line("F", 12.0, 72.0, 700.0, "Help for families who"),
                    line("F", 12.0, 72.0, 686.0, "have not asked for it"),
                ]
                .concat(),
            ),
            marked(
                1,
                &[
                    line("F", 12.0, 196.0, 700.0, "The council and the"),
                    line("F", 12.0, 196.0, 686.0, "health board"),
                ]
                .concat(),
            ),
        ]
        .concat(),
    );
    let row = element("TD", page, "0") + &element("TD", page, "1");
    pdf.structure(&format!("[{}]", element("Table", page, &element("TR", page, &row))));

    assert_eq!(
        texts(&text_of(&pdf.bytes())),
        ["Help for families who have not asked for it", "The council and the health board"]
    );
}

#[test]
fn two_columns_are_read_one_after_the_other() {
    let mut pdf = Written::new();
    let column = |id: u32, x: f32, words: [&str; 3]| {
        let lines: String = (0..)
            .zip(words)
            .map(|(place, text)| line("F", 12.0, x, 700.0 - 14.0 * place as f32, text))
            .collect();
        marked(id, &lines)
    };
    let page = pdf.page(
        &[
            column(0, 72.0, ["Children are", "seen alone and", "are heard."]),
            column(1, 320.0, ["Managers ask", "what has changed", "since."]),
        ]
        .concat(),
    );
    pdf.structure(&format!("[{} {}]", element("P", page, "0"), element("P", page, "1")));

    assert_eq!(
        texts(&text_of(&pdf.bytes())),
        ["Children are seen alone and are heard.", "Managers ask what has changed since."]
    );
}
