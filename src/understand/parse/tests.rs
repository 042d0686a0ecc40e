//! What becomes of headings, tables and boxes, on blocks as a PDF gives them.

use crate::extract::{Block, Cell, ExtractedText, Format, Role};
use crate::knowledge::Knowledge;
use crate::understand::report::{Report, Source, understand};
use findings_index::records::{Kind, ParagraphRecord};

const SENTENCE: &str = "Managers in Essex know where each child is and what is done to help them.";

/// A line or paragraph of a page.
fn block(page: u32, size: f32, bold: bool, text: &str) -> Block {
    let mut block = Block::plain(Role::Paragraph, text);
    block.page = Some(page);
    block.page_end = Some(page);
    block.size = size;
    block.bold = if bold { 1.0 } else { 0.0 };
    block.left = 60.0;
    block.hang = 60.0;
    block
}

fn head(size: f32, text: &str) -> Block {
    block(2, size, true, text)
}

fn line(text: &str) -> Block {
    block(2, 12.0, false, text)
}

fn said(number: u32) -> Block {
    let label = Some(format!("{number}."));
    Block { role: Role::ListItem { depth: 1, label }, ..line(SENTENCE) }
}

fn bullet(text: &str) -> Block {
    Block { role: Role::ListItem { depth: 1, label: Some("•".to_owned()) }, ..line(text) }
}

/// Puts blocks into a table, each row a list of cells.
fn table<const N: usize>(number: u32, rows: Vec<[Block; N]>) -> Vec<Block> {
    let placed = (0..).zip(rows).flat_map(|(row, cells)| {
        (0..).zip(cells).filter(|(_, cell)| !cell.text.is_empty()).map(move |(column, cell)| {
            Block { cell: Some(Cell { table: number, row, column }), ..cell }
        })
    });
    placed.collect()
}

fn report(cover: &[&str], blocks: Vec<Block>) -> Report {
    let cover = cover.iter().map(|text| block(1, 12.0, false, text));
    let text = ExtractedText {
        format: Format::Pdf,
        printed: Vec::new(),
        pages: Some(3),
        blocks: cover.chain(blocks).collect(),
        furniture: Vec::new(),
        warnings: Vec::new(),
        tagged: Some(true),
        created: None,
    };
    let source = Source { path: "essex.pdf", sha256: "00" };
    understand(&text, &source, &Knowledge::embedded().unwrap()).unwrap()
}

fn ilacs(blocks: Vec<Block>) -> Report {
    report(&["Essex County Council", "Inspection of children’s social care services"], blocks)
}

fn sif(blocks: Vec<Block>) -> Report {
    const TITLE: &str = "Inspection of services for children in need of help and protection, \
                         children looked after and care leavers";
    report(&["Essex County Council", TITLE, "Children’s services in Essex are good"], blocks)
}

fn jtai(blocks: Vec<Block>) -> Report {
    report(&["Joint targeted area inspection of Essex"], blocks)
}

fn numbered<'r>(report: &'r Report, number: &str) -> &'r ParagraphRecord {
    report.paragraphs.iter().find(|p| p.number.as_deref() == Some(number)).unwrap()
}

/// The numbered paragraphs: innermost heading and grade.
fn places(report: &Report) -> Vec<(&str, Option<&str>)> {
    let numbered = report.paragraphs.iter().filter(|p| p.number.is_some());
    numbered
        .map(|p| (p.section.last().unwrap().as_str(), p.grade.as_ref().map(|g| g.label.as_str())))
        .collect()
}

const HELP: &str = "The experiences and progress of children who need help and protection";
const CARE: &str = "The experiences and progress of children in care and care leavers";
const LEADERS: &str = "The impact of leaders on social work practice with children and families";

fn cell_pair(area: &str, grade: &str) -> [Block; 2] {
    [head(12.0, area), head(12.0, grade)]
}

fn cover_table() -> Vec<Block> {
    let mut cells = table(
        0,
        vec![
            cell_pair("Judgement", "Grade"),
            cell_pair(LEADERS, "Good"),
            cell_pair(HELP, "Inadequate"),
            cell_pair(CARE, "Good"),
            cell_pair("Overall effectiveness", "Inadequate"),
        ],
    );
    for cell in &mut cells {
        cell.page = Some(1);
    }
    cells
}

#[test]
fn a_heading_with_its_grade_in_the_next_cell_heads_a_section_even_if_all_before_it_is_in_tables() {
    let mut blocks = cover_table();
    blocks
        .extend(table(1, vec![[head(13.0, "What needs to improve?")], [bullet("How plans end.")]]));
    blocks.extend(table(2, vec![cell_pair(HELP, "Inadequate")]));
    blocks.push(said(1));
    blocks.extend(table(3, vec![cell_pair(CARE, "Good")]));
    blocks.push(said(2));
    blocks.extend(table(4, vec![cell_pair(LEADERS, "Good")]));
    blocks.push(said(3));
    let report = ilacs(blocks);
    let made = places(&report);
    assert_eq!(made, [(HELP, Some("Inadequate")), (CARE, Some("Good")), (LEADERS, Some("Good"))]);
    assert_eq!(report.record.judgements.len(), 4);
    assert_eq!(numbered(&report, "1").kind, Kind::Finding);
}

#[test]
fn a_table_of_headings_each_with_its_text_below_it_is_no_list_of_judgements() {
    let text = |number| [said(number), line("")];
    let mut blocks = cover_table();
    blocks.extend(table(
        1,
        vec![
            cell_pair(HELP, "Inadequate"),
            text(1),
            cell_pair(CARE, "Good"),
            text(2),
            cell_pair(LEADERS, "Good"),
            text(3),
        ],
    ));
    let report = ilacs(blocks);
    let made = places(&report);
    assert_eq!(made, [(HELP, Some("Inadequate")), (CARE, Some("Good")), (LEADERS, Some("Good"))]);
    assert_eq!(report.record.judgements.len(), 4);
}

#[test]
fn a_table_with_the_judgements_of_an_earlier_inspection_adds_none() {
    let mut blocks = cover_table();
    blocks.push(head(13.0, "What needs to improve?"));
    blocks.push(bullet("How plans end."));
    blocks.extend(table(
        1,
        vec![cell_pair(HELP, "Good"), cell_pair(CARE, "Good"), cell_pair(LEADERS, "Inadequate")],
    ));
    blocks.push(head(13.0, &format!("{HELP}: inadequate")));
    blocks.push(said(1));
    let report = ilacs(blocks);
    assert_eq!(places(&report), [(HELP, Some("Inadequate"))]);
    assert_eq!(report.record.judgements.len(), 4);
    assert!(report.paragraphs.iter().any(|p| p.text == format!("{HELP} | Good")));
}

#[test]
fn lines_that_name_areas_in_facts_and_recommendations_begin_no_judged_section() {
    let report = sif(vec![
        head(16.0, "The local authority"),
        head(14.0, "Information about this local authority area"),
        head(12.0, "Previous inspections"),
        line("The last inspection found the following."),
        line("Adoption performance: good"),
        line("Leadership, management and governance: inadequate."),
        line("Two letters were published between that inspection and this one."),
        head(14.0, "Recommendations"),
        head(12.0, "Leadership, management and governance"),
        said(1),
        head(14.0, "Leadership, management and governance: good"),
        said(2),
    ]);
    let areas: Vec<&str> = report.record.judgements.iter().map(|j| j.area.as_str()).collect();
    assert_eq!(areas, ["Leadership, management and governance", "Overall effectiveness"]);
    assert_eq!(
        places(&report),
        [
            ("Leadership, management and governance", None),
            ("Leadership, management and governance", Some("Good"))
        ]
    );
    assert_eq!(numbered(&report, "1").section[1], "Recommendations");
    assert_eq!(numbered(&report, "1").kind, Kind::Recommendation);
    let facts: Vec<&ParagraphRecord> = report
        .paragraphs
        .iter()
        .filter(|p| p.section.last().is_some_and(|h| h == "Previous inspections"))
        .collect();
    assert_eq!(facts.len(), 4);
    assert!(facts.iter().all(|p| p.grade.is_none()));
    assert_eq!(facts[2].text, "Leadership, management and governance: inadequate.");
}

#[test]
fn a_heading_that_no_framework_knows_contains_no_prescribed_section_printed_like_it() {
    let report = sif(vec![
        head(16.0, "The local authority"),
        head(14.0, "The council and its partners"),
        line(SENTENCE),
        head(14.0, "Executive summary"),
        line(SENTENCE),
        head(12.0, "Recommendations"),
        said(1),
        head(14.0, "Leadership, management and governance: good"),
        said(2),
    ]);
    assert_eq!(numbered(&report, "1").section, ["The local authority", "Recommendations"]);
    assert_eq!(
        numbered(&report, "2").section,
        ["The local authority", "Leadership, management and governance"]
    );
}

#[test]
fn the_closing_part_is_outermost_where_it_is_printed_like_one() {
    let report = sif(vec![
        head(16.0, "The local authority"),
        head(14.0, "Leadership, management and governance: good"),
        said(1),
        head(16.0, "Information about this inspection"),
        line(SENTENCE),
    ]);
    let last = report.paragraphs.last().unwrap();
    assert_eq!(last.section, ["Information about this inspection"]);
}

#[test]
fn after_a_box_the_text_goes_on_in_the_section_that_the_box_interrupts() {
    let mut blocks = vec![head(12.0, "Main findings"), head(12.0, "Leaders"), line(SENTENCE)];
    blocks.extend(table(
        0,
        vec![[head(12.0, "Practice study: effective practice")], [line(SENTENCE)]],
    ));
    blocks.push(line("The text goes on after the box and says how the agencies work together."));
    blocks.push(head(12.0, "Practice"));
    blocks
        .push(line("The next heading is as deep as the one before the box was, as it is printed."));
    blocks.extend(table(
        1,
        vec![[head(12.0, "Places and spaces: highly effective practice")], [line(SENTENCE)]],
    ));
    blocks.push(head(12.0, "Next steps"));
    let report = jtai(blocks);
    let paths: Vec<String> = report.paragraphs.iter().map(|p| p.section.join(" › ")).collect();
    assert_eq!(
        paths[1..],
        [
            "Main findings › Leaders",
            "Practice study: effective practice",
            "Main findings › Leaders",
            "Main findings › Practice",
            "Places and spaces: highly effective practice",
        ]
    );
}

#[test]
fn a_heading_printed_like_that_of_the_recommendations_before_it_is_no_part_of_them() {
    let report = jtai(vec![
        head(12.0, "What needs to improve?"),
        bullet("The time that families wait."),
        head(12.0, "Essex Safeguarding Children Partnership"),
        line(SENTENCE),
    ]);
    let last = report.paragraphs.last().unwrap();
    assert_eq!(last.section, ["Essex Safeguarding Children Partnership"]);
    assert_eq!(last.kind, Kind::Finding);
}

#[test]
fn the_summary_of_a_board_has_the_grade_that_is_printed_directly_above_it() {
    let board = |graded: bool| {
        let mut blocks = vec![head(16.0, "The Local Safeguarding Children Board (LSCB)")];
        if graded {
            blocks.push(head(14.0, "The Local Safeguarding Children Board is good"));
        }
        blocks.extend([
            head(14.0, "Executive summary"),
            line(SENTENCE),
            head(14.0, "Recommendations"),
            said(1),
            head(14.0, "Inspection findings"),
            said(2),
        ]);
        if !graded {
            blocks
                .insert(0, block(1, 12.0, false, "The Local Safeguarding Children Board is good"));
        }
        sif(blocks)
    };
    let grades = |report: &Report| -> Vec<bool> {
        let body = report.paragraphs.iter().filter(|p| p.page == Some(2));
        body.map(|p| p.grade.is_some()).collect()
    };
    assert_eq!(grades(&board(true)), [true, false, true]);
    assert_eq!(grades(&board(false)), [false, false, true]);
}

#[test]
fn bold_lines_in_the_size_of_headings_that_are_known_are_headings() {
    let report = sif(vec![
        block(1, 12.0, true, "Report published: 3 March 2016"),
        head(16.0, "The local authority"),
        head(14.0, "Information about this local authority area"),
        head(12.0, "Previous inspections"),
        bullet(SENTENCE),
        head(12.0, "Children living in this area"),
        bullet(SENTENCE),
    ]);
    let paths: Vec<&str> = report
        .paragraphs
        .iter()
        .filter(|p| p.page == Some(2))
        .map(|p| p.section.last().unwrap().as_str())
        .collect();
    assert_eq!(paths, ["Previous inspections", "Children living in this area"]);
    assert!(report.paragraphs.iter().any(|p| p.text.contains("Report published")));
}

#[test]
fn rows_that_say_something_of_a_date_are_rows_however_long_they_are() {
    let long = SENTENCE.repeat(4);
    let rows = vec![
        [head(11.0, "March 2009"), line("The house opens with four children")],
        [head(11.0, "2012"), line(&long)],
        [head(11.0, "9 December 2013"), line("The committee meets")],
    ];
    let mut blocks = vec![head(15.0, "Chronology")];
    blocks.extend(table(0, rows));
    blocks.push(head(15.0, "What should have been done"));
    blocks.push(line(SENTENCE));
    let report = report(&["The Harbour Street Inquiry"], blocks);
    let rows: Vec<_> = report.paragraphs.iter().filter(|p| p.kind == Kind::Table).collect();
    assert_eq!(rows.len(), 3);
    assert!(rows.iter().all(|row| row.section.last().is_some_and(|h| h == "Chronology")));
    assert!(rows[2].text.starts_with("9 December 2013 | The committee"));
}

#[test]
fn the_end_of_a_letter_is_no_rest_of_the_last_numbered_paragraph() {
    let below = |text: &str| block(3, 12.0, false, text);
    let report = ilacs(vec![
        head(14.0, LEADERS),
        said(1),
        below("They meet every week."),
        below("Yours sincerely"),
        below("Northmoor House, 1 Quay Street"),
    ]);
    assert!(numbered(&report, "1").text.ends_with("They meet every week."));
    let last = report.paragraphs.last().map(|p| (p.kind, p.text.as_str()));
    assert_eq!(last, Some((Kind::Boilerplate, "Northmoor House, 1 Quay Street")));
}

#[test]
fn a_paragraph_on_nothing_but_earlier_inspections_is_context() {
    const EARLIER: &str = "The previous inspection of foster homes in Essex was in June 2011 and \
                           found them sound. The local authority was judged sound as well.";
    let since = format!("{EARLIER} Homes are better now.");
    let report = sif(vec![
        head(16.0, "The local authority"),
        head(14.0, "Progress since the last inspection"),
        line(EARLIER),
        line(&since),
    ]);
    let kinds = report.paragraphs.iter().rev().take(2).map(|p| p.kind).collect::<Vec<_>>();
    assert_eq!(kinds, [Kind::Finding, Kind::Context]);
}
