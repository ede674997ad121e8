//! The format of `budgets.toml`: what a memory budget is, and how it is checked.

mod budget;
mod case;
mod digits;
mod entry;
mod family;
mod fault;
mod faults;
mod line;
mod metric;
mod number;
mod parse;
mod place;
mod project;
mod quantity;
mod source;
mod system;
mod unit;
mod wire;
mod words;
mod written;

pub use budget::Budget;
pub use case::Case;
pub use family::Family;
pub use fault::Fault;
pub use faults::Faults;
pub use line::Line;
pub use metric::Metric;
pub use parse::parse;
pub use place::Place;
pub use project::Project;
pub use quantity::Quantity;
pub use source::Source;
pub use system::System;
pub use unit::Unit;
pub use written::{Unwritten, Written};
