//! Draws a rate with its interval in a cell of the table.

use super::at;
use crate::answer::compare::{Share, Standardised};
use maud::{Markup, html};

/// The width of the drawing, in its units.
const WIDTH: f64 = 160.0;
const MIDDLE: f64 = 10.0;

/// The scale on which all rates of a table are drawn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    /// The rate at the right end, per 100.
    pub(super) end: f64,
    /// The rate of all groups, a line through all drawings.
    pub(super) overall: f64,
}

/// A rate per 100, and its interval where there is one to be relied on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rate {
    pub(super) percent: Option<f64>,
    pub(super) ends: Option<[f64; 2]>,
}

impl From<Share> for Rate {
    fn from(share: Share) -> Self {
        let Share { percent, low, high, too_few, .. } = share;
        Self { percent, ends: ends(low, high, too_few) }
    }
}

impl From<Standardised> for Rate {
    fn from(own: Standardised) -> Self {
        let Standardised { percent, low, high, too_few, .. } = own;
        Self { percent, ends: ends(low, high, too_few) }
    }
}

fn ends(low: Option<f64>, high: Option<f64>, too_few: bool) -> Option<[f64; 2]> {
    low.zip(high).filter(|_| !too_few).map(|(low, high)| [low, high])
}

impl Scale {
    /// The scale on which these rates can be drawn.
    pub(super) fn of(rates: impl Iterator<Item = Rate>, overall: f64) -> Self {
        let reach = rates.filter_map(|rate| rate.ends.map(|[_, high]| high).or(rate.percent));
        let end = reach.chain([overall * 1.5]).fold(0.0, f64::max);
        Self { end: if end > 0.0 { end } else { 1.0 }, overall }
    }

    fn place(self, rate: f64) -> f64 {
        4.0 + (rate / self.end).clamp(0.0, 1.0) * (WIDTH - 8.0)
    }
}

/// Draws a rate. The numbers are in the cells next to it, so it is not read aloud.
pub(super) fn rate(rate: Rate, scale: Scale) -> Markup {
    let place = |rate: f64| at(scale.place(rate));
    html! {
        svg viewBox="0 0 160 20" aria-hidden="true" focusable="false" {
            line x1=(place(scale.overall)) x2=(place(scale.overall)) y1="0" y2="20"
                stroke="#767676" stroke-width="1" stroke-dasharray="3 2" {}
            @if let Some([low, high]) = rate.ends {
                line x1=(place(low)) x2=(place(high)) y1=(MIDDLE) y2=(MIDDLE)
                    stroke="#1d4f91" stroke-width="2" {}
                @if high > scale.end {
                    path d="M152 6 l6 4 l-6 4" fill="none" stroke="#1d4f91" stroke-width="2" {}
                }
            }
            @if let Some(percent) = rate.percent {
                @if rate.ends.is_some() {
                    circle cx=(place(percent)) cy=(MIDDLE) r="4.5" fill="#1d4f91" {}
                } @else {
                    circle cx=(place(percent)) cy=(MIDDLE) r="3.7" fill="#fff" stroke="#1d4f91"
                        stroke-width="1.6" {}
                }
            }
        }
    }
}
