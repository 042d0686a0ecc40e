//! Draws small bars: rates with their intervals on one scale.

use crate::answer::compare::Share;
use crate::render::words;

/// A scale on which rates are drawn with their intervals.
pub(super) struct Bar {
    columns: usize,
    /// The rate at the right end, per 100.
    end: f64,
    overall: f64,
}

impl Bar {
    /// Creates a scale that reaches the rates of small groups, the intervals of all others, and
    /// half as much again as the overall rate.
    pub(super) fn new(
        shares: impl Iterator<Item = (Share, bool)>,
        overall: f64,
        columns: usize,
    ) -> Self {
        let reach = shares
            .filter_map(|(share, is_small)| if is_small { share.percent } else { share.high });
        let end = reach.chain([overall * 1.5]).fold(0.0, f64::max);
        Self { columns, end: if end > 0.0 { end } else { 1.0 }, overall }
    }

    /// Returns the heading over the bars.
    pub(super) fn scale(&self) -> String {
        let end = words::percent(Some(self.end));
        format!("0{end:─>width$}", width = self.columns - 1)
    }

    fn at(&self, rate: f64) -> usize {
        let place = (rate / self.end * (self.columns - 1) as f64).round();
        (place.max(0.0) as usize).min(self.columns - 1)
    }

    pub(super) fn draw(&self, share: Share) -> String {
        let mut cells = vec![' '; self.columns];
        cells[self.at(self.overall)] = '┊';
        if let (Some(rate), Some(low), Some(high)) = (share.percent, share.low, share.high) {
            for cell in &mut cells[self.at(low)..=self.at(high)] {
                *cell = '─';
            }
            if high > self.end {
                cells[self.columns - 1] = '›';
            }
            cells[self.at(rate)] = '●';
        }
        cells.into_iter().collect::<String>().trim_end().to_owned()
    }
}
