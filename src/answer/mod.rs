//! Answers drawn from counts: comparisons, timelines, grades, distinctive words, concordances, coverage, the
//! reports held, and whether paragraphs are as printed.

pub mod batch;
pub mod compare;
pub mod concordance;
pub mod counts;
pub mod coverage;
pub mod distinctive;
pub mod evaluate;
pub mod grades;
pub mod held;
pub mod pages;
pub mod timeline;
