//! Many peers in a process of their own: real ones, that speak every protocol, relay what they get and
//! count it, but verify no signatures.
//!
//! The process is the binary `peers`, which takes one command a line and answers each with one line.

use std::io::{BufRead as _, BufReader, Write as _};
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde::{Deserialize, Serialize};

use super::{Buffers, Multiaddr};
use crate::fixture::Spec;
use crate::{Error, Result};

/// What the crowd is told.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// So many more peers dial; answered when each has a connection, is identified, and knows what the
    /// node has subscribed to, or has been refused.
    Dial {
        /// The node.
        address: Multiaddr,
        /// How many.
        peers: usize,
        /// What their own connections may hold.
        buffers: Buffers,
    },
    /// In turn, peers publish so many messages of random bytes; answered when all are on their way.
    Publish {
        /// How many.
        messages: usize,
        /// How long each is.
        bytes: usize,
        /// How many in a second; without it, as many as can be sent.
        per_second: Option<NonZeroU32>,
    },
    /// In turn, peers publish transactions of a fixture; answered when all are on their way.
    Send {
        /// The fixture, in the user's cache.
        spec: Spec,
        /// The first one.
        first: usize,
        /// How many.
        count: usize,
        /// How many in a second; without it, as many as can be sent.
        per_second: Option<NonZeroU32>,
    },
    /// Answered when every peer has delivered so many messages since it dialled.
    Deliver {
        /// How many.
        messages: u64,
    },
    /// So many peers leave; answered when they have.
    Leave {
        /// How many.
        peers: usize,
    },
    /// Asks for the counts, and changes nothing.
    Count,
}

/// What the crowd answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Peers that are connected.
    pub connected: usize,
    /// The fewest messages that one of them has delivered.
    pub fewest: u64,
    /// The messages that all of them have delivered.
    pub delivered: u64,
    /// What could not be done.
    pub failed: Option<String>,
}

/// A process of peers, which ends when this is dropped.
#[derive(Debug)]
pub struct Crowd {
    child: Child,
    orders: ChildStdin,
    reports: BufReader<ChildStdout>,
}

impl Crowd {
    /// Starts the process, without a peer yet.
    ///
    /// # Errors
    /// [`Error::Io`] if the binary is not where it is built.
    pub fn start() -> Result<Self> {
        let path = binary();
        let child = Command::new(&path).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = child.map_err(Error::io("start", &path))?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(orders), Some(reports)) => {
                Ok(Self { child, orders, reports: BufReader::new(reports) })
            }
            _ => Err(Error::stopped("crowd", "it has no pipes")),
        }
    }

    /// Gives an order and waits until it is done.
    ///
    /// # Errors
    /// [`Error::Stopped`] if it could not be done, or the process has ended.
    pub fn order(&mut self, order: &Order) -> Result<Report> {
        let failed = |why: &dyn std::fmt::Display| Error::stopped("crowd", why);
        let mut line = serde_json::to_string(order).map_err(|error| failed(&error))?;
        line.push('\n');
        self.orders.write_all(line.as_bytes()).map_err(|error| failed(&error))?;
        let mut line = String::new();
        self.reports.read_line(&mut line).map_err(|error| failed(&error))?;
        let report: Report = serde_json::from_str(&line).map_err(|error| failed(&error))?;
        match report.failed {
            Some(why) => Err(failed(&why)),
            None => Ok(report),
        }
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
        let _reaped_already = self.child.wait();
    }
}

/// Beside this program; a test stands one folder deeper.
fn binary() -> PathBuf {
    let here = std::env::current_exe().unwrap_or_default();
    let folder = here.parent().unwrap_or(&here);
    let folder = match folder.file_name() {
        Some(name) if name == "deps" || name == "examples" => folder.parent().unwrap_or(folder),
        _ => folder,
    };
    folder.join(format!("peers{}", std::env::consts::EXE_SUFFIX))
}
