//! Tests `findings serve` as a process that browsers, programs and strangers talk to.

use crate::built::{Built, copy};
use crate::invented::report;
use crate::served::{Reply, Server};
use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

const SCRIPT: &str = "Neglect is seen late <script>alert(1)</script> & \"told\" to nobody.";

/// Indexes the samples, in a folder of their own so that they can be changed.
fn samples() -> (Built, Server) {
    let built = Built::empty();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/reports");
    copy(&samples, &built.0.path().join("reports"));
    assert_eq!(built.output(&["index", "reports"]).status.code(), Some(0));
    let server = Server::start(built.0.path(), &[]);
    (built, server)
}

/// Runs a command that ends by itself, without trying what it suggests: that would go on for ever.
fn run(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_findings"))
        .current_dir(folder)
        .args(arguments)
        .env_remove("FINDINGS_INDEX")
        .env("COLUMNS", "100")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

fn files(folder: &Path, into: &mut BTreeMap<String, (u64, Option<std::time::SystemTime>)>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let metadata = entry.metadata().unwrap();
        if metadata.is_dir() {
            files(&entry.path(), into);
        } else {
            let path = entry.path().display().to_string();
            into.insert(path, (metadata.len(), metadata.modified().ok()));
        }
    }
}

fn holds(reply: &Reply, text: &str) {
    let body = reply.text();
    assert!(body.contains(text), "{} without {text}:\n{body}", reply.status);
}

#[test]
fn every_page_answers_is_kept_and_is_packed() {
    let (built, server) = samples();
    let mut before = BTreeMap::new();
    files(built.0.path(), &mut before);
    for path in [
        "/",
        "/search?q=return+interview",
        "/advanced",
        "/coverage",
        "/coverage.csv",
        "/coverage.json",
        "/topics",
        "/topics?q=missing",
        "/topics.csv",
        "/topics/missing_rhi",
        "/help",
        "/accessibility",
    ] {
        let reply = server.get(path);
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        let policy = reply.header("content-security-policy").unwrap();
        assert_eq!(reply.header("x-robots-tag"), Some("noindex, nofollow"));
        assert!(policy.starts_with("default-src 'none'; style-src 'self'; script-src 'self'"));
        // A page has no script or style of its own, which the policy would not let run.
        let body = reply.text();
        for own in ["style=\"", "onclick", "<style", "javascript:"] {
            assert!(!body.contains(own), "{path} has {own}");
        }
        let head = server.ask("HEAD", path, &[]);
        assert_eq!((head.status, head.body.len()), (200, 0), "{path}");
        let tag = reply.header("etag").unwrap();
        let again = server.ask("GET", path, &[&format!("If-None-Match: {tag}")]);
        assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
        let packed = server.ask("GET", path, &["Accept-Encoding: gzip"]);
        if body.len() > 2_000 {
            assert_eq!(packed.header("content-encoding"), Some("gzip"), "{path}");
            assert!(packed.body.starts_with(&[0x1f, 0x8b]) && packed.body.len() < body.len());
        }
    }
    let mut after = BTreeMap::new();
    files(built.0.path(), &mut after);
    assert_eq!(before, after, "serving wrote a file");
    assert_eq!(server.end(), Some(0));
}

#[test]
fn a_commit_is_picked_up_without_a_failed_request() {
    let built = Built::empty();
    let folder = built.0.path().join("reports");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("a.txt"), report("Borchester Council", 1, 23, "Neglect is seen late."))
        .unwrap();
    assert_eq!(built.output(&["index", "reports"]).status.code(), Some(0));
    let server = Server::start(built.0.path(), &[]);
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        let asking = scope.spawn(|| {
            let mut asked = 0;
            while !is_over.load(Ordering::Relaxed) {
                let reply = server.get(&format!("/search?q=register&seed=1&sample={}", asked + 1));
                assert_eq!(reply.status, 200, "{}", reply.text());
                asked += 1;
            }
            asked
        });
        let text = report("Felpersham Council", 2, 24, "The dormouse sleeps in the teapot.");
        fs::write(folder.join("b.txt"), text).unwrap();
        assert_eq!(built.output(&["index", "reports"]).status.code(), Some(0));
        let began = Instant::now();
        while !server.get("/search?q=dormouse").text().contains("1 paragraph in 1 report") {
            assert!(began.elapsed() < Duration::from_secs(30), "the commit is not seen");
            thread::sleep(Duration::from_millis(50));
        }
        is_over.store(true, Ordering::Relaxed);
        assert!(asking.join().unwrap() > 3);
    });
    assert_eq!(server.end(), Some(0));
}

#[test]
fn only_names_of_this_machine_are_answered() {
    let (_built, server) = samples();
    let port = server.address.port();
    let from = |host: &str| {
        let request = format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        server.send(&request).status
    };
    assert_eq!(from(&format!("localhost:{port}")), 200);
    assert_eq!(from("[::1]"), 200);
    for foreign in ["reports.example.org", "localhost.example.org", "10.0.0.1", ""] {
        assert_eq!(from(foreign), 421, "{foreign}");
    }
    let without = server.send("GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
    assert_eq!(without.status, 421);
}

#[test]
fn no_path_leads_out_of_what_is_served() {
    let (_built, server) = samples();
    for path in [
        "/originals/../../findings.toml",
        "/originals/..%2f..%2ffindings.toml",
        "/originals/%2e%2e/%2e%2e/etc/passwd",
        "/originals/%2fetc%2fpasswd",
        "/assets/1/../../findings.toml",
        "/assets/1/..%2f..%2ffindings.toml",
        "/assets/..%2f..%2f/site.css%00",
        "/topics/..%2f..%2fetc%2fpasswd",
        "/../../etc/passwd",
    ] {
        let reply = server.get(path);
        assert_eq!(reply.status, 404, "{path}");
        let body = reply.text();
        assert!(!body.contains("root:") && !body.contains("authorities ="), "{path}: {body}");
    }
}

#[test]
fn a_file_is_shown_only_as_it_was_indexed() {
    let (built, server) = samples();
    let folder = built.0.path().join("reports/stonewick");
    let pdf = folder.join("stonewick-sif-28-november-2014.pdf");
    let address = "/originals/stonewick-sif-2014-09-09";
    let whole = server.get(address);
    assert_eq!(whole.header("content-type"), Some("application/pdf"));
    assert_eq!(whole.header("content-security-policy"), None);
    assert_eq!(whole.header("x-content-type-options"), Some("nosniff"));
    let part = server.ask("GET", address, &["Range: bytes=0-4"]);
    assert_eq!((part.status, part.body.as_slice()), (206, &b"%PDF-"[..]));

    // The same bytes, but outside of the folder that was indexed.
    let outside = built.0.path().join("elsewhere.pdf");
    fs::rename(&pdf, &outside).unwrap();
    std::os::unix::fs::symlink(&outside, &pdf).unwrap();
    let linked = server.get(&format!("{address}?again"));
    assert_eq!(linked.status, 410);
    holds(&linked, "leads out of the folders");
    fs::remove_file(&pdf).unwrap();

    fs::write(&pdf, "%PDF-1.4 something else").unwrap();
    let swapped = server.get(address);
    assert_eq!(swapped.status, 410);
    holds(&swapped, "The file has changed since it was indexed");
    assert!(swapped.header("content-type").unwrap().starts_with("text/html"));
    fs::remove_file(&pdf).unwrap();
    holds(&server.get(address), "no longer where it was");
}

/// A page that says what a report says, and that nobody can draw.
#[cfg(feature = "as-printed")]
#[test]
fn a_page_that_is_drawn_for_ever_is_given_up_and_others_are_answered_meanwhile() {
    let built = Built::empty();
    let reports = built.0.path().join("reports");
    fs::create_dir(&reports).unwrap();
    let lines = [
        "Brackenford: inspection of services for children",
        "Inspection dates: 4 March 2019 to 8 March 2019",
        "Children who go missing are seldom offered an interview when they return home.",
    ];
    fs::write(reports.join("endless.pdf"), crate::endless::endless(&lines)).unwrap();
    assert_eq!(built.output(&["index", "reports"]).status.code(), Some(0));
    let found = built.json(&["search", "interview"]);
    let id = found["hits"][0]["id"].as_str().unwrap();
    let server = Server::start(built.0.path(), &["--time-limit", "2"]);
    thread::scope(|scope| {
        let drawn = scope.spawn(|| server.get(&format!("/printed/{id}.png")));
        let started = Instant::now();
        while started.elapsed() < Duration::from_secs(1) {
            assert_eq!(server.get("/search?q=interview").status, 200);
        }
        let drawn = drawn.join().unwrap();
        assert_eq!(drawn.status, 422, "{}", drawn.text());
        holds(&drawn, "2 s");
    });
    // The report itself is there.
    holds(&server.get(&format!("/paragraphs/{id}")), "seldom offered an interview");
}

#[test]
fn a_report_in_html_is_saved_as_text_and_never_runs() {
    let (built, server) = samples();
    let reports = built.json(&["reports"]);
    let reports = reports.as_array().unwrap();
    let of_html = reports.iter().find(|one| one["path"].as_str().unwrap().ends_with(".html"));
    let id = of_html.unwrap()["id"].as_str().unwrap();
    let reply = server.get(&format!("/originals/{id}"));
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("content-type"), Some("text/plain; charset=utf-8"));
    assert!(reply.header("content-disposition").unwrap().starts_with("attachment; "));
    assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
}

#[test]
fn text_of_reports_and_of_questions_is_never_markup() {
    let built = Built::empty();
    let folder = built.0.path().join("reports");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("a.txt"), report("Borchester Council", 1, 23, SCRIPT)).unwrap();
    assert_eq!(built.output(&["index", "reports"]).status.code(), Some(0));
    let server =
        Server::start(built.0.path(), &["--operator", "<b>Us</b>", "--contact", "javascript:x"]);
    let found = server.get("/search?q=told+%3Cscript%3Ex");
    holds(&found, "&lt;script&gt;");
    for path in [
        "/search?q=nobody",
        "/search?q=told+%3Cscript%3Ex",
        "/topics?q=%3Cscript%3Ealert(1)",
        "/topics/%3Cscript%3E",
        "/advanced?q=%22%3E%3Cscript%3E",
        "/accessibility",
        "/search?authority=%3Cscript%3Ealert(1)",
        "/%3Cscript%3E",
    ] {
        let body = server.get(path).text();
        for markup in ["<script>", "<b>Us", "href=\"javascript:"] {
            assert!(!body.contains(markup), "{path}: {body}");
        }
    }
}

#[test]
fn a_query_that_cannot_be_read_is_told_with_its_place() {
    let (_built, server) = samples();
    let long = server.get(&format!("/search?q={}", "a".repeat(4_001)));
    assert_eq!(long.status, 400);
    holds(&long, "The query has 4001 characters; the most are 4000");
    let fault = server.get("/search?q=neglect+%21abuse");
    assert_eq!(fault.status, 400);
    holds(&fault, "<em>!abuse</em>");
    let unknown = server.get("/search?q=neglect&autority=Essex");
    assert_eq!(unknown.status, 400);
    holds(&unknown, "Unknown parameter “autority”");
    assert_eq!(server.ask("POST", "/search", &["Content-Length: 0"]).status, 405);
}

#[test]
fn a_request_that_is_too_long_is_told_that() {
    let (_built, server) = samples();
    for length in [65_600, 70_000, 200_000] {
        let reply = server.get(&format!("/basket?kept={}", "a".repeat(length)));
        assert!([414, 431].contains(&reply.status), "{length}: {}", reply.status);
        holds(&reply, "This request is too long");
        assert_eq!(reply.header("content-type"), Some("text/plain; charset=utf-8"));
    }
}

#[test]
fn the_advanced_form_leads_to_the_query_in_the_box() {
    let (_built, server) = samples();
    let leads = |path: &str| {
        let reply = server.get(path);
        assert_eq!(reply.status, 303, "{path}: {}", reply.text());
        reply.header("location").unwrap().to_owned()
    };
    assert_eq!(
        leads(
            "/advanced?all=children&none=police&near_a=social+worker&near_b=left&within=3&grade=Good&from=2014&kept=a%2F1"
        ),
        "/search?q=children+%22social+worker%22+NEAR%2F3+left+NOT+police&grade=Good&from=2014\
         &kept=a%2F1#results"
    );
    let colon = leads("/advanced?all=grade:good&phrase=say+%22yes%22");
    assert_eq!(colon, "/search?q=%22grade%3Agood%22+%22say+yes%22#results");
    let form = server.get("/advanced?q=return+interview&grade=Good&from=2014");
    for kept in [
        "name=\"all\" type=\"text\" value=\"return interview\"",
        "type=\"hidden\" name=\"grade\" value=\"Good\"",
        "type=\"hidden\" name=\"from\" value=\"2014\"",
    ] {
        holds(&form, kept);
    }
    assert_eq!(server.get("/advanced?all=a&within=900").status, 400);
    assert_eq!(server.get("/advanced?everything=a").status, 400);
}

#[test]
fn coverage_and_topics_say_what_the_commands_say_and_name_no_folder() {
    let (built, server) = samples();
    fs::write(built.0.path().join("reports/notes.txt"), "Milk, eggs.").unwrap();
    built.output(&["index", "reports"]);
    let began = Instant::now();
    while !server.get("/coverage").text().contains("notes.txt") {
        assert!(began.elapsed() < Duration::from_secs(30), "the commit is not seen");
        thread::sleep(Duration::from_millis(50));
    }
    let page = server.get("/coverage");
    holds(&page, "<code>notes.txt</code>");
    holds(&page, "authority=Fairmere&amp;framework=ilacs&amp;visit=none");
    let folder = built.0.path().display().to_string();
    for path in ["/coverage", "/coverage.json", "/coverage.csv"] {
        assert!(!server.get(path).text().contains(&folder), "{path}");
    }
    let mut told = built.json(&["coverage", "--missing"]);
    for failure in told["failed"].as_array_mut().unwrap() {
        let path = failure["path"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        failure["path"] = path.into();
    }
    let served: serde_json::Value =
        serde_json::from_slice(&server.get("/coverage.json").body).unwrap();
    assert_eq!(served, told);
    let served: serde_json::Value =
        serde_json::from_slice(&server.get("/topics.json").body).unwrap();
    assert_eq!(served, built.json(&["topics"]));
    let unknown = server.get("/topics/ponds");
    assert_eq!(unknown.status, 404);
    holds(&server.get("/topics?q=zzz"), "No topic has this name");
}

#[test]
fn help_counts_what_its_examples_find() {
    let (built, server) = samples();
    let page = server.get("/help").text();
    for query in ["missing children", "\"return interview\"~2", "supervision NEAR/5 weak"] {
        let total = built.json(&["search", query, "--limit", "0"])["total"].as_u64().unwrap();
        let shown = query.replace('"', "&quot;");
        let row = page.split(&format!("<code>{shown}</code>")).nth(1).unwrap();
        let row = row.split("</tr>").next().unwrap();
        let cell = row.split("<td class=\"number\">").nth(1).unwrap();
        assert!(cell.starts_with(&format!("{total}<")), "{query}: {total}, not {cell}");
    }
    assert!(!page.contains("--exact") && !page.contains("findings search"));
}

#[test]
fn the_statement_says_what_is_not_filled_in() {
    let (built, server) = samples();
    let empty = server.get("/accessibility");
    holds(&empty, "The name of the body that runs this service has not been filled in.");
    holds(&empty, "can’t declare that a body complies");
    let filled =
        ["--operator", "Borsetshire", "--contact", "a@b.example", "--reviewed", "1 May 2026"];
    let server = Server::start(built.0.path(), &filled);
    let page = server.get("/accessibility");
    assert!(!page.text().contains("not been filled in"));
    for said in ["run by Borsetshire", "href=\"mailto:a@b.example\"", "reviewed on 1 May 2026"] {
        holds(&page, said);
    }
}

#[test]
fn whole_addresses_are_those_of_the_settings_and_never_of_a_request() {
    let (built, server) = samples();
    let own = server.get("/opensearch.xml");
    holds(&own, &format!("template=\"http://{}/search?q={{searchTerms}}\"", server.address));
    assert_eq!(server.get("/robots.txt").text(), "User-agent: *\nDisallow: /\n");
    let public = ["--public-url", "https://reports.example.org/findings"];
    let server = Server::start(built.0.path(), &public);
    let request = "GET /findings/opensearch.xml HTTP/1.1\r\nHost: reports.example.org\r\n\
                   X-Forwarded-Host: evil.example\r\nConnection: close\r\n\r\n";
    let told = server.send(request);
    holds(&told, "template=\"https://reports.example.org/findings/search?q={searchTerms}\"");
    let page = server.get("/findings/help");
    holds(&page, "href=\"/findings/topics\"");
    holds(&page, "src=\"/findings/assets/");
}

#[test]
fn a_server_that_cannot_run_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let (code, said) = run(folder.path(), &["serve"]);
    assert_eq!(code, Some(2));
    insta::assert_snapshot!(said, @"
    error: no index in .findings
    hint: name the reports to be read first, as in `findings serve reports/`; an index in another folder is named with `--index DIR`
    ");
    let built = Built::samples();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (code, said) = run(built.0.path(), &["--index", "held", "serve", "--listen", &address]);
    assert_eq!(code, Some(2));
    // Systems number this error differently.
    insta::assert_snapshot!(said.replace(&address, "ADDRESS").replace("48)", "98)"), @"
    error: cannot listen at ADDRESS
      because Address already in use (os error 98)
    hint: perhaps Findings runs there already; choose another port with `--listen 127.0.0.1:7701`, or any that is free with `--listen 127.0.0.1:0`
    ");
    let (code, said) =
        run(built.0.path(), &["--index", "held", "serve", "--open", "--listen", "unix:here.sock"]);
    assert_eq!(code, Some(2));
    insta::assert_snapshot!(said, @"
    error: --open: a browser cannot open a socket
    hint: leave --open out, or listen at an address
    ");
    let (code, said) = run(built.0.path(), &["--index", "held", "serve", "--listen", "80"]);
    assert_eq!(code, Some(2));
    insta::assert_snapshot!(said, @"
    error: invalid value '80' for '--listen <ADDRESS>': `80` is neither an address with a port, such as 127.0.0.1:7700, nor unix:PATH

    For more information, try '--help'.
    ");
}
