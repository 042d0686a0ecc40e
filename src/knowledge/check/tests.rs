use super::{FORM, check, form};
use crate::knowledge::form::{Form, Key, Severity};
use crate::knowledge::{Framework, Knowledge};

/// The faults of a file, one per line.
fn faults(toml: &str) -> String {
    let knowledge = Knowledge::embedded().unwrap();
    let checked = check(toml, knowledge.frameworks(), knowledge.themes());
    let lines = checked.faults.iter().map(|fault| match fault.severity {
        Severity::Error => format!("error: {fault}"),
        Severity::Warning => format!("warning: {fault}"),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A valid beginning, to which a test adds its own part from line 7 on.
const BEGINNING: &str = "code = 'beacon'
name = 'Beacon review'
short = 'Beacon'
period = '2020-'
[recognise]
any = ['beacon review of']
";

fn after_beginning(more: &str) -> String {
    faults(&format!("{BEGINNING}{more}"))
}

#[test]
fn a_framework_needs_little() {
    let more = "[[grades]]\nlabel = 'Fine'\nrank = 1\n\
                [[section]]\narea = 'Leadership'\ngrade = 'own'\n";
    assert_eq!(after_beginning(more), "");
}

#[test]
fn everything_that_is_wrong_is_said_at_once_with_line_key_and_reason() {
    let toml = r#"cod = "Fire"
name = "Fire"
short = 7
numbered = "yes"
like = "silf"

[recognise]
any = ["inspection (of"]

[metadata]
inspected = ['inspection dates: .+', 'visited (?P<value>.+)']

[[grades]]
label = "Good"
rank = 1
words = "^good$"
[[grades]]
label = "Fine"
rank = 1

[[section]]
heading = '^leadership$'
area = "Leadership"
theme = "leadrship"
grade = "owned"
[[section]]
heading = '^Leadership$'
area = "Leadership of the board"
under = "Leadershop"
"#;
    insta::assert_snapshot!(faults(toml), @r#"
    error: line 1: unknown key `cod`; did you mean `code`?
    error: line 1: `code` is missing
    error: line 1: `period` is missing
    error: line 3: short: this should be a text in quotation marks
    error: line 4: numbered: this should be true or false, without quotation marks
    error: line 5: like: no framework `silf`; did you mean `sif`?
    error: line 8: recognise, any: bad pattern: unclosed group, at character 12 (`(of`)
    error: line 11: metadata, inspected, pattern 1: the pattern has no group `value`; put (?P<value>...) around what is wanted
    warning: line 13: grades: no section has `grade = "own"` and there is no [[sentence]], so no grade is ever found but in tables
    error: line 16: grades 1, words: a grade's words are also within lines; leave out `^` and `$`
    error: line 19: grades 2, rank: `Fine` and `Good` both have rank 1; if they mean the same, write one grade whose `words` fit both
    error: line 24: section 1, theme: unknown theme `leadrship`; did you mean `leadership`?
    error: line 25: section 1, grade: `owned` is none of `inherit`, `own`, `printed`, `none`
    error: line 27: section 2: never used: section 1 has the same heading and stands under nothing; put this one before it and say `under`
    error: line 29: section 2, under: no section has the area `Leadershop`; did you mean `Leadership`?
    "#);
}

#[test]
fn what_is_no_toml_is_said_with_its_line() {
    insta::assert_snapshot!(after_beginning("[[section]\narea = 'A'\n"), @"error: line 7: this is not TOML: unclosed array table, expected `]`");
    insta::assert_snapshot!(after_beginning("[[section]]\narea = \"A\n"), @r#"error: line 8: this is not TOML: invalid basic string, expected `"`"#);
    insta::assert_snapshot!(after_beginning("[[section]]\nheading = \"\\d\"\narea = 'A'\n"), @r#"error: line 8: this is not TOML: missing escaped value, expected `b`, `e`, `f`, `n`, `r`, `\`, `"`, `x`, `u`, `U`; patterns are best written in 'single' quotation marks"#);
}

#[test]
fn one_bracket_too_few_or_too_many_is_said_so() {
    insta::assert_snapshot!(after_beginning("[section]\narea = 'A'\n[[metadata]]\n"), @"
    warning: line 1: section: there is no [[section]]: headings are told by their type alone, and no paragraph has a theme
    error: line 7: section: write it with two brackets: [[section]]
    error: line 9: metadata: write it with single brackets, once: [metadata]
    ");
}

#[test]
fn bad_patterns_are_shown_with_the_place_of_the_fault() {
    let more = "[[section]]\narea = 'A'\nheading = '^areas? for ($'\n\
                [[section]]\narea = 'B'\nheading = '^a**[z$'\n\
                [[section]]\narea = 'C'\nheading = '^(?=c)$'\n\
                [[section]]\narea = 'D'\nheading = '^\\w{900}{900}$'\n";
    insta::assert_snapshot!(after_beginning(more), @"
    error: line 9: section 1, heading: bad pattern: unclosed group, at character 13 (`($`)
    error: line 12: section 2, heading: bad pattern: unclosed character class, at character 5 (`[z$`)
    error: line 15: section 3, heading: bad pattern: look-around, including look-ahead and look-behind, is not supported, at character 2 (`(?=c)$`)
    error: line 18: section 4, heading: the pattern is too large; repeat less within it
    ");
}

#[test]
fn what_works_but_is_hardly_meant_is_a_warning() {
    insta::assert_snapshot!(after_beginning("[[section]]\narea = 'A'\ngrade = 'own'\n"), @"warning: line 9: grades: sections have grades of their own, but there is no [[grades]]");
    insta::assert_snapshot!(after_beginning("[[section]]\narea = 'A'\nheading = 'leaders'\n"), @"warning: line 9: section 1, heading: the pattern also fits within other lines; begin it with `^` and end it with `$`");
    insta::assert_snapshot!(after_beginning("[[grades]]\nlabel = 'Fine'\n[[section]]\narea = 'A'\n"), @r#"warning: line 7: grades: no section has `grade = "own"` and there is no [[sentence]], so no grade is ever found but in tables"#);
    insta::assert_snapshot!(after_beginning(""), @"warning: line 1: section: there is no [[section]]: headings are told by their type alone, and no paragraph has a theme");
}

#[test]
fn a_sentence_says_where_its_grade_stands() {
    let more = "[[sentence]]\narea = 'Overall effectiveness'\npattern = 'overall .*'\n\
                [[section]]\narea = 'A'\n";
    insta::assert_snapshot!(after_beginning(more), @"
    warning: line 7: sentence 1: there is no [[grades]] by which to read the grade
    error: line 9: sentence 1, pattern: the pattern has no group `value`; put (?P<value>...) around the grade, or give the outcome with `label`
    ");
}

#[test]
fn a_code_is_plain_and_not_that_of_reports_without_framework() {
    let with = |code: &str| faults(&BEGINNING.replace("beacon'", code));
    insta::assert_snapshot!(with("Fire service'"), @"
    error: line 1: code: `Fire service` may hold small letters a-z, digits and hyphens only
    warning: line 1: section: there is no [[section]]: headings are told by their type alone, and no paragraph has a theme
    ");
    insta::assert_snapshot!(with("unknown'"), @"
    error: line 1: code: `unknown` is the code of reports that fit no framework
    warning: line 1: section: there is no [[section]]: headings are told by their type alone, and no paragraph has a theme
    ");
}

#[test]
fn a_model_has_to_be_one_of_its_own() {
    let with =
        |like: &str| faults(&BEGINNING.replace("period", &format!("like = '{like}'\nperiod")));
    insta::assert_snapshot!(with("sif-reinspection"), @"
    warning: line 1: section: there is no [[section]]: headings are told by their type alone, and no paragraph has a theme
    error: line 4: like: `sif-reinspection` is itself like another; name that one
    ");
    insta::assert_snapshot!(with("nowhere"), @"
    warning: line 1: section: there is no [[section]]: headings are told by their type alone, and no paragraph has a theme
    error: line 4: like: no framework `nowhere`; choose from `send`, `send-2016`, `jtai`, `ilacs`, `sif`, `lac-2013`, `slac`, `jar-progress`
    ");
    assert_eq!(with("sif"), "");
}

/// Writes every key of the form with a valid value.
fn everything(keys: &'static [Key], path: &str, out: &mut String) {
    let mut tables = Vec::new();
    for key in keys {
        let value = match &key.form {
            Form::Text if key.name == "pattern" => "'(?P<value>x)'".to_owned(),
            Form::Text | Form::TextOrTexts => "'x'".to_owned(),
            Form::Texts => "['x']".to_owned(),
            Form::Number => "1".to_owned(),
            Form::Flag => "true".to_owned(),
            Form::OneOf(choices) => format!("'{}'", choices[0]),
            Form::Table(_) | Form::Tables(_) => {
                tables.push(key);
                continue;
            }
        };
        out.push_str(&format!("{} = {value}\n", key.name));
    }
    for key in tables {
        let path =
            if path.is_empty() { key.name.to_owned() } else { format!("{path}.{}", key.name) };
        match &key.form {
            Form::Table(keys) => {
                out.push_str(&format!("[{path}]\n"));
                everything(keys, &path, out);
            }
            Form::Tables(keys) => {
                out.push_str(&format!("[[{path}]]\n"));
                everything(keys, &path, out);
            }
            _ => {}
        }
    }
}

#[test]
fn the_form_that_is_checked_is_the_form_that_is_read() {
    let mut toml = String::new();
    everything(FORM, "", &mut toml);
    Framework::parse(&toml).unwrap();
    for (key, choices) in [("kind", form::KINDS), ("grade", form::INHERIT), ("body", form::BODIES)]
    {
        for choice in choices {
            let section = format!("{BEGINNING}[[section]]\narea = 'A'\n{key} = '{choice}'\n");
            Framework::parse(&section).unwrap();
        }
    }
    for choice in form::VISITS {
        let visit = format!("{BEGINNING}visit = [{{ visit = '{choice}', any = ['x'] }}]\n");
        Framework::parse(&visit).unwrap();
    }
}

#[test]
fn the_guide_explains_every_key() {
    let guide = include_str!("../../../docs/frameworks.md");
    fn names(keys: &'static [Key], all: &mut Vec<&'static str>) {
        for key in keys {
            all.push(key.name);
            if let Form::Table(keys) | Form::Tables(keys) = &key.form {
                names(keys, all);
            }
        }
    }
    let mut all = Vec::new();
    names(FORM, &mut all);
    let explained =
        |name: &str| guide.contains(&format!("`{name}`")) || guide.contains(&format!("[{name}]"));
    let missing: Vec<_> = all.into_iter().filter(|name| !explained(name)).collect();
    assert_eq!(missing, Vec::<&str>::new());
}
