//! Compiled in from the package, so that the other side of a bench has the same words and fields.

#[path = "../../language/alike.rs"]
pub mod alike;
#[path = "../../language/words.rs"]
pub mod words;
