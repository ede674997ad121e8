//! How far the crate that is compiled right now is optimised.
//!
//! A macro runs inside rustc and reads its arguments. Compiled code cannot see the level, and a build
//! script sees that of its own crate.

use std::env;

/// `0` to `3`, `s` or `z`.
pub(crate) fn of_this_build() -> String {
    opt_level(env::args_os().map(|argument| argument.to_string_lossy().into_owned()))
}

/// The last one counts, as for rustc; without one it is 0, which cargo leaves out.
fn opt_level(arguments: impl Iterator<Item = String>) -> String {
    let level = |argument: String| match argument.as_str() {
        "-O" => Some("3".to_owned()),
        argument => {
            let argument = argument.strip_prefix("-C").unwrap_or(argument);
            argument.trim_start().strip_prefix("opt-level=").map(str::to_owned)
        }
    };
    arguments.filter_map(level).last().unwrap_or_else(|| "0".to_owned())
}

#[cfg(test)]
mod tests {
    use super::opt_level;

    #[test]
    fn the_last_argument_counts() {
        for (arguments, expected) in [
            ("rustc --crate-name a -C embed-bitcode=no", "0"),
            ("rustc -C opt-level=3 -C debuginfo=1", "3"),
            ("rustc -Copt-level=s", "s"),
            ("rustc -O", "3"),
            ("rustc -C opt-level=3 -C opt-level=0", "0"),
        ] {
            let arguments = arguments.split(' ').map(str::to_owned);
            assert_eq!(opt_level(arguments.clone()), expected, "{arguments:?}");
        }
    }
}
