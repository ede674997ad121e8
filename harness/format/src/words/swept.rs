//! What is stated wrongly about several runs: about sweeps, and about cases that are compared.

use serde_json::Value;

use super::{Words, listed, nearest, words};
use crate::Growth;

const SWEEP: &str = "sweep = { sandboxes = [1, 5, 10, 25] }";
const MATCHES: &str =
    "peak_heap = { matches_sweep = \"storage.read_sizes\", quote = \"64 B for each key\" }";

pub(crate) fn not_one_parameter() -> Words {
    words("a sweep has one parameter").example(SWEEP)
}

pub(crate) fn swept_twice(parameter: &str) -> Words {
    words(format!("`{parameter}` stands in `params` and in `sweep`"))
        .remedy("remove it from `params`: each run of the sweep sets its own value")
}

pub(crate) fn not_sizes(parameter: &str) -> Words {
    words(format!("the values of `{parameter}` are not the sizes of a sweep"))
        .allowed("at least three whole numbers above 0, each larger than the one before")
        .example(SWEEP)
}

pub(crate) fn unequal_expectations(found: usize, sizes: usize) -> Words {
    words(format!("`expect` lists {found} tables for {sizes} sizes"))
        .remedy("write one table for each size, or a single table for all sizes")
        .example("expect = { verified = true }")
}

pub(crate) fn not_an_expectation() -> Words {
    words("`expect` is not a table of fields")
        .allowed("a table, for every size, or, in a sweep, a list with one table for each size")
        .example("expect = { verified = true }")
}

pub(crate) fn no_sweep(key: &str, budget: &str) -> Words {
    words(format!("`{key}` needs a sweep, and the case of `{budget}` is run at one size"))
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
    words(format!("a budget judges one figure, and here are `{first}` and `{second}`"))
        .remedy("make two budgets of it")
}

pub(crate) fn unknown_growth(name: &str) -> Words {
    let known = || Growth::ALL.into_iter().map(Growth::name);
    words(format!("`{name}` is not a class of growth{}", nearest(name, known())))
        .allowed(listed(known()))
        .example("grows = \"log\"")
}

pub(crate) fn no_such_case(found: &str, cases: &[String]) -> Words {
    let known = || cases.iter().map(String::as_str);
    words(format!("`{found}` is not another case of this system{}", nearest(found, known())))
        .allowed(listed(known()))
}

pub(crate) fn unequal_sweeps(found: &str) -> Words {
    words(format!("`{found}` is not swept over the same sizes"))
        .remedy("give both cases the same sweep, or compare two single runs")
}

pub(crate) fn swept_itself(case: &str) -> Words {
    words(format!("`matches_sweep` judges a single run, and `{case}` has a sweep itself"))
        .remedy("state it in a case without `sweep`, whose `params` have the larger size")
}

pub(crate) fn not_a_sweep(found: &str) -> Words {
    words(format!("`{found}` has no sweep, so it predicts no other size"))
        .remedy("name a case with a `sweep`")
        .example(MATCHES)
}

pub(crate) fn no_size(case: &str, parameter: &str, largest: u64) -> Words {
    words(format!("the sweep runs over `{parameter}`, which the `params` of `{case}` do not state"))
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

pub(crate) fn other_work(found: &str, parameter: &str, key: &str) -> Words {
    words(format!("`{found}` runs other work than this case: `{key}` differs")).remedy(format!(
        "state `workload`, `threads`, `children` and `params` alike, but for `{parameter}`, and \
         `varies` in both or in neither"
    ))
}
