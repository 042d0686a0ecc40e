//! Tests what several machines put beside an index while they read for it.

use crate::fixture::{entry, write};
use crate::place::Place;

#[test]
fn what_is_put_on_a_shelf_is_there_for_all_until_it_is_cleared() {
    let place = Place::new();
    let (shelf, other) = (place.location().shelf().unwrap(), place.location().shelf().unwrap());
    assert_eq!(shelf.get("first").unwrap(), None);
    shelf.clear().unwrap();
    // Far more than a cluster takes in one document.
    let large: Vec<u8> = (0..9_000_000_u32).map(|at| (at % 251) as u8).collect();
    shelf.put("first", &large).unwrap();
    shelf.put("second", b"").unwrap();
    assert_eq!(other.get("first").unwrap(), Some(large));
    assert_eq!(other.get("second").unwrap(), Some(Vec::new()));
    other.put("first", b"short").unwrap();
    assert_eq!(shelf.get("first").unwrap().as_deref(), Some(&b"short"[..]));
    other.clear().unwrap();
    assert_eq!(shelf.get("first").unwrap(), None);
    assert_eq!(shelf.get("second").unwrap(), None);
    shelf.put("third", b"again").unwrap();
    assert_eq!(other.get("third").unwrap().as_deref(), Some(&b"again"[..]));
}

#[test]
fn a_shelf_changes_nothing_that_readers_see() {
    let place = Place::new();
    place.location().shelf().unwrap().put("first", b"before there is an index").unwrap();
    assert!(place.location().open().is_err());
    write(&place, &[entry("a", "Elmet", "2019-01-01", &["Children are safe."])]);
    let generation = place.location().generation().unwrap();
    let shelf = place.location().shelf().unwrap();
    assert!(shelf.get("first").unwrap().is_some(), "a build leaves the shelf alone");
    shelf.put("second", b"after").unwrap();
    shelf.clear().unwrap();
    assert_eq!(place.location().generation().unwrap(), generation);
    assert_eq!(place.location().open().unwrap().corpus().reports, 1);
}
