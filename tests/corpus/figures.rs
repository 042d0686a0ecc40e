//! The figures of comparisons of real reports, computed once more by `tests/figures/recompute.py`.

use crate::built::Built;
use crate::figures_again::{again, timeline_again};
use crate::read::corpus;

#[test]
fn figures_of_real_reports_are_those_of_plain_iteration_over_the_export() {
    let Some(corpus) = corpus() else { return };
    let built: &Built = &corpus.program;
    for (subject, by) in [
        ("topic:missing_rhi", "region"),
        ("topic:missing_rhi", "authority"),
        ("topic:caseloads", "overall"),
        ("topic:caseloads", "year"),
        ("supervision", "framework"),
    ] {
        again(built, subject, by);
    }
    for authority in ["Barnet", "Southampton", "Manchester"] {
        timeline_again(built, "topic:missing_rhi", authority);
    }
}
