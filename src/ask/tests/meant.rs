//! Tests what names, grades and dates mean as people write them, and what is said of it.

use super::fake::reports;
use crate::ask::{AskError, Conditions, Hint, Question, Reference, Refusal, Session};
use findings_index::records::Attribute;
use findings_index::request::Deadline;

/// The number of paragraphs found, with the notes; or the refusal, with its hints.
fn answer(question: &Question) -> Result<(usize, Vec<String>), Box<Refusal>> {
    let (engine, reference) = (reports(), Reference::default());
    match Session::new(&engine, &reference, Deadline::never()).search(question) {
        Ok(answer) => {
            // Without a query there is no order by relevance, which is not what is tested here.
            let notes = answer.notes.into_iter().filter(|note| note.code != "listed");
            let notes = notes.map(|note| note.text);
            Ok((answer.response.total, notes.collect()))
        }
        Err(AskError::Refused(refusal)) => Err(refusal),
        Err(other) => panic!("{question:?}: {other}"),
    }
}

fn of(attribute: Attribute, value: &str) -> Result<(usize, Vec<String>), Box<Refusal>> {
    let values = [(attribute, vec![value.to_owned()])].into();
    let conditions = Conditions { values, ..Conditions::default() };
    answer(&Question { conditions, ..Question::default() })
}

fn between(from: Option<&str>, to: Option<&str>) -> Result<(usize, Vec<String>), Box<Refusal>> {
    let [from, to] = [from, to].map(|day| day.map(str::to_owned));
    let conditions = Conditions { from, to, ..Conditions::default() };
    answer(&Question { conditions, ..Question::default() })
}

#[test]
fn a_council_that_is_known_and_not_held_is_said_to_be_that_and_no_other_is_offered() {
    for (typed, name) in [
        ("Derby", "Derby"),
        ("881", "Essex"),
        ("Herts", "Hertfordshire"),
        ("Bristol, City of", "Bristol, City of"),
        ("Cheshire West", "Cheshire West and Chester"),
    ] {
        let refusal = of(Attribute::Authority, typed).unwrap_err();
        assert_eq!(refusal.message, format!("no report of `{name}` is held"), "{typed}");
        assert_eq!((refusal.suggestion, refusal.hints), (None, vec![Hint::Unheld]), "{typed}");
    }
}

#[test]
fn a_misspelt_council_without_reports_is_not_taken_for_another() {
    let refusal = of(Attribute::Authority, "Hertfordshir County").unwrap_err();
    assert_eq!(refusal.message, "no report of `Hertfordshire` is held");
    let refusal = of(Attribute::Authority, "Hertforshire").unwrap_err();
    assert_eq!(refusal.suggestion, None);
    let advice = "if `Hertfordshire` is meant: no report of it is held".to_owned();
    assert_eq!(refusal.hints, [Hint::Advice(advice)]);
}

#[test]
fn an_ambiguous_name_is_refused_with_those_that_it_may_mean() {
    let refusal = of(Attribute::Authority, "Kingston").unwrap_err();
    assert_eq!(refusal.code, "ambiguous_value");
    assert_eq!(
        refusal.message,
        "`Kingston` may mean `Kingston Upon Hull, City of` (no report held) or `Kingston upon \
         Thames` (no report held)"
    );
    assert_eq!(refusal.hints, [Hint::Authorities]);
    let elmet = "`Elm` is read as the authority `Elmet`".to_owned();
    assert_eq!(of(Attribute::Authority, "Elm"), Ok((2, vec![elmet])));
    let mut engine = reports();
    engine.reports[0].0.authority = Some("Kingston upon Thames".to_owned());
    let reference = Reference::default();
    let session = Session::new(&engine, &reference, Deadline::never());
    let Err(AskError::Refused(refusal)) = session.held_authority("Kingston") else {
        panic!("an ambiguous name was taken for one authority");
    };
    let held_first = "`Kingston` may mean `Kingston upon Thames` or `Kingston Upon Hull, City of` (no report held)";
    assert_eq!(refusal.message, held_first);
    assert_eq!(refusal.hints, [Hint::choose(&["Kingston upon Thames".to_owned()])]);
    // An authority outside the tables is not passed over for those without reports.
    engine.reports[0].0.authority = Some("Kingstonbury".to_owned());
    let session = Session::new(&engine, &reference, Deadline::never());
    let Err(AskError::Refused(refusal)) = session.held_authority("Kingston") else {
        panic!("an ambiguous name was taken for one authority");
    };
    assert_eq!(refusal.hints, [Hint::choose(&["Kingstonbury".to_owned()])]);
}

#[test]
fn an_authority_not_held_for_the_dates_is_said_with_its_years() {
    for (text, dates) in [
        ("visit authority:Elmet date:2020", "`2020`"),
        ("xyzzy authority:elm year:>2019", "`>2019`"),
    ] {
        let said = format!("no report of `Elmet` is held for {dates}; years held: 2019");
        let (total, notes) =
            answer(&Question { text: text.to_owned(), ..Question::default() }).unwrap();
        assert_eq!((total, notes.last().map(String::as_str)), (0, Some(&*said)), "{text}");
    }
    let mut question = Question { text: "visit".to_owned(), ..Question::default() };
    question.conditions.values.insert(Attribute::Authority, vec!["Elmet".to_owned()]);
    let years = ["2020", "2022.."].map(str::to_owned).to_vec();
    question.conditions.values.insert(Attribute::Year, years);
    let said = "no report of `Elmet` is held for `2020` or `2022..`; years held: 2019";
    let (total, notes) = answer(&question).unwrap();
    assert_eq!((total, notes.last().map(String::as_str)), (0, Some(said)));
    let text = "xyzzy authority:Elmet date:2019".to_owned();
    assert_eq!(answer(&Question { text, ..Question::default() }), Ok((0, Vec::new())));
}

#[test]
fn what_a_grade_in_words_was_read_as_is_said() {
    let (total, notes) = of(Attribute::Grade, "good or better").unwrap();
    assert_eq!(total, of(Attribute::Grade, "<=2").unwrap().0);
    assert_eq!(notes, ["`good or better` is read as the grades `<=2`: outstanding, good"]);
    assert_eq!(of(Attribute::Grade, "=good").unwrap().0, 1);
    assert_eq!(of(Attribute::Grade, ">=3").unwrap().1, Vec::<String>::new());
}

#[test]
fn dates_are_read_as_people_write_them_and_doubtful_ones_are_said() {
    let (total, notes) = between(Some("04/03/2019"), Some("4 March 2019")).unwrap();
    assert_eq!(total, 2);
    assert_eq!(notes, ["`04/03/2019` is read as 4 March 2019 (the day first)"]);
    assert_eq!(between(Some("March 2019"), Some("mar 2019")), Ok((2, Vec::new())));
    let text = "date:2019-2020".to_owned();
    let of_field = answer(&Question { text, ..Question::default() });
    assert_eq!(of_field, Ok((3, Vec::new())));
}

#[test]
fn a_date_that_is_none_or_several_is_refused_with_the_reason() {
    let refused = |from: &str| {
        let refusal = between(Some(from), None).unwrap_err();
        let hints = refusal.hints.iter().map(|hint| match hint {
            Hint::Near(text) | Hint::Advice(text) => text.clone(),
            other => panic!("{other:?}"),
        });
        format!("{}; {}", refusal.message, hints.collect::<Vec<_>>().join("; "))
    };
    let said = ["31/02/2019", "04/13/2019", "2018/19", "2019-2021", "spring"].map(refused);
    insta::assert_snapshot!(said.join("\n"), @"
    `31/02/2019` is not a date: February 2019 has 28 days; write a year, a month or a day: 2016, 2016-05 or 2016-05-12
    `04/13/2019` is not a date: there is no month 13; the day comes first; 2019-04-13
    `2018/19` may be the financial year or the school year; write `2018-04-01` for the financial year or `2018-09-01` for the school year
    `2019-2021` is more than one date; give the first and the last day each in its own place
    `spring` is not a date; write a year, a month or a day: 2016, 2016-05 or 2016-05-12
    ");
}
