//! Answers drawn from counts: comparisons, timelines, authorities, grades, recommendations, distinctive words, concordances, coverage, what is new, the
//! reports held, whether paragraphs are as printed, and pictures of how they are; and reports as they are read.

pub mod agreement;
pub mod as_read;
pub mod authority;
pub mod batch;
pub mod committee;
pub mod compare;
pub mod concordance;
pub mod counts;
pub mod coverage;
pub mod digest;
pub mod distinctive;
pub mod evaluate;
pub mod grades;
pub mod held;
pub mod pages;
#[cfg(feature = "as-printed")]
pub mod printed;
pub mod recommendations;
pub mod timeline;
