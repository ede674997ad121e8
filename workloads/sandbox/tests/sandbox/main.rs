//! The sandbox from outside: guests work, and cannot harm their host.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod grants;
mod hostile;
mod leaks;
mod modules;
mod obtained;
mod process;
mod python;
mod sessions;
mod tiny;
