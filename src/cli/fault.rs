//! What went wrong, for programs: one JSON object that takes the place of the answer.
//!
//! It is written only where `--format json` (or `--json`) asks for it, and in addition to what
//! people read on stderr.

use super::Refusal;
use super::advice::advice;
use clap::ArgMatches;
use serde::Serialize;

/// An error as JSON.
#[derive(Debug, Serialize)]
pub(crate) struct Fault {
    error: Told,
}

#[derive(Debug, Serialize)]
struct Told {
    message: String,
    /// The causes, the nearest first.
    because: Vec<String>,
    /// A name for the kind of fault; `null` where it has none.
    code: Option<&'static str>,
    /// Where the faulty part of what was typed begins, in characters from 1.
    column: Option<usize>,
    /// The faulty part of what was typed, in characters from 0.
    span: Option<[usize; 2]>,
    typed: Option<String>,
    /// What was typed with the faulty part corrected, or the value of the option, where there is a
    /// good guess.
    suggestion: Option<String>,
    hints: Vec<String>,
}

impl Fault {
    /// Describes an error.
    pub(crate) fn of(error: &anyhow::Error) -> Self {
        let refusal = Refusal::of(error);
        let quoted = refusal.as_ref().and_then(|refusal| refusal.quoted.as_ref());
        let mut hints = refusal.as_ref().map_or(&[][..], Refusal::hints).to_vec();
        hints.extend(advice(error));
        Self {
            error: Told {
                message: refusal.as_ref().map_or_else(|| error.to_string(), ToString::to_string),
                because: error.chain().skip(1).map(ToString::to_string).collect(),
                code: refusal.as_ref().and_then(|refusal| refusal.code),
                column: quoted.map(|quoted| quoted.span.start + 1),
                span: quoted.map(|quoted| [quoted.span.start, quoted.span.end]),
                typed: quoted.map(|quoted| quoted.typed.clone()),
                suggestion: refusal.as_ref().and_then(Refusal::suggestion).map(str::to_owned),
                hints,
            },
        }
    }
}

/// Whether the command that was typed, whichever it is, is to answer with one JSON object.
pub(crate) fn wants_json(typed: &ArgMatches) -> bool {
    let mut leaf = typed;
    while let Some((_, below)) = leaf.subcommand() {
        leaf = below;
    }
    let format = leaf.try_get_raw("format").ok().flatten();
    format.is_some_and(|mut values| values.any(|value| value == "json"))
        || leaf.try_get_one::<bool>("json").ok().flatten() == Some(&true)
}
