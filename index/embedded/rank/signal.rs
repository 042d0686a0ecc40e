//! Reads from a tree what makes a match good: its words and phrases, but no conditions.

use super::{TOGETHER, idf};
use crate::embedded::plan::{Planner, Vocabulary};
use crate::language::lexicon::{is_function_word, is_spelling};
use crate::language::query::{Part, Query};
use crate::language::words::stems_from_first;
use crate::request::Expansion;
use tantivy::query::{Bm25StatisticsProvider, EnableScoring, Weight};
use tantivy::schema::{Field, Term};
use tantivy::{BitSet, DocAddress, Searcher};

/// The rarity of something whose paragraphs were not counted: that of a word in one paragraph out
/// of a hundred and fifty.
const USUAL_RARITY: f32 = 5.0;

/// A run of words, with the distance of each from the first.
pub(super) struct Way {
    pub(super) terms: Vec<(u32, Term)>,
}

/// What of a paragraph is scored for one part of the tree.
pub(super) enum What {
    Words {
        /// Words by themselves, with their rarity.
        words: Vec<(Term, f32)>,
        /// Instead of them, the spellings of one word, and their rarity.
        spelt: Option<(Vec<Way>, f32)>,
        /// Ways of saying it that count together.
        ways: Vec<Way>,
    },
    /// Left to the engine.
    Engine(Box<dyn Weight>),
}

/// One part of what was asked.
pub(super) struct Signal {
    /// As printed.
    pub(super) said: String,
    pub(super) weight: f32,
    pub(super) rarity: f32,
    pub(super) together: f32,
    pub(super) what: What,
}

enum Sketch {
    Words { words: Vec<Term>, spelt: Vec<Way>, ways: Vec<Way>, counted: Option<Paragraphs> },
    Engine(Box<dyn Weight>),
}

/// What was asked, read from a tree.
pub(crate) struct Asked {
    parts: Vec<(String, f32, Sketch)>,
}

/// Where something with other ways of saying it stands, in every segment.
pub(crate) struct Standing {
    /// As written.
    pub(crate) written: String,
    /// Where it stands as written.
    pub(crate) as_written: Vec<BitSet>,
    /// The other ways, and where they stand.
    pub(crate) also: Vec<(String, Vec<BitSet>)>,
    /// In how many paragraphs it stands.
    pub(crate) paragraphs: Paragraphs,
}

/// In how many paragraphs something with other ways of saying it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Paragraphs {
    /// In any way.
    any: u64,
    /// In any spelling of what was written.
    spelt: u64,
}

/// Matches that hold one way of saying something.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Brought {
    pub(crate) holding: usize,
    /// Those that do not hold what was written.
    pub(crate) alone: usize,
}

impl Standing {
    /// Nothing brought yet by any way.
    pub(crate) fn nothing(&self) -> Vec<Brought> {
        vec![Brought::default(); self.also.len()]
    }

    /// Counts what brought a match.
    pub(crate) fn tell(&self, match_: DocAddress, brought: &mut [Brought]) {
        let segment = match_.segment_ord as usize;
        let is_written = self.as_written[segment].contains(match_.doc_id);
        for ((_, documents), brought) in self.also.iter().zip(brought) {
            let holds = documents[segment].contains(match_.doc_id);
            brought.holding += usize::from(holds);
            brought.alone += usize::from(holds && !is_written);
        }
    }

    /// What was searched beside what was written, and what it brought.
    pub(crate) fn expansions(all: &[Self], brought: &[Vec<Brought>]) -> Vec<Expansion> {
        let each = all.iter().zip(brought).flat_map(|(standing, brought)| {
            standing.also.iter().zip(brought).map(|((also, _), brought)| Expansion {
                written: standing.written.clone(),
                also: also.clone(),
                count: brought.holding,
                alone: brought.alone,
            })
        });
        each.collect()
    }
}

/// Looks up where the parts of a tree stand that have other ways of saying them, in the order met.
pub(crate) fn standing<V: Vocabulary>(
    query: &Query,
    planner: &mut Planner<'_, V>,
    searcher: &Searcher,
) -> Result<Vec<Standing>, V::Error>
where
    V::Error: From<tantivy::TantivyError>,
{
    let mut found = Vec::new();
    for (clause, also) in expanded(query) {
        let mut any = nowhere(searcher);
        let as_written = documents(clause, planner, searcher, &mut any)?;
        let count = |documents: &[BitSet]| documents.iter().map(|some| some.len() as u64).sum();
        // Spellings come first, so that what stands in any way so far stands in one of them.
        let (spellings, others) = by_spelling(clause, also);
        let mut documents_of = |ways: Vec<&Query>, any: &mut [BitSet]| {
            let each = ways.into_iter();
            let each = each.map(|way| Ok((said(way), documents(way, planner, searcher, any)?)));
            each.collect::<Result<Vec<_>, V::Error>>()
        };
        let mut ways = documents_of(spellings, &mut any)?;
        let spelt = count(&any);
        ways.extend(documents_of(others, &mut any)?);
        let paragraphs = Paragraphs { any: count(&any), spelt };
        found.push(Standing { written: said(clause), as_written, also: ways, paragraphs });
    }
    Ok(found)
}

/// The expanded parts of a tree that are wanted, in the order met.
fn expanded(query: &Query) -> Vec<(&Query, &[Query])> {
    let mut found = Vec::new();
    let mut open = vec![query];
    while let Some(query) = open.pop() {
        match query {
            Query::Expanded { clause, also, .. } => found.push((&**clause, also.as_slice())),
            Query::Not { .. } => {}
            other => open.extend(other.clauses().rev()),
        }
    }
    found
}

/// No documents, in every segment.
fn nowhere(searcher: &Searcher) -> Vec<BitSet> {
    let segments = searcher.segment_readers().iter();
    segments.map(|segment| BitSet::with_max_value(segment.max_doc())).collect()
}

/// The living paragraphs of a query, in every segment; they are added to those of `any` as well.
fn documents<V: Vocabulary>(
    query: &Query,
    planner: &mut Planner<'_, V>,
    searcher: &Searcher,
    any: &mut [BitSet],
) -> Result<Vec<BitSet>, V::Error>
where
    V::Error: From<tantivy::TantivyError>,
{
    let planned = planner.tree(query)?;
    let weight = planned.weight(EnableScoring::disabled_from_searcher(searcher))?;
    let mut found = nowhere(searcher);
    for ((reader, found), any) in searcher.segment_readers().iter().zip(&mut found).zip(any) {
        weight.for_each_no_score(reader, &mut |docs| {
            for doc in docs.iter().filter(|doc| !reader.is_deleted(**doc)) {
                found.insert(*doc);
                any.insert(*doc);
            }
        })?;
    }
    Ok(found)
}

/// A part of a tree as it is shown.
pub(crate) fn said(query: &Query) -> String {
    match query {
        Query::Word { text, .. } => text.clone(),
        other => other.to_string(),
    }
}

impl Asked {
    /// Reads a tree.
    pub(crate) fn read<V: Vocabulary>(
        query: &Query,
        planner: &mut Planner<'_, V>,
        scoring: EnableScoring<'_>,
        standing: &[Standing],
    ) -> Result<Self, V::Error>
    where
        V::Error: From<tantivy::TantivyError>,
    {
        let mut asked = Self { parts: Vec::new() };
        let mut counted = standing.iter().map(|standing| standing.paragraphs);
        asked.add(query, 1.0, planner, scoring, &mut counted)?;
        asked.pass_over();
        Ok(asked)
    }

    fn add<V: Vocabulary>(
        &mut self,
        query: &Query,
        weight: f32,
        planner: &mut Planner<'_, V>,
        scoring: EnableScoring<'_>,
        counted: &mut dyn Iterator<Item = Paragraphs>,
    ) -> Result<(), V::Error>
    where
        V::Error: From<tantivy::TantivyError>,
    {
        let sketch = match query {
            Query::All | Query::Field { .. } | Query::Not { .. } => return Ok(()),
            Query::And { clauses, .. } | Query::Or { clauses, .. } => {
                for clause in clauses {
                    self.add(clause, weight, planner, scoring, counted)?;
                }
                return Ok(());
            }
            Query::Boost { clause, weight: more, .. } => {
                return self.add(clause, weight * more, planner, scoring, counted);
            }
            Query::Word { text, .. } => {
                let way = stemmed(text, planner);
                match way.terms.as_slice() {
                    [] => return Ok(()),
                    [(_, word)] => Sketch::of_words(vec![word.clone()], Vec::new()),
                    _ => Sketch::of_words(Vec::new(), vec![way]),
                }
            }
            Query::Phrase { parts, within: None, .. } if parts.iter().all(is_plain) => {
                Sketch::of_words(Vec::new(), vec![as_written(parts, planner.fields.exact)])
            }
            Query::Expanded { clause, also, .. } => {
                let texts = texts_of(clause);
                let written = texts.join(" ");
                let (spellings, others) = by_spelling(clause, also);
                let mut ways_of = |ways: &[&Query]| {
                    let also = ways.iter().filter_map(|way| word(way));
                    let ways = [written.as_str()].into_iter().chain(also);
                    let ways = ways.map(|text| stemmed(text, planner));
                    ways.filter(|way| !way.terms.is_empty()).collect::<Vec<_>>()
                };
                let (mut words, mut spelt, mut ways) = (Vec::new(), Vec::new(), Vec::new());
                if !spellings.is_empty() {
                    spelt = ways_of(&spellings);
                }
                if spelt.is_empty() || !others.is_empty() {
                    ways = ways_of(&[spellings.as_slice(), &others].concat());
                }
                if spelt.is_empty() {
                    let is_telling = |text: &&str| !is_function_word(text);
                    let telling: Vec<&str> = texts.iter().copied().filter(is_telling).collect();
                    for text in if telling.is_empty() { &texts } else { &telling } {
                        let terms = stemmed(text, planner).terms.into_iter();
                        words.extend(terms.map(|(_, term)| term));
                    }
                }
                Sketch::Words { words, spelt, ways, counted: counted.next() }
            }
            Query::Phrase { .. }
            | Query::Wildcard { .. }
            | Query::Fuzzy { .. }
            | Query::Near { .. } => Sketch::Engine(planner.tree(query)?.weight(scoring)?),
        };
        let said = match query {
            Query::Expanded { clause, .. } => said(clause),
            query => said(query),
        };
        if !self.parts.iter().any(|(held, ..)| *held == said) {
            self.parts.push((said, weight, sketch));
        }
        Ok(())
    }

    /// Function words score nothing beside others.
    fn pass_over(&mut self) {
        let is_passed = |(said, ..): &(String, f32, Sketch)| is_function_word(said);
        if !self.parts.iter().all(is_passed) {
            self.parts.retain(|part| !is_passed(part));
        }
    }

    /// Weighs what was asked by its rarity.
    pub(super) fn signals(
        self,
        statistics: &dyn Bm25StatisticsProvider,
    ) -> tantivy::Result<Vec<Signal>> {
        let paragraphs = statistics.total_num_docs()?.max(1);
        let rarity_of =
            |term: &Term| tantivy::Result::Ok(idf(statistics.doc_freq(term)?, paragraphs));
        let signals = self.parts.into_iter().map(|(said, weight, sketch)| {
            let (rarity, together, what) = match sketch {
                Sketch::Engine(engine) => (USUAL_RARITY, 0.0, What::Engine(engine)),
                Sketch::Words { words, spelt, ways, counted } => {
                    let mut weighed = Vec::with_capacity(words.len());
                    for term in words {
                        let rarity = rarity_of(&term)?;
                        weighed.push((term, rarity));
                    }
                    let (rarity, together) = match (counted, ways.as_slice()) {
                        (Some(count), _) => {
                            let rarity = idf(count.any, paragraphs);
                            (rarity, TOGETHER * weighed.len().max(1) as f32 * rarity)
                        }
                        (None, [way]) => {
                            let mut rarity = 0.0;
                            for (_, term) in &way.terms {
                                rarity += rarity_of(term)?;
                            }
                            (rarity, rarity)
                        }
                        (None, _) => (weighed.iter().map(|(_, rarity)| rarity).sum(), 0.0),
                    };
                    let spelt = counted
                        .filter(|_| !spelt.is_empty())
                        .map(|count| (spelt, idf(count.spelt, paragraphs)));
                    (rarity, together, What::Words { words: weighed, spelt, ways })
                }
            };
            Ok(Signal { said, weight, rarity, together, what })
        });
        signals.collect()
    }
}

impl Sketch {
    /// Of words, or ways of saying it, of which none were counted.
    fn of_words(words: Vec<Term>, ways: Vec<Way>) -> Self {
        Self::Words { words, spelt: Vec::new(), ways, counted: None }
    }
}

/// The words of what has other ways of saying it, as written.
fn texts_of(clause: &Query) -> Vec<&str> {
    match clause {
        Query::And { clauses, .. } => clauses.iter().filter_map(word).collect(),
        other => word(other).into_iter().collect(),
    }
}

/// Other ways of saying it that are only other spellings, and those that are more.
fn by_spelling<'q>(clause: &Query, also: &'q [Query]) -> (Vec<&'q Query>, Vec<&'q Query>) {
    let written = texts_of(clause).join(" ");
    also.iter().partition(|way| word(way).is_some_and(|way| is_spelling(&written, way)))
}

fn is_plain(part: &Part) -> bool {
    matches!(part, Part::Word(_))
}

fn word(query: &Query) -> Option<&str> {
    match query {
        Query::Word { text, .. } => Some(text),
        _ => None,
    }
}

fn stemmed<V>(text: &str, planner: &mut Planner<'_, V>) -> Way {
    let field = planner.fields.stem;
    let stems = stems_from_first(text, &mut planner.stemmer).into_iter();
    let distance = |distance: usize| u32::try_from(distance).unwrap_or(u32::MAX);
    let terms = stems.map(|(far, stem)| (distance(far), Term::from_field_text(field, &stem)));
    Way { terms: terms.collect() }
}

fn as_written(parts: &[Part], field: Field) -> Way {
    let words = parts.iter().filter_map(|part| match part {
        Part::Word(word) => Some(Term::from_field_text(field, word)),
        _ => None,
    });
    Way { terms: (0..).zip(words).collect() }
}
