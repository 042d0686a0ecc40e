//! Conditions that are set, each as a link that removes it.

use crate::ask::Conditions;
use crate::render::clean;
use maud::{Markup, html};

/// Writes links that remove conditions: each has a name and the conditions that are left without it.
/// `address` is that of the page under other conditions.
pub(super) fn removals(
    each: &[(String, Conditions)],
    address: impl Fn(Conditions) -> String,
) -> Markup {
    html! {
        @if !each.is_empty() {
            ul.chosen {
                @for (named, left) in each {
                    li { a href=(address(left.clone())) { "Remove: " (clean::line(named)) } }
                }
                @if each.len() > 1 {
                    li { a href=(address(Conditions::default())) { "Remove all filters" } }
                }
            }
        }
    }
}
