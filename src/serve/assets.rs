//! The style sheet and the script, which are part of the program.

/// The style of every page.
pub(super) const STYLE: &str = include_str!("../render/html/page/site.css");

/// What pages do beyond what they do without it.
pub(super) const SCRIPT: &str = concat!(
    include_str!("../render/html/page/site.js"),
    include_str!("../render/html/page/saved.js")
);

/// The style of pages that are printed for a committee.
const COMMITTEE: &str = crate::render::html::STYLE;

/// The picture in a tab of a browser.
pub(super) const ICON: &str = include_str!("../render/html/page/icon.svg");

/// Stands for the contents of the files: other contents have another number (FNV-1a).
const CONTENTS: u64 = {
    let hash = hashed(0xcbf2_9ce4_8422_2325, STYLE.as_bytes());
    let hash = hashed(hash, COMMITTEE.as_bytes());
    hashed(hashed(hash, SCRIPT.as_bytes()), ICON.as_bytes())
};

const fn hashed(mut hash: u64, bytes: &[u8]) -> u64 {
    let mut at = 0;
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u64).wrapping_mul(0x0100_0000_01b3);
        at += 1;
    }
    hash
}

/// Names the contents of the files, so that they can be kept for ever under an address with it.
pub(super) fn version() -> String {
    format!("{CONTENTS:016x}")
}

/// A file by its name, with its media type.
pub(super) fn named(name: &str) -> Option<(&'static str, &'static str)> {
    match name {
        "site.css" => Some((STYLE, "text/css; charset=utf-8")),
        "committee.css" => Some((COMMITTEE, "text/css; charset=utf-8")),
        "site.js" => Some((SCRIPT, "text/javascript; charset=utf-8")),
        "icon.svg" => Some((ICON, "image/svg+xml")),
        _ => None,
    }
}
