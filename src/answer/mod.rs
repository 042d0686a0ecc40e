//! Answers drawn from counts: comparisons, timelines, grades, distinctive words, concordances, coverage, the
//! reports held, and whether paragraphs are as printed; and reports as they are read.

pub mod as_read;
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
