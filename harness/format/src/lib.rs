//! The format of `budgets.toml`: what a memory budget is, and how it is checked.

mod budget;
mod case;
mod digits;
mod family;
mod line;
mod metric;
mod place;
mod quantity;
mod system;
mod unit;
mod written;

pub use budget::Budget;
pub use case::Case;
pub use family::Family;
pub use line::Line;
pub use metric::Metric;
pub use place::Place;
pub use quantity::Quantity;
pub use system::System;
pub use unit::Unit;
pub use written::Written;
