//! Tests that commits are all or nothing, that there is one writer at a time, and that errors say
//! what to do.

use crate::fixture::{
    entry, found, index, ledger, options, search, whenever, whichever_commit, write,
};
use crate::place::Place;
use findings_index::embedded::INDEX_VERSION;
use findings_index::engine::{all_reports, each_paragraph, paragraphs_of};
use findings_index::language::nearest::ids_like;
use findings_index::language::query::GradeFilter;
use findings_index::ranking::meaning::LearnedTable;
use findings_index::records::{Attribute, Kind, ReportRecord};
use findings_index::request::{Deadline, Filters, SearchRequest};
use findings_index::{BuildOptions, Location, OpenError, SearchError, WriteError};
use std::fs;
use std::time::{Duration, Instant};

#[test]
fn records_come_back_as_they_were_put() {
    let (report, paragraphs) = entry("elmet-2019", "Elmet", "2019-03-04", &["One.", "Two."]);
    let (_place, reader) = index(&[(report.clone(), paragraphs.clone())]);
    let (first_indexed, changed) = (Some(reader.built()), Some(reader.built()));
    let held = reader.report("elmet-2019").unwrap();
    assert_eq!(held, Some(ReportRecord { first_indexed, changed, ..report }));
    let held = paragraphs_of(reader.as_ref(), "elmet-2019", &Deadline::never()).unwrap();
    assert_eq!(held.iter().cloned().map(whenever).collect::<Vec<_>>(), paragraphs);
    assert!(held.iter().all(|one| (one.first_indexed, one.changed) == (first_indexed, changed)));
    assert_eq!(reader.paragraph("elmet-2019/2").unwrap(), Some(held[1].clone()));
    assert_eq!(reader.paragraph("elmet-2019").unwrap(), None);
    assert_eq!(reader.ledger().unwrap(), ledger());
    assert_eq!((reader.corpus().reports, reader.corpus().paragraphs), (1, 2));
}

#[test]
fn nothing_is_seen_before_the_commit_and_all_of_it_after() {
    let place = Place::new();
    write(&place, &[entry("a", "Elmet", "2019-01-01", &["old words"])]);
    let writer = place.build(&options()).unwrap();
    let (report, paragraphs) = entry("b", "Rheged", "2020-01-01", &["new words"]);
    writer.put(&report, &paragraphs).unwrap();
    writer.remove("a").unwrap();
    let before = place.open().unwrap();
    assert_eq!(found(&before, "words"), ["a/1"]);
    drop(writer);
    let dropped = place.open().unwrap();
    assert_eq!(found(&dropped, "words"), ["a/1"]);

    let writer = place.build(&options()).unwrap();
    writer.put(&report, &paragraphs).unwrap();
    writer.remove("a").unwrap();
    let corpus = writer.commit(&ledger()).unwrap();
    assert_eq!((corpus.reports, corpus.paragraphs), (1, 1));
    let after = place.open().unwrap();
    assert_eq!(found(&after, "words"), ["b/1"]);
    assert_eq!(after.report("a").unwrap(), None);
    assert_eq!(*after.corpus(), corpus);
    assert_eq!(found(&before, "words"), ["a/1"], "an open reader keeps its commit");
}

#[test]
fn the_paragraphs_of_a_word_are_those_held_now() {
    let place = Place::new();
    let kept = entry("b", "Rheged", "2019-01-01", &["visits"]);
    write(&place, &[entry("a", "Elmet", "2019-01-01", &["visits", "visits"]), kept]);
    assert_eq!(place.open().unwrap().frequency("visit").unwrap(), 3);
    write(&place, &[entry("a", "Elmet", "2019-01-01", &["homes"])]);
    assert_eq!(place.open().unwrap().frequency("visit").unwrap(), 1);
}

#[test]
fn a_report_put_again_replaces_all_of_its_paragraphs() {
    let place = Place::new();
    write(&place, &[entry("a", "Elmet", "2019-01-01", &["one", "two", "three"])]);
    write(&place, &[entry("a", "Elmet", "2019-01-01", &["four"])]);
    let reader = place.open().unwrap();
    assert_eq!(found(&reader, "*"), ["a/1"]);
    assert_eq!(reader.paragraph("a/2").unwrap(), None);
    assert_eq!(reader.corpus().paragraphs, 1);

    let writer = place.build(&options()).unwrap();
    for text in ["five", "six"] {
        let (report, paragraphs) = entry("a", "Elmet", "2019-01-01", &[text]);
        writer.put(&report, &paragraphs).unwrap();
    }
    writer.commit(&ledger()).unwrap();
    let reader = place.open().unwrap();
    assert_eq!(reader.paragraph("a/1").unwrap().unwrap().text, "six");
    assert_eq!(found(&reader, "*").len(), 1);
}

#[test]
fn an_updated_index_ranks_as_one_built_anew() {
    let texts = ["the visit was late", "visit visit", "a visit to a home", "no word of it"];
    let kept = entry("a", "Elmet", "2019-01-01", &texts);
    let late = entry("b", "Rheged", "2020-01-01", &["late visits", "late again"]);
    let (_place, fresh) = index(&[kept.clone(), late.clone()]);
    let place = Place::new();
    write(&place, &[kept, entry("c", "Dyfed", "2020-01-01", &["visit"; 40])]);
    let writer = place.build(&options()).unwrap();
    writer.remove("c").unwrap();
    writer.put(&late.0, &late.1).unwrap();
    writer.commit(&ledger()).unwrap();
    let updated = place.open().unwrap();
    assert_eq!(fresh.corpus(), updated.corpus());
    let ask = crate::fixture::request("visit OR late");
    assert_eq!(whichever_commit(&fresh, &ask), whichever_commit(&updated, &ask));
    let generation = |reader| search(reader, &ask).unwrap().generation;
    assert_eq!(generation(&fresh), fresh.generation());
    assert_ne!(generation(&fresh), generation(&updated));
}

#[test]
fn fingerprint_tells_corpora_apart_and_ignores_their_order() {
    let a = entry("a", "Elmet", "2019-01-01", &["one"]);
    let b = entry("b", "Rheged", "2019-01-01", &["two"]);
    let (_one, ab) = index(&[a.clone(), b.clone()]);
    let (_two, ba) = index(&[b, a.clone()]);
    let (_three, only) = index(&[a]);
    assert_eq!(ab.corpus().fingerprint, ba.corpus().fingerprint);
    assert_ne!(ab.corpus().fingerprint, only.corpus().fingerprint);
}

#[test]
fn second_writer_is_told_who_holds_the_lock() {
    let place = Place::new();
    let first = place.build(&options()).unwrap();
    let patient = BuildOptions { wait: Duration::from_millis(250), ..options() };
    let started = Instant::now();
    let error = place.build(&patient).unwrap_err();
    assert!(started.elapsed() >= Duration::from_millis(250), "it has waited");
    assert!(
        matches!(&error, WriteError::Locked { holder }
        if holder.contains(&std::process::id().to_string())),
        "{error}"
    );
    drop(first);
    place.build(&options()).unwrap();
}

#[test]
fn waiting_writer_starts_when_the_first_has_ended() {
    let place = Place::new();
    let first = place.build(&options()).unwrap();
    let location = place.location().clone();
    let waiting = std::thread::spawn(move || {
        let patient = BuildOptions { wait: Duration::from_secs(60), ..options() };
        location.build(&patient).map(|writer| writer.held().is_some())
    });
    first.commit(&ledger()).unwrap();
    assert!(waiting.join().unwrap().unwrap(), "it sees what the first committed");
}

#[test]
fn an_index_without_a_finished_build_is_missing() {
    let place = Place::new();
    let is_missing = || {
        let error = place.open().unwrap_err();
        matches!(error, OpenError::Missing { .. } | OpenError::NoCorpus { .. })
    };
    assert!(is_missing());
    drop(place.build(&options()).unwrap());
    assert!(is_missing());
    write(&place, &[entry("a", "Elmet", "2019-01-01", &["one"])]);
    assert_eq!(place.open().unwrap().corpus().reports, 1);
}

#[test]
fn folder_that_is_not_there_is_named_and_made_by_the_first_build() {
    let place = Place::in_folder();
    let path = place.path().join("none");
    let location = Location::Folder(path.clone());
    for _ in ["not there", "without a finished build"] {
        let error = location.open().unwrap_err();
        assert!(matches!(error, OpenError::Missing { .. }));
        let shown = error.to_string().replace(path.to_str().unwrap(), "DIR");
        insta::allow_duplicates! {
            insta::assert_snapshot!(shown, @"no index in DIR");
        }
        drop(location.build(&options()).unwrap());
    }
    location.build(&options()).unwrap().commit(&ledger()).unwrap();
    assert_eq!(location.open().unwrap().corpus().reports, 0);
}

#[test]
fn first_creation_that_was_cut_short_is_no_obstacle() {
    let place = Place::in_folder();
    fs::create_dir_all(place.path().join(format!("v{INDEX_VERSION}"))).unwrap();
    fs::write(place.path().join(format!("v{INDEX_VERSION}/.managed.json")), "[]").unwrap();
    write(&place, &[entry("a", "Elmet", "2019-01-01", &["one"])]);
    assert_eq!(place.open().unwrap().corpus().reports, 1);
}

#[test]
fn index_of_another_version_is_named_and_replaced() {
    let place = Place::in_folder();
    let old = place.path().join("v0");
    fs::create_dir_all(&old).unwrap();
    fs::write(old.join("meta.json"), "{}").unwrap();
    let error = place.open().unwrap_err();
    let shown = error.to_string().replace(place.path().to_str().unwrap(), "DIR");
    insta::assert_snapshot!(shown, @"the index in DIR has format 0 and this program reads format 11");
    write(&place, &[entry("a", "Elmet", "2019-01-01", &["one"])]);
    assert_eq!(place.open().unwrap().corpus().reports, 1);
    assert!(!old.exists(), "the index nobody reads any more is gone");
}

#[test]
fn damaged_index_is_named_by_reader_and_writer() {
    let place = Place::in_folder();
    write(&place, &[entry("a", "Elmet", "2019-01-01", &["one"])]);
    fs::write(place.path().join(format!("v{INDEX_VERSION}/meta.json")), "{").unwrap();
    let name = place.path().to_str().unwrap().to_owned();
    let shown = |error: &dyn std::error::Error| error.to_string().replace(&name, "DIR");
    let error = place.open().unwrap_err();
    insta::assert_snapshot!(shown(&error), @"the index in DIR is damaged");
    let error = place.build(&options()).unwrap_err();
    insta::assert_snapshot!(shown(&error), @"cannot update the index in DIR/v11: delete the folder and build it again");
}

#[test]
fn path_of_a_file_is_refused() {
    let place = Place::in_folder();
    let path = place.path().join("file");
    fs::write(&path, "x").unwrap();
    let location = Location::Folder(path.clone());
    let error = location.build(&options()).unwrap_err();
    let shown = error.to_string().replace(path.to_str().unwrap(), "FILE");
    insta::assert_snapshot!(shown, @"FILE is not a folder; name a folder for the index");
    assert!(matches!(location.open(), Err(OpenError::Missing { .. })));
}

#[test]
fn reports_are_listed_by_authority_and_filtered_by_their_judgements() {
    let (_place, reader) = index(&[
        entry("r2", "Rheged", "2020-01-01", &["x"]),
        entry("e2", "Elmet", "2021-01-01", &["x"]),
        entry("e1", "Elmet", "2019-01-01", &["x"]),
    ]);
    let listed = |filters: &Filters| -> Vec<String> {
        let reports = all_reports(reader.as_ref(), filters, &Deadline::never()).unwrap();
        reports.into_iter().map(|report| report.id).collect()
    };
    assert_eq!(listed(&Filters::default()), ["e1", "e2", "r2"]);
    let of = |f: &dyn Fn(&mut Filters)| {
        let mut filters = Filters::default();
        f(&mut filters);
        listed(&filters)
    };
    assert_eq!(listed(&Filters::of(Attribute::Authority, vec!["ELMET".to_owned()])), ["e1", "e2"]);
    assert_eq!(of(&|f| f.from = Some("2020-01-01".parse().unwrap())), ["e2", "r2"]);
    assert_eq!(of(&|f| f.to = Some("2020-01-01".parse().unwrap())), ["e1", "r2"]);
    assert_eq!(
        listed(&Filters::of(Attribute::Grade, vec!["inadequate".parse::<GradeFilter>().unwrap()]))
            .len(),
        3
    );
    assert_eq!(
        listed(&Filters::of(Attribute::Grade, vec!["adequate".parse::<GradeFilter>().unwrap()]))
            .len(),
        0
    );
    assert_eq!(listed(&Filters::of(Attribute::Section, vec!["protection".to_owned()])).len(), 3);
    let kinds = Filters::of(Attribute::Kind, vec![Kind::Table]);
    let error = all_reports(reader.as_ref(), &kinds, &Deadline::never()).unwrap_err();
    assert!(matches!(error, SearchError::KindOfReports));
}

#[test]
fn export_walks_reports_by_authority_and_date_in_their_own_order() {
    let (_place, reader) = index(&[
        entry("r", "Rheged", "2018-01-01", &["x", "y"]),
        entry("e2", "Elmet", "2021-01-01", &["x"]),
        entry("e1", "Elmet", "2019-01-01", &["x", "y", "z"]),
    ]);
    let mut seen = Vec::new();
    each_paragraph(reader.as_ref(), &Filters::default(), &Deadline::never(), |paragraph| {
        seen.push(paragraph.id);
        Ok::<(), SearchError>(())
    })
    .unwrap();
    assert_eq!(seen, ["e1/1", "e1/2", "e1/3", "e2/1", "r/1", "r/2"]);
}

#[test]
fn misspelt_ids_find_their_neighbours() {
    let (_place, reader) = index(&[
        entry("elmet-ilacs-2019", "Elmet", "2019-01-01", &["x"]),
        entry("rheged-sif-2015", "Rheged", "2015-01-01", &["x"]),
    ]);
    let held = reader.values(Attribute::Report).unwrap();
    assert_eq!(ids_like(&held, "elmte-ilacs-2019/4"), ["elmet-ilacs-2019"]);
    assert!(ids_like(&held, "zzz").is_empty());
}

#[test]
fn empty_index_answers_with_nothing() {
    let (_place, reader) = index(&[]);
    let response = search(&reader, &SearchRequest::default()).unwrap();
    assert_eq!((response.total, response.hits.len()), (0, 0));
    assert_eq!(search(&reader, &crate::fixture::request("word")).unwrap().total, 0);
}

#[test]
fn vectors_that_were_learned_are_kept_until_others_replace_them() {
    let place = Place::new();
    let mut table = b"FVECTOR1".to_vec();
    for number in [128_u32, 0, 0] {
        table.extend(number.to_le_bytes());
    }
    let version = |place: &Place| {
        let reader = place.open().unwrap();
        reader.learned().unwrap().map(|learned| learned.version.clone())
    };
    let commit = |vectors: Option<Option<LearnedTable>>| {
        let mut writer = place.build(&options()).unwrap();
        if let Some(vectors) = vectors {
            writer.learned_by(vectors);
        }
        writer.commit(&ledger()).unwrap();
    };
    write(&place, &[entry("a", "Elmet", "2019-01-01", &["one"])]);
    assert_eq!(version(&place), None);
    let learned = LearnedTable::new(table);
    let name = Some(learned.version.clone());
    commit(Some(Some(learned)));
    assert_eq!(version(&place), name);
    commit(None);
    write(&place, &[entry("b", "Elmet", "2020-01-01", &["two"])]);
    assert_eq!(version(&place), name, "a build that learns nothing keeps them");
    commit(Some(Some(LearnedTable::new(b"FVECTOR1 and no more".to_vec()))));
    let error = place.open().unwrap().learned().unwrap_err();
    assert!(matches!(error, SearchError::Index { .. }), "{error}");
    commit(Some(None));
    assert_eq!(version(&place), None);
}
