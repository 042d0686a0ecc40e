//! Files that a command writes where it was told to.

use anyhow::Context as _;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Writes beside the file, then takes its place: whatever goes wrong, there is never half a file.
pub(crate) fn replace<T>(
    file: &Path,
    write: impl FnOnce(&mut dyn Write) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let folder = match file.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".findings-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As any new file: what the user's umask leaves of these.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let fails = || format!("cannot write {}", file.display());
    let beside = builder.tempfile_in(folder).with_context(fails)?;
    let mut out = BufWriter::new(beside);
    let written = write(&mut out)?;
    let beside = out.into_inner().map_err(io::IntoInnerError::into_error).with_context(fails)?;
    beside.as_file().sync_all().with_context(fails)?;
    beside.persist(file).map_err(|error| error.error).with_context(fails)?;
    Ok(written)
}
