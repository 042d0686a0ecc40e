//! Learns vectors of terms from texts alone, without any model.
//!
//! Terms that occur with the same other terms point in the same direction: the vectors are the principal
//! directions of the positive pointwise mutual information of terms in the same paragraph (Levy and
//! Goldberg 2014, "Neural Word Embedding as Implicit Matrix Factorization"; contexts are smoothed as
//! there), found by orthogonal iteration (Golub and Van Loan, "Matrix Computations", 8.2). What is made
//! has the form that [`Meaning::read`](super::Meaning::read) reads. The same texts in the same order give
//! the same table.

use super::{DIMENSIONS, LONGEST, MAGIC, ROW};
use crate::language::grammar::is_function_word;
use crate::language::words::{self, Stemmer};
use rustc_hash::{FxHashMap, FxHashSet};

/// The most texts that are learned from. Where there are more, some of all of them say as much.
pub const MOST_TEXTS: usize = 200_000;

/// The least number of terms from which anything can be learned.
const LEAST_TERMS: usize = 1_000;

/// The most terms: the most widespread.
const MOST_TERMS: usize = 12_000;

/// A run of so many words is a term if it is in so many texts.
const TEXTS: [usize; LONGEST] = [3, 20, 25];

/// A term whose share of all words is this weighs half as much as a very rare one...
const RARITY: f64 = 1e-3;
/// ...and a run weighs less than a word, since its words count as well.
const RUN: f64 = 0.7;

/// How much contexts are smoothed, so that rare ones do not count too much.
const SMOOTHED: f64 = 0.75;

/// Terms count as related if they occur together this many times as often as by chance.
const RELATED: f64 = 1.5;

/// How often the directions are turned towards the principal ones. One more changes no result.
const TURNS: usize = 4;

/// There are too few texts to learn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{terms} terms occur often enough to learn from, and at least {LEAST_TERMS} are needed")]
pub struct TooLittle {
    /// How many terms occur often enough.
    pub terms: usize,
}

/// A run of stems by their numbers; what is not there is [`NONE`].
type Run = [u32; LONGEST];

const NONE: u32 = u32::MAX;

/// One number for each dimension, for each term.
type Matrix = Vec<[f32; DIMENSIONS]>;

/// Learns a table of vectors from texts.
///
/// # Errors
/// Too few terms that occur often enough.
pub fn learn(texts: &[String]) -> Result<Vec<u8>, TooLittle> {
    let read = Read::of(texts);
    let terms = read.terms()?;
    let held = Held::of(&read, &terms);
    let mut vectors = principal(&held.related());
    for (vector, weight) in vectors.iter_mut().zip(held.weights(&read, &terms)) {
        let length = vector.iter().map(|one| one * one).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
        vector.iter_mut().for_each(|one| *one *= weight as f32 / length);
    }
    Ok(file(&terms, &vectors))
}

/// Texts as runs of numbered stems.
struct Read {
    stems: Vec<String>,
    /// Which stems are of words of grammar.
    grammar: Vec<bool>,
    texts: Vec<Vec<u32>>,
}

impl Read {
    fn of(texts: &[String]) -> Self {
        let mut read = Self { stems: Vec::new(), grammar: Vec::new(), texts: Vec::new() };
        let mut numbers: FxHashMap<String, u32> = FxHashMap::default();
        let mut stemmer = Stemmer::default();
        let mut stem = String::new();
        for text in texts {
            let mut stems = Vec::new();
            for word in words::scan(text).filter(|word| !word.possessive) {
                words::fold_into(word.raw, &mut stem);
                stemmer.stem_in_place(&mut stem);
                let number = numbers.get(&stem).copied().unwrap_or_else(|| {
                    let number = read.stems.len() as u32;
                    numbers.insert(stem.clone(), number);
                    read.stems.push(stem.clone());
                    read.grammar.push(false);
                    number
                });
                read.grammar[number as usize] |= is_function_word(word.raw);
                stems.push(number);
            }
            read.texts.push(stems);
        }
        read
    }

    /// Passes every run of a text that may be a term to `visit`: none begins or ends with a word of
    /// grammar.
    fn each_run(&self, text: &[u32], mut visit: impl FnMut(Run)) {
        let is_grammar = |stem: u32| self.grammar[stem as usize];
        for at in 0..text.len() {
            if is_grammar(text[at]) {
                continue;
            }
            let mut run = [NONE; LONGEST];
            for (length, stem) in text[at..].iter().take(LONGEST).enumerate() {
                run[length] = *stem;
                if !is_grammar(*stem) {
                    visit(run);
                }
            }
        }
    }

    /// The runs that are terms, with their names, in the order of the names.
    fn terms(&self) -> Result<Vec<(String, Run)>, TooLittle> {
        let mut counts: FxHashMap<Run, usize> = FxHashMap::default();
        let mut here: FxHashSet<Run> = FxHashSet::default();
        for text in &self.texts {
            here.clear();
            self.each_run(text, |run| {
                if here.insert(run) {
                    *counts.entry(run).or_default() += 1;
                }
            });
        }
        let length = |run: &Run| run.iter().filter(|stem| **stem != NONE).count();
        counts.retain(|run, count| *count >= TEXTS[length(run) - 1]);
        if counts.len() < LEAST_TERMS {
            return Err(TooLittle { terms: counts.len() });
        }
        let name = |run: &Run| {
            let stems = run.iter().filter(|stem| **stem != NONE);
            stems.map(|stem| self.stems[*stem as usize].as_str()).collect::<Vec<_>>().join(" ")
        };
        let mut named: Vec<(usize, String, Run)> =
            counts.into_iter().map(|(run, count)| (count, name(&run), run)).collect();
        named.sort_unstable_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        named.truncate(MOST_TERMS);
        let mut terms: Vec<(String, Run)> =
            named.into_iter().map(|(_, name, run)| (name, run)).collect();
        terms.sort_unstable();
        Ok(terms)
    }
}

/// Which texts have which terms.
struct Held {
    /// The terms of each text, each once.
    terms: Vec<Vec<u32>>,
    /// The texts of each term.
    texts: Vec<Vec<u32>>,
    /// How often each term occurs.
    times: Vec<usize>,
}

impl Held {
    fn of(read: &Read, terms: &[(String, Run)]) -> Self {
        let numbers: FxHashMap<Run, u32> = terms.iter().map(|(_, run)| *run).zip(0..).collect();
        let mut held = Self {
            terms: Vec::with_capacity(read.texts.len()),
            texts: vec![Vec::new(); terms.len()],
            times: vec![0; terms.len()],
        };
        for (text, stems) in (0..).zip(&read.texts) {
            let mut here = Vec::new();
            read.each_run(stems, |run| here.extend(numbers.get(&run).copied()));
            here.iter().for_each(|term| held.times[*term as usize] += 1);
            here.sort_unstable();
            here.dedup();
            here.iter().for_each(|term| held.texts[*term as usize].push(text));
            held.terms.push(here);
        }
        held
    }

    /// The weight of each term: rare ones tell more.
    fn weights(&self, read: &Read, terms: &[(String, Run)]) -> Vec<f64> {
        let words: usize = read.texts.iter().map(Vec::len).sum();
        let each = self.times.iter().zip(terms);
        each.map(|(times, (_, run))| {
            let share = *times as f64 / words.max(1) as f64;
            RARITY / (RARITY + share) * if run[1] == NONE { 1.0 } else { RUN }
        })
        .collect()
    }

    /// For each term, those that occur with it more often than by chance, with the logarithm of how
    /// much more often. A long text says less of each pair.
    fn related(&self) -> Vec<Vec<(u32, f32)>> {
        let shares: Vec<f64> = self.terms.iter().map(|t| 1.0 / t.len().max(1) as f64).collect();
        let sums: Vec<f64> = self
            .texts
            .iter()
            .map(|texts| texts.iter().map(|text| 1.0 - shares[*text as usize]).sum::<f64>())
            .collect();
        let smoothed: Vec<f64> = sums.iter().map(|sum| sum.powf(SMOOTHED)).collect();
        let contexts: f64 = smoothed.iter().sum();
        let mut together = vec![0.0; self.texts.len()];
        let mut met = Vec::new();
        let mut related = Vec::with_capacity(self.texts.len());
        for (term, texts) in self.texts.iter().enumerate() {
            for text in texts {
                for other in &self.terms[*text as usize] {
                    let other = *other as usize;
                    if together[other] == 0.0 {
                        met.push(other);
                    }
                    together[other] += shares[*text as usize];
                }
            }
            met.sort_unstable();
            let mut row = Vec::new();
            for other in met.drain(..) {
                let times = std::mem::take(&mut together[other]);
                let by_chance = sums[term] * smoothed[other] / contexts;
                if other != term && times > RELATED * by_chance && by_chance > 0.0 {
                    row.push((other as u32, (times / by_chance).ln() as f32));
                }
            }
            related.push(row);
        }
        related
    }
}

/// The principal directions of the rows of a matrix, as the place of each row among them.
fn principal(rows: &[Vec<(u32, f32)>]) -> Matrix {
    let mut state = 1_u64;
    let mut turned: Matrix = vec![[0.0; DIMENSIONS]; rows.len()];
    for number in turned.iter_mut().flatten() {
        // Any start will do that is the same each time (Marsaglia's xorshift64).
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        *number = if state & 1 == 0 { 1.0 } else { -1.0 };
    }
    let mut between: Matrix = vec![[0.0; DIMENSIONS]; rows.len()];
    for _ in 0..TURNS {
        between.iter_mut().for_each(|row| *row = [0.0; DIMENSIONS]);
        for (row, from) in rows.iter().zip(&turned) {
            for (column, value) in row {
                add(&mut between[*column as usize], from, *value);
            }
        }
        for (row, to) in rows.iter().zip(&mut turned) {
            *to = [0.0; DIMENSIONS];
            for (column, value) in row {
                add(to, &between[*column as usize], *value);
            }
        }
        // Twice, because the first time is not exact.
        orthonormalise(&mut turned);
        orthonormalise(&mut turned);
    }
    turned
}

fn add(to: &mut [f32; DIMENSIONS], from: &[f32; DIMENSIONS], times: f32) {
    for (to, from) in to.iter_mut().zip(from) {
        *to += times * from;
    }
}

/// Makes the columns of a matrix orthogonal and of length 1, by the triangular factor of their products.
fn orthonormalise(matrix: &mut Matrix) {
    let mut products = vec![[0.0_f64; DIMENSIONS]; DIMENSIONS];
    for row in matrix.iter() {
        for (products, own) in products.iter_mut().zip(row) {
            for (product, other) in products.iter_mut().zip(row) {
                *product += f64::from(*own) * f64::from(*other);
            }
        }
    }
    // The factor of Cholesky, row by row.
    let mut factor = vec![[0.0_f64; DIMENSIONS]; DIMENSIONS];
    for row in 0..DIMENSIONS {
        for column in 0..=row {
            let known = &factor[row][..column];
            let dot: f64 = known.iter().zip(&factor[column]).map(|(a, b)| a * b).sum();
            let left = products[row][column] - dot;
            factor[row][column] = match row == column {
                // What depends on the columns before it has nothing of its own left.
                true => left.max(1e-12 * products[row][row]).max(f64::MIN_POSITIVE).sqrt(),
                false => left / factor[column][column],
            };
        }
    }
    for row in matrix {
        let mut solved = [0.0_f64; DIMENSIONS];
        for at in 0..DIMENSIONS {
            let dot: f64 = solved[..at].iter().zip(&factor[at]).map(|(a, b)| a * b).sum();
            solved[at] = (f64::from(row[at]) - dot) / factor[at][at];
        }
        for (own, solved) in row.iter_mut().zip(solved) {
            *own = solved as f32;
        }
    }
}

/// The table as it is kept; each row is rounded to eight bits.
fn file(terms: &[(String, Run)], vectors: &Matrix) -> Vec<u8> {
    let text: String = terms.iter().map(|(name, _)| format!("{name}\n")).collect();
    let mut bytes = Vec::with_capacity(MAGIC.len() + 12 + text.len() + vectors.len() * ROW);
    bytes.extend(MAGIC);
    for number in [DIMENSIONS, terms.len(), text.len()] {
        bytes.extend((number as u32).to_le_bytes());
    }
    bytes.extend(text.bytes());
    let largest = |row: &[f32]| row.iter().fold(0.0_f32, |most, one| most.max(one.abs()));
    let most = vectors.iter().map(|row| largest(row)).fold(f32::MIN_POSITIVE, f32::max);
    let whole = f32::from(u16::MAX) * 127.0 / most;
    for row in vectors {
        let scale = (largest(row) * whole / 127.0).round().max(1.0);
        bytes.extend((scale as u16).to_le_bytes());
        // Out of the range of a byte only by what was rounded.
        bytes.extend(row.iter().map(|one| ((one * whole / scale).round() as i8).cast_unsigned()));
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::{TooLittle, learn};
    use crate::language::words::Stemmer;
    use crate::ranking::meaning::Meaning;

    /// Invented words without endings that a stemmer would take off, six in each of so many groups.
    fn word(group: usize, number: usize) -> String {
        let letter = |n: usize| char::from(b'a' + (n % 20) as u8);
        format!(
            "q{}{}{}{}q",
            letter(group),
            letter(group / 20),
            letter(group / 400),
            letter(number)
        )
    }

    /// Texts that are each about a few groups of words, a word of grammar between.
    fn texts(groups: usize, count: usize) -> Vec<String> {
        let mut state = 5_u64;
        let mut random = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) as usize % below
        };
        let mut text = || {
            let about: Vec<usize> = (0..2).map(|_| random(groups)).collect();
            let words = (0..12).map(|at| word(about[at % 2], random(6)));
            words.collect::<Vec<_>>().join(" and the ")
        };
        (0..count).map(|_| text()).collect()
    }

    #[test]
    fn words_that_occur_with_the_same_words_are_close() {
        let bytes = learn(&texts(240, 6_000)).unwrap();
        let meaning = Meaning::read(bytes.clone()).unwrap();
        let mut stemmer = Stemmer::default();
        let mut to = |text: &str| meaning.vector(text, &mut stemmer).direction().unwrap();
        let mut right = 0;
        for group in 0..100 {
            let (one, same) = (to(&word(group, 0)), to(&word(group, 3)));
            let other = to(&word((group + 17) % 240, 3));
            right += usize::from(one.closeness(&same) > 2 * one.closeness(&other));
        }
        assert!(right >= 95, "{right} of 100");
        assert_eq!(learn(&texts(240, 6_000)).unwrap(), bytes, "the same each time");
    }

    #[test]
    fn too_few_terms_are_said_to_be_too_few() {
        assert_eq!(learn(&[]), Err(TooLittle { terms: 0 }));
        let few = learn(&texts(20, 200)).unwrap_err();
        assert!((100..1_000).contains(&few.terms), "{few}");
    }
}
