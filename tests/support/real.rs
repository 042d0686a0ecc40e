//! Real reports, where there are some.

use std::env;
use std::io::{self, Write as _};
use std::path::PathBuf;

/// The folder that `FINDINGS_CORPUS` names; `None`, said aloud, where it names none.
pub(crate) fn reports() -> Option<PathBuf> {
    let folder = env::var_os("FINDINGS_CORPUS").map(PathBuf::from);
    if folder.is_none() {
        // Written past the harness, which shows nothing of tests that pass.
        let skipped = "SKIPPED: set FINDINGS_CORPUS to a folder of real reports to run this test\n";
        io::stderr().write_all(skipped.as_bytes()).unwrap();
    }
    folder
}
