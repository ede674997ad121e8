//! Profiles for other tools: [Valgrind's viewer and the Firefox Profiler](dhat_json()),
//! and [flame graphs](folded()).
//!
//! ```
//! use plimsoll::export::{Figure, dhat_json, folded};
//! use plimsoll::sites::Stack;
//!
//! let stacks: Vec<Stack> = serde_json::from_str(
//!     r#"[{
//!         "usage": {
//!             "peak": { "bytes": 4096, "blocks": 2 },
//!             "total": { "bytes": 6144, "blocks": 3 },
//!             "end": { "bytes": 0, "blocks": 0 }
//!         },
//!         "frames": ["keys::sign (keys/src/lib.rs:9:5)", "keys::main (keys/src/main.rs:2:1)"]
//!     }]"#,
//! )?;
//! assert_eq!(folded(&stacks, Figure::Peak), "keys::main;keys::sign 4096\n");
//! assert!(dhat_json(&stacks, "keys::sign", Figure::Peak).contains(r#""gb":4096,"gbk":2"#));
//! # Ok::<(), serde_json::Error>(())
//! ```

mod dhat_json;
mod folded;

pub use dhat_json::dhat_json;
pub use folded::folded;

use std::collections::BTreeMap;

use crate::sites::frame::Frame;
use crate::sites::profile::{Amount, Stack, Usage};

/// Which of the three figures of a stack is shown, where a tool shows one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// Live at the moment when the whole program held the most bytes.
    Peak,
    /// Allocated in all.
    Total,
    /// Still live at the end.
    End,
}

impl Figure {
    fn of(self, usage: &Usage) -> Amount {
        match self {
            Self::Peak => usage.peak,
            Self::Total => usage.total,
            Self::End => usage.end,
        }
    }
}

/// Two stacks whose calls differ, but in no line of the source, read the same: here they are one.
fn merged(stacks: &[Stack]) -> BTreeMap<&[Frame], Usage> {
    let mut merged = BTreeMap::<&[Frame], Usage>::new();
    for stack in stacks {
        merged.entry(&stack.frames).or_default().add(&stack.usage);
    }
    merged
}
