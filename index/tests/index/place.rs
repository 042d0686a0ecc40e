//! Where a test keeps its index: in a temporary folder, or in a corpus of its own in a cluster.
//!
//! Folders are the default. If `FINDINGS_CLUSTER` names the nodes of a cluster, as in
//! `http://localhost:9200,http://localhost:9201`, the same tests build and read there.

#[cfg(feature = "opensearch")]
use findings_index::opensearch::Address;
use findings_index::{Build, BuildOptions, Engine, Location, OpenError, WriteError};
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;

/// A place for one index, which is gone when this is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    location: Location,
    _kept: Kept,
}

#[derive(Debug)]
enum Kept {
    Folder {
        _dir: TempDir,
    },
    #[cfg(feature = "opensearch")]
    Corpus {
        _corpus: corpus::Corpus,
    },
}

impl Place {
    /// In a cluster if there is one, else in a folder.
    pub(crate) fn new() -> Self {
        #[cfg(feature = "opensearch")]
        if let Some(cluster) = cluster() {
            let corpus = corpus::Corpus::new(&cluster);
            let location = Location::Cluster(corpus.address().clone());
            return Self { location, _kept: Kept::Corpus { _corpus: corpus } };
        }
        Self::in_folder()
    }

    /// In a folder in any case, for tests of what only folders have: files, their locks and damage.
    pub(crate) fn in_folder() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let location = Location::Folder(dir.path().to_owned());
        Self { location, _kept: Kept::Folder { _dir: dir } }
    }

    /// The folder of a place in a folder.
    pub(crate) fn path(&self) -> &Path {
        self.location.folder().unwrap()
    }

    pub(crate) fn location(&self) -> &Location {
        &self.location
    }

    pub(crate) fn build(&self, options: &BuildOptions) -> Result<Box<dyn Build>, WriteError> {
        self.location.build(options)
    }

    pub(crate) fn open(&self) -> Result<Arc<dyn Engine>, OpenError> {
        self.location.open()
    }
}

#[cfg(feature = "opensearch")]
fn cluster() -> Option<String> {
    std::env::var("FINDINGS_CLUSTER").ok().filter(|nodes| !nodes.is_empty())
}

/// Whether [`Place::new`] is in a cluster.
pub(crate) fn is_in_cluster() -> bool {
    #[cfg(feature = "opensearch")]
    let is_in_cluster = cluster().is_some();
    #[cfg(not(feature = "opensearch"))]
    let is_in_cluster = false;
    is_in_cluster
}

#[cfg(feature = "opensearch")]
mod corpus {
    use super::Address;
    use findings_index::opensearch::Node;
    use std::hash::{BuildHasher, RandomState};
    use std::io::{self, Read, Write};
    use std::net::TcpStream;
    use std::time::Duration;

    /// A corpus with a name that no other has. The library deletes no corpus, so this does.
    #[derive(Debug)]
    pub(super) struct Corpus {
        address: Address,
    }

    impl Corpus {
        pub(super) fn new(cluster: &str) -> Self {
            let name = format!("t{:016x}", RandomState::new().hash_one("name of a corpus"));
            let address = Address::parse(&[format!("{cluster}/{name}")]).unwrap();
            let can_be_deleted = address.nodes().iter().all(|node| host(node).is_some());
            assert!(can_be_deleted, "tests delete what they made, and know no https: {cluster}");
            Self { address }
        }

        pub(super) fn address(&self) -> &Address {
            &self.address
        }

        fn delete(&self) -> io::Result<String> {
            let name = self.address.name();
            let indices =
                ["paragraphs", "state", "history", "parts"].map(|part| format!("{name}.{part}-*"));
            let mut answer = Err(io::ErrorKind::NotConnected.into());
            for node in self.address.nodes() {
                answer = delete(node, &indices.join(","));
                if answer.is_ok() {
                    break;
                }
            }
            answer
        }
    }

    impl Drop for Corpus {
        fn drop(&mut self) {
            let deleted = self.delete();
            // A test that failed has something better to say.
            if !std::thread::panicking() {
                let answer = deleted.unwrap();
                assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
            }
        }
    }

    fn host(node: &Node) -> Option<&str> {
        node.base().strip_prefix("http://")
    }

    fn delete(node: &Node, indices: &str) -> io::Result<String> {
        let host = host(node).unwrap_or_default();
        let authorization = node.authorization().map(|own| format!("authorization: {own}\r\n"));
        let mut stream = TcpStream::connect(host)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        write!(
            stream,
            "DELETE /{indices} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n{}\r\n",
            authorization.unwrap_or_default()
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }
}
