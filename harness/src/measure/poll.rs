//! The parent reads the child's memory at intervals while it waits for the child.

pub(crate) mod poller;
#[cfg(target_os = "linux")]
pub(crate) mod sampler;
