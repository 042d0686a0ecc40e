//! Values of options that are names of the library's enums.
//!
//! No enum is declared a second time for clap: the library's names are what can be typed.

use crate::answer::concordance;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use findings_index::records::{Attribute, Kind, Use};

/// Reads one of some values by its name. The option's `ignore_case` decides whether case counts.
pub(super) fn one_of<T: Copy + Send + Sync + 'static>(
    all: impl IntoIterator<Item = T>,
    value: fn(T) -> PossibleValue,
) -> impl TypedValueParser<Value = T> {
    let all: Vec<T> = all.into_iter().collect();
    let names: Vec<PossibleValue> = all.iter().copied().map(value).collect();
    PossibleValuesParser::new(names).try_map(move |typed| {
        let meant = all.iter().copied().find(|one| value(*one).matches(&typed, true));
        meant.ok_or("there is no such value")
    })
}

/// Reads an attribute by which matches can be counted.
pub(super) fn facet() -> impl TypedValueParser<Value = Attribute> {
    one_of(Attribute::of(Use::Facet), |facet| PossibleValue::new(facet.name()))
}

/// Reads an attribute by which hits can be grouped.
pub(super) fn group() -> impl TypedValueParser<Value = Attribute> {
    one_of(Attribute::of(Use::Group), |group| PossibleValue::new(group.name()))
}

/// Reads an attribute by which paragraphs can be compared.
pub(super) fn dimension() -> impl TypedValueParser<Value = Attribute> {
    one_of(Attribute::of(Use::Dimension), |dimension| {
        let value = PossibleValue::new(dimension.name());
        match dimension {
            Attribute::Grade => value.help("The grade of the section"),
            Attribute::Overall => value.help("The overall judgement of the report"),
            _ => value,
        }
    })
}

/// Lists the kinds of paragraph, each with its explanation.
pub(super) fn kinds() -> Vec<PossibleValue> {
    let explained = Kind::ALL.map(|kind| {
        PossibleValue::new(kind.name()).help(match kind {
            Kind::Finding => "What inspectors found",
            Kind::Summary => "A summary, repeated in the body",
            Kind::Bullet => "An item of a list",
            Kind::Recommendation => "What the authority has to do",
            Kind::Context => "Facts of the area, earlier inspections, what this one looked at",
            Kind::Table => "A row of a table",
            Kind::Caption => "The title or source of a figure or table",
            Kind::Boilerplate => "Text that is in every report of its kind",
            Kind::Footnote => "A footnote",
        })
    });
    explained.to_vec()
}

/// Reads an order of lines.
pub(super) fn order() -> impl TypedValueParser<Value = concordance::Order> {
    use concordance::Order;
    one_of(Order::ALL, |order| {
        PossibleValue::new(order.name()).help(match order {
            Order::Relevance => "Most relevant paragraph first",
            Order::Date => "Newest report first",
            Order::Authority => "By name of the authority",
            Order::Changed => "What last came or changed first",
            Order::Left => "By the word before the match, then the one before that, and so on",
            Order::Match => "By the words that matched",
            Order::Right => "By the word after the match, then the next",
        })
    })
}
