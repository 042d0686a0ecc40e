//! Closeness in meaning: vectors of terms, and of texts as sums of them.
//!
//! A term is the stem of a word, or a run of two or three stems next to each other. A table gives each
//! a vector, into which its weight is folded; the vector of a text is the sum over its terms, damped by
//! how often each occurs. Nothing is stored with paragraphs: a candidate's vector is summed from its
//! own text when it is compared (static embeddings by regression on those of a sentence encoder; see
//! the script that makes the table). All sums are of whole numbers, so that the order does not depend
//! on the engine, the machine, or the order of adding.
//!
//! The file of a table, little endian: `FVECTOR1`; the number of dimensions, of terms, and of bytes of
//! the terms, each as `u32`; the terms in the order of their bytes, each with a line feed after it;
//! then for each the scale as `u16` and its numbers as `i8`.

mod learn;

pub use learn::{MOST_TEXTS, TooLittle, learn};

use crate::language::grammar::{is_conversational, is_function_word};
use crate::language::words::{self, Stemmer};
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::cmp::Reverse;
use std::hash::BuildHasher;
use std::ops::Range;

/// The dimensions of a vector.
pub const DIMENSIONS: usize = 128;

/// Closeness of two vectors that are the same.
pub const SAME: i64 = 1 << 14;

/// The longest run of words that is a term.
const LONGEST: usize = 3;

/// `1024 ln(1 + times)` for a term that occurs so often in a text; the last also for more.
const DAMPED: [i64; 17] = [
    0, 710, 1125, 1420, 1648, 1835, 1993, 2129, 2250, 2358, 2455, 2545, 2627, 2702, 2773, 2839,
    2901,
];

/// How close a word has to be to be named.
const NEAR: i64 = SAME * 45 / 100;

/// The most words that are named.
const NAMED: usize = 3;

const MAGIC: &[u8; 8] = b"FVECTOR1";

/// A table that was learned from the paragraphs of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LearnedTable {
    /// A name for it, from what it is.
    pub version: String,
    /// The table, in the form of [`Meaning::read`].
    pub bytes: Vec<u8>,
}

impl LearnedTable {
    /// Names a table.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        let digest = Sha256::digest(&bytes);
        Self { version: format!("learned-{}", hex::encode(&digest[..4])), bytes }
    }
}

/// Vectors that were learned from the paragraphs of an index.
#[derive(Debug)]
pub struct Learned {
    /// The name of their table.
    pub version: String,
    /// The vectors.
    pub meaning: Meaning,
}

impl Learned {
    /// Reads a table.
    ///
    /// # Errors
    /// Those of [`Meaning::read`].
    pub fn read(table: LearnedTable) -> Result<Self, DamagedTable> {
        let LearnedTable { version, bytes } = table;
        Ok(Self { version, meaning: Meaning::read(bytes)? })
    }
}

/// A table of vectors is not whole, or not of this form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the table of vectors is damaged or of another form")]
pub struct DamagedTable;

/// Vectors of terms.
#[derive(Debug)]
pub struct Meaning {
    bytes: Cow<'static, [u8]>,
    /// Where the name of each term is in `bytes`.
    names: Vec<Range<u32>>,
    /// The terms by the hashes of their names.
    terms: FxHashMap<u64, u32>,
    /// Terms whose hash another term has.
    others: Vec<u32>,
    /// The hashes of stems with which a run begins.
    begins: FxHashSet<u64>,
    /// Where the rows begin in `bytes`.
    rows: usize,
}

/// The length of a row in bytes.
const ROW: usize = 2 + DIMENSIONS;

/// The vector of a text: of any length, or none if no term of it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vector(Box<[i64; DIMENSIONS]>);

impl Default for Vector {
    fn default() -> Self {
        Self(Box::new([0; DIMENSIONS]))
    }
}

impl Vector {
    /// Adds another, of its length, times `weight` in parts of 1024.
    pub fn add(&mut self, other: &Self, weight: i64) {
        for (own, other) in self.0.iter_mut().zip(other.0.iter()) {
            *own += other / 1024 * weight;
        }
    }

    /// Its numbers.
    #[must_use]
    pub fn numbers(&self) -> &[i64; DIMENSIONS] {
        &self.0
    }

    /// The direction alone: a vector of the length [`SAME`], or `None` if it has none.
    #[must_use]
    pub fn direction(&self) -> Option<Direction> {
        let square: u128 = self.0.iter().map(|&one| u128::from(one.unsigned_abs()).pow(2)).sum();
        let length = i128::try_from(square.isqrt()).ok().filter(|length| *length > 0)?;
        let mut direction = [0; DIMENSIONS];
        for (own, &one) in direction.iter_mut().zip(self.0.iter()) {
            // At most SAME, since no part is longer than the whole.
            *own = (i128::from(one) * i128::from(SAME) / length) as i32;
        }
        Some(Direction(Box::new(direction)))
    }
}

/// Where a vector points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Direction(Box<[i32; DIMENSIONS]>);

impl Direction {
    /// How close two are: [`SAME`] if they are the same, 0 if they have nothing in common, less if they
    /// are opposed. The cosine of the angle between them, as a whole number.
    #[must_use]
    pub fn closeness(&self, other: &Self) -> i64 {
        let parts = self.0.iter().zip(other.0.iter());
        parts.map(|(one, other)| i64::from(*one) * i64::from(*other)).sum::<i64>() / SAME
    }

    /// The direction between this one and another, which counts `weight` in parts of 1024.
    #[must_use]
    pub fn towards(&self, other: &Self, weight: i64) -> Option<Self> {
        let mut both = self.vector();
        both.add(&other.vector(), weight);
        both.direction()
    }

    /// The same, as a vector to which others can be added.
    #[must_use]
    pub fn vector(&self) -> Vector {
        let mut vector = Vector::default();
        for (own, one) in vector.0.iter_mut().zip(self.0.iter()) {
            *own = i64::from(*one) * 1024;
        }
        vector
    }
}

impl Meaning {
    /// Reads a table.
    ///
    /// # Errors
    /// A table that is not whole or of another form.
    pub fn read(bytes: impl Into<Cow<'static, [u8]>>) -> Result<Self, DamagedTable> {
        let bytes = bytes.into();
        let rest = bytes.strip_prefix(MAGIC).ok_or(DamagedTable)?;
        let (dimensions, rest) = number(rest)?;
        let (count, rest) = number(rest)?;
        let (length, rest) = number(rest)?;
        let (text, rows) = rest.split_at_checked(length).ok_or(DamagedTable)?;
        if dimensions != DIMENSIONS || count.checked_mul(ROW) != Some(rows.len()) {
            return Err(DamagedTable);
        }
        let text = std::str::from_utf8(text).map_err(|_| DamagedTable)?;
        let rows = bytes.len() - rows.len();
        let mut at = u32::try_from(rows - length).map_err(|_| DamagedTable)?;
        let mut names = Vec::with_capacity(count);
        let mut terms = FxHashMap::with_capacity_and_hasher(count, FxBuildHasher);
        let mut others = Vec::new();
        // In the order of their bytes, the runs that begin with a stem are next to one another.
        let mut begins = FxHashSet::default();
        let mut last = "";
        for (name, row) in text.lines().zip(0..) {
            let end = at + u32::try_from(name.len()).map_err(|_| DamagedTable)?;
            names.push(at..end);
            at = end + 1;
            if let Some(first) = terms.insert(hash(name), row) {
                terms.insert(hash(name), first);
                others.push(row);
            }
            if let Some((first, _)) = name.split_once(' ')
                && first != last
            {
                begins.insert(hash(first));
                last = first;
            }
        }
        if names.len() != count {
            return Err(DamagedTable);
        }
        Ok(Self { bytes, names, terms, others, begins, rows })
    }

    /// The table, in the form of [`Meaning::read`].
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The term with this name.
    fn term(&self, name: &str) -> Option<u32> {
        let term = *self.terms.get(&hash(name))?;
        let is_it = |term: &u32| self.name(*term) == name;
        if is_it(&term) { Some(term) } else { self.others.iter().copied().find(is_it) }
    }

    /// The terms of a text and how often it has each, by their places in the table.
    #[must_use]
    pub fn terms(&self, text: &str, stemmer: &mut Stemmer) -> Vec<(u32, usize)> {
        let mut found: Vec<u32> = Vec::new();
        self.each_term(text, stemmer, |term, _| found.push(term));
        found.sort_unstable();
        let each = found.chunk_by(|one, other| one == other);
        each.map(|same| (same[0], same.len())).collect()
    }

    /// Passes each term of a text to `visit`, with its place in bytes.
    fn each_term(
        &self,
        text: &str,
        stemmer: &mut Stemmer,
        mut visit: impl FnMut(u32, Range<usize>),
    ) {
        // The last stems and where each begins, the newest last.
        let mut last: [(String, usize); LONGEST] = Default::default();
        let mut run = String::new();
        let words = words::scan(text).filter(|word| !word.possessive);
        for (word, count) in words.zip(1..) {
            last.rotate_left(1);
            let (stem, begins) = &mut last[LONGEST - 1];
            *begins = word.start;
            words::fold_into(word.raw, stem);
            stemmer.stem_in_place(stem);
            if let Some(term) = self.term(stem) {
                visit(term, word.start..word.end);
            }
            for length in 2..=LONGEST.min(count) {
                let words = &last[LONGEST - length..];
                if self.begins.contains(&hash(&words[0].0)) {
                    run.clear();
                    for (place, (word, _)) in words.iter().enumerate() {
                        if place > 0 {
                            run.push(' ');
                        }
                        run.push_str(word);
                    }
                    if let Some(term) = self.term(&run) {
                        visit(term, words[0].1..word.end);
                    }
                }
            }
        }
    }

    /// The stems of a term.
    #[must_use]
    pub fn name(&self, term: u32) -> &str {
        let place = self.names.get(term as usize);
        let bytes = place.and_then(|at| self.bytes.get(at.start as usize..at.end as usize));
        bytes.and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }

    /// The vector of a text.
    #[must_use]
    pub fn vector(&self, text: &str, stemmer: &mut Stemmer) -> Vector {
        self.sum(&self.terms(text, stemmer))
    }

    /// The sum of the vectors of terms that occur so often.
    #[must_use]
    pub fn sum(&self, terms: &[(u32, usize)]) -> Vector {
        let mut sum = Vector::default();
        for (term, times) in terms {
            let Some((scale, numbers)) = self.row(*term) else { continue };
            let weight = DAMPED[(*times).min(DAMPED.len() - 1)] * i64::from(scale);
            for (own, &one) in sum.0.iter_mut().zip(numbers) {
                *own += weight * i64::from(one.cast_signed());
            }
        }
        sum
    }

    /// The words of a text that are closest to a direction, as printed, the closest first; none of
    /// `asked`, the stems of what was asked for.
    #[must_use]
    pub fn nearest(
        &self,
        text: &str,
        to: &Direction,
        asked: &[String],
        stemmer: &mut Stemmer,
    ) -> Vec<String> {
        let mut close: Vec<(i64, u32, Range<usize>)> = Vec::new();
        self.each_term(text, stemmer, |term, place| {
            let mut said = words::scan(&text[place.clone()]);
            if said.all(|word| is_function_word(word.raw) || is_conversational(word.raw)) {
                return;
            }
            let mut stems = self.name(term).split(' ');
            if stems.all(|stem| asked.iter().any(|asked| asked == stem)) {
                return;
            }
            let closeness = self.sum(&[(term, 1)]).direction().map_or(0, |own| own.closeness(to));
            if closeness >= NEAR && !close.iter().any(|(_, known, _)| *known == term) {
                close.push((closeness, term, place));
            }
        });
        close.sort_by_key(|(closeness, term, _)| (Reverse(*closeness), *term));
        let mut named: Vec<(Range<usize>, String)> = Vec::new();
        for (.., place) in close {
            let said = text[place.clone()].split_whitespace().collect::<Vec<_>>().join(" ");
            let is_new = |(known, other): &(Range<usize>, String)| {
                (place.end <= known.start || known.end <= place.start)
                    && !other.eq_ignore_ascii_case(&said)
            };
            if named.iter().all(is_new) {
                named.push((place, said));
            }
            if named.len() == NAMED {
                break;
            }
        }
        named.into_iter().map(|(_, said)| said).collect()
    }

    fn row(&self, term: u32) -> Option<(u16, &[u8])> {
        let begin = self.rows + (term as usize).checked_mul(ROW)?;
        let (scale, numbers) = self.bytes.get(begin..begin + ROW)?.split_first_chunk::<2>()?;
        Some((u16::from_le_bytes(*scale), numbers))
    }
}

/// The hash by which terms are found; the same on every machine.
fn hash(name: &str) -> u64 {
    FxBuildHasher.hash_one(name)
}

fn number(bytes: &[u8]) -> Result<(usize, &[u8]), DamagedTable> {
    let (number, rest) = bytes.split_first_chunk::<4>().ok_or(DamagedTable)?;
    Ok((u32::from_le_bytes(*number) as usize, rest))
}

#[cfg(test)]
mod tests {
    use super::{DIMENSIONS, DamagedTable, MAGIC, Meaning, SAME};
    use crate::language::words::Stemmer;

    /// A table of these terms, each of which points in a direction of its own.
    fn table(terms: &[&str]) -> &'static [u8] {
        let text: String = terms.iter().map(|term| format!("{term}\n")).collect();
        let mut bytes = MAGIC.to_vec();
        for number in [DIMENSIONS, terms.len(), text.len()] {
            bytes.extend((number as u32).to_le_bytes());
        }
        bytes.extend(text.bytes());
        for place in 0..terms.len() {
            bytes.extend(1000_u16.to_le_bytes());
            bytes.extend((0..DIMENSIONS).map(|at| if at == place { 100 } else { 0 }));
        }
        bytes.leak()
    }

    const TERMS: [&str; 4] = ["interview", "return", "return home", "return home interview"];

    #[test]
    fn terms_are_stems_and_runs_of_stems_wherever_they_are() {
        let meaning = Meaning::read(table(&TERMS)).unwrap();
        let mut stemmer = Stemmer::default();
        let mut terms = |text| {
            let terms = meaning.terms(text, &mut stemmer).into_iter();
            terms.map(|(term, times)| format!("{} {times}", meaning.name(term))).collect::<Vec<_>>()
        };
        let all = ["interview 2", "return 1", "return home 1", "return home interview 1"];
        assert_eq!(terms("Return-home interviews, and other INTERVIEWS."), all);
        assert_eq!(terms("The child's interview"), ["interview 1"]);
        assert_eq!(terms("returning to a home"), ["return 1"]);
        assert_eq!(terms(""), [""; 0]);
    }

    #[test]
    fn texts_are_as_close_as_what_they_have_in_common() {
        let meaning = Meaning::read(table(&TERMS)).unwrap();
        let mut stemmer = Stemmer::default();
        let mut to = |text| meaning.vector(text, &mut stemmer).direction();
        let (one, same) = (to("interview").unwrap(), to("an interview by nobody").unwrap());
        assert!((SAME - 4..=SAME).contains(&one.closeness(&same)), "{}", one.closeness(&same));
        assert_eq!(one.closeness(&to("return").unwrap()), 0);
        let half = one.closeness(&to("return, interview").unwrap());
        assert!((SAME * 70 / 100..SAME * 71 / 100).contains(&half), "the cosine of 45 degrees");
        assert_eq!(to("nothing that is known"), None);
    }

    #[test]
    fn the_words_nearest_to_a_question_are_named_as_printed() {
        let meaning = Meaning::read(table(&TERMS)).unwrap();
        let mut stemmer = Stemmer::default();
        let to = meaning.vector("return home interviews", &mut stemmer).direction().unwrap();
        let mut near = |text, asked: &[&str]| {
            let asked: Vec<String> = asked.iter().map(|&stem| stem.to_owned()).collect();
            meaning.nearest(text, &to, &asked, &mut stemmer)
        };
        assert_eq!(near("Interviews follow a return.", &[]), ["Interviews", "return"]);
        assert_eq!(near("Interviews follow a return.", &["interview"]), ["return"]);
    }

    #[test]
    fn a_table_that_is_cut_off_or_another_is_refused() {
        let whole = table(&TERMS);
        for bytes in [&whole[..whole.len() - 1], &whole[..20], b"", b"FVECTOR2"] {
            assert_eq!(Meaning::read(bytes).err(), Some(DamagedTable), "{}", bytes.len());
        }
    }
}
