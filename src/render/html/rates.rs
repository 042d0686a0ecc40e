//! Draws a rate with its interval in a cell of the table.

use super::at;
use crate::answer::compare::Share;
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

impl Scale {
    fn place(self, rate: f64) -> f64 {
        4.0 + (rate / self.end).clamp(0.0, 1.0) * (WIDTH - 8.0)
    }
}

/// Draws a rate. The numbers are in the cells next to it, so it is not read aloud.
pub(super) fn rate(share: Share, scale: Scale) -> Markup {
    let place = |rate: f64| at(scale.place(rate));
    html! {
        svg viewBox="0 0 160 20" aria-hidden="true" focusable="false" {
            line x1=(place(scale.overall)) x2=(place(scale.overall)) y1="0" y2="20"
                stroke="#888" stroke-width="1" stroke-dasharray="3 2" {}
            @if let (Some(low), Some(high), false) = (share.low, share.high, share.too_few) {
                line x1=(place(low)) x2=(place(high)) y1=(MIDDLE) y2=(MIDDLE)
                    stroke="#1d4f91" stroke-width="2" {}
                @if high > scale.end {
                    path d="M152 6 l6 4 l-6 4" fill="none" stroke="#1d4f91" stroke-width="2" {}
                }
            }
            @if let Some(percent) = share.percent {
                circle cx=(place(percent)) cy=(MIDDLE) r="4.5" fill="#1d4f91" {}
            }
        }
    }
}
