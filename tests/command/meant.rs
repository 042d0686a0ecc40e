//! Tests that councils, grades and dates are taken as people write them, by every command alike.

use crate::built::Built;

/// Both find the same paragraphs, and some.
fn same(built: &Built, one: &[&str], other: &[&str]) {
    let total = |arguments: &[&str]| {
        built.json(&[&["search", "children", "--limit=0"], arguments].concat())["total"].as_u64()
    };
    let found = total(one).unwrap();
    assert!(found > 0, "{one:?}");
    assert_eq!(Some(found), total(other), "{one:?} {other:?}");
}

#[test]
fn conditions_as_people_write_them_find_the_same() {
    let built = Built::samples();
    same(&built, &["--authority=Stone"], &["--authority=Stonewick"]);
    same(&built, &["--authority=Harrowdale MBC"], &["--authority=Harrowdale"]);
    same(&built, &["authority:\"LB Fairmere\""], &["--authority=Fairmere"]);
    same(&built, &["--grade=RI"], &["--grade=requires improvement"]);
    same(&built, &["grade:ri"], &["--grade=Requires improvement to be good"]);
    same(&built, &["--grade=good or better"], &["--grade=good..outstanding"]);
    same(&built, &["--to=31 December 2016"], &["--to=2016-12-31"]);
    same(&built, &["--from=01/04/2019"], &["--from=2019-04-01"]);
    same(&built, &["--from=April 2019"], &["date:>=2019-04"]);
    same(&built, &["date:2014-2019"], &["--from=2014", "--to=2019"]);
}

#[test]
fn a_printing_after_an_equals_sign_is_that_printing_alone() {
    let built = Built::samples();
    let total = |grade: &str| {
        let asked = ["search", "children", "--limit=0", "--grade", grade];
        built.json(&asked)["total"].as_u64().unwrap()
    };
    let (short, long) = (total("=Requires improvement"), total("=Requires improvement to be good"));
    assert!(short > 0 && long > 0);
    assert_eq!(total("RI"), short + long);
    assert_eq!(total("=requires improvement"), short);
}

#[test]
fn a_council_without_reports_is_said_to_be_that_by_every_command() {
    let built = Built::samples();
    for arguments in [
        &["search", "children", "--authority=Herts"][..],
        &["search", "children authority:Herts"],
        &["compare", "children", "--by=grade", "--authority=Herts"],
        &["kwic", "children", "--authority=Herts"],
        &["timeline", "Herts", "children"],
        &["reports", "--authority=Herts"],
    ] {
        let (code, out, err) = built.run(arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}");
        let first = err.lines().next().unwrap();
        assert!(first.ends_with("no report of `Hertfordshire` is held"), "{arguments:?}: {err}");
        let hints: Vec<&str> = err.lines().filter(|line| line.starts_with("hint:")).collect();
        let all =
            "hint: `findings coverage --missing` lists the authorities of which no report is held";
        assert_eq!(hints, [all], "{arguments:?}");
    }
}

#[test]
fn years_of_reports_held_are_said_where_there_are_none_for_the_dates() {
    let built = Built::samples();
    let said = "note: no report of `Fairmere` is held for 2014-01-01 to 2016-12-31; years held: 2012 \
                and 2019\n";
    let compared = ["compare", "children", "--by=grade"];
    let listed = ["reports"];
    for command in [&["search", "children"][..], &["kwic", "children"], &compared, &listed] {
        let dates = ["--authority=Fairmere", "--from=2014", "--to=2016"];
        let (_, _, err) = built.run(&[command, &dates].concat());
        assert!(err.contains(said), "{command:?}: {err}");
    }
    let held = ["search", "xyzzy", "--authority=Fairmere", "--from=2012", "--to=2012"];
    assert!(!built.run(&held).2.contains("years held"));
}

#[test]
fn what_a_condition_was_read_as_is_said_by_commands_without_a_query_too() {
    let built = Built::samples();
    for command in ["reports", "coverage", "export"] {
        let (_, _, err) = built.run(&[command, "--authority=Stone", "--from=04/05/2010"]);
        let name = "note: `Stone` is read as the authority `Stonewick`\n";
        let day = "note: `04/05/2010` is read as 4 May 2010 (the day first)\n";
        assert_eq!(err, [name, day].concat(), "{command}");
    }
}
