//! The user's own crates: a profile is told in their functions.

use std::path::Path;

use plimsoll_format::Member;

use crate::sites::places;
use crate::sites::profile::{Profile, Stack};

/// The harness is not the user's code, not even in its own workspace.
const HARNESS: [&str; 5] =
    ["plimsoll", "plimsoll_format", "plimsoll_macros", "plimsoll_recorder", "cargo_plimsoll"];

/// The profile of these stacks by the functions of the workspace's crates, with each place as a
/// path from `root` that an editor can open.
pub fn profile_of(stacks: &[Stack], members: &[Member], root: &Path) -> Profile {
    let mut profile = Profile::gather(stacks, &own_crates(members));
    for site in profile.sites.values_mut() {
        let places = [Some(&mut site.place), site.caller.as_mut().map(|caller| &mut caller.place)];
        for place in places.into_iter().flatten() {
            *place = place.take().map(|place| places::from_root(place, members, root));
        }
    }
    profile
}

/// Whether a function of the workspace's crates is on the stack.
pub(crate) fn is_owned(stack: &Stack, members: &[Member]) -> bool {
    let own = own_crates(members);
    stack.frames.iter().any(|frame| own.contains(&frame.krate()))
}

fn own_crates(members: &[Member]) -> Vec<&str> {
    members.iter().flat_map(Member::crates).filter(|name| !HARNESS.contains(name)).collect()
}
