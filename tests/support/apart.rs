//! Tells two sets of paragraphs apart, given by filters alone.

use findings::answer::distinctive::{Asked, Order, Question};
use findings::ask::trace::Again;
use findings::cli::CommandLine;
use findings_index::language::query::Query;
use findings_index::request::Filters;

static DOOR: CommandLine = CommandLine { options: Vec::new() };

/// The question by what two sets differ.
pub(crate) fn question(sets: [Filters; 2], names: Vec<String>) -> Question<'static> {
    let sets = sets.map(|filters| Asked {
        said: "a set".to_owned(),
        conditions: String::new(),
        query: Query::All,
        passed_over: Vec::new(),
        unheld: Vec::new(),
        remarks: Vec::new(),
        named: filters.clone(),
        filters,
    });
    Question {
        sets,
        longest: 3,
        limit: 20,
        least_reports: None,
        order: Order::LogLikelihood,
        include: Vec::new(),
        names,
        again: Again { arguments: Vec::new(), command: "findings distinctive".to_owned() },
        door: &DOOR,
        asked: "2026-02-03T04:05:06Z".parse().unwrap(),
    }
}
