//! Draws small bars: rates with their intervals on one scale.

use crate::answer::compare::{Share, Standardised};
use crate::render::words;

/// A rate per 100, with its interval where it can be relied on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rate {
    percent: Option<f64>,
    interval: Option<[f64; 2]>,
}

impl Rate {
    fn new(percent: Option<f64>, low: Option<f64>, high: Option<f64>, too_few: bool) -> Self {
        let interval = low.zip(high).filter(|_| !too_few).map(|(low, high)| [low, high]);
        Self { percent, interval }
    }
}

impl From<Share> for Rate {
    fn from(share: Share) -> Self {
        Self::new(share.percent, share.low, share.high, share.too_few)
    }
}

impl From<Standardised> for Rate {
    fn from(own: Standardised) -> Self {
        Self::new(own.percent, own.low, own.high, own.too_few)
    }
}

/// A scale on which rates are drawn with their intervals.
pub(super) struct Bar {
    columns: usize,
    /// The rate at the right end, per 100.
    end: f64,
    overall: f64,
}

impl Bar {
    /// Creates a scale that reaches the rates, the intervals that can be relied on, and half as much
    /// again as the overall rate.
    pub(super) fn new(rates: impl Iterator<Item = Rate>, overall: f64, columns: usize) -> Self {
        let reach = rates.filter_map(|rate| rate.interval.map(|[_, high]| high).or(rate.percent));
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

    pub(super) fn draw(&self, rate: Rate) -> String {
        let mut cells = vec![' '; self.columns];
        cells[self.at(self.overall)] = '┊';
        if let Some([low, high]) = rate.interval {
            for cell in &mut cells[self.at(low)..=self.at(high)] {
                *cell = '─';
            }
            if high > self.end {
                cells[self.columns - 1] = '›';
            }
        }
        if let Some(percent) = rate.percent {
            cells[self.at(percent)] = '●';
        }
        cells.into_iter().collect::<String>().trim_end().to_owned()
    }
}
