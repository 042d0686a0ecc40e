//! The API of `findings serve`.

mod described;
mod documented;
mod files;
mod pages;
mod problems;
mod same;
pub(crate) mod served;
