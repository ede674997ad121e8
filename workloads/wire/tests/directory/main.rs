//! The directory from outside: operations, refusals, proofs, variants, and its store on disk.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod closed;
mod damaged;
#[path = "../budgets/encoded_batch.rs"]
mod encoded_batch;
mod full;
#[path = "../budgets/hour.rs"]
mod hour;
#[path = "../budgets/membership.rs"]
mod membership;
mod operations;
#[path = "../budgets/preparation.rs"]
mod preparation;
#[path = "../budgets/preparation_and_hours.rs"]
mod preparation_and_hours;
mod proofs;
mod refused;
#[path = "../budgets/setup.rs"]
mod setup;
mod variants;
mod world;
