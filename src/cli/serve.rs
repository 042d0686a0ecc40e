//! `findings serve`: the pages and the API.

use super::{Context, Exit, Refusal, index, note, program};
use crate::serve::{self, Limits, Listen, Log, Operator, PublicUrl, Settings};
use clap::ValueEnum;
use std::io::Write;
use std::net::IpAddr;
use std::path::PathBuf;

/// Search in the browser, and give programs an API
///
/// Answers with pages and with JSON until Ctrl-C. With PATHs, first reads the reports there, as
/// `findings index` does; without, answers from the index that there is. A later `findings index`
/// is picked up while it runs. Once it listens, it writes no file.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  findings serve reports/ --open
  findings serve --listen 127.0.0.1:8080
  findings serve --listen unix:find.sock --public-url https://find.example.org

Ends with 0 once it is told to end, after what is under way; 2 after an error.")]
pub(crate) struct Args {
    /// Folders and files to read first
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Open the first page in the browser
    #[arg(long)]
    open: bool,

    /// Address and port, or `unix:PATH` for a socket
    ///
    /// The default can be reached from this machine alone; port 0 takes any that is free. There is
    /// no login: whoever can reach another address can read every report that is indexed. For a
    /// team, put a web server with TLS and a login before it: docs/serving.md shows how.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7700")]
    listen: Listen,

    /// Address at which readers reach it, such as `https://reports.example.org/findings`
    ///
    /// Its host is answered to, its path precedes every link, and whatever needs a whole address
    /// has it from here.
    #[arg(long, value_name = "URL", help_heading = "For a team")]
    public_url: Option<PublicUrl>,

    /// Another host name that is answered to; may be given several times
    ///
    /// A request for any other host is refused, so that no page of somebody else's can ask in a
    /// reader's name.
    #[arg(long, value_name = "HOST", help_heading = "For a team")]
    allow_host: Vec<String>,

    /// Proxy that is believed about where a request comes from; may be given several times
    ///
    /// Of a proxy at a socket, the address is 127.0.0.1.
    #[arg(long, value_name = "IP", help_heading = "For a team")]
    trust_proxy: Vec<IpAddr>,

    /// How many requests are answered at a time [default: two for each processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..), help_heading = "For a team")]
    at_once: Option<u16>,

    /// Let other machines read `/metrics`
    #[arg(long, help_heading = "For a team")]
    open_metrics: bool,

    /// What is logged on stderr
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = Logged::Faults, help_heading = "For a team")]
    log: Logged,

    /// Who runs it, for the accessibility statement
    #[arg(long, value_name = "NAME", help_heading = "For a team")]
    operator: Option<String>,

    /// Where to write to them: a mail address, or the address of a page
    #[arg(long, value_name = "ADDRESS", help_heading = "For a team")]
    contact: Option<String>,

    /// Day on which the statement was last reviewed, such as `1 March 2026`
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

/// Whether it listens at something that readers cannot type as it stands: all addresses of the
/// machine, or a socket.
fn is_wide(listen: &Listen) -> bool {
    match listen {
        Listen::Tcp(address) => address.ip().is_unspecified(),
        Listen::Unix(_) => true,
    }
}

pub(crate) fn run(args: &Args, context: Context) -> anyhow::Result<Exit> {
    if args.open && args.public_url.is_none() && matches!(args.listen, Listen::Unix(_)) {
        return Err(Refusal::new("--open: a browser cannot open a socket")
            .hint("leave --open out, or listen at an address")
            .into());
    }
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
            "other machines can reach this address, and there is no login: whoever can reach it can \
             read every report that is indexed; docs/serving.md shows how to put a login before it",
        );
    }
    let is_named = args.public_url.is_some() || !args.allow_host.is_empty();
    if !is_named && is_wide(&args.listen) {
        note(
            "requests are answered only where they name an address of this machine itself; name \
             that of the readers with `--public-url URL` or `--allow-host HOST`",
        );
    }
    let usual = Limits::default();
    let settings = Settings {
        listen: args.listen.clone(),
        location: context.location,
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
        let at = match &listening.url {
            Some(url) if args.public_url.is_some() || is_wide(&args.listen) => {
                format!("{}, for readers {url}", listening.at)
            }
            Some(url) => url.clone(),
            None => listening.at.clone(),
        };
        let _ = writeln!(anstream::stderr(), "listening at {at} (Ctrl-C ends it)");
        if args.open
            && let Some(url) = &listening.url
            && let Err(error) = open::that_detached(url)
        {
            note(&format!("no browser could be opened ({error}): open {url} in one"));
        }
    })?;
    Ok(Exit::Found)
}
