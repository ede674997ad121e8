//! What a user does wrong, and what is said then: what was read, what is allowed, an example.

use crate::scratch::{BUDGETS, Scratch};

#[test]
fn outside_a_project_nothing_is_done() {
    for verb in ["run", "report", "show a::b", "check"] {
        let scratch = Scratch::new();
        scratch.remove("budgets.toml");
        let said = scratch.plimsoll(verb);
        let first = said.err.lines().next().unwrap();
        assert!(first.starts_with("error: there is no budgets.toml in "), "{verb}: {first}");
        assert!(said.err.contains("example: [storage.read.budgets]"), "{verb}: {}", said.err);
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{verb}");
    }
}

#[test]
fn an_unknown_case_is_answered_with_the_nearest() {
    let said = Scratch::new().plimsoll("show my_store::raed_twice");
    assert_eq!(
        said.err,
        "\
error: there is no case `my_store::raed_twice`
   nearest: my_store::read_twice, my_store::read, my_store::put
   example: cargo plimsoll show my_store::read_twice
"
    );
    assert_eq!((said.code, said.out.as_str()), (Some(2), ""));
}

#[test]
fn a_filter_that_fits_nothing_builds_nothing() {
    let said = Scratch::new().plimsoll("run my_store::raed_twice");
    assert_eq!(
        said.err,
        "\
error: no test has `my_store::raed_twice` in its name
   nearest: my_store::read_twice, my_store::read, my_store::put
   example: cargo plimsoll run my_store::read_twice
"
    );
    assert_eq!((said.code, said.out.as_str()), (Some(2), ""));
}

#[test]
fn a_fault_of_budgets_toml_keeps_its_shape_in_every_verb() {
    for verb in ["run", "report", "show my_store::read"] {
        let scratch = Scratch::new();
        scratch.write("budgets.toml", &BUDGETS.replace("\"1 MiB\",", "1,"));
        let said = scratch.plimsoll(verb);
        let first = said.err.lines().next().unwrap();
        assert!(first.starts_with("budgets.toml:5:32: "), "{verb}: {first}");
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{verb}");
    }
}

#[test]
fn a_wrong_command_line_is_2_and_help_is_0() {
    let scratch = Scratch::new();
    assert_eq!(scratch.plimsoll("judge").code, Some(2));
    assert_eq!(scratch.plimsoll("report --check").code, Some(2));
    let said = scratch.plimsoll("--help");
    assert!(said.out.contains("Usage: cargo plimsoll <COMMAND>"), "{}", said.out);
    assert!(said.out.contains("Exit codes:\n  0  everything is as promised"), "{}", said.out);
    assert_eq!(said.code, Some(0));
}
