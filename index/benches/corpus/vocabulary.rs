//! Words with the frequencies of prose: a few everywhere, thousands almost nowhere.

use super::random::Random;
use std::collections::HashSet;

/// Distinct words. The real reports have about 15,600 distinct stems.
const SIZE: usize = 20_000;
/// Size of the table from which words are drawn; large enough that the rarest word has a place.
const PLACES: usize = 1 << 19;
/// Flattens the head of the distribution, so that the first word makes up a twentieth of the text.
const SHIFT: f64 = 1.2;

/// The most frequent words, the first the most frequent.
const COMMON: &str = "the and of to in a are is for children that with by their social not on have \
    care as been this workers all authority local be from has young people child it when quality \
    work which also plans support services some need assessment they was most at improvement too \
    good well families protection an who practice managers or health effective risk team were than \
    where now more leaders made because learning education few staff home clear through leaving \
    planning early help decisions meetings partners about however carers range placement parents \
    strong reviews progress needs timely board action many school between manager police recorded \
    regular adoption into recent other effectively understand missing contact";

/// Words of the field that are rarer.
const DOMAIN: &str = "supervision caseload caseloads advocacy interview interviews return neglect \
    thresholds referral referrals safeguarding fostering adopters permanence placements pathway \
    advisers accommodation exploitation trafficking gangs radicalisation domestic abuse violence \
    substance misuse mental wellbeing disabilities disabled independent reviewing officer officers \
    scrutiny challenge audit auditing performance workforce recruitment retention turnover agency \
    newly qualified chronology chronologies genogram visits visiting statutory strategy \
    discussions enquiries conference conferences core group proceedings court courts public law \
    outline legal gateway edge kinship special guardianship connected persons matching siblings \
    therapeutic stability breakdown unregulated unregistered homeless homelessness seventeen \
    sixteen asylum seeking unaccompanied trauma informed restorative relationships voice wishes \
    feelings participation council corporate parenting designated nurse dental immunisations \
    attainment absence exclusions exclusion elective virtual personal budgets emotional \
    strengths difficulties questionnaire contextual intelligence mapping disruption daily \
    notifications oversight escalation drift delay rationale management direction visible stable \
    ambitious inclusive joint commissioning partnership neighbourhood hub front door triage";

/// Phrases that a search might look for, with their share of paragraphs in thousandths.
pub(crate) const PHRASES: [(&str, usize); 8] = [
    ("management oversight", 40),
    ("child protection plan", 25),
    ("social work practice", 20),
    ("life story work", 12),
    ("strengths and difficulties questionnaire", 5),
    ("public law outline", 5),
    ("return home interview", 3),
    ("pre-birth assessment", 2),
];

const BEGINNINGS: [&str; 24] = [
    "al", "bar", "cor", "den", "el", "for", "gar", "hol", "in", "jur", "kel", "lam", "mor", "nor",
    "or", "pre", "quar", "re", "sal", "tor", "un", "ver", "wil", "con",
];
const MIDDLES: [&str; 20] = [
    "ba", "ci", "do", "fe", "gi", "la", "le", "mi", "no", "pa", "re", "ri", "sta", "te", "ti",
    "tra", "vi", "vo", "ze", "per",
];
/// English endings, so that a stemmer has work to do.
const ENDINGS: [&str; 16] = [
    "", "s", "ing", "ed", "er", "ers", "ly", "tion", "tions", "ment", "ness", "ful", "al", "ate",
    "ity", "ities",
];

/// Words and their frequencies.
pub(crate) struct Vocabulary {
    words: Vec<String>,
    /// Numbers of words, each repeated according to its share.
    places: Vec<u16>,
}

impl Vocabulary {
    pub(crate) fn new(seed: u64) -> Self {
        let mut random = Random::new(seed, usize::MAX);
        let mut words: Vec<String> = Vec::with_capacity(SIZE);
        let mut known = HashSet::new();
        let mut given = COMMON.split_whitespace().chain(DOMAIN.split_whitespace());
        while words.len() < SIZE {
            // The words of the field are scattered among invented ones, as they are in reports.
            let is_given = words.len() < 120 || words.len().is_multiple_of(4);
            let word = match is_given.then(|| given.next()).flatten() {
                Some(word) => word.to_owned(),
                None => invented(&mut random),
            };
            if known.insert(word.clone()) {
                words.push(word);
            }
        }
        let weight = |rank: usize| 1.0 / (rank as f64 + SHIFT);
        let all: f64 = (0..SIZE).map(weight).sum();
        let mut places = Vec::with_capacity(PLACES);
        let mut sum = 0.0;
        for rank in 0..SIZE {
            sum += weight(rank) / all;
            let until = (sum * PLACES as f64).round() as usize;
            places.resize(until.clamp(places.len(), PLACES), rank as u16);
        }
        places.resize(PLACES, 0);
        Self { words, places }
    }

    pub(crate) fn draw(&self, random: &mut Random) -> &str {
        &self.words[usize::from(self.places[random.below(PLACES)])]
    }

    /// The word with this rank in order of frequency; 0 is the most frequent.
    pub(crate) fn word(&self, rank: usize) -> &str {
        &self.words[rank]
    }
}

fn invented(random: &mut Random) -> String {
    let mut word = random.one_of(&BEGINNINGS).to_owned();
    for _ in 0..=random.below(2) {
        word.push_str(random.one_of(&MIDDLES));
    }
    word.push_str(random.one_of(&ENDINGS));
    word
}
