//! What a reader notices of a report.

use super::{ReportPage, report};
use crate::answer::as_read::AsRead;
use crate::ask::{Answer, Question};
use crate::render::html::page::fake::{Fake, Read, corpus, site};
use crate::render::html::page::problem::Problem;
use crate::render::samples;
use findings_index::records::{Kind, ParagraphRecord, ReportRecord, SectionRecord};
use findings_index::request::{Hit, SearchResponse};

const REPORT: &str = "wealdshire-sif-2015-10-19";

fn paragraph(place: &str, section: &[String], page: u32) -> ParagraphRecord {
    ParagraphRecord {
        id: format!("{REPORT}/{place}"),
        section: section.to_vec(),
        number: place.parse::<u32>().ok().map(|number| number.to_string()),
        page: Some(page),
        page_end: Some(page),
        text: format!("A return interview is told of in {place}."),
        ..samples::paragraph()
    }
}

/// A report whose headings skip a level and whose text would be markup.
fn invented() -> (ReportRecord, Vec<ParagraphRecord>) {
    let mut report = samples::report();
    let help = report.sections[1].clone();
    let deep = vec![help.path[0].clone(), "Outer".to_owned(), "Inner <script>".to_owned()];
    let sections = [(help.path.clone(), 9, 3), (deep.clone(), 10, 2)];
    report.sections = sections
        .map(|(path, page, paragraphs)| SectionRecord {
            path,
            page: Some(page),
            paragraphs,
            ..help.clone()
        })
        .to_vec();
    let first = &report.sections[0].path.clone();
    let parent = paragraph("44", first, 9);
    let mut bullet = paragraph("p9.1", first, 9);
    (bullet.kind, bullet.parent) = (Kind::Bullet, Some(parent.id.clone()));
    let mut second = bullet.clone();
    second.id = format!("{REPORT}/p9.2");
    let mut hostile = paragraph("45", &deep, 10);
    hostile.text = "<script>alert(1)</script> & a return interview".to_owned();
    let mut asked = paragraph("46", &deep, 11);
    (asked.kind, asked.timescale) = (Kind::Recommendation, Some("within three months".to_owned()));
    (report, vec![parent, bullet, second, hostile, asked])
}

/// An answer in which the paragraphs at some places match in their first word.
fn found(paragraphs: &[ParagraphRecord], places: &[usize]) -> Answer<SearchResponse> {
    let hit = |place: &usize| Hit {
        paragraph: paragraphs[*place].clone(),
        spans: vec![[2, 8]],
        ..samples::hit()
    };
    // The engine gives the best match first.
    let hits = places.iter().rev().map(hit).collect();
    Answer::of(SearchResponse { hits, ..samples::response() })
}

fn shown(here: Option<&str>, places: &[usize], kept: &[&str]) -> String {
    let (report_of, paragraphs) = invented();
    let answer = found(&paragraphs, places);
    let read = AsRead::new(report_of, paragraphs, &answer.response.hits);
    let read = AsRead { on_authority: 4, ..read };
    let question = Question { text: "\"return interview\"".to_owned(), ..Question::default() };
    let here = here.map(|place| format!("{REPORT}/{place}"));
    let addresses = Fake { kept: kept.iter().map(|id| (*id).to_owned()).collect() };
    let (here, outcome) = (here.as_deref(), (!places.is_empty()).then_some(Ok(&answer)));
    let view = ReportPage { read: &read, here, question: &question, outcome };
    report(&site(&addresses, &corpus()), &view)
}

#[test]
fn the_head_says_which_report_it_is() {
    let page = Read::new(&shown(None, &[], &[]));
    page.is_sound();
    assert_eq!(page.texts("h1"), ["Wealdshire"]);
    let facts = page.texts(".facts li").join(" | ");
    for fact in [
        "Single inspection (SIF)",
        "19 October – 12 November 2015",
        "published 8 January 2016",
        "lead inspector Ada Brook",
        "Overall ●○○○ Inadequate",
        "Original PDF",
        "All reports on Wealdshire (4)",
        "inspected 19 October – 12 November 2015, published 8 January 2016",
    ] {
        assert!(facts.contains(fact), "{fact} is not in {facts}");
    }
    assert_eq!(page.values("form input[name=report]", "value"), [REPORT]);
    assert_eq!(page.texts(".judgements tbody tr").len(), 3);
    assert!(page.texts(".unread").concat().contains("Page 12: paragraph 46 is missing"));
}

#[test]
fn headings_skip_no_level_and_say_where_they_are() {
    let page = Read::new(&shown(None, &[], &[]));
    assert_eq!(page.texts("#text h2"), ["Children who need help and protection"]);
    assert_eq!(page.texts("#text h3"), ["Inner <script>"]);
    let places = page.texts("#text .place");
    assert!(places[0].contains("section judged ●○○○ Inadequate, printed in a table, the heading"));
    assert!(
        places[1].starts_with("Children who need help and protection › Outer · "),
        "{places:?}"
    );
    let outline = page.texts("nav.outline li li");
    assert_eq!(outline, ["Inner <script>"], "the grade is told once");
}

#[test]
fn paragraphs_have_their_places_numbers_pages_and_bullets() {
    let page = Read::new(&shown(None, &[], &[]));
    assert_eq!(page.values(".para", "id"), ["44", "p9.1", "p9.2", "45", "46"]);
    assert_eq!(page.texts(".para .no")[..2], ["44 Link", "Link"]);
    assert_eq!(page.values("ul.bullets li.para", "id"), ["p9.1", "p9.2"]);
    assert_eq!(page.texts(".break"), ["page 9", "page 10", "page 11"]);
    assert_eq!(page.texts(".kind"), ["Recommendation: within three months"]);
    assert!(page.texts(".para .tools").is_empty());
}

#[test]
fn text_of_a_report_is_never_markup() {
    let page = shown(Some("45"), &[3], &[]);
    assert!(!page.contains("<script>"), "only the script of the site is one");
    assert!(page.contains("&lt;script&gt;"));
}

#[test]
fn matches_are_marked_and_lead_to_one_another() {
    let page = Read::new(&shown(None, &[0, 3, 4], &[]));
    page.is_sound();
    let bar = page.texts(".matches");
    assert_eq!(bar, ["\"return interview\": 3 paragraphs match First match Remove the marks"]);
    assert_eq!(page.values(".matches a", "href"), ["#m1".to_owned(), format!("/reports/{REPORT}")]);
    assert_eq!(page.texts("mark").len(), 3);
    assert_eq!(page.texts(".step")[1], "Match 2 of 3 Previous Next");
    assert_eq!(page.values(".step a", "href"), ["#m2", "#m1", "#m3", "#m2"]);
    assert_eq!(page.texts("nav.outline span.soft"), ["1 match", "2 matches"]);
    assert_eq!(page.texts(".para .tools").len(), 3);
}

#[test]
fn the_paragraph_at_which_one_is_can_be_reached_and_used() {
    let page = Read::new(&shown(Some("45"), &[0, 3, 4], &["other/1"]));
    page.is_sound();
    assert_eq!(page.values(".para.here", "id"), ["45"]);
    assert_eq!(page.values(".para.here > span", "id"), ["here", "m2"]);
    assert!(page.texts("title")[0].starts_with(&samples::paragraph().citation));
    assert!(page.texts(".matches")[0].contains("match 2 of 3 Previous Next"));
    assert_eq!(page.values(".here a.keep", "href"), [format!("/Keep/{REPORT}/45#45")]);
    let marked = format!("/paragraphs/{REPORT}/45?q=\"return interview\"#here");
    assert_eq!(page.values(".here .no a", "href"), [marked]);
}

#[test]
fn a_large_basket_does_not_swell_the_links_of_every_paragraph() {
    let kept: Vec<String> = (0..21).map(|place| format!("other/{place}")).collect();
    let kept: Vec<&str> = kept.iter().map(String::as_str).collect();
    let page = Read::new(&shown(None, &[], &kept));
    assert_eq!(page.values(".para .no a", "href")[0], "#44");
}

#[test]
fn a_refused_question_is_told_above_the_report() {
    let (report_of, paragraphs) = invented();
    let read = AsRead::new(report_of, paragraphs, &[]);
    let problem = Problem {
        uri: "about:blank",
        status: 400,
        title: "Not answered",
        code: "unknown_field",
        detail: "unknown field `grad`".to_owned(),
        parameter: Some("q".to_owned()),
        typed: Some("grad:good".to_owned()),
        span: Some([0, 4]),
        suggestion: Some("grade:good".to_owned()),
        hints: Vec::new(),
        errors: Vec::new(),
        lead: None,
    };
    let question = Question { text: "grad:good".to_owned(), ..Question::default() };
    let view =
        ReportPage { read: &read, here: None, question: &question, outcome: Some(Err(&problem)) };
    let page = Read::new(&report(&site(&Fake::default(), &corpus()), &view));
    page.is_sound();
    assert_eq!(page.values(".problem a", "href"), [format!("/reports/{REPORT}?q=grade:good")]);
    assert_eq!(page.texts(".words").len(), 5);
    assert!(page.values(".para .no a", "href")[0].ends_with("/44#here"), "nothing is marked");
}
