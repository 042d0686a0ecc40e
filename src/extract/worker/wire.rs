//! The messages between the build and its workers: frames of a length and a postcard message.

#[cfg(feature = "as-printed")]
use crate::extract::picture::{DrawRequest, Drawn, Undrawn};
use crate::extract::{ExtractedText, Format, Limits};
use findings_index::records::ledger::FileError;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// What is wanted of one file.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Request {
    path: WirePath,
    pub(super) limits: Limits,
    pub(super) task: Task,
}

/// What is to be done with a file.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Task {
    /// Read its text.
    Extract(Format),
    /// Draw a piece of it.
    #[cfg(feature = "as-printed")]
    Draw(DrawRequest),
}

/// The outcome of a request.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Reply {
    /// Its text.
    Text(ExtractedText),
    /// The reader refused it.
    Refused(FileError),
    /// The picture.
    #[cfg(feature = "as-printed")]
    Picture(Drawn),
    /// There is no picture.
    #[cfg(feature = "as-printed")]
    NoPicture(Undrawn),
}

// Serde refuses paths that are not UTF-8, which are rare but real on Unix.
#[cfg(unix)]
type WirePath = Vec<u8>;
#[cfg(not(unix))]
type WirePath = PathBuf;

impl Request {
    pub(super) fn new(path: &Path, task: Task, limits: &Limits) -> Self {
        #[cfg(unix)]
        let path = path.as_os_str().as_encoded_bytes().to_vec();
        #[cfg(not(unix))]
        let path = path.to_owned();
        Self { path, limits: *limits, task }
    }

    pub(super) fn path(&self) -> PathBuf {
        #[cfg(unix)]
        {
            use std::os::unix::ffi::OsStrExt;
            PathBuf::from(std::ffi::OsStr::from_bytes(&self.path))
        }
        #[cfg(not(unix))]
        self.path.clone()
    }
}

/// Writes one message and flushes it.
pub(super) fn write<T: Serialize>(mut sink: impl Write, message: &T) -> io::Result<()> {
    let body = postcard::to_stdvec(message).map_err(io::Error::other)?;
    let length = u32::try_from(body.len()).map_err(io::Error::other)?;
    sink.write_all(&length.to_le_bytes())?;
    sink.write_all(&body)?;
    sink.flush()
}

/// Reads one message of at most `most` bytes; `None` if the stream ends before it begins. Memory
/// grows with the bytes that arrive, not with the length that is claimed.
pub(super) fn read<T: DeserializeOwned>(mut stream: impl Read, most: u64) -> io::Result<Option<T>> {
    let mut length = [0; 4];
    let mut had = 0;
    while had < length.len() {
        match stream.read(&mut length[had..])? {
            0 if had == 0 => return Ok(None),
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            more => had += more,
        }
    }
    let length = u64::from(u32::from_le_bytes(length));
    if length > most {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut body = Vec::new();
    stream.take(length).read_to_end(&mut body)?;
    if (body.len() as u64) < length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    postcard::from_bytes(&body).map(Some).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_arrives_as_it_was_sent() {
        let mut stream = Vec::new();
        write(&mut stream, &Reply::Refused(FileError::Encrypted)).unwrap();
        let mut stream = &stream[..];
        assert!(matches!(
            read(&mut stream, 1000).unwrap(),
            Some(Reply::Refused(FileError::Encrypted))
        ));
        assert!(read::<Reply>(&mut stream, 1000).unwrap().is_none(), "then the stream ends");
    }

    #[test]
    fn a_message_cut_short_or_too_long_is_a_fault() {
        let mut stream = Vec::new();
        write(&mut stream, &Reply::Refused(FileError::Encrypted)).unwrap();
        assert!(read::<Reply>(&stream[..stream.len() - 1], 1000).is_err());
        assert!(read::<Reply>(&stream[..2], 1000).is_err());
        assert!(read::<Reply>(&stream[..], 1).is_err());
        assert!(read::<Reply>(&b"\xff\xff\xff\xffnothing"[..], u64::MAX).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_path_that_is_no_utf8_reaches_the_worker() {
        use std::os::unix::ffi::OsStrExt;
        let path = Path::new(std::ffi::OsStr::from_bytes(b"caf\xe9.pdf"));
        assert_eq!(Request::new(path, Task::Extract(Format::Pdf), &Limits::default()).path(), path);
    }
}
