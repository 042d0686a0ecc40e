//! A framework as data: how its reports are recognised, where they print which facts, and what it
//! grades.
//!
//! Frameworks are read from TOML, in the form that `docs/frameworks.md` describes and
//! [`check`](super::check) enforces. Every pattern is a regular expression, matched without case
//! against text in which white space is single spaces, quotation marks are straight and dashes are
//! hyphens.

use super::pattern::Pattern;
use super::themes::Theme;
use crate::knowledge::fold;
use findings_index::records::{Body, Kind, Visit};
use serde::Deserialize;
use std::path::PathBuf;
use std::sync::OnceLock;

/// The source of a framework.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Origin {
    /// The program itself.
    #[default]
    Embedded,
    /// A user's file.
    File {
        /// The file.
        path: PathBuf,
        /// Whether it replaces a framework with the same code.
        overrides: bool,
    },
}

/// Deserialises a text or a list of texts.
fn one_or_several<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "text or a list of texts")]
    enum Written {
        One(String),
        Several(Vec<String>),
    }
    Ok(match Written::deserialize(from)? {
        Written::One(one) => vec![one],
        Written::Several(several) => several,
    })
}

/// One framework.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Framework {
    /// The code used in filters and records.
    pub code: String,
    /// The name in words.
    pub name: String,
    /// The usual short form.
    pub short: String,
    /// The years of its use, as shown to readers.
    pub period: String,
    /// Its name in lists of results; by default the name, with the short form in brackets.
    #[serde(default)]
    pub label: Option<String>,
    /// The place in the order in which frameworks are tried on a report; those without one come
    /// first.
    #[serde(default)]
    pub order: u32,
    /// Whether its inspections, but for visits, are full ones, of which an authority has a newest.
    #[serde(default)]
    pub full: Option<bool>,
    /// The licence under which its reports may be reused, such as `Open Government Licence v3.0`.
    #[serde(default)]
    pub licence: Option<String>,
    /// What has to be said where its reports are quoted or counted.
    #[serde(default)]
    pub attribution: Option<String>,
    /// Another framework whose grades, sentences, sections, timescales, boilerplate and changes are
    /// added after its own, and which supplies the metadata and settings that it leaves out.
    #[serde(default)]
    pub like: Option<String>,
    /// The scale on which it grades: the grades of frameworks with the same scale can be compared.
    /// By default it has its own scale.
    #[serde(default)]
    pub scale: Option<String>,
    /// What changed compared with the frameworks before it.
    #[serde(default)]
    pub since: Vec<SinceRule>,
    /// Whether the names that its reports print count as authorities if no table has them; by
    /// default they do not.
    #[serde(default)]
    pub names: Option<Naming>,
    /// How its reports are recognised.
    #[serde(default)]
    pub recognise: Recognise,
    /// Where its reports print which facts.
    #[serde(default)]
    pub metadata: Metadata,
    /// The grades, if it gives any.
    #[serde(default)]
    pub grades: Vec<GradeRule>,
    /// Judgements that are given in a sentence rather than in a table or heading.
    #[serde(default, rename = "sentence")]
    pub sentences: Vec<SentenceRule>,
    /// Words of lines and rows that give a judgement of an earlier inspection, which is not one of
    /// this report's.
    #[serde(default)]
    pub earlier: Vec<Pattern>,
    /// Whether an inspection took place, whose dates and authority a report has to name; by default
    /// it did.
    #[serde(default)]
    pub inspection: Option<bool>,
    /// Whether its reports have chapters with names of their own, so that an outermost heading
    /// without a rule is nothing odd.
    #[serde(default)]
    pub chapters: Option<bool>,
    /// Whether paragraphs of the body carry printed numbers.
    #[serde(default)]
    pub numbered: bool,
    /// Whether a bold line in the size of the running text is a heading.
    #[serde(default)]
    pub bold_headings: bool,
    /// The name of the text before the first heading after the front page.
    #[serde(default)]
    pub untitled: Option<String>,
    /// The body that is judged, unless a section states another.
    #[serde(default)]
    pub body: Body,
    /// The sections it prescribes.
    #[serde(default, rename = "section")]
    pub sections: Vec<SectionRule>,
    /// Paragraphs whose own words say what they are.
    #[serde(default, rename = "paragraph")]
    pub paragraphs: Vec<ParagraphRule>,
    /// Themes of its sections in addition to the general ones.
    #[serde(default, rename = "theme")]
    pub themes: Vec<Theme>,
    /// Text that occurs in every report.
    #[serde(default)]
    pub boilerplate: Boilerplate,
    /// Text that is particular to a report and is not a finding.
    #[serde(default)]
    pub context: Context,
    /// Footnotes that are set like the text.
    #[serde(default)]
    pub footnotes: Footnotes,
    /// Words that state when recommendations are due, such as `Within three months:`.
    #[serde(default)]
    pub timescales: Vec<Pattern>,
    /// Words by which a paragraph refers to others of its report by number, which are the group `value`.
    #[serde(default)]
    pub refers: Vec<Pattern>,
    /// The source of the framework.
    #[serde(skip)]
    pub origin: Origin,
    /// The file as written.
    #[serde(skip)]
    pub toml: String,
    /// How its grades are printed.
    #[serde(skip)]
    printed: OnceLock<PrintedGrades>,
}

/// How the grades of a framework are printed, in words whose punctuation is folded.
#[derive(Debug, Clone)]
pub struct PrintedGrades {
    /// Each alone, with its place on the scale.
    pub each: Vec<(Pattern, Option<u8>)>,
    /// Any of them alone.
    pub alone: Pattern,
    /// A `heading` and the `grade` at its end.
    pub run_in: Pattern,
    /// A `grade` between the words `before` and `after` it.
    pub amid: Pattern,
}

/// A pattern for what may be between a heading and its grade.
const JOINT: &str = r"(?:\s*[:–-]\s*|\s+is:?\s+that\s+(?:it\s+is|they\s+are|it|they)(?:\s+is)?:?\s*|\s+(?:is|are):?\s+|\s+)";

impl PrintedGrades {
    fn new(grades: &[GradeRule]) -> Self {
        let words: Vec<&str> = grades.iter().map(|grade| grade.words.as_str()).collect();
        let any = words.join("|");
        let alone = |words: &str| Pattern::new(format!(r"^\(?(?:{words})\)?[.:]?$"));
        Self {
            each: grades.iter().map(|grade| (alone(&grade.words), grade.rank)).collect(),
            alone: alone(&any),
            run_in: Pattern::new(format!(r"^(?P<heading>.+?){JOINT}(?P<grade>{any})\s?[.:]?$")),
            amid: Pattern::new(format!(r"^(?P<before>.+?)\s(?P<grade>{any})\s(?P<after>.+)$")),
        }
    }
}

/// Which names are those of authorities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Naming {
    /// Those of a table of authorities.
    #[default]
    Known,
    /// Those, and every name that a report prints as that of the body inspected.
    Open,
}

/// What changed since earlier frameworks, for readers who see judgements of both.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SinceRule {
    /// The code of the earlier framework, or of several.
    #[serde(deserialize_with = "one_or_several")]
    pub framework: Vec<String>,
    /// What changed, in words.
    pub says: String,
}

/// How reports of a framework are recognised, on the text of the first pages.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Recognise {
    /// All of these must match.
    pub all: Vec<Pattern>,
    /// At least one of these must match, if there are any.
    pub any: Vec<Pattern>,
    /// None of these may match.
    pub none: Vec<Pattern>,
    /// Visits that are not full inspections, recognised among the framework's reports.
    pub visit: Vec<VisitRule>,
}

/// How a visit is recognised.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VisitRule {
    /// The kind of visit.
    pub visit: Visit,
    /// At least one of these must match.
    pub any: Vec<Pattern>,
}

/// Where metadata is printed: patterns in order, of which the first that matches counts; the text
/// that is wanted is in the group `value`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Metadata {
    /// The title, for the record.
    pub title: Vec<Pattern>,
    /// Text that contains the authority's name.
    pub authority: Vec<Pattern>,
    /// Text that begins with the dates of the inspection.
    pub inspected: Vec<Pattern>,
    /// Text that begins with the date of publication.
    pub published: Vec<Pattern>,
    /// The name of the lead inspector.
    pub inspector: Vec<Pattern>,
    /// What a joint inspection was about.
    pub theme: Vec<Pattern>,
}

/// One grade of the scale.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GradeRule {
    /// The words as usually printed.
    pub label: String,
    /// The place on the framework's own scale, 1 the best.
    #[serde(default)]
    pub rank: Option<u8>,
    /// A pattern for the grade's words wherever a grade may be printed, without anchors; by default
    /// the label.
    #[serde(default)]
    pub words: String,
}

/// A judgement in a sentence.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SentenceRule {
    /// The area judged; `overall` for the overall judgement.
    pub area: String,
    /// The sentence, with the grade's words in the group `value`; or the whole match if `label`
    /// gives the outcome.
    pub pattern: Pattern,
    /// The outcome, if the sentence does not print it in a word or two.
    #[serde(default)]
    pub label: Option<String>,
    /// Its place on the framework's own scale, 1 the best.
    #[serde(default)]
    pub rank: Option<u8>,
}

/// Whether a section has the grade of the section that contains it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Inherit {
    /// It has that grade, unless it is graded itself.
    #[default]
    Inherit,
    /// It has its own grade.
    Own,
    /// It has the grade of the section that contains it if the heading of that section prints one.
    Printed,
    /// It has no grade.
    None,
}

/// A section that the framework prescribes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SectionRule {
    /// The heading, without its number and grade; by default the words of the area.
    #[serde(default)]
    pub heading: Pattern,
    /// The heading to show if the printed one varies from report to report; by default as printed.
    #[serde(default)]
    pub title: Option<String>,
    /// The canonical name of the area, used for judgements.
    pub area: String,
    /// 1 for an outermost section; 0 if only the size and marking of the heading decide.
    #[serde(default = "outermost")]
    pub level: u8,
    /// The canonical theme.
    #[serde(default)]
    pub theme: Option<String>,
    /// Whether the section is graded itself, inherits its grade or has none.
    #[serde(default)]
    pub grade: Inherit,
    /// The kind of its paragraphs.
    #[serde(default)]
    pub kind: Option<Kind>,
    /// Areas of sections: the rule applies only inside one of them; empty for no restriction.
    #[serde(default, deserialize_with = "one_or_several")]
    pub under: Vec<String>,
    /// The body whose work is judged, if not the authority.
    #[serde(default)]
    pub body: Option<Body>,
    /// Whether only bullets are of `kind`; the numbered paragraph that introduces them is a
    /// finding.
    #[serde(default)]
    pub bullets_only: bool,
    /// Whether only what demands something is of `kind`; what observes is a bullet or a finding.
    #[serde(default)]
    pub demands_only: bool,
    /// Whether it is judged only in the table of judgements: no section has this heading.
    #[serde(default)]
    pub table_only: bool,
    /// Whether the first numbered paragraph ends it and belongs to the section around it.
    #[serde(default)]
    pub unnumbered: bool,
    /// Whether its paragraphs are numbered from 1 again.
    #[serde(default)]
    pub renumbered: bool,
    /// Whether it is a box that interrupts the text, which goes on after it where it was.
    #[serde(default)]
    pub boxed: bool,
}

/// Paragraphs that are of a kind because of their words, whatever their section's.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParagraphRule {
    /// The words.
    pub pattern: Pattern,
    /// The kind.
    pub kind: Kind,
    /// Areas of sections: the rule applies only inside one of them; empty for no restriction.
    #[serde(default, deserialize_with = "one_or_several")]
    pub under: Vec<String>,
}

/// Text that occurs in every report of a framework.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Boilerplate {
    /// Paragraphs that are boilerplate.
    pub paragraphs: Vec<Pattern>,
    /// Paragraphs from which on everything is boilerplate.
    pub from: Vec<Pattern>,
    /// Paragraphs before the first section that are boilerplate.
    pub front: Vec<Pattern>,
    /// Paragraphs before the first section up to which everything is boilerplate: the salutation
    /// of a letter ends names and addresses.
    pub until: Vec<Pattern>,
}

/// Text that is particular to a report and is not a finding: what the inspection looked at, and the
/// facts of the area. A list that such a paragraph introduces belongs to it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Context {
    /// Paragraphs that are context.
    pub paragraphs: Vec<Pattern>,
    /// Paragraphs before the first section that are context.
    pub front: Vec<Pattern>,
}

/// Footnotes that are set like the text, and so are known only by their words.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Footnotes {
    /// Paragraphs that are footnotes.
    pub paragraphs: Vec<Pattern>,
}

const fn outermost() -> u8 {
    1
}

impl Framework {
    /// How its grades are printed, if it has any. Compiled once, whatever the number of reports.
    #[must_use]
    pub fn printed_grades(&self) -> Option<&PrintedGrades> {
        (!self.grades.is_empty())
            .then(|| self.printed.get_or_init(|| PrintedGrades::new(&self.grades)))
    }

    /// Whether it is one of the program's own, which list all that their reports have.
    pub(crate) fn is_embedded(&self) -> bool {
        self.origin == Origin::Embedded
    }

    /// The rules of sections that match the words of a heading, whatever is around it. The words are
    /// folded, without number or final stop.
    pub(crate) fn rules_of(&self, words: String) -> impl Iterator<Item = &SectionRule> {
        self.sections.iter().filter(move |rule| rule.heading.regex().is_match(&words))
    }

    ///
    /// # Errors
    /// The first departure from the form; [`check`](super::check) finds all.
    pub(super) fn parse(text: &str) -> Result<Self, toml::de::Error> {
        let mut framework: Self = toml::from_str(text)?;
        for grade in framework.grades.iter_mut().filter(|g| g.words.is_empty()) {
            grade.words = regex::escape(&fold::punctuation(&grade.label));
        }
        for section in framework.sections.iter_mut().filter(|s| s.heading.source().is_empty()) {
            section.heading = Pattern::words(&section.area);
        }
        text.clone_into(&mut framework.toml);
        Ok(framework)
    }

    /// Finds a grade or outcome by its words, and returns its label as shown and its place on the
    /// scale.
    #[must_use]
    pub fn grade_named(&self, words: &str) -> Option<(String, Option<u8>)> {
        let shown = |words: &str| {
            let mut letters = words.chars();
            letters.next().map(|c| c.to_uppercase().chain(letters).collect::<String>())
        };
        let fits = |grade: &&GradeRule| {
            let whole = regex::RegexBuilder::new(&format!("^(?:{})$", grade.words))
                .case_insensitive(true)
                .build();
            grade.label.eq_ignore_ascii_case(words) || whole.is_ok_and(|w| w.is_match(words))
        };
        let grade = self.grades.iter().find(fits);
        let outcome = |rule: &&SentenceRule| {
            rule.label.as_ref().is_some_and(|label| label.eq_ignore_ascii_case(words))
        };
        let given = || self.sentences.iter().find(outcome);
        match grade {
            // "Grade 2 (good)" is more than the label, so the label is shown.
            Some(grade) if words.contains(|c: char| c.is_ascii_digit()) => {
                Some((grade.label.clone(), grade.rank))
            }
            Some(grade) => Some((shown(&words.to_lowercase())?, grade.rank)),
            None => given().and_then(|rule| Some((rule.label.clone()?, rule.rank))),
        }
    }

    /// The labels of its grades and outcomes.
    pub fn grade_labels(&self) -> impl Iterator<Item = &str> {
        let grades = self.grades.iter().map(|grade| grade.label.as_str());
        grades.chain(self.sentences.iter().filter_map(|rule| rule.label.as_deref()))
    }

    /// Whether its reports give judgements.
    #[must_use]
    pub fn judges(&self) -> bool {
        !self.sentences.is_empty() || self.sections.iter().any(|rule| rule.grade == Inherit::Own)
    }

    /// Adds the rules of `model` after its own, which come first and so take precedence.
    pub(super) fn extend_like(&mut self, model: &Self) {
        self.grades.extend(model.grades.iter().cloned());
        self.sentences.extend(model.sentences.iter().cloned());
        self.sections.extend(model.sections.iter().cloned());
        self.timescales.extend(model.timescales.iter().cloned());
        self.refers.extend(model.refers.iter().cloned());
        self.earlier.extend(model.earlier.iter().cloned());
        self.paragraphs.extend(model.paragraphs.iter().cloned());
        self.inspection = self.inspection.or(model.inspection);
        self.chapters = self.chapters.or(model.chapters);
        self.boilerplate.paragraphs.extend(model.boilerplate.paragraphs.iter().cloned());
        self.boilerplate.from.extend(model.boilerplate.from.iter().cloned());
        self.boilerplate.front.extend(model.boilerplate.front.iter().cloned());
        self.boilerplate.until.extend(model.boilerplate.until.iter().cloned());
        self.context.paragraphs.extend(model.context.paragraphs.iter().cloned());
        self.context.front.extend(model.context.front.iter().cloned());
        self.footnotes.paragraphs.extend(model.footnotes.paragraphs.iter().cloned());
        self.metadata.fill_from(&model.metadata);
        self.since.extend(model.since.iter().cloned());
        if self.scale.is_none() {
            self.scale.clone_from(&model.scale);
        }
        self.full = self.full.or(model.full);
        self.names = self.names.or(model.names);
        self.numbered |= model.numbered;
        self.bold_headings |= model.bold_headings;
        if self.untitled.is_none() {
            self.untitled.clone_from(&model.untitled);
        }
        // Only a framework that replaces its model is recognised in the same way, and has reports of
        // the same publisher.
        if self.code == model.code {
            if self.recognise.is_empty() {
                self.recognise.clone_from(&model.recognise);
            }
            if self.licence.is_none() && self.attribution.is_none() {
                self.licence.clone_from(&model.licence);
                self.attribution.clone_from(&model.attribution);
            }
        }
    }
}

impl Recognise {
    fn is_empty(&self) -> bool {
        self.all.is_empty() && self.any.is_empty()
    }
}

impl Metadata {
    /// Copies from `other` the patterns that are missing here.
    fn fill_from(&mut self, other: &Self) {
        for (own, others) in [
            (&mut self.title, &other.title),
            (&mut self.authority, &other.authority),
            (&mut self.inspected, &other.inspected),
            (&mut self.published, &other.published),
            (&mut self.inspector, &other.inspector),
            (&mut self.theme, &other.theme),
        ] {
            if own.is_empty() {
                own.clone_from(others);
            }
        }
    }
}
