//! Tries the pages in a browser, as their readers do.

use crate::browser::{Setup, browse, skipped};
use crate::built::{Built, copy};
use crate::served::Server;
use fantoccini::key::Key;
use fantoccini::{Client, Locator};
use serde_json::Value;
use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;
use std::time::Duration;

/// An index of the samples.
static INDEX: LazyLock<Built> = LazyLock::new(Built::samples);

fn server() -> Server {
    Server::over(&INDEX)
}

async fn script(client: &Client, text: &str) -> Value {
    client.execute(text, Vec::new()).await.unwrap()
}

async fn text(client: &Client, css: &str) -> String {
    client.find(Locator::Css(css)).await.unwrap().text().await.unwrap()
}

/// Goes to a page of the server.
async fn open(client: &Client, server: &Server, path: &str) {
    client.goto(&format!("{}{path}", server.url())).await.unwrap();
}

/// Clicks the first element that a selector finds.
async fn click(client: &Client, css: &str) {
    client.find(Locator::Css(css)).await.unwrap().click().await.unwrap();
}

/// The text of the element that has the focus.
async fn focused(client: &Client) -> String {
    let element = client.active_element().await.unwrap();
    element.text().await.unwrap()
}

async fn type_and_submit(client: &Client, query: &str) {
    let field = client.find(Locator::Id("q")).await.unwrap();
    field.clear().await.unwrap();
    field.send_keys(query).await.unwrap();
    field.send_keys(&Key::Enter.to_string()).await.unwrap();
    client.wait().for_element(Locator::Id("results")).await.unwrap();
}

/// Applies the filters, where there were none before.
async fn apply(client: &Client) {
    let button = client.find(Locator::XPath("//button[text()='Apply filters']")).await.unwrap();
    button.click().await.unwrap();
    client.wait().for_element(Locator::Css(".chosen")).await.unwrap();
}

/// The page does not scroll sideways.
async fn fits(client: &Client, page: &str) {
    let over = script(
        client,
        "return document.documentElement.scrollWidth - document.documentElement.clientWidth",
    )
    .await;
    assert_eq!(over, 0, "{page} scrolls sideways");
}

#[test]
fn a_search_leads_to_the_heading_of_its_results() {
    let server = server();
    browse(Setup::WIDE, async |client| {
        client.goto(&server.url()).await.unwrap();
        type_and_submit(&client, "return interview").await;
        let heading = text(&client, "h1").await;
        assert!(heading.contains("for “return interview”"), "{heading}");
        assert_eq!(client.title().await.unwrap(), format!("{heading} – Findings"));
        assert_eq!(focused(&client).await, heading);
        assert_eq!(client.find_all(Locator::Css("[role=status]")).await.unwrap().len(), 1);
        let marks = client.find_all(Locator::Css("ol.hits mark")).await.unwrap();
        assert!(!marks.is_empty());
    });
}

#[test]
fn a_filter_is_applied_removed_and_undone_by_back() {
    let server = server();
    browse(Setup::WIDE, async |client| {
        open(&client, &server, "/search?q=children").await;
        let before = text(&client, "h1").await;
        let boxed = "input[type=checkbox][name=grade]";
        client.find(Locator::Css(boxed)).await.unwrap().click().await.unwrap();
        apply(&client).await;
        let chosen = text(&client, ".chosen").await;
        assert!(chosen.starts_with("Remove: section grade"), "{chosen}");
        let after = text(&client, "h1").await;
        assert_ne!(before, after);
        assert_eq!(focused(&client).await, after);
        let address = client.current_url().await.unwrap();
        assert!(address.query().unwrap().contains("grade="), "{address}");
        // What is empty is left out of the address.
        assert!(!address.query().unwrap().contains("from="), "{address}");
        client.back().await.unwrap();
        assert_eq!(text(&client, "h1").await, before);
        client.forward().await.unwrap();
        click(&client, ".chosen a").await;
        assert_eq!(text(&client, "h1").await, before);
    });
}

#[test]
fn a_value_is_left_out_and_taken_back() {
    let server = server();
    browse(Setup::WIDE, async |client| {
        open(&client, &server, "/search?q=children").await;
        let before = text(&client, "h1").await;
        // The list is folded; a reader opens it first.
        let open =
            "document.querySelector('input[name=not_framework]').closest('details').open = true";
        script(&client, open).await;
        let out = client.find(Locator::Css("input[name=not_framework]")).await.unwrap();
        let value = out.attr("value").await.unwrap().unwrap();
        out.click().await.unwrap();
        apply(&client).await;
        assert_ne!(text(&client, "h1").await, before);
        let address = client.current_url().await.unwrap();
        assert!(address.query().unwrap().contains(&format!("not_framework={value}")), "{address}");
        let chosen = client.find(Locator::Css(".chosen a")).await.unwrap();
        assert!(chosen.text().await.unwrap().starts_with("Remove: not framework"));
        chosen.click().await.unwrap();
        assert_eq!(text(&client, "h1").await, before);
    });
}

/// Whether an element is within the window.
async fn is_seen(client: &Client, id: &str) -> bool {
    let place = format!(
        "const box = document.getElementById('{id}').getBoundingClientRect(); \
         return box.top >= -1 && box.top < innerHeight"
    );
    script(client, &place).await == true
}

#[test]
fn a_result_is_opened_at_its_paragraph_and_the_next_match_follows() {
    let server = server();
    browse(Setup::WIDE, async |client| {
        open(&client, &server, "/search?q=children").await;
        let quoted = text(&client, ".result blockquote").await;
        click(&client, ".result h2 a").await;
        assert!(is_seen(&client, "here").await);
        assert_eq!(text(&client, ".para.here .words").await, quoted);
        let step = text(&client, ".para.here .step").await;
        assert!(step.starts_with("Match "), "{step}");
        click(&client, ".para.here .step a").await;
        let hash = script(&client, "return location.hash.slice(1)").await;
        let hash = hash.as_str().unwrap();
        assert!(hash.starts_with('m'), "{hash}");
        assert!(is_seen(&client, hash).await);
    });
}

#[test]
fn a_paragraph_is_kept_without_leaving_the_page_and_found_in_the_basket_again() {
    let server = server();
    browse(Setup::WIDE, async |client| {
        open(&client, &server, "/search?q=children").await;
        let address = client.current_url().await.unwrap();
        let quoted = text(&client, ".result blockquote").await;
        click(&client, ".result .keep").await;
        assert_eq!(client.current_url().await.unwrap(), address);
        let said = text(&client, "[role=status]").await;
        assert!(said.starts_with("Kept."), "{said}");
        assert_eq!(text(&client, ".basket").await, "Basket (1)");
        // Another visit finds it, although the address says nothing of it.
        open(&client, &server, "/basket").await;
        client.wait().for_element(Locator::Css("blockquote")).await.unwrap();
        assert_eq!(text(&client, "blockquote").await, quoted);
    });
}

#[test]
fn a_paragraph_is_kept_in_the_address_without_scripts() {
    let server = server();
    browse(Setup::PLAIN, async |client| {
        open(&client, &server, "/search?q=children").await;
        let quoted = text(&client, ".result blockquote").await;
        click(&client, ".result .keep").await;
        assert_eq!(text(&client, ".basket").await, "Basket (1)");
        click(&client, ".basket").await;
        assert_eq!(text(&client, "blockquote").await, quoted);
    });
}

#[cfg(feature = "as-printed")]
#[test]
fn a_paragraph_is_unfolded_as_it_is_printed() {
    let server = server();
    for setup in [Setup::WIDE, Setup::PLAIN] {
        browse(setup, async |client| {
            open(&client, &server, "/search?q=children").await;
            assert!(
                client.find(Locator::Css(".printed")).await.is_err(),
                "it is not loaded before"
            );
            let result = "//li[@class='result'][.//a[@class='unfold']]";
            let quoted = client.find(Locator::XPath(&format!("{result}//blockquote"))).await;
            let quoted = quoted.unwrap().text().await.unwrap();
            click(&client, "a.unfold").await;
            let picture = client.wait().for_element(Locator::Css(".printed img")).await.unwrap();
            assert_eq!(picture.attr("alt").await.unwrap(), Some(quoted));
            let mut width = 0;
            for _ in 0..100 {
                let wide = "return document.querySelector('.printed img').naturalWidth";
                width = script(&client, wide).await.as_u64().unwrap_or(0);
                if width > 0 {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            assert!(width > 300, "the picture is {width} pixels wide");
        });
    }
}

#[test]
fn everything_is_there_without_scripts() {
    let server = server();
    browse(Setup::PLAIN, async |client| {
        client.goto(&server.url()).await.unwrap();
        type_and_submit(&client, "children").await;
        let before = text(&client, "h1").await;
        click(&client, "input[type=checkbox][name=authority]").await;
        apply(&client).await;
        assert_ne!(text(&client, "h1").await, before);
        let first = client.find(Locator::Css(".result .cite summary")).await.unwrap();
        first.click().await.unwrap();
        assert!(text(&client, ".result .cite p").await.contains("paragraph"));
    });
}

#[test]
fn a_reader_without_a_mouse_skips_to_the_results_and_the_filters() {
    let server = server();
    browse(Setup::WIDE, async |client| {
        open(&client, &server, "/search?q=children").await;
        let body = client.find(Locator::Css("body")).await.unwrap();
        body.send_keys(&Key::Tab.to_string()).await.unwrap();
        assert_eq!(focused(&client).await, "Skip to the results");
        client.active_element().await.unwrap().send_keys(&Key::Enter.to_string()).await.unwrap();
        assert_eq!(focused(&client).await, text(&client, "h1").await);
        // The next stop is among the results: their files, or the first of them.
        let heading = client.active_element().await.unwrap();
        heading.send_keys(&Key::Tab.to_string()).await.unwrap();
        let inside = "return document.querySelector('.results').contains(document.activeElement)";
        assert_eq!(script(&client, inside).await, true);
    });
}

#[test]
fn long_lists_of_values_are_no_row_of_stops() {
    let server = server();
    browse(Setup::WIDE, async |client| {
        open(&client, &server, "/search?q=children").await;
        let stops = "return [...document.querySelectorAll('.filters input, .filters select, \
                     .filters summary, .filters a, .filters button')]\
                     .filter((e) => e.checkVisibility()).length";
        let stops = script(&client, stops).await.as_u64().unwrap();
        assert!(stops <= 75, "{stops} stops in the filters");
    });
}

#[test]
fn a_line_leads_to_its_paragraph_with_the_match_marked() {
    let server = server();
    browse(Setup::WIDE, async |client| {
        open(&client, &server, "/kwic").await;
        let field = client.find(Locator::Css("input[name=q]")).await.unwrap();
        field.send_keys("return interview").await.unwrap();
        field.send_keys(&Key::Enter.to_string()).await.unwrap();
        client.wait().for_element(Locator::Css(".kwic")).await.unwrap();
        let heading = text(&client, "h1").await;
        assert!(heading.contains(" matches of any of the words in "), "{heading}");
        assert_eq!(focused(&client).await, heading);
        let matched = text(&client, ".kwic mark").await;
        click(&client, ".kwic th[scope=row] a").await;
        assert!(is_seen(&client, "here").await);
        let marks = client.find_all(Locator::Css(".para.here mark")).await.unwrap();
        let mut marked = Vec::new();
        for mark in marks {
            marked.push(mark.text().await.unwrap());
        }
        assert!(marked.contains(&matched), "{matched} is not among {marked:?}");
    });
}

#[test]
fn a_number_of_recommendations_leads_to_exactly_as_many() {
    let server = server();
    browse(Setup::WIDE, async |client| {
        open(&client, &server, "/recommendations").await;
        for column in ["Number", "Repeated"] {
            let link =
                client.find(Locator::Css(&format!("td[data-label={column}] a"))).await.unwrap();
            let number = link.text().await.unwrap();
            link.click().await.unwrap();
            let heading = text(&client, "h1").await;
            assert!(heading.starts_with(&format!("{number} ")), "{number}: {heading}");
            client.back().await.unwrap();
        }
    });
}

#[test]
fn queries_are_pasted_sent_and_followed_without_a_script_as_well() {
    let server = server();
    for setup in [Setup::WIDE, Setup::PLAIN] {
        browse(setup, async |client| {
            open(&client, &server, "/batch").await;
            let field = client.find(Locator::Id("queries")).await.unwrap();
            field.send_keys("name,query\ninterviews,return-interview\nplans,plan").await.unwrap();
            click(&client, "form.batch button").await;
            client.wait().for_element(Locator::Css("table.queries")).await.unwrap();
            assert!(text(&client, "h1").await.starts_with("2 queries"));
            if let (Some(axe), true) = (axe(), setup.scripts) {
                nothing_found(&client, &axe, "the answer to queries").await;
            }
            fits(&client, "the answer to queries").await;
            let link = client.find(Locator::Css("table.queries td a")).await.unwrap();
            let number = link.text().await.unwrap();
            link.click().await.unwrap();
            let heading = text(&client, "h1").await;
            assert!(heading.starts_with(&format!("{number} paragraph")), "{number}: {heading}");
        });
    }
}

#[test]
fn pages_fit_a_phone_and_a_zoom_of_400_per_cent() {
    let server = server();
    for setup in [Setup::PHONE, Setup::ZOOMED] {
        browse(setup, async |client| {
            for page in pages(&server) {
                client.goto(&page).await.unwrap();
                fits(&client, &page).await;
            }
        });
    }
}

#[test]
fn a_comparison_is_made_by_the_form_and_a_number_leads_to_its_paragraphs() {
    let server = server();
    browse(Setup::WIDE, async |client| {
        open(&client, &server, "/compare").await;
        type_and_submit(&client, "supervision").await;
        assert_eq!(text(&client, "h1").await, "‘supervision’ by authority");
        assert_eq!(focused(&client).await, "‘supervision’ by authority");
        let number = "table.cards tbody:first-of-type tr:nth-child(3) td[data-label=Matching] a";
        let counted = text(&client, number).await;
        click(&client, number).await;
        client.wait().for_element(Locator::Css("ol.hits")).await.unwrap();
        let heading = text(&client, "h1").await;
        assert!(heading.starts_with(&format!("{counted} paragraph")), "{counted}: {heading}");
        let marks = client.find_all(Locator::Css("ol.hits mark")).await.unwrap();
        assert!(!marks.is_empty(), "the paragraphs show what was counted");
    });
}

#[test]
fn a_search_is_saved_and_asked_again_and_forgotten() {
    let server = server();
    browse(Setup::WIDE, async |client| {
        open(&client, &server, "/search?q=supervision&grade=good").await;
        let heading = text(&client, "h1").await;
        let save =
            client.find(Locator::XPath("//button[text()='Save this search']")).await.unwrap();
        save.click().await.unwrap();
        assert_eq!(save.text().await.unwrap(), "Saved – remove");
        assert!(text(&client, "[role=status]").await.starts_with("Saved."));
        open(&client, &server, "/search?q=neglect").await;
        open(&client, &server, "/").await;
        let lists = client.find_all(Locator::Css("[data-saved] h2")).await.unwrap();
        assert_eq!(lists.len(), 2, "what is saved, and what was asked before");
        let saved = "[data-saved] section:first-of-type li a";
        assert_eq!(text(&client, saved).await, "“supervision”, grade good");
        let asked = client.find_all(Locator::Css("[data-saved] section:last-of-type li")).await;
        assert_eq!(asked.unwrap().len(), 2, "the last first");
        click(&client, saved).await;
        client.wait().for_element(Locator::Id("results")).await.unwrap();
        assert_eq!(text(&client, "h1").await, heading);
        open(&client, &server, "/").await;
        let forget = Locator::XPath("//button[text()='Forget all of these']");
        client.find(forget).await.unwrap().click().await.unwrap();
        assert_eq!(client.find_all(Locator::Css("[data-saved] h2")).await.unwrap().len(), 1);
        click(&client, "[data-saved] li button").await;
        assert!(client.find_all(Locator::Css("[data-saved] h2")).await.unwrap().is_empty());
        assert_eq!(text(&client, "[role=status]").await, "Removed.");
    });
}

#[test]
fn what_came_since_the_last_visit_is_told_and_counted() {
    let built = Built::empty();
    let reports = built.0.path().join("reports");
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/reports");
    copy(&samples.join("fairmere"), &reports.join("fairmere"));
    assert_eq!(built.output(&["index", "reports"]).status.code(), Some(0));
    let server = Server::over(&built);
    browse(Setup::WIDE, async |client| {
        open(&client, &server, "/search?q=children").await;
        let save =
            client.find(Locator::XPath("//button[text()='Save this search']")).await.unwrap();
        save.click().await.unwrap();
        open(&client, &server, "/").await;
        assert!(!text(&client, "main").await.contains("since your last visit"));
        let generation = server.json("/health")["generation"].clone();
        copy(&samples.join("stonewick"), &reports.join("stonewick"));
        assert_eq!(built.output(&["index", "reports"]).status.code(), Some(0));
        let mut tries = 0;
        while server.json("/health")["generation"] == generation {
            tries += 1;
            assert!(tries < 300, "the server takes up the new commit");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        // Another window is another visit.
        script(&client, "sessionStorage.clear()").await;
        open(&client, &server, "/").await;
        assert!(text(&client, "[data-saved]").await.contains("since your last visit"));
        let counted = "[data-saved] section li a + a";
        let new = server.json("/search?q=children&authority=Stonewick&limit=0")["total"].clone();
        let said = format!("{new} new");
        let is_counted = format!("//a[text()='{said}']");
        client.wait().for_element(Locator::XPath(&is_counted)).await.unwrap();
        click(&client, counted).await;
        client.wait().for_element(Locator::Css("ol.hits")).await.unwrap();
        let heading = text(&client, "h1").await;
        assert!(heading.starts_with(&format!("{new} paragraphs in 2 reports")), "{heading}");
    });
}

#[test]
fn charts_are_read_aloud_or_are_next_to_their_numbers() {
    let server = server();
    browse(Setup::WIDE, async |client| {
        let pages =
            ["/compare?q=children&by=authority", "/timeline?authority=Stonewick&q=children"];
        for page in pages {
            open(&client, &server, page).await;
            let silent = script(
                &client,
                "return [...document.querySelectorAll('main svg')].filter((own) => \
                 own.getAttribute('aria-hidden') !== 'true' && !(own.getAttribute('role') === 'img' && \
                 (own.getAttribute('aria-label') || own.querySelector('title, desc')))).length",
            )
            .await;
            assert_eq!(silent, 0, "{page}");
            assert_ne!(
                script(&client, "return document.querySelectorAll('main svg').length").await,
                0
            );
        }
    });
}

/// A page of each kind.
fn pages(server: &Server) -> Vec<String> {
    let paths = [
        "/",
        "/search?q=children",
        "/search?q=children&group=authority&not_region=London",
        "/search?q=grad:good",
        "/search?q=zebra",
        "/advanced",
        "/reports",
        "/reports/fairmere-slac-2012-01-16?q=children",
        "/paragraphs/fairmere-slac-2012-01-16/26?q=children",
        "/similar/fairmere-slac-2012-01-16/26",
        "/compare",
        "/compare?q=supervision&by=authority",
        "/compare?topic=missing_rhi&by=framework&and=grade&standardise=framework",
        "/compare?q=grad:good&by=region",
        "/compare.html?q=supervision&by=authority",
        "/timeline",
        "/timeline?authority=Stonewick&q=plans",
        "/distinctive",
        "/distinctive?framework=ilacs&against_framework=sif&least_reports=2",
        "/distinctive?grade=good&against_grade=good",
        "/grades",
        "/grades?changes=first&by=region",
        "/grades?topic=neglect",
        "/authorities",
        "/authorities/Stonewick",
        "/authorities/Fairmere",
        "/basket?kept=fairmere-slac-2012-01-16%2F26",
        "/kwic",
        "/kwic?q=children&sort=left&framework=sif",
        "/kwic?q=grad:good",
        "/recommendations",
        "/recommendations?repeated=1",
        "/recommendations.html",
        "/recommendations?q=plans&authority=Nowhere",
        "/batch",
        "/batch?example=1",
        "/topics",
        "/topics/neglect",
        "/coverage",
        "/help",
        "/accessibility",
        "/nothing",
    ];
    paths.iter().map(|path| format!("{}{path}", server.url())).collect()
}

/// axe-core, where the variable names its file.
fn axe() -> Option<String> {
    let file = env::var_os("FINDINGS_AXE")?;
    Some(fs::read_to_string(file).unwrap())
}

/// axe-core finds nothing on the page that is open.
async fn nothing_found(client: &Client, axe: &str, page: &str) {
    script(client, axe).await;
    let run = "const done = arguments[arguments.length - 1]; \
               axe.run().then((found) => done(found.violations.map((one) => \
               one.id + ': ' + one.nodes.map((node) => node.html).join(' ')))) \
               .catch((error) => done([String(error)]))";
    let found = client.execute_async(run, Vec::new()).await.unwrap();
    assert_eq!(found, Value::Array(Vec::new()), "{page}");
}

#[test]
fn axe_finds_nothing_on_any_page() {
    let Some(axe) = axe() else {
        skipped("FINDINGS_AXE does not name axe.min.js, so axe-core looks at no page");
        return;
    };
    let server = server();
    for setup in [Setup::WIDE, Setup::PHONE] {
        browse(setup, async |client| {
            for page in pages(&server) {
                client.goto(&page).await.unwrap();
                nothing_found(&client, &axe, &page).await;
            }
        });
    }
}

#[test]
fn the_validator_of_html_finds_nothing_on_any_page() {
    let Some(validator) = env::var_os("FINDINGS_VNU") else {
        skipped("FINDINGS_VNU does not name vnu.jar, so no validator looks at pages");
        return;
    };
    let server = server();
    let dir = tempfile::tempdir().unwrap();
    let mut java = Command::new("java");
    java.arg("-jar").arg(validator).args(["--format", "gnu", "--stdout"]);
    // A page to print has its policy in itself, which in a file allows no style of a server.
    let pages = pages(&server).into_iter().filter(|page| !page.ends_with(".html"));
    for (place, page) in pages.enumerate() {
        let file = dir.path().join(format!("{place}.html"));
        let address = page.strip_prefix(&server.url()).unwrap();
        fs::write(&file, server.get(address).body).unwrap();
        java.arg(file);
    }
    let said = java.output().unwrap();
    assert!(
        said.status.success() && said.stdout.is_empty(),
        "{}",
        String::from_utf8_lossy(&said.stdout)
    );
}
