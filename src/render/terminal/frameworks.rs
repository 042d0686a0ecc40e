//! Writes frameworks: the list, what is wrong with a file, and how a report is read by one.

use super::prose::Prose;
use super::{Ink, Look, outline, paint};
use crate::knowledge::form::{Fault, Severity};
use crate::knowledge::{Framework, Origin, names};
use crate::render::words;
use crate::understand::recognise::Fit;
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
        }
        writeln!(out)?;
    }
    outline(&trial.report, look, out)
}
