//! Where an index is kept, and the engine that answers from there.

use crate::embedded::{self, IndexReader, IndexWriter};
use crate::engine::{Build, BuildOptions, Engine, OpenError, WriteError};
#[cfg(feature = "opensearch")]
use crate::opensearch::{self, Address};
use crate::shelf::Shelf;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where an index is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Location {
    /// A folder on this machine.
    Folder(PathBuf),
    /// A corpus in an OpenSearch cluster.
    #[cfg(feature = "opensearch")]
    Cluster(Address),
}

impl Location {
    /// Opens the index as of its last commit.
    ///
    /// # Errors
    /// [`OpenError::Missing`] or [`OpenError::NoCorpus`] if no index was ever built here,
    /// [`OpenError::Incompatible`] or [`OpenError::OtherFormat`] if another version of Findings built
    /// it; the other errors if the folder or the cluster cannot be used.
    pub fn open(&self) -> Result<Arc<dyn Engine>, OpenError> {
        match self {
            Self::Folder(dir) => Ok(Arc::new(IndexReader::open(dir)?)),
            #[cfg(feature = "opensearch")]
            Self::Cluster(address) => opensearch::open(address),
        }
    }

    /// Returns the name of the last commit, without opening it; see [`Engine::generation`].
    ///
    /// # Errors
    /// Those of [`Location::open`].
    pub fn generation(&self) -> Result<String, OpenError> {
        match self {
            Self::Folder(dir) => embedded::generation(dir),
            #[cfg(feature = "opensearch")]
            Self::Cluster(address) => opensearch::generation(address),
        }
    }

    /// Opens the index for writing and creates it if there is none.
    ///
    /// # Errors
    /// [`WriteError::Locked`] if another build is running and does not end in time; the other
    /// errors if the folder or the cluster cannot be used.
    pub fn build(&self, options: &BuildOptions) -> Result<Box<dyn Build>, WriteError> {
        match self {
            Self::Folder(dir) => Ok(Box::new(IndexWriter::open(dir, options)?)),
            #[cfg(feature = "opensearch")]
            Self::Cluster(address) => opensearch::build(address, options),
        }
    }

    /// Returns where machines put what they read for a build that one of them finishes; nothing needs to
    /// be there yet.
    ///
    /// # Errors
    /// [`OpenError::Untrusted`] if the certificates that are to be trusted cannot be read.
    pub fn shelf(&self) -> Result<Box<dyn Shelf>, OpenError> {
        match self {
            Self::Folder(dir) => Ok(Box::new(embedded::store::shelf::Folder::of(dir))),
            #[cfg(feature = "opensearch")]
            Self::Cluster(address) => opensearch::shelf(address),
        }
    }

    /// The folder on this machine that holds the index, if it is in one.
    #[must_use]
    pub fn folder(&self) -> Option<&Path> {
        match self {
            Self::Folder(dir) => Some(dir),
            #[cfg(feature = "opensearch")]
            Self::Cluster(_) => None,
        }
    }
}

/// The folder, or the addresses of the cluster and the name of the corpus. Shows no password.
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(dir) => dir.display().fmt(f),
            #[cfg(feature = "opensearch")]
            Self::Cluster(address) => address.fmt(f),
        }
    }
}

#[cfg(all(test, feature = "opensearch"))]
mod tests {
    use super::{Address, BuildOptions, Location};
    use crate::engine::{OpenError, WriteError};
    use std::path::{Path, PathBuf};

    fn cluster() -> Location {
        let nodes = ["https://ann:secret@a,https://b:443/reports"];
        Location::Cluster(Address::parse(&nodes).expect("the address is in order"))
    }

    #[test]
    fn a_place_is_shown_without_the_password_of_a_cluster() {
        let folder = Location::Folder(PathBuf::from("held"));
        assert_eq!(
            (folder.to_string().as_str(), folder.folder()),
            ("held", Some(Path::new("held")))
        );
        assert_eq!(cluster().to_string(), "https://a:9200,https://b:443/reports");
        assert_eq!(cluster().folder(), None);
        assert!(!format!("{:?}", cluster()).contains("secret"));
    }

    #[test]
    fn errors_of_a_cluster_name_its_nodes_and_no_password() {
        for error in [cluster().open().map(|_| ()), cluster().generation().map(|_| ())] {
            insta::allow_duplicates! {
                insta::assert_snapshot!(error.unwrap_err(), @"no answer from the cluster https://a:9200, https://b:443");
            }
        }
        let error = cluster().build(&BuildOptions::default()).unwrap_err();
        insta::assert_snapshot!(error, @"no answer from the cluster https://a:9200, https://b:443; the corpus is as it was before");
    }

    #[test]
    fn every_error_of_a_cluster_reads_well() {
        let cluster = || "https://a:9200".to_owned();
        let name = || "reports".to_owned();
        insta::assert_snapshot!(OpenError::Untrusted { cluster: cluster(), source: "".into() }, @"the certificate of the cluster https://a:9200 is not trusted");
        insta::assert_snapshot!(OpenError::Refused { cluster: cluster(), status: 401, kind: String::new(), reason: "Unauthorized".to_owned() }, @"the cluster https://a:9200 refuses with status 401: Unauthorized");
        insta::assert_snapshot!(OpenError::NoCorpus { cluster: cluster(), name: name() }, @"no corpus `reports` in the cluster https://a:9200");
        insta::assert_snapshot!(OpenError::ForeignIndex { cluster: cluster(), index: name() }, @"`reports` in the cluster https://a:9200 was not made by this program");
        insta::assert_snapshot!(OpenError::ChangedIndex { cluster: cluster(), index: name(), what: "it is gone".to_owned() }, @"`reports` in the cluster https://a:9200 was changed by another program: it is gone");
        insta::assert_snapshot!(WriteError::ChangedIndex { cluster: cluster(), index: name(), what: "it is gone".to_owned() }, @"`reports` in the cluster https://a:9200 was changed by another program: it is gone");
        insta::assert_snapshot!(OpenError::OtherFormat { cluster: cluster(), name: name(), found: 1, expected: 2 }, @"the corpus `reports` in the cluster https://a:9200 has format 1 and this program reads format 2");
        insta::assert_snapshot!(OpenError::DamagedCorpus { cluster: cluster(), name: name(), source: "".into() }, @"the corpus `reports` in the cluster https://a:9200 is damaged");
        insta::assert_snapshot!(WriteError::Untrusted { cluster: cluster(), source: "".into() }, @"the certificate of the cluster https://a:9200 is not trusted");
        insta::assert_snapshot!(WriteError::Refused { cluster: cluster(), status: 403, kind: String::new(), reason: "read-only".to_owned() }, @"the cluster https://a:9200 refuses with status 403: read-only; the corpus is as it was before");
        insta::assert_snapshot!(WriteError::ForeignIndex { cluster: cluster(), index: name() }, @"`reports` in the cluster https://a:9200 was not made by this program and is left alone");
        insta::assert_snapshot!(WriteError::UnreadableCorpus { cluster: cluster(), name: name(), source: "".into() }, @"cannot update the corpus `reports` in the cluster https://a:9200: it cannot be read");
        insta::assert_snapshot!(WriteError::Unwritten { cluster: cluster(), name: name(), source: "".into() }, @"cannot write the corpus `reports` in the cluster https://a:9200; it is as it was before");
    }
}
