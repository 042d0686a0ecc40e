//! Moves words that are tagged in one paragraph and printed within another to where they are printed.
//!
//! Tags are mostly right where positions are ambiguous: columns, cells, boxes. But some programs tag
//! a few words of a line as the label of a list item elsewhere. Reads no words: only places count.

use super::compose::{Placed, lone_bullet, runs_of};
use super::device::{Mark, Page};
use super::fuse::Fuse;
use super::geometry::lines;
use super::layout::{Parting, in_reading_order};
use crate::extract::{Cell, Role};
use std::collections::HashMap;
use std::ops::Range;

/// The runs of one leaf of the structure.
pub(super) struct Piece<'p> {
    /// `None` for an artifact.
    pub(super) role: Option<Role>,
    pub(super) cell: Option<Cell>,
    pub(super) label: Vec<Placed<'p>>,
    pub(super) body: Vec<Placed<'p>>,
}

impl Piece<'_> {
    pub(super) fn runs(&self) -> impl Iterator<Item = &Placed<'_>> {
        self.label.iter().chain(&self.body)
    }
}

/// The greatest number of fragments that are moved on one page; more are not a slip.
const MOST_MOVES: usize = 100;

/// The widest gap between two words of one sentence, as a share of the letters' size.
const TIGHT: f32 = 0.6;

/// Moves fragments, and puts the runs of each paragraph into the order of its lines. Returns the
/// pages, counted from 0, on which paragraphs stay woven into each other.
pub(super) fn reseat<'p>(pieces: &mut [Piece<'p>], pages: &'p [Page], fuse: &Fuse) -> Vec<u32> {
    let mut tagged: Vec<Vec<Option<usize>>> =
        pages.iter().map(|page| vec![None; page.runs.len()]).collect();
    for (number, piece) in pieces.iter().enumerate().filter(|(_, piece)| piece.role.is_some()) {
        for placed in piece.runs() {
            tagged[placed.page as usize][placed.index] = Some(number);
        }
    }
    let mut woven = Vec::new();
    for (page, tagged) in (0..).zip(&tagged) {
        fuse.check_time();
        let mut seen = Seen::of(pages, page, tagged, pieces);
        seen.settle(fuse);
        if seen.is_woven() {
            woven.push(page);
        }
        seen.put_back(pieces, pages, page);
    }
    woven
}

/// A visible run.
struct Word {
    index: usize,
    /// The piece in which it is tagged.
    tagged: Option<usize>,
    /// The piece in which it is printed.
    owner: Option<usize>,
    cell: Option<Cell>,
    segment: usize,
    letters: usize,
    is_bullet: bool,
    x: f32,
    end: f32,
    size: f32,
}

/// One page in reading order.
struct Seen {
    words: Vec<Word>,
    /// The place of each run of the page in reading order.
    ranks: Vec<usize>,
}

/// Consecutive words of one owner.
struct Stretch {
    owner: Option<usize>,
    words: Range<usize>,
    letters: usize,
    /// Whether it is a bullet and nothing else.
    is_bullet: bool,
}

/// The stretches of a page.
struct Stretches {
    all: Vec<Stretch>,
    /// The number of stretches of each owner, and the letters of its longest.
    owners: HashMap<usize, (usize, usize)>,
}

impl Seen {
    fn of(pages: &[Page], page: u32, tagged: &[Option<usize>], pieces: &[Piece<'_>]) -> Self {
        let runs: Vec<_> = runs_of(pages, page, |mark| mark != Mark::Artifact).collect();
        let cell = |placed: &Placed<'_>| tagged[placed.index].and_then(|owner| pieces[owner].cell);
        let segments = in_reading_order(&lines(&runs), Parting::OF_TAGGED, |before, after, gap| {
            gap > TIGHT && cell(before) != cell(after)
        });
        let mut words = Vec::with_capacity(runs.len());
        let mut ranks = vec![usize::MAX; tagged.len()];
        let mut rank = 0;
        for (number, segment) in segments.iter().enumerate() {
            for placed in &segment.runs {
                ranks[placed.index] = rank;
                rank += 1;
                let letters = placed.text.chars().filter(|c| !c.is_whitespace()).count();
                if letters > 0 {
                    words.push(Word {
                        index: placed.index,
                        tagged: tagged[placed.index],
                        owner: tagged[placed.index],
                        cell: cell(placed),
                        segment: number,
                        letters,
                        is_bullet: lone_bullet(placed.text).is_some(),
                        x: placed.run.x,
                        end: placed.run.end,
                        size: placed.run.size,
                    });
                }
            }
        }
        Self { words, ranks }
    }

    fn stretches(&self) -> Stretches {
        let mut all: Vec<Stretch> = Vec::new();
        for (place, word) in self.words.iter().enumerate() {
            match all.last_mut() {
                Some(last) if last.owner == word.owner => {
                    last.words.end = place + 1;
                    last.letters += word.letters;
                    last.is_bullet &= word.is_bullet;
                }
                _ => all.push(Stretch {
                    owner: word.owner,
                    words: place..place + 1,
                    letters: word.letters,
                    is_bullet: word.is_bullet,
                }),
            }
        }
        let mut owners: HashMap<usize, (usize, usize)> = HashMap::new();
        for stretch in &all {
            if let Some(owner) = stretch.owner {
                let (count, longest) = owners.entry(owner).or_default();
                *count += 1;
                *longest = stretch.letters.max(*longest);
            }
        }
        Stretches { all, owners }
    }

    /// Gives fragments to the paragraph in which they are printed, the smallest first.
    fn settle(&mut self, fuse: &Fuse) {
        for _ in 0..MOST_MOVES {
            fuse.check_time();
            let stretches = self.stretches();
            if stretches.owners.values().all(|(count, _)| *count == 1) {
                return;
            }
            let best = (0..stretches.all.len())
                .filter_map(|place| Some((place, self.home(&stretches, place)?)))
                .min_by_key(|(place, _)| stretches.all[*place].letters);
            let Some((place, owner)) = best else {
                return;
            };
            for word in &mut self.words[stretches.all[place].words.clone()] {
                word.owner = Some(owner);
            }
        }
    }

    /// The owner to whom a stretch belongs by its place, if not to its own.
    fn home(&self, stretches: &Stretches, place: usize) -> Option<usize> {
        let stretch = &stretches.all[place];
        if stretch.is_bullet {
            return None;
        }
        let (count, longest) = *stretches.owners.get(&stretch.owner?)?;
        let before = place.checked_sub(1).map(|at| &stretches.all[at]);
        let after = stretches.all.get(place + 1);
        let in_line_before = before.is_some_and(|b| self.are_in_line(b, stretch));
        let in_line_after = after.is_some_and(|a| self.are_in_line(stretch, a));
        if let (Some(before), Some(after)) = (before, after)
            && before.owner == after.owner
        {
            let is_enclosed = in_line_before && in_line_after;
            let is_torn = count > 1
                && (in_line_before || in_line_after)
                && self.are_in_one_cell(before, stretch);
            let is_smaller = stretch.letters < before.letters + after.letters;
            let is_at_bullet = before.is_bullet && in_line_before;
            return before
                .owner
                .filter(|_| (is_enclosed || is_torn) && (is_smaller || is_at_bullet));
        }
        // The end or the beginning of a paragraph, far from the rest of its own.
        let is_rest = stretch.letters < longest;
        match (before, after) {
            (Some(only), _) if in_line_before && !in_line_after => {
                only.owner.filter(|_| is_rest && self.are_close(only, stretch))
            }
            (_, Some(only)) if in_line_after && !in_line_before => {
                only.owner.filter(|_| is_rest && self.are_close(stretch, only))
            }
            _ => None,
        }
    }

    fn are_in_line(&self, left: &Stretch, right: &Stretch) -> bool {
        self.words[left.words.end - 1].segment == self.words[right.words.start].segment
    }

    fn are_in_one_cell(&self, one: &Stretch, other: &Stretch) -> bool {
        self.words[one.words.start].cell == self.words[other.words.start].cell
    }

    /// Whether one stretch follows another in the same cell, as words of a sentence do.
    fn are_close(&self, left: &Stretch, right: &Stretch) -> bool {
        let is_in_cell = self.are_in_one_cell(left, right);
        let (left, right) = (&self.words[left.words.end - 1], &self.words[right.words.start]);
        is_in_cell && right.x - left.end < TIGHT * left.size.max(right.size)
    }

    /// Whether words of another paragraph still interrupt one within a line.
    fn is_woven(&self) -> bool {
        self.stretches().all.windows(3).any(|three| {
            three[0].owner.is_some()
                && three[0].owner == three[2].owner
                && self.are_in_one_cell(&three[0], &three[1])
                && (self.are_in_line(&three[0], &three[1])
                    || self.are_in_line(&three[1], &three[2]))
        })
    }

    /// Hands the runs of the page back to the pieces, in reading order where that differs from the
    /// order of drawing.
    fn put_back<'p>(&self, pieces: &mut [Piece<'p>], pages: &'p [Page], page: u32) {
        let mut touched = self.disordered();
        for word in self.words.iter().filter(|word| word.owner != word.tagged) {
            if let (Some(from), Some(to)) = (word.tagged, word.owner) {
                let is_other =
                    |placed: &Placed<'_>| placed.page != page || placed.index != word.index;
                pieces[from].label.retain(is_other);
                pieces[from].body.retain(is_other);
                pieces[to].body.push(Placed::new(pages, page, word.index));
                touched.extend([from, to]);
            }
        }
        touched.sort_unstable();
        touched.dedup();
        for piece in touched {
            let Piece { label, body, .. } = &mut pieces[piece];
            for runs in [label, body] {
                for placed in runs.iter_mut().filter(|placed| placed.page == page) {
                    placed.index = self.ranks[placed.index];
                }
                runs.sort_by_key(|placed| (placed.page, placed.index));
            }
        }
    }

    /// The pieces whose words are all in one place, but not drawn in the order of their lines.
    fn disordered(&self) -> Vec<usize> {
        let stretches = self.stretches();
        let mut disordered = Vec::new();
        for stretch in &stretches.all {
            let words = &self.words[stretch.words.clone()];
            if let Some(owner) = stretch.owner
                && stretches.owners.get(&owner).is_some_and(|(count, _)| *count == 1)
                && words.windows(2).any(|pair| pair[1].index < pair[0].index)
            {
                disordered.push(owner);
            }
        }
        disordered
    }
}
