//! Standard output and standard error: the only place that writes to them.

use std::io::{self, ErrorKind, Write as _};

use anyhow::Context as _;
use plimsoll::format::Faults;

/// Writes a finished text to stdout. A closed pipe is no error: the reader wants no more.
///
/// Escape codes stay where stdout is a terminal, and `NO_COLOR` and `CLICOLOR` are respected; an old
/// Windows console gets its own calls instead.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    let mut out = anstream::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(error).context("cannot write to standard output")
        }
        _ => Ok(()),
    }
}

/// Prints to stderr what is not part of the result. An error there is ignored: it has no reader.
pub(crate) fn note(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// Prints why the work could not be done. Faults of the user's files keep the shape in which the
/// compiler shows them, their place first.
pub(crate) fn print_error(error: &anyhow::Error) {
    match error.downcast_ref::<Faults>() {
        Some(faults) => note(&faults.to_string()),
        None => note(&format!("error: {error:#}")),
    }
}
