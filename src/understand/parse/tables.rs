//! Takes tables apart: judgements, layout boxes and tables of facts.
//!
//! Reports made with Word put much of their text into layout tables; to a reader, only short cells
//! in several columns are a table.

use super::addressee::is_name;
use super::columns::{self, column};
use super::grade::{PrintedGrade, Scale};
use super::headings::Headings;
use crate::extract::{Block, Role};
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
    /// The end of a box that interrupted the text.
    BoxEnd,
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
pub(super) fn take_apart(blocks: &[Block], scale: Scale<'_>, headings: &Headings<'_>) -> Vec<Item> {
    let table_of = |block: &Block| block.cell.map(|c| c.table);
    let mut items = Vec::with_capacity(blocks.len());
    let mut begun = false;
    let mut boxed = false;
    let mut told = None;
    for part in blocks.chunk_by(|a, b| table_of(a).is_some() && table_of(a) == table_of(b)) {
        let opens_box = begun && opens_box(part, headings);
        if boxed && !opens_box && !continues_box(part, headings) {
            items.push(Item::BoxEnd);
        }
        boxed = opens_box || (boxed && continues_box(part, headings));
        // Some files put what comes after a box into its table.
        boxed &= !part[1..].iter().any(|b| headings.starts_body(b) && !headings.heads_box(b));
        if table_of(&part[0]).is_none() {
            begun = begun || part.iter().any(|b| headings.starts_body(b));
            items.extend(part.iter().cloned().map(Item::Block));
            told = None;
        } else if let Some(column) = column_of_recommendations(part, headings, told) {
            read_recommendations(part, column, headings, &mut items);
            begun = true;
            told = Some(column);
        } else {
            begun = read(part, scale, headings, begun, &mut items);
            told = None;
        }
    }
    items
}

/// Whether a table is a box that interrupts the text: one column under the heading of a study.
fn opens_box(cells: &[Block], headings: &Headings<'_>) -> bool {
    cells[0].cell.is_some() && is_one_column(cells) && headings.heads_box(&cells[0])
}

/// Whether a table goes on with a box that the page has broken.
fn continues_box(cells: &[Block], headings: &Headings<'_>) -> bool {
    cells[0].cell.is_some()
        && is_one_column(cells)
        && headings.read(&cells[0], None, true).is_none()
}

fn is_one_column(cells: &[Block]) -> bool {
    cells.iter().all(|cell| column(cell) == column(&cells[0]))
}

/// Reads a table; returns whether the body of the report has begun.
fn read(
    cells: &[Block],
    scale: Scale<'_>,
    headings: &Headings<'_>,
    mut begun: bool,
    items: &mut Vec<Item>,
) -> bool {
    let rows = rows(cells);
    if let Some(judged) = columns::graded(&rows, scale, headings) {
        let judged = judged.into_iter().map(|(cell, grade)| JudgementRow {
            area: cell.text,
            grade: Some(grade),
            page: cell.page,
        });
        items.push(Item::Judgements(judged.collect()));
        return begun;
    }
    let graded: Vec<Option<(Block, PrintedGrade)>> =
        rows.iter().map(|row| graded_row(row, scale, headings)).collect();
    let known = |row: &Option<(Block, PrintedGrade)>| {
        row.as_ref().is_some_and(|(area, _)| headings.is_graded(&area.text))
    };
    let count = graded.iter().flatten().count();
    if count < 3 && !graded.iter().any(known) {
        read_unjudged(rows, cells, headings, items);
        return begun || cells.iter().any(|cell| headings.starts_body(cell));
    }
    let listed = |items: &[Item]| items.iter().any(|item| matches!(item, Item::Judgements(_)));
    let follows_judgements = matches!(items.last(), Some(Item::Judgements(_)));
    let is_list = !begun || follows_judgements || !listed(items);
    let heads = headings_among(&rows, &graded, headings, begun && !follows_judgements);
    let grouped = !heads.contains(&true) && (count >= 3 || !begun || follows_judgements);
    for ((row, grade), is_heading) in rows.into_iter().zip(graded).zip(heads) {
        match grade {
            Some((heading, grade)) if is_heading => {
                begun = true;
                items.push(Item::GradedHeading { heading, grade });
            }
            Some((area, grade)) if is_list => {
                list(JudgementRow { area: area.text, grade: Some(grade), page: area.page }, items);
            }
            // The judgements are listed already: these are of an earlier inspection, or repeat them.
            Some(_) => items.extend(joined(row).map(Item::Row)),
            None => match group(&row, headings) {
                Some(group) if grouped => list(group, items),
                _ if is_column_heads(&row) => {}
                _ if is_earlier(&row, headings) => items.extend(joined(row).map(Item::Row)),
                // Cover, title and summary are often in the same table.
                _ => {
                    begun = begun || row.iter().any(|cell| headings.starts_body(cell));
                    items.extend(row.into_iter().map(unwrapped));
                }
            },
        }
    }
    begun
}

/// Which graded rows of a table are headings of sections rather than entries of a list: those that
/// each have text below them, and in the body of a report also one by itself, or one above the rows
/// of its own parts.
fn headings_among(
    rows: &[Vec<Block>],
    graded: &[Option<(Block, PrintedGrade)>],
    headings: &Headings<'_>,
    in_body: bool,
) -> Vec<bool> {
    let area = |place: usize| {
        let area = graded[place].as_ref().map(|(area, _)| area.text.as_str());
        area.filter(|area| headings.is_graded(area))
    };
    let has_text = |place: usize| rows.get(place + 1).is_some_and(|row| is_text(row));
    let mut heads: Vec<bool> = Vec::with_capacity(rows.len());
    for run in graded.chunk_by(|a, b| a.is_some() == b.is_some()) {
        let first = heads.len();
        heads.extend(run.iter().enumerate().map(|(place, _)| {
            place == 0 && run.len() == 1 && area(first).is_some() && has_text(first)
        }));
    }
    if heads.iter().filter(|head| **head).count() > 1 {
        return heads;
    }
    let mut among = (0..rows.len()).filter(|place| graded[*place].is_some());
    let first = among.next();
    let whole = first.and_then(area).filter(|_| in_body);
    let parts = whole.is_some_and(|whole| {
        among.all(|part| area(part).is_some_and(|part| headings.is_within(part, whole)))
    });
    let few = in_body && graded.iter().flatten().count() < 3;
    let heads = |place: usize| {
        let next = graded.get(place + 1).is_some_and(Option::is_some);
        let follows = place > 0 && graded[place - 1].is_some();
        match parts {
            true => Some(place) == first,
            false => few && area(place).is_some() && !next && !follows,
        }
    };
    (0..rows.len()).map(heads).collect()
}

/// Adds a row to the list of judgements; a table broken over two pages is one table.
fn list(row: JudgementRow, items: &mut Vec<Item>) {
    match items.last_mut() {
        Some(Item::Judgements(before)) => before.push(row),
        _ => items.push(Item::Judgements(vec![row])),
    }
}

/// Whether a row holds text rather than a name or a label.
fn is_text(row: &[Block]) -> bool {
    row.iter().any(|cell| {
        let words = cell.text.split_whitespace().count();
        words > PROSE || (words > 7 && cell.text.trim_end().ends_with('.'))
    })
}

/// Reads a table that judges nothing.
fn read_unjudged(
    rows: Vec<Vec<Block>>,
    cells: &[Block],
    headings: &Headings<'_>,
    items: &mut Vec<Item>,
) {
    let columns = rows.iter().map(|r| distinct_columns(r)).max().unwrap_or(0);
    let prose = cells.iter().any(|c| c.text.split_whitespace().count() > PROSE);
    if columns < 2 || (prose && !is_labelled(&rows)) {
        for row in rows {
            if let Some(heading) = heading_of_two_cells(&row, headings) {
                items.push(unwrapped(heading));
            } else if headings.is_foreign() && is_fact(&row, headings) {
                items.extend(joined(row).map(Item::Row));
            } else {
                items.extend(row.into_iter().map(unwrapped));
            }
        }
    } else {
        items.extend(rows.into_iter().filter_map(joined).map(Item::Row));
    }
}

/// A heading with what is given for it in the cell next to it, most often a grade that no framework
/// explains: where no framework lists headings, two short cells in bold; where the program was not
/// made for the report, two cells that are each set like a heading.
fn heading_of_two_cells(row: &[Block], headings: &Headings<'_>) -> Option<Block> {
    let [heading, given] = row else { return None };
    if column(heading) == column(given) || !headings.is_foreign() {
        return None;
    }
    let words = |cell: &Block| cell.text.split_whitespace().count();
    let plain = |cell: &Block| {
        cell.role == Role::Paragraph
            && cell.bold > 0.9
            && !cell.text.trim_end().ends_with(['.', ':'])
    };
    let in_bold = || {
        let lettered = !given.text.contains(|c: char| c.is_ascii_digit());
        let is_short = (2..=12).contains(&words(heading)) && words(given) <= 4 && lettered;
        headings.is_unlisted() && plain(heading) && plain(given) && is_short
    };
    let as_headings = || {
        headings.rules(&heading.text).next().is_none()
            && headings.is_marked(heading, false)
            && headings.is_marked(given, false)
    };
    (in_bold() || as_headings()).then(|| Block {
        text: format!("{}: {}", heading.text.trim(), given.text.trim()),
        ..heading.clone()
    })
}

/// Whether the rows of a table each say something of a label, such as the date of an event, in
/// however many words.
fn is_labelled(rows: &[Vec<Block>]) -> bool {
    const FEWEST: usize = 3;
    const LONGEST_LABEL: usize = 6;
    let is_label = |cell: &Block| {
        let text = cell.text.trim();
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        let year = text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
        text.split_whitespace().count() <= LONGEST_LABEL
            && !text.ends_with('.')
            && matches!(cell.role, Role::Paragraph)
            && (letters > 1 || year)
    };
    let labelled = |row: &[Block]| {
        let (label, said): (Vec<&Block>, Vec<&Block>) =
            row.iter().partition(|cell| column(cell) == column(&row[0]));
        label.len() == 1
            && is_label(label[0])
            && said
                .first()
                .is_some_and(|first| said.iter().all(|cell| column(cell) == column(first)))
    };
    rows.len() >= FEWEST && rows.iter().all(|row| labelled(row))
}

fn rows(cells: &[Block]) -> Vec<Vec<Block>> {
    let row_of = |block: &Block| block.cell.map(|c| c.row);
    cells.chunk_by(|a, b| row_of(a) == row_of(b)).map(<[Block]>::to_vec).collect()
}

fn distinct_columns(row: &[Block]) -> usize {
    row.chunk_by(|a, b| column(a) == column(b)).count()
}

/// The area and the grade of a row whose last cell is a grade and whose other cells are not prose.
fn graded_row(
    row: &[Block],
    scale: Scale<'_>,
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

/// Reads a row without a grade as the heading of a group of judgements.
fn group(row: &[Block], headings: &Headings<'_>) -> Option<JudgementRow> {
    let area = row.iter().map(|b| b.text.as_str()).collect::<Vec<_>>().join(" ");
    let group = headings.rules(&area).any(|r| r.kind.is_none());
    group.then_some(JudgementRow { area, grade: None, page: row.first()?.page })
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

/// Whether a row of a layout table is a row of facts: short cells side by side, none a heading.
fn is_fact(row: &[Block], headings: &Headings<'_>) -> bool {
    const SHORT: usize = 12;
    let columns = distinct_columns(row);
    let short = |cell: &Block| cell.text.split_whitespace().count() <= SHORT;
    columns > 1
        && columns == row.len()
        && row.iter().all(|cell| short(cell) && headings.read(cell, None, true).is_none())
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
