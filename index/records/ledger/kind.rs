//! What a file is, judged by its first bytes.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What kind of file it is, roughly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// An empty file.
    Empty,
    /// Plain text.
    Text,
    /// A web page.
    Html,
    /// XML that is not a web page.
    Xml,
    /// A word-processor document in RTF.
    RichText,
    /// A page description in PostScript.
    PostScript,
    /// A document, spreadsheet or presentation of an office program.
    Office,
    /// An e-book.
    Book,
    /// A compressed file, or an archive of several.
    Archive,
    /// A picture.
    Image,
    /// A sound recording.
    Sound,
    /// A film.
    Video,
    /// A font.
    Font,
    /// A program or part of one.
    Program,
    /// A database in one file.
    Database,
    /// None of these.
    Unknown,
}

/// What a file is, as exactly as is known. Its words follow "is" or "looks like".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileType {
    /// The rough kind.
    pub kind: FileKind,
    /// The exact type, such as `image/png`.
    pub media_type: Option<String>,
}

impl FileType {
    /// The type of a file of which only the kind is known.
    #[must_use]
    pub fn of(kind: FileKind) -> Self {
        Self { kind, media_type: None }
    }
}

impl FileKind {
    fn words(self) -> &'static str {
        match self {
            Self::Empty => "an empty file",
            Self::Text => "plain text",
            Self::Html => "HTML",
            Self::Xml => "an XML file",
            Self::RichText => "a rich text document (RTF)",
            Self::PostScript => "a PostScript file",
            Self::Office => "an Office document",
            Self::Book => "an e-book",
            Self::Archive => "an archive",
            Self::Image => "an image",
            Self::Sound => "a sound recording",
            Self::Video => "a video",
            Self::Font => "a font",
            Self::Program => "a program",
            Self::Database => "a database",
            Self::Unknown => "binary data of an unknown kind",
        }
    }

    /// Whether the kind alone says what users want to know.
    fn is_plain(self) -> bool {
        !matches!(self, Self::Office | Self::Archive | Self::Image | Self::Database)
    }
}

impl fmt::Display for FileType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let media_type = self.media_type.as_deref();
        match (media_type.and_then(named), media_type) {
            (Some(words), _) => f.write_str(words),
            (None, Some(media_type)) if !self.kind.is_plain() => {
                write!(f, "{} ({media_type})", self.kind.words())
            }
            _ => f.write_str(self.kind.words()),
        }
    }
}

/// The types that users know by name.
fn named(media_type: &str) -> Option<&'static str> {
    let words = match media_type {
        "application/gzip" => "a gzip archive",
        "application/msword" => "an old Word document",
        "application/vnd.ms-excel" => "an old Excel workbook",
        "application/vnd.ms-powerpoint" => "an old PowerPoint presentation",
        "application/vnd.oasis.opendocument.presentation" => "an OpenDocument presentation",
        "application/vnd.oasis.opendocument.spreadsheet" => "an OpenDocument spreadsheet",
        "application/vnd.oasis.opendocument.text" => "an OpenDocument text",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation" => {
            "a PowerPoint presentation"
        }
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => "an Excel workbook",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => {
            "a Word document"
        }
        "application/vnd.rar" => "a RAR archive",
        "application/vnd.sqlite3" => "a SQLite database",
        "application/x-7z-compressed" => "a 7-Zip archive",
        "application/x-bzip2" => "a bzip2 archive",
        "application/x-ole-storage" => "an old Office document or an Outlook message",
        "application/x-tar" => "a tar archive",
        "application/x-xz" => "an xz archive",
        "application/zip" => "a ZIP archive or an Office document",
        "application/zstd" => "a Zstandard archive",
        "image/bmp" => "a BMP image",
        "image/gif" => "a GIF image",
        "image/jpeg" => "a JPEG image",
        "image/png" => "a PNG image",
        "image/tiff" => "a TIFF image",
        "image/webp" => "a WebP image",
        _ => return None,
    };
    Some(words)
}
