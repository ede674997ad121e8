//! The status of a command that did its work. A command that could not do it returns an error, and
//! its exit code is 2.

use std::process::ExitCode;

/// What the command found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    /// Everything is as promised: exit code 0.
    Passed,
    /// Something is not as promised: exit code 1.
    Failed,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        match status {
            Status::Passed => Self::SUCCESS,
            Status::Failed => Self::FAILURE,
        }
    }
}
