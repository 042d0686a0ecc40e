//! Checks that any text either parses to a tree that prints as a query for the same tree, or is an
//! error with a valid place.

#![no_main]

use findings_index::language::query::parse;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match parse(text) {
        Ok(parsed) => {
            let printed = parsed.query.to_string();
            let again = parse(&printed).map(|again| again.query);
            // The printed query may be longer than the one written, and then too long to read.
            let is_too_long = again.as_ref().is_err_and(|error| error.code() == "too_long");
            let is_same = again.as_ref().is_ok_and(|again| again.same_as(&parsed.query));
            assert!(is_too_long || is_same, "{printed}: {again:?}");
        }
        Err(error) => {
            let span = error.span();
            assert!(span.start <= span.end && span.start <= text.chars().count());
        }
    }
});
