//! Decides which part of a page a picture shows, and where the paragraph's bar is.

use super::super::device::{Area, Letter};
use super::{Sheet, align, points};
use findings_index::records::Boxes;

/// What is shown above and below the paragraph, in points, where no line is cut.
const ABOVE: f32 = 18.0;

/// What is shown of the outer margins, in points.
const BESIDE: f32 = 24.0;

/// The distance between parts of a paragraph that are shown apart, in points.
const APART: f32 = 90.0;

/// How far to the left of its paragraph a printed number or bullet may be, in points, and how wide.
const LABEL: f32 = 54.0;
const LABEL_WIDTH: f32 = 36.0;

/// The distances of the bar from what it marks, the first for preference, and its width, in points. The
/// second fits between the text of a table's cell and its frame, mostly.
const BAR_GAPS: [f32; 2] = [4.5, 2.6];
const BAR: f32 = 2.4;

/// How far letters may reach above and below the room that their font's height gives them, as a share
/// of it.
const HIGHER: f32 = 0.15;
const DEEPER: f32 = 0.03;

/// The narrowest space between two columns of text, in points.
const GUTTER: f32 = 9.0;

/// The most pixels of a picture, and of one side of it.
const PIXELS: f32 = 24e6;
const SIDE: f32 = 16_000.0;

/// The scale below which nothing can be read.
const SMALLEST: f32 = 0.1;

/// A part of a paragraph that is printed in one place.
pub(super) struct Region {
    sheet: usize,
    area: Area,
    bars: Vec<Area>,
}

/// A part of a page to be shown.
pub(super) struct Piece {
    /// The place of its page among the sheets.
    pub(super) sheet: usize,
    pub(super) area: Area,
    /// The part that must be shown; what is around it may be cut where nothing is printed.
    pub(super) whole: Area,
    /// For each part of the paragraph, where its bar may be: the best place first.
    pub(super) bars: Vec<Vec<Area>>,
}

/// Puts the rectangles of a paragraph together that are near each other in one column.
pub(super) fn regions(sheets: &[Sheet], boxes: &Boxes, own: &[Vec<bool>]) -> Vec<Region> {
    let mut regions: Vec<(usize, Area, f32)> = Vec::new();
    for printed in &boxes.0 {
        let Some(sheet) = sheets.iter().position(|sheet| sheet.number == printed.page) else {
            continue;
        };
        let next = points(printed);
        match regions.last_mut() {
            Some((before, whole, _)) if *before == sheet && is_near(*whole, next) => {
                *whole = whole.with(next);
            }
            _ => regions.push((sheet, next, next.bottom.min(next.top + 16.0))),
        }
    }
    let regions = regions.into_iter().enumerate();
    regions
        .map(|(number, (sheet, area, first_line))| {
            let others = sheets[sheet].letters.iter().zip(&own[sheet]);
            let others: Vec<Area> =
                others.filter(|(_, own)| !**own).map(|(letter, _)| letter.area).collect();
            let first = (number == 0).then_some(first_line);
            Region { sheet, area, bars: bars(area, first, &others) }
        })
        .collect()
}

/// Whether the next rectangle is below or next to what is there, and not in another column.
fn is_near(whole: Area, next: Area) -> bool {
    let line = (next.bottom - next.top).min(14.0);
    next.top > whole.top - line && next.top - whole.bottom < APART
}

/// Where the bar at the left of a paragraph may be: left of its number or bullet if it has one, else
/// left of its text.
fn bars(area: Area, first_line: Option<f32>, others: &[Area]) -> Vec<Area> {
    let label = first_line.and_then(|bottom| {
        let is_label = |other: &&Area| {
            let y = f32::midpoint(other.top, other.bottom);
            (area.top..=bottom).contains(&y)
                && other.left >= area.left - LABEL
                && other.right <= area.left + 1.0
        };
        let label = others.iter().filter(is_label).copied().reduce(Area::with)?;
        (label.right - label.left <= LABEL_WIDTH).then_some(label.left)
    });
    let edges = label.into_iter().chain([area.left]);
    let places = edges.flat_map(|edge| BAR_GAPS.map(|gap| edge - gap));
    places.map(|right| Area { left: right - BAR, right, ..area }).collect()
}

/// The strips of pages that hold a paragraph.
pub(super) fn strips(sheets: &[Sheet], regions: &[Region]) -> Vec<Piece> {
    let strip = |region: &Region| {
        let sheet = &sheets[region.sheet];
        let (left, right) = sides(sheet, region.area);
        let beside = |letter: &&Letter| letter.area.right > left && letter.area.left < right;
        let letters: Vec<Letter> = sheet.letters.iter().filter(beside).copied().collect();
        let lines: Vec<Area> = align::lines(letters)
            .into_iter()
            .filter_map(|line| line.into_iter().map(|letter| letter.area).reduce(Area::with))
            .collect();
        let (top, bottom) = ends(sheet, region.area, &lines);
        let area = Area {
            left: region.bars.iter().map(|bar| bar.left - 3.0).fold(left, f32::min).max(0.0),
            top,
            right,
            bottom,
        };
        Piece { sheet: region.sheet, area, whole: region.area, bars: vec![region.bars.clone()] }
    };
    regions.iter().map(strip).collect()
}

/// A whole page, with the bars that are on it.
pub(super) fn whole(sheets: &[Sheet], page: u32, regions: &[Region]) -> Vec<Piece> {
    let piece = |(number, sheet): (usize, &Sheet)| {
        let on = regions.iter().filter(|region| region.sheet == number);
        let area = Area { left: 0.0, top: 0.0, right: sheet.width, bottom: sheet.height };
        Piece {
            sheet: number,
            area,
            whole: area,
            bars: on.map(|region| region.bars.clone()).collect(),
        }
    };
    sheets.iter().enumerate().filter(|(_, sheet)| sheet.number == page).map(piece).collect()
}

/// The left and right edge of what is shown: the printed width, or that of the column.
fn sides(sheet: &Sheet, area: Area) -> (f32, f32) {
    let inside = sheet.letters.iter().map(|letter| letter.area).filter(|letter| {
        letter.right > 0.0
            && letter.left < sheet.width
            && letter.bottom > 0.0
            && letter.top < sheet.height
    });
    let all = inside.fold(area, Area::with);
    let (mut left, mut right) = (all.left - BESIDE, all.right + BESIDE);
    if let Some((from, to)) = gutter(sheet, all.left, all.right) {
        let middle = f32::midpoint(from, to);
        if area.right <= middle {
            right = middle;
        } else if area.left >= middle {
            left = middle;
        }
    }
    (left.max(0.0), right.min(sheet.width).max(left.max(0.0) + 1.0))
}

/// The space between two columns, if the page has two.
fn gutter(sheet: &Sheet, left: f32, right: f32) -> Option<(f32, f32)> {
    let width = right - left;
    let bins = (width.clamp(1.0, 5_000.0)) as usize;
    let mut covered = vec![0_usize; bins + 1];
    let bin = |x: f32| ((x - left).clamp(0.0, width) / width * bins as f32) as usize;
    for letter in &sheet.letters {
        for count in &mut covered[bin(letter.area.left)..=bin(letter.area.right)] {
            *count += 1;
        }
    }
    let most = covered.iter().copied().max()?;
    // A heading or the page's header may go across.
    let is_empty = |bin: &usize| covered[*bin] * 25 <= most;
    let middle = bin(left + 0.35 * width)..bin(left + 0.65 * width);
    let mut widest: Option<(usize, usize)> = None;
    let mut start = middle.start;
    for at in middle.clone().chain([middle.end]) {
        if at < middle.end && is_empty(&at) {
            continue;
        }
        if widest.is_none_or(|(from, to)| at - start > to - from) {
            widest = Some((start, at));
        }
        start = at + 1;
    }
    let (from, to) = widest?;
    let points = |bin: usize| left + bin as f32 / bins as f32 * width;
    let (from, to) = (points(from), points(to));
    let on_left = sheet.letters.iter().filter(|letter| letter.area.right <= from + 1.0).count();
    let on_right = sheet.letters.iter().filter(|letter| letter.area.left >= to - 1.0).count();
    let both = 4 * on_left.min(on_right) >= sheet.letters.len();
    (to - from >= GUTTER && both).then_some((from, to))
}

/// The upper and lower edge of what is shown: no line of print is cut.
fn ends(sheet: &Sheet, area: Area, lines: &[Area]) -> (f32, f32) {
    let lines = lines.iter().map(|line| {
        let height = line.bottom - line.top;
        let (top, bottom) = (line.top - HIGHER * height, line.bottom + DEEPER * height);
        Area { top, bottom, ..*line }
    });
    let middle = |line: &Area| f32::midpoint(line.top, line.bottom);
    let (mut top, mut bottom) = (area.top - ABOVE, area.bottom + ABOVE);
    // Each step goes past a line; how near lines are to each other limits how many there may be.
    for _ in 0..8 {
        let Some(cut) = lines.clone().find(|line| line.top < top && top < line.bottom) else {
            break;
        };
        let is_above = middle(&cut) < area.top;
        top = if is_above { cut.bottom.min(area.top - 0.5) } else { cut.top };
        if is_above && top >= area.top - 0.5 {
            break;
        }
    }
    for _ in 0..8 {
        let Some(cut) = lines.clone().find(|line| line.top < bottom && bottom < line.bottom) else {
            break;
        };
        let is_below = middle(&cut) > area.bottom;
        bottom = if is_below { cut.top.max(area.bottom + 0.5) } else { cut.bottom };
        if is_below && bottom <= area.bottom + 0.5 {
            break;
        }
    }
    let top = top.clamp(0.0, (sheet.height - 1.0).max(0.0));
    (top, bottom.clamp(top + 1.0, sheet.height.max(top + 1.0)))
}

/// The scale at which the pieces fit into a picture: what was asked for, or less; `None` if they fit
/// at no useful scale.
pub(super) fn fitting(asked: f32, pieces: &[Piece]) -> Option<f32> {
    let width = pieces.iter().map(|piece| piece.area.right - piece.area.left).fold(1.0, f32::max);
    let height: f32 = pieces.iter().map(|piece| piece.area.bottom - piece.area.top).sum();
    let scale = asked.min((PIXELS / (width * height.max(1.0))).sqrt());
    let scale = scale.min(SIDE / width).min(SIDE / height.max(1.0));
    (scale.is_finite() && scale >= SMALLEST).then_some(scale)
}

#[cfg(test)]
mod tests {
    use super::{Area, Piece, fitting};

    fn piece(width: f32, height: f32) -> Piece {
        let area = Area { left: 0.0, top: 0.0, right: width, bottom: height };
        Piece { sheet: 0, area, whole: area, bars: Vec::new() }
    }

    #[test]
    fn what_is_too_large_is_drawn_smaller_or_not_at_all() {
        let pixels = |scale: f32, width: f32, height: f32| scale * scale * width * height;
        assert_eq!(fitting(4.0, &[piece(595.0, 842.0)]), Some(4.0));
        let poster = fitting(4.0, &[piece(14_400.0, 14_400.0)]).unwrap();
        assert!(poster < 0.4 && pixels(poster, 14_400.0, 14_400.0) < 25e6, "{poster}");
        let long: Vec<Piece> = (0..40).map(|_| piece(595.0, 842.0)).collect();
        let long = fitting(4.0, &long).unwrap();
        assert!(long * 40.0 * 842.0 < 20_000.0, "{long}");
        assert_eq!(fitting(4.0, &[piece(1e7, 1e7)]), None);
        assert_eq!(fitting(4.0, &[piece(f32::INFINITY, 1.0)]), None);
        assert_eq!(fitting(4.0, &[piece(1.0, f32::NAN)]), Some(4.0), "there is nothing to show");
    }
}
