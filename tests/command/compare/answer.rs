//! Tests the answers of comparisons over invented reports.

use super::made::{compared, grade, index, page, paragraph, question, report};
use findings::answer::compare::quotes::Wanted;
use findings::answer::compare::{Question, Share};
use findings_index::language::query::Query;
use findings_index::records::{Attribute, Grade, Kind, ParagraphRecord, ReportRecord};
use findings_index::request::Filters;

#[test]
fn hostile_names_and_texts_stay_text() {
    let hostile = "late visit <script>alert(1)</script> \"'><img src=x> \u{1b}[31m \u{202e}";
    let report = ReportRecord { authority: Some(hostile.to_owned()), ..report(1) };
    let paragraphs = vec![ParagraphRecord {
        citation: hostile.to_owned(),
        grade: Some(Grade { area: hostile.to_owned(), ..grade(hostile) }),
        ..paragraph(&report, 1, hostile)
    }];
    let (_dir, reader) = index(&[(report, paragraphs)]);
    let mut question = question("\"late visit\"", &[Attribute::Authority], Filters::default());
    question.name = hostile.to_owned();
    question.scope.said = hostile.to_owned();
    let page = page(&compared(&reader, &question));
    assert!(page.contains("<mark>late visit</mark> &lt;script&gt;alert(1)"), "{page}");
    assert!(!page.contains('\u{1b}') && !page.contains('\u{202e}'));
}

#[test]
fn quotes_come_from_different_reports_and_none_repeats_another() {
    let entry = |number: usize, texts: &[&str]| {
        let report = report(number);
        let texts = texts.iter().enumerate();
        let paragraphs = texts.map(|(at, text)| paragraph(&report, at, text)).collect();
        (report, paragraphs)
    };
    let same = "A late visit was made to every child whose plan had ended in that year.";
    let (_dir, reader) = index(&[
        entry(1, &["A late visit.", "A late visit is worse than none.", same]),
        entry(2, &[same, "None but a late visit."]),
        entry(3, &["Nothing was late but one late visit in May."]),
    ]);
    let mut question = question("\"late visit\"", &[Attribute::Framework], Filters::default());
    question.quotes = Wanted::Each(3);
    let answer = compared(&reader, &question);
    let quotes = &answer.groups[0].quotes;
    let reports: Vec<&str> = quotes.iter().map(|quote| quote.head.id.as_str()).collect();
    assert_eq!(reports, ["report-1", "report-3", "report-2"], "{quotes:?}");
    let ranks: Vec<usize> = quotes.iter().map(|quote| quote.rank).collect();
    assert_eq!(ranks, [1, 2, 3]);
    question.quotes = Wanted::Each(0);
    assert!(compared(&reader, &question).groups[0].quotes.is_empty());
}

#[test]
fn silence_keeps_its_reasons_apart() {
    let entry = |number: usize, authority: &str, text: &str, framework: &str| {
        let report = ReportRecord {
            authority: Some(authority.to_owned()),
            framework: framework.to_owned(),
            ..report(number)
        };
        let paragraphs = vec![paragraph(&report, 1, text)];
        (report, paragraphs)
    };
    let (_dir, reader) = index(&[
        entry(1, "Elmet", "A late visit.", "sif"),
        entry(2, "Dumnonia", "Nothing at all.", "sif"),
        entry(3, "Wessex", "A late visit.", "ilacs"),
    ]);
    let filters = Filters::of(Attribute::Framework, vec!["sif".to_owned()]);
    let mut question = question("\"late visit\"", &[Attribute::Authority], filters);
    question.scope.authorities =
        ["Rheged", "Wessex", "Elmet", "Dumnonia"].map(str::to_owned).to_vec();
    let answer = compared(&reader, &question);
    assert_eq!(answer.silence.never, ["Dumnonia"]);
    assert_eq!(answer.silence.left_out, ["Wessex"]);
    assert_eq!(answer.silence.not_held, ["Rheged"]);
    assert_eq!(
        answer.sentence,
        "\"late visit\", only under Single inspection (SIF): mentioned in 1 of 2 inspections of 2 \
         authorities, 2015 (50%); in 1 of 2 not judged overall."
    );
}

#[test]
fn tree_that_finds_everything_matches_all_that_is_eligible() {
    let (_dir, reader) = index(&[{
        let report = report(1);
        let paragraphs = vec![
            paragraph(&report, 1, "One."),
            ParagraphRecord { kind: Kind::Boilerplate, ..paragraph(&report, 2, "Two.") },
        ];
        (report, paragraphs)
    }]);
    let mut question = question("*", &[Attribute::Kind], Filters::default());
    question.query = Query::All;
    let whole = compared(&reader, &question).whole;
    assert_eq!((whole.paragraphs.count, whole.paragraphs.out_of), (1, 1));
}

#[test]
fn context_is_counted_only_where_it_is_asked_for() {
    let (_dir, reader) = index(&[{
        let report = report(1);
        let paragraphs = vec![
            paragraph(&report, 1, "Children wait."),
            ParagraphRecord {
                kind: Kind::Context,
                ..paragraph(&report, 2, "There are 300 children.")
            },
        ];
        (report, paragraphs)
    }]);
    let counted = |question: &Question| {
        let comparison = compared(&reader, question);
        let told = comparison.counted.first().cloned().unwrap_or_default();
        let Share { count, out_of, .. } = comparison.whole.paragraphs;
        (count, out_of, told.contains("but for context and boilerplate"))
    };
    let asked = question("children", &[Attribute::Report], Filters::default());
    assert_eq!(counted(&asked), (1, 1, true));
    let included = Question { include: vec![Kind::Context], ..asked.clone() };
    assert_eq!(counted(&included), (2, 2, false));
    let kind = Filters::of(Attribute::Kind, vec![Kind::Context]);
    assert_eq!(counted(&Question { filters: kind, ..asked.clone() }), (1, 1, false));
    let field = question("children kind:context", &[Attribute::Report], Filters::default());
    assert_eq!(counted(&field), (1, 2, false));
    let not = question("children NOT kind:context", &[Attribute::Report], Filters::default());
    assert_eq!(counted(&not), (1, 1, true));
}
