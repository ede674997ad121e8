//! The store from outside, on real folders; where a disk must fail or be watched, behind `Faulty`.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod cancelled;
mod cold;
mod crowd;
mod damaged;
mod deduplicated;
mod faulty;
mod full;
mod order;
#[path = "../budgets/reader.rs"]
mod reader;
mod round_trip;
mod scratch;
mod swept;
