//! Drops terms that say the same as another: parts of a longer phrase, and phrases cut differently.

use super::Candidate;

/// A longer phrase explains a part of it if it makes up this share of the part's occurrences.
const EXPLAINED: f64 = 0.75;

/// A phrase that contains a term already kept must set the sets apart by this much more (on the
/// scale of the log ratio) to be shown as well.
const MORE: f64 = 0.1;

/// Walks through the candidates, all of one set and the best first, and keeps up to `wanted`: one
/// of a phrase and its parts, and one of phrases that overlap. Returns the place of each that is
/// kept, with the texts of those it represents.
pub(super) fn reduce(candidates: &[Candidate], wanted: usize) -> Vec<(usize, Vec<String>)> {
    let mut kept: Vec<(usize, Vec<String>)> = Vec::new();
    for (at, own) in candidates.iter().enumerate() {
        let covering = kept.iter().position(|(other, _)| covers(&candidates[*other], own));
        if let Some(place) = covering {
            let (other, stands_for) = &mut kept[place];
            if !explains(own, &candidates[*other]) {
                stands_for.push(own.term.text.clone());
                continue;
            }
            // The longer phrase takes the place of all its parts.
            let mut own_parts = Vec::new();
            kept.retain_mut(|(other, stands_for)| {
                let is_part = explains(own, &candidates[*other]);
                if is_part {
                    own_parts.push(candidates[*other].term.text.clone());
                    own_parts.append(stands_for);
                }
                !is_part
            });
            kept.push((at, own_parts));
            continue;
        }
        if kept.len() < wanted {
            kept.push((at, Vec::new()));
        }
    }
    kept.sort_unstable_by_key(|(at, _)| *at);
    kept
}

/// Whether one of the two makes the other superfluous, where `there` is already kept.
fn covers(there: &Candidate, new: &Candidate) -> bool {
    explains(there, new)
        || explains(new, there)
        || (holds(&new.term.stems, &there.term.stems)
            && new.table.log_ratio().abs() < there.table.log_ratio().abs() + MORE)
        || overlaps(there, new)
}

/// Whether the longer phrase makes up most occurrences of the shorter.
fn explains(longer: &Candidate, shorter: &Candidate) -> bool {
    let [long, short] = [longer, shorter].map(|candidate| candidate.own_count() as f64);
    holds(&longer.term.stems, &shorter.term.stems) && long >= EXPLAINED * short
}

fn holds(longer: &[String], shorter: &[String]) -> bool {
    longer.len() > shorter.len() && longer.windows(shorter.len()).any(|part| part == shorter)
}

/// Whether two phrases of the same length share all but their ends and occur about equally often:
/// `multi agency working` and `agency working together`.
fn overlaps(one: &Candidate, other: &Candidate) -> bool {
    let (a, b) = (&one.term.stems, &other.term.stems);
    let shared = a.len() - 1;
    let [one, other] = [one, other].map(|candidate| candidate.own_count() as f64);
    a.len() == b.len()
        && a.len() > 2
        && (a[1..] == b[..shared] || b[1..] == a[..shared])
        && one.min(other) >= EXPLAINED * one.max(other)
}

#[cfg(test)]
mod tests {
    use super::super::Candidate;
    use super::super::chance::Chance;
    use super::super::dispersion::Part;
    use super::super::keyness::Table;
    use super::reduce;
    use findings_index::request::terms::{Term, TermCount};

    fn candidate(text: &str, counts: [u64; 2]) -> Candidate {
        let term = Term {
            text: text.to_owned(),
            stems: text.split(' ').map(str::to_owned).collect(),
            forms: Vec::new(),
            is_name: false,
            counts: counts.map(|count| TermCount { count, ..TermCount::default() }),
            sections: Vec::new(),
        };
        Candidate {
            term,
            table: Table { counts, words: [10_000, 10_000] },
            most: [Part { count: 0, words: 0 }; 2],
            dispersion: [None; 2],
            chance: Chance::NO_MORE,
        }
    }

    fn reduced(candidates: &[Candidate]) -> Vec<(&str, Vec<String>)> {
        let kept = reduce(candidates, 5).into_iter();
        kept.map(|(at, stands_for)| (&*candidates[at].term.text, stands_for)).collect()
    }

    #[test]
    fn a_phrase_stands_for_its_parts_whichever_comes_first() {
        let long = candidate("multi agency working", [80, 5]);
        let part = candidate("agency working", [90, 6]);
        for order in [[&long, &part], [&part, &long]] {
            let order: Vec<Candidate> = order.into_iter().cloned().collect();
            let kept = reduced(&order);
            assert_eq!(kept, [("multi agency working", vec!["agency working".to_owned()])]);
        }
    }

    #[test]
    fn a_phrase_takes_the_place_of_all_its_parts() {
        let order = [
            candidate("agency working", [90, 6]),
            candidate("multi agency", [88, 6]),
            candidate("multi agency working", [80, 5]),
        ];
        let parts = vec!["agency working".to_owned(), "multi agency".to_owned()];
        assert_eq!(reduced(&order), [("multi agency working", parts)]);
    }

    #[test]
    fn a_word_that_mostly_stands_elsewhere_is_shown_as_well() {
        let kept = [candidate("drift", [90, 5]), candidate("drift and delay", [30, 0])];
        let kept = reduced(&kept).len();
        assert_eq!(kept, 2);
    }

    #[test]
    fn a_longer_phrase_that_adds_nothing_is_not_shown() {
        let kept = [candidate("drift", [90, 10]), candidate("drift remains", [18, 2])];
        assert_eq!(reduced(&kept), [("drift", vec!["drift remains".to_owned()])]);
    }

    #[test]
    fn phrases_cut_otherwise_are_one() {
        let kept =
            [candidate("local board members", [40, 0]), candidate("board members attend", [38, 0])];
        assert_eq!(reduced(&kept).len(), 1);
    }
}
