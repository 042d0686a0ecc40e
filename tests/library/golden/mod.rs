//! Compares the program's reading of the samples, one of each framework, layout and format, with
//! that of a person.
//!
//! `samples/README.md` explains the tables under `samples/expected` and what they leave open.

mod sample;

use sample::Sample;
use similar::{ChangeTag, TextDiff};
use std::collections::HashSet;

/// Compares one sample with its table.
macro_rules! golden {
    ($($claim:ident: $source:literal;)*) => {
        $(
            #[test]
            fn $claim() {
                paragraphs_are_as_expected($source);
            }
        )*

        #[test]
        fn every_sample_has_a_claim() {
            let claimed: HashSet<&str> = HashSet::from([$($source),*]);
            let expected: HashSet<String> = sample::names().into_iter().collect();
            let expected: HashSet<&str> = expected.iter().map(String::as_str).collect();
            assert_eq!(claimed, expected);
        }
    };
}

golden! {
    slac_as_text: "fairmere-slac-2012";
    ilacs_with_three_judgements_as_tagged_pdf: "fairmere-ilacs-2019";
    ilacs_with_four_judgements_as_tagged_pdf: "stonewick-ilacs-2023";
    ilacs_as_markdown: "marchbourne-ilacs-2021";
    sif_of_the_second_layout_as_tagged_pdf: "stonewick-sif-2014";
    sif_of_the_third_layout_as_tagged_pdf: "harrowdale-sif-2016";
    monitoring_visit_as_text: "harrowdale-monitoring-2018";
    focused_visit_as_html: "eastmarsh-focused-2022";
    jtai_as_untagged_pdf: "northolme-jtai-2018";
    jtai_as_markdown: "brackenford-jtai-2023";
    area_send_as_tagged_pdf: "saltmere-send-2024";
    area_send_as_html: "kelderby-send-2023";
}

fn paragraphs_are_as_expected(source: &str) {
    let sample = Sample::open(source);
    let (expected, made) = (sample.expected_paragraphs(), sample.paragraphs());
    let difference = difference(&expected, &made);
    assert!(
        difference.is_empty(),
        "{source} ({}): lines with - are expected, with + are made\n{}",
        sample.path(),
        difference.join("\n")
    );
}

/// The lines that only one of two lists has, in order.
fn difference(expected: &[String], made: &[String]) -> Vec<String> {
    let [expected, made]: [Vec<&str>; 2] =
        [expected, made].map(|lines| lines.iter().map(String::as_str).collect());
    let difference = TextDiff::from_slices(&expected, &made);
    let changes = difference.iter_all_changes();
    let changed = changes.filter(|change| change.tag() != ChangeTag::Equal);
    changed.map(|change| format!("{} {}", change.tag(), change.value())).collect()
}

#[test]
fn facts_of_every_report_are_as_expected() {
    let mut wrong = String::new();
    for name in sample::names() {
        let sample = Sample::open(&name);
        for (fact, expected, made) in sample.facts() {
            if expected.to_lowercase() != made.to_lowercase() {
                wrong += &format!("{}: {fact} is {made}, expected {expected}\n", sample.path());
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn every_paragraph_of_a_sample_has_an_id_of_its_own() {
    for name in sample::names() {
        let mut seen = HashSet::new();
        for paragraph in &Sample::open(&name).report.paragraphs {
            assert!(seen.insert(&paragraph.id), "{name}: {} twice", paragraph.id);
        }
    }
}

#[test]
fn no_word_of_a_sample_is_lost_between_text_and_paragraphs() {
    for name in sample::names() {
        let lost = Sample::open(&name).words_lost();
        assert!(lost.is_empty(), "{name} lost {lost:?}");
    }
}

#[test]
fn those_who_are_told_stand_beside_what_they_are_told() {
    let report = Sample::open("kelderby-send-2023").report;
    let told: Vec<&str> = report.paragraphs.iter().filter_map(|p| p.addressee.as_deref()).collect();
    assert_eq!(
        told,
        [
            "Kelderby County Council and NHS Kelderby Integrated Care Board",
            "Kelderby County Council"
        ]
    );
}
