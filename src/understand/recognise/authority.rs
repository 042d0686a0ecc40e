//! Finds whom a report is about: in its title, else in what its first pages say.
//!
//! A name counts as an authority only if a table has it and nothing is left of it: "Kent Valley" is
//! not Kent, and an address in Essex Street is not Essex. Whatever else is printed where a name
//! should be is kept as printed, unless it is no name at all.

use super::evidence::{Evidence, Field, Lines, Match};
use super::one_line;
use crate::knowledge::authorities::{Authorities, Authority, Word, printed_words};
use std::collections::BTreeMap;

/// Whom a report is about.
#[derive(Debug, Default)]
pub(super) struct Found<'k> {
    /// The authority, if a table has it.
    pub(super) authority: Option<&'k Authority>,
    /// The name as printed, if no table has it.
    pub(super) printed: Option<String>,
    /// Where it was found.
    pub(super) evidence: Option<Evidence>,
}

/// Words that follow a name in titles and are no part of it.
const AFTER: [&str; 14] = [
    "local",
    "authority",
    "children",
    "childrens",
    "services",
    "service",
    "social",
    "safeguarding",
    "partnership",
    "board",
    "area",
    "adults",
    "adult",
    "partners",
];

/// Words after which a name may begin.
const BEFORE: [&str; 5] = [" in ", " of ", " at ", " to ", " for "];

/// What happens in an area: "agencies in Norfolk".
const IN_AREA: [&str; 17] = [
    "agencies",
    "services",
    "partners",
    "partnership",
    "arrangements",
    "practice",
    "children",
    "families",
    "professionals",
    "leaders",
    "area",
    "working",
    "risk",
    "neglect",
    "abuse",
    "workers",
    "carers",
];

/// The most words of a printed name.
const LONGEST: usize = 12;

/// Finds the name by patterns for the title.
pub(super) fn in_title<'k, 't>(
    front: &'t Lines,
    matches: impl Iterator<Item = Match<'t>>,
    table: &'k Authorities,
) -> Found<'k> {
    let mut found = Found::default();
    for matched in matches {
        // A long name may go on in the next line.
        let longer = front.with_next_line(&matched);
        let by_itself = || of_lines(matched.value, table);
        let with_next = || whole(&one_line(longer), table);
        let named = match is_open(matched.value) {
            true => with_next().or_else(by_itself),
            false => by_itself().or_else(with_next),
        };
        if let Some(authority) = named {
            let evidence = Some(front.evidence(Field::Authority, &matched));
            return Found { authority: Some(authority), printed: None, evidence };
        }
        if found.printed.is_none() {
            found.printed = printed(&first_lines(longer));
            if found.printed.is_some() {
                found.evidence = Some(front.evidence(Field::Authority, &matched));
            }
        }
    }
    found
}

/// The authority named by lines; some before or after them may belong to something else.
fn of_lines<'k>(value: &str, table: &'k Authorities) -> Option<&'k Authority> {
    let lines: Vec<&str> = value.lines().collect();
    let count = lines.len();
    let joined = |start: usize, length: usize| one_line(&lines[start..start + length].join(" "));
    let runs = || {
        let starts = move |length| (0..=count - length).map(move |start| (start, length));
        (1..=count).rev().flat_map(starts)
    };
    let by_itself = runs().find_map(|(start, length)| whole(&joined(start, length), table));
    by_itself
        .or_else(|| described(count, |length| joined(0, length), table))
        .or_else(|| runs().find_map(|(start, length)| beginning(&joined(start, length), table)))
}

/// The authority whose name comes after a description, in as few of the first lines as hold it.
fn described(
    count: usize,
    first: impl Fn(usize) -> String,
    table: &Authorities,
) -> Option<&Authority> {
    let in_first = |length: usize| {
        let text = first(length);
        starts(&text).skip(1).find_map(|text| whole(text, table))
    };
    let (length, found) = (1..=count).find_map(|length| Some((length, in_first(length)?)))?;
    // "Cheshire", and in the next line "West and Chester".
    let longer = (length < count).then(|| in_first(length + 1)).flatten();
    Some(longer.filter(|longer| longer.name.starts_with(&found.name)).unwrap_or(found))
}

/// The first line, with the lines that continue it: it ends in a small word or a comma, or the next
/// consists of titles.
fn first_lines(value: &str) -> String {
    let mut name = String::new();
    for line in value.lines() {
        let is_described = name.starts_with(char::is_lowercase) && printed(&name).is_none();
        let is_part = |word: Word<'_>| word.is_title() || AFTER.contains(&word.key.as_str());
        let titles = || printed_words(line).all(is_part);
        if !name.is_empty() && !is_open(&name) && !is_described && !titles() {
            break;
        }
        name = one_line(&format!("{name} {line}"));
    }
    name
}

/// Whether a name goes on after these words.
fn is_open(name: &str) -> bool {
    let last = name.split_whitespace().next_back().unwrap_or_default();
    ["of", "and", "the", "upon", "in", "on", "to", "&"].contains(&last)
        || last.ends_with([',', '-'])
}

/// The places at which a name may begin: first, or after a preposition, the last first. What comes
/// before must be a description: "services in Kent" is about Kent, "University of Kent" is not.
fn starts(text: &str) -> impl Iterator<Item = &str> {
    let describes = |words: &str| {
        let mut words = words.split_whitespace();
        words.any(|word| word.len() > 3 && word.starts_with(char::is_lowercase))
    };
    let mut after: Vec<usize> = BEFORE
        .iter()
        .flat_map(|before| text.match_indices(before).map(|(at, word)| (at, at + word.len())))
        .filter_map(|(at, end)| describes(&text[..at]).then_some(end))
        .collect();
    after.sort_unstable();
    std::iter::once(0).chain(after.into_iter().rev()).map(move |at| &text[at..])
}

/// The authority with whose name a text begins, if nothing but titles and words such as "local
/// authority" comes next.
pub(super) fn whole<'k>(text: &str, table: &'k Authorities) -> Option<&'k Authority> {
    let words: Vec<Word<'_>> = printed_words(text).collect();
    let titles = words.iter().take_while(|word| word.is_title()).count();
    // The name of the City of London consists of titles only.
    if words.get(titles).is_none_or(is_after) {
        let name: Vec<&str> = words[..titles].iter().map(|word| word.printed).collect();
        return table.find(&name.join(" "));
    }
    let named: Vec<Word<'_>> = words.into_iter().filter(|word| !word.is_title()).collect();
    let (authority, rest) = table.find_at_start(&named)?;
    rest.first().is_none_or(is_after).then_some(authority)
}

/// The only authority whose name begins with the words of a text ("East Riding").
fn beginning<'k>(text: &str, table: &'k Authorities) -> Option<&'k Authority> {
    let name = printed(text)?;
    let is_short = name.split_whitespace().count() <= 3;
    is_short.then(|| table.find_beginning(&name)).flatten()
}

/// Whether a word comes after a name and is no part of it.
fn is_after(word: &Word<'_>) -> bool {
    let is_name = word.printed.starts_with(char::is_uppercase);
    !is_name || AFTER.contains(&word.key.as_str())
}

/// The printed name of a body, if a text is one, without titles; after a preposition if the text
/// begins with something else.
pub(super) fn printed(text: &str) -> Option<String> {
    starts(text).map(council).find(|name| {
        name.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
            && name.split_whitespace().count() <= LONGEST
    })
}

/// The place in a council's printed name; empty if only "local authority" is printed.
fn council(printed: &str) -> String {
    let mut name = printed.trim().trim_end_matches(['.', ',']);
    for ending in [
        " children's services",
        " children's social care services",
        " children's social care",
        " local authority",
        " Metropolitan Borough Council",
        " Borough Council",
        " County Council",
        " City Council",
        " District Council",
        " Council",
        " Corporation",
        " local authority",
    ] {
        name = name.strip_suffix(ending).unwrap_or(name);
    }
    for beginning in ["the ", "London Borough of ", "Royal Borough of ", "City of ", "the "] {
        name = name.strip_prefix(beginning).unwrap_or(name);
    }
    match name {
        "local authority" => String::new(),
        "London" => "City of London".to_owned(),
        name => name.to_owned(),
    }
}

/// The authority that a line of a document of no known framework is about: the line is its name
/// with a title, or ends in "in" or "of" and its name. An address is neither.
pub(super) fn in_line<'k>(line: &str, table: &'k Authorities) -> Option<&'k Authority> {
    let is_titled = printed_words(line).any(|word| {
        matches!(word.key.as_str(), "council" | "borough" | "corporation" | "authority")
    });
    let start = if is_titled { None } else { Some(1) };
    starts(line).skip(start.unwrap_or(0)).find_map(|text| whole(text, table))
}

/// Finds the name that the first pages give most often as that of the authority or area: "X local
/// authority", "X County Council", "agencies in X". `title` is the name in the title, if no table
/// has it: a different one does not count.
pub(super) fn in_body<'k>(
    front: &Lines,
    title: Option<&str>,
    table: &'k Authorities,
) -> Option<Found<'k>> {
    let mut votes: BTreeMap<String, (usize, usize, String)> = BTreeMap::new();
    for (at, name) in names(&front.text) {
        let key = name.to_lowercase();
        let vote = votes.entry(key).or_insert((0, at, name));
        vote.0 += 1;
    }
    let agrees = |name: &str| {
        title.is_none_or(|title| {
            let (name, title) = (name.to_lowercase(), title.to_lowercase());
            name.starts_with(&title) || title.starts_with(&name)
        })
    };
    let most = votes.into_values().filter(|(.., name)| agrees(name));
    let (count, at, name) = most.min_by_key(|(count, at, _)| (usize::MAX - count, *at))?;
    let evidence = Some(front.seen(Field::Authority, at, &name));
    match whole(&name, table).or_else(|| beginning(&name, table)) {
        Some(authority) => Some(Found { authority: Some(authority), printed: None, evidence }),
        // Once may be anybody.
        None if title.is_none() && count > 1 => {
            Some(Found { authority: None, printed: Some(name), evidence })
        }
        _ => None,
    }
}

/// The names of councils and areas in a text, each with its place in bytes.
fn names(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut line_start = 0;
    for line in text.split_inclusive('\n') {
        let mut words: Vec<(usize, &str)> = Vec::new();
        let mut at = 0;
        for piece in line.split_inclusive(char::is_whitespace) {
            if !piece.trim().is_empty() {
                words.push((line_start + at, piece.trim()));
            }
            at += piece.len();
        }
        found.extend(names_of_line(&words));
        line_start += line.len();
    }
    found
}

fn names_of_line(words: &[(usize, &str)]) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let Some(end) = run(words, at) else {
            at += 1;
            continue;
        };
        let text: Vec<&str> = words[at..end].iter().map(|(_, word)| *word).collect();
        let next: Vec<String> =
            words[end..].iter().take(2).map(|(_, word)| bare(word).to_lowercase()).collect();
        let is_closed = text.last().is_some_and(|last| last.ends_with(['.', ';', ':', ')']));
        let follows = !is_closed
            && matches!(
                next.iter().map(String::as_str).collect::<Vec<_>>().as_slice(),
                ["local", "authority"] | ["children's", "services" | "social"]
            );
        let is_council = text.len() > 1 && {
            let last = bare(text[text.len() - 1]);
            matches!(last, "Council" | "Corporation")
        } || text.join(" ").contains("Borough of ");
        let in_area = at >= 2
            && words[at - 1].1 == "in"
            && IN_AREA.contains(&bare(words[at - 2].1).to_lowercase().as_str());
        if follows || is_council || in_area {
            let joined = text.join(" ");
            let name = council(joined.trim_end_matches(|c: char| !c.is_alphanumeric()));
            let is_title = |name: &str| printed_words(name).all(|word| word.is_title());
            if !name.is_empty() && (!is_title(&name) || name == "City of London") {
                found.push((words[at].0, name));
            }
        }
        at = end;
    }
    found
}

/// The end of the capitalised words from here on, with the small words between them.
fn run(words: &[(usize, &str)], start: usize) -> Option<usize> {
    const SMALL: [&str; 7] = ["of", "and", "upon", "on", "with", "under", "&"];
    let is_capital = |at: usize| {
        words.get(at).is_some_and(|(_, word)| bare(word).starts_with(char::is_uppercase))
    };
    let is_open = |at: usize| !words[at].1.ends_with(['.', ';', ':', ')']) || words[at].1 == "St.";
    if !is_capital(start) {
        return None;
    }
    let mut end = start + 1;
    while is_open(end - 1) {
        if is_capital(end) {
            end += 1;
        } else if words.get(end).is_some_and(|(_, word)| SMALL.contains(word))
            && is_capital(end + 1)
        {
            end += 2;
        } else if words.get(end).is_some_and(|(_, word)| *word == "of" || *word == "on")
            && words.get(end + 1).is_some_and(|(_, word)| *word == "the")
            && is_capital(end + 2)
        {
            end += 3;
        } else {
            break;
        }
    }
    Some(end)
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::{Lines, in_body, of_lines, printed};
    use crate::knowledge::Authorities;

    fn named(value: &str) -> String {
        let table = Authorities::embedded().unwrap();
        of_lines(value, &table).map_or_else(|| "-".to_owned(), |found| found.name.clone())
    }

    #[test]
    fn a_name_counts_only_if_nothing_is_left_of_it() {
        for (value, name) in [
            ("City of London", "City of London"),
            ("City of London local authority", "City of London"),
            ("London Corporation", "City of London"),
            ("Corporation of London", "City of London"),
            ("City of York", "York"),
            ("City of Bradford\nMetropolitan District Council", "Bradford"),
            ("Essex Corporation", "Essex"),
            ("Ofsted\nStockport Metropolitan Borough\nCouncil", "Stockport"),
            ("Bournemouth, Christchurch\nand Poole", "Bournemouth, Christchurch and Poole"),
            ("Windsor and\nMaidenhead\nBetween 4 and 8 March", "Windsor and Maidenhead"),
            ("East Riding", "East Riding of Yorkshire"),
            ("Slough Children First", "Slough"),
            ("St Helens Borough Council children's services", "St. Helens"),
            (
                "the multi-agency response to neglect in the family in Kingston upon Hull",
                "Kingston Upon Hull, City of",
            ),
            ("North East Lincolnshire Council", "North East Lincolnshire"),
            ("Kent Valley County Council", "-"),
            ("Essex House", "-"),
            ("12 Norfolk Street", "-"),
            ("Kent and Medway", "-"),
            ("the multi-agency response to serious youth violence", "-"),
        ] {
            assert_eq!(named(value), name, "{value}");
        }
    }

    #[test]
    fn what_no_table_has_is_kept_as_printed_if_it_is_a_name() {
        assert_eq!(
            printed("Saltmere County Council children's services").as_deref(),
            Some("Saltmere")
        );
        assert_eq!(printed("the response to neglect in Saltmere").as_deref(), Some("Saltmere"));
        assert_eq!(printed("the multi-agency response to children's mental health"), None);
        assert_eq!(printed("local authority"), None);
    }

    fn said(text: &str, title: Option<&str>) -> String {
        let table = Authorities::embedded().unwrap();
        let found = in_body(&Lines::of_text(text), title, &table).unwrap_or_default();
        match (found.authority, found.printed) {
            (Some(authority), _) => authority.name.clone(),
            (None, Some(printed)) => format!("? {printed}"),
            (None, None) => "-".to_owned(),
        }
    }

    #[test]
    fn the_body_names_the_area_where_the_title_does_not() {
        for (text, name) in [
            ("We looked at how well agencies in Leeds work together.\n", "Leeds"),
            (
                "Inspectors met staff in Norfolk Street. Practice in the London Borough of Camden is good.\n",
                "Camden",
            ),
            (
                "Hull local authority asked Essex County Council. Hull local authority paid.\n",
                "Kingston Upon Hull, City of",
            ),
            (
                "Agencies in Saltmere talk. Children in Saltmere are heard. Kent County Council helped.\n",
                "? Saltmere",
            ),
            ("Aviation House\n125 Kingsway\nManchester\nM1 2WD\n", "-"),
        ] {
            assert_eq!(said(text, None), name, "{text}");
        }
    }

    #[test]
    fn the_body_never_contradicts_a_name_in_the_title() {
        let text =
            "Practice was shared with Essex County Council and with Essex local authority.\n";
        assert_eq!(said(text, Some("Saltmere")), "-");
        assert_eq!(
            said("Services in Kingston upon Thames\n", Some("Kingston")),
            "Kingston upon Thames"
        );
    }
}
