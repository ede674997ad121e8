//! What the user's own arguments for the runner ask of it, and how heavy cases are asked for.

use std::borrow::Cow;
use std::ffi::OsString;

/// What the arguments say of the budgets that are to be judged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Ignored tests run, those of heavy cases among them.
    pub(crate) heavy: bool,
    /// Some tests may be left out.
    pub(crate) fewer: bool,
}

/// Options that select tests.
const SELECTING: [&str; 6] =
    ["-E", "--filterset", "--filter-expr", "--skip", "--partition", "--exact"];

impl Asked {
    /// A bare name selects tests too. The values of other options look like names, and then only
    /// make the run less strict.
    pub(crate) fn of(arguments: &[OsString]) -> Self {
        let mut asked = Self::default();
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
                    asked.fewer |= selects || !word.starts_with('-');
                    continue;
                }
            };
            asked.heavy = ignored != "default";
            asked.fewer |= asked.heavy && ignored != "all";
        }
        asked
    }
}

/// What asks for heavy cases, under both runners.
const FOR_HEAVY: &str = "-- -- --include-ignored";

/// The command that judges the tests with this in their names, all of them where it is empty.
pub(crate) fn command(filter: &str, heavy: bool) -> String {
    let parts = ["cargo plimsoll run", filter, if heavy { FOR_HEAVY } else { "" }];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_is_read_from_the_arguments_of_both_runners() {
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
        for (line, (heavy, fewer)) in table {
            let arguments: Vec<_> = line.split_whitespace().map(OsString::from).collect();
            assert_eq!(Asked::of(&arguments), Asked { heavy, fewer }, "{line}");
        }
    }

    #[test]
    fn a_heavy_case_is_asked_for() {
        assert_eq!(command("a::b", false), "cargo plimsoll run a::b");
        assert_eq!(command("", true), "cargo plimsoll run -- -- --include-ignored");
        assert_eq!(command("a::b", true), "cargo plimsoll run a::b -- -- --include-ignored");
    }
}
