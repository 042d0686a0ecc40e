//! What pages of `findings serve` answer besides searches: matches in context, recommendations, many
//! queries at once; and that their files and numbers are those of the commands.

use crate::built::Built;
use crate::served::{Reply, Server};
use scraper::{Html, Selector};
use serde_json::Value;
use std::fs;

fn texts(page: &str, selector: &str) -> Vec<String> {
    let (page, selector) = (Html::parse_document(page), Selector::parse(selector).unwrap());
    let said = page.select(&selector).map(|one| one.text().collect());
    said.map(|text: String| text.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

fn values(page: &str, selector: &str, attribute: &str) -> Vec<String> {
    let (page, selector) = (Html::parse_document(page), Selector::parse(selector).unwrap());
    let found = page.select(&selector);
    found.filter_map(|one| Some(one.value().attr(attribute)?.to_owned())).collect()
}

/// A page or file that is answered.
fn get(server: &Server, path: &str) -> String {
    let reply = server.get(path.split('#').next().unwrap());
    assert_eq!(reply.status, 200, "{path}: {}", reply.text());
    reply.text()
}

fn rows(table: &str) -> Vec<Vec<String>> {
    let table = table.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(table.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// The number with which the heading of a page begins.
fn counted(server: &Server, path: &str) -> usize {
    let heading = texts(&get(server, path), "h1").swap_remove(0);
    if heading.starts_with("No") {
        return 0;
    }
    let digits: String = heading.chars().take_while(|c| *c != ' ').filter(|c| *c != ',').collect();
    digits.parse().unwrap_or_else(|_| panic!("{path}: {heading}"))
}

#[test]
fn lines_are_those_of_the_command_and_their_files_say_whose_words_they_are() {
    let built = Built::samples();
    let server = Server::over(&built);
    let asked = "q=return-interview&sort=right&context=30";
    let command =
        ["kwic", "return-interview", "--sort", "right", "--context", "30", "--limit", "9999"];
    let file = server.get(&format!("/kwic.csv?{asked}"));
    let saved = file.header("content-disposition").unwrap();
    assert_eq!(saved, "attachment; filename=\"findings-matches.csv\"");
    let (_, table, _) = built.run(&[&command[..], &["--format", "csv"]].concat());
    let mut own = rows(&file.text());
    for row in &mut own {
        let made = row.split_off(row.len() - 3);
        assert!(["query", "return-interview"].contains(&made[0].as_str()), "{made:?}");
        assert!(made[2] == "attribution" || made[2].starts_with("Contains public"), "{made:?}");
    }
    assert_eq!(own, rows(&table));
    let mut json: Value =
        serde_json::from_str(&get(&server, &format!("/kwic.json?{asked}"))).unwrap();
    assert!(json.as_object_mut().unwrap().remove("attribution").is_some());
    assert_eq!(json, built.json(&command));
    let page = get(&server, &format!("/kwic?{asked}"));
    assert_eq!(texts(&page, "tbody tr").len(), own.len() - 1);
    let total = own.len() - 1;
    assert!(texts(&page, "h1")[0].starts_with(&format!("{total} matches in ")));
    let paragraphs = &values(&page, "h1 a", "href")[0];
    assert_eq!(counted(&server, paragraphs) as u64, json["paragraphs"].as_u64().unwrap());
}

#[test]
fn lines_of_a_topic_lead_to_their_paragraphs_with_the_match_marked() {
    let built = Built::samples();
    let server = Server::over(&built);
    let page = get(&server, "/kwic?topic=missing_rhi");
    let lines = values(&page, "tbody th a", "href");
    assert!(lines.len() > 5, "{lines:?}");
    for line in &lines {
        let opened = get(&server, line);
        assert!(!texts(&opened, ".para.here mark").is_empty(), "{line}");
    }
}

#[test]
fn what_is_refused_is_told_above_the_form_that_keeps_it() {
    let built = Built::samples();
    let server = Server::over(&built);
    for (path, field, typed) in [
        ("/kwic?q=interview+grad:good", "q", "interview grad:good"),
        ("/kwic?q=neglect&authority=Nowhere", "authority", "Nowhere"),
        ("/recommendations?q=interview+grad:good", "q", "interview grad:good"),
        ("/recommendations?addressee=police&authority=Nowhere", "authority", "Nowhere"),
        ("/recommendations?q=plans&kind=finding", "q", "plans"),
    ] {
        let reply = server.get(path);
        let page = reply.text();
        assert_eq!(reply.status, 400, "{path}: {page}");
        assert_eq!(values(&page, &format!("input[name={field}]"), "value"), [typed], "{path}");
        let problem = page.find("class=\"problem\"").unwrap();
        assert!(problem < page.find("<form").unwrap(), "{path}");
    }
    for path in [
        "/kwic?q=a&autority=Stonewick",
        "/kwic?q=a&context=1001",
        "/kwic.csv",
        "/recommendations?by=grade",
        "/recommendations.csv?kind=finding",
        "/batch?queries=a",
    ] {
        assert_eq!(server.get(path).status, 400, "{path}");
    }
}

#[test]
fn recommendations_are_those_of_the_command() {
    let built = Built::samples();
    let server = Server::over(&built);
    let file =
        |format: &str, asked: &str| get(&server, &format!("/recommendations.{format}?{asked}"));
    // What each door words is left out.
    let plain = |table: &str, worded: &[&str]| {
        let mut rows = rows(table);
        let heads = rows[0].clone();
        for row in &mut rows {
            let mut heads = heads.iter();
            row.retain(|_| heads.next().is_none_or(|head| !worded.contains(&head.as_str())));
        }
        rows
    };
    for (asked, command) in [
        ("", &["recommendations"][..]),
        (
            "q=interview+OR+plans&sort=date",
            &["recommendations", "interview OR plans", "--sort", "date"],
        ),
        ("repeated=1", &["recommendations", "--repeated"]),
        ("by=topic&framework=sif", &["recommendations", "--by", "topic", "--framework", "sif"]),
    ] {
        let (_, table, _) = built.run(&[command, &["--format", "csv"]].concat());
        let worded = ["command", "find"];
        assert_eq!(plain(&file("csv", asked), &worded), plain(&table, &worded), "{asked}");
        let all = [command, &["--limit", "9999"]].concat();
        let json: Value = serde_json::from_str(&file("json", asked)).unwrap();
        let other = built.json(&all);
        for field in ["total", "recommendations", "repeated", "notes", "filters", "sources"] {
            assert_eq!(json[field], other[field], "{asked}: {field}");
        }
        let (_, text, _) = built.run(&[&all[..], &["--format", "markdown"]].concat());
        let body = |text: &str| text.rsplit_once("\nAsked on").unwrap().0.to_owned();
        assert_eq!(body(&file("md", asked)), body(&text), "{asked}");
    }
    let printed = file("html", "repeated=1");
    assert!(texts(&printed, "h1")[0].starts_with("Recommendations"), "{printed}");
    assert!(!printed.contains("<script") && !printed.contains("style=\""), "{printed}");
}

#[test]
fn every_number_of_recommendations_leads_to_exactly_as_many() {
    let built = Built::samples();
    let server = Server::over(&built);
    for asked in [
        "by=theme",
        "by=topic",
        "by=timescale",
        "by=addressee",
        "by=authority",
        "by=overall&q=children+OR+plans&not_framework=jtai",
        "by=year",
    ] {
        let page = get(&server, &format!("/recommendations?{asked}"));
        let links = Html::parse_document(&page);
        let mut followed = 0;
        for column in ["Number", "Repeated"] {
            let cells = Selector::parse(&format!("td[data-label={column}] a")).unwrap();
            for link in links.select(&cells) {
                let number: usize =
                    link.text().collect::<String>().replace(',', "").parse().unwrap();
                let to = link.value().attr("href").unwrap();
                assert_eq!(counted(&server, to), number, "{asked}: {column}: {to}");
                followed += 1;
            }
        }
        assert!(followed > 0, "{asked}");
        let all = &values(&page, ".sentence a", "href")[0];
        assert_eq!(counted(&server, all), counted(&server, &format!("/recommendations?{asked}")));
        let known = Selector::parse(".prose > a[aria-label]").unwrap();
        for link in links.select(&known) {
            let number: usize = link.text().collect::<String>().parse().unwrap();
            assert_eq!(counted(&server, link.value().attr("href").unwrap()), number, "{asked}");
        }
    }
}

const QUERIES: &str = "name,query,framework,from\n\
    interviews,return-interview,sif; ilacs,\n\
    \"plans, since 2018\",plans OR \"\"\"care plan\"\"\",,2018\n\
    zebras,zebra,,\n";

/// Sends the form with some fields.
fn sent(server: &Server, fields: &[(&str, &str)], headers: &[&str]) -> Reply {
    let mut body = String::new();
    for (name, value) in fields {
        let file = if *name == "file" { "; filename=\"queries.csv\"" } else { "" };
        body.push_str(&format!(
            "--frontier\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{value}\r\n"
        ));
    }
    body.push_str("--frontier--\r\n");
    let form = "Content-Type: multipart/form-data; boundary=frontier";
    server.post("/batch", &body, &[&[form], headers].concat())
}

#[test]
fn queries_are_counted_as_by_the_command_and_every_number_leads_to_as_many() {
    let built = Built::samples();
    let server = Server::over(&built);
    let queries =
        QUERIES.replace("plans OR \"\"\"care plan\"\"\"", "\"plans OR \"\"care plan\"\"\"");
    fs::write(built.0.path().join("queries.csv"), &queries).unwrap();
    let command = ["batch", "queries.csv", "--by", "authority"];
    for field in ["queries", "file"] {
        let of = |format: &str| {
            let fields = [(field, queries.as_str()), ("by", "authority"), ("format", format)];
            let reply = sent(&server, &fields, &[]);
            assert_eq!(reply.status, 200, "{}", reply.text());
            assert_eq!(reply.header("cache-control"), Some("no-store"));
            reply
        };
        let (_, table, _) = built.run(&[&command[..], &["--format", "csv"]].concat());
        let saved = of("csv");
        assert_eq!(rows(&saved.text()), rows(&table));
        let name = "attachment; filename=\"findings-counts.csv\"";
        assert_eq!(saved.header("content-disposition"), Some(name));
        assert_eq!(of("json").json(), built.json(&command));
        let page = of("").text();
        assert_eq!(texts(&page, "textarea").len(), 1);
        assert!(page.contains("plans OR &quot;&quot;care plan&quot;&quot;"), "it is kept");
        assert!(texts(&page, ".notes").concat().contains("No paragraph has “zebra”"));
        let parsed = Html::parse_document(&page);
        let mut followed = 0;
        let cells = Selector::parse("td a").unwrap();
        for link in parsed.select(&cells) {
            let number: usize = link.text().collect::<String>().replace(',', "").parse().unwrap();
            let to = link.value().attr("href").unwrap();
            if to.contains("group=report") {
                let found = texts(&get(&server, to), "h1").swap_remove(0);
                assert!(found.contains(&format!(" in {number} report")), "{to}: {found}");
            } else {
                assert_eq!(counted(&server, to), number, "{to}");
            }
            followed += 1;
        }
        assert!(followed > 6, "{followed}");
    }
}

#[test]
fn all_faults_of_a_file_are_told_at_once_above_what_was_pasted() {
    let built = Built::samples();
    let server = Server::over(&built);
    let faulty = "name,query,framework\na,neglect,siff\nb,grad:good,\na,plans,\n";
    let reply = sent(&server, &[("queries", faulty), ("format", "csv")], &[]);
    let page = reply.text();
    assert_eq!(reply.status, 400, "{page}");
    let lines: Vec<String> = texts(&page, ".rows b");
    assert_eq!(lines, ["Line 2, “a”", "Line 3, “b”", "Line 4, “a”"]);
    assert!(texts(&page, "textarea")[0].starts_with("name,query,framework a,neglect,siff"));
    let none = sent(&server, &[("queries", " "), ("file", "")], &[]);
    assert_eq!(none.status, 400);
    assert!(none.text().contains("There is no query"), "{}", none.text());
    let heads = sent(&server, &[("file", "nam,query\na,b\n")], &[]);
    assert!(heads.text().contains("Unknown column “nam”"), "{}", heads.text());
}

#[test]
fn a_form_is_taken_from_this_server_and_no_other_and_not_beyond_its_limits() {
    let built = Built::samples();
    let server = Server::over(&built);
    let status = |headers: &[&str]| sent(&server, &[("queries", QUERIES)], headers).status;
    let own = format!("Origin: http://{}", server.address);
    assert_eq!(status(&[&own, "Sec-Fetch-Site: same-origin"]), 200);
    for others in ["Origin: https://example.org", "Origin: null", "Sec-Fetch-Site: cross-site"] {
        assert_eq!(status(&[others]), 403, "{others}");
    }
    let long = sent(&server, &[("queries", &"a".repeat(1 << 20))], &[]);
    assert_eq!(long.status, 413);
    assert!(texts(&long.text(), "h1")[0].contains("Too large"), "{}", long.text());
    let other = server.post("/batch", "name,query", &["Content-Type: text/csv"]);
    assert_eq!(other.status, 415);
    assert_eq!(sent(&server, &[("queries", QUERIES), ("bye", "year")], &[]).status, 400);
    assert_eq!(server.ask("PUT", "/batch", &[]).status, 405);
    assert_eq!(texts(&get(&server, "/batch"), "h1"), ["Count many queries at once"]);
    let example = get(&server, "/batch?example=1");
    let example = Html::parse_document(&example);
    let area = Selector::parse("textarea").unwrap();
    let filled = example.select(&area).next().unwrap();
    let filled: String = filled.text().collect();
    assert_eq!(sent(&server, &[("queries", &filled)], &[]).status, 200, "{filled}");
}

#[test]
fn a_search_and_a_topic_lead_to_the_other_answers_to_the_same_question() {
    let built = Built::samples();
    let server = Server::over(&built);
    let ways = |path: &str| {
        let page = get(&server, path);
        let is_line = |line: &String| line.contains(" as: ");
        let said = texts(&page, "p.also").into_iter().find(is_line).unwrap_or_default();
        let links = values(&page, "p.also a", "href");
        let of = |begin: &str| links.iter().filter(|to| to.starts_with(begin)).count();
        for to in links.iter().filter(|to| !to.starts_with("/search")) {
            get(&server, to);
        }
        (said, [of("/compare"), of("/kwic"), of("/recommendations")])
    };
    let all = "comparison · every match in its context · recommendations";
    let asked = ways("/search?q=plans&framework=sif&without_denials=1");
    assert_eq!(asked, (format!("This question as: {all}"), [1, 1, 1]));
    assert_eq!(ways("/search?q=plans&topic=neglect").1, [1, 1, 1]);
    assert_eq!(ways("/search?q=plans&kind=finding").1, [1, 1, 0]);
    assert_eq!(ways("/search?framework=sif").1, [0, 0, 1]);
    assert_eq!(ways("/topics/missing_rhi"), (format!("This topic as: {all}"), [1, 1, 1]));
}
