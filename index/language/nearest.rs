//! Suggestions for a name that does not exist.

/// Less similar ids are no help.
const LIKENESS: f64 = 0.75;
/// One letter in three may differ in a suggested name.
const LETTERS_ALIKE: f64 = 0.66;
/// Shorter parts of an id occur in too many ids.
const PART: usize = 4;
/// Maximum number of suggested ids.
const PROPOSALS: usize = 3;

/// Whether two ids begin with similar words, or one contains the other: an id that shares the year
/// and the framework but not the authority is not meant.
fn begins_alike(id: &str, wanted: &str) -> bool {
    let first = |id: &str| id.split('-').next().unwrap_or_default().to_owned();
    wanted.len() >= PART && id.contains(wanted)
        || strsim::normalized_damerau_levenshtein(&first(id), &first(wanted)) >= LETTERS_ALIKE
}

/// The ids most similar to a given one, the likeliest first.
#[must_use]
pub fn ids_like(ids: &[String], id: &str) -> Vec<String> {
    let wanted = id.split('/').next().unwrap_or(id).to_lowercase();
    let mut near: Vec<(f64, &String)> = ids
        .iter()
        .map(|name| {
            let is_part = wanted.len() >= PART && name.contains(&wanted);
            let likeness = strsim::jaro_winkler(name, &wanted);
            (if is_part { likeness.max(1.0) } else { likeness }, name)
        })
        .filter(|(likeness, name)| *likeness >= LIKENESS && begins_alike(name, &wanted))
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    let best = near.into_iter().take(PROPOSALS);
    best.map(|(_, name)| name.clone()).collect()
}

/// The likeness of a part of a longer name to the whole: `Bournemouth` is near
/// `Bournemouth, Christchurch and Poole`.
const PART_ALIKE: f64 = 0.8;

/// The name most similar to what was typed, ignoring case, if any is similar enough: one letter in
/// three may differ.
pub fn nearest<'n>(names: impl IntoIterator<Item = &'n str>, typed: &str) -> Option<&'n str> {
    let typed = typed.to_lowercase();
    let names = names.into_iter().map(|name| {
        let low = name.to_lowercase();
        let likeness = strsim::normalized_damerau_levenshtein(&low, &typed);
        let is_part = typed.chars().count() >= PART && low.contains(&typed);
        (if is_part { likeness.max(PART_ALIKE) } else { likeness }, name)
    });
    let near = names.filter(|(likeness, _)| *likeness >= LETTERS_ALIKE);
    near.max_by(|(one, _), (other, _)| one.total_cmp(other)).map(|(_, name)| name)
}
