//! Writes the files that a command was asked to write.

use anyhow::Context as _;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Writes to a temporary file next to `file`, then moves it there: whatever goes wrong, there is
/// never half a file.
///
/// A device or a pipe is written to directly and never replaced. A link stays, and the file that it
/// leads to is replaced.
pub(crate) fn replace<T>(
    file: &Path,
    write: impl FnOnce(&mut dyn Write) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let fails = || format!("cannot write {}", file.display());
    let written = |out: &mut dyn Write| match write(out) {
        Err(error) if error.is::<io::Error>() => Err(error.context(fails())),
        other => other,
    };
    let held = fs::metadata(file).ok();
    if held.as_ref().is_some_and(|held| !held.is_file() && !held.is_dir()) {
        let mut out = BufWriter::new(File::options().write(true).open(file).with_context(fails)?);
        let answer = written(&mut out)?;
        out.flush().with_context(fails)?;
        return Ok(answer);
    }
    let file = if held.is_some() { &fs::canonicalize(file).with_context(fails)? } else { file };
    let folder = match file.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".findings-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // The mode of any new file, of which the user's umask leaves a part.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let beside = builder.tempfile_in(folder).with_context(fails)?;
    let mut out = BufWriter::new(beside);
    let answer = written(&mut out)?;
    let beside = out.into_inner().map_err(io::IntoInnerError::into_error).with_context(fails)?;
    beside.as_file().sync_all().with_context(fails)?;
    beside.persist(file).map_err(|error| error.error).with_context(fails)?;
    Ok(answer)
}

#[cfg(all(test, unix))]
mod tests {
    use super::replace;
    use std::io::Write;
    use std::os::unix::fs::{FileTypeExt, symlink};
    use std::path::Path;
    use std::process::Command;
    use std::{fs, thread};

    fn write(file: &Path) -> anyhow::Result<()> {
        replace(file, |out| Ok(out.write_all(b"new")?))
    }

    #[test]
    fn a_pipe_is_written_to_and_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let reader = thread::spawn({
            let pipe = pipe.clone();
            move || fs::read_to_string(pipe).unwrap()
        });
        write(&pipe).unwrap();
        assert_eq!(reader.join().unwrap(), "new");
        assert!(fs::symlink_metadata(&pipe).unwrap().file_type().is_fifo());
    }

    #[test]
    fn a_link_still_leads_to_the_file_that_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&file, "old").unwrap();
        symlink(&file, &link).unwrap();
        write(&link).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    }

    #[test]
    fn what_cannot_be_written_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let error = write(&folder.path().join("none").join("file")).unwrap_err();
        assert!(error.to_string().starts_with("cannot write "), "{error}");
        let error = write(folder.path()).unwrap_err();
        assert!(error.to_string().starts_with("cannot write "), "{error}");
        let full = |_: &mut dyn Write| -> anyhow::Result<()> {
            Err(std::io::Error::from(std::io::ErrorKind::StorageFull).into())
        };
        let error = replace(&folder.path().join("file"), full).unwrap_err();
        assert!(error.to_string().starts_with("cannot write "), "{error}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
