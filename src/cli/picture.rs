//! The picture that `findings show --as-printed` writes.

use super::Refusal;
use std::path::Path;

/// Refuses a file that is not to be a picture of the kind that is drawn.
pub(super) fn check(file: &Path) -> Result<(), Refusal> {
    if !cfg!(feature = "as-printed") {
        return Err(Refusal::new("--as-printed: this program was built without pictures of pages")
            .hint("build it with its feature `as-printed`"));
    }
    if file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("png")) {
        return Ok(());
    }
    let message = format!("--as-printed: {} does not end in .png", file.display());
    Err(Refusal::new(message).hint(format!("write `{}`", file.with_extension("png").display())))
}

/// Draws nothing, as the program was built: [`check`] has refused it.
#[cfg(not(feature = "as-printed"))]
pub(super) fn write(
    file: &Path,
    _: Option<&str>,
    _: &findings_index::records::ReportRecord,
    _: &findings_index::records::ParagraphRecord,
    _: &crate::ask::Session<'_>,
    _: &super::Context,
) -> anyhow::Result<()> {
    Ok(check(file)?)
}

#[cfg(feature = "as-printed")]
pub(super) use drawn::write;

#[cfg(feature = "as-printed")]
mod drawn {
    use super::super::{Context, Refusal, file, note, notes, program, say_written};
    use crate::answer::printed::{self, Matched, Printed, PrintedError};
    use crate::ask::{Question, Session};
    use crate::extract::Limits;
    use crate::extract::picture::{Undrawn, View};
    use crate::extract::worker::Workers;
    use crate::render::words;
    use findings_index::records::ledger::FileError;
    use findings_index::records::{ParagraphRecord, ReportRecord};
    use std::path::Path;
    use std::time::Duration;

    /// Pixels per point: twice as many as a page on a screen of the usual kind.
    const SCALE: f32 = 2.0;

    /// How long the drawing may take by default.
    const PATIENCE: Duration = Duration::from_secs(30);

    /// Draws a paragraph as its page prints it, with what matches a query marked, into a file.
    pub(in crate::cli) fn write(
        path: &Path,
        marked: Option<&str>,
        report: &ReportRecord,
        paragraph: &ParagraphRecord,
        session: &Session<'_>,
        context: &Context,
    ) -> anyhow::Result<()> {
        let spans = match marked {
            None => Vec::new(),
            Some(query) => {
                let marks = Question { text: query.to_owned(), ..Question::default() };
                let Matched { spans, notes: told } =
                    printed::matched(session, &marks, report, paragraph)?;
                notes("", &told);
                if spans.is_none() {
                    note(&format!("--marked: `{}` does not match {query}", paragraph.id));
                }
                spans.unwrap_or_default()
            }
        };
        let workers = Workers::new(program()?, Limits::default());
        let source = printed::file(session.engine, report).map_err(refused)?;
        let wanted = Printed {
            report,
            path: &source,
            paragraph,
            spans: &spans,
            view: View::Piece,
            scale: SCALE,
            is_cited: true,
        };
        let names = context.reference.names();
        let patience = context.time_limit.unwrap_or(PATIENCE);
        let drawn = printed::draw(&workers, names, &wanted, patience).map_err(refused)?;
        file::replace(path, |out| Ok(out.write_all(&drawn.png)?))?;
        let (first, last) = (drawn.pieces.first(), drawn.pieces.last());
        let pages = first.map(|piece| words::pages(piece.page, last.map(|piece| piece.page)));
        say_written(path, &pages.map_or_else(String::new, |pages| format!("the piece of {pages}")));
        if drawn.unmarked > 0 {
            let places = words::count(drawn.unmarked, "place");
            note(&format!("{places} of the text not found on the page, and so not marked"));
        }
        Ok(())
    }

    /// Puts what cannot be drawn into the words of the command line.
    fn refused(error: PrintedError) -> anyhow::Error {
        let hint = match &error {
            PrintedError::WithoutPages { .. } => "only a PDF has pages to be drawn",
            PrintedError::FileUnknown { .. } => "index its folder again: `findings index FOLDER`",
            PrintedError::Undrawn { error: Undrawn::Changed, .. } => {
                "index it again, with its folder: `findings index FOLDER`"
            }
            PrintedError::Undrawn { error: Undrawn::Moved, .. } => {
                "index the folder where it is now: `findings index FOLDER`"
            }
            PrintedError::Undrawn { error: Undrawn::File(FileError::TimedOut { .. }), .. } => {
                "allow more with --time-limit SECONDS"
            }
            _ => "",
        };
        let code = error.code();
        match (error, code) {
            (PrintedError::Search(error), _) => error.into(),
            (error @ PrintedError::Draw(_), _) | (error, None) => error.into(),
            (error, Some(code)) => {
                let refusal = Refusal::new(format!("--as-printed: {error}")).coded(code);
                if hint.is_empty() { refusal.into() } else { refusal.hint(hint).into() }
            }
        }
    }
}
