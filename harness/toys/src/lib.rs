//! Workloads of hand-computed appetite. The harness is tested on them: each gate has to pass the
//! honest ones and to bite the others.

pub mod answers;
pub mod borrows;
pub mod branches;
pub mod descends;
pub mod ends;
pub mod endures;
pub mod fathers;
pub mod fills;
pub mod floods;
pub mod grows;
pub mod leaks;
pub mod maps;
pub mod nests;
pub mod parts;
pub mod phases;
pub mod pools;
pub mod prints;
pub mod races;
pub mod rests;
pub mod scales;
pub mod sorts;
pub mod spreads;
pub mod varies;
