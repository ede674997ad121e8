//! `wire-recover FOLDER` recovers a store that a killed process left, so that it can be opened. A
//! damaged store ends this program with an error, or kills it.
#![expect(unsafe_code, reason = "the map that it opens may be damaged")]

use std::path::Path;

use wire::Disk;

fn main() -> anyhow::Result<()> {
    let folder = std::env::args_os().nth(1);
    let folder = folder.ok_or_else(|| anyhow::anyhow!("usage: wire-recover FOLDER"))?;
    // SAFETY: this process does nothing else.
    unsafe { Disk::recover(Path::new(&folder)) }?;
    Ok(())
}
