//! A browser for tests of pages.
//!
//! Needs `chromedriver` and the browser that it drives. Without them the tests say that they were
//! skipped; where `FINDINGS_BROWSER` is `needed`, they fail instead.

use fantoccini::{Client, ClientBuilder};
use serde_json::{Map, Value, json};
use std::env;
use std::future::Future;
use std::io::{self, Write};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// One browser at a time: each takes as much as a machine of two processors has.
static ALONE: Mutex<()> = Mutex::new(());

/// Ends a process with the test.
#[derive(Debug)]
pub(crate) struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // A process that has ended already is what is wanted.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// How the browser is set up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Setup {
    /// The size of its window, in pixels.
    pub(crate) size: (u32, u32),
    /// Whether it runs scripts.
    pub(crate) scripts: bool,
}

impl Setup {
    /// A desk.
    pub(crate) const WIDE: Self = Self { size: (1280, 900), scripts: true };
    /// A phone.
    pub(crate) const PHONE: Self = Self { size: (390, 844), scripts: true };
    /// A page at 400 % on a window of 1280 pixels.
    pub(crate) const ZOOMED: Self = Self { size: (320, 256), scripts: true };
    /// A desk without scripts.
    pub(crate) const PLAIN: Self = Self { scripts: false, ..Self::WIDE };
}

/// Says that something was not tried. Written directly to standard error, because the harness hides the
/// output of tests that pass.
pub(crate) fn skipped(why: &str) {
    io::stderr().write_all(format!("SKIPPED: {why}\n").as_bytes()).unwrap();
}

/// Runs a test in a browser; does nothing, and says so, where there is none.
pub(crate) fn browse<F: Future<Output = ()>>(setup: Setup, test: impl FnOnce(Client) -> F) {
    let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let driver = Command::new("chromedriver")
        .arg(format!("--port={port}"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let Ok(driver) = driver else {
        assert!(!is_needed(), "there is no chromedriver");
        skipped("there is no chromedriver, so pages are not tried in a browser");
        return;
    };
    let driver = Running(driver);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let Some(client) = connected(port, setup).await else {
            assert!(!is_needed(), "chromedriver starts no browser");
            skipped("chromedriver starts no browser, so pages are not tried in one");
            return;
        };
        let window = client.clone();
        window.set_window_size(setup.size.0, setup.size.1).await.unwrap();
        test(client).await;
        // The driver ends with the test, and its browser with it.
        let _ = window.close().await;
    });
    drop(driver);
    drop(alone);
}

fn is_needed() -> bool {
    env::var_os("FINDINGS_BROWSER").is_some_and(|wish| wish == "needed")
}

async fn connected(port: u16, setup: Setup) -> Option<Client> {
    let (width, height) = setup.size;
    let mut options = json!({
        "args": [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
            "--hide-scrollbars", format!("--window-size={width},{height}"),
        ],
    });
    // Windows have a least width, which is wider than a phone.
    if width < 500 {
        options["mobileEmulation"] = json!({
            "deviceMetrics": { "width": width, "height": height, "pixelRatio": 1.0, "touch": false },
        });
    }
    if !setup.scripts {
        options["prefs"] = json!({ "profile.managed_default_content_settings.javascript": 2 });
    }
    let mut wishes = Map::new();
    wishes.insert("goog:chromeOptions".to_owned(), options);
    wishes.insert("browserName".to_owned(), Value::from("chrome"));
    let address = format!("http://127.0.0.1:{port}");
    for _ in 0..200 {
        let mut builder =
            ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new());
        match builder.capabilities(wishes.clone()).connect(&address).await {
            Ok(client) => return Some(client),
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
    None
}
