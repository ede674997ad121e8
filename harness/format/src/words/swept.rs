//! What is stated wrongly of several runs: of sweeps, and of the cases that a budget compares.

use serde_json::Value;

use super::{Words, listed, nearest, words};
use crate::Growth;

const SWEEP: &str = "sweep = { sandboxes = [1, 5, 10, 25] }";

pub(crate) fn not_one_parameter() -> Words {
    words("a sweep runs over one parameter").example(SWEEP)
}

pub(crate) fn swept_twice(parameter: &str) -> Words {
    words(format!("`{parameter}` stands in `params` and in `sweep`"))
        .remedy("leave it out of `params`: each run of the sweep gets a value of its own")
}

pub(crate) fn not_sizes(parameter: &str) -> Words {
    words(format!("the sizes of `{parameter}` cannot be swept over"))
        .allowed("at least three whole numbers above 0, each larger than the one before")
        .example(SWEEP)
}

pub(crate) fn answers(found: usize, sizes: usize) -> Words {
    words(format!("here are {found} answers for {sizes} sizes"))
        .remedy("state one for each size, or a single table, which holds at every size")
        .example("expect = { verified = true }")
}

pub(crate) fn not_an_answer() -> Words {
    words("`expect` holds no fields")
        .allowed(
            "a table, which holds at every size, or, in a sweep, a list with one for each size",
        )
        .example("expect = { verified = true }")
}

pub(crate) fn no_sweep(key: &str, budget: &str) -> Words {
    words(format!("`{key}` needs several sizes, and the case of `{budget}` is run at one"))
        .remedy("give the case a sweep over the parameter that is its size")
        .example(SWEEP)
}

pub(crate) fn not_swept(per: &str, parameter: &str) -> Words {
    words(format!("`per` is `{per}`, but the sweep runs over `{parameter}`"))
        .example(format!("per = \"{parameter}\""))
}

pub(crate) fn not_a_size(found: i64) -> Words {
    words(format!("`{found}` is not a size"))
        .allowed("a whole number above 0")
        .example("at_size = 500_000")
}

pub(crate) fn two_bases(first: &str, second: &str) -> Words {
    words(format!("one budget judges one figure, and here are `{first}` and `{second}`"))
        .remedy("make two budgets of it")
}

pub(crate) fn unknown_growth(name: &str) -> Words {
    let known = || Growth::ALL.into_iter().map(Growth::name);
    words(format!("`{name}` is no class of growth{}", nearest(name, known())))
        .allowed(listed(known()))
        .example("grows = \"log\"")
}

pub(crate) fn no_such_case(found: &str, cases: &[String]) -> Words {
    let known = || cases.iter().map(String::as_str);
    words(format!("`{found}` is no other case of this system{}", nearest(found, known())))
        .allowed(listed(known()))
}

pub(crate) fn unequal_sweeps(found: &str) -> Words {
    words(format!("`{found}` is not swept over the same sizes"))
        .remedy("give both cases the same sweep, or compare two single runs")
}

const INSIDE: &str =
    "peak_heap = { matches_sweep = \"storage.read_sizes\", quote = \"64 B for each key\" }";

pub(crate) fn swept_itself(case: &str) -> Words {
    words(format!("`matches_sweep` judges one run beyond a sweep, and `{case}` is swept itself"))
        .remedy("state it in a case without `sweep`, whose `params` have the larger size")
}

pub(crate) fn not_a_sweep(found: &str) -> Words {
    words(format!("`{found}` is run at one size, so that nothing can be said of another"))
        .remedy("name a case with a `sweep`")
        .example(INSIDE)
}

pub(crate) fn no_size(case: &str, parameter: &str, largest: u64) -> Words {
    words(format!("the sweep runs over `{parameter}`, which `{case}` does not state"))
        .allowed(format!("a whole number above {largest}, the largest size of the sweep"))
        .example(beyond(parameter, largest))
}

pub(crate) fn not_beyond(parameter: &str, found: &Value, largest: u64) -> Words {
    words(format!("`{parameter}` is {found} here, which is not beyond the sweep"))
        .allowed(format!("a whole number above {largest}, the largest size of the sweep"))
        .example(beyond(parameter, largest))
}

fn beyond(parameter: &str, largest: u64) -> String {
    format!("params = {{ {parameter} = {} }}", largest.saturating_mul(10))
}

pub(crate) fn other_work(found: &str, parameter: &str, what: &str) -> Words {
    words(format!("`{found}` says nothing of this case: `{what}` is not the same")).remedy(format!(
        "state `workload`, `threads`, `children` and `params` alike, but for `{parameter}`, and \
         `varies` in both or in neither"
    ))
}
