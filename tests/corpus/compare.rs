//! Comparisons and timelines of real reports.

use crate::counted::{RETURN_INTERVIEWS, agrees_with_export};
use crate::read::corpus;
use serde_json::Value;

#[test]
fn numbers_of_real_reports_are_those_of_the_export() {
    let Some(corpus) = corpus() else { return };
    agrees_with_export(&corpus.program, &RETURN_INTERVIEWS, 20);
    agrees_with_export(&corpus.program, &[&["caseloads"]], 0);
}

#[test]
fn authorities_inspected_often_have_their_inspections_in_order() {
    let Some(corpus) = corpus() else { return };
    let built = &corpus.program;
    let compared =
        built.json(&["compare", "--topic", "missing_rhi", "--by", "authority", "--quotes", "0"]);
    let authorities = compared["mentions"]["authorities"].as_array().unwrap();
    let often: Vec<&str> = authorities
        .iter()
        .filter(|own| own["reports"].as_u64().unwrap() >= 3)
        .map(|own| own["authority"].as_str().unwrap())
        .collect();
    assert!(often.len() > 20, "{}", often.len());
    for authority in often {
        let answer = built.json(&["timeline", authority, "--topic", "missing_rhi"]);
        let inspections = answer["inspections"].as_array().unwrap();
        let dates: Vec<&str> = inspections.iter().filter_map(|own| own["date"].as_str()).collect();
        assert!(dates.is_sorted(), "{authority}: {dates:?}");
        let counted = inspections.iter().map(|own| &own["mentioned"]["paragraphs"]["count"]);
        let counted: u64 = counted.filter_map(Value::as_u64).sum();
        let own = authorities.iter().find(|own| own["authority"] == authority).unwrap();
        assert_eq!(own["matching"], counted, "{authority}");
    }
}
