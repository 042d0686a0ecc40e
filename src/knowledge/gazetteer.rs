//! What people call authorities: by a name or a part of one, a short form, or a code.
//!
//! Names that people type are matched here; names that reports print are matched by
//! [`Authorities::find`] and `Authorities::find_at_start`, which know no short forms and no parts.

use super::authorities::{Authorities, Authority, words};
use std::ops::Range;

/// Authorities, found by what people call them. Made once for many names.
#[derive(Debug)]
pub struct Gazetteer {
    table: Authorities,
    names: Vec<String>,
    forms: Vec<Form>,
}

/// One way to write the name of an authority.
#[derive(Debug, Clone)]
struct Form {
    words: Vec<String>,
    /// The number of its authority.
    of: usize,
    is_short: bool,
}

/// Authorities that a text may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named<'a> {
    /// Their short names; several if the text is ambiguous.
    pub may_be: Vec<&'a str>,
    /// Whether the text is a whole name, short form or code, and not a part of a name.
    pub is_whole: bool,
}

/// The name of an authority within a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention<'a> {
    /// Which of the words are the name, with titles such as `County Council`.
    pub words: Range<usize>,
    /// The authorities that it may mean.
    pub named: Named<'a>,
}

/// Abbreviations of titles, as people type them before or after a name: `LB Camden`, `Leeds CC`.
const ABBREVIATED: [&str; 10] = ["lb", "lbc", "rb", "cc", "bc", "mbc", "mdc", "dc", "ua", "ulb"];

/// Titles that may precede `of` and a name: `London Borough of Camden`.
const BEFORE: [&str; 9] =
    ["the", "london", "royal", "metropolitan", "borough", "city", "county", "council", "district"];

/// Titles that may come between a name and the last word of its title.
const AFTER: [&str; 6] = ["metropolitan", "borough", "city", "county", "district", "unitary"];

/// The last words of titles that follow a name. `Essex county lines` is about county lines.
const LAST: [&str; 5] = ["council", "corporation", "councils", "city", "borough"];

/// Words in names of authorities that do not name one by themselves in a text.
const COMMON: [&str; 19] = [
    "north", "south", "east", "west", "central", "upon", "on", "with", "in", "isle", "isles",
    "forest", "sea", "riding", "tower", "hamlets", "st", "under", "new",
];

/// Words that tell one area from another of the same name.
const POINTS: [&str; 10] =
    ["north", "south", "east", "west", "mid", "central", "greater", "inner", "outer", "upper"];

/// The fewest letters that are taken for the beginning of a name.
const BEGINNING: usize = 3;

impl Gazetteer {
    /// Lists the names of a table and of other authorities that no table has.
    pub fn new<'a>(table: Authorities, others: impl IntoIterator<Item = &'a str>) -> Self {
        let (mut names, mut forms) = (Vec::new(), Vec::new());
        for authority in table.all() {
            let of = names.len();
            names.push(authority.name.clone());
            let full = std::iter::once(&authority.name).chain(&authority.other_names);
            let full = full.map(|name| (name, false));
            let short = authority.short_forms.iter().map(|name| (name, true));
            forms.extend(full.chain(short).map(|(name, is_short)| Form {
                words: words(name),
                of,
                is_short,
            }));
        }
        for name in others {
            if !names.iter().any(|known| known == name) {
                forms.push(Form { words: words(name), of: names.len(), is_short: false });
                names.push(name.to_owned());
            }
        }
        forms.retain(|form| !form.words.is_empty());
        Self { table, names, forms }
    }

    /// The tables.
    #[must_use]
    pub fn table(&self) -> &Authorities {
        &self.table
    }

    /// Every name in full: short names and other names in use.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        fn own(authority: &Authority) -> impl Iterator<Item = &str> {
            std::iter::once(&authority.name).chain(&authority.other_names).map(String::as_str)
        }
        self.table.all().flat_map(own)
    }

    /// The authorities that a typed name may mean; `None` if it names none.
    ///
    /// A whole name comes before a short form, that before the first words of a name, words within
    /// a name, and the first letters of a name.
    #[must_use]
    pub fn named(&self, typed: &str) -> Option<Named<'_>> {
        let typed = typed.trim();
        let of_code = self.table.all().filter(|own| !typed.is_empty() && own.la_code == typed);
        let of_code: Vec<&str> = of_code.map(|own| own.name.as_str()).collect();
        if !of_code.is_empty() {
            return Some(Named { may_be: of_code, is_whole: true });
        }
        if let Some(found) = self.table.find(typed) {
            return Some(Named { may_be: vec![&found.name], is_whole: true });
        }
        let mut wanted = words(typed);
        if wanted.iter().any(|word| !ABBREVIATED.contains(&word.as_str())) {
            wanted.retain(|word| !ABBREVIATED.contains(&word.as_str()));
        }
        if wanted.is_empty() {
            return None;
        }
        self.whole(&wanted).or_else(|| self.partly(&wanted)).or_else(|| {
            let letters = wanted.join(" ");
            let is_long = letters.chars().count() >= BEGINNING;
            self.all(false, |form| is_long && form.words.join(" ").starts_with(&letters))
        })
    }

    fn whole(&self, wanted: &[String]) -> Option<Named<'_>> {
        self.all(true, |form| !form.is_short && form.words == wanted)
            .or_else(|| self.all(true, |form| form.words == wanted))
    }

    fn partly(&self, wanted: &[String]) -> Option<Named<'_>> {
        let within = |form: &Form| form.words.windows(wanted.len()).any(|part| part == wanted);
        self.all(false, |form| !form.is_short && form.words.starts_with(wanted))
            .or_else(|| self.all(false, |form| !form.is_short && within(form)))
    }

    /// The authorities with a form that passes.
    fn all(&self, is_whole: bool, passes: impl Fn(&Form) -> bool) -> Option<Named<'_>> {
        let mut found: Vec<usize> =
            self.forms.iter().filter(|form| passes(form)).map(|form| form.of).collect();
        found.sort_unstable();
        found.dedup();
        let may_be: Vec<&str> = found.into_iter().map(|of| self.names[of].as_str()).collect();
        (!may_be.is_empty()).then_some(Named { may_be, is_whole })
    }

    /// The names of authorities in a text, in its order. Of names that begin together, the longest
    /// counts; words such as `north` alone, codes and first letters are no names here.
    #[must_use]
    pub fn mentions(&self, text: &[&str]) -> Vec<Mention<'_>> {
        let pieces: Vec<Piece> =
            text.iter().enumerate().flat_map(|(at, word)| pieces(at, word)).collect();
        let longest = self.forms.iter().map(|form| form.words.len()).max().unwrap_or(0);
        let mut found: Vec<Mention<'_>> = Vec::new();
        let mut at = 0;
        while at < pieces.len() {
            let lengths = (1..=longest.min(pieces.len() - at)).rev();
            let named =
                lengths.filter(|length| is_apart(&pieces, at..at + length)).find_map(|length| {
                    let wanted: Vec<String> =
                        pieces[at..at + length].iter().map(|piece| piece.text.clone()).collect();
                    let is_common = wanted.iter().all(|word| COMMON.contains(&word.as_str()));
                    let partly = || (!is_common).then(|| self.partly(&wanted)).flatten();
                    Some((length, self.whole(&wanted).or_else(partly)?))
                });
            let part_of_more =
                |named: &Named<'_>| at > 0 && is_of_more(&pieces[at - 1].text, named.is_whole);
            let Some((length, named)) = named.filter(|(_, named)| !part_of_more(named)) else {
                at += 1;
                continue;
            };
            let words = pieces[at].word..pieces[at + length - 1].word + 1;
            let free = found.last().map_or(0, |before| before.words.end);
            let words = titled(text, words, free);
            at = pieces.iter().position(|piece| piece.word >= words.end).unwrap_or(pieces.len());
            found.push(Mention { words, named });
        }
        found
    }
}

/// A word of a name, and the place of the word of the text that it is in.
struct Piece {
    text: String,
    word: usize,
}

/// Cuts a word of a text as names are cut; the words of titles are left out.
fn pieces(at: usize, word: &str) -> impl Iterator<Item = Piece> {
    let possessed = ["'s", "’s"].iter().find_map(|ending| word.strip_suffix(ending));
    words(possessed.unwrap_or(word)).into_iter().map(move |text| Piece { text, word: at })
}

/// Whether a name that is written like what was typed may be the one that was meant. South Yorkshire
/// is no slip for North Yorkshire, and titles alone (`City`) name nobody.
#[must_use]
pub fn may_be_meant(typed: &str, name: &str) -> bool {
    let (typed, name) = (words(typed), words(name));
    let points = |words: &[String]| -> Vec<String> {
        words.iter().filter(|word| POINTS.contains(&word.as_str())).cloned().collect()
    };
    !typed.is_empty() && points(&typed) == points(&name)
}

/// Whether a name after this word is that of something else: Greater Manchester is not Manchester, and
/// South Yorkshire is no part of North Yorkshire.
fn is_of_more(before: &str, is_whole: bool) -> bool {
    before == "greater" || !is_whole && POINTS.contains(&before)
}

/// Whether the pieces make up whole words of the text, with nothing but titles between them.
fn is_apart(pieces: &[Piece], range: Range<usize>) -> bool {
    let before = range.start.checked_sub(1).map(|at| pieces[at].word);
    let after = pieces.get(range.end).map(|piece| piece.word);
    before != Some(pieces[range.start].word) && after != Some(pieces[range.end - 1].word)
}

/// Extends the words of a name by the title before and after it.
fn titled(text: &[&str], name: Range<usize>, free: usize) -> Range<usize> {
    let is = |at: usize, titles: &[&str]| {
        let word = text[at].trim_matches(|c: char| !c.is_alphanumeric());
        titles.iter().any(|title| word.eq_ignore_ascii_case(title))
    };
    let Range { mut start, mut end } = name;
    if start > free && is(start - 1, &["lb", "rb"]) {
        start -= 1;
    } else if start > free + 1 && is(start - 1, &["of"]) && is(start - 2, &BEFORE[1..]) {
        start -= 2;
        while start > free && is(start - 1, &BEFORE) {
            start -= 1;
        }
    }
    let mut next = end;
    while next < text.len() && (is(next, &AFTER) || is(next, &LAST) || is(next, &ABBREVIATED)) {
        next += 1;
        if is(next - 1, &LAST) || is(next - 1, &ABBREVIATED) {
            end = next;
        }
    }
    start..end
}

#[cfg(test)]
mod tests {
    use super::{Gazetteer, may_be_meant};
    use crate::knowledge::Authorities;

    fn named(typed: &str) -> String {
        let table = Authorities::embedded().unwrap();
        let all = Gazetteer::new(table, ["Stonewick"]);
        all.named(typed).map_or_else(|| "none".to_owned(), |named| named.may_be.join(" | "))
    }

    #[test]
    fn a_council_is_found_by_name_part_short_form_and_code() {
        for (typed, name) in [
            ("Cheshire West", "Cheshire West and Chester"),
            ("East Riding", "East Riding of Yorkshire"),
            ("Bristol", "Bristol, City of"),
            ("City of Bristol", "Bristol, City of"),
            ("881", "Essex"),
            ("essex county council", "Essex"),
            ("RBKC", "Kensington and Chelsea"),
            ("B&NES", "Bath and North East Somerset"),
            ("banes", "Bath and North East Somerset"),
            ("Notts", "Nottinghamshire"),
            ("Herts", "Hertfordshire"),
            ("LB Camden", "Camden"),
            ("Camden LBC", "Camden"),
            ("Leeds CC", "Leeds"),
            ("Stonewick MBC", "Stonewick"),
            ("Stone", "Stonewick"),
            ("Poole", "Poole"),
            ("Bournemouth", "Bournemouth"),
            ("Christchurch", "Bournemouth, Christchurch and Poole"),
            ("North Lincs", "North Lincolnshire"),
            ("City of London", "City of London"),
            ("Lincolnshire", "Lincolnshire"),
            ("Oxf", "Oxfordshire"),
        ] {
            assert_eq!(named(typed), name, "{typed}");
        }
    }

    #[test]
    fn an_ambiguous_part_has_all_its_meanings_and_a_stranger_none() {
        // The county, which ended in 2009: who asks, and of whom reports are held, decides.
        assert_eq!(named("Cheshire"), "Cheshire");
        assert_eq!(named("Kingston"), "Kingston Upon Hull, City of | Kingston upon Thames");
        assert_eq!(named("Sussex"), "East Sussex | West Sussex");
        assert_eq!(named("Beds"), "Bedford Borough | Central Bedfordshire");
        assert_eq!(named("Nottin"), "Nottingham | Nottinghamshire");
        for typed in ["Nothingham", "", "council", "No", "999", "cc"] {
            assert_eq!(named(typed), "none", "{typed}");
        }
    }

    #[test]
    fn a_name_is_meant_only_if_it_is_of_the_same_part_of_the_country() {
        assert!(may_be_meant("North Yorkshyre", "North Yorkshire"));
        assert!(may_be_meant("Nothingham", "Nottingham"));
        assert!(!may_be_meant("South Yorkshire", "North Yorkshire"));
        assert!(!may_be_meant("West Lincolnshire", "North East Lincolnshire"));
        assert!(!may_be_meant("City", "Kingston Upon Hull, City of"));
    }

    fn mentions(text: &str) -> String {
        let table = Authorities::embedded().unwrap();
        let all = Gazetteer::new(table, ["Stonewick"]);
        let words: Vec<&str> = text.split(' ').collect();
        let said = all.mentions(&words).into_iter().map(|mention| {
            let part = if mention.named.is_whole { "" } else { "~" };
            let text = words[mention.words].join(" ");
            format!("{text}={part}{}", mention.named.may_be.join(" | "))
        });
        said.collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn names_are_found_within_a_text_with_their_titles() {
        for (text, found) in [
            ("supervision in Essex", "Essex=Essex"),
            ("missing children notts", "notts=Nottinghamshire"),
            ("neglect in the London Borough of Camden 2019", "the London Borough of Camden=Camden"),
            ("essex county council neglect", "essex county council=Essex"),
            ("essex county lines", "essex=Essex"),
            ("Nottingham's care leavers", "Nottingham's=Nottingham"),
            ("Southend-on-Sea, please", "Southend-on-Sea,=Southend-on-Sea"),
            ("early help in st helens", "st helens=St. Helens"),
            ("domestic abuse North Yorkshire", "North Yorkshire=North Yorkshire"),
            ("essex and kent", "essex=Essex; kent=Kent"),
            ("kensington & chelsea neglect", "kensington & chelsea=Kensington and Chelsea"),
            (
                "caseloads in Kingston",
                "Kingston=~Kingston Upon Hull, City of | Kingston upon Thames",
            ),
            ("audits at B&NES", "B&NES=Bath and North East Somerset"),
            ("is supervision any good in stonewick", "stonewick=Stonewick"),
            ("children in the north east", ""),
            ("visits by the city council", ""),
            ("neglect in Greater Manchester", ""),
            ("neglect in South Yorkshire", ""),
            ("the City of Bristol", "the City of Bristol=Bristol, City of"),
            ("caseloads at RBKC and LB Camden", "RBKC=Kensington and Chelsea; LB Camden=Camden"),
            ("pre-essex", ""),
        ] {
            assert_eq!(mentions(text), found, "{text}");
        }
    }
}
