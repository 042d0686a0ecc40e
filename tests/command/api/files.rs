//! The files with all results that pages offer.

use crate::built::Built;
use crate::served::Server;
use serde_json::Value;

#[test]
fn a_file_says_what_was_asked_which_commit_answered_and_whose_words_it_holds() {
    let built = Built::samples();
    let served = Server::over(&built);
    let generation = served.json("/health")["generation"].as_str().unwrap().to_owned();
    let get = |format: &str| {
        let reply = served.get(&format!("/search.{format}?q=return-interview&framework=sif"));
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply.text()
    };
    let terms =
        "Contains public sector information licensed under the Open Government Licence v3.0.";
    let table = get("csv");
    let mut rows = table.lines();
    assert!(rows.next().unwrap().ends_with(",query,generation,attribution"));
    let end = format!(",return-interview (framework sif),{generation},\"{terms}");
    let end = if table.contains(&end) { end } else { end.replace('"', "") };
    assert!(rows.all(|row| row.contains(&end)), "{table}");
    let object: Value = serde_json::from_str(&get("json")).unwrap();
    assert_eq!(object["generation"], generation.as_str());
    assert!(object["attribution"].as_str().unwrap().starts_with(terms));
    assert_eq!(
        object["hits"].as_array().unwrap().len(),
        object["total"].as_u64().unwrap() as usize
    );
    let text = get("md");
    let last = text.trim_end().lines().last().unwrap();
    let begins =
        format!("Query: `return-interview (framework sif)`. Index: `{generation}`. {terms}");
    assert!(last.starts_with(&begins), "{last}");
}
