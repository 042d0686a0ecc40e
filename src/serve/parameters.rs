//! The parameters of an address -> a question as typed. The way back is
//! [`fields`](crate::render::html::page::fields).
//!
//! Gives no meaning to values: that is the business of `ask`. Only the names of parameters, flags
//! and numbers are looked at here.

use crate::ask::question::excluding;
use crate::ask::{Conditions, Question, Reading, Sample};
use findings_index::language::nearest::nearest;
use findings_index::records::{Attribute, Use};
use findings_index::request::Sort;
use form_urlencoded::Serializer;

/// The most results on one page, and in one answer of the API.
pub(super) const MOST: usize = 200;

/// The most characters of a query.
pub(super) const LONGEST: usize = 4_000;

/// The usual number of results on a page.
const ON_A_PAGE: usize = 20;

/// The usual number of entries of a feed.
pub(super) const IN_A_FEED: usize = 50;

/// What shapes the answer to a search and has no meaning for a feed, which lists every paragraph that
/// matches, the last to come or change first.
const OF_NO_FEED: [&str; 8] =
    ["sort", "group", "per_group", "sample", "seed", "repeats", "words_only", "explain"];

/// A parameter that cannot be used as it was given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub(super) struct Fault {
    /// The parameter.
    pub(super) name: String,
    /// What is wrong.
    pub(super) message: String,
    /// What may have been meant.
    pub(super) suggestion: Option<String>,
}

impl Fault {
    pub(super) fn new(name: &str, message: impl Into<String>) -> Self {
        Self { name: name.to_owned(), message: message.into(), suggestion: None }
    }
}

/// The parameters of an address, in their order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Reads the part of an address after its question mark. Empty values are what an empty field
    /// of a form sends, so they are left out.
    pub(super) fn of(query: Option<&str>) -> Self {
        let pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
        let pairs = pairs.filter(|(_, value)| !value.trim().is_empty());
        Self(pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
    }

    /// Whether a parameter is given.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(key, _)| key == name)
    }

    /// Collects parameters that came in another way than in an address.
    pub(super) fn given(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(pairs.into_iter().collect())
    }

    /// Writes them as they are written in an address.
    pub(super) fn written(&self) -> String {
        Serializer::new(String::new()).extend_pairs(&self.0).finish()
    }

    /// Takes the parameters whose names have a beginning, and leaves that out of their names.
    pub(super) fn take_within(&mut self, beginning: &str) -> Self {
        let mut taken = Vec::new();
        self.0.retain(|(name, value)| {
            let Some(rest) = name.strip_prefix(beginning) else { return true };
            taken.push((rest.to_owned(), value.clone()));
            false
        });
        Self(taken)
    }

    /// Adds parameters with a beginning before their names.
    pub(super) fn put_within(&mut self, beginning: &str, others: Self) {
        let others = others.0.into_iter();
        self.0.extend(others.map(|(name, value)| (format!("{beginning}{name}"), value)));
    }

    /// Leaves out the parameters with some names.
    pub(super) fn leave_out(&mut self, is_left_out: fn(&str) -> bool) {
        self.0.retain(|(name, _)| !is_left_out(name));
    }

    /// Takes all values of a parameter.
    pub(super) fn take_all(&mut self, name: &str) -> Vec<String> {
        let mut taken = Vec::new();
        self.0.retain(|(key, value)| {
            let is_it = key == name;
            if is_it {
                taken.push(value.trim().to_owned());
            }
            !is_it
        });
        taken
    }

    /// Takes a parameter that may be given once.
    pub(super) fn take(&mut self, name: &str) -> Result<Option<String>, Fault> {
        let mut values = self.take_all(name);
        match values.len() {
            0 | 1 => Ok(values.pop()),
            _ => Err(Fault::new(name, format!("`{name}` is given more than once"))),
        }
    }

    /// Takes a flag.
    pub(super) fn flag(&mut self, name: &str) -> Result<bool, Fault> {
        match self.take(name)?.as_deref() {
            None | Some("0" | "false" | "no" | "off") => Ok(false),
            Some("1" | "true" | "yes" | "on") => Ok(true),
            Some(other) => Err(Fault::new(name, format!("`{name}` is yes or no, not `{other}`"))),
        }
    }

    /// Takes a whole number.
    pub(super) fn number(&mut self, name: &str) -> Result<Option<usize>, Fault> {
        let number = |text: String| {
            text.parse()
                .map_err(|_| Fault::new(name, format!("`{name}` is a whole number, not `{text}`")))
        };
        self.take(name)?.map(number).transpose()
    }

    /// Fails if any parameter is left: none is ignored.
    pub(super) fn end(self, known: &[&str]) -> Result<(), Fault> {
        let excluded: Vec<String> = Attribute::of(Use::Condition).map(excluding).collect();
        let mut names: Vec<&str> = Attribute::of(Use::Condition).map(Attribute::name).collect();
        names.extend(ASKED.iter().chain(known).copied());
        names.extend(excluded.iter().map(String::as_str));
        self.end_of(names.into_iter())
    }

    /// Fails if any parameter is left; `names` are all that could have been given.
    pub(super) fn end_of<'n>(self, names: impl Iterator<Item = &'n str>) -> Result<(), Fault> {
        let Some((name, _)) = self.0.into_iter().next() else { return Ok(()) };
        // A parameter of another address may have this very name.
        let others = names.filter(|other| *other != name);
        let suggestion = nearest(others, &name).map(str::to_owned);
        let message = format!("unknown parameter `{name}`");
        Err(Fault { name, message, suggestion })
    }
}

/// The names of parameters that make a question, besides those of conditions on attributes.
const ASKED: [&str; 20] = [
    "q",
    "any",
    "exact",
    "not_also",
    "from",
    "to",
    "undated",
    "without_denials",
    "new_since",
    "latest",
    "as_at",
    "neighbours_of",
    "sort",
    "group",
    "per_group",
    "sample",
    "seed",
    "repeats",
    "words_only",
    "explain",
];

/// Takes the conditions.
pub(super) fn conditions(from: &mut Parameters) -> Result<Conditions, Fault> {
    let mut conditions = Conditions::default();
    for attribute in Attribute::of(Use::Condition) {
        let values = from.take_all(attribute.name());
        if !values.is_empty() {
            conditions.values.insert(attribute, values);
        }
        let excluded = from.take_all(&excluding(attribute));
        if !excluded.is_empty() {
            conditions.not.insert(attribute, excluded);
        }
    }
    conditions.from = from.take("from")?;
    conditions.to = from.take("to")?;
    conditions.undated = from.flag("undated")?;
    conditions.without_denials = from.flag("without_denials")?;
    conditions.new_since = from.take("new_since")?;
    conditions.latest = from.flag("latest")?;
    conditions.as_at = from.take("as_at")?;
    conditions.neighbours_of = from.take_all("neighbours_of");
    Ok(conditions)
}

/// Takes what decides which words are marked.
pub(super) fn marks(from: &mut Parameters) -> Result<Question, Fault> {
    let mut marks = Question { text: text(from)?, reading: reading(from)?, ..Question::default() };
    marks.not_also = from.take_all("not_also");
    Ok(marks)
}

/// Takes a question: what is looked for, how, and in which order it is shown; not which part.
pub(super) fn question(from: &mut Parameters) -> Result<Question, Fault> {
    let usual = Question::default();
    let text = text(from)?;
    let sort = one_of(from, "sort", &Sort::ALL, Sort::name)?.unwrap_or(usual.sort);
    let group = from.take("group")?.map(|name| serving("group", Use::Group, &name)).transpose()?;
    let sample = sample(from)?;
    let reading = reading(from)?;
    let mut question = Question { text, reading, sort, group, sample, ..usual };
    question.not_also = from.take_all("not_also");
    question.conditions = conditions(from)?;
    question.repeats = from.flag("repeats")?;
    question.words_only = from.flag("words_only")?;
    question.explain = from.flag("explain")?;
    if let Some(most) = from.number("per_group")? {
        question.per_group = at_most("per_group", most)?;
    }
    Ok(question)
}

/// Takes the text of a query.
pub(super) fn text(from: &mut Parameters) -> Result<String, Fault> {
    // As long as it was sent: what is around it is left out only afterwards.
    for (_, sent) in from.0.iter().filter(|(name, _)| name == "q") {
        short("q", sent)?;
    }
    Ok(from.take("q")?.unwrap_or_default())
}

/// Refuses the text of a query that is too long.
pub(super) fn short(name: &str, text: &str) -> Result<(), Fault> {
    let length = text.chars().count();
    if length <= LONGEST {
        return Ok(());
    }
    let message = format!("the query has {length} characters; the most are {LONGEST}");
    Err(Fault::new(name, message))
}

/// Takes how the words of a query are read.
pub(super) fn reading(from: &mut Parameters) -> Result<Reading, Fault> {
    Ok(Reading { any: from.flag("any")?, exact: from.flag("exact")? })
}

/// Takes a sample.
pub(super) fn sample(from: &mut Parameters) -> Result<Option<Sample>, Fault> {
    match (from.number("sample")?, from.number("seed")?) {
        (None, None) => Ok(None),
        (None, Some(_)) => Err(Fault::new("seed", "`seed` needs `sample`")),
        (Some(0), _) => Err(Fault::new("sample", "`sample` is at least 1")),
        (Some(size), seed) => Ok(Some(Sample { size, seed: seed.unwrap_or(0) as u64 })),
    }
}

/// Takes one of the values of an enum, by its name.
pub(super) fn one_of<T: Copy>(
    from: &mut Parameters,
    parameter: &str,
    all: &[T],
    named: fn(T) -> &'static str,
) -> Result<Option<T>, Fault> {
    let Some(name) = from.take(parameter)? else { return Ok(None) };
    let found = all.iter().copied().find(|one| named(*one) == name);
    found.map(Some).ok_or_else(|| {
        let names: Vec<&str> = all.iter().copied().map(named).collect();
        no_choice(parameter, &names, &name)
    })
}

/// The fault of a name that is none of those to choose from.
fn no_choice(parameter: &str, names: &[&str], name: &str) -> Fault {
    let message = format!("`{parameter}` is one of {}, not `{name}`", names.join(", "));
    let suggestion = nearest(names.iter().copied(), name).map(str::to_owned);
    Fault { suggestion, ..Fault::new(parameter, message) }
}

/// Takes a whole number within limits.
pub(super) fn between(
    from: &mut Parameters,
    name: &str,
    least: usize,
    most: Option<usize>,
) -> Result<Option<usize>, Fault> {
    let Some(number) = from.number(name)? else { return Ok(None) };
    let message = match most {
        _ if number < least => format!("`{name}` is at least {least}, not {number}"),
        Some(most) if number > most => format!("`{name}` is at most {most}, not {number}"),
        _ => return Ok(Some(number)),
    };
    Err(Fault::new(name, message))
}

/// Takes the number of a page, counted from 1, and sets the part of the answer that it shows.
pub(super) fn page(from: &mut Parameters, question: &mut Question) -> Result<usize, Fault> {
    let page = leaf(from)?;
    question.limit = ON_A_PAGE;
    question.offset = (page - 1).saturating_mul(ON_A_PAGE);
    Ok(page)
}

/// Takes the number of a page, counted from 1.
pub(super) fn leaf(from: &mut Parameters) -> Result<usize, Fault> {
    Ok(between(from, "page", 1, None)?.unwrap_or(1))
}

/// Takes the question of a feed, and the number of its page, counted from 1.
pub(super) fn feed(from: &mut Parameters) -> Result<(Question, usize), Fault> {
    if let Some(name) = OF_NO_FEED.into_iter().find(|name| from.has(name)) {
        let message = format!(
            "a feed lists every match, the last to come or change first: leave `{name}` out"
        );
        return Err(Fault::new(name, message));
    }
    let mut question = question(from)?;
    (question.sort, question.repeats, question.closest) = (Sort::Changed, true, false);
    question.limit = between(from, "limit", 1, Some(MOST))?.unwrap_or(IN_A_FEED);
    let page = leaf(from)?;
    question.offset = (page - 1).saturating_mul(question.limit);
    Ok((question, page))
}

/// Checks a number of results.
pub(super) fn at_most(name: &str, number: usize) -> Result<usize, Fault> {
    if number <= MOST {
        return Ok(number);
    }
    Err(Fault::new(name, format!("`{name}` is at most {MOST}, not {number}")))
}

/// Reads the name of an attribute that serves a purpose.
pub(super) fn serving(parameter: &str, purpose: Use, name: &str) -> Result<Attribute, Fault> {
    let found = Attribute::named(name).filter(|attribute| attribute.serves(purpose));
    found.ok_or_else(|| {
        let names: Vec<&str> = Attribute::of(purpose).map(Attribute::name).collect();
        no_choice(parameter, &names, name)
    })
}

#[cfg(test)]
mod tests {
    use super::{Parameters, conditions, question};
    use crate::ask::question::excluding;
    use crate::ask::{Conditions, Question};
    use crate::render::html::page::{condition_fields, fields};
    use findings_index::records::{Attribute, Use};
    use form_urlencoded::Serializer;

    fn written(question: &Question) -> String {
        Serializer::new(String::new()).extend_pairs(fields(question)).finish()
    }

    #[test]
    fn a_question_is_read_from_an_address_as_it_was_written() {
        let address = "any=1&q=%22return+interview%22+%26+RHI&not_also=RHI&grade=Good&grade=\
                       Inadequate&authority=Bath+and+North+East+Somerset&not_region=London&from=2016&new_since=2025-03-03&latest=1&sort=date&group=authority";
        let mut parameters = Parameters::of(Some(address));
        let read = question(&mut parameters).unwrap();
        parameters.end(&[]).unwrap();
        assert_eq!(read.text, "\"return interview\" & RHI");
        assert_eq!(written(&read), address);
    }

    #[test]
    fn every_condition_is_written_into_an_address_and_read_from_it() {
        let named = |of: fn(Attribute) -> String| {
            let values = |attribute| (attribute, vec![of(attribute), "a, b & c".to_owned()]);
            Attribute::of(Use::Condition).map(values).collect()
        };
        // Written with every field, so that a new condition has to be added here.
        let every = Conditions {
            values: named(|attribute| attribute.name().to_owned()),
            not: named(excluding),
            from: Some("2014".to_owned()),
            to: Some("2024-12".to_owned()),
            undated: true,
            without_denials: true,
            new_since: Some("2025-03-03".to_owned()),
            latest: false,
            as_at: Some("2020".to_owned()),
            neighbours_of: vec!["Norfolk".to_owned(), "King's Lea".to_owned()],
        };
        let latest = Conditions { latest: true, as_at: None, ..every.clone() };
        for typed in [every, latest, Conditions::default()] {
            let mut parameters = Parameters::given(condition_fields(&typed));
            assert_eq!(conditions(&mut parameters).unwrap(), typed);
            assert_eq!(parameters, Parameters::default(), "a field is no parameter");
        }
    }

    #[test]
    fn a_query_is_as_long_as_it_was_sent() {
        let sent = |text: String| {
            super::text(&mut Parameters::given([("q".to_owned(), text)])).map_err(|f| f.message)
        };
        assert_eq!(sent(" neglect ".to_owned()).unwrap(), "neglect");
        let refused = sent(format!("neglect{}", "\u{85}".repeat(4_000))).unwrap_err();
        assert_eq!(refused, "the query has 4007 characters; the most are 4000");
    }

    #[test]
    fn an_empty_field_of_a_form_is_no_condition() {
        let mut parameters = Parameters::of(Some("q=neglect&authority=&from=+&to="));
        let read = question(&mut parameters).unwrap();
        assert_eq!(read, Question { text: "neglect".to_owned(), ..Question::default() });
    }

    #[test]
    fn no_parameter_is_ignored() {
        let fault = |address: &str| {
            let mut parameters = Parameters::of(Some(address));
            let read = question(&mut parameters).and_then(|_| parameters.end(&["page"]));
            read.unwrap_err()
        };
        let unknown = fault("q=a&autority=Essex");
        assert_eq!(unknown.message, "unknown parameter `autority`");
        assert_eq!(unknown.suggestion.as_deref(), Some("authority"));
        assert_eq!(fault("q=a&q=b").message, "`q` is given more than once");
        assert_eq!(fault("q=a&any=maybe").message, "`any` is yes or no, not `maybe`");
        assert_eq!(fault("sort=dat").suggestion.as_deref(), Some("date"));
        let none = fault("group=text").message;
        assert!(none.starts_with("`group` is one of grade, overall, theme, "), "{none}");
        assert!(none.ends_with(", not `text`"), "{none}");
        assert_eq!(fault("q=a&seed=3").message, "`seed` needs `sample`");
        let long = format!("q={}", "a".repeat(4_001));
        assert_eq!(fault(&long).message, "the query has 4001 characters; the most are 4000");
    }
}
