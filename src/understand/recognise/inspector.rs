//! Finds the name of the lead inspector in what is printed after a label or in a sentence.

/// Titles before a name.
const BEFORE: [&str; 12] = [
    "Mr",
    "Mrs",
    "Ms",
    "Miss",
    "Dr",
    "HMI",
    "HMIs",
    "Ofsted",
    "Inspector",
    "Inspectors",
    "Lead",
    "lead",
];

/// Small words within names.
const WITHIN: [&str; 9] = ["de", "van", "von", "der", "la", "le", "al", "du", "da"];

/// Words that begin a sentence or a title after a name, never a part of one.
const AFTER: [&str; 14] = [
    "HMI",
    "HMIs",
    "Her",
    "His",
    "Ofsted",
    "Inspector",
    "Inspectors",
    "Senior",
    "Social",
    "The",
    "Regulatory",
    "This",
    "Lead",
    "Team",
];

/// Words that no person is called: "led by the Safety Partnership".
const BODIES: [&str; 12] = [
    "Authority",
    "Board",
    "Children",
    "Council",
    "Group",
    "Partnership",
    "Police",
    "Safeguarding",
    "Service",
    "Services",
    "Trust",
    "University",
];

/// The most words of a name.
const LONGEST: usize = 5;

/// The first name of a list of inspectors, without titles; `None` if the text is not a name.
pub(super) fn first(printed: &str) -> Option<String> {
    let text = printed.trim_start_matches([':', ' ', '-']);
    let mut name: Vec<&str> = Vec::new();
    for word in text.split_whitespace() {
        // An initial in brackets: "Ada (J) Example".
        let is_initial = word.starts_with('(') && word.chars().count() <= 4;
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        if name.is_empty() && BEFORE.contains(&bare) {
            continue;
        }
        let is_part = bare.chars().next().is_some_and(char::is_uppercase) && !AFTER.contains(&bare)
            || !name.is_empty() && WITHIN.contains(&bare);
        let is_number = bare.chars().any(|c| c.is_ascii_digit());
        if !is_part || is_number || word.starts_with('(') && !is_initial {
            break;
        }
        let end = word.trim_end_matches([',', ';', ':', ')', '*']);
        // A full stop ends the name, unless it is that of an initial.
        let is_stop = end.ends_with('.') && end.chars().count() > 2;
        name.push(end.trim_start_matches('(').trim_end_matches(if is_stop { "." } else { "" }));
        if is_stop || end.len() < word.len() && !is_initial {
            break;
        }
    }
    while name.last().is_some_and(|last| WITHIN.contains(last)) {
        name.pop();
    }
    let is_body = name.iter().any(|word| BODIES.contains(word));
    ((2..=LONGEST).contains(&name.len()) && !is_body).then(|| name.join(" "))
}

#[cfg(test)]
mod tests {
    use super::first;

    #[test]
    fn the_first_of_the_inspectors_is_named_without_titles() {
        for (printed, name) in [
            ("Ada Example", "Ada Example"),
            ("Ada Example HMI", "Ada Example"),
            ("Ada Example, His Majesty's Inspector", "Ada Example"),
            ("Ada Example Her Majesty's Inspector", "Ada Example"),
            (": Mrs Ada Example (Ofsted)", "Ada Example"),
            ("Ada Example and Ben Sample.", "Ada Example"),
            ("HMI Ada Example, Ben Sample and Cy Third", "Ada Example"),
            ("Ada Example. Inspectors looked at audits", "Ada Example"),
            ("Ada J. O'Example-Smith was there", "Ada J. O'Example-Smith"),
            ("Ada (J) Example", "Ada J Example"),
            ("Ada de la Example", "Ada de la Example"),
            ("Jenny-ellen Example", "Jenny-ellen Example"),
        ] {
            assert_eq!(first(printed).as_deref(), Some(name), "{printed}");
        }
        for printed in [
            "for this visit",
            "Ada",
            "based in offices",
            "12 May 2016",
            "Safety Partnership",
            "",
            "Her Majesty's Inspector",
        ] {
            assert_eq!(first(printed), None, "{printed}");
        }
    }
}
