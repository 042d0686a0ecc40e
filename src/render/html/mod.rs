//! Writes a page that contains everything it needs: no script, no picture from elsewhere.
//!
//! The page goes to committees: it prints on A4, reads at the width of a phone, and its charts can
//! be understood without colour and read aloud. Its style is one sheet, and no element has a style of
//! its own, so that it can be served under a strict policy. Templates escape whatever they are given;
//! text of reports is made harmless first, as for the terminal.

mod comparison;
mod digest;
mod funnel;
mod mix;
#[cfg(feature = "serve")]
pub mod page;
mod rates;
mod recommendations;
mod table;

pub use comparison::comparison;
pub use digest::digest;
pub use recommendations::recommendations;

use crate::ask::trace::Trace;
use crate::render::words;
use findings_index::records::Attribute;
use findings_index::request::Filters;
use maud::{Markup, PreEscaped, html};

/// The style sheet of every page.
pub const STYLE: &str = include_str!("style.css");

/// Where the style sheet of a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sheet<'a> {
    /// In the page itself, so that it is one file.
    Embedded,
    /// At this address of the server that the page is from.
    Linked(&'a str),
}

impl Sheet<'_> {
    /// Writes the sheet or a link to it. A page that is one file has its policy in itself; that of
    /// others comes from the server.
    fn head(self) -> Markup {
        html! {
            @match self {
                Self::Embedded => {
                    meta http-equiv="Content-Security-Policy"
                        content="default-src 'none'; style-src 'unsafe-inline'";
                    style { (PreEscaped(STYLE)) }
                }
                Self::Linked(address) => link rel="stylesheet" href=(address);,
            }
        }
    }
}

/// A search that finds what a number counts.
#[derive(Debug, Clone, Copy)]
pub struct Counted<'a> {
    /// The query.
    pub query: &'a str,
    /// Conditions in addition to it.
    pub filters: &'a Filters,
    /// What its results are to be grouped by: reports, where these are counted.
    pub group: Option<Attribute>,
    /// Which of its results are counted.
    pub among: Among,
}

/// Which of the results of a search are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Among {
    /// All.
    #[default]
    All,
    /// The recommendations that were made again.
    Repeated,
}

impl<'a> Counted<'a> {
    /// The paragraphs that a trace leads to.
    fn of(trace: &'a Trace) -> Self {
        Self::found(&trace.query, &trace.filters)
    }

    /// All paragraphs that a query finds under conditions.
    #[must_use]
    pub fn found(query: &'a str, filters: &'a Filters) -> Self {
        Self { query, filters, group: None, among: Among::All }
    }

    /// These paragraphs, put together by their values of an attribute.
    fn by(self, group: Attribute) -> Self {
        Self { group: Some(group), ..self }
    }

    /// The reports of these paragraphs.
    fn reports(self) -> Self {
        self.by(Attribute::Report)
    }

    /// Those of these recommendations that were made again.
    fn repeated(self) -> Self {
        Self { among: Among::Repeated, ..self }
    }
}

/// Whether the numbers of a page lead to what they count.
#[derive(Clone, Copy)]
pub enum Numbers<'a> {
    /// They do not: the page is a file on its own.
    Plain,
    /// They do, at the address that this gives.
    Linked(&'a dyn Fn(Counted<'_>) -> String),
}

impl Numbers<'_> {
    /// Writes a number with its noun, in the plural unless there is one of it.
    fn count(self, number: usize, noun: &str, counted: Counted<'_>) -> Markup {
        let shown = words::count(number, noun);
        match self {
            Self::Linked(address) if number > 0 => html! { a href=(address(counted)) { (shown) } },
            _ => html! { (shown) },
        }
    }

    /// Writes a number; `said` names what it counts to those who hear links one by one.
    fn write(self, number: usize, said: &str, counted: Counted<'_>) -> Markup {
        let shown = words::number(number);
        match self {
            Self::Linked(address) if number > 0 => html! {
                a href=(address(counted)) aria-label={ (shown) " " (said) } { (shown) }
            },
            _ => html! { (shown) },
        }
    }
}

/// Writes a number for a drawing, to a tenth of a unit: finer than any eye.
fn at(place: f64) -> String {
    let rounded = (place * 10.0).round() / 10.0;
    // Adding 0 avoids `-0`.
    format!("{}", rounded + 0.0)
}

/// Returns round numbers from 0 to `end`, about `wanted` of them.
fn ticks(end: f64, wanted: usize) -> Vec<f64> {
    let rough = end / wanted.max(1) as f64;
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].map(|part| part * power);
    let step = step.into_iter().find(|step| *step >= rough).unwrap_or(power * 10.0);
    let mut ticks = Vec::new();
    while ticks.len() as f64 * step <= end * 1.000_001 {
        ticks.push(ticks.len() as f64 * step);
    }
    ticks
}

/// Writes a number on an axis.
fn tick(number: f64) -> String {
    if number >= 1_000.0 {
        words::number(number as usize)
    } else {
        format!("{}", (number * 1_000.0).round() / 1_000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{at, ticks};

    #[test]
    fn ticks_are_round_and_reach_no_further_than_the_end() {
        assert_eq!(ticks(8.3, 4), [0.0, 5.0]);
        assert_eq!(ticks(8.3, 5), [0.0, 2.0, 4.0, 6.0, 8.0]);
        assert_eq!(ticks(2_400.0, 5), [0.0, 500.0, 1_000.0, 1_500.0, 2_000.0]);
        assert_eq!(at(-0.01), "0");
        assert_eq!(at(12.345), "12.3");
    }
}
