//! `findings serve`: the pages and the API.

use super::{Context, Exit, index, note, program};
use crate::serve::{self, Limits, Listen, Log, Operator, PublicUrl, Settings};
use clap::ValueEnum;
use std::io::Write;
use std::net::IpAddr;
use std::path::PathBuf;

/// Search in the browser, and give programs an API
///
/// Serves the index as pages and as JSON. With PATHs, reads these first, as `findings index` does.
/// Each new build is taken up without a restart. Ends with Ctrl-C.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  findings serve --open
  findings serve reports/ --open
  findings serve --listen unix:/run/findings.sock --public-url https://reports.example.org

Ends with 0 when told to end, 2 after an error.")]
pub(crate) struct Args {
    /// Folders and files to index first
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Open the first page in the browser
    #[arg(long)]
    open: bool,

    /// Address and port, or `unix:PATH`
    ///
    /// The default is reached from this machine alone. There is no login: whoever can reach another
    /// address can read every report that is indexed. To serve a team, put a web server with TLS
    /// and a login before it.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7700")]
    listen: Listen,

    /// The address at which readers reach it, such as `https://reports.example.org/findings`
    #[arg(long, value_name = "URL", help_heading = "For a team")]
    public_url: Option<PublicUrl>,

    /// A further name by which it may be addressed
    #[arg(long, value_name = "HOST", help_heading = "For a team")]
    allow_host: Vec<String>,

    /// A proxy whose word on who asks is taken
    #[arg(long, value_name = "IP", help_heading = "For a team")]
    trust_proxy: Vec<IpAddr>,

    /// How many requests are answered at once [default: two for each processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..), help_heading = "For a team")]
    at_once: Option<u16>,

    /// Let others than this machine read `/metrics`
    #[arg(long, help_heading = "For a team")]
    open_metrics: bool,

    /// What is logged on stderr
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = Logged::Faults, help_heading = "For a team")]
    log: Logged,

    /// Who runs it, for the statement on accessibility
    #[arg(long, value_name = "NAME", help_heading = "For a team")]
    operator: Option<String>,

    /// How to reach them: an address of mail or of a page
    #[arg(long, value_name = "ADDRESS", help_heading = "For a team")]
    contact: Option<String>,

    /// When the statement was last looked at, such as `1 March 2026`
    #[arg(long, value_name = "DATE", help_heading = "For a team")]
    reviewed: Option<String>,
}

/// What is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Logged {
    /// What goes wrong
    Faults,
    /// Every request, without what was asked
    Requests,
    /// Every request, with what was asked
    Questions,
}

pub(crate) fn run(args: &Args, context: Context) -> anyhow::Result<Exit> {
    if !args.paths.is_empty() {
        index::usual(&args.paths, &context)?;
    }
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_target(false)
        .with_ansi(false)
        .init();
    if !args.listen.is_local() {
        note(
            "others can reach this address, and there is no login: whoever can reach it can read \
             every report that is indexed",
        );
    }
    let usual = Limits::default();
    let settings = Settings {
        listen: args.listen.clone(),
        location: context.location(),
        public: args.public_url.clone(),
        hosts: args.allow_host.clone(),
        proxies: args.trust_proxy.clone(),
        limits: Limits {
            at_once: args.at_once.map_or(usual.at_once, usize::from),
            time: context.time_limit.unwrap_or(usual.time),
            ..usual
        },
        open_metrics: args.open_metrics,
        log: match args.log {
            Logged::Faults => Log::Faults,
            Logged::Requests => Log::Requests,
            Logged::Questions => Log::Questions,
        },
        operator: Operator {
            name: args.operator.clone(),
            contact: args.contact.clone(),
            reviewed: args.reviewed.clone(),
        },
        worker: program()?,
        reference: context.reference,
    };
    serve::run(settings, |listening| {
        // A closed stderr is no reason not to serve.
        let at = listening.url.as_deref().unwrap_or(&listening.at);
        let _ = writeln!(anstream::stderr(), "listening at {at} (Ctrl-C ends it)");
        if args.open
            && let Some(url) = &listening.url
            && let Err(error) = open::that_detached(url)
        {
            note(&format!("cannot open a browser ({error}): open {url} in one"));
        }
    })?;
    Ok(Exit::Found)
}
