//! Writes frameworks: the list, what is wrong with a file, and how a report is read by one.

use super::prose::Prose;
use super::{Ink, Look, outline, paint};
use crate::knowledge::form::{Fault, Severity};
use crate::knowledge::{Framework, Origin, names};
use crate::render::words;
use crate::understand::recognise::Fit;
use crate::understand::trial::{Miss, Near, Why};
use findings_index::records::ReportRecord;
use std::io;
use std::path::Path;

/// A report read by a framework.
#[derive(Debug)]
pub struct Trial {
    /// The framework's code.
    pub code: String,
    /// Its patterns, and whether each was found on the first pages.
    pub fits: Vec<Fit>,
    /// The patterns that fit nothing in the report.
    pub misses: Vec<Miss>,
    /// The report as understood.
    pub report: ReportRecord,
}

/// Writes the frameworks in the order in which they are tried.
///
/// # Errors
/// Those of `out`.
pub fn list(all: &[Framework], look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    for framework in all {
        let mut head = Prose::new();
        head.add(Ink::Strong, &framework.code);
        head.add(Ink::Plain, &format!("  {}", names::label(framework)));
        head.item(Ink::Plain, &framework.period);
        head.write(out, look, "", "  ")?;
        let mut grades = Prose::new();
        if framework.grades.is_empty() {
            grades.item(Ink::Faint, "no grades");
        }
        for grade in &framework.grades {
            let ink = grade.rank.map_or(Ink::Plain, Ink::Rank);
            let place = grade.rank.map_or_else(String::new, |rank| format!("{rank} "));
            grades.item(ink, &format!("{place}{}", grade.label));
        }
        grades.write(out, look, "  ", "  ")?;
        if let Origin::File { path, overrides } = &framework.origin {
            let mut from = Prose::new();
            from.item(Ink::Faint, &format!("from {}", path.display()));
            if *overrides {
                from.item(Ink::Faint, "in place of the one within this program");
            }
            from.write(out, look, "  ", "  ")?;
        }
    }
    Ok(())
}

/// Writes what is wrong with a file, one fault per line in the form of editors and compilers.
///
/// # Errors
/// Those of `out`.
pub fn faults(
    file: &Path,
    faults: &[Fault],
    look: &Look,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let file = crate::render::clean::line(&file.display().to_string());
    for fault in faults {
        write!(out, "{file}:{}: ", fault.line)?;
        match fault.severity {
            Severity::Error => paint(out, look, Ink::Fault, "error: ")?,
            Severity::Warning => paint(out, look, Ink::Strong, "warning: ")?,
        }
        if !fault.key.is_empty() {
            write!(out, "{}: ", crate::render::clean::line(&fault.key))?;
        }
        writeln!(out, "{}", crate::render::clean::line(&fault.reason))?;
    }
    Ok(())
}

/// Writes that a file can be used.
///
/// # Errors
/// Those of `out`.
pub fn sound(
    file: &Path,
    name: &str,
    code: &str,
    look: &Look,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut line = Prose::new();
    line.add(Ink::Plain, &format!("{} can be used: {name}, code `{code}`", file.display()));
    line.write(out, look, "", "")
}

/// Writes how a report is understood by a framework; where the framework does not recognise it,
/// also which patterns were found and which were not.
///
/// # Errors
/// Those of `out`.
pub fn trial(trial: &Trial, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let recognised = trial.report.framework == trial.code;
    writeln!(out)?;
    if !recognised {
        let mut line = Prose::new();
        line.add(Ink::Fault, "the report is not recognised by this framework");
        line.item(
            Ink::Plain,
            &match trial.report.framework.as_str() {
                "unknown" => "nor by any other".to_owned(),
                other => format!("but as `{other}`: {}", words::framework(look.names, other)),
            },
        );
        line.write(out, look, "", "")?;
        for fit in &trial.fits {
            let mut line = Prose::new();
            let found = if fit.found { "found" } else { "not found" };
            line.add(Ink::Plain, &format!("{}: {found} on the first pages: ", fit.list));
            line.add(Ink::Faint, &fit.pattern);
            line.write(out, look, "  ", "    ")?;
            let list = format!("recognise, {}", fit.list);
            let missed = |miss: &&Miss| miss.key == list && miss.pattern == fit.pattern;
            if let Some(miss) = trial.misses.iter().find(missed) {
                nearest(miss, look, out)?;
            }
        }
        writeln!(out)?;
    }
    outline(&trial.report, look, out)?;
    let missed = || trial.misses.iter().filter(|miss| recognised || !miss.key.starts_with("rec"));
    if missed().next().is_some() {
        writeln!(out)?;
        paint(out, look, Ink::Strong, "Patterns that fit nothing in this report")?;
        writeln!(out)?;
    }
    for miss in missed() {
        let mut line = Prose::new();
        line.add(Ink::Plain, &format!("{}: ", miss.key));
        line.add(Ink::Faint, &miss.pattern);
        line.write(out, look, "  ", "    ")?;
        nearest(miss, look, out)?;
    }
    Ok(())
}

/// Writes the line that comes nearest to a pattern, and why it is not the one.
fn nearest(miss: &Miss, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let mut line = Prose::new();
    match &miss.nearest {
        None => {
            line.add(Ink::Plain, "no line comes near");
        }
        Some(Near { line: words, page, why }) => {
            let page = page.map(|page| format!(" on page {page}")).unwrap_or_default();
            line.add(Ink::Plain, &format!("nearest: `{words}`{page}"));
            let why = match why {
                Why::Differs => None,
                Why::Furniture => Some("dropped as a header or footer, which no pattern sees"),
                Why::Contents => Some("a line of the table of contents, which no pattern sees"),
                Why::Later => Some("it fits, but only the first three pages are searched"),
                Why::Edge => Some(
                    "it would fit, but ^ and $ are the beginning and end of all text here; write (^|\\n) or \\n",
                ),
                Why::NotHeading => {
                    Some("it fits, but is an item of a list or too long for a heading")
                }
                Why::NotUnder => Some("it fits, but not within the section that `under` asks for"),
                Why::Unread => Some("it fits, but what it says there could not be read"),
            };
            if let Some(why) = why {
                line.item(Ink::Plain, why);
            }
        }
    }
    line.write(out, look, "    ", "      ")
}
