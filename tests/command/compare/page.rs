//! Tests the page and the Markdown that go to a committee.

use super::made::{compared, grade, index, page, paragraph, question, report};
use crate::built::Built;
use findings::ask::Neighbourhood;
use findings::render::Committee;
use findings::render::html::{self, STYLE, Sheet};
use findings_index::Engine;
use findings_index::records::{Attribute, ParagraphRecord, ReportRecord};
use findings_index::request::Filters;
use scraper::{ElementRef, Html, Selector};
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;

/// The samples, with their whole table of authorities and the edition of their neighbours.
fn samples() -> Built {
    let built = Built::samples();
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/authorities.csv");
    std::fs::copy(table, built.0.path().join("bodies.csv")).unwrap();
    let config = "authorities = ['bodies.csv']\nneighbours_edition = 'of 2023'\n";
    std::fs::write(built.0.path().join("findings.toml"), config).unwrap();
    let reports = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/reports");
    assert_eq!(built.run(&["index", reports.to_str().unwrap()]).0, 0);
    built
}

fn written(built: &Built, arguments: &[&str]) -> String {
    let (code, _, said) = built.run(&[arguments, &["--html", "page.html"]].concat());
    assert_ne!(code, 2, "{said}");
    std::fs::read_to_string(built.0.path().join("page.html")).unwrap()
}

fn all<'h>(page: &'h Html, selector: &str) -> Vec<ElementRef<'h>> {
    page.select(&Selector::parse(selector).unwrap()).collect()
}

fn text(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn texts(page: &Html, selector: &str) -> Vec<String> {
    all(page, selector).into_iter().map(text).collect()
}

#[test]
fn the_council_is_among_its_neighbours_and_marked_with_the_edition_of_the_table() {
    let built = samples();
    let asked = ["compare", "supervision", "--by", "authority", "--neighbours-of", "Brackenford"];
    let page = Html::parse_document(&written(&built, &asked));
    assert_eq!(texts(&page, "#groups ~ .wide tr.own th")[0], "Brackenford your council, small");
    let rows = texts(&page, "main > .wide:first-of-type tbody th");
    assert_eq!(rows.iter().filter(|name| name.contains('†')).count(), 4, "{rows:?}");
    let told = texts(&page, "main > p").join("\n");
    assert!(told.contains("† Statistical neighbours of Brackenford (edition: of 2023)."), "{told}");
    assert!(told.contains("nearest first: Harrowdale; Kelderby; Fairmere; Stonewick."), "{told}");
    let (_, answer, _) = built.run(&asked);
    let lines: Vec<&str> = answer.lines().collect();
    assert!(
        lines[0].starts_with("‘supervision’, only of Brackenford and 4 of its statistical neigh"),
        "{answer}"
    );
    assert!(lines.iter().any(|line| line.starts_with("Brackenford * ←")), "{answer}");
    // What is suggested to repeat it asks for the neighbours as such.
    let again = "findings compare --by=authority --neighbours-of=Brackenford supervision";
    assert!(lines.iter().any(|line| line.trim() == again), "{answer}");
}

#[test]
fn without_a_known_edition_that_is_said() {
    let built = samples();
    std::fs::write(built.0.path().join("findings.toml"), "authorities = ['bodies.csv']\n").unwrap();
    let asked = ["compare", "supervision", "--by", "authority", "--neighbours-of", "Brackenford"];
    let (_, answer, _) = built.run(&asked);
    let words = answer.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("neighbours of Brackenford (edition not known)"), "{answer}");
}

#[test]
fn the_table_comes_first_the_method_last_and_quotations_in_an_annex() {
    let built = samples();
    let page = written(&built, &["compare", "supervision", "--by", "authority"]);
    let page = Html::parse_document(&page);
    insta::assert_snapshot!(texts(&page, "h2").join("\n"), @"
    The groups
    What may be said, and what may not
    Inspections that mention it
    Could the differences be chance?
    The newest inspections, next to all
    Grades of the sections in which it is
    Silence
    Other ways of counting
    What to know before drawing a conclusion
    What was counted, and how
    How to repeat this
    Sources
    Annex: in their words
    From every number to its paragraphs
    ");
    assert_eq!(all(&page, "section.annex blockquote").len(), all(&page, "blockquote").len());
    let sources = texts(&page, "#sources ~ p").join("\n");
    assert!(
        sources.contains("Open Government Licence v3.0. © Crown copyright, Ofsted."),
        "{sources}"
    );
}

#[test]
fn a_paper_for_one_council_names_it_and_says_how_it_was_judged_and_what_was_recommended_to_it() {
    let built = samples();
    let asked = ["compare", "supervision", "--by", "authority", "--authority", "Fairmere"];
    let page = Html::parse_document(&written(&built, &asked));
    assert_eq!(texts(&page, "h1"), ["Fairmere: ‘supervision’ by authority"]);
    let heading = "Fairmere: how it was judged, and what was recommended to it";
    assert_eq!(texts(&page, "#own"), [heading]);
    assert_eq!(
        texts(&page, "#own + .wide caption"),
        ["Judgements of its newest full inspection of April 2019, \
          Children's social care services (ILACS)"]
    );
    let cells = |page: &Html| -> Vec<Vec<String>> {
        let rows = all(page, "#own + .wide tbody tr");
        let of = |row: ElementRef<'_>| row.child_elements().map(text).collect();
        rows.into_iter().map(of).collect()
    };
    let rows = cells(&page);
    // Its only earlier inspection has another scale.
    assert_eq!(rows.len(), 4, "{rows:?}");
    assert_eq!(rows[0], ["Overall effectiveness", "Good", "–"]);
    let quoted = texts(&page, "#own ~ blockquote p");
    assert_eq!(quoted[0], "check the quality of supervision records in each area office");
    assert!(texts(&page, "#own ~ p").contains(&"1 recommendation to it mentions this:".to_owned()));

    let asked = [&asked[..], &["--without-denials"]].concat();
    let page = Html::parse_document(&written(&built, &asked));
    assert_eq!(texts(&page, "#own ~ blockquote p")[0], quoted[0], "it denies nothing");

    // Where there is one before on the same scale, the judgement then is named.
    let asked = ["compare", "supervision", "--by", "authority", "--neighbours-of", "Stonewick"];
    let page = Html::parse_document(&written(&built, &asked));
    assert_eq!(texts(&page, "h1"), ["Stonewick and its neighbours: ‘supervision’ by authority"]);
    assert_eq!(
        cells(&page)[0],
        ["Overall effectiveness", "Requires improvement to be good", "better (was Inadequate)"]
    );

    let (_, paper, _) = built.run(&[&asked[..], &["--format", "markdown"]].concat());
    assert!(
        paper.contains("\n## Stonewick: how it was judged, and what was recommended to it\n"),
        "{paper}"
    );
    let row =
        "| Overall effectiveness | Requires improvement to be good | better (was Inadequate) |";
    assert!(paper.contains(row), "{paper}");
    assert!(paper.contains("No recommendation to it, in the reports looked through"), "{paper}");

    // A comparison for nobody in particular is about nobody in particular.
    let asked = ["compare", "supervision", "--by", "authority"];
    let page = Html::parse_document(&written(&built, &asked));
    assert_eq!(texts(&page, "h1"), ["‘supervision’ by authority"]);
    assert!(texts(&page, "#own").is_empty());
}

#[test]
fn headings_tables_and_drawings_can_be_read_aloud() {
    let built = samples();
    for asked in [
        &["compare", "supervision", "--by", "authority", "--neighbours-of", "Brackenford"][..],
        &["compare", "supervision", "--by", "region", "--and", "grade"],
        &["compare", "supervision", "--by", "year", "--latest"],
    ] {
        let page = Html::parse_document(&written(&built, asked));
        let depths: Vec<u32> = all(&page, "h1, h2, h3, h4")
            .iter()
            .map(|heading| heading.value().name()[1..].parse().unwrap())
            .collect();
        assert!(depths.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{depths:?}");
        assert!(all(&page, "th:not([scope])").is_empty());
        assert!(
            all(&page, "table").iter().all(|table| {
                table.select(&Selector::parse("caption").unwrap()).next().is_some()
            })
        );
        for drawing in all(&page, "svg[role=img]") {
            let by = drawing.value().attr("aria-labelledby").unwrap();
            for id in by.split(' ') {
                assert!(!texts(&page, &format!("#{id}")).concat().is_empty(), "{id}");
            }
        }
        // A part that can be scrolled can be reached by keyboard.
        assert_eq!(all(&page, ".wide").len(), all(&page, ".wide[tabindex='0'][aria-label]").len());
        assert!(all(&page, "[style]").is_empty());
    }
}

#[test]
fn the_style_is_one_sheet_embedded_or_linked() {
    let (_dir, answer) = two();
    let embedded = Html::parse_document(&page(&answer));
    assert_eq!(texts(&embedded, "style").len(), 1);
    let mut linked = Vec::new();
    html::comparison(
        &Committee { comparison: &answer, own: None, title: None },
        Sheet::Linked("/style.css"),
        html::Numbers::Plain,
        &mut linked,
    )
    .unwrap();
    let linked = Html::parse_document(&String::from_utf8(linked).unwrap());
    assert!(all(&linked, "style, [style]").is_empty());
    let sheets = all(&linked, "link[rel=stylesheet]");
    assert_eq!(
        sheets.iter().map(|own| own.value().attr("href").unwrap()).collect::<Vec<_>>(),
        ["/style.css"]
    );
    assert!(all(&linked, "meta[http-equiv]").is_empty(), "its policy comes from the server");
}

/// The declarations of a block of the style sheet, each with the selector it is for.
fn declarations(block: &str) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    for rule in block.split('}') {
        let Some((selector, body)) = rule.rsplit_once('{') else { continue };
        let selector = selector.rsplit("*/").next().unwrap().trim().to_owned();
        for declaration in body.split(';') {
            if let Some((key, value)) = declaration.split_once(':') {
                let (key, value) = (key.trim().to_owned(), value.trim().to_owned());
                found.push((selector.clone(), key, value));
            }
        }
    }
    found
}

/// The rules for print, and those before all conditions.
fn sheets() -> (String, String) {
    let (screen, print) = STYLE.split_once("@media print {").unwrap();
    (screen.split("@media").next().unwrap().to_owned(), print.to_owned())
}

#[test]
fn nothing_is_printed_in_less_than_9_points() {
    let (screen, print) = sheets();
    let print = declarations(&print);
    let sized = |rules: &[(String, String, String)]| -> Vec<(String, String)> {
        let sizes = rules.iter().filter(|(_, key, _)| key == "font-size");
        sizes.map(|(selector, _, size)| (selector.clone(), size.clone())).collect()
    };
    let in_print = sized(&print);
    for (selector, size) in &in_print {
        let points: f64 = size.strip_suffix("pt").unwrap_or(size).parse().unwrap();
        assert!(points >= 9.0, "{selector}: {size}");
    }
    // What is smaller than the text on a screen has a size of its own in print, or is not printed.
    let own: Vec<&str> = in_print.iter().flat_map(|(one, _)| one.split(", ")).collect();
    for (selector, size) in sized(&declarations(&screen)) {
        let smaller = size.starts_with('.');
        for one in selector.split(", ").filter(|_| smaller) {
            assert!(own.contains(&one) || one.starts_with("nav"), "{one}: {size}");
        }
    }
    // Drawings are as wide as the paper leaves: 600 units on 184 mm.
    let (_dir, answer) = two();
    let page = Html::parse_document(&page(&answer));
    let margin = "size: A4; margin: 12mm 13mm";
    assert!(STYLE.contains(margin) && STYLE.contains("figure svg { max-width: none; }"));
    for drawing in all(&page, "figure svg.broad") {
        let width: f64 =
            drawing.value().attr("viewBox").unwrap().split(' ').nth(2).unwrap().parse().unwrap();
        let points_a_unit = (210.0 - 2.0 * 13.0) / 25.4 * 72.0 / width;
        for written in drawing.select(&Selector::parse("text").unwrap()) {
            let size: f64 = written.value().attr("font-size").unwrap().parse().unwrap();
            assert!(size * points_a_unit >= 9.0, "{}", text(written));
        }
    }
}

/// The relative luminance of a colour such as `#1d4f91` (WCAG 2.1).
fn luminance(colour: &str) -> f64 {
    let digits = colour.strip_prefix('#').unwrap();
    let wide: String = match digits.len() {
        3 => digits.chars().flat_map(|digit| [digit, digit]).collect(),
        _ => digits.to_owned(),
    };
    let part = |at: usize| {
        let value = f64::from(u8::from_str_radix(&wide[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.039_28 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(0) + 0.7152 * part(2) + 0.0722 * part(4)
}

#[test]
fn text_has_the_contrast_that_the_guidelines_ask_for() {
    let rules = declarations(STYLE);
    let of = |wanted: &str| -> Vec<&String> {
        rules.iter().filter(|(_, key, _)| key == wanted).map(|(.., value)| value).collect()
    };
    let grounds = of("background").into_iter().filter(|value| value.starts_with('#'));
    let darkest = grounds.map(|ground| luminance(ground)).fold(1.0, f64::min);
    for colour in of("color").into_iter().filter(|value| value.starts_with('#')) {
        let contrast = (darkest + 0.05) / (luminance(colour) + 0.05);
        assert!(contrast >= 4.5, "{colour}: {contrast}");
    }
}

#[test]
fn a_title_takes_the_place_of_the_subject_and_needs_a_page() {
    let built = samples();
    let asked = ["compare", "supervision", "--by", "authority", "--title", "For <us> & you"];
    let (code, _, said) = built.run(&asked);
    assert_eq!(code, 2);
    insta::assert_snapshot!(said, @"
    error: --title belongs to a page or to Markdown
    hint: add --html FILE or --format markdown
    ");
    let page = Html::parse_document(&written(&built, &asked));
    assert_eq!(texts(&page, "head title, h1"), ["For <us> & you", "For <us> & you"]);
    assert!(texts(&page, ".when")[0].starts_with("‘supervision’ by authority. Counted on "));
}

#[test]
fn the_newest_inspections_are_next_to_all_unless_they_alone_are_asked_for() {
    let built = samples();
    let page = written(&built, &["compare", "supervision", "--by", "region"]);
    let page = Html::parse_document(&page);
    assert_eq!(texts(&page, "th[scope=colgroup]"), ["All reports", "Newest full inspections"]);
    let newest = texts(&page, "#newest + p").concat();
    assert!(newest.contains("only in the newest inspection of each authority: "), "{newest}");
    let page = written(&built, &["compare", "supervision", "--by", "region", "--latest"]);
    assert!(!page.contains("id=\"newest\""));
    // JSON says the same with and without a page.
    let plain = built.json(&["compare", "supervision", "--by", "region"]);
    let mut asked = built.json(&["compare", "supervision", "--by", "region", "--html", "p.html"]);
    asked["provenance"]["asked"] = plain["provenance"]["asked"].clone();
    assert_eq!(asked, plain);
}

#[test]
fn as_markdown_a_comparison_can_be_pasted_into_a_paper() {
    let built = samples();
    let (code, text, said) = built.run(&[
        "compare",
        "supervision",
        "--by=authority",
        "--neighbours-of=Brackenford",
        "--format=markdown",
        "--quotes=0",
        "--title=Supervision",
    ]);
    assert_eq!(code, 0, "{said}");
    let counted = text.lines().find(|line| line.contains("Counted on")).unwrap();
    let corpus = text.split("corpus `").nth(1).unwrap().split('`').next().unwrap();
    let text = text.replace(corpus, "0123456789abcdef");
    let day = counted.split("Counted on ").nth(1).unwrap().split(" in ").next().unwrap();
    insta::assert_snapshot!(text.replace(day, "3 February 2026"), @"
    # Supervision

    Brackenford and its neighbours: ‘supervision’ by authority. Counted on 3 February 2026 in 12 reports held.

    **‘supervision’, only of Brackenford and 4 of its statistical neighbours: mentioned in 6 of 8 inspections of 5 authorities, 2012–2023 (all that are expected are held: no sample); in 2 of 2 judged inadequate, 1 of 1 judged requires improvement, 1 of 1 judged good, 0 of 1 judged widespread and/or systemic failings, 1 of 2 not judged overall and 1 of 1 visit.**

    ## The groups

    | Authority | Reports that mention it | Years | Matching paragraphs | Per 100 | 95% interval | Standardised | 95% interval |
    |---|--:|---|--:|--:|---|--:|---|
    | **Brackenford** (your council, small) | 0 of 1 | 2023 | 0 of 15 | 0 | too few | – |  |
    | Fairmere (neighbour, small) | 2 of 2 | 2012–2019 | 6 of 60 | 10.0 | too few | 6.0 | too few |
    | Harrowdale (neighbour, small) | 2 of 2 | 2016–2018 | 2 of 46 | 4.3 | too few | 4.5 | too few |
    | Kelderby (neighbour, small) | 0 of 1 | 2023 | 0 of 14 | 0 | too few | – |  |
    | Stonewick (neighbour, small) | 2 of 2 | 2014–2023 | 3 of 66 | 4.5 | too few | 5.3 | too few |
    | **All** | 6 of 8 | 2012–2023 | 11 of 201 | 5.5 | too few | 5.5 |  |

    Rates are matching paragraphs of every hundred eligible ones. Too few: fewer than 5 reports, or fewer than 20 paragraphs that mention it or that do not (10 in 100 reports or more).

    ## It may be said

    - 11 of 201 paragraphs in 8 reports, 2012–2023, mention ‘supervision’: too few for an interval.
    - None of the 5 authorities differs from the rest by more than chance could make it differ.
    - Reports on Brackenford, 2023, mention it in 0 of 15 paragraphs (0 in 100); those on its 4 neighbours in 11 of 186 (5.9 in 100). Chance could make that difference.
    - Of 2 of 5 authorities no report that was looked through mentions it: Brackenford; Kelderby.

    ## It may not be said

    - That anybody does it, does it well or fails at it. The counts show only that inspectors mention it, in praise or in criticism.
    - That authorities differ in how often it is mentioned: none lies outside the limits.
    - How sure the rates are of Fairmere; Harrowdale; Stonewick: there are too few matches or reports for an interval.
    - That what a paragraph mentions was given the grade of its section. The grade is on the section as a whole.
    - That all is well, or that nothing is done, where it is not mentioned. Inspectors do not write of everything they see.

    ## Brackenford: how it was judged, and what was recommended to it

    None of the full inspections held gives judgements.

    No recommendation to it, in the reports looked through, mentions this.

    ## The newest inspections, next to all

    ‘supervision’, only of Brackenford and 4 of its statistical neighbours, in the newest inspection of each authority: mentioned in 3 of 3 inspections of 3 authorities, 2016–2023 (100%); in 1 of 1 judged inadequate, 1 of 1 judged requires improvement and 1 of 1 judged good.

    | Authority | All: reports | Years | Per 100 | 95% interval | Newest: reports | Years | Per 100 | 95% interval |
    |---|--:|---|--:|---|--:|---|--:|---|
    | **Brackenford** (your council, small) | 0 of 1 | 2023 | 0 | too few | – | | | |
    | Fairmere (neighbour, small) | 2 of 2 | 2012–2019 | 10.0 | too few | 1 of 1 | 2019 | 7.4 | too few |
    | Harrowdale (neighbour, small) | 2 of 2 | 2016–2018 | 4.3 | too few | 1 of 1 | 2016 | 2.9 | too few |
    | Kelderby (neighbour, small) | 0 of 1 | 2023 | 0 | too few | – | | | |
    | Stonewick (neighbour, small) | 2 of 2 | 2014–2023 | 4.5 | too few | 1 of 1 | 2023 | 3.4 | too few |
    | **All** | 6 of 8 | 2012–2023 | 5.5 | too few | 3 of 3 | 2016–2023 | 4.4 | too few |

    ## Silence

    - Inspected, and never mentioning it: 2: Brackenford (1 inspection, 2023, 395 words); Kelderby (1 inspection, 2023, 329 words)
    - No report is held, of authorities that were named: 0
    - Reports that could not be read: 0

    ## How it was counted

    - Looked through: 201 paragraphs of 6,371 words in 8 reports, all that the conditions leave but for context and boilerplate. 11 of them in 6 reports match.
    - Statistical neighbours of Brackenford (edition: of 2023), the nearest first: Harrowdale; Kelderby; Fairmere; Stonewick.
    - What is counted is whether a paragraph mentions it, not what the paragraph says about it: a mention may be praise or criticism.
    - A section grade is the judgement on the section in which a paragraph stands, never on the paragraph itself.
    - Groups marked as small have fewer than 100 eligible paragraphs or only one or two reports: their rates say little.
    - 5 of 5 groups have too few matches or reports for an interval: how much their rates owe to chance cannot be said. Too few are fewer than 5 reports, or fewer than 20 paragraphs that mention it or that do not (10 in 100 reports or more).
    - Reports of several frameworks are compared. They judge different things on scales that differ, and the same word is not the same grade in all of them. Their lengths differ as well: 1,130 eligible words a report for slac, 329 for send. A longer report has more chances to mention something, so compare rates, not shares of reports.
    - The crude rate of 1 of 5 groups misleads, as their reports are of other frameworks than those of all: Fairmere (10.0 crude, 6.0 standardised).
    - Authorities have between 1 and 2 reports here: one with more of them has had more chances to mention it.
    - An inspection is a report that was looked through, and mentions it if one of its paragraphs matches. It counts with the overall judgement that the same report gives on the authority; area SEND outcomes are on a scale of their own, and judgements on a safeguarding board do not count.
    - Every authority that existed in these years is held, so the numbers of inspections are a census and have no sampling interval.
    - Intervals are 95% intervals with the report as the cluster, and one degree of freedom fewer than there are reports (Korn and Graubard 1998); there is none of fewer than five reports, and of fewer than 20 matches (10 in 100 reports or more) there are too few for one to be relied on.
    - 0 of 5 lie outside the 95% limits, where fewer than 1 would by chance alone, and 0 outside the 99.8% limits. Rates are standardised by framework. Limits allow for reports that differ. Groups of fewer than 8 reports are placed by shuffling reports. Limits say how far chance takes a group from what its kind of reports have; its 95% interval, how sure its own rate is from its own reports alone: a group may be outside the one and not the other.

    To repeat it: `findings compare --by=authority --quotes=0 --neighbours-of=Brackenford supervision`

    Understood as `supervision`; corpus `0123456789abcdef`; index format 11; findings 0.1.0.

    ## Sources

    - Contains public sector information licensed under the Open Government Licence v3.0. © Crown copyright, Ofsted. (6 reports: Children's social care services (ILACS); Single inspection (SIF); Safeguarding and looked after children (SLAC))
    - Contains public sector information licensed under the Open Government Licence v3.0. © Crown copyright, Ofsted, Care Quality Commission, HMICFRS and HMI Probation. (1 report: Joint targeted area inspection (JTAI))
    - Contains public sector information licensed under the Open Government Licence v3.0. © Crown copyright, Ofsted and Care Quality Commission. (1 report: Area SEND inspection)
    ");
}

/// Two authorities that are compared with each other, one of them the user's.
fn two() -> (TempDir, findings::answer::compare::Comparison) {
    let entry = |number: usize, authority: &str, matching: usize| {
        let report = ReportRecord { authority: Some(authority.to_owned()), ..report(number) };
        let text = |at| if at < matching { "A late visit." } else { "All is planned." };
        let paragraphs = (0..30).map(|at| ParagraphRecord {
            grade: Some(grade("Good")),
            ..paragraph(&report, at, text(at))
        });
        let paragraphs = paragraphs.collect();
        (report, paragraphs)
    };
    let entries: Vec<_> = ["Elmet", "Rheged", "Lindsey", "Wessex", "Yarrow", "Mercia"]
        .into_iter()
        .enumerate()
        .map(|(number, authority)| entry(number + 1, authority, number))
        .collect();
    let (dir, reader): (TempDir, Arc<dyn Engine>) = index(&entries);
    let by = [Attribute::Authority];
    let mut question = question("\"late visit\"", &by, Filters::default());
    question.neighbourhood = Some(Neighbourhood {
        councils: vec!["Elmet".to_owned()],
        neighbours: vec!["Rheged".to_owned()],
        edition: None,
    });
    (dir, compared(&reader, &question))
}

#[test]
fn what_may_be_said_follows_from_the_figures() {
    let (_dir, answer) = two();
    insta::assert_snapshot!(answer.statements.may.join("\n"), @r#"
    15 of 180 paragraphs in 6 reports, 2015, mention "late visit": too few for an interval.
    None of the 6 authorities differs from the rest by more than chance could make it differ.
    Reports on Elmet, 2015, mention it in 0 of 30 paragraphs (0 in 100); those on its 1 neighbour in 1 of 30 (3.3 in 100). Chance could make that difference.
    Of 1 of 6 authorities no report that was looked through mentions it: Elmet.
    "#);
    insta::assert_snapshot!(answer.statements.may_not.join("\n"), @"
    That anybody does it, does it well or fails at it. The counts show only that inspectors mention it, in praise or in criticism.
    That authorities differ in how often it is mentioned: none lies outside the limits.
    How sure the rates are of Lindsey; Mercia; Rheged; Wessex; Yarrow: there are too few matches or reports for an interval.
    That what a paragraph mentions was given the grade of its section. The grade is on the section as a whole.
    That all is well, or that nothing is done, where it is not mentioned. Inspectors do not write of everything they see.
    ");
}

/// Nine regions of eight reports each, one of which mentions it several times as often.
#[test]
fn a_group_outside_its_limits_may_be_said_to_be_so_and_no_reason_may() {
    let entry = |number: usize| {
        let region = number / 8;
        let report = ReportRecord {
            region: Some(
                ["North East", "Coast", "Vale", "Moor", "Fen", "Dale", "Isle", "Marsh", "Down"]
                    [region]
                    .to_owned(),
            ),
            authority: Some(format!("Body {number}")),
            ..report(number + 1)
        };
        let matching = if region == 0 { 6 } else { 1 + number % 2 };
        let text = |at| if at < matching { "A late visit." } else { "All is planned." };
        let paragraphs = (0..40).map(|at| paragraph(&report, at, text(at))).collect();
        (report, paragraphs)
    };
    let (_dir, reader) = index(&(0..72).map(entry).collect::<Vec<_>>());
    let question = question("\"late visit\"", &[Attribute::Region], Filters::default());
    let said = compared(&reader, &question).statements;
    insta::assert_snapshot!(said.may.join("\n"), @r#"
    144 of 2,880 paragraphs in 72 reports, 2015, mention "late visit": 5.0 in 100 (95% interval 4.1–6.0).
    Reports on councils in the North East mention it more often than all do together: 15.0 in 100, where all have 5.0. That is outside the 99.8% limits.
    Of each of the 72 authorities inspected, a report mentions it.
    "#);
    insta::assert_snapshot!(said.may_not.join("\n"), @"
    That anybody does it, does it well or fails at it. The counts show only that inspectors mention it, in praise or in criticism.
    That one region is better or worse than another, or where it ranks. A rate says how often something is written of, not how good it is.
    That there must be a reason where a region lies outside the 95% limits. In about every second comparison like this, chance alone would put 1 of 9 there; here it is 1.
    How sure the rates are of 8 of 9 regions: they have too few matches or reports for an interval (“too few” in the table).
    Anything about Rheged: no report of it was looked through.
    ");
}
