//! What the test binary carries in itself: the checked table, and the crate's workloads.

use crate::measure::workload::Workload;

/// The table of budgets that [`main!`](crate::main) and [`system!`](crate::system) put into the
/// test binary. Its fields are the macros' business: write `plimsoll::system!(…)` to get one.
#[derive(Debug)]
pub struct Embedded {
    /// The checked system, as JSON of [`plimsoll_format::System`].
    pub table: &'static str,
    /// The absolute path of the folder that holds `budgets.toml`.
    pub root: &'static str,
    /// The crate's workloads.
    pub workloads: Vec<Workload>,
    /// How the test binary was built.
    pub build: Build,
    /// Compares a text with the accepted snapshot of that name, by `insta::assert_snapshot!` in
    /// the crate under test.
    pub assert_snapshot: fn(name: &str, text: &str),
}

/// How a test binary was built, as the macros see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Build {
    /// rustc's `opt-level` of the test target: `0` to `3`, `s` or `z`.
    pub opt_level: &'static str,
    /// Whether debug assertions are on.
    pub debug_assertions: bool,
}

impl Build {
    /// Why the depth of a stack says nothing in this build, if so.
    pub(crate) fn stack_is_of_no_use(&self) -> Option<String> {
        let optimised = ["1", "2", "3", "s", "z"].contains(&self.opt_level);
        (!optimised).then(|| {
            format!(
                "stacks are judged in optimised builds only, since they are several times as deep \
                 in others; this one has opt-level {}: set `opt-level` in `[profile.dev]`, or \
                 run the tests with `--release`",
                self.opt_level
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Build;

    #[test]
    fn a_stack_is_judged_where_the_code_is_optimised() {
        for (opt_level, refused) in [("0", true), ("1", false), ("3", false), ("s", false)] {
            let build = Build { opt_level, debug_assertions: true };
            assert_eq!(build.stack_is_of_no_use().is_some(), refused, "{opt_level}");
        }
    }
}
