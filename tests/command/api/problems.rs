//! What the API says where it does not answer.

use super::BATCH;
use crate::built::Built;
use crate::served::{Reply, Server};
use serde_json::json;

const JSON: &str = "Content-Type: application/json";

/// A problem in one line.
fn said(reply: &Reply) -> String {
    assert_eq!(reply.header("content-type"), Some("application/problem+json"), "{}", reply.text());
    assert_eq!(reply.header("cache-control"), Some("no-store"), "{}", reply.text());
    let problem = reply.json();
    assert_eq!(
        (&problem["status"], &problem["type"]),
        (&json!(reply.status), &json!("about:blank"))
    );
    let text = |field: &str| problem[field].as_str().unwrap_or("-").to_owned();
    format!(
        "{} {} {}: {}; {}",
        reply.status,
        text("code"),
        text("parameter"),
        text("detail"),
        text("suggestion")
    )
}

#[test]
fn a_question_that_is_refused_says_where_and_what_to_write_instead() {
    let built = Built::samples();
    let served = Server::over(&built);
    let get = |path: &str| said(&served.get(&format!("/api/v1{path}")));
    let all = [
        "/search?q=neglect&autority=Stonewick",
        "/search?q=neglect&kept=a",
        "/search?q=interview+grad:good",
        "/search?grade=excelent",
        "/search?authority=Stonewik",
        "/search?limit=201",
        "/search?limit=-1",
        "/search?q=a&sort=datum",
        "/search?facets=gradee",
        "/kwic",
        "/kwic?q=a&context=5000",
        "/facets",
        "/facets?attribute=number",
        "/reports?kind=finding",
        "/reports?q=neglect",
        "/paragraphs?offset=5",
        "/health?x=1",
        "/reports/stonewick-sif-2014",
        "/paragraphs/stonewick-sif-2014-09-09/999",
        "/paragraphs/stonewick-sif-2014-09-09",
        "/similar/stonewick-sif-2014-09-09",
        "/topics/agency_stuff",
        "/nothing",
        "/search/more",
    ];
    let all: Vec<String> = all.into_iter().map(|path| format!("{path}\n  {}", get(path))).collect();
    insta::assert_snapshot!(all.join("\n"));
    let of_query = served.get("/api/v1/search?q=interview+grad:good").json();
    assert_eq!(of_query["span"], json!([10, 14]));
    assert_eq!(of_query["typed"], "interview grad:good");
}

#[test]
fn an_analysis_that_is_refused_names_the_parameter() {
    let built = Built::samples();
    let served = Server::over(&built);
    let get = |path: &str| said(&served.get(&format!("/api/v1{path}")));
    let all = [
        "/compare?q=neglect",
        "/compare?by=authority",
        "/compare?q=neglect&by=topic",
        "/compare?q=neglect&by=authorty",
        "/compare?q=neglect&by=grade&and=grade",
        "/compare?q=neglect&by=framework&standardise=framework",
        "/compare?q=neglect&by=region&standardise=year",
        "/compare?q=neglect&by=region&limits=row",
        "/compare?q=neglect&by=region&sort=relevance",
        "/compare?q=neglect&by=region&quotes=21",
        "/compare?q=neglect&by=region&include=boilerplate",
        "/compare?q=neglect&by=region&kind=boilerplate",
        "/compare?q=neglect&by=region&newest=yes&as_at=2020",
        "/compare?q=neglect&by=region&autority=Stonewick",
        "/compare?q=neglect&by=region&limit=5",
        "/compare?q=grad:good&by=region",
        "/compare?topic=neglekt&by=region",
        "/timeline",
        "/timeline?authority=Stonewik",
        "/timeline?authority=Stonewick&topic=neglekt",
        "/timeline?authority=Stonewick&any=yes",
        "/timeline?authority=Stonewick&grade=good",
        "/grades?by=authority",
        "/grades?and=year",
        "/grades?by=year&and=year",
        "/grades?changes=last",
        "/grades?changes=first&by=theme",
        "/grades?changes=first&overall=good",
        "/grades?topic=neglect",
        "/grades?not_theme=leadership",
        "/grades?q=neglect",
        "/distinctive",
        "/distinctive?exact=yes",
        "/distinctive?against_exact=yes",
        "/distinctive?against_q=grad:good",
        "/distinctive?grade=excelent",
        "/distinctive?against_grade=excelent",
        "/distinctive?against_grad=good",
        "/distinctive?against_latest=perhaps",
        "/distinctive?against_limit=3",
        "/distinctive?year=2014",
        "/distinctive?q=zeppelin",
        "/distinctive?q=neglect&longest=4",
        "/distinctive?q=neglect&least_reports=1",
        "/distinctive?q=neglect&limit=0",
        "/distinctive?q=neglect&offset=1",
        "/recommendations?by=kind",
        "/recommendations?kind=finding",
        "/recommendations?not_kind=finding",
        "/recommendations?repeated=yes&sort=date",
        "/recommendations?limit=201",
        "/recommendations?fields=txt",
        "/recommendations/stonewick",
    ];
    let all: Vec<String> = all.into_iter().map(|path| format!("{path}\n  {}", get(path))).collect();
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn a_method_that_is_not_taken_says_which_are() {
    let built = Built::samples();
    let served = Server::over(&built);
    let put = served.ask("PUT", "/api/v1/search", &[]);
    assert_eq!((put.status, put.header("allow")), (405, Some("GET,HEAD")));
    assert_eq!(put.json()["code"], "method");
    let get = served.get("/api/v1/batch");
    assert_eq!((get.status, get.header("allow")), (405, Some("POST")));
}

#[test]
fn a_batch_is_taken_from_programs_and_own_pages_and_no_others() {
    let built = Built::samples();
    let served = Server::over(&built);
    let body = r#"{"queries":[{"name":"a","query":"neglect"}]}"#;
    let sent = |headers: &[&str]| served.post(BATCH, body, &[&[JSON], headers].concat()).status;
    let own = format!("Origin: http://{}", served.address);
    assert_eq!(sent(&[]), 200);
    assert_eq!(sent(&[&own, "Sec-Fetch-Site: same-origin"]), 200);
    assert_eq!(sent(&["Sec-Fetch-Site: none"]), 200);
    for others in [
        "Origin: https://example.org",
        "Origin: null",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site",
    ] {
        assert_eq!(sent(&[others]), 403, "{others}");
    }
    assert_eq!(sent(&["Host: example.org"]), 421);
}

#[test]
fn a_body_is_short_json_that_is_understood() {
    let built = Built::samples();
    let served = Server::over(&built);
    let body = r#"{"queries":[{"name":"a","query":"neglect"}]}"#;
    assert_eq!(
        said(&served.post(BATCH, body, &["Content-Type: text/plain"])),
        "415 media_type -: the body is to be `application/json`; -"
    );
    assert_eq!(served.post(BATCH, body, &[]).status, 415);
    let long =
        format!("{{\"queries\":[{{\"name\":\"a\",\"query\":\"{}\"}}]}}", "a".repeat(1 << 20));
    assert_eq!(
        said(&served.post(BATCH, &long, &[JSON])),
        "413 too_large -: the body is larger than 1048576 bytes; -"
    );
    let faulty = r#"{"queries":[{"name":"a","query":"grad:good"},{"name":"b","query":"neglect","grade":"excelent"}]}"#;
    let reply = served.post(BATCH, faulty, &[JSON]);
    assert_eq!(said(&reply), "400 queries -: queries that cannot be asked as they are: 2; -");
    let errors = reply.json()["errors"].clone();
    assert_eq!(
        (&errors[0]["parameter"], &errors[0]["span"]),
        (&json!("queries[0].query"), &json!([0, 4]))
    );
    assert_eq!(errors[1]["parameter"], "queries[1].grade");
}

#[test]
fn a_list_of_fields_with_a_gap_is_refused() {
    let built = Built::samples();
    let served = Server::over(&built);
    for fields in [",", "id,", ",id"] {
        assert_eq!(served.get(&format!("/api/v1/topics?fields={fields}")).status, 400, "{fields}");
    }
    assert_eq!(served.get("/api/v1/topics?fields=id,name").status, 200);
}
