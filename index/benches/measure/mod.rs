//! The parts that the benches share: options, quantiles of samples, and a table with aligned
//! columns.

use std::fmt::Display;
use std::process::exit;

/// Options of a bench, given after `--` on the command line of `cargo bench`.
pub(crate) struct Options {
    pub(crate) paragraphs: usize,
    pub(crate) rounds: usize,
    pub(crate) threads: usize,
}

impl Options {
    /// The options given; defaults are `usual`, or with `--quick` those of `quick`, the least that
    /// shows that everything works.
    pub(crate) fn given(usual: Self, quick: Self) -> Self {
        let mut arguments: Vec<String> = std::env::args().skip(1).collect();
        // Added by cargo.
        arguments.retain(|argument| argument != "--bench");
        let is_quick = arguments.iter().any(|argument| argument == "--quick");
        arguments.retain(|argument| argument != "--quick");
        let mut options = if is_quick { quick } else { usual };
        for pair in arguments.chunks(2) {
            let number = pair.get(1).and_then(|number| number.parse().ok());
            let number = number.filter(|number| *number > 0);
            let option = match pair[0].as_str() {
                "--paragraphs" => &mut options.paragraphs,
                "--rounds" => &mut options.rounds,
                "--threads" => &mut options.threads,
                unknown => refuse(&format!("unknown option `{unknown}`")),
            };
            *option =
                number.unwrap_or_else(|| refuse(&format!("`{}` wants a number above 0", pair[0])));
        }
        options
    }
}

fn refuse(what: &str) -> ! {
    eprintln!("{what}; the options are --quick, --paragraphs N, --rounds N, --threads N");
    exit(2)
}

/// The sample below which this share of samples lies; sorts the samples.
pub(crate) fn quantile(samples: &mut [f64], share: f64) -> f64 {
    samples.sort_unstable_by(f64::total_cmp);
    let last = samples.len().saturating_sub(1);
    samples[(last as f64 * share).round() as usize]
}

/// A table with its first column aligned left and the others aligned right.
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new(heads: &[&str]) -> Self {
        let rows = vec![heads.iter().map(|head| (*head).to_owned()).collect()];
        Self { rows }
    }

    pub(crate) fn row(&mut self, name: impl Display, cells: &[String]) {
        let mut row = vec![name.to_string()];
        row.extend_from_slice(cells);
        self.rows.push(row);
    }

    pub(crate) fn print(&self) {
        let columns = self.rows[0].len();
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for row in &self.rows {
            let mut line = format!("{:<1$}", row[0], widths[0]);
            for (cell, width) in row.iter().zip(&widths).skip(1) {
                line.push_str(&format!("  {cell:>width$}"));
            }
            println!("{}", line.trim_end());
        }
    }
}
