//! Writes recommendations as tables and quotations for a paper.

use super::{at_line_start, code, escape, inline};
use crate::answer::recommendations::{Groups, Recommendation, Recommendations};
use crate::render::recommendations as worded;
use crate::render::words;
use std::io;

/// Writes recommendations.
///
/// # Errors
/// Those of `out`.
pub fn recommendations(answer: &Recommendations, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "# {}", inline(&worded::head(answer).join(", ")))?;
    if answer.total == 0 {
        return Ok(());
    }
    writeln!(out, "\n{} {}", worded::known(answer), worded::repeated(answer))?;
    for groups in &answer.groups {
        table(answer, groups, out)?;
    }
    if !answer.recommendations.is_empty() {
        writeln!(out, "\n## Recommendations, {}", worded::order(answer))?;
    }
    for own in &answer.recommendations {
        quotation(own, out)?;
    }
    for chain in &answer.repeated.listed {
        let authority = chain.authority.as_deref().unwrap_or(words::NOTHING);
        let said = worded::chain(chain).join(", ");
        writeln!(out, "\n## {}: {}", escape(authority), inline(&said))?;
        for own in &chain.recommendations {
            quotation(own, out)?;
        }
    }
    if !answer.notes.is_empty() {
        writeln!(out, "\n## What to know\n")?;
    }
    for note in &answer.notes {
        writeln!(out, "- {}", escape(note))?;
    }
    let from = &answer.provenance;
    writeln!(
        out,
        "\nAsked on {} with {}, of corpus {}.",
        from.asked.strftime("%Y-%m-%d"),
        code(&from.command),
        from.corpus.fingerprint
    )
}

fn table(answer: &Recommendations, groups: &Groups, out: &mut dyn io::Write) -> io::Result<()> {
    let heading = words::heading(groups.by);
    if answer.of_chains {
        writeln!(out, "\n{}:", worded::by(answer, groups))?;
    }
    writeln!(out, "\n| {heading} | Recommendations | Reports | Authorities | Repeated |")?;
    writeln!(out, "|---|--:|--:|--:|--:|")?;
    let (shown, more) = worded::shown(answer, groups);
    for group in shown {
        writeln!(
            out,
            "| {} | {} | {} | {} | {} |",
            inline(&worded::value(&answer.names, groups.by, group)),
            words::number(group.recommendations),
            words::number(group.reports),
            words::number(group.authorities),
            words::number(group.repeated)
        )?;
    }
    if more > 0 {
        writeln!(out, "\n{more} more are left out here.")?;
    }
    Ok(())
}

pub(super) fn quotation(own: &Recommendation, out: &mut dyn io::Write) -> io::Result<()> {
    let asked = [own.addressee.as_ref().map(|body| format!("for {body}")), own.timescale.clone()];
    let asked: Vec<String> = asked.into_iter().flatten().collect();
    let asked = match asked.as_slice() {
        [] => String::new(),
        said => format!(" ({})", inline(&said.join(", "))),
    };
    writeln!(out, "\n> {}", at_line_start(&inline(&worded::text(own))))?;
    writeln!(out, ">\n> — {}{asked} {}", inline(&own.citation), code(&own.id))
}
