//! All that a person or a file gets: failure reports, snapshots, records, exports.

pub mod export;
pub(crate) mod failure;
pub(crate) mod growth;
pub mod history;
pub(crate) mod provenance;
pub(crate) mod quiet;
pub mod record;
pub mod results;
pub(crate) mod runner;
pub(crate) mod snapshot;
