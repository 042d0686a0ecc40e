//! Shows only the best of matches that say nearly the same.

use crate::language::alike::{Runs, may_agree};

/// How many matches after those asked for are checked for ones that say nearly the same:
/// near-identical paragraphs score nearly the same, so they are close to one another.
pub(crate) const LOOKED_AHEAD: usize = 60;

/// Collapses each match into the first before it that says nearly the same, and keeps at most `most`.
/// Returns the places of those kept, each with the places of those that say nearly the same.
///
/// # Errors
/// Those of `sketch` and `runs`, which return the sketch and the words of the match in a place.
pub(crate) fn collapsed<E>(
    matches: usize,
    most: usize,
    mut sketch: impl FnMut(usize) -> Result<u64, E>,
    mut runs: impl FnMut(usize) -> Result<Runs, E>,
) -> Result<Vec<(usize, Vec<usize>)>, E> {
    let mut shown: Vec<(usize, Vec<usize>)> = Vec::new();
    let mut sketches: Vec<u64> = Vec::new();
    let mut read: Vec<Option<Runs>> = (0..matches).map(|_| None).collect();
    for at in 0..matches {
        let own = sketch(at)?;
        let mut like = None;
        for (place, other) in sketches.iter().enumerate() {
            if !may_agree(own, *other) {
                continue;
            }
            let first = shown[place].0;
            for one in [at, first] {
                if read[one].is_none() {
                    read[one] = Some(runs(one)?);
                }
            }
            if let (Some(own), Some(other)) = (&read[at], &read[first])
                && own.agree(other)
            {
                like = Some(place);
                break;
            }
        }
        match like {
            Some(place) => shown[place].1.push(at),
            // Matches after the page may still be like one on it.
            None if shown.len() >= most => {}
            None => {
                shown.push((at, Vec::new()));
                sketches.push(own);
            }
        }
    }
    Ok(shown)
}
