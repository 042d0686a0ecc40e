//! First questions over the samples; `tests/first/README.md` says how they are written.

use crate::built::Built;
use crate::first_questions::faults;

#[test]
fn first_questions_over_the_samples_are_answered_as_they_are_meant() {
    let faults = faults("samples", &Built::samples());
    assert!(faults.is_empty(), "{} lines:\n{}", faults.len(), faults.join("\n"));
}
