//! What a question states and what it negates.

use super::rules::{ASKING, PARTICIPLES, STATING};
use super::{Negations, Rules};
use crate::language::grammar::is_function_word;
use crate::language::words::{self, Stemmer, Word};
use serde::{Deserialize, Serialize};

/// What a question says of one of its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// It states it.
    Stated,
    /// It says something else of it: it is what a statement is about, or what stands farther from its
    /// verb.
    Subject,
    /// It negates it, by words that a search skips ("not", "no").
    Negated,
    /// It says that it is wanting ("without").
    Wanting,
    /// It negates it by words that are searched for ("lack of"), so that nothing is left to decide.
    Either,
}

impl Said {
    /// Whether it is negated by words that a search skips.
    #[must_use]
    pub fn negates(self) -> bool {
        matches!(self, Self::Negated | Self::Wanting)
    }
}

/// How something is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// By naming it ("return interviews").
    #[default]
    Name,
    /// By stating it ("children know their rights").
    Statement,
    /// By asking whether or how it is ("do children know their rights?").
    Question,
}

/// A word of a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedWord {
    /// As it was typed.
    pub text: String,
    /// Its stem.
    pub stem: String,
    /// What is said of it.
    pub said: Said,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Asked {
    /// How it is asked for.
    pub form: Form,
    /// The words that say what it is about, each once.
    pub words: Vec<AskedWord>,
}

impl Asked {
    /// Whether any of its words is negated.
    #[must_use]
    pub fn negates(&self) -> bool {
        self.words.iter().any(|word| word.said.negates())
    }

    /// Reads what was typed.
    #[must_use]
    pub fn read(typed: &str, stemmer: &mut Stemmer) -> Self {
        let Negations { words: scopes, triggers } = Rules::default().negations(typed);
        let (form, verb) = form(typed);
        // How many words a statement may still state, from its verb on.
        let mut left = STATED;
        let mut asked: Vec<AskedWord> = Vec::new();
        for (position, word) in words::scan(typed).enumerate() {
            // The halves of "don't" are no words by themselves.
            let is_half = triggers.iter().any(|(at, half)| {
                half.raw.eq_ignore_ascii_case("t") && (*at == position || *at == position + 1)
            });
            if word.possessive || is_half || is_function_word(word.raw) {
                continue;
            }
            let mut stem = words::fold(word.raw);
            stemmer.stem_in_place(&mut stem);
            let said = match scopes.iter().find(|word| word.position == position) {
                None if form == Form::Statement && (position < verb || left == 0) => Said::Subject,
                None => {
                    left = left.saturating_sub(1);
                    Said::Stated
                }
                Some(word) if word.by_grammar => {
                    let negates = triggers.iter().rev().find(|(at, _)| *at < position);
                    let is_without =
                        |(_, by): &(usize, Word<'_>)| by.raw.eq_ignore_ascii_case("without");
                    if negates.is_some_and(is_without) { Said::Wanting } else { Said::Negated }
                }
                Some(_) => Said::Either,
            };
            if !asked.iter().any(|other| other.stem == stem) {
                asked.push(AskedWord { text: word.raw.to_owned(), stem, said });
            }
        }
        Self { form, words: asked }
    }
}

/// How many words a statement states: its verb, and what stands next to it.
const STATED: usize = 2;

/// How something is asked for, and where its verb is: a statement has one, which is known by what stands
/// around it.
fn form(typed: &str) -> (Form, usize) {
    let words = words::exact(typed);
    let is_one_of =
        |at: usize, listed: &[&str]| words.get(at).is_some_and(|w| listed.contains(&w.as_str()));
    if typed.trim_end().ends_with('?') || is_one_of(0, ASKING) {
        return (Form::Question, 0);
    }
    let is_verb = |at: usize| {
        let is_participle =
            is_one_of(at, PARTICIPLES) || (words[at].len() > 4 && words[at].ends_with("ed"));
        // A participle is one before nothing that it could belong to ("visited regularly").
        let ends = at > 0 && at + 1 == words.len();
        let is_told = ends || words.get(at + 1).is_some_and(|next| next.ends_with("ly"));
        (at > 0 && is_one_of(at, STATING))
            || (is_participle && (is_told || is_one_of(at + 1, &["by"])))
    };
    match (0..words.len()).find(|at| is_verb(*at)) {
        Some(verb) => (Form::Statement, verb),
        None => (Form::Name, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::{Asked, Form, Said};
    use crate::language::words::Stemmer;

    fn said(typed: &str) -> Vec<(String, Said)> {
        let asked = Asked::read(typed, &mut Stemmer::default()).words;
        asked.into_iter().map(|word| (word.text, word.said)).collect()
    }

    #[test]
    fn a_question_says_what_it_negates() {
        use Said::{Either, Negated, Stated, Subject, Wanting};
        let word = |text: &str, said| (text.to_owned(), said);
        let rights = [word("children", Subject), word("know", Negated), word("rights", Negated)];
        assert_eq!(said("children who do not know their rights"), rights);
        assert_eq!(said("children don’t know their rights"), rights);
        assert_eq!(said("children dont know their rights"), rights);
        assert_eq!(
            said("lack of supervision"),
            [word("lack", Stated), word("supervision", Either)]
        );
        assert_eq!(said("no visits"), [word("visits", Negated)]);
        assert_eq!(said("without delay"), [word("delay", Wanting)]);
        assert_eq!(said("never seen alone"), [word("seen", Negated), word("alone", Negated)]);
        assert_eq!(said("no. of visits"), [word("visits", Stated)]);
        let seen = [word("children", Subject), word("seen", Stated), word("alone", Stated)];
        assert_eq!(said("children are seen alone"), seen);
        assert_eq!(said("children's homes"), [word("children", Stated), word("homes", Stated)]);
    }

    #[test]
    fn names_statements_and_questions_are_told_apart() {
        let form = |typed: &str| Asked::read(typed, &mut Stemmer::default()).form;
        for name in [
            "return interviews",
            "strategy discussions without police",
            "",
            "placed children",
            "challenge and escalation",
            "children missing from care",
            "care leavers in custody",
        ] {
            assert_eq!(form(name), Form::Name, "{name}");
        }
        for statement in [
            "supervision is regular",
            "children know their rights",
            "views are heard",
            "decisions recorded",
            "workers visited regularly",
            "plans informed by evidence",
            "staff receive training",
            "records are not kept",
        ] {
            assert_eq!(form(statement), Form::Statement, "{statement}");
        }
        for question in [
            "do children know their rights",
            "are plans shared",
            "who visits",
            "plans are shared?",
            "how good is supervision",
        ] {
            assert_eq!(form(question), Form::Question, "{question}");
        }
    }
}
