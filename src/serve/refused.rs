//! Names the parameters that refusals are about, where these do not know them.

use super::fault::Fault;
use crate::answer::distinctive::{DistinctiveError, Which};
use crate::ask::{AskError, Hint, Refusal};
use crate::render::html::page::AGAINST;
use findings_index::records::Attribute;

/// Names the parameter that a refusal is about.
pub(super) fn of(parameter: &'static str, fault: Fault) -> Fault {
    Fault::Of { parameter, fault: Box::new(fault) }
}

/// Names what a refusal of what is looked for is about: a topic is no condition there.
pub(super) fn of_subject(error: impl Into<AskError>) -> Fault {
    let error = error.into();
    let parameter = match &error {
        AskError::Refused(refusal) => match refusal.code {
            "nothing_asked" => "q",
            "not_standardised" => "standardise",
            "unknown_topic" => Attribute::Topic.name(),
            _ => return error.into(),
        },
        _ => return error.into(),
    };
    of(parameter, error.into())
}

/// Names the parameters of the second set.
pub(super) fn within(fault: impl Into<Fault>) -> Fault {
    Fault::Within { beginning: AGAINST, fault: Box::new(fault.into()) }
}

/// Says why two sets cannot be told apart, and what may help.
pub(super) fn refused(error: DistinctiveError) -> Fault {
    let message = error.to_string();
    let advice = |advice: &str| Hint::Advice(advice.to_owned());
    let refusal = match error {
        DistinctiveError::Search(error) => return error.into(),
        DistinctiveError::Asking(error) => return error.into(),
        DistinctiveError::Set { which: Which::First, source } => return of_subject(*source),
        DistinctiveError::Set { which: Which::Second, source } => {
            return within(of_subject(*source));
        }
        DistinctiveError::Empty { remarks, .. } => {
            let refusal = Refusal::new("nothing_to_compare", message);
            let told = remarks.iter().fold(refusal, |told, remark| told.hint(advice(&remark.text)));
            told.hint(Hint::Relax)
        }
        DistinctiveError::FewReports { .. } => Refusal::new("too_few_reports", message).hint(
            advice("leave a condition out, or ask for fewer with `least_reports`, from 2 on"),
        ),
        DistinctiveError::Same { .. } => Refusal::new("same_sets", message).hint(advice(
            "give the two sets conditions that differ: those of the second begin with `against_`",
        )),
    };
    AskError::from(refusal).into()
}
