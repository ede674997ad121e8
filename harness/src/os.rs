//! The operating system: the machine's memory, files, this executable.

pub(crate) mod binary;
pub(crate) mod files;
pub(crate) mod machine;
pub(crate) mod stderr;
