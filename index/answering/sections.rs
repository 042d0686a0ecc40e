//! Counts sections as a tree of headings, opened where a filter asks for one.
//!
//! A flat list of the headings of all levels would be useless: there are thousands. So the
//! outermost headings are counted, and below each heading that a `section` filter selects, its
//! children: a user who chooses a heading sees what is in it.

use crate::language::query::HeadingWords;
use crate::records::BELOW;
use crate::request::FacetCount;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Counts headings, given the counts of whole paths. A value is the path from the outermost
/// heading; each is followed by its children, the most frequent first. The count of a parent
/// includes its children.
pub(crate) fn tree<'a>(
    paths: impl Iterator<Item = (&'a str, usize)>,
    opened: &[String],
) -> Vec<FacetCount> {
    let opened: Vec<HeadingWords> = opened.iter().map(|words| HeadingWords::new(words)).collect();
    let is_open = |heading: &str| opened.iter().any(|words| words.stand_in(heading));
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (path, count) in paths {
        let ends = ends(path);
        let headings: Vec<&str> = path.split(BELOW).collect();
        let shown = headings.iter().rposition(|heading| is_open(heading)).map_or(1, |at| at + 2);
        for end in ends.into_iter().take(shown) {
            *counts.entry(&path[..end]).or_default() += count;
        }
    }
    let place = |path: &str| -> Vec<(Reverse<usize>, bool, String)> {
        let above = ends(path).into_iter().map(|end| &path[..end]);
        above.map(|path| (Reverse(counts[path]), path.is_empty(), path.to_owned())).collect()
    };
    let mut paths: Vec<&str> = counts.keys().copied().collect();
    paths.sort_by_cached_key(|path| place(path));
    paths
        .into_iter()
        .map(|path| FacetCount {
            value: Some(path.to_owned()).filter(|path| !path.is_empty()),
            count: counts[path],
            chosen: path.rsplit(BELOW).next().is_some_and(is_open),
            excluded: false,
        })
        .collect()
}

/// Counts headings, given the counts of whole paths in each of which a heading is excluded: the
/// outermost of these, with all that is below it; in the order of their paths.
pub(crate) fn outermost<'a>(
    paths: impl Iterator<Item = (&'a str, usize)>,
    excluded: &[String],
) -> Vec<FacetCount> {
    let excluded: Vec<HeadingWords> =
        excluded.iter().map(|words| HeadingWords::new(words)).collect();
    let is_excluded = |heading: &str| excluded.iter().any(|words| words.stand_in(heading));
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (path, count) in paths.filter(|(_, count)| *count > 0) {
        let first = path.split(BELOW).position(is_excluded);
        let end = first.and_then(|at| ends(path).get(at).copied()).unwrap_or(path.len());
        *counts.entry(&path[..end]).or_default() += count;
    }
    let counts = counts.into_iter().map(|(path, count)| FacetCount {
        value: Some(path.to_owned()),
        count,
        chosen: false,
        excluded: false,
    });
    counts.collect()
}

/// The ends of the path of each heading above, and of the whole path.
fn ends(path: &str) -> Vec<usize> {
    path.match_indices(BELOW).map(|(at, _)| at).chain([path.len()]).collect()
}

#[cfg(test)]
mod tests {
    use super::{outermost, tree};

    const PATHS: [(&str, usize); 6] = [
        ("", 7),
        ("Care", 1),
        ("Care › Homes", 2),
        ("Care › Homes › Food", 4),
        ("Care › Schools", 8),
        ("Summary", 3),
    ];

    fn counted(opened: &[&str]) -> Vec<(Option<String>, usize)> {
        let opened: Vec<String> = opened.iter().map(|words| (*words).to_owned()).collect();
        let counts = tree(PATHS.into_iter(), &opened);
        counts.into_iter().map(|count| (count.value, count.count)).collect()
    }

    fn some(path: &str, count: usize) -> (Option<String>, usize) {
        (Some(path.to_owned()), count)
    }

    #[test]
    fn closed_tree_shows_the_outermost_headings_with_all_that_stands_below_them() {
        assert_eq!(counted(&[]), [some("Care", 15), (None, 7), some("Summary", 3)]);
    }

    #[test]
    fn chosen_heading_shows_its_children_below_it_and_no_grandchildren() {
        assert_eq!(
            counted(&["care"]),
            [
                some("Care", 15),
                some("Care › Schools", 8),
                some("Care › Homes", 6),
                (None, 7),
                some("Summary", 3),
            ]
        );
    }

    #[test]
    fn excluded_paths_are_counted_at_the_outermost_heading_that_is_excluded() {
        let excluded = ["homes", "food", "summary"].map(str::to_owned);
        let paths =
            PATHS.into_iter().filter(|(path, _)| path.contains("Homes") || *path == "Summary");
        let counts = outermost(paths, &excluded);
        let counts: Vec<_> = counts.into_iter().map(|count| (count.value, count.count)).collect();
        assert_eq!(counts, [some("Care › Homes", 6), some("Summary", 3)]);
    }

    #[test]
    fn inner_heading_opens_the_way_to_it() {
        assert_eq!(
            counted(&["homes"])[..3],
            [some("Care", 15), some("Care › Homes", 6), some("Care › Homes › Food", 4)]
        );
    }
}
