//! What the test binary carries in itself: the checked table, and the crate's workloads.

use std::path::Path;

use crate::profile::{Profile, Stack};
use crate::workload::Workload;

/// The table of budgets that [`main!`](crate::main) and [`system!`](crate::system) put into the
/// test binary. Its fields are the macros' business: write `plimsoll::system!(…)` to get one.
#[derive(Debug)]
pub struct Embedded {
    /// The checked system, as JSON of [`plimsoll_format::System`].
    pub table: &'static str,
    /// The absolute path of the folder that holds `budgets.toml`.
    pub root: &'static str,
    /// Name and folder (relative to the root) of each crate of the workspace: what a profile
    /// calls the user's own.
    pub crates: &'static [(&'static str, &'static str)],
    /// The crate's workloads.
    pub workloads: Vec<Workload>,
    /// Holds a page to the accepted snapshot of that name, by `insta::assert_snapshot!` in the
    /// crate under test.
    pub hold: fn(name: &str, page: &str),
}

impl Embedded {
    /// The profile of these stacks, by the functions of the user's own crates.
    pub(crate) fn gather(&self, stacks: &[Stack]) -> Profile {
        // The harness is not the user's code, not even in its own workspace.
        let own = self.crates.iter().filter(|(name, _)| !HARNESS.contains(name));
        let names: Vec<&str> = own.clone().map(|(name, _)| *name).collect();
        let mut profile = Profile::gather(stacks, &names);
        for site in profile.sites.values_mut() {
            if let Some(place) = &mut site.place {
                *place = self.from_root(place);
            }
        }
        profile
    }

    /// dhat keeps the last three parts of a path; this finds the file that they belong to, so
    /// that an editor can open it from the root.
    fn from_root(&self, place: &str) -> String {
        let Some((file, line)) = place.rsplit_once(':') else { return place.to_owned() };
        for (_, folder) in self.crates {
            let mut rest = file;
            loop {
                let candidate = if folder.is_empty() {
                    rest.to_owned()
                } else {
                    format!("{folder}/{rest}")
                };
                let overlaps = rest != file && folder.ends_with(&file[..file.len() - rest.len() - 1]);
                if (overlaps || folder.is_empty()) && Path::new(self.root).join(&candidate).exists() {
                    return format!("{candidate}:{line}");
                }
                match rest.split_once('/') {
                    Some((_, after)) => rest = after,
                    None => break,
                }
            }
        }
        place.to_owned()
    }
}

const HARNESS: [&str; 4] = ["plimsoll", "plimsoll_format", "plimsoll_macros", "cargo_plimsoll"];
