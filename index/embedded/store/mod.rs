//! The index in its folder: what is written, how it is opened, and who may write.

pub(crate) mod history;
pub(crate) mod lock;
pub(crate) mod open;
pub(crate) mod schema;
pub(crate) mod shelf;
pub(crate) mod values;
pub(crate) mod writer;
