//! Starts processes that hold memory, that map one file, or that burn processor time.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::os::fd::AsRawFd as _;
use std::process::{Child, Command, Stdio};

use serde::{Deserialize, Serialize};

use crate::maps::ones;

/// How many, what each holds, how long a file they all read through a map, and how much processor
/// time each takes before it is waited for.
#[derive(Debug, Deserialize)]
pub struct Params {
    copies: usize,
    #[serde(default)]
    holds: usize,
    #[serde(default)]
    shares: usize,
    #[serde(default)]
    burns_milliseconds: u64,
}

/// The processes live until all figures are read, unless they burn.
#[derive(Debug, Serialize)]
pub struct Answer {
    copies: usize,
    #[serde(skip)]
    _kept: Vec<Kept>,
}

/// Ends with what would have told it to go on.
#[derive(Debug)]
struct Kept(Child);

impl Drop for Kept {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        // It ends by itself; there is nobody to tell if it does not.
        let _ = self.0.wait();
    }
}

/// Each copy holds `holds` bytes, every one of them written to, and reads every page of `shares`.
pub fn prepare(params: Params) -> Result<impl FnOnce() -> Result<Answer, String>, String> {
    let shared = match params.shares {
        0 => None,
        bytes => Some(ones(bytes).map_err(|error| error.to_string())?),
    };
    Ok(move || father(&params, shared.as_ref()).map_err(|error| error.to_string()))
}

fn father(params: &Params, shared: Option<&File>) -> std::io::Result<Answer> {
    // It has no name, but a place among this process's files.
    let shared = shared.map(|file| format!("/proc/{}/fd/{}", std::process::id(), file.as_raw_fd()));
    let beside = std::env::current_exe()?.with_file_name("holds");
    let mut kept = Vec::new();
    for _ in 0..params.copies {
        let mut child = Command::new(&beside)
            .args([params.holds.to_string(), params.burns_milliseconds.to_string()])
            .args(&shared)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut said = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output).read_line(&mut said)?;
        }
        if said != "ready\n" {
            return Err(std::io::Error::other("a copy did not get ready"));
        }
        kept.push(Kept(child));
    }
    if params.burns_milliseconds > 0 {
        kept.clear();
    }
    Ok(Answer { copies: params.copies, _kept: kept })
}
