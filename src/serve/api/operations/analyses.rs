//! Comparisons, timelines, grades, distinctive words and recommendations in the table of what the API
//! can be asked.

use super::{Form, Operation, PAGES_OF_RESULTS, Parameter, QUERY, Takes, named, parameter, sorts};
use crate::answer::compare::funnel::Method;
use crate::answer::grades::{By, Since};
use crate::answer::{compare, distinctive, recommendations};
use crate::serve::parameters::MOST;
use crate::serve::questions::QUOTES;
use findings_index::records::{Attribute, Kind, Use};
use findings_index::request::terms::LONGEST;

/// The usual number of terms of each of two sets.
const TERMS: usize = 20;

const INCLUDE: &[Parameter] = &[parameter(
    "include",
    Form::OneOf(|| vec![Kind::Context.name()]),
    "Also count `context`: facts of the area, earlier inspections, what an inspection looked at",
    "context",
)];

fn dimensions() -> Vec<&'static str> {
    named(Use::Dimension)
}

pub(in crate::serve::api) const COMPARE: Operation = Operation {
    id: "compare",
    method: "get",
    path: "/compare",
    summary: "Compare how often something is mentioned",
    more: "The same JSON as that of the command, with remarks. Needs `q` or `topic`; with both, paragraphs of \
           the topic that match are counted. The searches that find what was counted are addresses.",
    parameters: &[
        QUERY,
        &[
            parameter("by", Form::Needed(dimensions), "How to group paragraphs", "authority"),
            parameter(
                "and",
                Form::OneOf(dimensions),
                "A second dimension: a table of both",
                "framework",
            ),
            parameter(
                "sort",
                Form::OneOf(|| compare::Sort::ALL.map(compare::Sort::name).to_vec()),
                "The order of the groups; an order by rate is not a league table",
                "reports",
            ),
            parameter(
                "standardise",
                Form::OneOf(|| vec![Attribute::Framework.name()]),
                "Compare each group with reports of the same frameworks (indirect standardisation)",
                "framework",
            ),
            parameter(
                "limits",
                Form::OneOf(|| vec![Method::Adjusted.name(), Method::Raw.name()]),
                "What the limits of the funnel allow for",
                "adjusted",
            ),
            parameter(
                "quotes",
                Form::Number { least: 0, most: Some(QUOTES), usual: None },
                "How many paragraphs of each group to quote; unless it is given, two, or fewer of many \
                 groups",
                "1",
            ),
            parameter(
                "newest",
                Form::Flag,
                "Compare the newest full inspection of each authority as well, in `newest`",
                "yes",
            ),
        ],
        INCLUDE,
    ],
    conditions: Takes::All,
    answer: "CompareAnswer",
    item: None,
};

pub(in crate::serve::api) const TIMELINE: Operation = Operation {
    id: "timeline",
    method: "get",
    path: "/timeline",
    summary: "List an authority's inspections in order of date",
    more: "The same JSON as that of the command, with remarks. With `q`, `topic` or both, also how often each \
           inspection mentions it.",
    parameters: &[
        &[parameter(
            "authority",
            Form::NeededText,
            "The authority, by any of its names",
            "Stonewick",
        )],
        QUERY,
        &[
            parameter("topic", Form::Texts, "The id of a topic; several are alternatives", ""),
            parameter("latest", Form::Flag, "Only the newest full inspection", "no"),
            parameter("as_at", Form::Text, "The newest full inspection as at this day", "2024"),
        ],
        INCLUDE,
    ],
    conditions: Takes::None,
    answer: "TimelineAnswer",
    item: None,
};

pub(in crate::serve::api) const GRADES: Operation = Operation {
    id: "grades",
    method: "get",
    path: "/grades",
    summary: "Count grades, and how they changed",
    more: "The same JSON as that of the command, with remarks. Takes the conditions on inspections, and the \
           theme of the judgements that are counted in place of the overall ones.",
    parameters: &[&[
        parameter(
            "by",
            Form::OneOf(|| By::ALL.map(By::name).to_vec()),
            "By what to count; unless it is given, by framework and by year",
            "region",
        ),
        parameter(
            "and",
            Form::OneOf(|| By::ALL.map(By::name).to_vec()),
            "A second thing to count by, within `by`, which it needs",
            "",
        ),
        parameter(
            "changes",
            Form::OneOf(|| Since::ALL.map(Since::name).to_vec()),
            "Compare each authority's latest full inspection with the first, or with the one before",
            "first",
        ),
    ]],
    conditions: Takes::OfInspections,
    answer: "GradesAnswer",
    item: None,
};

pub(in crate::serve::api) const DISTINCTIVE: Operation = Operation {
    id: "distinctive",
    method: "get",
    path: "/distinctive",
    summary: "Find words and phrases that set one set of paragraphs apart from another",
    more: "The same JSON as that of the command, with remarks. The parameters that begin with `against_` \
           make the second set: without any, it is every paragraph.",
    parameters: &[
        QUERY,
        &[
            parameter("against_q", Form::Query, "The query of the second set", "supervision"),
            parameter("against_any", Form::Flag, "Match paragraphs with any of its words", "no"),
            parameter("against_exact", Form::Flag, "Match its words only as written", "no"),
            parameter(
                "longest",
                Form::Number { least: 1, most: Some(LONGEST), usual: Some(LONGEST) },
                "The longest phrase, in words",
                "2",
            ),
            parameter(
                "least_reports",
                Form::Number { least: 2, most: None, usual: None },
                "In how many reports of its set a term must occur; unless it is given, one in twenty, \
                 at least three",
                "2",
            ),
            parameter(
                "limit",
                Form::Number { least: 1, most: Some(MOST), usual: Some(TERMS) },
                "How many terms of each set to give",
                "5",
            ),
            parameter(
                "sort",
                Form::OneOf(|| distinctive::Order::ALL.map(distinctive::Order::name).to_vec()),
                "The order of the terms: how certain the difference is, or how large",
                "log-ratio",
            ),
        ],
        INCLUDE,
    ],
    conditions: Takes::Twice,
    answer: "DistinctiveAnswer",
    item: None,
};

pub(in crate::serve::api) const RECOMMENDATIONS: Operation = Operation {
    id: "recommendations",
    method: "get",
    path: "/recommendations",
    summary: "List what was recommended to whom and by when, and what was recommended again",
    more: "The same JSON as that of the command, with remarks and a cursor. The condition `kind` is refused: \
           recommendations are one kind of paragraph.",
    parameters: &[
        QUERY,
        &[
            parameter(
                "by",
                Form::OneOf(|| recommendations::BY.map(Attribute::name).to_vec()),
                "By what to count; unless it is given, by theme, topic, timescale and addressee, or \
                 with `repeated` by nothing",
                "topic",
            ),
            parameter(
                "repeated",
                Form::Flag,
                "Give together what an authority's next inspection recommends again; `limit` and \
                 `offset` then count chains",
                "yes",
            ),
            parameter(
                "sort",
                Form::OneOf(sorts),
                "The order of the list; chains have one of their own",
                "date",
            ),
        ],
        PAGES_OF_RESULTS,
    ],
    conditions: Takes::All,
    answer: "RecommendationsAnswer",
    item: Some("Recommendation"),
};
