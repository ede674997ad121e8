//! `wire-recover FOLDER` recovers a store that a killed process left: it exits with 0 if the store
//! can be opened now. A damaged store ends it with an error, or kills it.
#![expect(unsafe_code, reason = "it reads a map that nothing vouches for")]

use std::path::Path;

use wire::Disk;

fn main() -> anyhow::Result<()> {
    let folder = std::env::args_os().nth(1);
    let folder = folder.ok_or_else(|| anyhow::anyhow!("usage: wire-recover FOLDER"))?;
    // SAFETY: this process does nothing else.
    unsafe { Disk::recover(Path::new(&folder)) }?;
    Ok(())
}
