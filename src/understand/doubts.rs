//! Finds what is doubtful about one report, taken by itself.
//!
//! Compares what a framework prescribes with what was found. Changes nothing: every doubt becomes a
//! warning with a code. Doubts that need a comparison of reports are reported by
//! [`coverage`](crate::answer::coverage).

use crate::extract::ExtractedText;
use crate::knowledge::{Framework, Inherit};
use crate::understand::parse::Outline;
use crate::understand::recognise::Header;
use findings_index::records::{Grade, Kind, Warning, WarningCode};

/// The least number of words per page; scanned pages have only captions and stamps.
const FEWEST_WORDS_A_PAGE: usize = 60;

/// The number of unreadable characters from which the fonts are doubted, if they are also more than
/// one in a thousand.
const UNREADABLE: usize = 10;

/// Finds the doubts about a report, in the order in which the codes are defined.
pub(crate) fn doubts(text: &ExtractedText, header: &Header<'_>, outline: &Outline) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if let Some(framework) = header.framework {
        if header.visit.is_none() && framework.judges() {
            judgements(framework, outline, &mut warnings);
            places(outline, &mut warnings);
        }
        if !framework.sections.is_empty() && framework.chapters != Some(true) {
            headings(outline, framework, &mut warnings);
        }
    }
    letters(text, &mut warnings);
    warnings
}

fn judgements(framework: &Framework, outline: &Outline, warnings: &mut Vec<Warning>) {
    if outline.judgements.is_empty() {
        warnings.push(Warning {
            page: None,
            code: WarningCode::NoJudgement,
            message: "no judgement was found, though the framework gives some".to_owned(),
        });
        return;
    }
    for section in outline.sections.iter().filter(|s| s.judged && s.grade.is_none()) {
        let heading = section.path.last().map_or("", String::as_str);
        let message = format!("`{heading}` is judged in this framework and no grade was found");
        if !warnings.iter().any(|told| told.message == message) {
            warnings.push(Warning {
                page: section.page,
                code: WarningCode::SectionUngraded,
                message,
            });
        }
    }
    for judgement in &outline.judgements {
        let area = judgement.area.rsplit_once(": ").map_or(judgement.area.as_str(), |(_, a)| a);
        let has_section = framework
            .sections
            .iter()
            .filter(|rule| rule.area == judgement.area || rule.area == area)
            .any(|rule| rule.grade == Inherit::Own && !rule.table_only);
        let holds = |section: &&crate::understand::parse::Section| {
            section.grade.as_ref().is_some_and(|grade| grade.area == judgement.area)
                && section
                    .paragraphs
                    .iter()
                    .any(|p| !matches!(p.kind, Kind::Boilerplate | Kind::Context))
        };
        if has_section && !outline.sections.iter().any(|section| holds(&section)) {
            warnings.push(Warning {
                page: None,
                code: WarningCode::JudgementWithoutParagraphs,
                message: format!(
                    "`{}` is judged ({}) and no paragraph is under it",
                    judgement.area, judgement.label
                ),
            });
        }
    }
}

/// Reports judged areas whose sections are separated by other judged areas: probably the heading of
/// a summary or of recommendations was taken for that of the area.
fn places(outline: &Outline, warnings: &mut Vec<Warning>) {
    let judged: Vec<(&Grade, Option<u32>)> = outline
        .sections
        .iter()
        // The cover repeats the judgements.
        .filter(|section| section.judged && section.page.is_none_or(|page| page > 1))
        .filter_map(|section| Some((section.grade.as_ref()?, section.page)))
        .collect();
    let mut runs: Vec<(&Grade, Option<u32>)> = judged;
    runs.dedup_by(|later, first| later.0.area == first.0.area);
    for (at, (grade, page)) in runs.iter().enumerate() {
        let earlier = runs[..at].iter().find(|(before, _)| before.area == grade.area);
        if let Some((_, first)) = earlier {
            let later = page.map(|page| format!(", again from page {page}")).unwrap_or_default();
            warnings.push(Warning {
                page: *first,
                code: WarningCode::AreaInTwoPlaces,
                message: format!(
                    "`{}` is in two places, with other judged areas between them{later}",
                    grade.area
                ),
            });
        }
    }
}

fn headings(outline: &Outline, framework: &Framework, warnings: &mut Vec<Warning>) {
    // Users need not list end notes and tables of contents, which are told without a rule.
    let listed = framework.is_embedded();
    let told = |section: &crate::understand::parse::Section| {
        let told = |kind| matches!(kind, Kind::Footnote | Kind::Boilerplate);
        !section.paragraphs.is_empty() && section.paragraphs.iter().all(|p| told(p.kind))
    };
    let unknown = |section: &&crate::understand::parse::Section| {
        section.path.len() == 1 && section.area.is_none() && (listed || !told(section))
    };
    for section in outline.sections.iter().filter(unknown) {
        warnings.push(Warning {
            page: section.page,
            code: WarningCode::HeadingUnknown,
            message: format!(
                "the framework knows no heading `{}`",
                section.path.first().map_or("", String::as_str)
            ),
        });
    }
}

fn letters(text: &ExtractedText, warnings: &mut Vec<Warning>) {
    let words: usize = text.blocks.iter().map(|b| b.text.split_whitespace().count()).sum();
    let pages = text.pages.unwrap_or(0) as usize;
    let letters = || text.blocks.iter().flat_map(|block| block.text.chars());
    let unreadable = letters().filter(|c| *c == char::REPLACEMENT_CHARACTER).count();
    if pages > 1 && words < pages * FEWEST_WORDS_A_PAGE {
        let why = match unreadable {
            0..UNREADABLE => "it may be scanned in part",
            _ => "its fonts may not say which letters they show",
        };
        warnings.push(Warning {
            page: None,
            code: WarningCode::FewWords,
            message: format!(
                "{words} words on {pages} pages, fewer than {FEWEST_WORDS_A_PAGE} a page: {why}"
            ),
        });
    }
    if unreadable >= UNREADABLE && unreadable * 1_000 > letters().count() {
        let of = letters().count();
        warnings.push(Warning {
            page: None,
            code: WarningCode::UnreadableCharacters,
            message: format!("{unreadable} of {of} characters are no letter"),
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::{self, Block, Format, Limits, Role};
    use crate::knowledge::Knowledge;
    use crate::understand::report::{Report, Source, understand};

    fn markdown(text: &str) -> extract::ExtractedText {
        extract::read(Format::Markdown, text.as_bytes(), &Limits::default()).unwrap()
    }

    fn understood(text: &extract::ExtractedText) -> Report {
        let knowledge = Knowledge::embedded().unwrap();
        understand(text, &Source { path: "x.md", sha256: "00" }, &knowledge).unwrap()
    }

    fn told(text: &extract::ExtractedText) -> Vec<String> {
        let warnings = understood(text).record.warnings;
        warnings.iter().map(|w| format!("{}: {}", w.code.name(), w.message)).collect()
    }

    /// The cover of a single inspection, followed by `body`.
    fn sif(body: &str) -> String {
        format!(
            "# Essex County Council\n\nInspection of services for children in need of help and \
             protection, children looked after and care leavers\n\n\
             Inspection date: 3 February 2015 – 25 February 2015\n\n\
             Report published: 7 April 2015\n\nThe overall judgement is that children’s services \
             are good\n\n## The local authority\n\n{body}"
        )
    }

    const SENTENCE: &str = "Managers know where each child is and what is being done to help.";

    #[test]
    fn a_report_as_its_framework_prescribes_raises_no_doubt() {
        let text = sif(&format!(
            "### What does the local authority need to improve?\n\n1. {SENTENCE}\n\n\
             ### Leadership, management and governance: good\n\n2. {SENTENCE}\n"
        ));
        assert_eq!(told(&markdown(&text)), [""; 0]);
    }

    #[test]
    fn recommendations_under_the_name_of_a_judged_area_have_no_grade() {
        let text = sif(&format!(
            "### What does the local authority need to improve?\n\n#### Care leavers\n\n\
             1. {SENTENCE}\n\n\
             ### The experiences and progress of children looked after and achieving permanence: \
             good\n\n2. {SENTENCE}\n\n#### Care leavers: inadequate\n\n3. {SENTENCE}\n"
        ));
        let report = understood(&markdown(&text));
        let grade = |number: &str| {
            let mut all = report.paragraphs.iter();
            let one = all.find(|p| p.number.as_deref() == Some(number)).unwrap();
            one.grade.as_ref().map(|grade| grade.label.clone())
        };
        assert_eq!(grade("1"), None);
        assert_eq!(grade("2").as_deref(), Some("Good"));
        assert_eq!(grade("3").as_deref(), Some("Inadequate"));
    }

    #[test]
    fn what_does_not_fit_the_framework_is_told() {
        let text = sif(&format!(
            "### Adoption performance: good\n\n1. {SENTENCE}\n\n\
             ### Leadership, management and governance\n\n2. {SENTENCE}\n\n\
             ### Children who need help\n\n3. {SENTENCE}\n\n\
             ### Care leavers: good\n\n### Adoption performance\n\n9. {SENTENCE}\n\n10. {SENTENCE}\n\n\
             # A stranger\n\n{SENTENCE}\n"
        ));
        let mut text = markdown(&text);
        // Only its size shows that a heading unknown to the framework is an outermost one.
        for block in &mut text.blocks {
            block.size = if block.text == "A stranger" { 30.0 } else { 12.0 };
        }
        insta::assert_snapshot!(told(&text).join("\n"), @"
        number_out_of_sequence: numbers that do not follow the one before were taken for text: 9, 10
        section_ungraded: `Leadership, management and governance` is judged in this framework and no grade was found
        judgement_without_paragraphs: `Experiences and progress of care leavers` is judged (Good) and no paragraph is under it
        area_in_two_places: `Adoption performance` is in two places, with other judged areas between them
        heading_unknown: the framework knows no heading `A stranger`
        ");
    }

    #[test]
    fn pages_with_hardly_a_word_are_told() {
        let mut text = markdown(&sif(&format!("1. {SENTENCE}\n")));
        text.pages = Some(30);
        text.blocks.push(Block::plain(Role::Paragraph, SENTENCE));
        let told = told(&text);
        assert!(told.iter().any(|one| one.starts_with("few_words: ")), "{told:?}");
    }
}
