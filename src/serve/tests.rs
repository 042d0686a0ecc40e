//! Asks the whole router about a small index of invented reports.

use super::app::App;
use super::{Limits, Listen, Log, Operator, Settings, router};
use crate::ask::Reference;
use crate::render::samples;
use axum::body::Body;
use axum::extract::connect_info::ConnectInfo;
use axum::http::header::HOST;
use axum::http::{HeaderMap, Request, StatusCode};
use findings_index::records::ledger::{Ledger, LedgerEntry, Outcome};
use findings_index::records::{ParagraphRecord, ReportRecord, SectionRecord};
use findings_index::request::SearchRequest;
use findings_index::{BuildOptions, Location, SearchError};
use http_body_util::BodyExt;
use jiff::Timestamp;
use scraper::{Html, Selector};
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tower::ServiceExt;

/// A server on an index of its own.
pub(super) struct Served {
    app: Arc<App>,
    _folder: tempfile::TempDir,
}

/// What it answered.
pub(super) struct Answered {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

impl Answered {
    /// The values of an attribute of the elements that a selector finds.
    pub(super) fn values(&self, selector: &str, attribute: &str) -> Vec<String> {
        let page = Html::parse_document(&self.body);
        let selector = Selector::parse(selector).unwrap();
        let found = page.select(&selector);
        found.filter_map(|one| Some(one.value().attr(attribute)?.to_owned())).collect()
    }
}

/// A report with paragraphs of these texts, numbered from 1, all in one section.
fn report(id: &str, authority: &str, texts: &[&str]) -> (ReportRecord, Vec<ParagraphRecord>) {
    let usual = samples::report();
    let section = SectionRecord { paragraphs: texts.len() as u32, ..usual.sections[1].clone() };
    let report = ReportRecord {
        id: id.to_owned(),
        path: format!("{id}.pdf"),
        authority: Some(authority.to_owned()),
        sections: vec![section.clone()],
        paragraphs: texts.len() as u32,
        ..usual
    };
    let paragraph = |(place, text): (usize, &&str)| ParagraphRecord {
        id: format!("{id}/{}", place + 1),
        report: id.to_owned(),
        section: section.path.clone(),
        number: Some((place + 1).to_string()),
        text: (*text).to_owned(),
        ..samples::paragraph()
    };
    let paragraphs = texts.iter().enumerate().map(paragraph).collect();
    (report, paragraphs)
}

/// Where the files of the reports would be. No page may say so.
const FOLDER: &str = "/secret/folder";

impl Served {
    /// A server on the invented reports.
    pub(super) fn new() -> Self {
        Self::within(Limits::default())
    }

    /// The same, with other limits.
    fn within(limits: Limits) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::Folder(folder.path().to_owned());
        let reports = [
            report(
                "wealdshire-sif-2015-10-19",
                "Wealdshire",
                &[
                    "A return interview is seldom offered to children who go missing from home.",
                    "Supervision of social workers is regular and well recorded.",
                    "Leaders do not know how many return interviews are held. <script>x</script>",
                ],
            ),
            report(
                "port-ansel-sif-2016-02-01",
                "Port Ansel",
                &["Missing children are offered a return interview, and most of them take it."],
            ),
        ];
        let build = location.build(&BuildOptions::default()).unwrap();
        let mut entries = Vec::new();
        for (report, paragraphs) in &reports {
            build.put(report, paragraphs).unwrap();
            entries.push(LedgerEntry {
                path: format!("{FOLDER}/{}", report.path),
                outcome: Outcome::Read,
                report: Some(report.id.clone()),
                plain_id: Some(report.id.clone()),
                ..samples::ledger().entries.swap_remove(0)
            });
        }
        let ledger = Ledger {
            finished: Timestamp::UNIX_EPOCH,
            roots: vec![FOLDER.to_owned()],
            reading: "1".to_owned(),
            entries,
        };
        build.commit(&ledger).unwrap();
        let settings = Settings {
            listen: Listen::Tcp("127.0.0.1:7700".parse().unwrap()),
            location,
            reference: Reference::default(),
            public: None,
            hosts: Vec::new(),
            proxies: Vec::new(),
            limits,
            open_metrics: false,
            log: Log::Faults,
            operator: Operator::default(),
            worker: PathBuf::new(),
        };
        Self { app: Arc::new(App::new(settings).unwrap()), _folder: folder }
    }

    /// Asks for an address; the part after `#` is the browser's.
    pub(super) async fn get(&self, address: &str) -> Answered {
        let address = address.split('#').next().unwrap();
        let request = Request::get(address)
            .header(HOST, "localhost:7700")
            .extension(ConnectInfo(IpAddr::V4(Ipv4Addr::LOCALHOST)))
            .body(Body::empty())
            .unwrap();
        let answer = router(&self.app).oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        assert!(!body.contains(FOLDER), "{address} tells where files are");
        Answered { status: parts.status, headers: parts.headers, body }
    }

    /// Asks for a page that there is.
    pub(super) async fn page(&self, address: &str) -> Answered {
        let answered = self.get(address).await;
        assert_eq!(answered.status, StatusCode::OK, "{address}: {}", answered.body);
        answered
    }
}

const REPORT: &str = "/reports/wealdshire-sif-2015-10-19";

#[tokio::test]
async fn a_report_is_shown_with_the_matches_of_a_question() {
    let served = Served::new();
    let plain = served.page(REPORT).await;
    assert_eq!(plain.values(".para", "id"), ["1", "2", "3"]);
    assert!(plain.values("mark", "class").is_empty());
    assert!(plain.body.contains("&lt;script&gt;x") && !plain.body.contains("<script>x"));
    let marked = served.page(&format!("{REPORT}?q=return+interview")).await;
    assert!(marked.body.contains("2 paragraphs match"));
    assert_eq!(marked.values(".step a", "href"), ["#m2", "#m1"]);
    for id in ["m1", "m2"] {
        assert_eq!(marked.values(&format!("#{id}"), "id"), [id]);
    }
    let links = marked.values(".para .no a", "href");
    assert_eq!(links[1], "/paragraphs/wealdshire-sif-2015-10-19/2?q=return+interview#here");
    let here = served.page(&links[1]).await;
    assert_eq!(here.values(".para.here", "id"), ["2"]);
    assert_eq!(here.values(".para.here > #here", "id"), ["here"]);
    let exact = served.page(&format!("{REPORT}?q=interviews&exact=1")).await;
    assert!(exact.body.contains("1 paragraph matches"));
}

#[tokio::test]
async fn a_question_that_cannot_be_read_does_not_hide_the_report() {
    let served = Served::new();
    let wrong = served.get(&format!("{REPORT}?q=grade:nonsense")).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert_eq!(wrong.values(".para", "id").len(), 3);
    let unknown = served.get(&format!("{REPORT}?colour=red")).await;
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn ids_that_are_not_held_are_not_found_and_the_nearest_is_named() {
    let served = Served::new();
    for (address, near) in [
        ("/reports/wealdshire-sif-2015-10-18", "wealdshire-sif-2015-10-19"),
        ("/paragraphs/wealdshire-sif-2015-10-19/4", "wealdshire-sif-2015-10-19/1"),
        ("/similar/wealdshire-sif-2015-10-19/4", "wealdshire-sif-2015-10-19/1"),
    ] {
        let answered = served.get(address).await;
        assert_eq!(answered.status, StatusCode::NOT_FOUND, "{address}");
        assert!(answered.body.contains(near), "{}", answered.body);
    }
    assert_eq!(
        served.get("/similar/wealdshire-sif-2015-10-19").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn what_is_kept_stays_kept_from_page_to_page_without_a_script() {
    let served = Served::new();
    let first = served.page("/paragraphs/wealdshire-sif-2015-10-19/1?q=missing").await;
    let keep = &first.values(".here a.keep", "href")[0];
    let address =
        "/paragraphs/wealdshire-sif-2015-10-19/1?q=missing&kept=wealdshire-sif-2015-10-19%2F1#1";
    assert_eq!(keep, address);
    let kept = served.page(keep).await;
    assert!(kept.body.contains("Kept – remove"));
    let basket = served.page(&kept.values("a.basket", "href")[0]).await;
    assert_eq!(basket.values("[data-kept]", "data-kept"), ["wealdshire-sif-2015-10-19/1"]);
    let files = basket.values(".found .tools a", "href");
    let (markdown, csv) = (served.page(&files[0]).await, served.page(&files[1]).await);
    assert!(markdown.body.starts_with("> 1\\. A return interview"), "{}", markdown.body);
    assert!(csv.body.contains("wealdshire-sif-2015-10-19/1"));
    let file = served.page(&files[2]).await;
    assert!(file.body.starts_with("{\"id\":\"wealdshire-sif-2015-10-19/1\""), "{}", file.body);
    assert!(format!("{:?}", file.headers).contains("findings-basket.jsonl"));
    let empty = served.page(&basket.values("a.keep", "href")[0]).await;
    assert!(empty.body.contains("Nothing is kept yet"));
    let gone = served.page("/basket?kept=nowhere%2F1").await;
    assert_eq!(gone.values("[data-keep]", "href"), ["/basket"]);
}

#[tokio::test]
async fn similar_paragraphs_are_from_elsewhere_unless_all_are_asked_for() {
    let served = Served::new();
    let elsewhere = served.page("/similar/wealdshire-sif-2015-10-19/1").await;
    let found = elsewhere.values("li.result", "id");
    assert_eq!(found, ["p-port-ansel-sif-2016-02-01/1"]);
    let all = &elsewhere.values(".like + section > .also > a", "href")[0];
    let everywhere = served.page(all).await;
    assert!(everywhere.values("li.result", "id").len() > 1, "{all}");
    let none = "/similar/wealdshire-sif-2015-10-19/1?authority=Wealdshire";
    assert!(served.page(none).await.body.contains("Nothing like it"));
}

#[tokio::test]
async fn reports_are_listed_narrowed_and_written_as_a_table() {
    let served = Served::new();
    let all = served.page("/reports").await;
    let linked = all.values("tbody th a", "href");
    assert_eq!(linked, ["/reports/port-ansel-sif-2016-02-01", REPORT]);
    let one = served.page("/reports?authority=wealdshire&framework=&from=").await;
    assert!(one.body.contains("<h2 id=\"results\" tabindex=\"-1\">1 report</h2>"));
    let table = served.page(&one.values("link[type='text/csv']", "href")[0]).await;
    assert!(table.body.contains("wealdshire-sif-2015-10-19,Wealdshire"), "{}", table.body);
    assert_eq!(table.body.lines().count(), 2);
    let removed = served.page(&one.values(".chosen a", "href")[0]).await;
    assert_eq!(removed.values("tbody tr th", "scope").len(), 2);
    let wrong = served.get("/reports?authority=Nowhere").await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert_eq!(wrong.values("input[name=authority]", "value"), ["Nowhere"], "it can be mended");
}

#[tokio::test]
async fn work_that_nobody_waits_for_is_cancelled() {
    let served = Served::new();
    let (begun, is_begun) = tokio::sync::oneshot::channel();
    let (seen, is_seen) = tokio::sync::oneshot::channel();
    let held = served.app.held();
    let client = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let answer = Arc::clone(&served.app).answer(client, held, move |session, _| {
        let _ = begun.send(());
        while !session.deadline.has_passed() {
            std::thread::yield_now();
        }
        let every = SearchRequest::default();
        let _ = seen.send(session.engine.search(&every, &session.deadline).err());
        Ok(())
    });
    let waiting = tokio::spawn(answer);
    is_begun.await.unwrap();
    waiting.abort();
    assert!(matches!(is_seen.await.unwrap(), Some(SearchError::Cancelled)));
}

#[tokio::test]
async fn an_answer_of_the_api_that_takes_too_long_is_given_up() {
    let served = Served::within(Limits { time: Duration::ZERO, ..Limits::default() });
    for address in [
        "search?q=interview",
        "compare?q=interview&by=authority",
        "timeline?authority=Wealdshire&q=interview",
        "grades",
        "distinctive?authority=Wealdshire&against_authority=Port+Ansel",
        "recommendations",
    ] {
        let late = served.get(&format!("/api/v1/{address}")).await;
        assert_eq!(late.status, StatusCode::SERVICE_UNAVAILABLE, "{address}: {}", late.body);
        assert!(late.body.contains(r#""code":"timed_out""#), "{address}: {}", late.body);
    }
}

#[tokio::test]
async fn a_feed_goes_by_the_checked_name_of_its_request_where_no_other_is_known() {
    let served = Served::new();
    let feed = served.page("/search.json-feed?q=interview&limit=1").await;
    let feed: serde_json::Value = serde_json::from_str(&feed.body).unwrap();
    let at = "http://localhost:7700/search.json-feed?q=interview&limit=1";
    assert_eq!(feed["feed_url"], at);
    assert_eq!(feed["next_url"], format!("{at}&page=2"));
    let url = feed["items"][0]["url"].as_str().unwrap();
    assert!(url.starts_with("http://localhost:7700/paragraphs/"), "{url}");
    let _ = served.app.bound.set("127.0.0.1:7701".parse().unwrap());
    let feed = served.page("/search.json-feed?q=interview&limit=1").await;
    assert!(feed.body.contains("http://127.0.0.1:7701/paragraphs/"), "where it listens");
}

#[tokio::test]
async fn what_is_wrong_is_told_in_the_form_that_was_asked_for() {
    let served = Served::new();
    let (page, text, json) =
        ("text/html; charset=utf-8", "text/plain; charset=utf-8", "application/problem+json");
    for (address, media) in [
        ("/search?authority=Nowhere", page),
        ("/search.csv?authority=Nowhere", text),
        ("/search.md?autority=Wealdshire", text),
        ("/compare.csv", text),
        ("/timeline.csv?q=interview", text),
        ("/search.atom?sort=date", text),
        ("/search.json-feed?sort=date", text),
        ("/nothing.csv", text),
        ("/kwic.json?q=grad:good", json),
        ("/topics.json?x=1", json),
        ("/api/v1/search?q=grad:good", json),
    ] {
        let wrong = served.get(address).await;
        assert!(wrong.status.is_client_error(), "{address}: {}", wrong.status);
        assert_eq!(wrong.headers["content-type"], media, "{address}: {}", wrong.body);
    }
    let told = served.get("/search.csv?q=interview+grad:good").await.body;
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(
        lines,
        [
            "This question can't be answered as it stands",
            "unknown field `grad`; did you mean `grade`?",
            "in `interview grad:good`, at `grad`",
            "perhaps: interview grade:good",
        ]
    );
}

#[tokio::test]
async fn a_page_after_the_last_says_so_and_leads_to_the_last() {
    let served = Served::new();
    for address in [
        "/search?q=interview",
        "/search?q=interview&group=authority",
        "/kwic?q=interview",
        "/reports?framework=sif",
        "/similar/wealdshire-sif-2015-10-19/1?everywhere=1",
    ] {
        let beyond = served.page(&format!("{address}&page=9")).await;
        assert!(beyond.body.contains("There is no page 9: the last is "), "{address}");
        let links = beyond.values(&format!("a[href='{address}#results']"), "href");
        assert!(!links.is_empty(), "{address}: {}", beyond.body);
        let none = served.get(&format!("{address}&page=0")).await;
        assert_eq!(none.status, StatusCode::BAD_REQUEST, "{address}");
        assert!(none.body.contains("“page” is at least 1, not 0"), "{address}");
    }
    let beyond = served.page("/api/v1/search?q=interview&offset=50").await.body;
    assert!(beyond.contains("`offset` is 50, which is after the last of 3"), "{beyond}");
}

#[tokio::test]
async fn what_is_unknown_is_not_found_in_a_path_and_refused_in_a_parameter() {
    let served = Served::new();
    for (address, status) in [
        ("/authorities/Wealdshyre", StatusCode::NOT_FOUND),
        ("/timeline?authority=Wealdshyre", StatusCode::BAD_REQUEST),
        ("/timeline.csv?authority=Wealdshyre", StatusCode::BAD_REQUEST),
        ("/compare?q=interview&authority=Wealdshyre", StatusCode::BAD_REQUEST),
        ("/api/v1/timeline?authority=Wealdshyre", StatusCode::BAD_REQUEST),
    ] {
        let wrong = served.get(address).await;
        assert_eq!(wrong.status, status, "{address}");
        assert!(wrong.body.contains("Wealdshire"), "{address}: {}", wrong.body);
    }
    for (address, status) in [
        ("/topics/nothing", StatusCode::NOT_FOUND),
        ("/api/v1/topics/nothing", StatusCode::NOT_FOUND),
        ("/compare?topic=nothing", StatusCode::BAD_REQUEST),
        ("/timeline?authority=Wealdshire&topic=nothing", StatusCode::BAD_REQUEST),
        ("/api/v1/compare?topic=nothing&by=authority", StatusCode::BAD_REQUEST),
    ] {
        assert_eq!(served.get(address).await.status, status, "{address}");
    }
    for address in ["/compare?q=interview&by=section", "/api/v1/compare?q=interview&by=section"] {
        let wrong = served.get(address).await.body;
        assert!(wrong.contains("is one of grade, overall, theme, "), "{address}: {wrong}");
    }
}

#[tokio::test]
async fn an_authority_that_is_known_and_not_held_leads_to_what_is_held() {
    let served = Served::new();
    for (address, status) in [
        ("/authorities/Essex", StatusCode::NOT_FOUND),
        ("/timeline?authority=Essex", StatusCode::BAD_REQUEST),
        ("/search?authority=Essex", StatusCode::BAD_REQUEST),
    ] {
        let unheld = served.get(address).await;
        assert_eq!(unheld.status, status, "{address}");
        assert!(unheld.body.contains("No report of “Essex” is held"), "{}", unheld.body);
        assert_eq!(unheld.values("a[href='/coverage#missing']", "href").len(), 1, "{address}");
    }
}

#[tokio::test]
async fn what_leaves_the_page_has_whole_addresses() {
    let served = Served::new();
    let here = "http://localhost:7700";
    let id = "wealdshire-sif-2015-10-19/1";
    for address in ["/compare.csv?q=interview", "/timeline.csv?authority=Wealdshire&q=interview"] {
        let file = served.page(address).await.body;
        assert!(file.contains(&format!("{here}/search?")), "{address}: {file}");
        assert!(!file.contains(",/search?"), "{address}: {file}");
    }
    let page = served.page(&format!("/paragraphs/{id}?kept=wealdshire-sif-2015-10-19%2F2")).await;
    let cited = format!("{here}/paragraphs/{id}#here (PDF: {here}/originals/");
    assert!(page.body.contains(&cited), "{}", page.body);
    let csv = served.page("/basket.csv?kept=wealdshire-sif-2015-10-19%2F1").await.body;
    let head = csv.lines().next().unwrap();
    assert!(head.ends_with(",link"), "{head}");
    assert!(csv.trim_end().ends_with(&format!(",{here}/paragraphs/{id}#here")), "{csv}");
    let markdown = served.page("/basket.md?kept=wealdshire-sif-2015-10-19%2F1").await.body;
    let link = format!("[`{id}`](<{here}/paragraphs/{id}#here>)");
    assert!(markdown.contains(&link), "{markdown}");
}

#[tokio::test]
async fn a_form_that_is_filled_in_is_answered() {
    let served = Served::new();
    // A box is ticked, and no words are typed that it could be about.
    let ticked = served.page("/timeline?authority=Wealdshire&q=&any=1").await;
    assert!(ticked.body.contains("Wealdshire, inspection by inspection"), "{}", ticked.body);
}

#[test]
fn the_files_that_pages_need_are_small() {
    use super::assets::{ICON, SCRIPT, STYLE};
    assert!(STYLE.len() + SCRIPT.len() + ICON.len() < 60_000);
}
