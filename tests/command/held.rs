//! A small index of invented reports, and runs of the program on it.

use crate::suggested;
use findings_index::records::ledger::{Damage, FileError, Ledger, LedgerEntry, Outcome, Reason};
use findings_index::records::{Body, Grade, Judgement, Kind, ParagraphRecord, ReportRecord, Visit};
use findings_index::{BuildOptions, Location};
use jiff::civil::Date;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// The output and exit code of the program.
pub(crate) struct Answer {
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) code: i32,
}

impl Answer {
    /// Parses the records, one per line.
    pub(crate) fn records(&self) -> Vec<serde_json::Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

pub(crate) fn id(record: &serde_json::Value) -> String {
    record["id"].as_str().unwrap().to_owned()
}

/// The index, which is deleted when dropped.
pub(crate) struct Held(TempDir);

impl Held {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path());
        Self(folder)
    }

    /// The folder in which the program runs.
    pub(crate) fn folder(&self) -> &Path {
        self.0.path()
    }

    /// Runs the program on the index.
    pub(crate) fn findings(&self, arguments: &[&str]) -> Answer {
        let output = suggested::output(&mut self.command(arguments));
        Answer {
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
            code: output.status.code().unwrap(),
        }
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_findings"));
        command.env("FINDINGS_INDEX", self.0.path()).env("COLUMNS", "100").args(arguments);
        // Away from the configuration of this project.
        command.current_dir(self.0.path());
        for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
            command.env_remove(name);
        }
        command
    }
}

/// The text without escape sequences for colour.
pub(crate) fn without_colour(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

fn write(folder: &Path) {
    let writer = Location::Folder(folder.to_owned()).build(&BuildOptions::default()).unwrap();
    let help = "Children who need help and protection";
    let wealdshire = report(
        ("wealdshire-sif-2015-10-19", "sif", "Wealdshire", "South East"),
        ("2015-10-19", "2015-11-12"),
        Some(("Inadequate", 4)),
    );
    let missing = [help, "Children who go missing"];
    let inadequate = Some(("Inadequate", 4, help));
    let mut bullet = paragraph(
        (&wealdshire, "45-1", None),
        &missing,
        inadequate,
        "in the north of the county, where nobody has been asked",
    );
    bullet.kind = Kind::Bullet;
    bullet.parent = Some("wealdshire-sif-2015-10-19/45".to_owned());
    writer
        .put(
            &wealdshire,
            &[
                paragraph(
                    (&wealdshire, "44", Some("44")),
                    &missing,
                    inadequate,
                    "The panel meets weekly and knows each child.",
                ),
                paragraph(
                    (&wealdshire, "45", Some("45")),
                    &missing,
                    inadequate,
                    "When children come home, a return interview is offered in fewer than half \
                     of the cases, and it is seldom held within three days:",
                ),
                bullet,
            ],
        )
        .unwrap();
    let port = report(
        ("port-ansel-ilacs-2019-02-04", "ilacs", "Port Ansel, Combe and St. Ives", "South West"),
        ("2019-02-04", "2019-02-15"),
        Some(("Good", 2)),
    );
    writer
        .put(
            &port,
            &[paragraph(
                (&port, "7", Some("7")),
                &[help],
                Some(("Good", 2, help)),
                "Return interviews are prompt. What children say in a return interview changes \
                 what is done for them.",
            )],
        )
        .unwrap();
    let mut harrowmere = report(
        ("harrowmere-jtai-2017-03-02", "jtai", "Harrowmere", "London"),
        ("2017-03-02", "2017-03-06"),
        None,
    );
    harrowmere.visit = Some(Visit::Focused);
    let mut action = paragraph(
        (&harrowmere, "r1", None),
        &["Areas for improvement"],
        None,
        "Partners must agree who speaks to a child that was away.",
    );
    action.kind = Kind::Recommendation;
    action.timescale = Some("within three months".to_owned());
    writer
        .put(
            &harrowmere,
            &[
                paragraph(
                    (&harrowmere, "1", None),
                    &["Key strengths"],
                    None,
                    "Police share what a return interview tells them on the same day.",
                ),
                action,
            ],
        )
        .unwrap();
    let entry = |path: &str, outcome, reason| LedgerEntry {
        path: path.to_owned(),
        outcome,
        reason,
        earlier: None,
        outdated: false,
        bytes: 12,
        modified: 0,
        sha256: None,
        report: None,
        plain_id: None,
        pages: None,
        paragraphs: 0,
        warnings: 0,
    };
    let damaged = Reason::Unreadable(FileError::Damaged { damage: Damage::NoPages });
    let ledger = Ledger {
        finished: jiff::Timestamp::UNIX_EPOCH,
        roots: vec!["/reports".to_owned()],
        reading: "1".to_owned(),
        entries: vec![
            entry("/reports/one.pdf", Outcome::Read, None),
            entry("/reports/two.pdf", Outcome::Unreadable, Some(damaged)),
        ],
    };
    writer.commit(&ledger).unwrap();
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn report(
    (id, framework, authority, region): (&str, &str, &str, &str),
    (start, end): (&str, &str),
    overall: Option<(&str, u8)>,
) -> ReportRecord {
    ReportRecord {
        id: id.to_owned(),
        path: format!("reports/{id}.pdf"),
        sha256: "0".repeat(64),
        title: Some(format!("{authority}: inspection of services for children")),
        framework: framework.to_owned(),
        visit: None,
        authority: Some(authority.to_owned()),
        authority_printed: None,
        la_code: None,
        region: Some(region.to_owned()),
        inspection_theme: None,
        inspection_start: Some(day(start)),
        inspection_end: Some(day(end)),
        published: None,
        published_from: None,
        lead_inspector: Some("Ada Brook".to_owned()),
        overall: overall.map(|(label, rank)| Grade {
            label: label.to_owned(),
            rank: Some(rank),
            area: "Overall effectiveness".to_owned(),
        }),
        judgements: overall
            .iter()
            .map(|(label, rank)| Judgement {
                area: "Overall effectiveness".to_owned(),
                theme: Some("overall".to_owned()),
                label: (*label).to_owned(),
                rank: Some(*rank),
                body: Body::Authority,
                found_in: Vec::new(),
            })
            .collect(),
        sections: vec![findings_index::records::SectionRecord {
            path: vec!["Children who need help and protection".to_owned()],
            theme: None,
            grade: None,
            page: Some(3),
            paragraphs: 3,
        }],
        pages: Some(20),
        paragraphs: 3,
        words: 60,
        warnings: Vec::new(),
        corrections: Vec::new(),
        acronyms: Vec::new(),
        first_indexed: None,
        changed: None,
    }
}

fn paragraph(
    (report, place, number): (&ReportRecord, &str, Option<&str>),
    section: &[&str],
    grade: Option<(&str, u8, &str)>,
    text: &str,
) -> ParagraphRecord {
    ParagraphRecord {
        id: format!("{}/{place}", report.id),
        report: report.id.clone(),
        sha256: report.sha256.clone(),
        section: section.iter().map(|heading| (*heading).to_owned()).collect(),
        theme: Some("help_protection".to_owned()),
        topics: Vec::new(),
        grade: grade.map(|(label, rank, area)| Grade {
            label: label.to_owned(),
            rank: Some(rank),
            area: area.to_owned(),
        }),
        number: number.map(str::to_owned),
        page: Some(11),
        page_end: Some(11),
        kind: Kind::Finding,
        timescale: None,
        addressee: None,
        parent: None,
        refers: Vec::new(),
        topics_denied: Vec::new(),
        boxes: None,
        text: text.to_owned(),
        citation: format!("{}, page 11", report.authority.as_deref().unwrap_or_default()),
        verbatim: None,
        first_indexed: None,
        changed: None,
    }
}
