//! Allocation sites: from addresses to functions of the user's crates.

pub(crate) mod component;
pub(crate) mod frame;
pub(crate) mod oracle;
pub(crate) mod own;
mod places;
pub(crate) mod profile;
pub(crate) mod repeats;
pub(crate) mod symbols;

pub use frame::Frame;
pub use own::profile_of;
pub use profile::{Amount, Caller, Profile, Site, Stack, Usage};
