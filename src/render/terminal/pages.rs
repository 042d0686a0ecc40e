//! Writes how far paragraphs are printed as they are quoted.

use super::outline::part;
use super::prose::Prose;
use super::{Ink, Look};
use crate::answer::pages::{Differing, PagesChecked};
use crate::render::{clean, words};
use std::io;

/// How many paragraphs are listed of each cause, unless all are asked for.
const LISTED: usize = 5;

/// Writes how far the paragraphs of an index are printed as they are quoted.
///
/// # Errors
/// Those of `out`.
pub fn pages_checked(
    checked: &PagesChecked,
    all: bool,
    look: &Look,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut line = Prose::new();
    line.item(Ink::Strong, &words::of(checked.verbatim, checked.paragraphs))
        .add(Ink::Plain, " paragraphs are as printed");
    if let Some(percent) = checked.percent {
        line.item(Ink::Strong, &format!("{percent:.3}%"));
    }
    line.item(Ink::Plain, &words::count(checked.reports, "report"));
    if checked.without_pages > 0 {
        let without = words::count(checked.without_pages, "report");
        line.item(Ink::Plain, &format!("{without} without pages"));
    }
    line.write(out, look, "", "")?;
    for code in checked.causes.keys() {
        let of_this: Vec<&Differing> =
            checked.differing.iter().filter(|one| one.code == *code).collect();
        let reason = of_this.first().map_or("", |one| one.reason);
        part(&format!("{}: {reason}", words::count(of_this.len(), "paragraph")), look, out)?;
        let shown = if all { of_this.len() } else { LISTED };
        for one in of_this.iter().take(shown) {
            let mut line = Prose::new();
            line.add(Ink::Plain, &one.id);
            if let Some(page) = one.page {
                line.item(Ink::Plain, &format!("page {page}"));
            }
            line.item(Ink::Faint, &beginning(&one.text));
            line.write(out, look, "  ", "    ")?;
        }
        if of_this.len() > shown {
            writeln!(out, "  and {} more", words::number(of_this.len() - shown))?;
        }
    }
    if !checked.unread.is_empty() {
        part("Could not be compared", look, out)?;
        for unread in &checked.unread {
            writeln!(out, "  {}", clean::line(&unread.path))?;
            let mut line = Prose::new();
            line.add(Ink::Plain, &unread.reason);
            line.write(out, look, "    ", "    ")?;
        }
    }
    Ok(())
}

/// The first words of a text.
fn beginning(text: &str) -> String {
    const SHOWN: usize = 8;
    let mut words = text.split_whitespace();
    let shown: Vec<&str> = words.by_ref().take(SHOWN).collect();
    let more = if words.next().is_some() { " …" } else { "" };
    format!("{}{more}", shown.join(" "))
}
