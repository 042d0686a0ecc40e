//! The most that the score of a paragraph can be, as a script for the cluster.
//!
//! The script is the formula of [`crate::ranking`] with counts that the cluster knows: words are counted
//! exactly, and phrases and other shapes at most as often as the rarest of the words that they need. So
//! no paragraph scores more, and most score just that.

use super::Reader;
use crate::embedded::excerpt::{Frequencies, wanted};
use crate::engine::SearchError;
use crate::language::negation::Asked;
use crate::language::query::Query;
use crate::marking::shape::{Rule, Shape};
use crate::opensearch::plan::field_name;
use crate::planning::{Field, Places};
use crate::ranking::{
    ClauseWeights, ExpansionFrequency, Formula, Scoring, WordForm, WordRun, kind_factor,
    scored_clauses,
};
use crate::records::Kind;
use crate::request::Deadline;
use serde_json::{Map, Value, json};

/// A shape with more words than this is taken to occur as often as anything can.
const COUNTED: usize = 64;

/// One source for all searches, since a cluster compiles few; everything else is in its parameters.
const SCRIPT: &str = "
int id = (int) doc['length'].value;
double damping = params.damping[id];
double sum = 0;
double held = 0;
for (c in params.clauses) {
    double score = 0;
    boolean all = c.words.size() > 0;
    if (c.spelt != null) {
        double n = 0;
        for (way in c.spelt.ways) {
            double least = 1000000;
            for (word in way) {
                double times = 0;
                for (term in word.terms) { times += termFreq(word.field, term); }
                if (times < least) { least = times; }
            }
            n += least;
        }
        all = n > 0;
        if (all) { score = c.spelt.rarity * n * params.most / (n + damping); }
    }
    for (word in c.words) {
        int n = termFreq('stem', word.term);
        if (n > 0) { score += word.rarity * n * params.most / (n + damping); } else { all = false; }
    }
    if (c.ways != null) {
        if (c.words.size() > 0 || c.spelt != null) { score *= params.written; }
        double n = 0;
        for (way in c.ways.ways) {
            double least = 1000000;
            for (word in way) {
                double times = 0;
                for (term in word.terms) { times += termFreq(word.field, term); }
                if (times < least) { least = times; }
            }
            n += least;
        }
        if (n > 0) { score += c.ways.rarity * n * params.most / (n + damping); all = true; }
    }
    sum += score * c.weight;
    if (all) { held += c.rarity; }
}
double coverage = 1;
if (params.rarity > 0) { coverage = 1 - params.coverage + params.coverage * held / params.rarity; }
if (params.clauses.size() == 0) { sum = 1; }
double kind = 1;
if (params.kinds.containsKey(doc['kind'].value)) { kind = params.kinds.get(doc['kind'].value); }
double most = sum * coverage * params.factor[id] * kind * 1.000004;
return Math.floor(most * 1024 + 0.5) / 1024;
";

/// What decides scores in one index.
pub(super) struct Weighed {
    /// The frequencies of all terms that are counted.
    pub(super) frequencies: Frequencies,
    /// The script with its parameters.
    pub(super) script: Value,
}

impl Reader {
    /// Prepares the scores for a tree. `expansions` has one item for each part that has synonyms.
    pub(super) fn weighed(
        &self,
        query: &Query,
        asked: &Asked,
        expansions: &[ExpansionFrequency],
        deadline: &Deadline,
    ) -> Result<Weighed, SearchError> {
        let whole = self.whole()?;
        let terms = wanted(&whole, query, asked, expansions.len())?;
        let frequencies = self.frequencies_of(&terms, deadline)?;
        let paragraphs = whole.paragraphs.max(1);
        let frequency = |field: Field, word: &str| {
            let known = frequencies.get(&(field, word.to_owned())).copied();
            known.unwrap_or(0).min(paragraphs)
        };
        let mut planner = self.planner();
        let mut clauses = Vec::new();
        let mut formula = Vec::new();
        for clause in scored_clauses(query, &mut planner.stemmer) {
            let weight = clause.weight;
            let (weights, spelt, ways, words) = match &clause.scoring {
                Scoring::Words(counted) => {
                    let of_word = |form: WordForm, word: &str| {
                        Ok::<_, SearchError>(frequency(field_of(form), word))
                    };
                    let weights =
                        ClauseWeights::of_words(counted, weight, paragraphs, expansions, of_word)?;
                    (weights, runs(&counted.spelt), runs(&counted.ways), counted.words.clone())
                }
                Scoring::Places(shaped) => {
                    let places = planner.places(shaped)?;
                    let lists: Vec<u64> = places
                        .lists
                        .iter()
                        .map(|(field, words)| {
                            words.iter().map(|word| frequency(*field, word)).sum()
                        })
                        .collect();
                    let weights =
                        ClauseWeights::of_shape(&shaped.shape, &lists, weight, paragraphs);
                    (weights, Vec::new(), at_most(&places), Vec::new())
                }
            };
            clauses.push(written(&weights, &words, &spelt, &ways));
            formula.push((clause.text, weights));
        }
        let average = whole.words.max(1) as f32 / paragraphs as f32;
        let formula = Formula::new(formula, average);
        let kinds: Map<String, Value> = Kind::ALL
            .into_iter()
            .map(|kind| (kind.name().to_owned(), json!(kind_factor(kind))))
            .collect();
        let (damping, factor): (Vec<f32>, Vec<f32>) = formula.lengths().unzip();
        let constants = crate::ranking::constants();
        let script = json!({
            "source": SCRIPT,
            "params": {
                "clauses": clauses, "damping": damping, "factor": factor, "kinds": kinds,
                "rarity": formula.rarity(), "most": constants.saturated,
                "coverage": constants.coverage, "written": constants.written,
            },
        });
        Ok(Weighed { frequencies, script })
    }
}

fn field_of(form: WordForm) -> Field {
    match form {
        WordForm::Stem => Field::Stem,
        WordForm::Exact => Field::Exact,
    }
}

fn member(field: Field, terms: &[String]) -> Value {
    json!({"field": field_name(field), "terms": terms})
}

/// Runs of words: each occurs at most as often as the rarest of its words.
fn runs(runs: &[WordRun]) -> Vec<Value> {
    let each = runs.iter().map(|run| {
        let field = field_of(run.form);
        let words = run.words.iter().map(|(_, word)| member(field, std::slice::from_ref(word)));
        Value::Array(words.collect())
    });
    each.collect()
}

/// Ways in which a shape can begin: it occurs at most as often as all of them together.
fn at_most(places: &Places) -> Vec<Value> {
    let counted: usize = places.lists.iter().map(|(_, words)| words.len()).sum();
    if counted > COUNTED {
        // Nothing is asked of such a way, so it always occurs.
        return vec![json!([])];
    }
    ways(&places.shape, places)
}

fn ways(shape: &Shape, places: &Places) -> Vec<Value> {
    match shape {
        Shape::Words(list) => {
            let member = places.lists.get(*list).map(|(field, words)| member(*field, words));
            vec![Value::Array(member.into_iter().collect())]
        }
        Shape::Gap => Vec::new(),
        Shape::Affirmed { shape, .. } => ways(shape, places),
        Shape::AnyOf(alternatives) => {
            alternatives.iter().flat_map(|one| ways(one, places)).collect()
        }
        Shape::Sequence(parts) => {
            let plain: Vec<Value> = parts
                .iter()
                .filter(|part| matches!(part, Shape::Words(_)))
                .flat_map(|part| ways(part, places))
                .filter_map(|way| way.as_array().and_then(|way| way.first().cloned()))
                .collect();
            match parts.iter().find(|part| !matches!(part, Shape::Gap)) {
                _ if !plain.is_empty() => vec![Value::Array(plain)],
                Some(first) => ways(first, places),
                None => Vec::new(),
            }
        }
        Shape::Run { parts, rule: Rule::Near { ordered: true, .. }, .. } => {
            parts.first().map(|first| ways(first, places)).unwrap_or_default()
        }
        Shape::Run { parts, .. } => parts.iter().flat_map(|part| ways(part, places)).collect(),
    }
}

fn written(weights: &ClauseWeights, words: &[String], spelt: &[Value], ways: &[Value]) -> Value {
    let words: Vec<Value> = words
        .iter()
        .zip(&weights.words)
        .map(|(term, rarity)| json!({"term": term, "rarity": rarity}))
        .collect();
    let some = |rarity: Option<f32>, ways: &[Value]| match rarity {
        Some(rarity) => json!({"rarity": rarity, "ways": ways}),
        None => Value::Null,
    };
    json!({
        "weight": weights.weight, "rarity": weights.rarity, "words": words,
        "spelt": some(weights.spelt, spelt), "ways": some(weights.ways, ways),
    })
}
