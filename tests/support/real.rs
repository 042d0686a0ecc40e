//! Real reports, if there are any.

use std::env;
use std::io::{self, Write as _};
use std::path::PathBuf;

/// The folder that `FINDINGS_CORPUS` names; `None`, with a message, if it is not set.
pub(crate) fn reports() -> Option<PathBuf> {
    let folder = env::var_os("FINDINGS_CORPUS").map(PathBuf::from);
    if folder.is_none() {
        // Written directly to standard error, because the harness hides the output of tests that
        // pass.
        let skipped = "SKIPPED: set FINDINGS_CORPUS to a folder of real reports to run this test\n";
        io::stderr().write_all(skipped.as_bytes()).unwrap();
    }
    folder
}
