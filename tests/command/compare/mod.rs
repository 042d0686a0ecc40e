//! Tests of comparisons: what is counted, how it is shown, and what is refused.

mod answer;
mod command;
mod counts;
mod export;
mod made;
mod page;
mod rendered;
