//! First questions over real reports; `tests/first/README.md` says how they are written.

use crate::first_questions::faults;
use crate::read::corpus;

#[test]
fn first_questions_over_real_reports_are_answered_as_they_are_meant() {
    let Some(corpus) = corpus() else { return };
    let faults = faults("corpus", &corpus.program);
    assert!(faults.is_empty(), "{} lines:\n{}", faults.len(), faults.join("\n"));
}
