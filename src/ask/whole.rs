//! Replaces a file as a whole: a kill or a full disk leaves what was there before.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// Writes to a temporary file, syncs it and puts it in the place of `file`.
pub(super) fn replace(file: &Path, text: &[u8]) -> io::Result<()> {
    let folder = match file.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".findings-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // The mode of the file that is replaced, or of any new file, of which the user's umask leaves a part.
        let mode = fs::metadata(file).map_or(0o666, |held| held.permissions().mode());
        builder.permissions(fs::Permissions::from_mode(mode));
    }
    let mut beside = builder.tempfile_in(folder)?;
    beside.write_all(text)?;
    beside.as_file().sync_all()?;
    beside.persist(file).map_err(|error| error.error)?;
    Ok(())
}
