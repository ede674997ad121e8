//! Which tests the user's own arguments for the runner select, and the command that runs heavy ones.

use std::borrow::Cow;
use std::ffi::OsString;

/// Which of the wanted tests the runner runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct TestFilter {
    /// Ignored tests run, those of heavy cases among them.
    pub(crate) includes_heavy: bool,
    /// Some tests may be left out.
    pub(crate) is_partial: bool,
}

/// Options that select tests.
const SELECTING: [&str; 6] =
    ["-E", "--filterset", "--filter-expr", "--skip", "--partition", "--exact"];

impl TestFilter {
    /// Reads the arguments of either runner. A bare name selects tests too. The value of another
    /// option looks like a name; then the run is only less strict.
    pub(crate) fn from_arguments(arguments: &[OsString]) -> Self {
        let mut filter = Self::default();
        let mut words = arguments.iter().map(|argument| argument.to_string_lossy());
        while let Some(word) = words.next() {
            let (option, value) = match word.split_once('=') {
                Some((option, value)) => (option, Some(value.to_owned())),
                None => (&*word, None),
            };
            let ignored = match option {
                "--include-ignored" => "all".to_owned(),
                "--ignored" => "only".to_owned(),
                "--run-ignored" => {
                    value.or_else(|| words.next().map(Cow::into_owned)).unwrap_or_default()
                }
                _ => {
                    let selects = SELECTING.iter().any(|option| word.starts_with(option));
                    filter.is_partial |= selects || !word.starts_with('-');
                    continue;
                }
            };
            filter.includes_heavy = ignored != "default";
            filter.is_partial |= filter.includes_heavy && ignored != "all";
        }
        filter
    }
}

/// The arguments that include heavy cases, under both runners.
const INCLUDE_HEAVY: &str = "-- -- --include-ignored";

/// The command that judges the tests whose names contain `part`, all of them where it is empty.
pub(crate) fn run_command(part: &str, heavy: bool) -> String {
    let words = ["cargo plimsoll run", part, if heavy { INCLUDE_HEAVY } else { "" }];
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_of_both_runners_are_understood() {
        let table = [
            ("", (false, false)),
            ("--release -- --nocapture", (false, false)),
            ("-- --include-ignored", (true, false)),
            ("--run-ignored all", (true, false)),
            ("--run-ignored=all --no-capture", (true, false)),
            ("--run-ignored default", (false, false)),
            ("--run-ignored only", (true, true)),
            ("-- --ignored", (true, true)),
            ("-E test(x) --run-ignored all", (true, true)),
            ("--partition=count:1/2", (false, true)),
            ("peak_heap", (false, true)),
        ];
        for (line, (includes_heavy, is_partial)) in table {
            let arguments: Vec<_> = line.split_whitespace().map(OsString::from).collect();
            let expected = TestFilter { includes_heavy, is_partial };
            assert_eq!(TestFilter::from_arguments(&arguments), expected, "{line}");
        }
    }

    #[test]
    fn run_command_includes_heavy_cases() {
        assert_eq!(run_command("a::b", false), "cargo plimsoll run a::b");
        assert_eq!(run_command("", true), "cargo plimsoll run -- -- --include-ignored");
        assert_eq!(run_command("a::b", true), "cargo plimsoll run a::b -- -- --include-ignored");
    }
}
