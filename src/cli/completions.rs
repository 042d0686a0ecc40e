//! `findings completions`: what a shell needs to complete commands, options and their values.

use super::{Cli, Context, Exit};
use clap::CommandFactory;
use clap_complete::Shell;

/// Print what a shell needs to complete commands, options and values
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  findings completions bash >> ~/.bash_completion
  findings completions zsh > ~/.zfunc/_findings
  findings completions fish > ~/.config/fish/completions/findings.fish
  findings completions powershell >> $PROFILE

zsh looks into ~/.zfunc if .zshrc says so before compinit: fpath+=~/.zfunc

Ends with 0, or 2 after an error.")]
pub(crate) struct Args {
    /// The shell
    #[arg(value_enum, ignore_case = true)]
    shell: Shell,
}

pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "findings", &mut script);
    context.print(|out| out.write_all(&script))?;
    Ok(Exit::Found)
}
