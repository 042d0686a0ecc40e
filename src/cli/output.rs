//! The options that say how an answer is written, the same in every command that can write CSV.

use super::Refusal;
use clap::ValueEnum;

/// The formats of a command, CSV among them.
pub(crate) trait Formats: ValueEnum + Copy + PartialEq + Send + Sync + 'static {
    /// The format that spreadsheets read.
    const CSV: Self;
    /// The name of the format that is written unless another is asked for. It is a name because
    /// clap keeps a `default_value_t` once for all types that a struct is generic over.
    const DEFAULT: &str = "text";
}

/// How an answer is written.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct Output<F: Formats> {
    /// How to write the answer
    #[arg(long, short = 'f', value_enum, default_value = F::DEFAULT, help_heading = "Answer")]
    pub(crate) format: F,

    /// Begin CSV with the byte order mark, by which spreadsheets recognise UTF-8
    #[arg(long, help_heading = "Answer")]
    pub(crate) bom: bool,
}

impl<F: Formats> Output<F> {
    /// Refuses `--bom` where the format is not CSV.
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        bom_needs_csv(self.bom, self.format == F::CSV)
    }
}

/// Refuses `--bom` where the format is not CSV.
pub(crate) fn bom_needs_csv(bom: bool, is_csv: bool) -> Result<(), Refusal> {
    if bom && !is_csv {
        return Err(Refusal::new("--bom belongs to CSV").hint("add --format csv"));
    }
    Ok(())
}
