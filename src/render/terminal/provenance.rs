//! Writes what is needed to repeat an answer, below it.

use super::outline::part;
use super::prose::Prose;
use super::{Ink, Look, paint};
use crate::ask::provenance::{LookedFor, Provenance};
use crate::render::clean;
use std::io;

/// Writes the command, how it was understood, and what it was asked of.
pub(super) fn repeat(
    looked_for: Option<&LookedFor>,
    from: &Provenance,
    look: &Look,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    part("To repeat this", look, out)?;
    // Not wrapped, so that it can be copied.
    paint(out, look, Ink::Plain, &format!("  {}", clean::line(&from.command)))?;
    writeln!(out)?;
    let mut line = Prose::new();
    if let Some(looked_for) = looked_for {
        line.item(Ink::Faint, &format!("understood as {}", looked_for.query));
        for expansion in &looked_for.expansions {
            line.item(Ink::Faint, &format!("{} also as {}", expansion.written, expansion.also));
        }
        for topic in &looked_for.topics_used {
            line.item(Ink::Faint, &format!("topic {} {}", topic.id, topic.version));
        }
    }
    line.item(Ink::Faint, &format!("corpus {}", from.corpus.fingerprint))
        .item(Ink::Faint, &format!("index format {}", from.index_version))
        .item(Ink::Faint, &format!("findings {}", from.program_version))
        .item(Ink::Faint, &from.asked.strftime("%Y-%m-%d").to_string());
    line.write(out, look, "  ", "  ")
}
