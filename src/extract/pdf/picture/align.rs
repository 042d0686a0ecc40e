//! Finds the letters of a page that print the words of a paragraph.
//!
//! The text of a paragraph is not what its pages print: words are joined that a line breaks, marks
//! and labels are left out, ligatures are two letters. So white space is ignored, letters are
//! compared without case and accents, and the two are laid along each other with as few letters left
//! over as possible. A word is found only if each of its letters is, with nothing but signs between.

use super::super::device::{Area, Letter};
use super::super::print::tenths;
use super::{DrawRequest, Sheet, points};
use findings_index::language::words;
use findings_index::records::{Boxes, PageBox};

/// How many letters may be left over, on both sides together; with more the text is another.
const LEFT_OVER: usize = 600;

/// How far outside of its rectangle the middle of a letter may be, in points: they are rounded.
const ROUNDED: f32 = 0.3;

/// The widest gap within a rectangle, as a share of the letters' height: more is the space between
/// columns.
const GAP: f32 = 2.0;

/// What was found of a paragraph.
pub(super) struct Marks {
    /// Which letters of each sheet are those of the paragraph.
    pub(super) own: Vec<Vec<bool>>,
    /// The rectangles of each span; `None` where it was not found.
    pub(super) found: Vec<Option<Vec<PageBox>>>,
}

/// Finds the letters of a paragraph, and where its spans are.
pub(super) fn marks(sheets: &[Sheet], request: &DrawRequest) -> Marks {
    let mut own: Vec<Vec<bool>> =
        sheets.iter().map(|sheet| vec![false; sheet.letters.len()]).collect();
    let printed = printed(sheets, &request.boxes, &mut own);

    let mut text: Vec<char> = Vec::new();
    // For each character of the text, the first of its letters.
    let mut places: Vec<usize> = Vec::new();
    for character in request.text.chars() {
        places.push(text.len());
        plain(character, |letter| text.push(letter));
    }
    places.push(text.len());
    let mut letters: Vec<char> = Vec::new();
    // For each letter, the place of the character that prints it.
    let mut printers: Vec<usize> = Vec::new();
    for (place, (_, letter)) in printed.iter().enumerate() {
        plain(letter.letter, |letter| {
            letters.push(letter);
            printers.push(place);
        });
    }
    let matched = lay(&text, &letters);

    let find = |&[start, end]: &[usize; 2]| {
        let range = *places.get(start)?..*places.get(end)?;
        let mut found: Vec<usize> = Vec::new();
        let mut before: Option<usize> = None;
        for place in range {
            let at = match (matched[place], text[place].is_alphanumeric()) {
                (Some(at), _) => at,
                (None, true) => return None,
                (None, false) => continue,
            };
            let between = before.map_or(at, |before| before + 1)..at;
            if letters[between].iter().any(|letter| letter.is_alphanumeric()) {
                return None;
            }
            before = Some(at);
            if found.last() != Some(&printers[at]) {
                found.push(printers[at]);
            }
        }
        (!found.is_empty()).then(|| rectangles(sheets, &printed, &found))
    };
    let found = request.spans.iter().map(find).collect();
    Marks { own, found }
}

/// The letters in the rectangles of a paragraph, in reading order, each with its sheet.
fn printed(sheets: &[Sheet], boxes: &Boxes, own: &mut [Vec<bool>]) -> Vec<(usize, Letter)> {
    let mut printed = Vec::new();
    for area in &boxes.0 {
        let Some(number) = sheets.iter().position(|sheet| sheet.number == area.page) else {
            continue;
        };
        let room = points(area);
        let mut inside: Vec<Letter> = Vec::new();
        for (letter, own) in sheets[number].letters.iter().zip(&mut own[number]) {
            let (x, y) = middle(letter.area);
            let across = (room.left - ROUNDED..=room.right + ROUNDED).contains(&x);
            if !*own && across && (room.top - ROUNDED..=room.bottom + ROUNDED).contains(&y) {
                *own = true;
                inside.push(*letter);
            }
        }
        for line in lines(inside) {
            printed.extend(line.into_iter().map(|letter| (number, letter)));
        }
    }
    printed
}

/// Sorts letters into lines, from top to bottom, each from left to right.
pub(super) fn lines(mut letters: Vec<Letter>) -> Vec<Vec<Letter>> {
    letters.sort_by(|a, b| middle(a.area).1.total_cmp(&middle(b.area).1));
    let mut lines: Vec<(Area, Vec<Letter>)> = Vec::new();
    for letter in letters {
        let area = letter.area;
        let on = |a: Area, b: Area| (a.top..=a.bottom).contains(&middle(b).1);
        match lines.last_mut() {
            // Raised letters come before those that they are raised above.
            Some((largest, line)) if on(*largest, area) || on(area, *largest) => {
                if area.bottom - area.top > largest.bottom - largest.top {
                    *largest = area;
                }
                line.push(letter);
            }
            _ => lines.push((area, vec![letter])),
        }
    }
    for (_, line) in &mut lines {
        line.sort_by(|a, b| a.area.left.total_cmp(&b.area.left));
    }
    lines.into_iter().map(|(_, line)| line).collect()
}

fn middle(area: Area) -> (f32, f32) {
    (f32::midpoint(area.left, area.right), f32::midpoint(area.top, area.bottom))
}

/// Hands on the letters of a character as they are compared: lower case, no accents, no ligatures,
/// plain quotation marks and dashes, no white space.
fn plain(character: char, mut put: impl FnMut(char)) {
    match character {
        'ﬀ' => "ff".chars().for_each(put),
        'ﬁ' => "fi".chars().for_each(put),
        'ﬂ' => "fl".chars().for_each(put),
        'ﬃ' => "ffi".chars().for_each(put),
        'ﬄ' => "ffl".chars().for_each(put),
        'ﬅ' | 'ﬆ' => "st".chars().for_each(put),
        '…' => "...".chars().for_each(put),
        '‘' | '’' | '‚' | '‛' | '`' | '´' => put('\''),
        '“' | '”' | '„' | '‟' => put('"'),
        '‐' | '‑' | '‒' | '–' | '—' | '−' => put('-'),
        '\u{ad}' | '\u{300}'..='\u{36f}' => {}
        _ if character.is_ascii_control() || character.is_whitespace() => {}
        _ if character.is_ascii() => put(character.to_ascii_lowercase()),
        _ => words::fold(character.encode_utf8(&mut [0; 4])).chars().for_each(put),
    }
}

/// Lays a text along letters, and returns for each of its characters the letter that is the same.
fn lay(text: &[char], letters: &[char]) -> Vec<Option<usize>> {
    let mut matched = vec![None; text.len()];
    let same = text.iter().zip(letters).take_while(|(a, b)| a == b).count();
    let (rest, others) = (&text[same..], &letters[same..]);
    let end = rest.iter().rev().zip(others.iter().rev()).take_while(|(a, b)| a == b).count();
    for (place, matched) in matched.iter_mut().enumerate().take(same) {
        *matched = Some(place);
    }
    for place in 1..=end {
        matched[text.len() - place] = Some(letters.len() - place);
    }
    let (inner, outer) = (&rest[..rest.len() - end], &others[..others.len() - end]);
    for (place, letter) in common(inner, outer) {
        matched[same + place] = Some(same + letter);
    }
    matched
}

/// The places that two texts have in common when as few letters as possible are left over, by the
/// method of Myers ("An O(ND) difference algorithm and its variations", 1986); none at all if more
/// than [`LEFT_OVER`] are.
fn common(a: &[char], b: &[char]) -> Vec<(usize, usize)> {
    if a.is_empty() || b.is_empty() {
        return Vec::new();
    }
    let most = (a.len() + b.len()).min(LEFT_OVER) as isize;
    let (n, m) = (a.len() as isize, b.len() as isize);
    // How far into `a` the furthest way on each diagonal leads; `reach[k + most + 1]`.
    let mut reach = vec![0_isize; 2 * most as usize + 3];
    let at = |k: isize| (k + most + 1) as usize;
    let mut steps: Vec<Vec<isize>> = Vec::new();
    for d in 0..=most {
        steps.push(reach[at(-d - 1)..=at(d + 1)].to_vec());
        for k in (-d..=d).step_by(2) {
            let down = k == -d || (k != d && reach[at(k - 1)] < reach[at(k + 1)]);
            let mut x = if down { reach[at(k + 1)] } else { reach[at(k - 1)] + 1 };
            while x < n && x - k < m && a[x as usize] == b[(x - k) as usize] {
                x += 1;
            }
            reach[at(k)] = x;
            if x >= n && x - k >= m {
                return back(&steps, n, m);
            }
        }
    }
    Vec::new()
}

/// Follows the ways that led to the end, from step to step, back to the beginning.
fn back(steps: &[Vec<isize>], mut x: isize, mut y: isize) -> Vec<(usize, usize)> {
    let mut common = Vec::new();
    for (d, reach) in steps.iter().enumerate().rev() {
        let d = d as isize;
        let reach = |k: isize| reach[(k + d + 1) as usize];
        let k = x - y;
        let down = k == -d || (k != d && reach(k - 1) < reach(k + 1));
        let from = if down { k + 1 } else { k - 1 };
        let (before, above) = if d == 0 { (0, 0) } else { (reach(from), reach(from) - from) };
        while x > before && y > above {
            x -= 1;
            y -= 1;
            common.push((x as usize, y as usize));
        }
        (x, y) = (before, above);
    }
    common.reverse();
    common
}

/// The rectangles of letters in reading order, one for each line.
fn rectangles(sheets: &[Sheet], printed: &[(usize, Letter)], found: &[usize]) -> Vec<PageBox> {
    let mut rectangles: Vec<(usize, Area)> = Vec::new();
    for (sheet, letter) in found.iter().map(|&place| &printed[place]) {
        let area = letter.area;
        match rectangles.last_mut() {
            Some((before, line)) if before == sheet && goes_on(*line, area) => {
                *line = line.with(area);
            }
            _ => rectangles.push((*sheet, area)),
        }
    }
    let boxes = rectangles.into_iter().map(|(sheet, area)| {
        let [left, top, right, bottom] = tenths(area);
        PageBox { page: sheets[sheet].number, left, top, right, bottom }
    });
    boxes.collect()
}

/// Whether a letter is on the line and not far to the right of what is there.
fn goes_on(line: Area, letter: Area) -> bool {
    let (_, y) = middle(letter);
    let gap = letter.left - line.right;
    let height = letter.bottom - letter.top;
    let on = (line.top..=line.bottom).contains(&y)
        || (letter.top..=letter.bottom).contains(&middle(line).1);
    on && gap < GAP * height && gap > -0.5 * height
}

#[cfg(test)]
mod tests {
    use super::{common, lay};

    fn chars(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    #[test]
    fn what_two_texts_have_in_common_is_found_with_as_little_left_over_as_possible() {
        for (a, b, length) in [
            ("abcabba", "cbabac", 4),
            ("ab", "ab", 2),
            ("a", "b", 0),
            ("achildren", "children1", 8),
            ("supervision", "super-vision", 11),
            ("xaxbxcx", "abc", 3),
            ("abc", "xaxbxcx", 3),
        ] {
            let (a, b) = (chars(a), chars(b));
            let found = common(&a, &b);
            assert_eq!(found.len(), length, "{a:?} {b:?} {found:?}");
            assert!(found.iter().all(|&(x, y)| a[x] == b[y]), "{found:?}");
            assert!(found.is_sorted_by(|a, b| a.0 < b.0 && a.1 < b.1), "{found:?}");
        }
    }

    #[test]
    fn a_text_lies_along_the_letters_that_print_it() {
        let (text, letters) = (chars("theysupervisewell"), chars("theysuper-vise1well"));
        let matched = lay(&text, &letters);
        assert!(matched.iter().all(Option::is_some), "{matched:?}");
        assert_eq!(matched[9], Some(10));
        assert_eq!(matched[16], Some(18));
    }

    #[test]
    fn another_text_is_not_laid_along_at_all() {
        let text = chars(&"abcdefghij".repeat(200));
        let letters = chars(&"klmnopqrst".repeat(200));
        assert!(lay(&text, &letters).iter().all(Option::is_none));
    }
}
