//! Puts right how a page draws its letters: text drawn twice, letters set apart, drop capitals.
//!
//! Changes runs only, never the order in which they are drawn.

use super::device::{Mark, Page, Piece, Run, STRUCK, WORD_GAP};
use super::words::is_known;
use std::collections::HashMap;

/// The widest gap between letters of one word that are set apart.
const SPACED: f32 = 0.8;

/// The fewest letters set apart that make a word: fewer may be a row of initials or grades.
const FEWEST_SPACED: usize = 5;

/// How much larger a drop capital is than the text that it begins.
const DROPPED: f32 = 1.8;

/// Puts a page right.
pub(super) fn tidy(page: &mut Page) {
    once(page);
    close(page);
    unspace(page);
    raise(page);
}

/// Removes runs that are drawn over the same text to make it bold.
fn once(page: &mut Page) {
    let mut drawn: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut again = vec![false; page.runs.len()];
    let mut bold = Vec::new();
    for (place, run) in page.runs.iter().enumerate() {
        let text = page.text(run).trim();
        if text.is_empty() {
            continue;
        }
        let before = drawn.entry(text).or_default();
        let near = |a: f32, b: f32| (a - b).abs() < STRUCK * run.size;
        let under = before.iter().copied().find(|&first| {
            let first = &page.runs[first];
            near(first.x, run.x) && near(first.y, run.y) && near(first.size, run.size)
        });
        match under {
            Some(first) if page.runs[first].mark == Mark::Artifact => again[first] = true,
            Some(first) => {
                again[place] = true;
                bold.push(first);
                continue;
            }
            None => {}
        }
        before.push(place);
    }
    if bold.is_empty() && !again.contains(&true) {
        return;
    }
    for place in bold {
        page.runs[place].bold = true;
    }
    let mut again = again.into_iter();
    page.runs.retain(|_| !again.next().unwrap_or(false));
}

/// Joins letters that are set apart evenly, each a run of its own.
fn close(page: &mut Page) {
    let mut place = 0;
    while place + FEWEST_SPACED <= page.runs.len() {
        let end = spaced(page, place);
        if end - place < FEWEST_SPACED {
            place = end.max(place + 1);
            continue;
        }
        let mut gaps: Vec<f32> = page.runs[place..end].windows(2).map(gap).collect();
        gaps.sort_by(f32::total_cmp);
        let usual = gaps[gaps.len() / 2];
        let wide = 1.6 * usual + 0.05 * page.runs[place].size;
        // From the end, so that the places before stay.
        let mut last = end;
        for at in (place..end).rev() {
            if at == place || gap(&page.runs[at - 1..=at]) > wide {
                join(page, at, last);
                last = at;
            }
        }
        place += 1;
    }
}

fn gap(pair: &[Run]) -> f32 {
    pair[1].x - pair[0].end
}

/// One past the last of the runs from there on that are single characters at some distance.
fn spaced(page: &Page, place: usize) -> usize {
    let is_single = |run: &Run| page.text(run).chars().nth(1).is_none();
    let follows = |pair: &[Run]| {
        let [before, run] = pair else { return false };
        let gap = gap(pair) / run.size;
        is_single(run)
            && run.mark == before.mark
            && run.bold == before.bold
            && run.start == before.stop
            && (run.size - before.size).abs() < 0.05
            && (run.y - before.y).abs() < 0.05 * run.size
            && (WORD_GAP..SPACED).contains(&gap)
    };
    if !is_single(&page.runs[place]) {
        return place;
    }
    let more = page.runs[place..].windows(2).take_while(|pair| follows(pair)).count();
    let end = place + more + 1;
    let letters = page.runs[place..end].iter().flat_map(|run| page.text(run).chars());
    let letters = letters.filter(|letter| letter.is_alphabetic()).count();
    if letters >= FEWEST_SPACED && letters * 3 > more * 2 { end } else { place }
}

/// Makes one run of several.
fn join(page: &mut Page, from: usize, to: usize) {
    if to - from < 2 {
        return;
    }
    let last = page.runs[to - 1].clone();
    let run = &mut page.runs[from];
    run.stop = last.stop;
    run.end = last.end;
    let (first, end) = (run.pieces.0 as usize, last.pieces.1 as usize);
    let mut kept = first;
    for next in first + 1..end {
        let Piece { start, stop, area } = page.pieces[next];
        if page.pieces[kept].stop == start {
            let piece = &mut page.pieces[kept];
            piece.stop = stop;
            piece.area = piece.area.with(area);
        } else {
            kept += 1;
            page.pieces[kept] = Piece { start, stop, area };
        }
    }
    run.pieces.1 = if first == end { end } else { kept + 1 } as u32;
    page.runs.drain(from + 1..to);
}

/// Takes out the spaces that are typed between all letters of a run, if what is left are words.
fn unspace(page: &mut Page) {
    for place in 0..page.runs.len() {
        let run = &page.runs[place];
        let (first, end) = (run.pieces.0 as usize, run.pieces.1 as usize);
        let single = |piece: &Piece| page.text_of(piece.start, piece.stop).chars().nth(1).is_none();
        if end - first < FEWEST_SPACED || !page.pieces[first..end].iter().all(single) {
            continue;
        }
        let words: Vec<String> = page
            .text(run)
            .split("  ")
            .map(|word| word.split_whitespace().collect::<String>())
            .filter(|word| !word.is_empty())
            .collect();
        let is_word = |word: &&String| is_known(&word.to_lowercase());
        let long = words.iter().filter(|word| word.chars().count() > 3);
        if long.clone().count() == 0 || !long.clone().all(|word| is_word(&word)) {
            continue;
        }
        page.retype(place, &words);
    }
}

/// Puts drop capitals on the line that they begin.
fn raise(page: &mut Page) {
    for place in 0..page.runs.len() {
        let Some(line) = line_of(page, place) else {
            continue;
        };
        let (y, size, x) = (line.y, line.size, line.x);
        // "A child" begins with a word of one letter, "After" does not.
        let letter = page.text(&page.runs[place]).trim().to_lowercase();
        let rest = page.text(line);
        let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
        let rest = rest[..end].to_lowercase();
        let alone = matches!(letter.as_str(), "a" | "i" | "o")
            && (rest.chars().count() < 4 || is_known(&rest))
            && !is_known(&format!("{letter}{rest}"));
        let run = &mut page.runs[place];
        run.y = y;
        run.size = size;
        run.end = if alone { x - size } else { x };
    }
}

/// The run that a drop capital begins: next to its upper part.
fn line_of(page: &Page, place: usize) -> Option<&Run> {
    const CAPITAL: f32 = 0.72;
    let capital = &page.runs[place];
    let mut letters = page.text(capital).trim().chars();
    if !letters.next()?.is_uppercase() || letters.next().is_some() {
        return None;
    }
    // The line is drawn next to its capital.
    let near = place.saturating_sub(4)..page.runs.len().min(place + 5);
    page.runs[near].iter().find(|run| {
        let top = |run: &Run| run.y - CAPITAL * run.size;
        let gap = run.x - capital.end;
        capital.size > DROPPED * run.size
            && page.text(run).starts_with(char::is_alphabetic)
            && capital.y - run.y > 0.5 * run.size
            && (top(capital) - top(run)).abs() < 0.7 * run.size
            && gap > -0.2 * capital.size
            && gap < 0.4 * capital.size
    })
}
