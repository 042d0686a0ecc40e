//! The style sheet and the script, which are part of the program.

use sha2::{Digest, Sha256};
use std::sync::LazyLock;

/// The style of every page.
pub(super) const STYLE: &str = include_str!("../render/html/page/site.css");

/// What pages do beyond what they do without it.
pub(super) const SCRIPT: &str = include_str!("../render/html/page/site.js");

/// The picture in a tab of a browser.
pub(super) const ICON: &str = include_str!("../render/html/page/icon.svg");

static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut hash = Sha256::new();
    for text in [STYLE, SCRIPT, ICON] {
        hash.update(text);
    }
    let mut version = hex::encode(hash.finalize());
    version.truncate(12);
    version
});

/// Names the contents of the files, so that they can be kept for ever under an address with it.
pub(super) fn version() -> &'static str {
    &VERSION
}

/// A file by its name, with its media type.
pub(super) fn named(name: &str) -> Option<(&'static str, &'static str)> {
    match name {
        "site.css" => Some((STYLE, "text/css; charset=utf-8")),
        "site.js" => Some((SCRIPT, "text/javascript; charset=utf-8")),
        "icon.svg" => Some((ICON, "image/svg+xml")),
        _ => None,
    }
}
