//! The statement on accessibility: a template in the manner of the model for public sector bodies.

use super::{Head, Part, Site, Skip, To, page};
use crate::render::clean;
use maud::{Markup, html};

/// What whoever runs the service says of themselves; `None` is not filled in.
#[derive(Debug, Clone, Copy, Default)]
pub struct Statement<'a> {
    /// The name of the body or person.
    pub name: Option<&'a str>,
    /// An address, of mail or of a page, to which to write.
    pub contact: Option<&'a str>,
    /// When the statement was last looked at, as it is to be read.
    pub reviewed: Option<&'a str>,
}

/// Writes the page.
#[must_use]
pub fn accessibility(site: &Site<'_>, statement: &Statement<'_>) -> String {
    let head = Head { title: "Accessibility".to_owned(), ..Head::default() };
    let name = statement.name.map(clean::line);
    let missing: Vec<&str> = [
        (
            statement.name.is_none(),
            "The name of the body that runs this service has not been filled in.",
        ),
        (statement.contact.is_none(), "An address to write to has not been filled in."),
        (
            statement.reviewed.is_none(),
            "The day on which this statement was last reviewed has not been filled in.",
        ),
    ]
    .into_iter()
    .filter_map(|(is_missing, said)| is_missing.then_some(said))
    .collect();
    let main = html! {
        h1 { "Accessibility" }
        @if !missing.is_empty() {
            div.problem {
                h2 { "This statement is not complete" }
                ul { @for said in &missing { li { (said) } } }
                p { "Until it is, it is a description of the program, not the statement of a body." }
            }
        }
        div.prose {
            p {
                @match &name {
                    Some(name) => { "This service is run by " (name) " with the program Findings." }
                    None => "This service is run with the program Findings.",
                }
                " The program is made so that as many people as possible can use it. You should be able to:"
            }
            ul {
                li { "zoom to 400% without text running off the screen" }
                li { "reach and use everything with a keyboard, or by speech" }
                li { "use the service with a screen reader, and without JavaScript" }
                li { "choose a dark scheme, your own colours or less motion in your system, and have them kept" }
                li { "print any page" }
            }
        }
        section.prose {
            h2 { "How accessible it is" }
            p {
                "Findings is built towards the Web Content Accessibility Guidelines, version 2.2, level AA. "
                "A program can’t declare that a body complies with the accessibility regulations for the "
                "public sector: that is for "
                @match &name { Some(name) => (name), None => "whoever runs the service" }
                " to establish and to state, for the service as they run it."
            }
            h3 { "What was tested" }
            p {
                "The pages were looked at during development without JavaScript, at the width of a phone, in "
                "the dark scheme and printed, and their colours were checked for contrast. That is no audit "
                "by an independent body, and no test with people who use assistive technology every day."
            }
            h3 { "Known limits" }
            ul {
                li {
                    "The original reports are the files that inspectorates published. Many of the PDFs are not "
                    "tagged or have no alternative text, and nobody here can change them. The "
                    "paragraphs of each report are also shown here as text with headings."
                }
                li {
                    "Text is taken from these files by a program. Where words could not be read as they "
                    "are printed, " a href=(site.addresses.to(To::Coverage)) { "Coverage" } " says so."
                }
                li {
                    "The picture of a paragraph as printed has the text of the paragraph as its "
                    "alternative; the picture of a whole page does not have all of its text."
                }
                li { "In wide tables, on narrow screens, some columns have to be scrolled to." }
            }
        }
        section.prose {
            h2 { "If something does not work for you" }
            (contact(statement))
            p {
                "If you are not content with the answer of a public body in England, Scotland or Wales, the "
                a href="https://www.equalityadvisoryservice.com/" rel="noreferrer" {
                    "Equality Advisory and Support Service"
                }
                " can help; in Northern Ireland, the "
                a href="https://www.equalityni.org/" rel="noreferrer" { "Equality Commission for Northern Ireland" } "."
            }
        }
        section.prose {
            h2 { "This statement" }
            p {
                @match statement.reviewed {
                    Some(day) => { "It was last reviewed on " (clean::line(day)) "." }
                    None => "The day of its last review has not been filled in.",
                }
            }
        }
    };
    page(site, Part::Other, &head, &[Skip::MAIN], &main)
}

fn contact(statement: &Statement<'_>) -> Markup {
    let Some(contact) = statement.contact else {
        return html! {
            p { "An address to write to has not been filled in. Ask whoever gave you the address of this service." }
        };
    };
    let said = clean::line(contact);
    // Text that leads nowhere safe is shown, and is no link.
    let is_page = contact.starts_with("https://") || contact.starts_with("http://");
    let is_mail = !is_page && contact.contains('@') && !contact.contains(char::is_whitespace);
    html! {
        p {
            "Tell us what you could not do, and if you need something from here in another form: "
            @if is_page {
                a href=(contact) { (said) }
            } @else if is_mail {
                a href={ "mailto:" (contact.trim_start_matches("mailto:")) } { (said) }
            } @else {
                (said)
            }
            "."
        }
    }
}
