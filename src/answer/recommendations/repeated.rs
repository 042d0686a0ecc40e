//! Finds recommendations that an authority's next inspection makes again.
//!
//! Each inspection is compared with the next one of its series alone, and every recommendation of the
//! one with every one of the other, if they are made to the same body. What is connected so, over any
//! number of inspections, is one chain.

use super::alike::Wish;
use super::{Likeness, Link};
use findings_index::SearchError;
use findings_index::language::words::Stemmer;
use findings_index::ranking::meaning::Meaning;
use findings_index::records::ParagraphRecord;
use findings_index::request::Deadline;
use std::collections::{BTreeMap, HashMap, HashSet};

/// What was compared, and what was found to be the same.
#[derive(Default)]
pub(super) struct Compared {
    /// Number of pairs of inspections of which both make recommendations.
    pub(super) inspections: usize,
    /// The pairs of recommendations that ask for the same.
    pub(super) links: Vec<Link>,
    /// Ids of the recommendations that were compared with at least one other.
    pub(super) compared: HashSet<String>,
}

/// A recommendation, ready to be compared.
struct Made {
    id: String,
    wish: Wish,
    /// Whether it is made to a safeguarding board, which is another body than the authority.
    is_to_board: bool,
}

/// Whether a body is a safeguarding board.
fn is_board(body: &str) -> bool {
    let body = body.to_lowercase();
    body.contains("lscb") || (body.contains("safeguarding") && body.contains("board"))
}

/// Whether the recommendation only introduces those that have it for a parent.
pub(super) fn introduces(paragraph: &ParagraphRecord) -> bool {
    paragraph.text.trim_end().ends_with(':')
}

/// Compares the recommendations of each inspection with those of the next of its series. Those that
/// introduce others say too little by themselves, and are left out.
pub(super) fn compare(
    series: &[Vec<String>],
    recommendations: &[ParagraphRecord],
    table: Option<&Meaning>,
    deadline: &Deadline,
) -> Result<Compared, SearchError> {
    let parents: HashSet<&str> =
        recommendations.iter().filter_map(|own| own.parent.as_deref()).collect();
    let mut of_reports: HashMap<&str, Vec<&ParagraphRecord>> = HashMap::new();
    for own in recommendations {
        if !(introduces(own) && parents.contains(own.id.as_str())) {
            of_reports.entry(&own.report).or_default().push(own);
        }
    }
    let mut stemmer = Stemmer::default();
    let mut compared = Compared::default();
    for inspections in series {
        let mut before: Vec<Made> = Vec::new();
        for report in inspections {
            SearchError::in_time(deadline)?;
            let own = of_reports.remove(report.as_str()).unwrap_or_default();
            let made = |own: &ParagraphRecord| Made {
                id: own.id.clone(),
                wish: Wish::of(&own.text, table, &mut stemmer),
                is_to_board: own.addressee.as_deref().is_some_and(is_board),
            };
            let after: Vec<Made> = own.into_iter().map(made).collect();
            compared.add(&before, &after);
            before = after;
        }
    }
    Ok(compared)
}

impl Compared {
    /// Compares the recommendations of an inspection with those of the next.
    fn add(&mut self, before: &[Made], after: &[Made]) {
        if before.is_empty() || after.is_empty() {
            return;
        }
        self.inspections += 1;
        for earlier in before {
            for later in after.iter().filter(|later| later.is_to_board == earlier.is_to_board) {
                for one in [earlier, later] {
                    if !self.compared.contains(&one.id) {
                        self.compared.insert(one.id.clone());
                    }
                }
                let likeness = earlier.wish.likeness(&later.wish);
                if likeness.is_same() {
                    self.links.push(link(earlier, later, likeness));
                }
            }
        }
    }
}

fn link(earlier: &Made, later: &Made, likeness: Likeness) -> Link {
    Link { earlier: earlier.id.clone(), later: later.id.clone(), likeness }
}

/// Joins links that have a recommendation in common: each chain with its links, in their order.
pub(super) fn chains(links: Vec<Link>) -> Vec<Vec<Link>> {
    let mut chain_of: HashMap<String, usize> = HashMap::new();
    let mut chains: BTreeMap<usize, Vec<Link>> = BTreeMap::new();
    for (number, link) in links.into_iter().enumerate() {
        let mut joined = vec![link];
        let ends = |link: &Link| [link.earlier.clone(), link.later.clone()];
        for end in ends(&joined[0]) {
            let held = chain_of.get(&end).and_then(|held| chains.remove(held));
            joined.splice(0..0, held.into_iter().flatten());
        }
        for end in joined.iter().flat_map(ends) {
            chain_of.insert(end, number);
        }
        chains.insert(number, joined);
    }
    chains.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::{chains, is_board};
    use crate::answer::recommendations::{Likeness, Link};

    fn link(earlier: &str, later: &str) -> Link {
        let likeness = Likeness { closeness: Some(90), wording: 50, is_near_identical: false };
        Link { earlier: earlier.to_owned(), later: later.to_owned(), likeness }
    }

    #[test]
    fn what_is_connected_over_three_inspections_is_one_chain() {
        let links =
            [link("1/a", "2/a"), link("1/b", "2/b"), link("2/a", "3/a"), link("1/c", "2/b")];
        let found = chains(links.to_vec());
        let named: Vec<Vec<String>> = found
            .iter()
            .map(|chain| chain.iter().map(|l| format!("{}-{}", l.earlier, l.later)).collect())
            .collect();
        let expected: [&[&str]; 2] = [&["1/a-2/a", "2/a-3/a"], &["1/b-2/b", "1/c-2/b"]];
        assert_eq!(named, expected);
    }

    #[test]
    fn a_safeguarding_board_is_known_by_its_names() {
        assert!(is_board("Local Safeguarding Children Board"));
        assert!(is_board("The LSCB and health commissioners"));
        assert!(!is_board("Local authority"));
        assert!(!is_board("The partnership board"));
    }
}
