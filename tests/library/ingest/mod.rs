//! Tests builds of an index from folders of files.

mod feed;
mod history;
mod hostile;
mod incremental;
mod parts;
mod place;
#[cfg(unix)]
mod worker;
