//! The parts of forms that several pages have: what is looked for, and where.

use super::Site;
use crate::ask::{Conditions, Reading};
use crate::render::{clean, words};
use findings_index::records::Attribute;
use maud::{Markup, html};

/// The values held of attributes that forms offer, in the order of the forms.
pub type Offered = [(Attribute, Vec<String>)];

/// The values held of an attribute that a form offers.
pub(super) fn held(offered: &Offered, attribute: Attribute) -> &[String] {
    let held = offered.iter().find(|(own, _)| *own == attribute);
    held.map_or(&[][..], |(_, values)| values.as_slice())
}

/// Writes a field for an attribute, with its values to choose from. An attribute of which several
/// values are chosen keeps them, and is changed by the links that remove conditions.
pub(super) fn choice(
    site: &Site<'_>,
    conditions: &Conditions,
    attribute: Attribute,
    values: &[String],
) -> Markup {
    choice_of("", site, conditions, attribute, values)
}

/// Does the same for one of two sets, of which the names of all parameters begin in one way.
pub(super) fn choice_of(
    beginning: &str,
    site: &Site<'_>,
    conditions: &Conditions,
    attribute: Attribute,
    values: &[String],
) -> Markup {
    let parameter = format!("{beginning}{}", attribute.name());
    let typed = conditions.of(attribute);
    let is_chosen = |value: &str| matches!(typed, [one] if one.eq_ignore_ascii_case(value));
    let label = |value: &str| clean::line(&words::value(site.names, attribute, Some(value)));
    // The longer printing of a grade is among what the shorter one finds.
    let is_longer = |value: &String| {
        attribute.is_grade()
            && values.iter().any(|other| other != value && value.starts_with(other))
    };
    let offered: Vec<&String> = values.iter().filter(|value| !is_longer(value)).collect();
    // A value that was typed in another way than it is held has no option of its own.
    let own =
        typed.first().filter(|_| typed.len() == 1 && !offered.iter().any(|held| is_chosen(held)));
    html! {
        @if typed.len() > 1 {
            @for value in typed { input type="hidden" name=(parameter) value=(value); }
        } @else if attribute == Attribute::Authority {
            (authority(&parameter, &words::heading(attribute), typed.first().map(String::as_str), values))
        } @else if !values.is_empty() {
            label { (words::heading(attribute))
                select name=(parameter) {
                    option value="" { "Any" }
                    @if let Some(own) = own { option value=(own) selected { (label(own)) } }
                    @for value in &offered {
                        option value=(value) selected[is_chosen(value)] { (label(value)) }
                    }
                }
            }
        }
    }
}

/// Writes a field for the name of an authority, with those held to choose from.
pub(super) fn authority(name: &str, label: &str, typed: Option<&str>, values: &[String]) -> Markup {
    let list = format!("{name}-held");
    html! {
        label { (label)
            input type="text" name=(name) list=(list) autocomplete="off" value=[typed];
        }
        datalist id=(list) {
            @for value in values { option value=(value) {} }
        }
    }
}

/// Writes the field for the authority whose statistical neighbours are meant; several are kept as they are.
pub(super) fn neighbours(conditions: &Conditions, offered: &Offered) -> Markup {
    const NAME: &str = "neighbours_of";
    let near = conditions.neighbours_of.as_slice();
    html! {
        @if near.len() > 1 {
            @for name in near { input type="hidden" name=(NAME) value=(name); }
        } @else {
            (authority(NAME, "Statistical neighbours of", near.first().map(String::as_str),
                held(offered, Attribute::Authority)))
        }
    }
}

/// Writes the fields for the days between which inspections were.
pub(super) fn span(conditions: &Conditions) -> Markup {
    span_of("", conditions)
}

/// Does the same for one of two sets.
pub(super) fn span_of(beginning: &str, conditions: &Conditions) -> Markup {
    let [from, to] = ["from", "to"].map(|name| format!("{beginning}{name}"));
    html! {
        div.between {
            label { "Inspected from" input type="text" name=(from) size="8"
                value=[conditions.from.as_deref()]; }
            label { "to" input type="text" name=(to) size="8" value=[conditions.to.as_deref()]; }
        }
    }
}

/// Writes the fields for what is looked for: words, a topic, or words in paragraphs of a topic.
pub(super) fn subject(site: &Site<'_>, text: &str, topics: &[String]) -> Markup {
    subject_of("", site, text, topics)
}

/// Does the same for one of two sets.
pub(super) fn subject_of(
    beginning: &str,
    site: &Site<'_>,
    text: &str,
    topics: &[String],
) -> Markup {
    let [q, topic_name] = ["q", Attribute::Topic.name()].map(|name| format!("{beginning}{name}"));
    let is_chosen = |id: &str| matches!(topics, [one] if one.eq_ignore_ascii_case(id));
    let own = topics.first().filter(|own| {
        topics.len() == 1
            && site.topics.topics().iter().all(|topic| !is_chosen(&topic.id) && topic.id != **own)
    });
    html! {
        label.about { "Words or a phrase"
            input id=(q) type="text" name=(q) value=(text) autocomplete="off" spellcheck="false"
                maxlength="4000";
        }
        @if topics.len() > 1 {
            @for topic in topics { input type="hidden" name=(topic_name) value=(topic); }
        } @else {
            label { "On the topic"
                select name=(topic_name) {
                    option value="" { "Any" }
                    @if let Some(own) = own { option value=(own) selected { (clean::line(own)) } }
                    @for topic in site.topics.topics() {
                        option value=(topic.id) selected[is_chosen(&topic.id)] { (topic.name) }
                    }
                }
            }
        }
    }
}

/// Writes a field with names to choose from: the value of each, and how it is shown.
pub(super) fn select(
    name: &str,
    label: &str,
    options: &[(&str, String)],
    chosen: Option<&str>,
) -> Markup {
    html! {
        label { (label)
            select name=(name) {
                @for (value, shown) in options {
                    option value=(value) selected[chosen == Some(*value)] { (shown) }
                }
            }
        }
    }
}

/// Writes a field for a whole number, which is at least 1.
pub(super) fn number(name: &str, label: &str, value: Option<u64>) -> Markup {
    html! {
        label { (label)
            input type="number" name=(name) min="1" value=[value];
        }
    }
}

/// Writes a box to tick.
pub(super) fn flag(name: &str, value: &str, label: &str, is_set: bool) -> Markup {
    html! {
        label.flag { input type="checkbox" name=(name) value=(value) checked[is_set]; (label) }
    }
}

/// Writes the boxes that say how words are read.
pub(super) fn reading(reading: Reading) -> Markup {
    html! {
        (flag("any", "1", "Any of the words is enough", reading.any))
        (flag("exact", "1", "Only exactly these forms, no synonyms", reading.exact))
    }
}
