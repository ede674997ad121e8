//! How a verb ended when it did its work; that it could not is an error, and exit code 2.

use std::process::ExitCode;

/// What the verb found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Everything is as promised: exit code 0.
    Kept,
    /// Something is not as promised: exit code 1.
    Broken,
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        match ending {
            Ending::Kept => Self::SUCCESS,
            Ending::Broken => Self::FAILURE,
        }
    }
}
