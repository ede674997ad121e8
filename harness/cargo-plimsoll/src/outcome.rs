//! Why a run failed, in words.

use plimsoll::format::Quantity;
use plimsoll::measure::{Cause, LimitHit, Outcome, Sites};

/// Why the run failed, and below it the end of its output; `None` where it was measured.
pub(crate) fn failure_reason(outcome: &Outcome) -> Option<String> {
    Some(match outcome {
        Outcome::Measured(_) => return None,
        Outcome::Failed(error) => format!("the work failed: {error}"),
        Outcome::Crashed { crash, .. } => with_output(&crash_text(&crash.cause), &crash.output),
        Outcome::TimedOut { after_seconds, output, .. } => {
            with_output(&format!("timed out after {after_seconds} s"), output)
        }
        Outcome::OverCap { stop, .. } => with_output(&over_cap_text(stop), &stop.output),
        Outcome::NotMeasured(reason) => format!("could not be measured: {reason}"),
    })
}

/// Why the recorder has no allocation sites of a measured run.
pub(crate) fn not_recorded(outcome: &Outcome) -> Option<&str> {
    let Outcome::Measured(measurement) = outcome else { return None };
    match &measurement.sites {
        Sites::Missing(reason) => Some(reason),
        Sites::Recorded(_) | Sites::Named(_) => None,
    }
}

fn over_cap_text(stop: &LimitHit) -> String {
    let cap = Quantity::bytes(stop.cap.bytes as f64);
    match &stop.refused {
        Some(refused) => {
            let [live, requested] =
                [refused.live, refused.bytes].map(|bytes| Quantity::bytes(bytes as f64));
            format!("exceeded its cap of {cap}: {live} were live and {requested} were requested")
        }
        None => format!("exceeded its cap of {cap}"),
    }
}

fn crash_text(cause: &Cause) -> String {
    match cause {
        Cause::Panic(message) => format!("panicked: {message}"),
        Cause::Abort => "aborted its process".to_owned(),
        Cause::StackOverflow => "overflowed its stack".to_owned(),
        Cause::OutOfMemory => "ran out of memory: the allocator refused a block".to_owned(),
        Cause::Signal(signal) => format!("was killed by signal {signal}"),
        Cause::Exit(code) => format!("exited with code {code} before the work was done"),
    }
}

fn with_output(reason: &str, output: &str) -> String {
    let lines: String = output.lines().map(|line| format!("\n             │ {line}")).collect();
    format!("{reason}{lines}")
}

#[cfg(test)]
mod tests {
    use plimsoll::measure::{Cap, LimitHit, Origin, Outcome, RefusedAllocation, Sites, StopCause};

    use super::failure_reason;

    fn over_cap_reason(refused: Option<RefusedAllocation>) -> String {
        let cap =
            Cap { bytes: 300_000_000, origin: Origin::FreeMemory, uncut: None, available: None };
        let (by, output) = (StopCause::Allocator, "last words".to_owned());
        let stop = LimitHit { cap, by, refused, resident: None, went_on: false, output };
        let outcome = Outcome::OverCap { stop: Box::new(stop), sites: Sites::default() };
        failure_reason(&outcome).unwrap()
    }

    #[test]
    fn over_cap_reason_names_the_cap_and_the_refused_block() {
        let refused =
            RefusedAllocation { bytes: 2_000_000, live: 299_000_000, returns: Vec::new() };
        let reason = over_cap_reason(Some(refused));
        let words = "cap of 300.0 MB: 299.0 MB were live and 2.00 MB were requested\n";
        assert!(reason.contains(words) && reason.ends_with("│ last words"), "{reason}");
        assert!(over_cap_reason(None).starts_with("exceeded its cap of 300.0 MB\n"));
    }
}
