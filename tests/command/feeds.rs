//! Feeds of searches as programs read them: what is in them, where they lead, and whether they hold to
//! their formats.

use crate::built::{Built, copy};
use crate::served::{Reply, Server};
use roxmltree::{Document, Node};
use scraper::{Html, Selector};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

const ATOM: &str = "http://www.w3.org/2005/Atom";

/// The formats, by the ends of their addresses.
const FORMATS: [&str; 2] = ["atom", "json-feed"];

/// An index of the samples that came with three builds.
static INDEX: LazyLock<Built> = LazyLock::new(|| {
    let built = Built::empty();
    let reports = built.0.path().join("reports");
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/reports");
    let mut folders: Vec<_> =
        fs::read_dir(samples).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    folders.sort();
    for folders in folders.chunks(folders.len().div_ceil(3)) {
        for folder in folders {
            let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/reports").join(folder);
            copy(&from, &reports.join(folder));
        }
        assert_eq!(built.output(&["index", "reports"]).status.code(), Some(0));
    }
    built
});

/// An entry as a program reads it from either format.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    id: String,
    title: String,
    text: String,
    link: String,
    original: String,
    published: Option<String>,
    updated: String,
    author: String,
}

/// A page of a feed as a program reads it from either format.
#[derive(Debug)]
struct Read {
    id: String,
    title: String,
    rights: String,
    own: String,
    next: Option<String>,
    entries: Vec<Entry>,
}

fn text(node: Node<'_, '_>, name: &str) -> Option<String> {
    let child = node.children().find(|child| child.has_tag_name((ATOM, name)))?;
    Some(child.text().unwrap_or_default().to_owned())
}

fn link(node: Node<'_, '_>, rel: &str) -> Option<String> {
    let links = node.children().filter(|child| child.has_tag_name((ATOM, "link")));
    let mut own = links.filter(|link| link.attribute("rel") == Some(rel));
    let href = own.next()?.attribute("href")?.to_owned();
    assert_eq!(own.next(), None, "more than one link `{rel}`");
    Some(href)
}

fn of_atom(reply: &Reply) -> Read {
    assert_eq!(reply.header("content-type"), Some("application/atom+xml; charset=utf-8"));
    let whole = reply.text();
    let document = Document::parse(&whole).unwrap();
    let feed = document.root_element();
    let entries = feed.children().filter(|node| node.has_tag_name((ATOM, "entry")));
    let entries = entries.map(|node| Entry {
        id: text(node, "id").unwrap(),
        title: text(node, "title").unwrap(),
        text: text(node, "content").unwrap(),
        link: link(node, "alternate").unwrap(),
        original: link(node, "related").unwrap(),
        published: text(node, "published"),
        updated: text(node, "updated").unwrap(),
        author: {
            let author = node.children().find(|child| child.has_tag_name((ATOM, "author")));
            text(author.unwrap(), "name").unwrap()
        },
    });
    Read {
        id: text(feed, "id").unwrap(),
        title: text(feed, "title").unwrap(),
        rights: text(feed, "rights").unwrap_or_default(),
        own: link(feed, "self").unwrap(),
        next: link(feed, "next"),
        entries: entries.collect(),
    }
}

fn of_json(reply: &Reply) -> Read {
    assert_eq!(reply.header("content-type"), Some("application/feed+json"));
    let feed = reply.json();
    let said = |value: &Value| value.as_str().unwrap_or_else(|| panic!("{feed:#}")).to_owned();
    let perhaps = |value: &Value| value.as_str().map(str::to_owned);
    let entries = feed["items"].as_array().unwrap().iter().map(|item| Entry {
        id: said(&item["id"]),
        title: said(&item["title"]),
        text: said(&item["content_text"]),
        link: said(&item["url"]),
        original: said(&item["external_url"]),
        published: perhaps(&item["date_published"]),
        updated: said(&item["date_modified"]),
        author: said(&item["authors"][0]["name"]),
    });
    Read {
        id: said(&feed["_findings"]["id"]),
        title: said(&feed["title"]),
        rights: perhaps(&feed["_findings"]["rights"]).unwrap_or_default(),
        own: said(&feed["feed_url"]),
        next: perhaps(&feed["next_url"]),
        entries: entries.collect(),
    }
}

fn read(server: &Server, format: &str, asked: &str) -> Read {
    let address = format!("/search.{format}?{asked}");
    let reply = server.get(&address);
    assert_eq!(reply.status, 200, "{address}: {}", reply.text());
    if format == "atom" { of_atom(&reply) } else { of_json(&reply) }
}

/// The path of an address of the server, and what follows it.
fn path_of<'a>(server: &Server, address: &'a str) -> &'a str {
    let path = address.strip_prefix(&server.url()).unwrap_or_else(|| panic!("{address}"));
    path.split('#').next().unwrap()
}

#[test]
fn the_feed_of_a_search_has_exactly_its_paragraphs_the_last_to_change_first() {
    let server = Server::over(&INDEX);
    for asked in [
        "q=children",
        "q=return-interview&any=1",
        "q=neglect&grade=inadequate&grade=requires+improvement",
        "authority=Stonewick",
        "topic=missing_rhi",
        "q=child*&latest=1&not_authority=Stonewick",
        "new_since=2020-01-01&q=visits",
    ] {
        let answer = server.json(&format!("/search?{asked}&sort=changed&limit=200"));
        let hits = answer["hits"].as_array().unwrap();
        assert_eq!(answer["total"], hits.len(), "{asked}: all are on one page");
        assert!(!hits.is_empty(), "{asked}");
        let terms = |said: &str| said.split(" · ").map(str::to_owned).collect::<BTreeSet<_>>();
        for format in FORMATS {
            let feed = read(&server, format, &format!("{asked}&limit=200"));
            assert_eq!(feed.next, None);
            let file = server.get(&format!("/search.json?{asked}")).json();
            assert_eq!(terms(&feed.rights), terms(file["attribution"].as_str().unwrap()));
            assert!(feed.entries.iter().map(|entry| &entry.updated).is_sorted_by(|a, b| a >= b));
            assert_eq!(feed.entries.len(), hits.len(), "{asked}");
            for (entry, hit) in feed.entries.iter().zip(hits) {
                assert_eq!(entry.id, format!("urn:findings:{}", hit["id"].as_str().unwrap()));
                assert_eq!(entry.text, hit["text"].as_str().unwrap());
                assert_eq!(entry.updated, hit["changed"].as_str().unwrap());
                let report = &hit["report"];
                let date = report["published"].as_str().or(report["inspection_end"].as_str());
                let published = date.map(|day| format!("{day}T00:00:00Z"));
                assert_eq!(entry.published, published);
                let authority = report["authority"].as_str().unwrap();
                assert!(entry.title.starts_with(authority), "{}", entry.title);
            }
        }
    }
    let updated: BTreeSet<String> =
        read(&server, "atom", "limit=200").entries.into_iter().map(|one| one.updated).collect();
    assert!(updated.len() > 1, "they came with several builds");
}

#[test]
fn both_formats_hold_the_same() {
    let server = Server::over(&INDEX);
    let [atom, json] = FORMATS.map(|format| read(&server, format, "q=plans&limit=20"));
    assert_eq!(atom.entries, json.entries);
    assert_eq!((&atom.id, &atom.title, &atom.rights), (&json.id, &json.title, &json.rights));
    assert_eq!(atom.title, "Findings: “plans”");
    assert!(
        atom.rights.contains("Ofsted")
            && atom.entries.iter().all(|one| one.author.starts_with("Ofsted"))
    );
    let other = read(&server, "atom", "limit=3&authority=Stonewick&authority=Fairmere");
    let again = read(&server, "atom", "authority=Fairmere&authority=Stonewick");
    assert_eq!(other.id, again.id, "the order of parameters does not matter");
    assert_ne!(other.id, atom.id);
}

#[test]
fn a_feed_without_entries_is_one_and_says_why() {
    let server = Server::over(&INDEX);
    let reply = server.get("/search.atom?q=neglekt");
    let feed = of_atom(&reply);
    assert!(feed.entries.is_empty() && feed.rights.is_empty());
    assert!(reply.text().contains("did you mean"), "{}", reply.text());
}

#[test]
fn what_is_refused_is_told_to_a_program_and_names_the_parameter() {
    let server = Server::over(&INDEX);
    for (asked, status, told) in [
        ("q=a&sort=date", 400, "`sort`"),
        ("q=a&group=authority", 400, "`group`"),
        ("q=a&per_group=3", 400, "`per_group`"),
        ("q=a&sample=3", 400, "`sample`"),
        ("q=a&seed=3", 400, "`seed`"),
        ("q=a&repeats=1", 400, "`repeats`"),
        ("q=a&words_only=1", 400, "`words_only`"),
        ("q=a&explain=0", 400, "`explain`"),
        ("q=a&limit=0", 400, "`limit`"),
        ("q=a&limit=201", 400, "`limit`"),
        ("q=a&page=0", 400, "`page`"),
        ("q=a&autority=Stonewick", 400, "`autority`"),
        ("authority=Nowhere", 400, "`authority`"),
        ("new_since=yesterday+or+so", 400, "`new_since`"),
        ("q=grade:splendid", 400, "in `grade:splendid`"),
    ] {
        for format in FORMATS {
            let reply = server.get(&format!("/search.{format}?{asked}"));
            assert_eq!(reply.status, status, "{asked}");
            assert_eq!(reply.header("content-type"), Some("text/plain; charset=utf-8"), "{asked}");
            assert!(reply.text().contains(told), "{asked}: {}", reply.text());
        }
    }
}

#[test]
fn following_next_to_the_end_meets_each_entry_once() {
    let server = Server::over(&INDEX);
    let total = server.json("/search?q=children&limit=1")["total"].as_u64().unwrap();
    for format in FORMATS {
        let (mut asked, mut met) = ("q=children&limit=7".to_owned(), Vec::new());
        loop {
            let page = read(&server, format, &asked);
            met.extend(page.entries.iter().map(|entry| entry.id.clone()));
            let Some(next) = page.next else { break };
            assert_ne!(next, page.own);
            let path = path_of(&server, &next);
            asked = path.split_once('?').unwrap().1.to_owned();
            assert!(path.starts_with(&format!("/search.{format}?")) && asked.contains("limit=7"));
        }
        assert_eq!(met.len() as u64, total);
        assert_eq!(met.iter().collect::<BTreeSet<_>>().len() as u64, total);
    }
    // RFC 5005: a page knows its neighbours and both ends.
    let reply = server.get("/search.atom?q=children&limit=7&page=2");
    let whole = reply.text();
    let document = Document::parse(&whole).unwrap();
    let to = |rel| link(document.root_element(), rel).unwrap();
    assert_eq!(path_of(&server, &to("previous")), "/search.atom?q=children&limit=7");
    assert_eq!(to("first"), to("previous"));
    assert!(to("next").ends_with("&page=3"));
    let last = format!("&page={}", total.div_ceil(7));
    assert!(to("last").ends_with(&last), "{}", to("last"));
    let after = read(&server, "atom", "q=children&page=999");
    assert!(after.entries.is_empty() && after.next.is_none());
}

#[test]
fn links_are_whole_lead_to_the_paragraph_and_carry_nobodys_basket() {
    let server = Server::over(&INDEX);
    let kept = "kept=stonewick-ilacs-2023-08-14%2F4";
    let feed = read(&server, "atom", &format!("q=%22children%22+-neglect&limit=12&{kept}"));
    assert!(feed.entries.len() > 5 && !feed.own.contains("kept"));
    for entry in &feed.entries {
        let page = server.get(path_of(&server, &entry.link));
        assert_eq!(page.status, 200, "{}", entry.link);
        let page = Html::parse_document(&page.text());
        let here = Selector::parse("#here, [id=here], .here").unwrap();
        let here: String = page.select(&here).flat_map(|one| one.text()).collect();
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words(&here).contains(&words(&entry.text)), "{}: {here}", entry.link);
        assert!(page.select(&Selector::parse("mark").unwrap()).next().is_some(), "{}", entry.link);
        let original = server.get(path_of(&server, &entry.original));
        assert_eq!(original.status, 200, "{}", entry.original);
        assert!(!entry.link.contains("kept") && !entry.original.contains("kept"));
    }
    // Whatever a request calls it by, a service with an address of its own goes by that.
    let public = "https://reports.example.org/findings";
    let server = Server::start(INDEX.0.path(), &["--public-url", public]);
    for path in ["/search.atom?q=neglect", "/findings/search.atom?q=neglect"] {
        let feed = of_atom(&server.get(path));
        assert_eq!(feed.own, format!("{public}/search.atom?q=neglect"));
        for entry in &feed.entries {
            assert!(entry.link.starts_with(&format!("{public}/paragraphs/")), "{}", entry.link);
            assert!(entry.original.starts_with(&format!("{public}/originals/")));
        }
    }
}

#[test]
fn pages_name_their_feeds_and_link_to_them() {
    let server = Server::over(&INDEX);
    let kept = "kept=stonewick-ilacs-2023-08-14%2F4";
    for (page, asked) in [
        ("/search?q=neglect&authority=Stonewick&sort=date&page=1", "q=neglect&authority=Stonewick"),
        ("/search?q=nowherefound", "q=nowherefound"),
        ("/authorities/Stonewick", "authority=Stonewick"),
        ("/topics/missing_rhi", "topic=missing_rhi"),
        ("/reports?authority=Stonewick", "authority=Stonewick"),
    ] {
        let between = if page.contains('?') { '&' } else { '?' };
        let reply = server.get(&format!("{page}{between}{kept}"));
        assert_eq!(reply.status, 200, "{page}: {}", reply.text());
        let html = Html::parse_document(&reply.text());
        let hrefs = |css: &str| {
            let css = Selector::parse(css).unwrap();
            let all = html.select(&css).filter_map(|one| one.value().attr("href"));
            all.map(str::to_owned).collect::<Vec<_>>()
        };
        let atom = format!("/search.atom?{asked}");
        let json = format!("/search.json-feed?{asked}");
        let alternate = "link[rel=alternate]";
        assert_eq!(hrefs(&format!("{alternate}[type='application/atom+xml']")), [&*atom], "{page}");
        assert_eq!(hrefs(&format!("{alternate}[type='application/feed+json']")), [&*json]);
        assert_eq!(hrefs("main a[type='application/atom+xml']"), [&*atom], "{page}");
        for path in [&atom, &json] {
            assert_eq!(server.get(path).status, 200, "{path}");
        }
    }
    // What is refused, and what nobody asked, has no feed.
    for page in ["/", "/search?q=grade:splendid", "/reports?authority=Nowhere", "/help"] {
        assert!(!server.get(page).text().contains("search.atom"), "{page}");
    }
}

#[test]
fn a_feed_that_a_reader_has_is_not_sent_again() {
    let server = Server::over(&INDEX);
    for format in FORMATS {
        let path = format!("/search.{format}?q=children");
        let reply = server.get(&path);
        let tag = reply.header("etag").unwrap();
        let again = server.ask("GET", &path, &[&format!("If-None-Match: {tag}")]);
        assert_eq!((again.status, again.body.len()), (304, 0));
        assert_eq!(again.header("etag"), Some(tag));
        let head = server.ask("HEAD", &path, &[]);
        assert_eq!((head.status, head.body.len()), (200, 0));
    }
}

/// Feeds with all that there is in the samples, and with nothing.
const CHECKED: [&str; 6] = [
    "limit=200",
    "q=children&limit=3&page=2",
    "q=neglekt",
    "q=%3Cb%3E+%26+%22a+b%22&any=1",
    "authority=Stonewick&grade=inadequate",
    "topic=missing_rhi&new_since=2020",
];

#[test]
fn atom_holds_to_the_grammar_of_rfc_4287() {
    if Command::new("xmllint").arg("--version").output().is_err() {
        let skipped =
            "SKIPPED: install xmllint (libxml2-utils) to hold feeds to RFC 4287's grammar\n";
        io::stderr().write_all(skipped.as_bytes()).unwrap();
        return;
    }
    let grammar = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/feeds/atom.rng");
    let folder = tempfile::tempdir().unwrap();
    let check = |feed: &[u8]| {
        let file = folder.path().join("feed.atom");
        fs::write(&file, feed).unwrap();
        let output =
            Command::new("xmllint").args(["--noout", "--relaxng", grammar]).arg(&file).output();
        let output = output.unwrap();
        (output.status.success(), String::from_utf8(output.stderr).unwrap())
    };
    let server = Server::over(&INDEX);
    for asked in CHECKED {
        let feed = server.get(&format!("/search.atom?{asked}"));
        let (holds, said) = check(&feed.body);
        assert!(holds, "{asked}: {said}");
    }
    // The grammar finds what is wrong.
    let whole = server.get("/search.atom?q=children&limit=1").text();
    for (right, wrong) in [
        ("<updated>", "<updated>on "),
        ("</title>", "</title><title>b</title>"),
        ("term=", "word="),
        ("<content type=\"text\">", "<content type=\"plain\">"),
        ("urn:findings:search", "</id><id>"),
    ] {
        assert!(whole.contains(right), "{right}");
        assert!(!check(whole.replacen(right, wrong, 1).as_bytes()).0, "{wrong} is let through");
    }
}

#[test]
fn atom_holds_to_what_the_rfc_asks_besides_its_grammar() {
    let server = Server::over(&INDEX);
    for asked in CHECKED {
        let whole = server.get(&format!("/search.atom?{asked}")).text();
        let document = Document::parse(&whole).unwrap();
        let feed = document.root_element();
        let mut ids = vec![text(feed, "id").unwrap()];
        for entry in feed.children().filter(|node| node.has_tag_name((ATOM, "entry"))) {
            // Each has an author, so the feed needs none; each has content and one page.
            assert!(entry.children().any(|node| node.has_tag_name((ATOM, "author"))));
            assert!(link(entry, "alternate").is_some() && text(entry, "content").is_some());
            ids.push(text(entry, "id").unwrap());
        }
        for id in &ids {
            let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~/:%".contains(c);
            assert!(id.starts_with("urn:findings:") && id.chars().all(is_plain), "{id}");
        }
        let unique: BTreeSet<&String> = ids.iter().collect();
        assert_eq!(unique.len(), ids.len(), "two have the same id");
        assert!(link(feed, "self").is_some() && link(feed, "alternate").is_some());
    }
}

#[test]
fn json_feed_holds_to_every_must_of_version_1_1() {
    let server = Server::over(&INDEX);
    for asked in CHECKED {
        let reply = server.get(&format!("/search.json-feed?{asked}"));
        assert!(!reply.body.starts_with(b"\xef\xbb\xbf"), "no byte order mark");
        assert_eq!(String::from_utf8(reply.body.clone()).unwrap(), reply.text(), "UTF-8");
        let feed = reply.json();
        let known = [
            "version",
            "title",
            "home_page_url",
            "feed_url",
            "description",
            "next_url",
            "language",
            "items",
        ];
        assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
        for name in ["title", "home_page_url", "feed_url", "description", "language"] {
            assert!(feed[name].as_str().is_some_and(|said| !said.is_empty()), "{name}");
        }
        for (name, value) in feed.as_object().unwrap() {
            let is_own =
                name.starts_with('_') && name[1..].starts_with(|c: char| c.is_alphabetic());
            assert!(known.contains(&&**name) || (is_own && value.is_object()), "{name}");
            assert!(!value.is_null(), "{name}");
        }
        assert_ne!(feed.get("next_url"), Some(&feed["feed_url"]));
        let mut ids = BTreeSet::new();
        for item in feed["items"].as_array().unwrap() {
            assert!(ids.insert(item["id"].as_str().unwrap()), "ids are texts and unique");
            assert!(item["content_text"].is_string() && item.get("content_html").is_none());
            for name in ["url", "external_url"] {
                assert!(item[name].as_str().unwrap().starts_with("http"), "{name}");
            }
            for name in ["date_published", "date_modified"] {
                let date = item.get(name).map(|date| date.as_str().unwrap());
                assert!(date.is_none_or(|date| date.parse::<jiff::Timestamp>().is_ok()), "{name}");
            }
            let authors = item["authors"].as_array().unwrap();
            assert!(authors.iter().all(|author| author["name"].is_string()) && !authors.is_empty());
            let tags = item.get("tags").map(|tags| tags.as_array().unwrap());
            assert!(tags.is_none_or(|tags| tags.iter().all(Value::is_string)));
        }
    }
}
