//! Answers drawn from counts: comparisons, timelines, grades, distinctive words, concordances, coverage,
//! whether paragraphs are as printed, and pictures of how they are.

pub mod batch;
pub mod compare;
pub mod concordance;
pub mod counts;
pub mod coverage;
pub mod distinctive;
pub mod evaluate;
pub mod grades;
pub mod pages;
#[cfg(feature = "as-printed")]
pub mod printed;
pub mod timeline;
