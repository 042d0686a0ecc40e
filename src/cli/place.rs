//! Where the index is: which of an option, the environment and the configuration says so.
//!
//! An option beats the environment, and the environment the configuration. What only one of two
//! could mean is refused: no option is silently ignored. Addresses may contain a password, so that no
//! message repeats one, and clap, whose messages do, takes them as they are.

use super::Refusal;
use crate::knowledge::config::Addresses;
use clap::ArgMatches;
use clap::parser::ValueSource;
use findings_index::Location;
use std::ffi::OsString;
use std::path::{self, Path, PathBuf};

/// The folder of the index unless something else is said.
pub(super) const FOLDER: &str = ".findings";

/// The variables that say who asks a cluster.
#[cfg(feature = "opensearch")]
const CREDENTIALS: [&str; 2] = ["FINDINGS_ENGINE_USER", "FINDINGS_ENGINE_PASSWORD"];

/// The variable that names the certificates to trust.
#[cfg(feature = "opensearch")]
const CA: &str = "FINDINGS_ENGINE_CA";

/// What says where the index is, from the weakest to the strongest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Origin {
    /// Nothing does.
    Default,
    /// The configuration.
    File,
    /// A variable of the environment.
    Environment,
    /// An option.
    Option,
}

impl Origin {
    /// Finds out where clap has the value of an option from.
    pub(super) fn of(typed: &ArgMatches, option: &str) -> Self {
        match typed.value_source(option) {
            Some(ValueSource::CommandLine) => Self::Option,
            Some(ValueSource::EnvVariable) => Self::Environment,
            _ => Self::Default,
        }
    }
}

/// All that says where the index is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Given {
    /// The folder.
    pub(super) index: (PathBuf, Origin),
    /// The cluster of the option or the environment.
    pub(super) engine: Option<(Addresses, Origin)>,
    /// The cluster of the configuration.
    pub(super) configured: Option<Addresses>,
}

/// Where the index is, as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// In a folder.
    Folder(PathBuf),
    /// In a cluster, and what says so.
    Cluster(Addresses, Origin),
}

/// Decides where the index is.
///
/// # Errors
/// If two options, or two variables, say different things.
pub(super) fn choose(given: &Given) -> Result<Place, Refusal> {
    let (folder, said) = &given.index;
    // As with other variables, an empty one is none.
    let engine = given
        .engine
        .as_ref()
        .filter(|(addresses, origin)| *origin == Origin::Option || !addresses.is_blank());
    let configured = given.configured.as_ref().map(|addresses| (addresses, Origin::File));
    let engine = engine.map(|(addresses, origin)| (addresses, *origin)).or(configured);
    match engine {
        Some((_, origin)) if origin == *said => {
            let (one, other) = match origin {
                Origin::Environment => ("FINDINGS_ENGINE", "FINDINGS_INDEX"),
                _ => ("--engine", "--index"),
            };
            Err(Refusal::new(format!("{one} and {other} name two indexes"))
                .hint(format!("leave one of them out: {other} for a folder, {one} for a cluster")))
        }
        Some((addresses, origin)) if origin > *said => {
            Ok(Place::Cluster(addresses.clone(), origin))
        }
        _ => Ok(Place::Folder(folder.clone())),
    }
}

impl Place {
    /// Reads the addresses of a cluster, with what the environment adds to them.
    ///
    /// # Errors
    /// If an address is none, or this build has no support for it.
    pub(super) fn location(
        self,
        variable: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Location, Refusal> {
        match self {
            Self::Folder(folder) => Ok(Location::Folder(folder)),
            Self::Cluster(addresses, origin) => {
                cluster(&addresses, variable).map_err(|refusal| refusal.within(spelt(origin)))
            }
        }
    }
}

/// How that which names a cluster is written.
fn spelt(origin: Origin) -> &'static str {
    match origin {
        Origin::Environment => "FINDINGS_ENGINE",
        Origin::File => "`engine` in the configuration",
        Origin::Option | Origin::Default => "--engine",
    }
}

#[cfg(not(feature = "opensearch"))]
fn cluster(_: &Addresses, _: impl Fn(&str) -> Option<OsString>) -> Result<Location, Refusal> {
    Err(Refusal::new("this build has no support for clusters")
        .hint("build Findings with the feature `opensearch`, or name a folder with `--index DIR`"))
}

#[cfg(feature = "opensearch")]
fn cluster(
    addresses: &Addresses,
    variable: impl Fn(&str) -> Option<OsString>,
) -> Result<Location, Refusal> {
    use findings_index::opensearch::Address;
    let refused = |error: findings_index::opensearch::AddressError| Refusal::new(error.to_string());
    let mut address = Address::parse(addresses.texts()).map_err(refused)?;
    if cfg!(not(feature = "tls")) && address.to_string().starts_with("https://") {
        return Err(Refusal::new("this build has no support for https://")
            .hint("build Findings with the feature `tls`"));
    }
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    let text = |name: &str| match set(name).map(OsString::into_string) {
        None => Ok(None),
        Some(Ok(value)) => Ok(Some(value)),
        Some(Err(_)) => Err(Refusal::new(format!("{name} is not UTF-8"))),
    };
    let [user, password] = CREDENTIALS;
    match (text(user)?, text(password)?) {
        (None, None) => {}
        (Some(user), Some(password)) => {
            address = address.with_credentials(&user, &password).map_err(refused)?;
        }
        (found, _) => {
            let (is, misses) = if found.is_some() { (user, password) } else { (password, user) };
            return Err(Refusal::new(format!("{is} is set, and {misses} is not"))
                .hint("set both, or neither"));
        }
    }
    if let Some(file) = set(CA) {
        address = address.with_ca(file);
    }
    Ok(Location::Cluster(address))
}

/// Reads a place that an option names besides the one that is chosen: the addresses of a cluster, or a
/// folder.
///
/// # Errors
/// If an address is none, or this build has no support for it.
pub(super) fn named(
    place: &Path,
    option: &str,
    variable: impl Fn(&str) -> Option<OsString>,
) -> Result<Location, Refusal> {
    match place.to_str().filter(|text| text.contains("://")) {
        Some(text) => {
            cluster(&Addresses::from(text.to_owned()), variable).map_err(|it| it.within(option))
        }
        None => Ok(Location::Folder(place.to_owned())),
    }
}

/// Whether two places are surely the same.
pub(super) fn is_same(one: &Location, other: &Location) -> bool {
    match (one.folder(), other.folder()) {
        (Some(one), Some(other)) => {
            // What is not there yet has no canonical path.
            let whole = |folder: &Path| folder.canonicalize().or_else(|_| path::absolute(folder));
            matches!((whole(one), whole(other)), (Ok(one), Ok(other)) if one == other)
        }
        (None, None) => one.to_string() == other.to_string(),
        _ => false,
    }
}

/// Returns the folder of what somebody marks as read. That of a cluster is on this machine, since
/// another reader has read something else, and is named after the first node and the index.
pub(super) fn marks(location: &Location) -> PathBuf {
    if let Some(folder) = location.folder() {
        return folder.to_owned();
    }
    Path::new(FOLDER).join(file_name(&location.to_string()))
}

/// Makes the name of a folder of the addresses of a cluster.
fn file_name(cluster: &str) -> String {
    let bare = cluster.split_once("://").map_or(cluster, |(_, rest)| rest);
    let first = bare.split([',', '/']).next().unwrap_or_default();
    let index = bare.rsplit('/').next().unwrap_or_default();
    let plain =
        |sign: char| if sign.is_ascii_alphanumeric() || "._-".contains(sign) { sign } else { '-' };
    format!("cluster-{first}-{index}").chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::{Given, Origin, Place, choose, file_name};
    use crate::cli::Refusal;
    use crate::knowledge::config::Addresses;
    use std::path::PathBuf;

    fn at(url: &str) -> Addresses {
        Addresses::from(url.to_owned())
    }

    fn given(index: Origin, engine: Option<Origin>, configured: bool) -> Given {
        Given {
            index: (PathBuf::from("held"), index),
            engine: engine.map(|origin| (at("http://said"), origin)),
            configured: configured.then(|| at("http://configured")),
        }
    }

    /// What is chosen, in words.
    fn chosen(index: Origin, engine: Option<Origin>, configured: bool) -> String {
        match choose(&given(index, engine, configured)) {
            Ok(Place::Folder(folder)) => folder.display().to_string(),
            Ok(Place::Cluster(addresses, _)) => addresses.texts().concat(),
            Err(refusal) => format!("{refusal}; {}", refusal.hints().concat()),
        }
    }

    #[test]
    fn an_option_beats_the_environment_and_the_environment_the_configuration() {
        use Origin::{Default, Environment, Option};
        for (index, engine, configured, expected) in [
            (Default, None, false, "held"),
            (Default, None, true, "http://configured"),
            (Environment, None, true, "held"),
            (Option, None, true, "held"),
            (Default, Some(Environment), true, "http://said"),
            (Option, Some(Environment), true, "held"),
            (Default, Some(Option), true, "http://said"),
            (Environment, Some(Option), true, "http://said"),
        ] {
            let found = chosen(index, engine, configured);
            assert_eq!(found, expected, "{index:?} {engine:?} {configured}");
        }
    }

    #[test]
    fn what_names_two_indexes_is_refused() {
        insta::assert_snapshot!(chosen(Origin::Option, Some(Origin::Option), false), @"--engine and --index name two indexes; leave one of them out: --index for a folder, --engine for a cluster");
        insta::assert_snapshot!(chosen(Origin::Environment, Some(Origin::Environment), true), @"FINDINGS_ENGINE and FINDINGS_INDEX name two indexes; leave one of them out: FINDINGS_INDEX for a folder, FINDINGS_ENGINE for a cluster");
    }

    #[test]
    fn an_empty_variable_is_none() {
        let empty = |origin| Given {
            engine: Some((at(" "), origin)),
            ..given(Origin::Environment, None, false)
        };
        assert_eq!(choose(&empty(Origin::Environment)), Ok(Place::Folder(PathBuf::from("held"))));
        assert_eq!(choose(&empty(Origin::Option)), Ok(Place::Cluster(at(" "), Origin::Option)));
    }

    #[test]
    fn marks_are_kept_by_the_first_node_and_the_index() {
        assert_eq!(
            file_name("https://a.org:9200,https://b:1/reports"),
            "cluster-a.org-9200-reports"
        );
        assert_eq!(file_name("http://[::1]:9200/findings"), "cluster----1--9200-findings");
    }

    /// What a cluster that an option names is refused for.
    fn refused(url: &str, variables: &[(&str, &str)]) -> Refusal {
        let place = Place::Cluster(at(url), Origin::Option);
        let found = place.location(|name| {
            let found = variables.iter().find(|(variable, _)| *variable == name);
            found.map(|(_, value)| (*value).into())
        });
        found.unwrap_err()
    }

    #[cfg(not(feature = "opensearch"))]
    #[test]
    fn a_build_without_clusters_says_so() {
        let refusal = refused("http://ann:secret@a", &[]);
        insta::assert_snapshot!(refusal, @"--engine: this build has no support for clusters");
        insta::assert_snapshot!(refusal.hints().concat(), @"build Findings with the feature `opensearch`, or name a folder with `--index DIR`");
    }

    #[cfg(all(feature = "opensearch", not(feature = "tls")))]
    #[test]
    fn a_build_without_encryption_says_so() {
        let refusal = refused("https://ann:secret@a", &[]);
        insta::assert_snapshot!(refusal, @"--engine: this build has no support for https://");
        insta::assert_snapshot!(refusal.hints().concat(), @"build Findings with the feature `tls`");
    }

    #[cfg(feature = "opensearch")]
    mod with_clusters {
        use super::{Origin, Place, at, refused};
        use findings_index::Location;

        /// The location of a cluster, with variables.
        fn located(url: &str, variables: &[(&str, &str)]) -> findings_index::opensearch::Address {
            let place = Place::Cluster(at(url), Origin::Option);
            let found = place.location(|name| {
                let found = variables.iter().find(|(variable, _)| *variable == name);
                found.map(|(_, value)| (*value).into())
            });
            match found.unwrap() {
                Location::Cluster(address) => address,
                other => panic!("{other}"),
            }
        }

        #[test]
        fn the_environment_adds_who_asks_and_whom_to_trust() {
            let variables = [
                ("FINDINGS_ENGINE_USER", "ann"),
                ("FINDINGS_ENGINE_PASSWORD", "secret"),
                ("FINDINGS_ENGINE_CA", "own.pem"),
            ];
            let written = located("http://ann:secret@a", &[]).with_ca("own.pem");
            assert_eq!(located("http://a", &variables), written);
            let empty = variables.map(|(name, _)| (name, ""));
            assert_eq!(located("http://a", &empty), located("http://a", &[]));
        }

        #[test]
        fn half_of_who_asks_is_refused() {
            let said = |variable| {
                let refusal = refused("http://a", &[(variable, "x")]);
                format!("{refusal}; {}", refusal.hints().concat())
            };
            insta::assert_snapshot!(said("FINDINGS_ENGINE_USER"), @"--engine: FINDINGS_ENGINE_USER is set, and FINDINGS_ENGINE_PASSWORD is not; set both, or neither");
            insta::assert_snapshot!(said("FINDINGS_ENGINE_PASSWORD"), @"--engine: FINDINGS_ENGINE_PASSWORD is set, and FINDINGS_ENGINE_USER is not; set both, or neither");
        }
    }
}
