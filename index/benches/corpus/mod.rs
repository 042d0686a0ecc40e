//! A generated corpus: reports with all their fields, of any number of paragraphs.
//!
//! The same seed gives the same corpus everywhere. Reports are made one at a time and independently
//! of those before, so a million paragraphs take no more memory than a hundred. Lengths of reports
//! and paragraphs, the number of values of each facet and the frequencies of words are those of
//! real reports. Sentences are random words and mean nothing, so the corpus cannot show how good an
//! answer is, and phrases of three words and more are rarer than in prose.

mod random;
mod vocabulary;

use findings_index::records::{
    Body, FoundIn, Grade, Judgement, Kind, ParagraphRecord, PublishedFrom, ReportRecord,
    SectionRecord,
};
use jiff::civil::{Date, date};
pub(crate) use random::Random;
use std::fmt::Write as _;
use vocabulary::{PHRASES, Vocabulary};

/// The phrase whose share of paragraphs can be chosen.
pub(crate) const PHRASE: &str = "return interview";

const PLACES: [&str; 15] = [
    "Brack", "Elder", "Fen", "Glass", "Harrow", "Kel", "Lark", "March", "North", "Oster", "Pell",
    "Quarn", "Salt", "Stone", "Thorn",
];
const PLACE_ENDINGS: [&str; 10] =
    ["bourne", "bridge", "by", "combe", "dale", "ford", "holme", "mere", "stead", "wick"];
const REGIONS: [&str; 9] = [
    "East Midlands",
    "East of England",
    "London",
    "North East",
    "North West",
    "South East",
    "South West",
    "West Midlands",
    "Yorkshire and The Humber",
];
/// Code, first year, years in use, whether it grades.
const FRAMEWORKS: [(&str, i16, usize, bool); 5] = [
    ("slac", 2009, 4, true),
    ("sif", 2013, 5, true),
    ("ilacs", 2018, 8, true),
    ("jtai", 2016, 9, false),
    ("send", 2016, 10, false),
];
const GRADES: [&str; 4] = ["Outstanding", "Good", "Requires improvement to be good", "Inadequate"];
const SECTIONS: [(&str, &str); 7] = [
    ("Summary", "overall"),
    ("Help and protection", "help_and_protection"),
    ("Children in care", "care"),
    ("Adoption", "adoption"),
    ("Care leavers", "care_leavers"),
    ("Leadership and management", "leadership"),
    ("What has to improve", "overall"),
];
const SUBSECTIONS: [&str; 12] = [
    "Early help",
    "First contact",
    "Assessment and planning",
    "Children who go missing",
    "Exploitation",
    "Family support",
    "Health",
    "Placements",
    "School and learning",
    "Staff and caseloads",
    "Listening to children",
    "Quality assurance",
];

/// A report and its paragraphs.
pub(crate) type Made = (ReportRecord, Vec<ParagraphRecord>);

/// The corpus to be generated.
pub(crate) struct Corpus {
    paragraphs: usize,
    seed: u64,
    /// Share of paragraphs with [`PHRASE`].
    phrase: f64,
    vocabulary: Vocabulary,
}

impl Corpus {
    /// A corpus of this many paragraphs, of which about the share `phrase` contains [`PHRASE`].
    pub(crate) fn new(paragraphs: usize, phrase: f64, seed: u64) -> Self {
        Self { paragraphs, seed, phrase, vocabulary: Vocabulary::new(seed) }
    }

    /// The reports, generated as they are asked for.
    pub(crate) fn reports(&self) -> impl Iterator<Item = Made> {
        let mut left = self.paragraphs;
        (0..).map_while(move |number| {
            if left == 0 {
                return None;
            }
            let made = self.report(number, left);
            left -= made.1.len();
            Some(made)
        })
    }

    /// The word with this rank in order of frequency; 0 is the most frequent.
    pub(crate) fn word(&self, rank: usize) -> &str {
        self.vocabulary.word(rank)
    }

    fn report(&self, number: usize, at_most: usize) -> Made {
        let random = &mut Random::new(self.seed, number);
        let place = random.below(PLACES.len() * PLACE_ENDINGS.len());
        let authority = format!(
            "{}{}",
            PLACES[place / PLACE_ENDINGS.len()],
            PLACE_ENDINGS[place % PLACE_ENDINGS.len()]
        );
        let (framework, first, years, is_graded) = random.one_of(&FRAMEWORKS);
        let start = date(
            first + random.below(years) as i16,
            1 + random.below(12) as i8,
            1 + random.below(24) as i8,
        );
        let id = format!("{}-{framework}-{start}-{number}", authority.to_ascii_lowercase());
        let sha256: String = (0..4).map(|_| format!("{:016x}", random.next())).collect();
        let grade = |random: &mut Random, area: &str| {
            is_graded.then(|| {
                let place = random.below(GRADES.len());
                Grade {
                    label: GRADES[place].to_owned(),
                    rank: Some(place as u8 + 1),
                    area: area.to_owned(),
                }
            })
        };
        let overall = grade(random, "Overall effectiveness");
        let head = Head { id: &id, sha256: &sha256, authority: &authority, framework, start };

        let wanted = (60 + random.below(100)).min(at_most);
        let mut paragraphs = Vec::with_capacity(wanted);
        let mut sections = Vec::new();
        let mut judgements = Vec::new();
        for (at, (heading, theme)) in SECTIONS.into_iter().enumerate() {
            let until = wanted * (at + 1) / SECTIONS.len();
            let grade = grade(random, heading);
            let mut path = vec![heading.to_owned()];
            if random.chance(0.6) {
                path.push(self.subsection(random));
            }
            let section = SectionRecord {
                path,
                theme: Some(theme.to_owned()),
                grade,
                page: Some(page(paragraphs.len())),
                paragraphs: (until - paragraphs.len()) as u32,
            };
            while paragraphs.len() < until {
                let paragraph = self.paragraph(random, &head, &section, paragraphs.len());
                paragraphs.push(paragraph);
            }
            judgements.extend(section.grade.iter().map(|grade| Judgement {
                area: grade.area.clone(),
                theme: section.theme.clone(),
                label: grade.label.clone(),
                rank: grade.rank,
                body: Body::Authority,
                found_in: vec![FoundIn::Heading, FoundIn::Table],
            }));
            sections.push(section);
        }
        let words = |paragraph: &ParagraphRecord| paragraph.text.split(' ').count() as u32;
        let record = ReportRecord {
            path: format!("{authority}/{id}.pdf"),
            title: Some(format!("{authority}: inspection of services for children")),
            framework: framework.to_owned(),
            visit: None,
            authority_printed: None,
            la_code: Some(format!("{}", 800 + place)),
            region: Some(REGIONS[place % REGIONS.len()].to_owned()),
            inspection_theme: None,
            inspection_start: Some(start),
            inspection_end: Some(start.saturating_add(jiff::Span::new().days(11))),
            published: Some(start.saturating_add(jiff::Span::new().days(56))),
            published_from: Some(PublishedFrom::Text),
            lead_inspector: Some("A. N. Inspector".to_owned()),
            overall,
            judgements,
            sections,
            pages: Some(page(wanted)),
            paragraphs: wanted as u32,
            words: paragraphs.iter().map(words).sum(),
            warnings: Vec::new(),
            corrections: Vec::new(),
            acronyms: Vec::new(),
            first_indexed: None,
            changed: None,
            authority: Some(authority),
            id,
            sha256,
        };
        (record, paragraphs)
    }

    /// A heading: usually one of those that recur, sometimes one that only this report has.
    fn subsection(&self, random: &mut Random) -> String {
        if random.chance(0.9) {
            return random.one_of(&SUBSECTIONS).to_owned();
        }
        let words: Vec<&str> = (0..4).map(|_| self.vocabulary.draw(random)).collect();
        capitalised(&words.join(" "))
    }

    fn paragraph(
        &self,
        random: &mut Random,
        head: &Head<'_>,
        section: &SectionRecord,
        place: usize,
    ) -> ParagraphRecord {
        let kind = match random.below(100) {
            0..70 => Kind::Finding,
            70..88 => Kind::Bullet,
            88..94 => Kind::Recommendation,
            94..97 => Kind::Table,
            _ => Kind::Boilerplate,
        };
        let first_page = page(place);
        let number = format!("{}", place + 1);
        ParagraphRecord {
            id: format!("{}/{number}", head.id),
            report: head.id.to_owned(),
            sha256: head.sha256.to_owned(),
            section: section.path.clone(),
            theme: section.theme.clone(),
            topics: Vec::new(),
            grade: section.grade.clone(),
            page: Some(first_page),
            page_end: Some(first_page + u32::from(random.chance(0.1))),
            kind,
            timescale: (kind == Kind::Recommendation).then(|| "Within three months".to_owned()),
            addressee: None,
            parent: None,
            refers: Vec::new(),
            topics_denied: Vec::new(),
            boxes: None,
            text: self.text(random),
            citation: format!(
                "{}, {}, {}, {}, paragraph {number}, page {first_page}",
                head.authority, head.framework, head.start, section.path[0]
            ),
            number: Some(number),
            verbatim: Some(true),
            first_indexed: None,
            changed: None,
        }
    }

    /// Twelve to a hundred and ten words, most often about sixty.
    fn text(&self, random: &mut Random) -> String {
        let length = 12 + random.below(50) + random.below(50);
        let phrase_at = random.below(length);
        let mut text = String::with_capacity(length * 8);
        let mut left = 0;
        for at in 0..length {
            if left == 0 {
                if at > 0 {
                    text.push_str(". ");
                }
                left = 8 + random.below(20);
                text.push_str(&capitalised(self.vocabulary.draw(random)));
            } else {
                text.push_str(match random.below(60) {
                    0..3 => ", ",
                    3 => "-",
                    4 => "\u{2019}s ",
                    _ => " ",
                });
                text.push_str(self.vocabulary.draw(random));
            }
            left -= 1;
            if at == phrase_at {
                if random.chance(self.phrase) {
                    // Writing into a string cannot fail.
                    let _ = write!(text, " {PHRASE}");
                }
                for (phrase, thousandths) in PHRASES {
                    if random.below(1_000) < thousandths {
                        let _ = write!(text, " {phrase}");
                    }
                }
            }
        }
        text.push('.');
        text
    }
}

/// The fields that every paragraph of a report repeats.
struct Head<'a> {
    id: &'a str,
    sha256: &'a str,
    authority: &'a str,
    framework: &'a str,
    start: Date,
}

fn page(place: usize) -> u32 {
    place as u32 / 6 + 1
}

fn capitalised(words: &str) -> String {
    let mut capitalised = words.to_owned();
    if let Some(first) = capitalised.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    capitalised
}
