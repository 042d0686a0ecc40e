//! Lays out aligned columns.

use super::{Ink, Look, paint};
use crate::render::clean;
use std::io;
use unicode_width::UnicodeWidthStr;

/// The side to which a column is aligned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
}

/// A table, each of whose rows has as many cells as there are columns.
#[derive(Debug)]
pub(super) struct Table {
    heads: Vec<(String, Side)>,
    rows: Vec<Vec<(Ink, String)>>,
}

impl Table {
    pub(super) fn new(heads: &[(&str, Side)]) -> Self {
        let heads = heads.iter().map(|(head, side)| ((*head).to_owned(), *side)).collect();
        Self { heads, rows: Vec::new() }
    }

    pub(super) fn row(&mut self, cells: Vec<(Ink, String)>) {
        self.rows.push(cells.into_iter().map(|(ink, text)| (ink, clean::line(&text))).collect());
    }

    /// Returns the columns that the table takes, with `gap` columns between two.
    pub(super) fn width(&self, gap: usize) -> usize {
        self.widths().iter().sum::<usize>() + gap * self.heads.len().saturating_sub(1)
    }

    fn widths(&self) -> Vec<usize> {
        (0..self.heads.len())
            .map(|column| {
                let cells = self.rows.iter().filter_map(|row| row.get(column));
                let widest = cells.map(|(_, text)| text.width()).max().unwrap_or(0);
                widest.max(self.heads[column].0.width())
            })
            .collect()
    }

    /// Writes the heads and the rows, each line after `indent`. The line of heads is left out where
    /// no head has a text.
    pub(super) fn write(
        &self,
        out: &mut dyn io::Write,
        look: &Look,
        indent: &str,
        gap: usize,
    ) -> io::Result<()> {
        for line in self.lines(look, gap)? {
            writeln!(out, "{indent}{}", line.text)?;
        }
        Ok(())
    }

    /// Returns the lines, without padding at their ends.
    pub(super) fn lines(&self, look: &Look, gap: usize) -> io::Result<Vec<Line>> {
        let widths = self.widths();
        let mut lines = Vec::with_capacity(self.rows.len() + 1);
        if self.heads.iter().any(|(head, _)| !head.is_empty()) {
            let heads: Vec<(Ink, String)> =
                self.heads.iter().map(|(head, _)| (Ink::Faint, head.clone())).collect();
            lines.push(self.line(look, &widths, gap, &heads)?);
        }
        for row in &self.rows {
            lines.push(self.line(look, &widths, gap, row)?);
        }
        Ok(lines)
    }

    fn line(
        &self,
        look: &Look,
        widths: &[usize],
        gap: usize,
        cells: &[(Ink, String)],
    ) -> io::Result<Line> {
        let mut text = Vec::new();
        let mut pending = 0;
        let mut width = 0;
        for (column, (ink, cell)) in cells.iter().enumerate() {
            let free = widths.get(column).map_or(0, |width| width.saturating_sub(cell.width()));
            let side = self.heads.get(column).map_or(Side::Left, |(_, side)| *side);
            let (before, after) = if side == Side::Right { (free, 0) } else { (0, free) };
            if cell.is_empty() {
                pending += before + after + gap;
                continue;
            }
            text.extend(std::iter::repeat_n(b' ', pending + before));
            paint(&mut text, look, *ink, cell)?;
            width += pending + before + cell.width();
            pending = after + gap;
        }
        Ok(Line { text: String::from_utf8_lossy(&text).into_owned(), width })
    }
}

/// A finished line, and the columns it takes.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) width: usize,
}
