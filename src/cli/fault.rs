//! What went wrong, for programs: one JSON object that takes the place of the answer.
//!
//! Only where `--format json` (or `--json`) asks for it, and beside what people are told on stderr.

use super::Refusal;
use clap::ArgMatches;
use serde::Serialize;

/// An error as JSON.
#[derive(Debug, Serialize)]
pub(crate) struct Fault<'a> {
    error: Told<'a>,
}

#[derive(Debug, Serialize)]
struct Told<'a> {
    message: String,
    /// Causes, the nearest first.
    because: Vec<String>,
    /// A name for the kind of fault in a query; `null` where something else is wrong.
    code: Option<&'static str>,
    /// Where in what was typed it begins, in characters from 1.
    column: Option<usize>,
    /// The faulty part of what was typed, in characters from 0.
    span: Option<[usize; 2]>,
    typed: Option<&'a str>,
    /// What was typed with the faulty part put right, where there is a good guess.
    suggestion: Option<&'a str>,
    hints: &'a [String],
}

impl<'a> Fault<'a> {
    /// What there is to tell of an error.
    pub(crate) fn of(error: &'a anyhow::Error) -> Self {
        let refusal = error.downcast_ref::<Refusal>();
        let quoted = refusal.and_then(|refusal| refusal.quoted.as_ref());
        Self {
            error: Told {
                message: error.to_string(),
                because: error.chain().skip(1).map(ToString::to_string).collect(),
                code: quoted.and_then(|quoted| quoted.code),
                column: quoted.map(|quoted| quoted.span.start + 1),
                span: quoted.map(|quoted| [quoted.span.start, quoted.span.end]),
                typed: quoted.map(|quoted| quoted.typed.as_str()),
                suggestion: quoted.and_then(|quoted| quoted.suggestion.as_deref()),
                hints: refusal.map_or(&[], Refusal::hints),
            },
        }
    }
}

/// Whether the command that was typed, whichever it is, is to answer in one JSON object.
pub(crate) fn wants_json(typed: &ArgMatches) -> bool {
    let mut leaf = typed;
    while let Some((_, below)) = leaf.subcommand() {
        leaf = below;
    }
    let format = leaf.try_get_raw("format").ok().flatten();
    format.is_some_and(|mut values| values.any(|value| value == "json"))
        || leaf.try_get_one::<bool>("json").ok().flatten() == Some(&true)
}
