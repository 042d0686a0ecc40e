//! What was perhaps meant by a name that nobody has.

/// Ids further from what was asked are no help.
const LIKENESS: f64 = 0.75;
/// Of three letters one may differ in what is proposed for a name.
const LETTERS_ALIKE: f64 = 0.66;
/// Shorter parts of an id are parts of too many.
const PART: usize = 4;
/// How many ids are proposed.
const PROPOSALS: usize = 3;

/// Whether two ids begin with words that are alike, or one holds the other: what has the year and
/// the framework in common but not the authority is not meant.
fn begins_alike(id: &str, wanted: &str) -> bool {
    let first = |id: &str| id.split('-').next().unwrap_or_default().to_owned();
    wanted.len() >= PART && id.contains(wanted)
        || strsim::normalized_damerau_levenshtein(&first(id), &first(wanted)) >= LETTERS_ALIKE
}

/// Those of some ids that look like one, the likest first: what was meant, perhaps.
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

/// How like a part of a longer name is to the whole: `Bournemouth` is near `Bournemouth,
/// Christchurch and Poole`.
const PART_ALIKE: f64 = 0.8;

/// The name most like what was typed, whatever the case, if any is like it at all: of three letters
/// one may differ.
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
