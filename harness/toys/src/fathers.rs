//! Starts processes that hold memory, or that burn processor time.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use serde::{Deserialize, Serialize};

/// How many, what each holds, and how much processor time each takes before it is waited for.
#[derive(Debug, Deserialize)]
pub struct Params {
    copies: usize,
    #[serde(default)]
    holds: usize,
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

/// Each copy holds `holds` bytes, every one of them written to.
pub fn prepare(params: Params) -> Result<impl FnOnce() -> Result<Answer, String>, String> {
    Ok(move || father(&params).map_err(|error| error.to_string()))
}

fn father(params: &Params) -> std::io::Result<Answer> {
    let beside = std::env::current_exe()?.with_file_name("holds");
    let mut kept = Vec::new();
    for _ in 0..params.copies {
        let mut child = Command::new(&beside)
            .args([params.holds.to_string(), params.burns_milliseconds.to_string()])
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
