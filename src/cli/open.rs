//! Opens the file of a report in a viewer, at a page.
//!
//! The viewer is the one that the system prefers, unless `FINDINGS_OPEN` names a command. A PDF is
//! handed over as an address with `#page=N`, which the viewers of browsers and many others follow.

use super::Refusal;
use anyhow::Context as _;
use findings_index::Engine;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, io};

/// The variable with the command of a viewer.
const VIEWER: &str = "FINDINGS_OPEN";

/// The file of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Source {
    /// Where it was when it was indexed.
    path: PathBuf,
    /// The page of the PDF, if it has pages.
    page: Option<u32>,
}

impl Source {
    /// Finds where the file of a report was when it was indexed; `None` where that is not known.
    pub(super) fn of(
        engine: &dyn Engine,
        report: &str,
        page: Option<u32>,
    ) -> anyhow::Result<Option<Self>> {
        let ledger = engine.ledger()?;
        let path = ledger.files_of(report).next();
        Ok(path.map(|path| Self { path: path.to_owned(), page }))
    }

    /// Returns what to say of a file that is not where it was.
    pub(super) fn gone(&self) -> Option<(String, &'static str)> {
        (!self.path.is_file()).then(|| {
            let message = format!("the file is no longer at {}", self.path.display());
            (message, "index the folder where it is now: `findings index FOLDER`")
        })
    }

    /// Opens the file and returns what was done, in words.
    pub(super) fn open(&self) -> anyhow::Result<String> {
        if let Some((message, hint)) = self.gone() {
            return Err(Refusal::new(message).hint(hint).into());
        }
        let chosen = env::var(VIEWER).ok().filter(|command| !command.trim().is_empty());
        let command = match chosen {
            Some(typed) => {
                shlex::split(&typed).filter(|words| !words.is_empty()).ok_or_else(|| {
                    Refusal::new(format!("{VIEWER}: `{typed}` is not a command"))
                        .hint("close its quotation marks")
                })?
            }
            None => usual(),
        };
        let arguments = self.arguments(&command);
        let viewer = command.first().cloned().unwrap_or_default();
        let place = self.page.map(|page| format!(" at page {page}")).unwrap_or_default();
        let said = format!("{}{place} with `{viewer}`", self.path.display());
        let cannot = || {
            Refusal::new(format!("cannot open {said}"))
                .hint("name the command of a viewer in FINDINGS_OPEN")
        };
        let ended = Command::new(&viewer)
            .args(&arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .with_context(cannot)?;
        if !ended.success() {
            return Err(io::Error::other(format!("it ended with {ended}"))).with_context(cannot);
        }
        Ok(format!("opened {said}"))
    }

    /// Returns what follows the first word of a command: `{file}`, `{page}` and `{url}` are
    /// replaced; where none of them is written, the address comes last.
    fn arguments(&self, command: &[String]) -> Vec<String> {
        let url = self.url();
        let page = self.page.unwrap_or(1).to_string();
        let file = self.path.display().to_string();
        let mut arguments: Vec<String> = command.iter().skip(1).cloned().collect();
        let places = ["{file}", "{page}", "{url}"];
        let has_place = |argument: &String| places.iter().any(|place| argument.contains(place));
        if !arguments.iter().any(has_place) {
            arguments.push("{url}".to_owned());
        }
        for argument in arguments.iter_mut().filter(|argument| has_place(argument)) {
            *argument = match argument.as_str() {
                "{file}" => file.clone(),
                "{page}" => page.clone(),
                "{url}" => url.clone(),
                mixed => mixed.replace("{page}", &page).replace("{file}", &file),
            };
        }
        arguments
    }

    /// Returns the address of the file, and of the page in it.
    fn url(&self) -> String {
        let mut url = format!("file://{}", encoded(&self.path));
        if let Some(page) = self.page {
            let _ = write!(url, "#page={page}");
        }
        url
    }
}

/// Returns the command by which the system opens a file.
fn usual() -> Vec<String> {
    let words: &[&str] = if cfg!(target_os = "macos") {
        &["open"]
    } else if cfg!(target_os = "windows") {
        &["cmd", "/C", "start", ""]
    } else {
        &["xdg-open"]
    };
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// Writes a path as a part of an address.
fn encoded(path: &Path) -> String {
    let mut text = path.display().to_string();
    if cfg!(windows) {
        text = format!("/{}", text.trim_start_matches(r"\\?\").replace('\\', "/"));
    }
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(all(test, not(windows)))]
mod tests {
    use super::Source;
    use std::path::PathBuf;

    fn source(page: Option<u32>) -> Source {
        Source { path: PathBuf::from("/reports/a b/Zoë #1.pdf"), page }
    }

    fn arguments(page: Option<u32>, command: &[&str]) -> Vec<String> {
        let command: Vec<String> = command.iter().map(|word| (*word).to_owned()).collect();
        source(page).arguments(&command)
    }

    #[test]
    fn an_address_holds_the_page_and_no_sign_of_the_path_that_means_something_else() {
        assert_eq!(source(Some(5)).url(), "file:///reports/a%20b/Zo%C3%AB%20%231.pdf#page=5");
        assert_eq!(source(None).url(), "file:///reports/a%20b/Zo%C3%AB%20%231.pdf");
    }

    #[test]
    fn a_viewer_gets_the_address_unless_it_asks_for_the_file_and_the_page() {
        assert_eq!(arguments(Some(5), &["xdg-open"]), [source(Some(5)).url()]);
        let own = arguments(Some(5), &["evince", "--page-index={page}", "{file}"]);
        assert_eq!(own, ["--page-index=5", "/reports/a b/Zoë #1.pdf"]);
        assert_eq!(arguments(None, &["view", "{url}", "-p", "{page}"])[2], "1");
    }

    #[test]
    fn a_file_that_is_gone_is_said_to_be() {
        let (message, hint) = source(None).gone().unwrap();
        assert_eq!(message, "the file is no longer at /reports/a b/Zoë #1.pdf");
        assert!(hint.contains("findings index"));
        let here = Source { path: PathBuf::from(file!()), page: None };
        assert!(here.gone().is_none() || !here.path.exists());
    }
}
