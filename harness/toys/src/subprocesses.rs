//! Starts processes that allocate memory, map one file, or use processor time.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::os::fd::AsRawFd as _;
use std::process::{Child, Command, Stdio};

use serde::{Deserialize, Serialize};

use crate::memory_maps::ones;

/// The number of processes; for each, the bytes that it allocates, the size of a file that all of them
/// map, and the processor time that it uses.
#[derive(Debug, Deserialize)]
pub struct Params {
    copies: usize,
    #[serde(default)]
    live: usize,
    #[serde(default)]
    shared: usize,
    #[serde(default)]
    burns_milliseconds: u64,
}

/// The processes live until all figures are read, except those that use processor time.
#[derive(Debug, Serialize)]
pub struct Output {
    copies: usize,
    #[serde(skip)]
    _kept: Vec<Subprocess>,
}

/// A process that exits when its standard input is closed.
#[derive(Debug)]
struct Subprocess(Child);

impl Drop for Subprocess {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        // It exits by itself; an error here changes nothing.
        let _ = self.0.wait();
    }
}

/// Each copy allocates `live` bytes and writes to every one, and reads every page of `shared`.
pub fn prepare(params: Params) -> Result<impl FnOnce() -> Result<Output, String>, String> {
    let shared = match params.shared {
        0 => None,
        bytes => Some(ones(bytes).map_err(|error| error.to_string())?),
    };
    Ok(move || start(&params, shared.as_ref()).map_err(|error| error.to_string()))
}

fn start(params: &Params, shared: Option<&File>) -> std::io::Result<Output> {
    // The file has no name; the other processes open it through this process's descriptor.
    let shared = shared.map(|file| format!("/proc/{}/fd/{}", std::process::id(), file.as_raw_fd()));
    let beside = std::env::current_exe()?.with_file_name("subprocess");
    let mut kept = Vec::new();
    for _ in 0..params.copies {
        let mut child = Command::new(&beside)
            .args([params.live.to_string(), params.burns_milliseconds.to_string()])
            .args(&shared)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output).read_line(&mut line)?;
        }
        if line != "ready\n" {
            return Err(std::io::Error::other("a copy did not get ready"));
        }
        kept.push(Subprocess(child));
    }
    if params.burns_milliseconds > 0 {
        kept.clear();
    }
    Ok(Output { copies: params.copies, _kept: kept })
}
