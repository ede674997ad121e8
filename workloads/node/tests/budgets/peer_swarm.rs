//! Many peers in a process of their own. They speak every protocol, relay every message and count it, but
//! verify no signatures.
//!
//! The process is the binary `peers` (`peer_process.rs`). It reads one order a line and prints one report
//! for each.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context as _, Result, anyhow};

use crate::order::{Order, Report};

/// A process of peers, which is killed when this is dropped.
#[derive(Debug)]
pub(crate) struct PeerSwarm {
    child: Child,
    orders: ChildStdin,
    reports: BufReader<ChildStdout>,
}

impl PeerSwarm {
    /// Starts the process, without a peer yet.
    ///
    /// # Errors
    /// If the binary is not beside this program.
    pub(crate) fn start() -> Result<Self> {
        let path = binary();
        let child = Command::new(&path).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = child.with_context(|| format!("could not start {}", path.display()))?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(orders), Some(reports)) => {
                Ok(Self { child, orders, reports: BufReader::new(reports) })
            }
            _ => Err(anyhow!("the process of peers has no pipes")),
        }
    }

    /// Gives an order and waits for its report.
    ///
    /// # Errors
    /// If the order failed, or the process has ended.
    pub(crate) fn order(&mut self, order: &Order) -> Result<Report> {
        let mut line = serde_json::to_string(order)?;
        line.push('\n');
        self.orders.write_all(line.as_bytes())?;
        let mut line = String::new();
        self.reports.read_line(&mut line)?;
        let report: Report = serde_json::from_str(&line)?;
        match report.failed {
            Some(why) => Err(anyhow!("the peers failed: {why}")),
            None => Ok(report),
        }
    }

    /// Does the same from a task of a runtime with several threads.
    ///
    /// # Errors
    /// As [`order`](Self::order).
    pub(crate) fn order_from_task(&mut self, order: &Order) -> Result<Report> {
        tokio::task::block_in_place(|| self.order(order))
    }
}

impl Drop for PeerSwarm {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
        let _reaped_already = self.child.wait();
    }
}

/// The binary lies beside this program; tests and examples lie one folder deeper.
fn binary() -> PathBuf {
    let here = std::env::current_exe().unwrap_or_default();
    let folder = here.parent().unwrap_or(&here);
    let folder = match folder.file_name() {
        Some(name) if name == "deps" || name == "examples" => folder.parent().unwrap_or(folder),
        _ => folder,
    };
    folder.join(format!("peers{}", std::env::consts::EXE_SUFFIX))
}
