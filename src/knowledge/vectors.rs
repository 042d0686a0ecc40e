//! The vectors of the trade's terms, as data; `making/vectors.py` makes them.

use findings_index::ranking::meaning::Meaning;

/// The table of vectors; `None` if the program was built without it.
#[cfg(feature = "meaning")]
#[must_use]
pub fn table() -> Option<Meaning> {
    // A test holds that it can be read.
    Meaning::read(include_bytes!("vectors.bin").as_slice()).ok()
}

/// The table of vectors; `None` because the program was built without it.
#[cfg(not(feature = "meaning"))]
#[must_use]
pub fn table() -> Option<Meaning> {
    None
}

#[cfg(all(test, feature = "meaning"))]
mod tests {
    use findings_index::language::words::Stemmer;
    use serde::Deserialize;

    /// A text, its terms and its vector, as the script that makes the table has them.
    #[derive(Deserialize)]
    struct Known {
        text: String,
        terms: Vec<(String, usize)>,
        vector: Vec<i64>,
    }

    #[test]
    fn texts_have_the_terms_and_vectors_that_the_script_gives_them() {
        let table = super::table().unwrap();
        let mut stemmer = Stemmer::default();
        let known: Vec<Known> = serde_json::from_str(include_str!("making/parity.json")).unwrap();
        for Known { text, terms, vector } in known {
            let found = table.terms(&text, &mut stemmer).into_iter();
            let found: Vec<_> =
                found.map(|(term, times)| (table.name(term).to_owned(), times)).collect();
            assert_eq!(found, terms, "{text}");
            assert_eq!(table.vector(&text, &mut stemmer).numbers().as_slice(), vector, "{text}");
        }
    }
}
