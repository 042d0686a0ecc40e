use super::{Miss, Why, misses};
use crate::extract::{Block, ExtractedText, Format, Furniture, Role};
use crate::knowledge::{Knowledge, check};
use crate::understand::report::{Source, study};

const FRAMEWORK: &str = r#"
code = "harbour"
name = "Harbour review"
short = "HR"
period = "2019–"
[recognise]
all = ['harbour review', 'office of harbours']
[metadata]
published = ['^published (?P<value>[^\n]+)']
inspected = ['visited (?P<value>[^\n]+)']
[[section]]
area = "Moorings"
[[section]]
area = "Ropes and chains"
heading = '^ropes and chains$'
"#;

/// A report with these blocks and pieces of furniture on its first page.
fn report(blocks: &[(Role, &str)], furniture: &[&str]) -> ExtractedText {
    let block = |(role, text): &(Role, &str)| Block {
        page: Some(1),
        page_end: Some(1),
        ..Block::plain(role.clone(), *text)
    };
    ExtractedText {
        format: Format::Pdf,
        printed: Vec::new(),
        pages: Some(1),
        blocks: blocks.iter().map(block).collect(),
        furniture: furniture
            .iter()
            .map(|text| Furniture { text: (*text).to_owned(), page: 1 })
            .collect(),
        warnings: Vec::new(),
        tagged: Some(true),
        created: None,
    }
}

fn missed(text: &ExtractedText) -> Vec<Miss> {
    let framework = check::check(FRAMEWORK, &[], &[]).framework.unwrap();
    let knowledge = Knowledge::embedded().unwrap().with(framework).unwrap();
    let studied = study(text, &Source { path: "a.pdf", sha256: "" }, &knowledge);
    let own = knowledge.framework("harbour").unwrap();
    misses(own, text, &studied.header, &studied.outline)
}

const BODY: (Role, &str) = (
    Role::Paragraph,
    "The harbour is well kept, and those who use it know whom to ask for a rope.",
);

#[test]
fn a_line_that_was_dropped_as_furniture_is_named_as_that() {
    let text = report(&[(Role::Heading(1), "Harbour review"), BODY], &["Office of Harbours"]);
    let misses = missed(&text);
    assert_eq!(misses.len(), 1);
    assert_eq!(misses[0].key, "recognise, all");
    let near = misses[0].nearest.as_ref().unwrap();
    assert_eq!(
        (near.line.as_str(), near.page, near.why),
        ("Office of Harbours", Some(1), Why::Furniture)
    );
}

#[test]
fn the_nearest_line_is_shown_where_words_differ() {
    let text = report(
        &[(Role::Heading(1), "Harbour review"), (Role::Paragraph, "Office for Harbours"), BODY],
        &[],
    );
    let near = missed(&text)[0].nearest.clone().unwrap();
    assert_eq!((near.line.as_str(), near.why), ("Office for Harbours", Why::Differs));
}

#[test]
fn a_recognised_report_is_told_of_what_it_does_not_have() {
    let text = report(
        &[
            (Role::Heading(1), "Harbour review"),
            (Role::Paragraph, "Office of Harbours"),
            (Role::Paragraph, "Published 12 July 2019"),
            (Role::Paragraph, "Visited in the spring"),
            (Role::Heading(2), "Moorings"),
            BODY,
            (Role::ListItem { depth: 1, label: Some("•".to_owned()) }, "Ropes and chains"),
        ],
        &[],
    );
    let why = |key: &str| {
        let misses = missed(&text);
        let miss = misses.into_iter().find(|miss| miss.key == key).unwrap();
        miss.nearest.unwrap().why
    };
    assert_eq!(why("metadata, published"), Why::Edge);
    assert_eq!(why("metadata, inspected"), Why::Unread);
    assert_eq!(why("section 2, heading"), Why::NotHeading);
    assert!(!missed(&text).iter().any(|miss| miss.key == "section 1, heading"));
}
