//! Recognises, by their magic numbers, files that no reader can read.
//!
//! It does not recognise PDF or any form of text, which are left to their own readers.

use findings_index::records::ledger::{FileKind, FileType};
use infer::MatcherType;

/// Recognises a file by its first bytes, if they belong to a format that is not text or PDF.
pub(crate) fn by_magic_number(head: &[u8]) -> Option<FileType> {
    let known = infer::get(head)?;
    let media_type = known.mime_type();
    let kind = match media_type {
        "application/pdf" => return None,
        // Without the directory inside the file, all that is known is that it is an OLE file.
        "application/msword" => {
            let media_type = Some("application/x-ole-storage".to_owned());
            return Some(FileType { kind: FileKind::Office, media_type });
        }
        "application/rtf" => FileKind::RichText,
        "application/postscript" => FileKind::PostScript,
        "application/vnd.sqlite3" => FileKind::Database,
        "application/octet-stream" => FileKind::Font,
        "application/x-x509-ca-cert" | "application/x-qemu-disk" | "application/dicom" => {
            FileKind::Unknown
        }
        "application/x-shockwave-flash"
        | "application/x-nintendo-nes-rom"
        | "application/x-google-chrome-extension" => FileKind::Program,
        _ => match known.matcher_type() {
            MatcherType::Text | MatcherType::Custom => return None,
            MatcherType::App => FileKind::Program,
            MatcherType::Archive => FileKind::Archive,
            MatcherType::Audio => FileKind::Sound,
            MatcherType::Book => FileKind::Book,
            MatcherType::Doc => FileKind::Office,
            MatcherType::Font => FileKind::Font,
            MatcherType::Image => FileKind::Image,
            MatcherType::Video => FileKind::Video,
        },
    };
    Some(FileType { kind, media_type: Some(media_type.to_owned()) })
}
