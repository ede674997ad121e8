//! The names of all blobs.

use std::fs;
use std::path::Path;

use super::root::PACKED;
use super::roots::Roots;
use crate::{Digest, Error, Result};

pub(super) fn list<F>(roots: &Roots<F>) -> Result<Vec<Digest>> {
    let mut digests = Vec::new();
    for root in [&roots.hot, &roots.cold] {
        for (prefix, folder) in entries(root.path())? {
            if prefix.len() == 2 {
                digests
                    .extend(entries(&folder)?.iter().filter_map(|(rest, _)| name(&prefix, rest)));
            }
        }
    }
    digests.sort_unstable();
    digests.dedup();
    Ok(digests)
}

/// What is not named as a blob is none of ours.
fn name(prefix: &str, rest: &str) -> Option<Digest> {
    format!("{prefix}{}", rest.strip_suffix(PACKED).unwrap_or(rest)).parse().ok()
}

fn entries(folder: &Path) -> Result<Vec<(String, std::path::PathBuf)>> {
    let entries = fs::read_dir(folder).map_err(Error::at("list", folder))?;
    entries
        .map(|entry| {
            let entry = entry.map_err(Error::at("list", folder))?;
            Ok((entry.file_name().to_string_lossy().into_owned(), entry.path()))
        })
        .collect()
}
