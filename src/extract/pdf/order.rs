//! Puts paragraphs whose tags are at another place of the file than their print where they are
//! printed.
//!
//! The order of the tags stays as far as it can: it knows columns and cells. Only what is tagged
//! after paragraphs of later pages, or after paragraphs printed below it, is moved.

use super::fragments::Piece;
use crate::extract::Role;

/// Pieces that stay together: a table, or a paragraph with its footnotes.
struct Unit<'p> {
    pieces: Vec<Piece<'p>>,
    extents: Vec<Extent>,
    letters: usize,
}

/// The part of a page that a unit takes up, in points from its top left corner.
#[derive(Debug, Clone, Copy)]
struct Extent {
    page: u32,
    top: f32,
    bottom: f32,
    left: f32,
    right: f32,
}

impl Extent {
    /// Whether this is wholly above another on the same page, in the same column.
    fn is_above(&self, other: &Self) -> bool {
        const OVERLAP: f32 = 2.0;
        self.page == other.page
            && self.bottom <= other.top + 0.5
            && self.right.min(other.right) - self.left.max(other.left) > OVERLAP
    }
}

impl Unit<'_> {
    fn first_page(&self) -> Option<u32> {
        self.extents.first().map(|extent| extent.page)
    }

    /// Whether this is printed above another that begins on the same page.
    fn is_above(&self, other: &Self) -> bool {
        let both = self.extents.first().zip(other.extents.first());
        both.is_some_and(|(own, other)| own.is_above(other))
    }
}

/// The greatest number of units on a page that are compared with each other.
const MOST_ON_A_PAGE: usize = 300;

/// Orders pieces by their place in print where their tags contradict it.
pub(super) fn arrange(pieces: Vec<Piece<'_>>) -> Vec<Piece<'_>> {
    let units = units(pieces);
    let pages: Vec<u32> = units.iter().map(|unit| unit.first_page().unwrap_or(0)).collect();
    let mut stays = in_sequence(&pages);
    keep_off_units_below(&units, &mut stays);
    if stays.iter().all(|stays| *stays) {
        return units.into_iter().flat_map(|unit| unit.pieces).collect();
    }
    let mut kept = Vec::with_capacity(units.len());
    let mut moved = Vec::new();
    for (unit, stays) in units.into_iter().zip(stays) {
        if stays {
            kept.push(unit);
        } else {
            moved.push(unit);
        }
    }
    insert(kept, moved).into_iter().flat_map(|unit| unit.pieces).collect()
}

/// Groups pieces; one without visible runs joins the unit before it.
fn units(pieces: Vec<Piece<'_>>) -> Vec<Unit<'_>> {
    let mut units: Vec<Unit<'_>> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let extents = extents(&piece);
        let letters = piece.runs().map(|placed| placed.text.trim().len()).sum();
        let table = |piece: &Piece<'_>| piece.cell.map(|cell| cell.table);
        let belongs = |unit: &Unit<'_>| {
            let last = unit.pieces.last();
            let is_note = piece.role == Some(Role::Note);
            let in_table = table(&piece).is_some() && last.and_then(table) == table(&piece);
            is_note || extents.is_empty() || piece.role.is_none() || in_table
        };
        match units.last_mut() {
            Some(unit) if unit.extents.is_empty() || belongs(unit) => {
                let counts = piece.role.is_some() && piece.role != Some(Role::Note);
                unit.pieces.push(piece);
                if counts {
                    unit.letters += letters;
                    extents.into_iter().for_each(|extent| widen(&mut unit.extents, extent));
                }
            }
            _ => units.push(Unit { pieces: vec![piece], extents, letters }),
        }
    }
    units
}

fn extents(piece: &Piece<'_>) -> Vec<Extent> {
    let mut extents = Vec::with_capacity(1);
    for placed in piece.runs().filter(|placed| !placed.text.trim().is_empty()) {
        let run = placed.run;
        let extent = Extent {
            page: placed.page,
            top: run.y - 0.7 * run.size,
            bottom: run.y,
            left: run.x,
            right: run.end,
        };
        widen(&mut extents, extent);
    }
    extents.sort_by_key(|extent| extent.page);
    extents
}

fn widen(extents: &mut Vec<Extent>, by: Extent) {
    match extents.iter_mut().rev().find(|extent| extent.page == by.page) {
        Some(extent) => {
            extent.top = extent.top.min(by.top);
            extent.bottom = extent.bottom.max(by.bottom);
            extent.left = extent.left.min(by.left);
            extent.right = extent.right.max(by.right);
        }
        None => extents.push(by),
    }
}

/// Chooses the longest sequence of pages that never goes back.
fn in_sequence(pages: &[u32]) -> Vec<bool> {
    if pages.is_sorted() {
        return vec![true; pages.len()];
    }
    // The unit that ends the best sequence of each length, and the unit before each in its sequence.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; pages.len()];
    for (place, page) in pages.iter().enumerate() {
        let length = ends.partition_point(|end| pages[*end] <= *page);
        before[place] = length.checked_sub(1).map(|shorter| ends[shorter]);
        if length == ends.len() {
            ends.push(place);
        } else {
            ends[length] = place;
        }
    }
    let mut stays = vec![false; pages.len()];
    let mut next = ends.last().copied();
    while let Some(place) = next {
        stays[place] = true;
        next = before[place];
    }
    stays
}

/// Marks units that follow one printed below them, as few as possible.
fn keep_off_units_below(units: &[Unit<'_>], stays: &mut [bool]) {
    let staying: Vec<usize> = (0..units.len()).filter(|place| stays[*place]).collect();
    for page in staying.chunk_by(|a, b| units[*a].first_page() == units[*b].first_page()) {
        if page.len() > MOST_ON_A_PAGE {
            continue;
        }
        let mut pairs: Vec<(usize, usize)> = Vec::new();
        for (at, &earlier) in page.iter().enumerate() {
            for &later in &page[at + 1..] {
                if units[later].is_above(&units[earlier]) {
                    pairs.push((earlier, later));
                }
            }
        }
        while !pairs.is_empty() {
            let against = |unit: usize| pairs.iter().filter(move |(a, b)| *a == unit || *b == unit);
            let worst = page.iter().copied().max_by_key(|unit| {
                (against(*unit).count(), std::cmp::Reverse(units[*unit].letters))
            });
            let Some(worst) = worst else {
                break;
            };
            stays[worst] = false;
            pairs.retain(|(a, b)| *a != worst && *b != worst);
        }
    }
}

/// Puts each moved unit before the first that is printed on a later page or below it; units that
/// were moved together stay in their order.
fn insert<'p>(mut units: Vec<Unit<'p>>, moved: Vec<Unit<'p>>) -> Vec<Unit<'p>> {
    for unit in moved {
        let page = unit.first_page();
        let place = units
            .iter()
            .position(|other| other.first_page() > page || unit.is_above(other))
            .unwrap_or(units.len());
        units.insert(place, unit);
    }
    units
}
