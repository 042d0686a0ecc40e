//! Tries the pages in a browser, as their readers do.

use crate::browser::{Server, Setup, browse};
use crate::invented::FINDINGS;
use fantoccini::key::Key;
use fantoccini::{Client, Locator};
use serde_json::Value;
use std::env;
use std::fs;
use std::process::Command;
use std::sync::LazyLock;
use tempfile::TempDir;

/// An index of the samples.
static INDEX: LazyLock<TempDir> = LazyLock::new(|| {
    let dir = tempfile::tempdir().unwrap();
    let mut command = Command::new(FINDINGS);
    command.arg("--index").arg(dir.path()).args(["index", "samples/reports"]);
    // Some of the samples are no reports, which the exit code tells.
    assert!(command.output().unwrap().status.code().is_some());
    dir
});

fn server() -> Server {
    Server::over(INDEX.path(), &[])
}

async fn script(client: &Client, text: &str) -> Value {
    client.execute(text, Vec::new()).await.unwrap()
}

async fn text(client: &Client, css: &str) -> String {
    client.find(Locator::Css(css)).await.unwrap().text().await.unwrap()
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
        client.goto(&server.url).await.unwrap();
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
        client.goto(&format!("{}/search?q=children", server.url)).await.unwrap();
        let before = text(&client, "h1").await;
        let boxed = "input[type=checkbox][name=grade]";
        client.find(Locator::Css(boxed)).await.unwrap().click().await.unwrap();
        client
            .find(Locator::XPath("//button[text()='Apply filters']"))
            .await
            .unwrap()
            .click()
            .await
            .unwrap();
        client.wait().for_element(Locator::LinkText("Remove: section grade Inadequate")).await.ok();
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
        client.find(Locator::Css(".chosen a")).await.unwrap().click().await.unwrap();
        assert_eq!(text(&client, "h1").await, before);
    });
}

#[test]
fn everything_is_there_without_scripts() {
    let server = server();
    browse(Setup::PLAIN, async |client| {
        client.goto(&server.url).await.unwrap();
        type_and_submit(&client, "children").await;
        let before = text(&client, "h1").await;
        client
            .find(Locator::Css("input[type=checkbox][name=authority]"))
            .await
            .unwrap()
            .click()
            .await
            .unwrap();
        client.find(Locator::Css(".filters button")).await.unwrap().click().await.unwrap();
        assert_ne!(text(&client, "h1").await, before);
        let first = client.find(Locator::Css(".result .cite summary")).await.unwrap();
        first.click().await.unwrap();
        assert!(text(&client, ".result [data-citation]").await.contains("paragraph"));
    });
}

#[test]
fn a_reader_without_a_mouse_skips_to_the_results_and_the_filters() {
    let server = server();
    browse(Setup::WIDE, async |client| {
        client.goto(&format!("{}/search?q=children", server.url)).await.unwrap();
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
        client.goto(&format!("{}/search?q=children", server.url)).await.unwrap();
        let stops = "return [...document.querySelectorAll('.filters input, .filters select, \
                     .filters summary, .filters a, .filters button')]\
                     .filter((e) => e.checkVisibility()).length";
        let stops = script(&client, stops).await.as_u64().unwrap();
        assert!(stops <= 75, "{stops} stops in the filters");
    });
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

/// Every page of the server.
fn pages(server: &Server) -> Vec<String> {
    ["/", "/search?q=children", "/search?q=grad:good", "/search?q=zebra", "/nothing"]
        .iter()
        .map(|path| format!("{}{path}", server.url))
        .collect()
}

/// axe-core, where the variable names its file.
fn axe() -> Option<String> {
    let file = env::var_os("FINDINGS_AXE")?;
    Some(fs::read_to_string(file).unwrap())
}

#[test]
fn axe_finds_nothing_on_any_page() {
    let Some(axe) = axe() else {
        eprintln!("SKIPPED: FINDINGS_AXE does not name axe.min.js, so axe-core looks at no page");
        return;
    };
    let server = server();
    for setup in [Setup::WIDE, Setup::PHONE] {
        browse(setup, async |client| {
            for page in pages(&server) {
                client.goto(&page).await.unwrap();
                script(&client, &axe).await;
                let run = "const done = arguments[arguments.length - 1]; \
                           axe.run().then((found) => done(found.violations.map((one) => \
                           one.id + ': ' + one.nodes.map((node) => node.html).join(' ')))) \
                           .catch((error) => done([String(error)]))";
                let found = client.execute_async(run, Vec::new()).await.unwrap();
                assert_eq!(found, Value::Array(Vec::new()), "{page}");
            }
        });
    }
}
