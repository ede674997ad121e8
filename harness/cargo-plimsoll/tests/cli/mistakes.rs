//! Mistakes of a user: each message has the wrong word, what is allowed, and an example.

use crate::scratch::{BUDGETS, Scratch};

#[test]
fn command_outside_a_project_is_an_error() {
    for verb in ["run", "report", "show a::b", "check"] {
        let scratch = Scratch::new();
        scratch.remove("budgets.toml");
        let printed = scratch.plimsoll(verb);
        let first = printed.err.lines().next().unwrap();
        assert!(first.starts_with("error: there is no budgets.toml in "), "{verb}: {first}");
        assert!(printed.err.contains("example: [storage.read.budgets]"), "{verb}: {}", printed.err);
        assert_eq!((printed.code, printed.out.as_str()), (Some(2), ""), "{verb}");
    }
}

#[test]
fn unknown_case_is_an_error_with_the_nearest_names() {
    let printed = Scratch::new().plimsoll("show my_store::raed_twice");
    assert_eq!(
        printed.err,
        "\
error: there is no case `my_store::raed_twice`
   nearest: my_store::read_twice, my_store::read, my_store::put
   example: cargo plimsoll show my_store::read_twice
"
    );
    assert_eq!((printed.code, printed.out.as_str()), (Some(2), ""));
}

#[test]
fn filter_that_matches_no_test_builds_nothing() {
    let printed = Scratch::new().plimsoll("run my_store::raed_twice");
    assert_eq!(
        printed.err,
        "\
error: no test has `my_store::raed_twice` in its name
   nearest: my_store::read_twice, my_store::read, my_store::put
   example: cargo plimsoll run my_store::read_twice
"
    );
    assert_eq!((printed.code, printed.out.as_str()), (Some(2), ""));
}

#[test]
fn fault_in_budgets_toml_looks_the_same_in_every_subcommand() {
    for verb in ["run", "report", "show my_store::read"] {
        let scratch = Scratch::new();
        scratch.write("budgets.toml", &BUDGETS.replace("\"1 MiB\",", "1,"));
        let printed = scratch.plimsoll(verb);
        let first = printed.err.lines().next().unwrap();
        assert!(first.starts_with("budgets.toml:5:32: "), "{verb}: {first}");
        assert_eq!((printed.code, printed.out.as_str()), (Some(2), ""), "{verb}");
    }
}

#[test]
fn wrong_command_line_exits_with_2_and_help_with_0() {
    let scratch = Scratch::new();
    assert_eq!(scratch.plimsoll("judge").code, Some(2));
    assert_eq!(scratch.plimsoll("report --check").code, Some(2));
    let printed = scratch.plimsoll("--help");
    assert!(printed.out.contains("Usage: cargo plimsoll <COMMAND>"), "{}", printed.out);
    assert!(printed.out.contains("Exit codes:\n  0  everything is as promised"), "{}", printed.out);
    assert_eq!(printed.code, Some(0));
}
