//! Vectors that are learned from real reports: they order results and change no total.

use crate::built::Built;
use crate::real;
use serde_json::Value;
use tempfile::TempDir;

fn ids(answer: &Value) -> Vec<&str> {
    let hits = answer["hits"].as_array().unwrap().iter();
    hits.map(|hit| hit["id"].as_str().unwrap()).collect()
}

#[test]
fn what_was_learned_orders_results_and_changes_no_total() {
    let Some(reports) = real::reports() else { return };
    // Without optimisation, learning from all of them takes minutes.
    let some = reports.join("jtai");
    let reports = if some.is_dir() { some } else { reports };
    let (built, learning) = (Built::of(&reports), Built::around(TempDir::new().unwrap()));
    let (_, said, _) = learning.run(&["index", reports.to_str().unwrap(), "--learn"]);
    assert!(said.contains("results are ordered by what was learned from"), "{said}");
    let mut moved = 0;
    for query in ["money for foster carers", "\"return interview\"", "how well are plans shared?"] {
        let ask = |built: &Built| built.answer(&["search", query, "--limit", "50", "--repeats"]).1;
        let (usual, learned) = (ask(&built), ask(&learning));
        assert_eq!(
            usual["vectors"],
            if query.starts_with('"') { Value::Null } else { "built-in".into() }
        );
        if !query.starts_with('"') {
            assert!(learned["vectors"].as_str().unwrap().starts_with("learned-"), "{query}");
        }
        for field in ["total", "reports", "expansions"] {
            assert_eq!(usual[field], learned[field], "{query}: {field}");
        }
        moved += usize::from(ids(&usual) != ids(&learned));
    }
    assert_eq!(moved, 2, "a quotation is ordered by its words");
}
