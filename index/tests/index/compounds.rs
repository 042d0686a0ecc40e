//! Words that are one thing when they stand together.

use crate::fixture::{entry, ids, index, request, search};
use findings_index::Engine;
use findings_index::engine::widen_together;
use findings_index::language::lexicon::{Synonyms, Widened};
use findings_index::language::query::parse;
use findings_index::request::SearchRequest;

fn compounds() -> Vec<String> {
    ["duck pond", "children's home"].map(str::to_owned).to_vec()
}

fn synonyms() -> Synonyms {
    Synonyms { same: vec![["duck pond", "mere"].map(str::to_owned).to_vec()], also: Vec::new() }
}

fn read(reader: &dyn Engine, query: &str, synonyms: &Synonyms) -> Widened {
    widen_together(reader, &parse(query).unwrap().query, synonyms, &compounds()).unwrap()
}

#[test]
fn words_of_a_compound_stand_together_in_any_form() {
    let texts = [
        "A duck pond.",
        "Two duck ponds.",
        "A pond for a duck.",
        "The children’s home.",
        "Children’s homes.",
        "Children went home.",
    ];
    let (_place, reader) = index(&[entry("elmet", "Elmet", "2019-01-01", &texts)]);
    let found = |query: &str| {
        let query = read(reader.as_ref(), query, &Synonyms::default()).query;
        let response = search(&reader, &SearchRequest { query, ..request("*") }).unwrap();
        let mut ids = ids(&response);
        ids.sort_unstable();
        ids.join(" ")
    };
    assert_eq!(found("duck pond"), "elmet/1 elmet/2");
    assert_eq!(found("ducks ponds"), "elmet/1 elmet/2");
    assert_eq!(found("children's homes"), "elmet/4 elmet/5");
    assert_eq!(found("children’s home"), "elmet/4 elmet/5");
    assert_eq!(found("childrens homes"), "elmet/4 elmet/5");
    assert_eq!(found("duck AND pond"), "elmet/1 elmet/2 elmet/3");
    assert_eq!(found("pond duck"), "elmet/1 elmet/2 elmet/3");
}

#[test]
fn a_compound_prints_as_a_query_that_reads_as_itself() {
    let (_place, reader) = index(&[entry("elmet", "Elmet", "2019-01-01", &["A duck pond."])]);
    let printed =
        |query: &str| read(reader.as_ref(), query, &Synonyms::default()).query.to_string();
    let typed = ["late duck pond", "duck AND pond", "children's homes", "frogs OR duck pond"];
    let once = typed.map(printed);
    assert_eq!(
        once,
        [
            "late duck-pond",
            "duck (pond)",
            "(\"children's\" OR \"childrens\") ONEAR/1 homes",
            "frogs OR duck-pond"
        ]
    );
    for query in &once {
        assert_eq!(&printed(query), query);
    }
}

#[test]
fn the_words_of_a_compound_are_told_where_they_were_written() {
    let (_place, reader) = index(&[entry("elmet", "Elmet", "2019-01-01", &["A duck pond."])]);
    let met = |query: &str| {
        let compounds = read(reader.as_ref(), query, &synonyms()).compounds;
        let words = compounds.iter().flat_map(|compound| &compound.words);
        words.map(|word| (word.start, word.end)).collect::<Vec<_>>()
    };
    assert_eq!(met("late duck pond"), [(5, 9), (10, 14)]);
    assert_eq!(met("duck AND pond"), []);
    assert_eq!(met("\"duck pond\""), []);
    assert_eq!(met("duck-pond"), []);
}

/// The second paragraph has the synonym of one word and what was written as well: the query's own
/// words find it.
#[test]
fn what_the_querys_own_words_find_was_not_found_by_a_synonym_only() {
    let texts = ["A mere.", "A mere near a hide.", "A duck pond near a mere."];
    let (_place, reader) = index(&[entry("elmet", "Elmet", "2019-01-01", &texts)]);
    let query = read(reader.as_ref(), "duck pond OR hide", &synonyms()).query;
    let response = search(&reader, &SearchRequest { query, ..request("*") }).unwrap();
    assert_eq!(response.total, 3);
    let [mere] = response.expansions.as_slice() else { panic!("{:?}", response.expansions) };
    assert_eq!((mere.also.as_str(), mere.count, mere.alone), ("mere", 3, 1));
}
