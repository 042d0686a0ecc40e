//! Shares with their confidence intervals.

use serde::Serialize;

/// The 97.5% quantile of the normal distribution: 95% lie within it on either side.
const Z: f64 = 1.959_963_984_540_054;

/// A count out of a total, in per cent, with a 95% interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Share {
    /// The count.
    pub count: usize,
    /// The total.
    pub out_of: usize,
    /// The share in per cent; `None` out of nothing.
    pub percent: Option<f64>,
    /// The lower end of the interval, in per cent.
    pub low: Option<f64>,
    /// The upper end of the interval, in per cent.
    pub high: Option<f64>,
}

impl Share {
    /// Computes the share and its interval by Wilson's score method without continuity correction
    /// (method 3 in Newcombe 1998, *Statistics in Medicine* 17: 857-872).
    #[must_use]
    pub fn new(count: usize, out_of: usize) -> Self {
        let interval = (out_of > 0).then(|| wilson(count as f64, out_of as f64));
        Self {
            count,
            out_of,
            percent: (out_of > 0).then(|| 100.0 * count as f64 / out_of as f64),
            low: interval.map(|(low, _)| 100.0 * low),
            high: interval.map(|(_, high)| 100.0 * high),
        }
    }
}

fn wilson(count: f64, out_of: f64) -> (f64, f64) {
    let share = count / out_of;
    let centre = share + Z * Z / (2.0 * out_of);
    let spread = Z * (share * (1.0 - share) / out_of + Z * Z / (4.0 * out_of * out_of)).sqrt();
    let scale = 1.0 + Z * Z / out_of;
    (((centre - spread) / scale).max(0.0), ((centre + spread) / scale).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::Share;

    #[test]
    fn intervals_are_those_that_newcombe_published() {
        // Table I of Newcombe 1998, method 3.
        let published = [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0000, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ];
        for (count, out_of, low, high) in published {
            let share = Share::new(count, out_of);
            let near =
                |ours: Option<f64>, theirs: f64| (ours.unwrap() / 100.0 - theirs).abs() < 5e-5;
            assert!(near(share.low, low) && near(share.high, high), "{share:?}");
        }
    }

    #[test]
    fn all_and_nothing_stay_within_bounds_and_nothing_of_nothing_has_no_share() {
        assert_eq!(Share::new(7, 7).high, Some(100.0));
        assert!(Share::new(7, 7).low.unwrap() < 70.0);
        let nothing = Share::new(0, 0);
        assert_eq!((nothing.percent, nothing.low, nothing.high), (None, None, None));
    }
}
