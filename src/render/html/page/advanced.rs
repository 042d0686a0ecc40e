//! The form that writes the query language: what is filled in becomes a query in the search box.

use super::same::others;
use super::{Head, Part, Site, Skip, To, fields, page};
use crate::ask::{Composed, Question};
use crate::render::{clean, words};
use findings_index::language::query::MAX_DISTANCE;
use maud::{Markup, html};

/// Writes the page. What is asked now stays as it is, but for its text.
#[must_use]
pub fn advanced(site: &Site<'_>, question: &Question, filled: &Composed) -> String {
    let head = Head { title: "Advanced search".to_owned(), ..Head::default() };
    let action = fields::action(site, To::Advanced(&Question::default()));
    let text = clean::line(question.text.trim());
    let is_said_elsewhere = !text.is_empty() && *filled == Composed::default();
    let within = filled.within.map(|within| within.to_string());
    let row = |name: &str, label: &str, value: &str, hint: Markup| {
        html! {
            div.row {
                label for=(name) { (label) }
                input id=(name) name=(name) type="text" value=(value) spellcheck="false"
                    autocomplete="off" aria-describedby={ (name) "-hint" };
                p.soft id={ (name) "-hint" } { (hint) }
            }
        }
    };
    let main = html! {
        h1 { "Advanced search" }
        p.prose {
            "Fill in what you need. The search that follows shows it in the box as you could have "
            "written it; " a href=(site.addresses.to(To::Help)) { "How to ask" } " explains that language."
        }
        @if is_said_elsewhere {
            p { "You asked for "
                a href={ (site.addresses.to(To::Search(question, 1))) "#results" } { code { (text) } }
                ". What you fill in here replaces it." }
        }
        search {
            form.advanced method="get" action=(action) {
                (row("all", "All of these words", &filled.all, html! {
                    "In any order and form: " code { "missing interview" }
                }))
                (row("phrase", "This exact phrase", &filled.phrase, html! {
                    "One after the other, exactly so: " code { "drift and delay" }
                }))
                (row("any_of", "Any of these words", &filled.any_of, html! {
                    "Quotation marks keep words together: " code { "neglect \"domestic abuse\"" }
                }))
                (row("none", "None of these words", &filled.none_of, html! {
                    "Paragraphs with any of them are left out: " code { "adult clinical" }
                }))
                fieldset {
                    legend { "Near one another" }
                    div.near {
                        label for="near_a" { "One word or phrase" }
                        input id="near_a" name="near_a" type="text" value=(filled.near_a)
                            spellcheck="false" autocomplete="off";
                        label for="near_b" { "near another" }
                        input id="near_b" name="near_b" type="text" value=(filled.near_b)
                            spellcheck="false" autocomplete="off";
                        label for="within" { "at most this many words apart" }
                        input id="within" name="within" type="number" min="1" max=(MAX_DISTANCE)
                            value=[within] placeholder="5";
                    }
                }
                (kept(site, question))
                @let conditions = words::conditions(&question.conditions);
                @if !question.conditions.is_empty() {
                    p { "Only " (clean::line(&conditions)) ", as before." }
                }
                button type="submit" { "Search" }
            }
        }
        h2 { "Other ways to ask" }
        (others(site))
    };
    page(site, Part::Search, &head, &[Skip::MAIN], &main)
}

/// Writes everything of a question but its text, and how its words are read, as fields that are not
/// shown.
fn kept(site: &Site<'_>, question: &Question) -> Markup {
    const REPLACED: [&str; 6] = ["q", "any", "not_also", "per_group", "sample", "seed"];
    fields::hidden(site, &fields::fields(question), |name| REPLACED.contains(&name))
}
