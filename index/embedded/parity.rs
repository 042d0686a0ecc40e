//! Checks that the parts independent of tantivy agree with tantivy itself.

use crate::language::accents;
use crate::language::words::{self, Stemmer};
use crate::ranking::{length_id, words_of_length};
use proptest::prelude::{ProptestConfig, proptest};
use tantivy::fieldnorm::FieldNormReader;
use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, RawTokenizer, Stemmer as StemFilter, TextAnalyzer,
};

/// The only token that an analyzer makes from a text.
fn token(analyzer: &mut TextAnalyzer, text: &str) -> String {
    let mut stream = analyzer.token_stream(text);
    assert!(stream.advance(), "no token of {text:?}");
    stream.token().text.clone()
}

fn ascii_folding() -> TextAnalyzer {
    TextAnalyzer::builder(RawTokenizer::default()).filter(AsciiFoldingFilter).build()
}

fn english_stems() -> TextAnalyzer {
    let stems = StemFilter::new(Language::English);
    TextAnalyzer::builder(RawTokenizer::default()).filter(stems).build()
}

fn stem(stemmer: &mut Stemmer, word: &str) -> String {
    let mut stem = word.to_owned();
    stemmer.stem_in_place(&mut stem);
    stem
}

#[test]
fn every_character_loses_its_accent_as_in_tantivy() {
    let mut theirs = ascii_folding();
    let mut known = 0;
    for c in '\0'..=char::MAX {
        let mut plain = String::new();
        accents::strip_into([c].into_iter(), &mut plain);
        let c = c.to_string();
        assert_eq!(plain, token(&mut theirs, &c), "{}", c.escape_unicode());
        known += usize::from(plain != c);
    }
    assert_eq!(known, 1242, "characters that have an accent");
}

#[test]
fn endings_come_off_as_in_tantivy() {
    let starts = ["", "a", "y", "by", "hop", "gener", "commun", "inspect", "caf", "über"];
    let endings = "s ss es ies ied us eed eedly ed edly ing ingly ying y at bl iz tional enci \
                   anci abli entli izer ization ational ator alism aliti fulness ousli iveness \
                   biliti ogi li icate iciti ical ful ness ative al ance er ic able ement ment \
                   ent ism iti ous ive ize ion sion e l ll bb ility ably logy";
    let (mut ours, mut theirs) = (Stemmer::default(), english_stems());
    for start in starts {
        for one in endings.split_whitespace() {
            for other in endings.split_whitespace() {
                let word = format!("{start}{one}{other}");
                assert_eq!(stem(&mut ours, &word), token(&mut theirs, &word), "{word}");
            }
        }
    }
}

#[test]
fn lengths_are_rounded_as_in_tantivy() {
    let mut lengths = vec![0, u32::MAX - 1, u32::MAX];
    for id in 0..=u8::MAX {
        let words = FieldNormReader::id_to_fieldnorm(id);
        assert_eq!(words_of_length(id), words, "id {id}");
        lengths.extend([words.saturating_sub(1), words, words + 1]);
    }
    for words in lengths {
        let theirs = FieldNormReader::fieldnorm_to_id(words);
        assert_eq!(length_id(words), theirs, "{words} words");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn words_are_folded_as_in_tantivy(text in r"(\w|[À-ɏΑ-ωḀ-ỿ①-⓿ﬀ-ﬆ！-～]){1,12}") {
        let mut theirs = ascii_folding();
        for word in words::scan(&text) {
            let letters: String = word.raw.chars().filter(|c| !words::is_ignorable(*c)).collect();
            let folded = token(&mut theirs, &letters).to_lowercase();
            // A word made up only of ignorable characters stays as it is.
            let folded = if folded.is_empty() { word.raw.to_owned() } else { folded };
            assert_eq!(words::fold(word.raw), folded, "{:?}", word.raw);
        }
    }

    #[test]
    fn words_are_stemmed_as_in_tantivy(text in r"[a-z']{1,9}(ing|ly|ed|ies|ation|'s|ness|)") {
        let (mut ours, mut theirs) = (Stemmer::default(), english_stems());
        for word in words::exact(&text) {
            assert_eq!(stem(&mut ours, &word), token(&mut theirs, &word), "{word}");
        }
    }
}
