//! What the workloads share: seeded content, and a store on a runtime whose threads stand ready.

mod content;
mod count;
mod setup;

pub(crate) use self::content::{Seeded, bytes, stamp, text};
pub(crate) use self::count::Count;
pub(crate) use self::setup::{Finished, Setup};

pub(crate) fn one() -> u32 {
    1
}

pub(crate) fn yes() -> bool {
    true
}
