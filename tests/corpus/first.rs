//! First questions over real reports; `tests/first/README.md` says how they are written.

use crate::built::Built;
use crate::first_questions::faults;
use crate::real;

#[test]
fn first_questions_over_real_reports_are_answered_as_they_are_meant() {
    let Some(reports) = real::reports() else { return };
    let faults = faults("corpus", &Built::of(&reports));
    assert!(faults.is_empty(), "{} lines:\n{}", faults.len(), faults.join("\n"));
}
