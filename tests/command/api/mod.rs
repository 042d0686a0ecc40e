//! The API of `findings serve`.

mod described;
mod pages;
mod problems;
mod same;
pub(crate) mod served;
