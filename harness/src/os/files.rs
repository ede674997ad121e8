//! Files that several processes read and write at the same time.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;
use tempfile::{Builder, NamedTempFile};

/// The ending of a file that is not finished.
pub(crate) const UNFINISHED: &str = "part";

/// Writes a file so that a reader sees the old text or the new one, never half of it.
pub(crate) fn write_whole(path: &Path, text: &[u8]) -> anyhow::Result<()> {
    let write = || -> anyhow::Result<()> {
        let folder = path.parent().context("it has no folder")?;
        fs::create_dir_all(folder)?;
        let mut part = unfinished(folder)?;
        part.write_all(text)?;
        part.persist(path)?;
        Ok(())
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}

fn unfinished(folder: &Path) -> std::io::Result<NamedTempFile> {
    let ending = format!(".{UNFINISHED}");
    let mut builder = Builder::new();
    builder.suffix(&ending);
    // Results are no secret: without this only their owner could read them.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::write_whole;

    #[test]
    fn written_file_replaces_the_old_one_and_leaves_no_part() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("new/results.json");
        for text in ["old", "new"] {
            write_whole(&file, text.as_bytes())?;
            assert_eq!(fs::read_to_string(&file)?, text);
        }
        assert_eq!(fs::read_dir(folder.path().join("new"))?.count(), 1);
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn written_file_has_the_mode_of_any_new_file() -> anyhow::Result<()> {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir()?;
        let (ours, plain) = (folder.path().join("ours"), folder.path().join("plain"));
        write_whole(&ours, b"1")?;
        fs::write(&plain, "1")?;
        let mode = |file| anyhow::Ok(fs::metadata(file)?.permissions().mode());
        assert_eq!(mode(ours)?, mode(plain)?);
        Ok(())
    }
}
