//! `findings keep`: paragraphs collected over several searches.

use super::{Context, Exit, Refusal, note};
use crate::ask::Session;
use crate::ask::basket::{self, Basket, FILE, Filled, Keeping, Kept};
use crate::render::{clean, words};
use findings_index::language::nearest::nearest;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Keep paragraphs in a basket, with notes
///
/// A basket is a file with one paragraph a line, in the order in which they were kept: its id, your
/// note, the query that found it, and when it was kept. `show` and `export` take it with --basket.
/// Keeping a paragraph again changes its note.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  findings keep stonewick-sif-2014-09-09/17 --note \"four of 22\"
  findings keep fairmere-ilacs-2019-04-29/6 --query return-interview
  findings show --basket
  findings show --basket --format markdown > quotations.md
  findings keep --remove fairmere-ilacs-2019-04-29/6

Ends with 0 if they are kept, 2 if one of them is not held or after an error.")]
pub(crate) struct Args {
    /// Ids of paragraphs
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,

    /// What you have to say about them; an empty text removes a note
    #[arg(long, value_name = "TEXT", help_heading = "Basket")]
    note: Option<String>,

    /// The query that found them
    #[arg(long, value_name = "TEXT", help_heading = "Basket")]
    query: Option<String>,

    /// Take them out of the basket instead
    #[arg(long, conflicts_with_all = ["note", "query"], help_heading = "Basket")]
    remove: bool,

    /// The file of the basket
    #[arg(long, value_name = "FILE", default_value = FILE, help_heading = "Basket")]
    basket: PathBuf,
}

pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    if args.remove {
        return remove(&args.ids, &args.basket);
    }
    let engine = context.open()?;
    let ids = context.endless_session(engine.as_ref()).ids_to_keep(&args.ids)?;
    let now = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let keep = |basket: &mut Basket| -> Vec<Keeping> {
        let kept = ids.iter().map(|id| Kept {
            note: args.note.clone(),
            query: args.query.clone(),
            ..Kept::new(id, &now)
        });
        kept.map(|kept| basket.keep(kept)).collect()
    };
    let (kept, basket) = basket::change(&args.basket, keep)?;
    for (id, keeping) in ids.iter().zip(kept) {
        say(&match keeping {
            Keeping::Added => format!("kept {id}"),
            Keeping::Updated => format!("already kept: {id}; updated"),
            Keeping::Unchanged => format!("already kept: {id}"),
        });
    }
    count(&args.basket, &basket);
    Ok(Exit::Found)
}

/// Takes paragraphs out of a basket: all of them, or none where one is not in it.
fn remove(ids: &[String], file: &Path) -> anyhow::Result<Exit> {
    // A basket that does not exist is not begun.
    basket::read(file)?;
    let take = |basket: &mut Basket| -> Result<(), Refusal> {
        let held: Vec<String> = basket.kept().map(|kept| kept.id.clone()).collect();
        if let Some(id) = ids.iter().find(|id| !held.contains(id)) {
            let refusal = Refusal::new(format!("`{id}` is not in the basket {}", file.display()));
            return Err(match nearest(held.iter().map(String::as_str), id) {
                Some(near) => refusal.hint(format!("did you mean `{near}`?")),
                None => refusal,
            });
        }
        ids.iter().for_each(|id| _ = basket.remove(id));
        Ok(())
    };
    let (taken, basket) = basket::change(file, take)?;
    taken?;
    ids.iter().for_each(|id| say(&format!("removed {id}")));
    count(file, &basket);
    Ok(Exit::Found)
}

/// Reads a basket and finds what is held of it; says what is not, and what cannot be read.
pub(super) fn fill(file: &Path, session: &Session<'_>) -> anyhow::Result<Filled> {
    let basket = basket::read(file)?;
    damaged(file, &basket);
    let filled = session.fill(&basket)?;
    for id in filled.gone() {
        note(&format!("`{id}` is no longer held; it stays in the basket"));
    }
    if filled.kept.is_empty() {
        note(&format!("the basket {} is empty", file.display()));
    }
    Ok(filled)
}

/// Says how much is in a basket.
fn count(file: &Path, basket: &Basket) {
    let kept = words::count(basket.kept().count(), "paragraph");
    say(&format!("{kept} in {}", file.display()));
    damaged(file, basket);
}

/// Names the lines that are no kept paragraphs.
fn damaged(file: &Path, basket: &Basket) {
    for line in basket.damaged() {
        let place = format!("{}, line {line}", file.display());
        note(&format!("{place}: not a kept paragraph; skipped, and left in the file as it is"));
    }
}

/// Reports on stderr what was done.
fn say(done: &str) {
    // A closed stderr is not a fault of the basket.
    let _ = writeln!(anstream::stderr(), "{}", clean::lines(done));
}
