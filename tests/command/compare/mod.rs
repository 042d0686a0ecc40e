//! Comparisons against plain counting: what is compared, how it is told, and what is refused.

mod answer;
mod command;
mod counts;
mod export;
mod made;
mod rendered;
