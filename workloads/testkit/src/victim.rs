//! A child that dies by `kill -9`.

use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// A child that has not begun its work after this time fails its test.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running child. It is killed when this is dropped, so that a test that fails leaves no writer.
#[derive(Debug)]
pub struct Victim {
    child: Child,
}

impl Victim {
    /// Starts the command without its standard output, which libtest's options do not capture.
    ///
    /// # Panics
    ///
    /// Panics if the command does not start.
    pub fn start(command: &mut Command) -> Self {
        let child = command.stdout(Stdio::null()).spawn();
        Self { child: child.unwrap_or_else(|error| panic!("{command:?}: {error}")) }
    }

    /// Kills the child once `begun` is true and a further `delay` has passed, so that kills with
    /// different delays strike at different steps of the work. Returns when the child is dead.
    ///
    /// # Panics
    ///
    /// Panics if the child ends by itself, or if `begun` is still false after a minute.
    pub fn kill_after(mut self, begun: impl Fn() -> bool, delay: Duration) {
        let deadline = Instant::now() + PATIENCE;
        while !begun() {
            if let Some(status) = self.status() {
                panic!("the child ended before it was killed: {status}");
            }
            assert!(Instant::now() < deadline, "the child has not begun after {PATIENCE:?}");
            std::thread::yield_now();
        }
        // A thread that sleeps wakes too late: the delays are microseconds.
        let seen = Instant::now();
        while seen.elapsed() < delay {
            std::hint::spin_loop();
        }
        if let Some(status) = self.kill() {
            panic!("the child ended before it was killed: {status}");
        }
    }

    fn status(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().unwrap_or_else(|error| panic!("no status of the child: {error}"))
    }

    /// Returns the child's own end, if it came first.
    fn kill(&mut self) -> Option<ExitStatus> {
        let ended = self.status();
        if ended.is_none() {
            self.child.kill().unwrap_or_else(|error| panic!("the child was not killed: {error}"));
            self.child.wait().unwrap_or_else(|error| panic!("no status of the child: {error}"));
        }
        ended
    }
}

impl Drop for Victim {
    fn drop(&mut self) {
        // A child that is dead already is what is wanted, and a panic here would hide the first.
        let _dead = self.child.kill();
        let _waited = self.child.wait();
    }
}
