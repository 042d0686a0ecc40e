//! Paging, caching, and the fields that are chosen.

use crate::built::{Built, copy};
use crate::served::Server;
use serde_json::{Value, json};
use std::path::Path;
use std::time::{Duration, Instant};

/// An index of a folder of its own, which a test may change.
fn of_own_folder() -> Built {
    let built = Built::empty();
    copy(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/reports"),
        &built.0.path().join("reports"),
    );
    assert_eq!(built.run(&["index", "reports"]).0, 0);
    built
}

fn ids(answer: &Value) -> Vec<String> {
    let hits = answer["hits"].as_array().unwrap();
    hits.iter().map(|hit| hit["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_cursor_goes_on_in_the_state_in_which_the_answer_began() {
    let built = of_own_folder();
    let served = Server::over(&built);
    let asked = "/search?q=children&limit=5&repeats=1";
    let whole = ids(&served.json("/search?q=children&limit=20&repeats=1"));
    let reply = served.get(&format!("/api/v1{asked}"));
    let first = reply.json();
    let link = reply.header("link").unwrap().to_owned();
    let next = first["next"].as_str().unwrap().to_owned();
    assert!(link.ends_with("; rel=\"next\"") && link.contains(&next), "{link}");
    // A commit between the pages, which takes reports away.
    std::fs::remove_dir_all(built.0.path().join("reports/stonewick")).unwrap();
    std::fs::remove_dir_all(built.0.path().join("reports/harrowdale")).unwrap();
    assert_eq!(built.run(&["index", "reports"]).0, 0);
    let old = first["generation"].clone();
    let begun = Instant::now();
    while served.json("/health")["generation"] == old {
        assert!(begun.elapsed() < Duration::from_secs(20), "the commit is not taken up");
        std::thread::sleep(Duration::from_millis(50));
    }
    let path = link.trim_start_matches('<').split('>').next().unwrap();
    let second = served.get(path).json();
    assert_eq!(second["generation"], old);
    assert_eq!(second["total"], first["total"]);
    assert_eq!([ids(&first), ids(&second)].concat(), whole[..10]);
    // The end of the answer has no cursor, and what begins anew is of the new state.
    let anew = served.json(asked);
    assert_ne!(anew["generation"], old);
    assert!(anew["total"].as_u64() < first["total"].as_u64());
    // Another server does not hold the old state any more.
    drop(served);
    let served = Server::over(&built);
    let expired = served.get(path);
    assert_eq!((expired.status, &expired.json()["code"]), (410, &json!("expired_cursor")));
    assert_eq!(expired.json()["hints"], json!(["begin again without the cursor"]));
}

#[test]
fn a_cursor_that_is_damaged_or_of_another_question_is_refused() {
    let built = Built::samples();
    let served = Server::over(&built);
    let next = served.json("/search?q=children&limit=2")["next"].as_str().unwrap().to_owned();
    let said = |path: &str| {
        let reply = served.get(&format!("/api/v1{path}"));
        (reply.status, reply.json()["detail"].as_str().unwrap_or_default().to_owned())
    };
    let damaged = format!("{}0", &next[..next.len() - 1]);
    assert_eq!(said(&format!("/search?q=children&cursor={damaged}")).1, "the cursor is damaged");
    let other =
        "the cursor belongs to another question: give the parameters that it was given out for";
    for path in ["/search?q=child", "/search?q=children&grade=good", "/kwic?q=children"] {
        assert_eq!(said(&format!("{path}&cursor={next}")), (400, other.to_owned()), "{path}");
    }
    let both = said(&format!("/search?q=children&offset=2&cursor={next}"));
    assert_eq!(both, (400, "a cursor says where to go on: leave `offset` out".to_owned()));
    // How much is given at once may change from page to page.
    let more = served.json(&format!("/search?q=children&limit=3&fields=id&cursor={next}"));
    assert_eq!(more["hits"][0]["id"], served.json("/search?q=children&limit=3")["hits"][2]["id"]);
}

#[test]
fn counts_alone_have_totals_and_no_cursor() {
    let built = Built::samples();
    let served = Server::over(&built);
    for path in [
        "/search?q=children&limit=0",
        "/search?group=authority&limit=0",
        "/kwic?q=children&limit=0",
        "/similar/harrowdale-sif-2016-10-10/7?limit=0",
        "/facets?attribute=topic&limit=0",
        "/reports?limit=0",
        "/paragraphs?limit=0",
        "/topics?limit=0",
        "/recommendations?limit=0",
    ] {
        let answer = served.json(path);
        assert!(answer["total"].as_u64().unwrap() > 0, "{path}: {answer}");
        assert_eq!(answer["next"], Value::Null, "{path}");
    }
}

#[test]
fn only_the_fields_that_were_chosen_are_given() {
    let built = Built::samples();
    let served = Server::over(&built);
    let answer =
        served.json("/search?q=supervision&limit=1&fields=id,score&fields=report.authority");
    let whole = served.json("/search?q=supervision&limit=1");
    let hit = &whole["hits"][0];
    let expected = json!({
        "id": hit["id"], "score": hit["score"],
        "report": { "authority": hit["report"]["authority"] }
    });
    assert_eq!(answer["hits"], json!([expected]));
    assert_eq!(answer["total"], whole["total"]);
    let grouped = served.json("/search?q=supervision&group=authority&fields=id");
    assert_eq!(grouped["groups"][0]["hits"][0].as_object().unwrap().len(), 1);
    assert_eq!(served.json("/reports?fields=id&limit=1")["items"][0].as_object().unwrap().len(), 1);
    let refused = served.get("/api/v1/search?q=supervision&fields=txt").json();
    assert_eq!((&refused["parameter"], &refused["suggestion"]), (&json!("fields"), &json!("text")));
}

#[test]
fn an_answer_is_kept_until_the_index_changes() {
    let built = Built::samples();
    let served = Server::over(&built);
    for path in [
        "/search?q=supervision",
        "/reports",
        "/openapi.json",
        "/reports/stonewick-sif-2014-09-09",
        "/compare?q=supervision&by=framework",
        "/grades",
    ] {
        let path = format!("/api/v1{path}");
        let first = served.get(&path);
        let tag = first.header("etag").unwrap();
        assert_eq!(first.header("cache-control"), Some("private, no-cache"), "{path}");
        assert!(first.header("findings-generation").is_some(), "{path}");
        assert!(first.header("findings-corpus").is_some(), "{path}");
        let again = served.ask("GET", &path, &[&format!("If-None-Match: {tag}")]);
        assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
        assert_eq!(again.header("etag"), Some(tag), "{path}");
        let head = served.ask("HEAD", &path, &[]);
        assert_eq!((head.status, head.body.len()), (200, 0), "{path}");
        assert_eq!(head.header("etag"), Some(tag), "{path}");
        assert_eq!(head.header("content-length"), first.header("content-length"), "{path}");
        let packed = served.ask("GET", &path, &["Accept-Encoding: gzip"]);
        assert_eq!(packed.header("content-encoding"), Some("gzip"), "{path}");
        for reply in [&first, &packed, &again] {
            assert_eq!(reply.header("vary"), Some("accept-encoding"), "{path}");
        }
        assert!(packed.body.len() < first.body.len(), "{path}");
    }
    assert_eq!(served.get("/api/v1/health").header("cache-control"), Some("no-store"));
}
