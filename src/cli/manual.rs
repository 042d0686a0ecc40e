//! `findings manual`: the help of every command as pages for `man`.

use super::{Cli, Context, Exit, Refusal, say_written};
use crate::render::words;
use anyhow::Context as _;
use clap::{Command, CommandFactory};
use clap_mangen::Man;
use findings_index::language::nearest::nearest;
use std::fs;
use std::path::{Path, PathBuf};

/// Print a page for man, or write the pages of all commands
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  findings manual | man -l -
  findings manual search > findings-search.1
  findings manual --folder ~/.local/share/man/man1

Ends with 0, or 2 after an error.")]
pub(crate) struct Args {
    /// The command whose page is printed; without it, the page of the program
    #[arg(value_name = "COMMAND")]
    command: Vec<String>,

    /// Write the pages of all commands into a folder
    #[arg(long, value_name = "FOLDER", conflicts_with = "command", help_heading = "Answer")]
    folder: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    let mut program = Cli::command().disable_help_subcommand(true);
    // Gives every command its full name and the options that are global.
    program.build();
    if let Some(folder) = &args.folder {
        let pages = write_all(program, folder)?;
        say_written(folder, &words::count(pages, "page"));
        return Ok(Exit::Found);
    }
    let page = Man::new(named(&program, &args.command)?.clone());
    context.print(|out| page.render(out))?;
    Ok(Exit::Found)
}

/// Finds a command by the words that call it.
fn named<'a>(program: &'a Command, words: &[String]) -> Result<&'a Command, Refusal> {
    words.iter().try_fold(program, |command, word| {
        command.find_subcommand(word).ok_or_else(|| {
            let refusal = Refusal::new(format!("there is no command `{word}`"));
            match nearest(command.get_subcommands().map(Command::get_name), word) {
                Some(near) => refusal.hint(format!("did you mean `{near}`?")),
                None => refusal.hint("`findings help` lists all commands"),
            }
        })
    })
}

/// Writes the page of a command and of those below it, and returns how many there are.
fn write_all(command: Command, folder: &Path) -> anyhow::Result<usize> {
    fs::create_dir_all(folder).with_context(|| format!("cannot write {}", folder.display()))?;
    let mut pending = vec![command];
    let mut pages = 0;
    while let Some(command) = pending.pop() {
        pending.extend(command.get_subcommands().cloned());
        let page = Man::new(command);
        let file = folder.join(page.get_filename());
        let mut text = Vec::new();
        page.render(&mut text)
            .and_then(|()| fs::write(&file, &text))
            .with_context(|| format!("cannot write {}", file.display()))?;
        pages += 1;
    }
    Ok(pages)
}
