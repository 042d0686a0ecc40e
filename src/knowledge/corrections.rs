//! The user's corrections of facts that the program misread or that are wrong in the report itself.
//!
//! They are read from TOML and checked as a whole before anything is built; a fault names its line.
//! A report is identified by the hash of its content or by the end of its path. This module does
//! not look at a report's text; `parse` corrects the grades.

use super::{Authorities, Framework};
use jiff::civil::Date;
use serde::Deserialize;
use std::ops::Range;
use toml::{Spanned, Value};

/// What is wrong with a file of corrections.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct CorrectionsError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong there, and what to do.
    pub reason: String,
}

/// All corrections, in the order of their file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Corrections {
    reports: Vec<ReportCorrection>,
}

/// The corrections of one report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportCorrection {
    /// The line of the file on which it begins, counted from 1.
    pub line: usize,
    /// The report.
    pub which: Which,
    /// The user's reason.
    pub why: String,
    /// The authority: its name in the table, or as written if the table has none.
    pub authority: Option<String>,
    /// The framework's code.
    pub framework: Option<String>,
    /// First day of the inspection.
    pub inspection_start: Option<Date>,
    /// Last day of the inspection.
    pub inspection_end: Option<Date>,
    /// Date of publication.
    pub published: Option<Date>,
    /// The lead inspector.
    pub lead_inspector: Option<String>,
    /// The overall judgement.
    pub overall: Option<String>,
    /// Grades of sections.
    pub sections: Vec<SectionCorrection>,
}

/// The report to which a correction applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// The report whose bytes have this SHA-256, in lower case.
    Sha256(String),
    /// The reports whose paths end in these folders and this name.
    File(String),
}

/// The correct grade of one section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionCorrection {
    /// Its heading.
    pub heading: String,
    /// The grade's label.
    pub grade: String,
}

impl ReportCorrection {
    /// Whether the correction applies to a report.
    #[must_use]
    pub fn is_of(&self, path: &str, sha256: &str) -> bool {
        match &self.which {
            Which::Sha256(hash) => hash == sha256,
            Which::File(end) => {
                let path = path.replace('\\', "/");
                path.strip_suffix(end.as_str())
                    .is_some_and(|folders| folders.is_empty() || folders.ends_with('/'))
            }
        }
    }
}

impl std::fmt::Display for Which {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sha256(hash) => write!(f, "sha256 = \"{hash}\""),
            Self::File(end) => write!(f, "file = \"{end}\""),
        }
    }
}

impl Corrections {
    /// Reads a file of corrections and checks it against the known frameworks and authorities.
    ///
    /// # Errors
    /// The first fault, with its line.
    pub fn parse(
        text: &str,
        frameworks: &[Framework],
        authorities: &Authorities,
    ) -> Result<Self, CorrectionsError> {
        let checker = Checker { text, frameworks, authorities };
        let file: File = toml::from_str(text).map_err(|error| {
            let span = error.span().unwrap_or(0..0);
            checker.fault(&span, error.message().trim().replace('\n', ", "))
        })?;
        let reports = file.reports.into_iter().map(|entry| checker.report(entry));
        Ok(Self { reports: reports.collect::<Result<_, _>>()? })
    }

    /// All corrections.
    #[must_use]
    pub fn all(&self) -> &[ReportCorrection] {
        &self.reports
    }

    /// The corrections of one report, in order; if two set the same field, the later one counts.
    pub fn of<'a>(
        &'a self,
        path: &'a str,
        sha256: &'a str,
    ) -> impl DoubleEndedIterator<Item = &'a ReportCorrection> {
        self.reports.iter().filter(move |correction| correction.is_of(path, sha256))
    }
}

/// The file as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default, rename = "report")]
    reports: Vec<Spanned<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    sha256: Option<Spanned<String>>,
    file: Option<Spanned<String>>,
    why: Option<Spanned<String>>,
    authority: Option<Spanned<String>>,
    framework: Option<Spanned<String>>,
    inspection_start: Option<Spanned<Value>>,
    inspection_end: Option<Spanned<Value>>,
    published: Option<Spanned<Value>>,
    lead_inspector: Option<Spanned<String>>,
    overall: Option<Spanned<String>>,
    #[serde(default, rename = "section")]
    sections: Vec<Spanned<SectionEntry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SectionEntry {
    heading: Option<Spanned<String>>,
    grade: Option<Spanned<String>>,
}

struct Checker<'a> {
    text: &'a str,
    frameworks: &'a [Framework],
    authorities: &'a Authorities,
}

impl Checker<'_> {
    fn line(&self, span: &Range<usize>) -> usize {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        before.matches('\n').count() + 1
    }

    fn fault(&self, span: &Range<usize>, reason: impl Into<String>) -> CorrectionsError {
        CorrectionsError { line: self.line(span), reason: reason.into() }
    }

    fn report(&self, entry: Spanned<Entry>) -> Result<ReportCorrection, CorrectionsError> {
        let span = entry.span();
        let entry = entry.into_inner();
        let which = match (entry.sha256, entry.file) {
            (Some(hash), None) => Which::Sha256(self.hash(&hash)?),
            (None, Some(file)) => Which::File(self.file(&file)?),
            (Some(_), Some(file)) => {
                return Err(self.fault(&file.span(), "`sha256` and `file` both; leave one out"));
            }
            (None, None) => {
                return Err(self.fault(
                    &span,
                    "no report is named; write `file`, the end of its path, or `sha256`",
                ));
            }
        };
        let Some(why) = entry.why else {
            return Err(self.fault(&span, "`why` is missing; say why this is put right"));
        };
        let framework = entry.framework.map(|code| self.framework(&code)).transpose()?;
        let scale = framework.map_or(self.frameworks, std::slice::from_ref);
        let start = entry.inspection_start.as_ref().map(|date| self.date(date)).transpose()?;
        let end = entry.inspection_end.as_ref().map(|date| self.date(date)).transpose()?;
        if let (Some(first), Some(last), Some(place)) = (start, end, &entry.inspection_end)
            && last < first
        {
            return Err(self.fault(
                &place.span(),
                format!("the inspection ends on {last}, before it begins on {first}"),
            ));
        }
        let correction = ReportCorrection {
            line: self.line(&span),
            which,
            why: self.words("why", &why)?,
            authority: entry.authority.map(|name| self.authority(&name)).transpose()?,
            framework: framework.map(|framework| framework.code.clone()),
            inspection_start: start,
            inspection_end: end,
            published: entry.published.as_ref().map(|date| self.date(date)).transpose()?,
            lead_inspector: entry
                .lead_inspector
                .map(|name| self.words("lead_inspector", &name))
                .transpose()?,
            overall: entry.overall.map(|grade| self.grade(&grade, scale)).transpose()?,
            sections: entry
                .sections
                .into_iter()
                .map(|section| self.section(section, scale))
                .collect::<Result<_, _>>()?,
        };
        if correction.sets_nothing() {
            return Err(self.fault(
                &span,
                "nothing is put right; set `authority`, `framework`, `inspection_start`, \
                 `inspection_end`, `published`, `lead_inspector`, `overall` or a \
                 `[[report.section]]`",
            ));
        }
        Ok(correction)
    }

    fn section(
        &self,
        entry: Spanned<SectionEntry>,
        scale: &[Framework],
    ) -> Result<SectionCorrection, CorrectionsError> {
        let span = entry.span();
        let entry = entry.into_inner();
        match (entry.heading, entry.grade) {
            (Some(heading), Some(grade)) => Ok(SectionCorrection {
                heading: self.words("heading", &heading)?,
                grade: self.grade(&grade, scale)?,
            }),
            (None, _) => Err(self.fault(&span, "`heading` is missing; name the section")),
            (_, None) => Err(self.fault(&span, "`grade` is missing; name the section's grade")),
        }
    }

    fn words(&self, field: &str, value: &Spanned<String>) -> Result<String, CorrectionsError> {
        let words = value.get_ref().split_whitespace().collect::<Vec<_>>().join(" ");
        if words.is_empty() {
            return Err(self.fault(&value.span(), format!("`{field}` is empty")));
        }
        Ok(words)
    }

    fn hash(&self, value: &Spanned<String>) -> Result<String, CorrectionsError> {
        let hash = value.get_ref().trim().to_ascii_lowercase();
        if hash.len() != 64 || !hash.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(self.fault(&value.span(), "`sha256` is not 64 hexadecimal digits"));
        }
        Ok(hash)
    }

    fn file(&self, value: &Spanned<String>) -> Result<String, CorrectionsError> {
        let file = value.get_ref().trim().replace('\\', "/");
        let file = file.trim_start_matches("./");
        if file.is_empty() || file.ends_with('/') {
            return Err(self.fault(&value.span(), "`file` names no file"));
        }
        Ok(file.to_owned())
    }

    fn authority(&self, value: &Spanned<String>) -> Result<String, CorrectionsError> {
        let name = self.words("authority", value)?;
        Ok(self.authorities.find(&name).map_or(name, |known| known.name.clone()))
    }

    fn framework(&self, value: &Spanned<String>) -> Result<&Framework, CorrectionsError> {
        let code = value.get_ref().trim();
        self.frameworks.iter().find(|framework| framework.code == code).ok_or_else(|| {
            let codes: Vec<_> = self.frameworks.iter().map(|f| format!("`{}`", f.code)).collect();
            self.fault(
                &value.span(),
                format!("no framework is called `{code}`; choose from {}", codes.join(", ")),
            )
        })
    }

    fn date(&self, value: &Spanned<Value>) -> Result<Date, CorrectionsError> {
        let written = match value.get_ref() {
            Value::String(text) => text.trim().to_owned(),
            other => other.to_string(),
        };
        written.parse().map_err(|_| {
            self.fault(&value.span(), format!("`{written}` is not a date; write 2012-06-11"))
        })
    }

    /// The label of a grade that one of the frameworks gives.
    fn grade(
        &self,
        value: &Spanned<String>,
        scale: &[Framework],
    ) -> Result<String, CorrectionsError> {
        let label = self.words("grade", value)?;
        let named = scale.iter().find_map(|framework| framework.grade_named(&label));
        named.map(|(label, _)| label).ok_or_else(|| {
            let mut known: Vec<String> = Vec::new();
            for label in scale.iter().flat_map(Framework::grade_labels) {
                let label = format!("`{label}`");
                if !known.contains(&label) {
                    known.push(label);
                }
            }
            let next = match known.as_slice() {
                [] => "the framework gives no grades".to_owned(),
                known => format!("choose from {}", known.join(", ")),
            };
            self.fault(&value.span(), format!("no grade is called `{label}`; {next}"))
        })
    }
}

impl ReportCorrection {
    fn sets_nothing(&self) -> bool {
        self.authority.is_none()
            && self.framework.is_none()
            && self.inspection_start.is_none()
            && self.inspection_end.is_none()
            && self.published.is_none()
            && self.lead_inspector.is_none()
            && self.overall.is_none()
            && self.sections.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::{Corrections, CorrectionsError};
    use crate::knowledge::Knowledge;
    use jiff::civil::date;

    fn parse(text: &str) -> Result<Corrections, CorrectionsError> {
        let known = Knowledge::embedded().unwrap();
        Corrections::parse(text, known.frameworks(), known.authorities())
    }

    fn fault(text: &str) -> String {
        parse(text).unwrap_err().to_string()
    }

    #[test]
    fn dates_may_be_written_with_or_without_quotation_marks() {
        let text = "[[report]]\nfile = 'a.pdf'\nwhy = 'misread'\npublished = 2012-06-11\n\
                    inspection_start = '2012-05-02'\n";
        let corrections = parse(text).unwrap();
        assert_eq!(corrections.all()[0].published, Some(date(2012, 6, 11)));
        assert_eq!(corrections.all()[0].inspection_start, Some(date(2012, 5, 2)));
    }

    #[test]
    fn a_file_is_meant_by_whole_folders_and_its_whole_name() {
        let text = "[[report]]\nfile = 'fairmere/2012.pdf'\nwhy = 'x'\noverall = 'Good'\n";
        let corrections = parse(text).unwrap();
        let meant = |path: &str| corrections.of(path, "").count();
        assert_eq!(meant("reports/fairmere/2012.pdf"), 1);
        assert_eq!(meant("fairmere/2012.pdf"), 1);
        assert_eq!(meant(r"C:\reports\fairmere\2012.pdf"), 1);
        assert_eq!(meant("reports/old-fairmere/2012.pdf"), 0);
        assert_eq!(meant("2012.pdf"), 0);
    }

    #[test]
    fn every_fault_is_told_with_its_line_and_what_next() {
        let report = "[[report]]\nfile = 'a.pdf'\nwhy = 'x'\n";
        insta::assert_snapshot!(fault("[[report]]\nwhy = 'x'\noverall = 'Good'\n"), @"line 1: no report is named; write `file`, the end of its path, or `sha256`");
        insta::assert_snapshot!(fault("[[report]]\nfile = 'a.pdf'\noverall = 'Good'\n"), @"line 1: `why` is missing; say why this is put right");
        insta::assert_snapshot!(fault("[[report]]\nsha256 = 'abc'\nwhy = 'x'\noverall = 'Good'\n"), @"line 2: `sha256` is not 64 hexadecimal digits");
        insta::assert_snapshot!(fault("[[report]]\nfile = 'reports/'\nwhy = 'x'\noverall = 'Good'\n"), @"line 2: `file` names no file");
        insta::assert_snapshot!(fault(&format!("{report}sha256 = 'abc'\noverall = 'Good'\n")), @"line 2: `sha256` and `file` both; leave one out");
        insta::assert_snapshot!(fault(report), @"line 1: nothing is put right; set `authority`, `framework`, `inspection_start`, `inspection_end`, `published`, `lead_inspector`, `overall` or a `[[report.section]]`");
        insta::assert_snapshot!(fault(&format!("{report}autority = 'Fairmere'\n")), @"line 4: unknown field `autority`, expected one of `sha256`, `file`, `why`, `authority`, `framework`, `inspection_start`, `inspection_end`, `published`, `lead_inspector`, `overall`, `section`");
        insta::assert_snapshot!(fault(&format!("{report}framework = 'sfi'\n")), @"line 4: no framework is called `sfi`; choose from `send`, `send-2016`, `jtai`, `ilacs`, `sif-reinspection`, `sif`, `lscb-review`, `lac-2013`, `slac`, `jar-progress`");
        insta::assert_snapshot!(fault(&format!("{report}published = '11 June 2012'\n")), @"line 4: `11 June 2012` is not a date; write 2012-06-11");
        insta::assert_snapshot!(fault(&format!("{report}inspection_start = 2012-06-11\ninspection_end = 2012-06-01\n")), @"line 5: the inspection ends on 2012-06-01, before it begins on 2012-06-11");
        insta::assert_snapshot!(fault(&format!("{report}framework = 'ilacs'\noverall = 'Adequate'\n")), @"line 5: no grade is called `Adequate`; choose from `Outstanding`, `Good`, `Requires improvement to be good`, `Inadequate`, `Not judged`");
        insta::assert_snapshot!(fault(&format!("{report}framework = 'jtai'\noverall = 'Good'\n")), @"line 5: no grade is called `Good`; the framework gives no grades");
        insta::assert_snapshot!(fault(&format!("{report}[[report.section]]\nheading = 'Care'\n")), @"line 4: `grade` is missing; name the section's grade");
        insta::assert_snapshot!(fault(&format!("{report}[[report.section]]\ngrade = 'Good'\n")), @"line 4: `heading` is missing; name the section");
        insta::assert_snapshot!(fault("[[report]\n"), @"line 1: unclosed array table, expected `]`");
    }
}
