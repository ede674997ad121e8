//! The `main` of a test target that is its own child.

use std::ffi::OsStr;
use std::path::Path;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

/// The first argument of a child; its name and its folder follow.
pub(crate) const CHILD: &str = "--testkit-child";

/// A name, and what a child of this name does with the folder that its parent gave.
pub type Child = (&'static str, fn(&Path));

/// A test's name, and the test.
pub type Test = (&'static str, fn());

/// Runs as a child if the arguments say so, and the tests otherwise. [`main!`](crate::main) calls this.
///
/// A child that returns has succeeded. A child that panics fails, as does a child of an unknown name.
#[expect(clippy::print_stderr, reason = "the parent prints what its child printed")]
pub fn run(tests: &[Test], children: &[Child]) -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().collect();
    if let [_, first, name, folder] = arguments.as_slice()
        && first == CHILD
    {
        return match children.iter().find(|child| OsStr::new(child.0) == name) {
            Some((_, work)) => {
                work(Path::new(folder));
                ExitCode::SUCCESS
            }
            None => {
                let names: Vec<_> = children.iter().map(|child| child.0).collect();
                eprintln!("no child is named {name:?}: add it to `children` beside {names:?}");
                ExitCode::FAILURE
            }
        };
    }
    let trials = tests.iter().map(|&(name, test)| {
        Trial::test(name, move || {
            test();
            Ok(())
        })
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit_code()
}

/// Defines the `main` of a test target: functions without parameters are its tests, functions with a
/// `&Path` its children.
#[macro_export]
macro_rules! main {
    (tests: [$($test:path),+ $(,)?], children: [$($child:path),* $(,)?] $(,)?) => {
        fn main() -> ::std::process::ExitCode {
            $crate::run(
                &[$((::std::stringify!($test), $test)),+],
                &[$((::std::stringify!($child), $child)),*],
            )
        }
    };
}
