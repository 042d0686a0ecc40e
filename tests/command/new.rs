//! Tests what is new since the last time, as whoever comes back every week asks for it.

use crate::built::Built;
#[cfg(all(unix, feature = "serve"))]
use crate::served::Server;
use findings::ask::mark::{self, Mark};
use findings_index::Location;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
#[cfg(unix)]
use std::process::{Command, Stdio};

/// Searches of somebody who comes back.
const SEARCHES: &str = r#"[[search]]
name = "interviews"
query = "return interview"
note = "for the board"

[[search]]
name = "zebras"
query = "zebra"

[[search]]
name = "Marchbourne"
authority = "Marchbourne"
"#;

fn sample(name: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/reports");
    fs::read_to_string(root.join(name)).unwrap()
}

/// An inspection of Marchbourne in October of a year.
fn marchbourne(year: u16) -> String {
    let text = sample("marchbourne/children's services inspection - 03 december 2021.md");
    text.replace("October 2021", &format!("October {year}"))
}

/// The same with one judgement that is better, and two that are worse than those of the sample.
fn judged_otherwise(year: u16) -> String {
    marchbourne(year)
        .replace("need help and protection | Good", "need help and protection | Outstanding")
        .replace("children and families | Outstanding", "children and families | Good")
        .replace("Overall effectiveness | Outstanding", "Overall effectiveness | Good")
        .replace("protection: good", "protection: outstanding")
        .replace("families: outstanding", "families: good")
}

/// A folder of reports, an index of them, and a file of saved searches.
struct Place(Built);

impl Place {
    fn new() -> Self {
        let place = Self(Built::empty());
        fs::create_dir(place.folder().join("files")).unwrap();
        fs::write(place.folder().join("searches.toml"), SEARCHES).unwrap();
        place
    }

    /// With an inspection of Marchbourne, which is marked as read.
    fn marked() -> Self {
        let place = Self::new();
        place.write("2021.md", &marchbourne(2021));
        place.index();
        assert_eq!(place.run(&["new", "--mark"]).0, 0);
        place
    }

    fn folder(&self) -> &Path {
        self.0.0.path()
    }

    fn held(&self) -> PathBuf {
        self.folder().join("held")
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.folder().join("files").join(name), text).unwrap();
    }

    fn index(&self) {
        let (code, _, err) = self.run(&["index", "files"]);
        assert_ne!(code, 2, "{err}");
    }

    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        self.0.run(arguments)
    }

    fn json(&self, arguments: &[&str]) -> Value {
        self.0.json(arguments)
    }

    fn mark(&self) -> Option<Mark> {
        mark::read(&self.held()).unwrap()
    }
}

/// A text in which every time is another, as it always is the same.
fn timeless(text: &str) -> String {
    let others = [
        (r"20\d\d-\d\d-\d\dT[0-9:.]+Z", "STAMP"),
        // Times differ in length, and so lines that are wrapped break elsewhere.
        (
            r"(?s)(Since the build of) .*? (which was marked as read on) .*? (up\s+to that of) .*?UTC\.",
            "$1 … $2 … $3 …",
        ),
        (r"corpus [0-9a-f]+( · index format \d+ · findings \S+ · [0-9-]+)?", "corpus …"),
        (r"Asked on [0-9-]+", "Asked on …"),
    ];
    let text = text.to_owned();
    others.into_iter().fold(text, |text, (pattern, other)| {
        regex::Regex::new(pattern).unwrap().replace_all(&text, other).into_owned()
    })
}

fn ids(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|own| own["report"]["id"].as_str().unwrap()).collect()
}

#[test]
fn without_a_mark_nothing_is_called_new_and_what_to_do_is_said() {
    let place = Place::new();
    place.write("2021.md", &marchbourne(2021));
    place.index();
    let (code, out, err) = place.run(&["new"]);
    assert_eq!((code, out.as_str()), (2, ""));
    insta::assert_snapshot!(err, @"
    error: nothing has been marked as read yet
    hint: `findings new --mark` marks all that is held now as read; `findings new --since 2025-03` lists what came since a date
    ");
    let (code, _, err) = place.run(&["search", "interview", "--new-since", "last"]);
    assert_eq!(code, 2);
    insta::assert_snapshot!(err, @"
    error: --new-since: nothing has been marked as read yet
    hint: `findings new --mark` marks all that is held now as read; `findings new --since 2025-03` lists what came since a date
    ");
    let (code, out, err) = place.run(&["new", "--mark"]);
    assert_eq!((code, err.as_str()), (0, ""));
    insta::assert_snapshot!(out, @"marked as read: all that is held now (1 report); from now on `findings new` lists what came since");
    assert!(place.mark().is_some());
    let (code, out, _) = place.run(&["new"]);
    assert_eq!(code, 1);
    insta::assert_snapshot!(timeless(&out), @"
    Nothing new · 0 new matches of 3 saved searches
    Since the build of … which was marked as read on … up to that of …

    Saved searches
      Nothing new: interviews, zebras, Marchbourne
      - zebras: no paragraph has `zebra`

    What to know
      - The index is as it was when it was marked.

    To repeat this
      findings new --since=STAMP --searches=searches.toml
      corpus …
    ");
}

#[test]
fn the_first_mark_in_a_format_for_programs_is_an_answer_without_news() {
    let place = Place::new();
    place.write("2021.md", &marchbourne(2021));
    place.index();
    let (code, out, err) = place.run(&["new", "--mark", "--format", "json"]);
    let answer: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, answer["counts"]["reports"].as_u64()), (0, Some(0)));
    assert!(err.starts_with("note: marked as read: all that is held now (1 report)"), "{err}");
}

#[test]
fn a_new_report_is_shown_with_its_judgements_up_and_down_and_what_matches() {
    let place = Place::marked();
    place.write("2024.md", &judged_otherwise(2024));
    place.write("visit.html", &sample("eastmarsh/focused visit - 19 july 2022.html"));
    place.index();
    let (code, out, err) = place.run(&["new", "--quotes", "1"]);
    assert_eq!((code, err.as_str()), (0, ""));
    insta::assert_snapshot!(timeless(&out), @"
    2 new reports · 17 new matches of 3 saved searches
    Since the build of … which was marked as read on … up to that of …
    4 judgements that can be compared: 1 better, 2 worse, 1 the same.

    New reports of full inspections
      Marchbourne · Children's social care services (ILACS) · inspected 11–15 October 2024 ·
        overall: Good · marchbourne-ilacs-2024-10-11
        against ILACS of October 2021 (marchbourne-ilacs-2021-10-11)
        ▼ worse · Overall effectiveness: Outstanding → Good
        ▼ worse · The impact of leaders on social work practice with children and families: Outstanding
          → Good
        ▲ better · The experiences and progress of children who need help and protection: Good →
          Outstanding
        = same · The experiences and progress of children in care and care leavers: Outstanding

    Other new reports
      Eastmarsh · Children's social care services (ILACS) · focused visit · inspected 14–15 June 2022 ·
        published 19 July 2022 · eastmarsh-ilacs-focused-2022-06-14

    Saved searches
      interviews · 4 new of 6 paragraphs, in 2 reports
        for the board
        understood as ((return interview) OR return home interview OR independent return interview OR
        RHI)
      - **Return home interviews** are carried out by a worker whom the child has chosen. Almost all
        take place within 72 hours, and inspectors saw how children’s own accounts had changed the
        lighting on an estate and the timetable of a bus. **Interviews** with children placed in the
        borough by others are less consistent, because consent is sought too late.
        Marchbourne, ILACS, inspected 11–15 October 2024, ‘The experiences and progress of children who
        need help and protection’, paragraph 4 · marchbourne-ilacs-2024-10-11/4
        3 more: findings search 'return interview' --new-since=STAMP

      Marchbourne · 13 new of 26 paragraphs, in 1 report
        understood as *
      - Children in the London Borough of Marchbourne flourish. Leaders have built a service in which
        relationships come first, and in which everyone, from the chief executive to the newest
        apprentice, can say what they do for children.
        Marchbourne, ILACS, inspected 11–15 October 2024, ‘(summary after the judgement table)’ ·
        marchbourne-ilacs-2024-10-11/n2
        12 more: findings search --authority=Marchbourne --new-since=STAMP

      Nothing new: zebras
      - zebras: no paragraph has `zebra`

    What to know
      - Better, worse and the same are said only of judgements of one theme and body on the same scale,
        against the authority's full inspection before.
      - Quoted are the new paragraphs that match best, not those that are most telling. The grade of a
        section is not a paragraph's own.

    To repeat this
      findings new --since=STAMP --searches=searches.toml --quotes=1
      corpus …
    ");
    let (_, out, _) = place.run(&["new", "--quotes", "1", "--format", "markdown"]);
    insta::assert_snapshot!(timeless(&out), @r#"
    # 2 new reports, 17 new matches of 3 saved searches

    Since the build of … which was marked as read on … up to that of …

    4 judgements that can be compared: 1 better, 2 worse, 1 the same.

    ## New reports of full inspections

    **Marchbourne**, Children's social care services (ILACS), inspected 11–15 October 2024, overall: Good `marchbourne-ilacs-2024-10-11`

    - Against ILACS of October 2021 (marchbourne-ilacs-2021-10-11)
    - Overall effectiveness: Outstanding → Good — **worse**
    - The impact of leaders on social work practice with children and families: Outstanding → Good — **worse**
    - The experiences and progress of children who need help and protection: Good → Outstanding — **better**
    - The experiences and progress of children in care and care leavers: Outstanding — same

    ## Other new reports

    - **Eastmarsh**, Children's social care services (ILACS), focused visit, inspected 14–15 June 2022, published 19 July 2022 `eastmarsh-ilacs-focused-2022-06-14`

    ## Saved searches

    ### interviews: 4 new of 6 paragraphs, in 2 reports

    for the board

    - Understood as ((return interview) OR return home interview OR independent return interview OR RHI)

    > **Return home interviews** are carried out by a worker whom the child has chosen. Almost all take place within 72 hours, and inspectors saw how children’s own accounts had changed the lighting on an estate and the timetable of a bus. **Interviews** with children placed in the borough by others are less consistent, because consent is sought too late.
    >
    > — Marchbourne, ILACS, inspected 11–15 October 2024, ‘The experiences and progress of children who need help and protection’, paragraph 4 `marchbourne-ilacs-2024-10-11/4`

    3 more: `findings search 'return interview' --new-since=STAMP`

    ### Marchbourne: 13 new of 26 paragraphs, in 1 report

    - Understood as \*

    > Children in the London Borough of Marchbourne flourish. Leaders have built a service in which relationships come first, and in which everyone, from the chief executive to the newest apprentice, can say what they do for children.
    >
    > — Marchbourne, ILACS, inspected 11–15 October 2024, ‘(summary after the judgement table)’ `marchbourne-ilacs-2024-10-11/n2`

    12 more: `findings search --authority=Marchbourne --new-since=STAMP`

    Nothing new: zebras

    - zebras: no paragraph has \`zebra\`

    ## What to know

    - Better, worse and the same are said only of judgements of one theme and body on the same scale, against the authority's full inspection before.
    - Quoted are the new paragraphs that match best, not those that are most telling. The grade of a section is not a paragraph's own.

    Contains public sector information licensed under the Open Government Licence v3.0. © Crown copyright, Ofsted. (2 reports: Children's social care services (ILACS))

    Asked on … with `findings new --since=STAMP --searches=searches.toml --quotes=1`, of corpus ….
    "#);
}

#[test]
fn judgements_change_as_the_timeline_says() {
    let place = Place::marked();
    place.write("2024.md", &judged_otherwise(2024));
    place.write("2016.md", &marchbourne(2016));
    place.index();
    let digest = place.json(&["new"]);
    assert_eq!(
        ids(&digest["reports"]),
        ["marchbourne-ilacs-2016-10-11", "marchbourne-ilacs-2024-10-11"]
    );
    let timeline = place.json(&["timeline", "Marchbourne"]);
    for own in digest["reports"].as_array().unwrap() {
        let inspections = timeline["inspections"].as_array().unwrap();
        let same = inspections.iter().find(|one| one["report"] == own["report"]["id"]).unwrap();
        assert_eq!(own["judgements"], same["judgements"]);
    }
    let [first, last] = &digest["reports"].as_array().unwrap()[..] else { panic!("{digest:#}") };
    assert_eq!((&first["before"], &last["later"]), (&Value::Null, &Value::Null));
    assert_eq!(first["later"], "marchbourne-ilacs-2024-10-11");
    assert_eq!(last["before"]["report"], "marchbourne-ilacs-2021-10-11");
    let counts = &digest["counts"];
    let counted = ["better", "worse", "same"].map(|way| counts[way].as_u64().unwrap());
    assert_eq!(counted, [1, 2, 1]);
}

#[test]
fn grades_of_scales_that_differ_are_not_compared_and_the_reason_is_said() {
    let place = Place::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/reports");
    let copy = |name: &str, to: &str| {
        fs::copy(root.join(name), place.folder().join("files").join(to)).unwrap();
    };
    copy("fairmere/safeguarding and looked after children - 24 february 2012.txt", "2012.txt");
    place.index();
    place.run(&["new", "--mark"]);
    copy("fairmere/children's services inspection - 14 june 2019.pdf", "2019.pdf");
    place.index();
    // Nothing is held of Marchbourne, and the search for it waits for its report.
    let (_, out, _) = place.run(&["new", "--quotes", "0"]);
    insta::assert_snapshot!(timeless(&out), @"
    1 new report · 3 new matches of 3 saved searches
    Since the build of … which was marked as read on … up to that of …

    New reports of full inspections
      Fairmere · Children's social care services (ILACS) · inspected 29 April – 10 May 2019 ·
        published 10 June 2019 · overall: Good · fairmere-ilacs-2019-04-29
        cannot be compared with SLAC of January 2012 (fairmere-slac-2012-01-16): The third grade was
        Adequate and is Requires improvement to be good: what met the minimum and no more was adequate,
        and is now less than good. One overall judgement holds for everything, and fewer areas are
        judged.
        – Overall effectiveness: Good
        – The impact of leaders on social work practice with children and families: Good
        – The experiences and progress of children who need help and protection: Requires improvement to
          be good
        – The experiences and progress of children in care and care leavers: Good

    Saved searches
      interviews · 3 new of 6 paragraphs, in 1 report
        for the board
        understood as ((return interview) OR return home interview OR independent return interview OR
        RHI)
        3 more: findings search 'return interview' --new-since=STAMP

      Nothing new: zebras, Marchbourne
      - zebras: no paragraph has `zebra`
      - Marchbourne: no report of `Marchbourne` is held

    To repeat this
      findings new --since=STAMP --searches=searches.toml --quotes=0
      corpus …
    ");
}

#[test]
fn a_corrected_file_has_changed_and_is_not_new_and_a_removed_one_is_no_news() {
    let place = Place::marked();
    place.write("other.md", &marchbourne(2015));
    place.index();
    place.run(&["new", "--mark"]);
    place.write(
        "2021.md",
        &marchbourne(2021).replace("receive help early.", "receive help very early."),
    );
    fs::remove_file(place.folder().join("files/other.md")).unwrap();
    place.index();
    let (code, out, _) = place.run(&["new"]);
    assert_eq!(code, 1, "a change is no news");
    insta::assert_snapshot!(timeless(&out), @"
    Nothing new · 1 changed report · 0 new matches of 3 saved searches
    Since the build of … which was marked as read on … up to that of …

    Changed reports, which were held before
      Marchbourne · Children's social care services (ILACS) · inspected 11–15 October 2021 ·
        overall: Outstanding · marchbourne-ilacs-2021-10-11 · 1 paragraph changed

    Saved searches
      Nothing new: interviews, zebras, Marchbourne
      - zebras: no paragraph has `zebra`

    To repeat this
      findings new --since=STAMP --searches=searches.toml
      corpus …
    ");
    let digest = place.json(&["new"]);
    assert_eq!(ids(&digest["changed"]), ["marchbourne-ilacs-2021-10-11"]);
    let own = &digest["changed"][0];
    assert_eq!(
        (own["changed_paragraphs"].as_u64(), own["new_paragraphs"].as_u64()),
        (Some(1), Some(0))
    );
}

#[test]
fn new_matches_are_exactly_those_that_came_since_in_every_command() {
    let place = Place::marked();
    place.write("2024.md", &judged_otherwise(2024));
    place.write("visit.html", &sample("eastmarsh/focused visit - 19 july 2022.html"));
    place.index();
    let digest = place.json(&["new", "--quotes", "99"]);
    let search = &digest["searches"][0];
    let quoted: BTreeSet<&str> = search["quotes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|hit| hit["id"].as_str().unwrap())
        .collect();
    let all = ["search", "return interview", "--format", "jsonl", "--limit", "999", "--repeats"];
    let all: Vec<Value> = place.0.lines(&all);
    let seen = Timestamp::to_string(&place.mark().unwrap().marked);
    let came: BTreeSet<&str> = all
        .iter()
        .filter(|hit| hit["first_indexed"].as_str().unwrap() > seen.as_str())
        .map(|hit| hit["id"].as_str().unwrap())
        .collect();
    assert!(!came.is_empty() && came.len() < all.len());
    assert_eq!(search["new"].as_u64(), Some(came.len() as u64));
    assert_eq!(search["total"].as_u64(), Some(all.len() as u64));
    assert!(quoted.is_subset(&came));
    let last = ["--new-since", "last"];
    let found = place.json(&[&["search", "return interview"][..], &last].concat());
    assert_eq!((&found["total"], &found["reports"]), (&search["new"], &search["reports"]));
    let trace = search["find"]["arguments"].as_array().unwrap();
    let trace: Vec<&str> = trace.iter().map(|word| word.as_str().unwrap()).collect();
    assert_eq!(place.json(&trace)["total"], search["new"]);
    let reports: Vec<Value> =
        place.0.lines(&[&["reports", "--format", "jsonl"][..], &last].concat());
    let reports: BTreeSet<&str> = reports.iter().map(|own| own["id"].as_str().unwrap()).collect();
    assert_eq!(reports, ids(&digest["reports"]).into_iter().collect());
    let compared =
        place.json(&[&["compare", "return interview", "--by", "report"][..], &last].concat());
    assert_eq!(compared["whole"]["matching"]["paragraphs"], search["new"]);
    fs::write(
        place.folder().join("q.toml"),
        "[[query]]\nname = 'a'\nquery = 'return interview'\nnew_since = 'last'\n",
    )
    .unwrap();
    assert_eq!(place.json(&["batch", "q.toml"])["queries"][0]["paragraphs"], search["new"]);
    let (_, _, err) = place.run(&["search", "interview", "--new-since", "last"]);
    insta::assert_snapshot!(timeless(&err), @"note: `last` is read as STAMP or later");
}

#[test]
fn what_is_marked_is_told_once_and_what_comes_between_reading_and_marking_is_told_next() {
    let place = Place::marked();
    place.write("2024.md", &judged_otherwise(2024));
    place.index();
    // As `new --mark` does, when another build ends while its answer is read.
    let read = Location::Folder(place.held()).open().unwrap();
    place.write("visit.html", &sample("eastmarsh/focused visit - 19 july 2022.html"));
    place.index();
    mark::write(&place.held(), &Mark::of(read.as_ref(), Timestamp::now())).unwrap();
    let digest = place.json(&["new", "--mark"]);
    assert_eq!(ids(&digest["reports"]), ["eastmarsh-ilacs-focused-2022-06-14"]);
    for _ in 0..2 {
        let (code, out, _) = place.run(&["new", "--mark"]);
        assert!(code == 1 && out.starts_with("Nothing new"), "{out}");
    }
    let digest = place.json(&["new", "--since", "2020"]);
    assert_eq!(digest["counts"]["reports"], 3, "a date tells of what was marked as well");
}

#[test]
fn a_mark_of_another_index_is_refused_or_told() {
    let place = Place::marked();
    let own = place.mark().unwrap();
    let later = own.marked.checked_add(SignedDuration::from_hours(1)).unwrap();
    mark::write(&place.held(), &Mark { marked: later, ..own.clone() }).unwrap();
    let (code, _, err) = place.run(&["new"]);
    assert_eq!(code, 2);
    insta::assert_snapshot!(timeless(&err), @"
    error: the mark is of a build of STAMP, and the last build of this index is of STAMP: it is a mark of another index, or this is an older copy
    hint: say since when, and mark anew: `findings new --since 2025-03 --mark`
    ");
    let (code, out, _) = place.run(&["new", "--since", "2020", "--mark"]);
    assert!(code == 0 && out.starts_with("1 new report"), "{out}");
    assert_eq!(place.mark().unwrap().marked, own.marked);
    let earlier = own.marked.checked_sub(SignedDuration::from_hours(1)).unwrap();
    mark::write(&place.held(), &Mark { marked: earlier, ..own }).unwrap();
    let digest = place.json(&["new"]);
    insta::assert_snapshot!(digest["notes"][0].as_str().unwrap(), @"The index is as it was when it was marked.");
    fs::write(place.held().join(mark::FILE), "{").unwrap();
    let (code, _, err) = place.run(&["new"]);
    assert_eq!(code, 2);
    insta::assert_snapshot!(err, @"
    error: held/mark.json is not a mark of what was read
      because EOF while parsing an object at line 1 column 1
    hint: say since when, and mark anew: `findings new --since 2025-03 --mark`
    ");
}

#[cfg(unix)]
#[test]
fn an_answer_that_is_not_read_whole_is_not_marked_as_read() {
    let place = Place::marked();
    place.write("2024.md", &judged_otherwise(2024));
    place.index();
    let before = place.mark();
    let command = |out: Stdio| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_findings"));
        command.current_dir(place.folder()).args(["--index", "held", "new", "--mark"]);
        command.env_remove("FINDINGS_INDEX").stdout(out).stderr(Stdio::piped());
        command
    };
    let mut child = command(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), place.mark()), (Some(2), before.clone()));
    insta::assert_snapshot!(String::from_utf8(output.stderr).unwrap(), @"
    error: the answer was not written whole, so the mark is as it was: Broken pipe (os error 32)
    hint: write it to a file first: `findings new --mark > FILE`
    ");
    if let Ok(full) = fs::File::options().write(true).open("/dev/full") {
        let output = command(full.into()).output().unwrap();
        assert_eq!((output.status.code(), place.mark()), (Some(2), before));
    }
    assert_eq!(place.run(&["new", "--mark"]).0, 0);
    assert_eq!(place.run(&["new", "--mark"]).0, 1);
}

#[test]
fn all_faults_of_saved_searches_are_told_at_once() {
    let place = Place::marked();
    let told = |text: &[u8]| {
        fs::write(place.folder().join("own.toml"), text).unwrap();
        let (code, out, err) = place.run(&["new", "--searches", "own.toml"]);
        assert_eq!((code, out.as_str()), (2, ""));
        err
    };
    insta::assert_snapshot!(told(b"[[search]]\nname = 'a'\nquery = 'grad:good'\n\n[[search]]\nnam = 'b'\n"), @"
    error: own.toml has 3 faults
      line 1: `a`: unknown field `grad`; did you mean `grade`? (character 1 of the query)
      line 5: search 2: `name` is missing
      line 6: search 2: unknown key `nam`; did you mean `name`?
    hint: `findings new --help` shows how a search is saved
    ");
    insta::assert_snapshot!(told(b"[[search]]\nname = 'a'\nauthority = 'Marchborne'\n\n[[search]]\nname = 'b'\nquery = 'topic:neglekt'\n"), @"
    error: own.toml has 2 faults
      line 1: `a`: authority: no report of an authority `Marchborne` is held; did you mean `Marchbourne`?
      line 5: `b`: no topic `neglekt`; write `topic:neglect` (character 1 of the query)
    ");
    insta::assert_snapshot!(told(b"\xff\xfe"), @"
    error: cannot read own.toml
      because invalid utf-8 sequence of 1 bytes from index 0
    ");
    insta::assert_snapshot!(told(&b"# \n".repeat(400_000)), @"
    error: own.toml is larger than 1 MB
    hint: name a file of saved searches; `findings new --help` shows one
    ");
    let (code, _, err) = place.run(&["new", "--searches", "none.toml"]);
    assert_eq!(code, 2);
    assert!(err.starts_with("error: cannot read none.toml\n"), "{err}");
    let (code, _, err) = place.run(&["new", "--since", "soon"]);
    assert_eq!(code, 2);
    insta::assert_snapshot!(err, @"
    error: --since: `soon` is not a date
    hint: write a year, a month, a day or a moment: 2025, 2025-03, 2025-03-12 or 2025-03-12T10:00:00Z
    ");
}

#[test]
fn saved_searches_are_those_named_else_those_configured_else_those_here() {
    let place = Place::marked();
    let names = |arguments: &[&str]| -> Vec<String> {
        let digest = place.json(arguments);
        let searches = digest["searches"].as_array().unwrap().iter();
        searches.map(|own| own["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&["new"]), ["interviews", "zebras", "Marchbourne"]);
    let one = |name: &str| format!("[[search]]\nname = '{name}'\nquery = 'interview'\n");
    fs::write(place.folder().join("ours.toml"), one("ours")).unwrap();
    fs::write(place.folder().join("named.toml"), one("named")).unwrap();
    let config = "authorities = ['bodies.csv']\nsearches = 'ours.toml'\n";
    fs::write(place.folder().join("findings.toml"), config).unwrap();
    assert_eq!(names(&["new"]), ["ours"]);
    assert_eq!(names(&["new", "--searches", "named.toml"]), ["named"]);
    fs::write(place.folder().join("findings.toml"), "authorities = ['bodies.csv']\n").unwrap();
    fs::remove_file(place.folder().join("searches.toml")).unwrap();
    assert_eq!(names(&["new"]), [""; 0]);
}

#[test]
fn a_saved_search_keeps_its_meaning_where_only_another_reading_finds_what_is_new() {
    let place = Place::marked();
    place.write("2024.md", &judged_otherwise(2024));
    place.index();
    let search = "[[search]]\nname = 'a'\nquery = 'wooden boats Marchbourne'\n\n\
                  [[search]]\nname = 'b'\nquery = 'interview'\nfrom = '2030'\nnew_since = 'last'\n";
    fs::write(place.folder().join("searches.toml"), search).unwrap();
    let digest = place.json(&["new"]);
    assert_eq!(digest["counts"]["matches"], 0, "{digest:#}");
}

#[test]
fn the_page_has_what_the_answer_has_and_needs_nothing_else() {
    let place = Place::marked();
    place.write("2024.md", &judged_otherwise(2024));
    place.index();
    let (code, _, err) = place.run(&["new", "--html", "new.html"]);
    assert_eq!((code, err.as_str()), (0, "wrote new.html\n"));
    let page = fs::read_to_string(place.folder().join("new.html")).unwrap();
    let digest = place.json(&["new"]);
    for search in digest["searches"].as_array().unwrap() {
        assert!(page.contains(search["name"].as_str().unwrap()));
        for hit in search["quotes"].as_array().unwrap() {
            assert!(page.contains(&format!("<code>{}</code>", hit["id"].as_str().unwrap())));
        }
    }
    assert!(page.contains("▲ better") && page.contains("▼ worse"), "{page}");
    assert!(!page.contains("<script") && !page.contains("http://"), "{page}");
}

#[test]
fn the_feed_has_an_entry_for_each_new_report_and_each_new_match_with_ids_that_stay() {
    let place = Place::marked();
    place.write("2024.md", &judged_otherwise(2024));
    place.index();
    let feed = || {
        let (code, out, err) = place.run(&["new", "--format", "atom"]);
        assert_eq!((code, err.as_str()), (0, ""));
        out
    };
    let first = feed();
    let read = roxmltree::Document::parse(&first).unwrap();
    let text = |node: roxmltree::Node<'_, '_>, name: &str| {
        let child =
            node.children().find(|child| child.has_tag_name(("http://www.w3.org/2005/Atom", name)));
        child.and_then(|child| child.text()).unwrap_or_default().to_owned()
    };
    let entries = read.root_element().children().filter(|node| node.tag_name().name() == "entry");
    let entries: Vec<_> = entries.collect();
    let mut ids: Vec<String> = entries.iter().map(|entry| text(*entry, "id")).collect();
    assert_eq!(ids[0], "urn:findings:marchbourne-ilacs-2024-10-11");
    insta::assert_snapshot!(text(entries[0], "content"), @"
    Children's social care services (ILACS), inspected 11–15 October 2024
    against ILACS of October 2021 (marchbourne-ilacs-2021-10-11)
    ▼ worse Overall effectiveness: Outstanding → Good
    ▼ worse The impact of leaders on social work practice with children and families: Outstanding → Good
    ▲ better The experiences and progress of children who need help and protection: Good → Outstanding
    = same The experiences and progress of children in care and care leavers: Outstanding
    ");
    let since = ["--new-since", "last", "--repeats", "--limit", "99", "--format", "jsonl"];
    let mut expected = vec![ids[0].clone()];
    for asked in [&["search", "return interview"][..], &["search", "--authority", "Marchbourne"]] {
        let hits: Vec<Value> = place.0.lines(&[asked, &since].concat());
        expected
            .extend(hits.iter().map(|hit| format!("urn:findings:{}", hit["id"].as_str().unwrap())));
    }
    expected.sort();
    expected.dedup();
    ids.sort();
    assert_eq!(ids, expected, "each once, whichever searches find it");
    place.index();
    assert_eq!(feed(), first);
}

#[test]
fn an_answer_fits_the_columns_that_there_are() {
    let place = Place::marked();
    place.write("2024.md", &judged_otherwise(2024));
    place.index();
    for columns in ["40", "80", "200"] {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_findings"));
        command.current_dir(place.folder()).args(["--index", "held", "new"]);
        let output = command.env("COLUMNS", columns).output().unwrap();
        let out = String::from_utf8(output.stdout).unwrap();
        // Commands and ids are not broken, so that they can be copied.
        let long = out.lines().filter(|line| {
            line.chars().count() > columns.parse().unwrap()
                && !line.contains("findings ")
                && !line.contains("marchbourne-ilacs")
        });
        assert_eq!(long.collect::<Vec<_>>(), [""; 0], "{columns}");
        assert!(!out.contains('\u{1b}'));
    }
}

#[cfg(all(unix, feature = "serve"))]
#[test]
fn a_server_takes_dates_only() {
    let place = Place::marked();
    let served = Server::over(&place.0);
    let reply = served.get("/api/v1/search?q=interview&new_since=last");
    assert_eq!(reply.status, 400);
    insta::assert_snapshot!(reply.json()["detail"].as_str().unwrap(), @"`last` is what one reader has marked, and others ask here as well; dates only");
    let reply = served.get("/search?q=interview&new_since=last");
    assert_eq!(reply.status, 400, "{}", reply.text());
    assert!(reply.text().contains("dates only"), "{}", reply.text());
    assert_eq!(served.get("/api/v1/search?q=interview&new_since=2020").status, 200);
}
