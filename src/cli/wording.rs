//! Writes how to ask for an answer again, as a command line.

use crate::ask::trace::{Again, Door, Looked, Newest, Repeat, Set};
use crate::ask::{Conditions, Reading};
use crate::render::wording::{Next, Wording};
use findings_index::records::Attribute;
use findings_index::request::Filters;

/// The option that excludes values.
pub(super) const NOT: &str = "not";

/// The command line as a door: answers carry the commands that ask for them again.
#[derive(Debug, Clone, Default)]
pub struct CommandLine {
    /// Options of the command that shape its answer and are not part of the question.
    pub options: Vec<String>,
}

impl Door for CommandLine {
    fn again(&self, repeat: &Repeat<'_>) -> Again {
        let arguments = match repeat {
            Repeat::Search { query, filters } => arguments("search", &[], query, filters),
            Repeat::Compare { subject, filters } => {
                let options = [asked(subject), self.options.clone()].concat();
                arguments("compare", &options, subject.text, filters)
            }
            Repeat::Timeline { authority, subject } => {
                let mut options = vec![(*authority).to_owned()];
                options.extend(subject.iter().flat_map(asked));
                options.extend(self.options.iter().cloned());
                let text = subject.map_or("", |subject| subject.text);
                arguments("timeline", &options, text, &Filters::default())
            }
            Repeat::Grades { filters } => arguments("grades", &self.options, "", filters),
            Repeat::Recommendations { subject, filters } => {
                let options = [asked(subject), self.options.clone()].concat();
                arguments("recommendations", &options, subject.text, filters)
            }
            Repeat::Distinctive { sets: [first, second] } => {
                let mut arguments = vec!["distinctive".to_owned()];
                arguments.extend(of_set(first));
                arguments.push(format!("--against={}", self.conditions(second)));
                arguments.extend(self.options.iter().cloned());
                arguments
            }
        };
        Again { command: line(&arguments), arguments }
    }

    fn conditions(&self, set: &Set<'_>) -> String {
        words(&of_set(set))
    }
}

impl Wording for CommandLine {
    fn next(&self, next: &Next<'_>) -> String {
        match next {
            Next::Results { offset } => format!("add --offset {offset}"),
            Next::Without(conditions) if conditions.is_empty() => "any condition".to_owned(),
            Next::Without(conditions) => words(&typed(conditions)),
            Next::Funnel => "--html FILE draws them.".to_owned(),
            Next::By(attribute) => format!("--by {}", attribute.name()),
            Next::All => "--html or --format json".to_owned(),
            Next::Judgements => "--judgements all".to_owned(),
            Next::Furniture => "--furniture lists them".to_owned(),
            Next::Warnings => "findings show REPORT lists them".to_owned(),
            Next::Ledger => "see `findings ledger`".to_owned(),
        }
    }
}

/// Writes conditions as they could be typed.
fn typed(conditions: &Conditions) -> Vec<String> {
    let mut options: Vec<String> = Vec::new();
    let mut add = |option: &str, values: &[String]| {
        for value in values {
            options.extend([format!("--{option}"), value.clone()]);
        }
    };
    for (attribute, values) in &conditions.values {
        add(attribute.name(), values);
    }
    for (attribute, values) in &conditions.not {
        let name = attribute.name();
        let excluded: Vec<String> = values.iter().map(|value| format!("{name}:{value}")).collect();
        add(NOT, &excluded);
    }
    add("neighbours-of", &conditions.neighbours_of);
    add("from", conditions.from.as_slice());
    add("to", conditions.to.as_slice());
    options.extend(conditions.undated.then(|| "--undated".to_owned()));
    options.extend(conditions.without_denials.then(|| "--without-denials".to_owned()));
    if let Some(since) = &conditions.new_since {
        options.extend(["--new-since".to_owned(), since.clone()]);
    }
    // A day implies the flag.
    let flag = conditions.latest && conditions.as_at.is_none();
    options.extend(flag.then(|| "--latest".to_owned()));
    if let Some(day) = &conditions.as_at {
        options.extend(["--as-at".to_owned(), day.clone()]);
    }
    options
}

/// Returns the options that say what was looked for, apart from its words.
fn asked(subject: &Looked<'_>) -> Vec<String> {
    let topics = subject.topics.iter().map(|id| format!("--topic={id}"));
    topics.chain(read(subject.reading)).collect()
}

fn read(reading: Reading) -> Vec<String> {
    let any = reading.any.then(|| "--any".to_owned());
    any.into_iter().chain(reading.exact.then(|| "--exact".to_owned())).collect()
}

/// Returns the option that takes the newest inspections.
pub(super) fn newest(newest: Newest<'_>) -> Option<String> {
    match newest {
        Newest::Any => None,
        Newest::Held => Some("--latest".to_owned()),
        Newest::AsAt(day) => Some(format!("--as-at={day}")),
    }
}

/// Returns the options that make a set.
fn of_set(set: &Set<'_>) -> Vec<String> {
    let query = set.text.map(|query| format!("--query={query}"));
    let mut options: Vec<String> = query.into_iter().collect();
    options.extend(read(set.reading));
    options.extend(conditions(set.filters));
    options.extend(newest(set.newest));
    options
}

/// Returns the options that express filters.
fn conditions(filters: &Filters) -> Vec<String> {
    let mut options = Vec::new();
    for (attribute, _) in filters.conditions() {
        // Neighbours and newest inspections are chosen whether or not they are excluded.
        let mut values = filters.left(attribute);
        if attribute == Attribute::Kind {
            values = vec![values.join(",")];
        }
        let option = attribute.name();
        options.extend(values.iter().map(|value| format!("--{option}={value}")));
    }
    for (attribute, choice) in filters.not.iter() {
        let mut values = choice.written();
        match attribute {
            Attribute::Kind => values = vec![values.join(",")],
            // A part of a name would exclude longer ones as well.
            Attribute::Addressee => {
                let named = values.iter_mut().filter(|value| *value != Filters::ABSENT);
                named.for_each(|value| value.insert(0, '='));
            }
            _ => {}
        }
        let name = attribute.name();
        options.extend(values.iter().map(|value| format!("--{NOT}={name}:{value}")));
    }
    options.extend(filters.from.iter().map(|day| format!("--from={day}")));
    options.extend(filters.to.iter().map(|day| format!("--to={day}")));
    options.extend(filters.undated.then(|| "--undated".to_owned()));
    options.extend(filters.without_denials.then(|| "--without-denials".to_owned()));
    options.extend(filters.new_since.iter().map(|since| format!("--new-since={since}")));
    options
}

/// Returns the arguments with which a command asks for a query within filters.
fn arguments(command: &str, options: &[String], query: &str, filters: &Filters) -> Vec<String> {
    let mut arguments = vec![command.to_owned()];
    arguments.extend(options.iter().cloned());
    // The program takes anything that begins with a hyphen for an option, unless it follows `--`.
    let is_late = query.starts_with('-');
    if !is_late && !query.is_empty() {
        arguments.push(query.to_owned());
    }
    arguments.extend(conditions(filters));
    if is_late {
        arguments.push("--".to_owned());
        arguments.push(query.to_owned());
    }
    arguments
}

/// Writes the program and its arguments as a shell takes them.
fn line(arguments: &[String]) -> String {
    format!("findings {}", words(arguments)).trim_end().to_owned()
}

/// Writes arguments as a shell takes them.
pub(crate) fn words(arguments: &[String]) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || "-_./=,:".contains(c);
    let quoted = arguments.iter().map(|argument| {
        if !argument.is_empty() && argument.chars().all(is_bare) {
            return argument.clone();
        }
        // Nobody can type a NUL.
        shlex::try_quote(argument).map_or_else(|_| argument.replace('\0', ""), Into::into)
    });
    quoted.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::CommandLine;
    use crate::ask::trace::{Trace, narrowed};
    use findings_index::language::query::GradeFilter;
    use findings_index::records::{Attribute, Kind};
    use findings_index::request::Filters;
    use jiff::civil::date;

    #[test]
    fn a_group_narrows_the_filters_that_left_it() {
        let authorities = ["Elmet", "King's Lea"];
        let kinds = vec![Kind::Finding, Kind::Recommendation];
        let mut filters =
            Filters::of(Attribute::Authority, authorities).with(Attribute::Kind, kinds);
        filters.from = Some(date(2016, 5, 1));
        let filters = narrowed(&filters, Attribute::Authority, Some("King's Lea"));
        let filters = narrowed(&filters, Attribute::Year, Some("2016"));
        let filters = narrowed(&filters, Attribute::Grade, Some("Requires improvement"));
        let filters = narrowed(&filters, Attribute::Kind, Some("finding"));
        insta::assert_snapshot!(
            Trace::new("\"return interview\"", &filters, &CommandLine::default()).again.command,
            @r#"findings search '"return interview"' '--grade=Requires improvement' "--authority=King's Lea" --kind=finding --year=2016 --from=2016-05-01"#
        );
    }

    #[test]
    fn what_is_excluded_is_repeated_and_never_asked_for_as_well() {
        let grades: Vec<GradeFilter> =
            ["=Good", ">=3"].map(|written| written.parse().unwrap()).to_vec();
        let filters = Filters::of(Attribute::Authority, ["Elmet", "Rheged"])
            .without(Attribute::Authority, ["Rheged", "King's Lea"])
            .without(Attribute::Kind, vec![Kind::Table, Kind::Caption])
            .without(Attribute::Grade, grades)
            .without(Attribute::Addressee, ["the trust", "none"]);
        insta::assert_snapshot!(
            Trace::new("visit", &filters, &CommandLine::default()).again.command,
            @r#"findings search visit --authority=Elmet --not=grade:=Good '--not=grade:>=3' --not=authority:Rheged "--not=authority:King's Lea" --not=kind:table,caption '--not=addressee:=the trust' --not=addressee:none"#
        );
    }

    #[test]
    fn the_lack_of_a_value_can_be_searched_for_and_a_query_is_never_taken_for_an_option() {
        let filters = narrowed(&Filters::default(), Attribute::Theme, None);
        let filters = narrowed(&filters, Attribute::Overall, None);
        let mut filters = narrowed(&filters, Attribute::Year, None);
        filters.new_since = Some("2025-03-03T10:00:00Z".parse().unwrap());
        insta::assert_snapshot!(
            Trace::new("-late visits", &filters, &CommandLine::default()).again.command,
            @"findings search --overall=none --theme=none --undated --new-since=2025-03-03T10:00:00Z -- '-late visits'"
        );
    }
}
