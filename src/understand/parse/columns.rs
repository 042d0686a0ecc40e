//! Reads tables of judgements whose columns are headed by grades, with the areas below the grade
//! that they were given.

use super::grade::{PrintedGrade, Scale};
use super::headings::Headings;
use crate::extract::Block;

/// Reads the areas and grades of such a table; `None` if it is not one. Every cell below a grade has
/// to name an area that is judged.
pub(super) fn graded(
    rows: &[Vec<Block>],
    scale: Scale<'_>,
    headings: &Headings<'_>,
) -> Option<Vec<(Block, PrintedGrade)>> {
    let (head, below) = rows.split_first()?;
    let grades: Vec<(Option<u32>, PrintedGrade)> = head
        .iter()
        .map(|cell| Some((column(cell), scale.alone(&cell.text)?)))
        .collect::<Option<_>>()?;
    if grades.len() < 2 || below.is_empty() {
        return None;
    }
    let judged = |cell: &Block| {
        let (_, grade) = grades.iter().find(|(at, _)| *at == column(cell))?;
        headings.is_graded(&cell.text).then(|| (cell.clone(), grade.clone()))
    };
    below.iter().flatten().map(judged).collect()
}

/// The column of a cell.
pub(super) fn column(cell: &Block) -> Option<u32> {
    cell.cell.map(|cell| cell.column)
}
