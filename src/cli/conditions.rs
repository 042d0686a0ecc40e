//! The options that are conditions, shared by all commands that look through paragraphs or reports.
//!
//! There is one for each attribute that can be a condition, and a few more. Values are kept as they
//! were typed: what they mean is worked out elsewhere.

use super::wording::NOT;
use super::{values, wording};
use crate::ask::question::{holds_commas, values_in};
use crate::ask::{AskError, Conditions, Hint};
use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Command, Error, FromArgMatches};
use findings_index::language::nearest::nearest;
use findings_index::records::{Attribute, Use, Visit};
use findings_index::request::Filters;
use std::collections::BTreeMap;
use std::ffi::OsStr;

const HEADING: &str = "Conditions (repeat one for alternatives; different ones must all hold)";

/// Conditions as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct ConditionArgs(Conditions);

impl ConditionArgs {
    /// Returns the conditions as they were typed.
    pub(crate) fn typed(&self) -> Conditions {
        self.0.clone()
    }

    /// Refuses to leave out what is only denied without a topic, for commands that take no query.
    pub(crate) fn check_denials(&self) -> Result<(), AskError> {
        Ok(self.0.check_denials("").map_err(|refusal| refusal.hint(Hint::Topics))?)
    }

    /// Returns the option that takes the newest inspections, as it is typed again.
    pub(crate) fn latest(&self) -> Option<String> {
        wording::newest(self.0.newest())
    }

    /// Returns the options that take the neighbours of authorities, as they are typed again.
    pub(crate) fn neighbours(&self) -> Vec<String> {
        self.0.neighbours_of.iter().map(|name| format!("--{NEIGHBOURS_OF}={name}")).collect()
    }

    /// Returns the option with which values of an attribute were asked for or excluded, if any were.
    pub(crate) fn narrowing(&self, attribute: Attribute) -> Option<String> {
        let name = attribute.name();
        if !self.0.of(attribute).is_empty() {
            return Some(format!("--{name}"));
        }
        (!self.0.excluded(attribute).is_empty()).then(|| format!("--{NOT} {name}"))
    }
}

/// Accepts any text as a value, and lists the known values in the help. What a value means is
/// worked out elsewhere, in the same way for an option and for a field in a query.
#[derive(Debug, Clone)]
struct Listed(Vec<PossibleValue>);

impl TypedValueParser for Listed {
    type Value = String;

    fn parse_ref(
        &self,
        command: &Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<String, Error> {
        StringValueParser::new().parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.0.iter().cloned()))
    }
}

/// The help on the option of an attribute.
struct Wording {
    value_name: &'static str,
    help: &'static str,
    /// What `--help` adds to it.
    more: Option<&'static str>,
    /// The values that can be typed, where there are few.
    choices: Vec<PossibleValue>,
}

impl Wording {
    fn new(value_name: &'static str, help: &'static str) -> Self {
        Self { value_name, help, more: None, choices: Vec::new() }
    }

    fn more(self, more: &'static str) -> Self {
        Self { more: Some(more), ..self }
    }

    fn choices(self, choices: Vec<PossibleValue>) -> Self {
        Self { choices, ..self }
    }
}

/// Returns the help on the option of an attribute; `None` where it cannot be a condition.
fn wording(attribute: Attribute) -> Option<Wording> {
    Some(match attribute {
        Attribute::Grade => Wording::new("GRADE", "Grade of the section that holds a paragraph")
            .more(
                "A name (`good`, `\"requires improvement\"`, `RI`), a range (`good..outstanding`, \
                 `1..2`, `\"good or better\"`), a rank on the scale, 1 the best (`3`; `\">=3\"` is \
                 rank 3 and worse), or `none`. A shorter name includes longer ones, unless it is \
                 written as printed after `=` (`\"=Requires improvement\"`). Commas separate alternatives.",
            ),
        Attribute::Overall => {
            Wording::new("GRADE", "Overall judgement of the report, written as for --grade")
        }
        Attribute::Theme => {
            Wording::new("THEME", "Theme, an area that frameworks share, such as `leadership`")
                .more(
                    "Commas separate alternatives; `none` means sections without a theme. \
                 `--facets theme` of `search` lists them.",
                )
        }
        Attribute::Topic => {
            Wording::new("ID", "Topic, by its id, such as `neglect`; commas separate alternatives")
                .more(
                    "`findings topics` lists them. Commands that list reports take those with such \
                 a paragraph.",
                )
        }
        Attribute::Section => Wording::new("WORDS", "Words of one heading above the paragraph"),
        Attribute::Authority => Wording::new("NAME", "Authority, by any of its names").more(
            "An unambiguous part of a name, a code (`881`) and a short form (`RBKC`, `Notts`) do \
                 as well. Names may contain commas: repeat the option for several authorities. \
                 `none` means reports without a known authority.",
        ),
        Attribute::Region => Wording::new(
            "REGION",
            "English region; commas separate alternatives, `none` means no region",
        ),
        Attribute::Framework => Wording::new(
            "CODE",
            "Framework, by its code, such as `sif` or `ilacs`; commas separate alternatives",
        ),
        Attribute::Visit => Wording::new(
            "VISIT",
            "Type of visit that the report is of; commas separate alternatives",
        )
        .choices(visits()),
        Attribute::Kind => Wording::new("KIND", "Kind of paragraph; commas separate alternatives")
            .choices(values::kinds()),
        Attribute::Timescale => Wording::new(
            "WHEN",
            "When a recommendation is due, such as `immediately` or `\"within 3 months\"`",
        )
        .more(
            "Digits and words mean the same. Commas separate alternatives; `none` means no date.",
        ),
        Attribute::Addressee => Wording::new(
            "BODY",
            "Body that a recommendation is addressed to, by its name or a part of it",
        )
        .more(
            "`\"=NAME\"` means that name alone. Found in the first words, in a column next to it, or in the headings above it. Names \
             may contain commas: repeat the option for several. `none` means that nobody is named.",
        ),
        Attribute::Report => Wording::new("ID", "Report, by its id; commas separate alternatives"),
        Attribute::Year => Wording::new(
            "YEAR",
            "Calendar year of the inspection, such as `2016` or `2016..2018`; commas separate alternatives",
        )
        .more(
            "That of the first day of the inspection; if it is not known, that of publication. \
             Also `2018..` or `\">=2018\"`. --undated takes reports without a date.",
        ),
        Attribute::Number | Attribute::Page | Attribute::Date => return None,
    })
}

fn visits() -> Vec<PossibleValue> {
    let explained = Visit::ALL.map(|visit| {
        PossibleValue::new(visit.name()).help(match visit {
            Visit::Focused => "A focused visit: one theme, no grades",
            Visit::Monitoring => "A monitoring visit to an authority judged inadequate",
        })
    });
    let none = PossibleValue::new(Filters::ABSENT).help("No visit, such as a full inspection");
    explained.into_iter().chain([none]).collect()
}

/// Builds the option of an attribute; `None` where it cannot be a condition.
fn option(attribute: Attribute) -> Option<Arg> {
    let Wording { value_name, help, more, choices } = wording(attribute)?;
    let mut option = several(attribute.name(), value_name, help, more);
    if !holds_commas(attribute) {
        option = option.value_delimiter(',');
    }
    if !choices.is_empty() {
        option = option.value_parser(Listed(choices));
    }
    Some(option)
}

fn one(name: &'static str, help: &'static str, more: Option<&'static str>) -> Arg {
    let long = more.map(|more| format!("{help}\n\n{more}"));
    let option = Arg::new(name).long(name).help(help).help_heading(HEADING);
    match long {
        Some(long) => option.long_help(long),
        None => option,
    }
}

fn several(
    name: &'static str,
    value_name: &'static str,
    help: &'static str,
    more: Option<&'static str>,
) -> Arg {
    one(name, help, more).value_name(value_name).action(ArgAction::Append)
}

const FROM: &str = "from";
const TO: &str = "to";
const UNDATED: &str = "undated";
const WITHOUT_DENIALS: &str = "without-denials";
const NEW_SINCE: &str = "new-since";
const LATEST: &str = "latest";
const AS_AT: &str = "as-at";
const NEIGHBOURS_OF: &str = "neighbours-of";

impl clap::Args for ConditionArgs {
    fn augment_args(command: Command) -> Command {
        let attributes = Attribute::of(Use::Condition);
        with_options(command, attributes.clone().filter_map(option), attributes)
            .arg(without_denials())
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

/// Conditions on whole reports, with the theme of the judgements that are counted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct JudgementArgs(ConditionArgs);

impl JudgementArgs {
    /// Returns the conditions as they were typed.
    pub(crate) fn typed(&self) -> Conditions {
        self.0.typed()
    }

    /// Returns the option that takes the newest inspections, as it is typed again.
    pub(crate) fn latest(&self) -> Option<String> {
        self.0.latest()
    }

    /// Returns the options that take the neighbours of authorities, as they are typed again.
    pub(crate) fn neighbours(&self) -> Vec<String> {
        self.0.neighbours()
    }

    /// Whether only the newest inspections are asked for.
    pub(crate) fn takes_latest(&self) -> bool {
        self.0.0.takes_latest()
    }
}

impl clap::Args for JudgementArgs {
    fn augment_args(command: Command) -> Command {
        // Visits give no grades.
        let is_of_reports = |one: &Attribute| one.is_of_reports() && *one != Attribute::Visit;
        let attributes = Attribute::of(Use::Condition).filter(is_of_reports);
        let options = attributes.clone().filter_map(option);
        let theme = several(
            Attribute::Theme.name(),
            "THEME",
            "Count the judgements of a theme, such as `leadership`, not the overall one",
            Some("Commas separate alternatives; `none` means judgements without a theme."),
        );
        with_options(command, options.chain([theme.value_delimiter(',')]), attributes)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for JudgementArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        ConditionArgs::from_arg_matches(matches).map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        self.0.update_from_arg_matches(matches)
    }
}

/// The values of an attribute that are excluded.
type Excluded = (Attribute, Vec<String>);

/// Reads `FIELD:VALUE`, where the field is one of some attributes.
fn excluded(typed: &str, fields: &[Attribute]) -> Result<Excluded, String> {
    let names = || fields.iter().map(|field| field.name());
    let Some((name, value)) = typed.split_once(':') else {
        return Err("write a field and a value, such as `authority:Essex`".to_owned());
    };
    let name = name.trim();
    let found = Attribute::named(name).filter(|field| fields.contains(field));
    let Some(field) = found else {
        let meant = nearest(names(), name);
        let meant = meant.map(|meant| format!("did you mean `{meant}`? "));
        let all = names().collect::<Vec<_>>().join(", ");
        return Err(format!(
            "unknown field `{name}`; {}the fields are {all}",
            meant.unwrap_or_default()
        ));
    };
    let values = values_in(field, value);
    if values.iter().any(String::is_empty) {
        return Err(format!("a value of `{}` is missing", field.name()));
    }
    Ok((field, values))
}

/// Builds the option that excludes values of some attributes.
fn exclusion(fields: Vec<Attribute>) -> Arg {
    several(
        NOT,
        "FIELD:VALUE",
        "Exclude what has a value, such as `authority:Essex`; repeat it for more",
        Some(
            "The fields are the options above that narrow an attribute, and values are written as \
             for these: `\"grade:requires improvement\"`, `region:London`, `kind:table,caption`. \
             What has no value stays, unless `none` is excluded. A value that is asked for cannot be \
             excluded as well.",
        ),
    )
    .value_parser(move |typed: &str| excluded(typed, &fields))
}

/// Adds the options of attributes, that which excludes values of some, and the conditions that
/// narrow no attribute.
fn with_options(
    command: Command,
    options: impl Iterator<Item = Arg>,
    fields: impl Iterator<Item = Attribute>,
) -> Command {
    let from = one(
        FROM,
        "Inspected on or after: a year, month or day (2016, 2016-05, 2016-05-12)",
        Some(
            "The first day of the inspection counts; if it is not known, the day of \
                 publication.",
        ),
    );
    let to = one(TO, "Inspected on or before; a year or month means its last day", None);
    let undated = one(UNDATED, "Reports without a known date", None);
    let new_since = one(
        NEW_SINCE,
        "First indexed on or after: a year, month or day, a moment, or `last`",
        Some(
            "The first moment of a date in UTC counts; a moment is written as in records, such as \
             2025-03-03T10:00:00Z; `last` means what came after the last `findings new --mark`. Of a report that was read before, only paragraphs that came since are new; \
             a corrected one is not. Commands that list reports take those that came since.",
        ),
    );
    let latest = one(
        LATEST,
        "The newest full inspection of each authority",
        Some(
            "By its last day, before every other condition. Visits, joint and area inspections \
                 do not count, unless --framework asks for them: then the newest of these \
                 frameworks. What was left out is said.",
        ),
    );
    let as_at = one(
        AS_AT,
        "The newest full inspection that had ended by then; implies --latest",
        Some("A year, month or day, of which the last day counts."),
    );
    let neighbours_of = several(
        NEIGHBOURS_OF,
        "NAME",
        "The statistical neighbours of an authority, without itself",
        Some(
            "With --authority, the reports of both are taken; `compare` and `grades` take those of the \
             authority itself as well, and mark it.",
        ),
    );
    command
        .args(options)
        .arg(exclusion(fields.collect()))
        .arg(from.value_name("DATE"))
        .arg(to.value_name("DATE"))
        .arg(undated.action(ArgAction::SetTrue).conflicts_with_all([
            FROM,
            TO,
            Attribute::Year.name(),
        ]))
        .arg(new_since.value_name("DATE"))
        .arg(latest.action(ArgAction::SetTrue))
        .arg(as_at.value_name("DATE"))
        .arg(neighbours_of)
}

/// Builds the option that leaves out what is only denied.
fn without_denials() -> Arg {
    let option = one(
        WITHOUT_DENIALS,
        "Without paragraphs that only say that it did not exist or occur",
        Some(
            "\"There are no children in unregistered homes\" denies them; \"not always offered\" and \
                 \"too few\" are shortfalls and stay. Answers say how many paragraphs only deny. It \
                 needs something to look for: a query or a topic.",
        ),
    );
    option.action(ArgAction::SetTrue)
}

impl FromArgMatches for ConditionArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let all = |name: &str| -> Result<Vec<String>, Error> {
            let typed = matches.try_get_many::<String>(name).map_err(unread)?;
            Ok(typed.into_iter().flatten().cloned().collect())
        };
        let one = |name: &str| -> Result<Option<String>, Error> {
            Ok(matches.try_get_one::<String>(name).map_err(unread)?.cloned())
        };
        let mut conditions = Conditions {
            values: BTreeMap::new(),
            not: BTreeMap::new(),
            from: one(FROM)?,
            to: one(TO)?,
            undated: matches.get_flag(UNDATED),
            // Of a command that counts whole reports there is none.
            without_denials: matches
                .try_get_one::<bool>(WITHOUT_DENIALS)
                .is_ok_and(|is_set| is_set == Some(&true)),
            new_since: one(NEW_SINCE)?,
            latest: matches.get_flag(LATEST),
            as_at: one(AS_AT)?,
            neighbours_of: all(NEIGHBOURS_OF)?,
        };
        for attribute in Attribute::of(Use::Condition) {
            // A command may have the options of some attributes only.
            if matches.try_contains_id(attribute.name()).is_err() {
                continue;
            }
            let typed = all(attribute.name())?;
            if !typed.is_empty() {
                conditions.values.insert(attribute, typed);
            }
        }
        let excluded = matches.try_get_many::<Excluded>(NOT).map_err(unread)?;
        for (attribute, values) in excluded.into_iter().flatten() {
            conditions.not.entry(*attribute).or_default().extend(values.iter().cloned());
        }
        Ok(Self(conditions))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Reports an option that was not declared: a fault of the program.
fn unread(error: clap::parser::MatchesError) -> Error {
    Error::raw(ErrorKind::InvalidValue, error)
}

#[cfg(test)]
mod tests {
    use super::{ConditionArgs, Conditions, excluded, wording};
    use clap::{Args, Command, FromArgMatches};
    use findings_index::records::{Attribute, Use};

    fn typed(arguments: &[&str]) -> Result<Conditions, clap::Error> {
        let command = ConditionArgs::augment_args(Command::new("test").no_binary_name(true));
        let matches = command.try_get_matches_from(arguments)?;
        ConditionArgs::from_arg_matches(&matches).map(|typed| typed.0)
    }

    #[test]
    fn every_attribute_that_can_be_a_condition_has_an_option() {
        for attribute in Attribute::ALL {
            assert_eq!(
                wording(attribute).is_some(),
                attribute.serves(Use::Condition),
                "{attribute:?}"
            );
        }
    }

    #[test]
    fn options_keep_what_was_typed_by_attribute() {
        let arguments = [
            "--kind",
            "Finding,bullet",
            "--authority",
            "A, B",
            "--kind",
            "table",
            "--from",
            "2016",
            "--neighbours-of",
            "C",
            "--year",
            "2014,2016..2018",
        ];
        let conditions = typed(&arguments).unwrap();
        let list = |values: &[&str]| values.iter().map(|v| (*v).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            conditions,
            Conditions {
                values: [
                    (Attribute::Authority, list(&["A, B"])),
                    (Attribute::Kind, list(&["Finding", "bullet", "table"])),
                    (Attribute::Year, list(&["2014", "2016..2018"])),
                ]
                .into(),
                from: Some("2016".to_owned()),
                neighbours_of: list(&["C"]),
                ..Conditions::default()
            }
        );
        assert_eq!(typed(&[]).unwrap(), Conditions::default());
    }

    #[test]
    fn what_is_excluded_is_kept_by_attribute_and_split_like_its_option() {
        let conditions = typed(&[
            "--not",
            "kind:table,caption",
            "--not",
            "authority:A, B",
            "--not",
            "Kind: bullet",
            "--not",
            "section:x: y",
        ]);
        let list = |values: &[&str]| values.iter().map(|v| (*v).to_owned()).collect::<Vec<_>>();
        let not = [
            (Attribute::Authority, list(&["A, B"])),
            (Attribute::Kind, list(&["table", "caption", "bullet"])),
            (Attribute::Section, list(&["x: y"])),
        ];
        let meant = Conditions { not: not.into(), ..Conditions::default() };
        assert_eq!(conditions.unwrap(), meant);
    }

    #[test]
    fn what_is_no_field_with_a_value_cannot_be_excluded() {
        let fields: Vec<Attribute> = Attribute::of(Use::Condition).collect();
        let refused = ["Essex", "athority:Essex", "page:3", "xyz:1", "kind:", "kind:table,,bullet"];
        let refused = refused.map(|typed| excluded(typed, &fields).unwrap_err()).join("\n");
        insta::assert_snapshot!(refused, @"
        write a field and a value, such as `authority:Essex`
        unknown field `athority`; did you mean `authority`? the fields are grade, overall, theme, topic, section, authority, region, framework, visit, kind, timescale, addressee, report, year
        unknown field `page`; the fields are grade, overall, theme, topic, section, authority, region, framework, visit, kind, timescale, addressee, report, year
        unknown field `xyz`; the fields are grade, overall, theme, topic, section, authority, region, framework, visit, kind, timescale, addressee, report, year
        a value of `kind` is missing
        a value of `kind` is missing
        ");
        let few = excluded("grade:good", &[Attribute::Overall, Attribute::Region]).unwrap_err();
        insta::assert_snapshot!(few, @"unknown field `grade`; the fields are overall, region");
    }

    #[test]
    fn undated_contradicts_a_span_of_days() {
        assert!(typed(&["--undated"]).unwrap().undated);
        assert!(typed(&["--undated", "--new-since", "2025"]).is_ok());
        assert!(typed(&["--undated", "--to", "2016"]).is_err());
        assert!(typed(&["--undated", "--year", "2016"]).is_err());
    }
}
