//! Takes tables apart: judgements, layout boxes and tables of facts.
//!
//! Reports made with Word put much of their text into layout tables; to a reader, only short cells
//! in several columns are a table.

use super::addressee::is_name;
use super::columns;
use super::grade::{PrintedGrade, Scale};
use super::headings::Headings;
use crate::extract::Block;
use findings_index::records::Kind;

/// A part of the text after tables are taken apart.
pub(super) enum Item {
    /// A block of running text, a list item, a heading.
    Block(Block),
    /// A table that lists judgements, row by row.
    Judgements(Vec<JudgementRow>),
    /// A box that holds the heading of a section and its grade.
    GradedHeading {
        /// The cell of the heading.
        heading: Block,
        /// The grade next to it.
        grade: PrintedGrade,
    },
    /// The names of those who must do what the next blocks say, until other names follow.
    Addressee(String),
    /// A row of facts.
    Row(Block),
}

/// A row of a table of judgements; a row without a grade is the heading of the rows below it.
pub(super) struct JudgementRow {
    pub(super) area: String,
    pub(super) grade: Option<PrintedGrade>,
    pub(super) page: Option<u32>,
}

/// The number of words above which a cell is running text, whatever the table.
const PROSE: usize = 30;

/// Takes the tables among `blocks` apart; all other blocks pass through in order.
pub(super) fn take_apart(blocks: &[Block], scale: &Scale, headings: &Headings<'_>) -> Vec<Item> {
    let table_of = |block: &Block| block.cell.map(|c| c.table);
    let mut items = Vec::with_capacity(blocks.len());
    let mut begun = false;
    let mut told = None;
    for part in blocks.chunk_by(|a, b| table_of(a).is_some() && table_of(a) == table_of(b)) {
        if table_of(&part[0]).is_none() {
            begun = begun || part.iter().any(|b| headings.starts_body(b));
            items.extend(part.iter().cloned().map(Item::Block));
            told = None;
        } else if let Some(column) = column_of_recommendations(part, headings, told) {
            read_recommendations(part, column, headings, &mut items);
            told = Some(column);
        } else {
            read(part, scale, headings, begun, &mut items);
            told = None;
        }
    }
    items
}

fn read(
    cells: &[Block],
    scale: &Scale,
    headings: &Headings<'_>,
    begun: bool,
    items: &mut Vec<Item>,
) {
    let rows = rows(cells);
    if let Some(judged) = columns::graded(&rows, scale, headings) {
        let judged = judged.into_iter().map(|(cell, grade)| JudgementRow {
            area: cell.text,
            grade: Some(grade),
            page: cell.page,
        });
        items.push(Item::Judgements(judged.collect()));
        return;
    }
    let graded: Vec<Option<(Block, PrintedGrade)>> =
        rows.iter().map(|row| graded_row(row, scale, headings)).collect();
    let known = |row: &Option<(Block, PrintedGrade)>| {
        row.as_ref().is_some_and(|(area, _)| headings.is_graded(&area.text))
    };
    let count = graded.iter().flatten().count();
    let follows_judgements = matches!(items.last(), Some(Item::Judgements(_)));
    if count >= 3 || (count > 0 && graded.iter().any(known) && (!begun || follows_judgements)) {
        for (row, grade) in rows.into_iter().zip(graded) {
            match judgement_row(&row, grade, headings) {
                Some(row) => match items.last_mut() {
                    // A table broken over two pages is one table.
                    Some(Item::Judgements(before)) => before.push(row),
                    _ => items.push(Item::Judgements(vec![row])),
                },
                None if is_column_heads(&row) => {}
                None if is_earlier(&row, headings) => items.extend(joined(row).map(Item::Row)),
                // Cover, title and summary are often in the same table.
                None => items.extend(row.into_iter().map(unwrapped)),
            }
        }
        return;
    }
    if graded.iter().any(known) {
        for (row, grade) in rows.into_iter().zip(graded) {
            match grade {
                Some((heading, grade)) => items.push(Item::GradedHeading { heading, grade }),
                None if is_column_heads(&row) => {}
                None => items.extend(row.into_iter().map(unwrapped)),
            }
        }
        return;
    }
    let columns = rows.iter().map(|r| distinct_columns(r)).max().unwrap_or(0);
    let prose = cells.iter().any(|c| c.text.split_whitespace().count() > PROSE);
    if columns < 2 || prose {
        for row in rows {
            if !headings.is_foreign() {
                items.extend(row.into_iter().map(unwrapped));
            } else if let Some(heading) = heading_of_two_cells(&row, headings) {
                items.push(unwrapped(heading));
            } else if is_fact(&row, headings) {
                items.extend(joined(row).map(Item::Row));
            } else {
                items.extend(row.into_iter().map(unwrapped));
            }
        }
    } else {
        items.extend(rows.into_iter().filter_map(joined).map(Item::Row));
    }
}

fn rows(cells: &[Block]) -> Vec<Vec<Block>> {
    let row_of = |block: &Block| block.cell.map(|c| c.row);
    cells.chunk_by(|a, b| row_of(a) == row_of(b)).map(<[Block]>::to_vec).collect()
}

fn column(block: &Block) -> Option<u32> {
    block.cell.map(|c| c.column)
}

fn distinct_columns(row: &[Block]) -> usize {
    row.chunk_by(|a, b| column(a) == column(b)).count()
}

/// The area and the grade of a row whose last cell is a grade and whose other cells are not prose.
fn graded_row(
    row: &[Block],
    scale: &Scale,
    headings: &Headings<'_>,
) -> Option<(Block, PrintedGrade)> {
    let last = column(row.last()?);
    let (area, grade): (Vec<&Block>, Vec<&Block>) = row.iter().partition(|b| column(b) != last);
    let words =
        |blocks: &[&Block]| blocks.iter().map(|b| b.text.trim()).collect::<Vec<_>>().join(" ");
    let text = words(&area);
    let grade = scale.alone(&words(&grade))?;
    let plausible =
        !text.is_empty() && text.split_whitespace().count() <= 25 && !headings.is_earlier(&text);
    plausible.then(|| (Block { text, ..(*area[0]).clone() }, grade))
}

/// Reads a row as a judgement, or as the heading of a group of them.
fn judgement_row(
    row: &[Block],
    graded: Option<(Block, PrintedGrade)>,
    headings: &Headings<'_>,
) -> Option<JudgementRow> {
    let page = row.first()?.page;
    if let Some((area, grade)) = graded {
        return Some(JudgementRow { area: area.text, grade: Some(grade), page });
    }
    let area = row.iter().map(|b| b.text.as_str()).collect::<Vec<_>>().join(" ");
    let group = headings.rules(&area).any(|r| r.kind.is_none());
    group.then_some(JudgementRow { area, grade: None, page })
}

/// Finds the column under a head such as "Areas for priority action". Its cells are
/// recommendations, and the cells next to them name those who must meet them. A table broken over
/// two pages continues with the column `before` it.
fn column_of_recommendations(
    cells: &[Block],
    headings: &Headings<'_>,
    before: Option<Option<u32>>,
) -> Option<Option<u32>> {
    let rows = rows(cells);
    let first = rows.first()?;
    if let Some(cell) = first.iter().find(|cell| tells_what_to_do(cell, headings)) {
        return (distinct_columns(first) > 1).then(|| column(cell));
    }
    // The first row of the rest may hold the end of one cell alone.
    let names = |cell: &Block| cell.text.split_whitespace().count() <= PROSE;
    let told = before?;
    let goes_on = cells.iter().all(|cell| column(cell) == told || names(cell))
        && cells.iter().any(|cell| column(cell) == told);
    goes_on.then_some(told)
}

fn tells_what_to_do(cell: &Block, headings: &Headings<'_>) -> bool {
    headings.rules(&cell.text).any(|r| r.kind == Some(Kind::Recommendation))
}

/// Reads a table in which one column states what must be done and the others by whom.
fn read_recommendations(
    cells: &[Block],
    told: Option<u32>,
    headings: &Headings<'_>,
    items: &mut Vec<Item>,
) {
    let mut is_rest = true;
    for row in rows(cells) {
        // The end of a name may be tagged as if it were in the other column.
        let is_end = is_rest && row.iter().all(|cell| is_name(&cell.text));
        let (what, who): (Vec<Block>, Vec<Block>) =
            row.into_iter().partition(|cell| column(cell) == told && !is_end);
        let is_head = what.iter().any(|cell| tells_what_to_do(cell, headings));
        let names = who.iter().map(|cell| cell.text.trim()).collect::<Vec<_>>().join(" ");
        is_rest &= !is_head && what.first().is_none_or(|cell| goes_on_within(&cell.text));
        let told_before = items.iter_mut().rev().find_map(|item| match item {
            Item::Addressee(names) => Some(names),
            _ => None,
        });
        // A row that continues on the next page does not repeat the names.
        match told_before {
            _ if is_head || names.is_empty() => {}
            Some(before) if is_rest => *before = format!("{before} {names}"),
            _ => items.push(Item::Addressee(names)),
        }
        is_rest = false;
        items.extend(what.into_iter().map(unwrapped));
    }
}

/// Whether a text goes on with a sentence that began before it.
fn goes_on_within(text: &str) -> bool {
    text.trim_start().starts_with(|c: char| c.is_lowercase() || c == '-')
}

/// Whether a row gives a judgement of an earlier inspection.
fn is_earlier(row: &[Block], headings: &Headings<'_>) -> bool {
    row.iter().any(|cell| headings.is_earlier(&cell.text))
}

/// The heading that two bold cells side by side make, of which the second is most often a grade
/// that no framework explains.
fn heading_of_two_cells(row: &[Block], headings: &Headings<'_>) -> Option<Block> {
    let [one, other] = row else { return None };
    let beside = column(one) != column(other) && headings.rules(&one.text).next().is_none();
    let marked = beside && headings.is_marked(one) && headings.is_marked(other);
    marked.then(|| Block { text: format!("{}: {}", one.text, other.text), ..one.clone() })
}

/// Whether a row of a layout table is a row of facts: short cells side by side, none a heading.
fn is_fact(row: &[Block], headings: &Headings<'_>) -> bool {
    const SHORT: usize = 12;
    let columns = distinct_columns(row);
    let short = |cell: &Block| cell.text.split_whitespace().count() <= SHORT;
    columns > 1
        && columns == row.len()
        && row.iter().all(|cell| short(cell) && headings.read(cell, None).is_none())
}

fn is_column_heads(row: &[Block]) -> bool {
    row.iter().all(|b| {
        let text = b.text.trim().to_lowercase();
        ["judgement", "key judgement", "judgment", "grade", "judgement grade", "area"]
            .contains(&text.as_str())
    })
}

/// Turns a cell of a layout table into the paragraph or list item that it holds.
fn unwrapped(cell: Block) -> Item {
    Item::Block(Block { cell: None, ..cell })
}

fn joined(row: Vec<Block>) -> Option<Block> {
    let text = row.iter().map(|b| b.text.trim()).filter(|t| !t.is_empty());
    let text = text.collect::<Vec<_>>().join(" | ");
    let first = row.into_iter().next()?;
    (!text.is_empty()).then_some(Block { text, ..first })
}
