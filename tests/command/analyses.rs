//! Tests the pages that count and compare: that every number leads to exactly what it counts, and
//! that they say what the commands say.

use crate::built::Built;
use crate::served::Server;
use scraper::{Html, Selector};
use serde_json::Value;
use std::sync::LazyLock;

/// An index of the samples.
static INDEX: LazyLock<Built> = LazyLock::new(Built::samples);

fn server() -> Server {
    Server::over(&INDEX)
}

fn page(server: &Server, path: &str) -> Html {
    let reply = server.get(path);
    assert_eq!(reply.status, 200, "{path}: {}", reply.text());
    Html::parse_document(&reply.text())
}

/// The texts of elements, with runs of white space as one space.
fn texts(page: &Html, selector: &str) -> Vec<String> {
    let selector = Selector::parse(selector).unwrap();
    let said = page.select(&selector).map(|one| one.text().collect::<Vec<_>>().join(" "));
    said.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// The numbers that are links, each with what it is said to count and where it leads.
fn numbers(page: &Html) -> Vec<(usize, String, String)> {
    let links = Selector::parse("main a[aria-label]").unwrap();
    let number = |link: scraper::ElementRef<'_>| {
        let shown = link.text().collect::<String>().replace(',', "");
        let said = link.value().attr("aria-label")?.to_owned();
        // Those of a page to print are whole, as its file may be kept.
        let address = link.value().attr("href")?.split('#').next()?;
        let at = address.find("/search?")?;
        let is_own = at == 0 || address.starts_with("http://127.0.0.1:");
        is_own.then_some((shown.parse().ok()?, said, address[at..].to_owned()))
    };
    page.select(&links).filter_map(number).collect()
}

/// How many paragraphs and reports the page of a search says that it found.
fn found(server: &Server, address: &str) -> [usize; 2] {
    let heading = texts(&page(server, address), "#results").concat();
    let mut words = heading.split(' ');
    let number = |word: Option<&str>| word.unwrap_or_default().replace(',', "").parse().unwrap();
    let paragraphs = number(words.next());
    assert!(words.next().is_some_and(|word| word.starts_with("paragraph")), "{heading}");
    assert_eq!(words.next(), Some("in"), "{heading}");
    [paragraphs, number(words.next())]
}

#[test]
fn every_number_leads_to_exactly_what_it_counts() {
    let server = server();
    for path in [
        "/compare?q=supervision&by=authority",
        "/compare?q=children&by=framework&and=grade",
        "/compare?q=interview&by=year&include=context&standardise=framework",
        "/compare?topic=missing_rhi&by=overall&without_denials=1",
        "/compare?q=plans+OR+missing&by=theme&from=2014&not_authority=Stonewick",
        "/compare?q=children&by=addressee",
        "/compare?q=children&by=region&latest=1",
        "/timeline?authority=Stonewick&q=plans",
        "/authorities/Stonewick",
    ] {
        let numbers = numbers(&page(&server, path));
        assert!(numbers.len() > 3, "{path} has {} numbers", numbers.len());
        for (number, said, address) in numbers {
            let [paragraphs, reports] = found(&server, &address);
            let is_of_reports = said.contains("report");
            let counted = if is_of_reports { reports } else { paragraphs };
            assert_eq!(counted, number, "{path}: {said}: {address}");
        }
    }
}

#[test]
fn a_comparison_on_the_page_is_that_of_the_command() {
    let server = server();
    let answered = page(&server, "/compare?q=supervision&by=framework");
    let mut command = INDEX.json(&["compare", "supervision", "--by", "framework"]);
    assert_eq!(texts(&answered, ".sentence"), [command["sentence"].as_str().unwrap()]);
    let names = texts(&answered, "table.cards tbody tr th[scope=row]");
    assert!(names.iter().any(|name| name.starts_with("Single inspection (SIF)")), "{names:?}");
    let file = server.get("/compare.json?q=supervision&by=framework");
    assert!(file.header("content-disposition").unwrap().contains("findings-comparison.json"));
    let mut file = file.json();
    for answer in [&mut command, &mut file] {
        answer["provenance"] = Value::Null;
        forget_how_to_ask(answer);
    }
    assert_eq!(file, command);
    let table = server.get("/compare.csv?q=supervision&by=framework").text();
    let (_, said, _) =
        INDEX.run(&["compare", "supervision", "--by", "framework", "--format", "csv"]);
    // On the page the table begins with a mark by which spreadsheets know its letters.
    let rows = |text: &str| text.trim_start_matches('\u{feff}').lines().count();
    assert_eq!(rows(&table), rows(&said));
}

/// Removes what each door words in its own way.
fn forget_how_to_ask(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.remove("command");
            fields.remove("arguments");
            // The network sees paths below the indexed folder only.
            fields.remove("path");
            fields.values_mut().for_each(forget_how_to_ask);
        }
        Value::Array(values) => values.iter_mut().for_each(forget_how_to_ask),
        _ => {}
    }
}

#[test]
fn the_page_for_a_committee_loads_nothing_and_leads_back() {
    let server = server();
    let reply = server.get("/compare.html?q=supervision&by=authority");
    assert_eq!(reply.status, 200);
    let page = Html::parse_document(&reply.text());
    assert_eq!(texts(&page, "script, img"), [""; 0]);
    assert_eq!(texts(&page, "h1"), ["‘supervision’ by authority"]);
    assert!(numbers(&page).len() > 20);
    let styles = Selector::parse("link[rel=stylesheet]").unwrap();
    let style = page.select(&styles).next().unwrap().value().attr("href").unwrap();
    let style = server.get(style);
    assert_eq!(
        (style.status, style.header("content-type")),
        (200, Some("text/css; charset=utf-8"))
    );
}

#[test]
fn a_comparison_leads_to_the_other_answers_about_the_same() {
    let server = server();
    let reply = server.get("/compare?q=supervision&by=authority&authority=Stonewick&from=2012");
    let page = Html::parse_document(&reply.text());
    let links = Selector::parse("p.also a").unwrap();
    let links: Vec<(String, String)> = page
        .select(&links)
        .map(|own| (own.text().collect(), own.value().attr("href").unwrap().to_owned()))
        .collect();
    let said: Vec<&str> = links.iter().map(|(said, _)| said.as_str()).collect();
    assert_eq!(
        said,
        [
            "paragraphs",
            "every match in its context",
            "recommendations",
            "grades of these reports",
            "timeline of the council"
        ]
    );
    for (said, to) in &links {
        let reply = server.get(to);
        assert_eq!(reply.status, 200, "{said}: {to}");
        assert!(reply.text().contains("Stonewick"), "{said}: {to}");
    }
}

#[test]
fn what_is_refused_is_told_above_the_form_that_mends_it() {
    let server = server();
    for (path, status, said) in [
        ("/compare?q=grad%3Agood&by=authority", 400, "grad"),
        ("/compare?q=children&by=text", 400, "“by” is one of grade, overall, theme,"),
        ("/compare?q=children&by=year&and=year", 400, "is the same as"),
        ("/compare?q=children&by=year&bye=1", 400, "Unknown parameter"),
        ("/compare?q=children&by=year&quotes=21", 400, "at most 20"),
        ("/timeline?authority=Nowhere", 400, "Nowhere"),
        ("/timeline?authority=Stonewick&q=%22", 400, "The query is empty"),
        ("/authorities/Nowhere", 404, "Nowhere"),
        ("/authorities/Stonewick?q=a", 400, "Unknown parameter"),
    ] {
        let reply = server.get(path);
        let page = Html::parse_document(&reply.text());
        let told = texts(&page, "main").concat();
        assert_eq!(reply.status, status, "{path}: {told}");
        assert!(told.contains(said), "{path}: {told}");
    }
    let page = Html::parse_document(&server.get("/compare?q=grad%3Agood&by=region").text());
    let field = Selector::parse("input[name=q]").unwrap();
    let typed = page.select(&field).next().unwrap().value().attr("value");
    assert_eq!(typed, Some("grad:good"), "what was typed is there to be mended");
    let chosen = Selector::parse("select[name=by] option[selected]").unwrap();
    assert_eq!(page.select(&chosen).next().unwrap().value().attr("value"), Some("region"));
}

#[test]
fn an_authority_shows_what_changed_and_what_good_looks_like() {
    let server = server();
    let stonewick = page(&server, "/authorities/Stonewick");
    let rows = texts(&stonewick, "table.over-time tbody tr");
    // As the two reports print them.
    assert_eq!(rows[0], "Overall ●○○○ Inadequate ●●○○ Requires improvement to be good better");
    assert_eq!(rows[4], "Care leavers ●●○○ Requires improvement ●●●● Outstanding better");
    assert_eq!(rows[5], "Adoption and permanence ●●●○ Good –");
    let silent = texts(&stonewick, "section[aria-labelledby=silent] tbody th");
    assert!(silent.contains(&"Safeguarding partnership and LSCB".to_owned()), "{silent:?}");
    let new = texts(&stonewick, "section[aria-labelledby=new] tbody th");
    assert!(new.iter().all(|topic| !silent.contains(topic)));
    assert!(new.contains(&"Emotional well-being and CAMHS".to_owned()), "{new:?}");
    let again = texts(&stonewick, ".chain h3").concat();
    assert_eq!(again, "Missing children and return home interviews (2 inspections)");
    let models = texts(&stonewick, ".model h3");
    assert_eq!(
        models,
        [
            "Help and protection, judged ●●○○ Requires improvement to be good",
            "Children in care, judged ●●○○ Requires improvement to be good"
        ]
    );
    let places = texts(&stonewick, ".model .place");
    assert!(!places.is_empty());
    for place in places {
        let is_good = place.contains("●●●○ Good") || place.contains("●●●● Outstanding");
        assert!(is_good, "{place}");
    }
    let names = texts(&stonewick, ".model .result h4").concat();
    assert!(!names.contains("Stonewick"), "it is no model to itself: {names}");
}

#[test]
fn an_authority_with_one_inspection_or_none_in_full_has_a_page_as_well() {
    let server = server();
    let kelderby = texts(&page(&server, "/authorities/Kelderby"), "main").concat();
    assert!(kelderby.contains("None of the reports held is of a full inspection"), "{kelderby}");
    let eastmarsh = texts(&page(&server, "/authorities/eastmarsh"), "main").concat();
    assert!(!eastmarsh.contains("no longer mentioned"), "{eastmarsh}");
}

#[test]
fn grades_are_counted_as_the_command_counts_them_and_lead_to_their_reports() {
    let server = server();
    let answered = page(&server, "/grades?by=framework");
    let rows = texts(&answered, "table.over-time tbody tr");
    let single = rows.iter().find(|row| row.starts_with("SIF")).unwrap();
    // Stonewick 2014 and Harrowdale 2016, both inadequate.
    assert!(single.contains("2014–2016 2 2"), "{rows:?}");
    assert!(single.ends_with("0 0 0 2"), "{rows:?}");
    let links = Selector::parse("main td a[aria-label]").unwrap();
    let mut followed = 0;
    for link in answered.select(&links) {
        let address = link.value().attr("href").unwrap();
        let said = link.value().attr("aria-label").unwrap();
        let (count, _) = said.split_once(' ').unwrap();
        let listed = texts(&page(&server, address), "#results").concat();
        assert!(listed.starts_with(&format!("{count} report")), "{said}: {address}: {listed}");
        followed += 1;
    }
    assert!(followed > 2, "{followed}");
    let changes = page(&server, "/grades?changes=first");
    let said = texts(&changes, "ul.prose").concat();
    assert!(said.contains("1 improved, 0 kept their grade, 0 declined"), "{said}");
    let refused = server.get("/grades?by=year&and=year");
    assert_eq!(refused.status, 400);
    assert_eq!(server.get("/grades?topic=neglect").status, 400);
    assert!(server.get("/grades.md?by=region").text().contains("| region |"));
}

#[test]
fn two_sets_are_told_apart_by_a_form_of_two_halves() {
    let server = server();
    let empty = page(&server, "/distinctive");
    let fields = Selector::parse("select[name=against_grade], select[name=grade]").unwrap();
    assert_eq!(empty.select(&fields).count(), 2);
    // The samples are too few for a term to be surely typical; what each set is, is counted all the same.
    let told = page(&server, "/distinctive?framework=ilacs&against_framework=sif&least_reports=2");
    let rows = texts(&told, "table.over-time tbody tr");
    assert!(rows[0].starts_with("First set framework Children's social care services (ILACS)"));
    assert!(rows[1].starts_with("Second set framework Single inspection (SIF)"), "{rows:?}");
    for (number, said, address) in numbers(&told).into_iter().take(4) {
        let [paragraphs, reports] = found(&server, &address);
        let counted = if said.contains("reports") { reports } else { paragraphs };
        assert_eq!(counted, number, "{said}: {address}");
    }
    for (path, said) in [
        ("/distinctive?grade=good&against_grade=good", "both sets are the same"),
        ("/distinctive?grade=good&against_grade=goood", "goood"),
        ("/distinctive?grade=good&against_gade=good", "against_gade"),
        ("/distinctive?q=zebra", "leaves no paragraph"),
    ] {
        let reply = server.get(path);
        let main = texts(&Html::parse_document(&reply.text()), "main").concat();
        assert_eq!(reply.status, 400, "{path}: {main}");
        assert!(main.to_lowercase().contains(said), "{path}: {main}");
    }
    assert_eq!(
        server.get("/distinctive.csv?framework=ilacs&against_framework=sif&least_reports=2").status,
        200
    );
}

#[test]
fn a_timeline_draws_what_its_table_says() {
    let server = server();
    let page = page(&server, "/timeline?authority=Stonewick&q=plans");
    let drawings = Selector::parse("figure svg[role=img]").unwrap();
    let said: Vec<&str> =
        page.select(&drawings).filter_map(|own| own.value().attr("aria-label")).collect();
    assert_eq!(said.len(), 2, "one for a desk and one for a phone");
    for row in texts(&page, "table.over-time tbody tr") {
        let cells: Vec<&str> = row.split(' ').collect();
        let month = cells[..2].join(" ");
        assert!(said.iter().all(|said| said.contains(&month)), "{month}: {said:?}");
    }
    let circles = Selector::parse("figure svg.broad circle").unwrap();
    assert_eq!(page.select(&circles).count(), 2);
}
