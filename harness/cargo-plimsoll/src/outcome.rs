//! How a run ended, in words.

use plimsoll::format::Quantity;
use plimsoll::measure::{Cause, LimitHit, Outcome, Sites};

/// What went wrong, and below it the end of what the run had printed; none where it ended well.
pub(crate) fn trouble(outcome: &Outcome) -> Option<String> {
    Some(match outcome {
        Outcome::Measured(_) => return None,
        Outcome::Failed(error) => format!("the work failed: {error}"),
        Outcome::Crashed { crash, .. } => with_output(&crashed(&crash.cause), &crash.output),
        Outcome::TimedOut { after_seconds, output, .. } => {
            with_output(&format!("did not end within {after_seconds} s and was killed"), output)
        }
        Outcome::OverCap { stop, .. } => with_output(&stopped(stop), &stop.output),
        Outcome::NotMeasured(reason) => format!("could not be measured: {reason}"),
    })
}

/// Why the call sites of a run that ended well are not the recorder's.
pub(crate) fn not_recorded(outcome: &Outcome) -> Option<&str> {
    let Outcome::Measured(measurement) = outcome else { return None };
    match &measurement.sites {
        Sites::Missing(reason) => Some(reason),
        Sites::Recorded(_) | Sites::Named(_) => None,
    }
}

fn stopped(stop: &LimitHit) -> String {
    let cap = Quantity::bytes(stop.cap.bytes as f64);
    match &stop.refused {
        Some(refused) => {
            let [held, asked] = [refused.live, refused.bytes].map(|is| Quantity::bytes(is as f64));
            format!(
                "was stopped as a runaway: it held {held} of its cap of {cap} and asked for {asked}"
            )
        }
        None => format!("was stopped as a runaway above its cap of {cap}"),
    }
}

fn crashed(cause: &Cause) -> String {
    match cause {
        Cause::Panic(message) => format!("panicked: {message}"),
        Cause::Abort => "aborted its process".to_owned(),
        Cause::StackOverflow => "overflowed its stack".to_owned(),
        Cause::OutOfMemory => "was refused a block by the allocator".to_owned(),
        Cause::Signal(signal) => format!("was killed by signal {signal}"),
        Cause::Exit(code) => format!("left with exit code {code} before the work was done"),
    }
}

fn with_output(what: &str, output: &str) -> String {
    let lines: String = output.lines().map(|line| format!("\n             │ {line}")).collect();
    format!("{what}{lines}")
}

#[cfg(test)]
mod tests {
    use plimsoll::measure::{Cap, LimitHit, Origin, Outcome, RefusedAllocation, Sites, StopCause};

    use super::trouble;

    fn stopped(refused: Option<RefusedAllocation>) -> String {
        let cap =
            Cap { bytes: 300_000_000, origin: Origin::FreeMemory, uncut: None, available: None };
        let (by, output) = (StopCause::Allocator, "last words".to_owned());
        let stop = LimitHit { cap, by, refused, resident: None, went_on: false, output };
        let outcome = Outcome::OverCap { stop: Box::new(stop), sites: Sites::default() };
        trouble(&outcome).unwrap()
    }

    #[test]
    fn a_runaway_is_told_with_its_cap_and_what_it_asked_for() {
        let refused =
            RefusedAllocation { bytes: 2_000_000, live: 299_000_000, returns: Vec::new() };
        let told = stopped(Some(refused));
        let words = "it held 299.0 MB of its cap of 300.0 MB and asked for 2.00 MB\n";
        assert!(told.contains(words) && told.ends_with("│ last words"), "{told}");
        assert!(stopped(None).contains("above its cap of 300.0 MB"));
    }
}
