//! What `budgets.toml` states wrongly.

use super::{Words, listed, near, nearest, words};
use crate::Metric;

const BUDGET: &str = "peak_rss = { max = \"200 MB\", quote = \"stays under 200 MB\" }";
const CASE: &str = "workload = \"read\"\nparams = { keys = 1000 }";
const DEFAULTS: &str = "[storage.defaults]\nthreads = 4";
const WAIVER: &str = "[[waiver]]\ndocument = \"docs/node.md\"\nquote = \"a map of 1 GiB\"\nwhy = \"an \
                      input, not a promise\"";

pub(crate) fn syntax(message: &str) -> Words {
    words(format!("this is not TOML: {message}"))
        .remedy("the syntax is described on https://toml.io")
}

pub(crate) fn duplicate(key: &str) -> Words {
    words(format!("`{key}` is stated twice")).remedy("rename one of the two, or remove it")
}

pub(crate) fn no_systems() -> Words {
    words("no system is stated, so no budget would be judged")
        .example(format!("[storage.read.budgets]\n{BUDGET}"))
}

pub(crate) fn name(kind: &str, name: &str) -> Words {
    words(format!("`{name}` cannot name a {kind}"))
        .allowed("small letters, digits and `_`, a letter first")
        .example("lifetime_18")
}

pub(crate) fn reserved(kind: &str, name: &str, meaning: &str) -> Words {
    words(format!("`{name}` cannot name a {kind}: {meaning}")).remedy("choose another name")
}

pub(crate) fn not_a_table(kind: &str, name: &str, found: &str) -> Words {
    let example = match kind {
        "system" => "[storage.read]".to_owned(),
        "case" => format!("[storage.read]\n{CASE}"),
        "table of defaults" => DEFAULTS.to_owned(),
        "table of budgets" => format!("[storage.read.budgets]\n{BUDGET}"),
        _ => BUDGET.to_owned(),
    };
    words(format!("`{name}` is {found}, not a table")).example(example)
}

pub(crate) fn not_a_list_of_waivers(found: &str) -> Words {
    words(format!("`waiver` is {found}, but each waiver is headed by `[[waiver]]`")).example(WAIVER)
}

pub(crate) fn shape(kind: &str, message: &str) -> Words {
    let example = match kind {
        "budget" => BUDGET.to_owned(),
        "waiver" => WAIVER.to_owned(),
        "system" => "document = \"README.md\"".to_owned(),
        "table of defaults" => DEFAULTS.to_owned(),
        _ => format!("{CASE}\nexpect = {{ found = 1000 }}\nthreads = 1"),
    };
    words(format!("this {kind} has the wrong shape: {message}")).example(example)
}

/// Keys of earlier versions, and their names since.
const RENAMED: [(&str, &str); 5] = [
    ("says", "quote"),
    ("hold", "ratchet"),
    ("within", "tolerance"),
    ("answer", "expect"),
    ("inside", "matches_sweep"),
];

pub(crate) fn unknown_key(kind: &str, key: &str, known: &[&str]) -> Words {
    let renamed = RENAMED.iter().find(|(old, new)| *old == key && known.contains(new));
    if let Some((old, new)) = renamed {
        return words(format!("the key `{old}` is now called `{new}`"))
            .remedy(format!("write `{new}` in its place; the value stays as it is"));
    }
    let near = nearest(key, known.iter().copied());
    let words = words(format!("`{key}` is not a key of a {kind}{near}"))
        .allowed(listed(known.iter().copied()));
    match kind {
        "budget" => words.example(BUDGET),
        "waiver" => words.example(WAIVER),
        "table of defaults" => words.example(DEFAULTS),
        _ => words.example(CASE),
    }
}

pub(crate) fn unknown_metric(name: &str) -> Words {
    words(format!("`{name}` is not a metric{}", nearest(name, metrics())))
        .allowed(listed(metrics()))
        .example(BUDGET)
}

pub(crate) fn no_metric(budget: &str) -> Words {
    let meant = near(budget, metrics()).and_then(Metric::named);
    let (what, example) = match meant {
        Some(metric) => {
            let limit = metric.unit().example();
            let example =
                format!("{metric} = {{ max = \"{limit}\", quote = \"stays under {limit}\" }}");
            (format!("`{budget}` is not a metric; the nearest is `{metric}`"), example)
        }
        None => (
            format!("`{budget}` is not a metric, and there is no `measure`"),
            format!(
                "{budget} = {{ measure = \"peak_rss\", max = \"200 MB\", quote = \"under 200 MB\" }}"
            ),
        ),
    };
    words(what).allowed(listed(metrics())).example(example)
}

fn metrics() -> impl Iterator<Item = &'static str> {
    Metric::ALL.iter().map(|metric| metric.name())
}

pub(crate) fn no_limit(budget: &str) -> Words {
    words(format!("`{budget}` has no limit"))
        .allowed("max, min, between, about with tolerance, grows, matches_sweep")
        .example(BUDGET)
}

pub(crate) fn two_limits(first: &str, second: &str) -> Words {
    words(format!("a budget has one limit, and here are `{first}` and `{second}`"))
        .remedy("make two budgets of it, or write `between = [\"200 MB\", \"500 MB\"]`")
}

pub(crate) fn no_tolerance() -> Words {
    words("`about` needs `tolerance`, the distance allowed on either side")
        .example("about = \"34 MB\", tolerance = \"5 %\"")
}

pub(crate) fn tolerance_alone() -> Words {
    words("`tolerance` belongs to `about` or `matches_sweep`, and neither is here")
        .example("about = \"34 MB\", tolerance = \"5 %\"")
}

pub(crate) fn not_a_share(written: &str) -> Words {
    words(format!("`{written}` is not a share of the value"))
        .allowed("a number and `%`, less than 100 %")
        .example("tolerance = \"5 %\"")
}

pub(crate) fn not_two_ends(count: usize) -> Words {
    words(format!("`between` has two ends, and here are {count}"))
        .example("between = [\"200 MB\", \"500 MB\"]")
}

pub(crate) fn ends_crossed(low: &str, high: &str) -> Words {
    words(format!("`{low}` is not less than `{high}`"))
        .remedy("write the smaller end first, or `about` or `max` for a single figure")
        .example("between = [\"200 MB\", \"500 MB\"]")
}

pub(crate) fn wide(limit: &str, allowed: &str) -> Words {
    words(format!("the limit {limit} allows almost anything and has no `why`"))
        .allowed(format!("{allowed} without a reason"))
        .example("why = \"300 B an account × 500,000 = 150 MB, and the maps double at worst\"")
}

pub(crate) fn no_quote(budget: &str) -> Words {
    words(format!("`{budget}` has no `quote`, so it cites no sentence"))
        .remedy("copy the words of the document that promise it")
        .example("quote = \"stays under 200 MB\"")
}

pub(crate) fn empty(key: &str) -> Words {
    words(format!("`{key}` is empty")).remedy("write a value, or remove the key")
}

pub(crate) fn no_rate(metric: Metric) -> Words {
    words(format!("`{metric}` needs `rate`, the field of the output that it counts"))
        .example("throughput = { min = \"100 /s\", rate = \"transactions\", quote = \"100 tx/s\" }")
}

pub(crate) fn rate_unwanted(metric: Metric) -> Words {
    words(format!("`rate` belongs to `throughput` and `cpu_throughput`, not to `{metric}`"))
        .remedy("remove `rate`")
}

pub(crate) fn no_cases(system: &str) -> Words {
    words(format!("the system `{system}` has no case, so no budget would be judged"))
        .example(format!("[{system}.read.budgets]\n{BUDGET}"))
}

pub(crate) fn no_budgets(system: &str, case: &str) -> Words {
    words(format!("the case `{case}` has no budget, so nothing would be judged"))
        .example(format!("[{system}.{case}.budgets]\n{BUDGET}"))
}

pub(crate) fn threads(found: i64) -> Words {
    words(format!("a case cannot run on {found} threads"))
        .allowed("1 to 1024")
        .example("threads = 4")
}

pub(crate) fn not_varying(written: &str) -> Words {
    words(format!("`{written}` is not a share by which two runs of a case may differ"))
        .allowed("a number and `%`, more than 0 % and at most 50 %")
        .example("varies = \"20 %\"")
}

pub(crate) fn no_time() -> Words {
    words("a timeout of zero ends every run before its work is done")
        .allowed("more than 0 s, at most 24 h")
        .example("timeout = \"60 s\"")
}

pub(crate) fn too_much_time() -> Words {
    words("this timeout is longer than a day")
        .allowed("more than 0 s, at most 24 h")
        .example("timeout = \"60 s\"")
}

pub(crate) fn long_settle() -> Words {
    words("a run that waits longer than a minute for its threads waits for threads that stay")
        .allowed("0 s, which does not wait, to 60 s")
        .example("settle = \"5 s\"")
}

pub(crate) fn not_a_truth(key: &str, found: &str) -> Words {
    words(format!("`{key}` is {found}, not true or false"))
        .allowed("true, false")
        .example(format!("{key} = true"))
}

pub(crate) fn ratchet_beyond(ratchet: &str, limit: &str) -> Words {
    words(format!("`ratchet` is {ratchet}, which is beyond the limit of {limit}"))
        .remedy("state the figure that is reached today; `cargo plimsoll ratchet` proposes it")
}

pub(crate) fn ratchet_of_two_sides() -> Words {
    words("`ratchet` belongs to `max` or `min`, limits with one side")
        .remedy("remove `ratchet`: a limit with two sides notices a lost figure itself")
}

pub(crate) fn not_of_heap(key: &str, metric: Metric) -> Words {
    let heap = Metric::ALL.iter().filter(|metric| metric.is_of_heap()).map(|metric| metric.name());
    words(format!("`{key}` does not apply to `{metric}`, which is measured for the whole run only"))
        .allowed(listed(heap))
}

pub(crate) fn not_at_the_end(metric: Metric) -> Words {
    words(format!("`after` names a moment, and `{metric}` is not read at a moment"))
        .allowed("end_heap, end_blocks; `during` for the others")
}

pub(crate) fn no_peak_of_both(metric: Metric) -> Words {
    words(format!("`{metric}` is not measured for a component in a phase"))
        .allowed("total_heap, total_blocks, end_heap, end_blocks")
        .remedy("remove `at` or `during`")
}

pub(crate) fn not_of_process(metric: Metric) -> Words {
    let known =
        Metric::ALL.iter().filter(|metric| metric.is_of_process()).map(|metric| metric.name());
    words(format!(
        "`above_start` does not apply to `{metric}`, which counts from zero at the start"
    ))
    .allowed(listed(known))
    .remedy("remove `above_start`")
}

pub(crate) fn not_a_pattern(found: &str) -> Words {
    words(format!("`{found}` does not name a function"))
        .allowed("a path or its beginning; `*` for anything")
        .example("at = \"node::mempool\"")
}

pub(crate) fn not_plain(found: &str) -> Words {
    words(format!("{found} cannot be passed to a workload"))
        .allowed("texts, whole and finite numbers, true and false, lists and tables of these")
}

pub(crate) fn no_document_in_waiver() -> Words {
    words("a waiver needs `document`, the path of its document").example(WAIVER)
}

pub(crate) fn no_quote_in_waiver() -> Words {
    words("a waiver with `id` needs `quote`, the words that it excuses").example(WAIVER)
}

pub(crate) fn no_why_in_waiver() -> Words {
    words("a waiver needs `why`, its reason").example(WAIVER)
}

pub(crate) fn path(text: &str) -> Words {
    words(format!("`{text}` is not the path of a file below the root"))
        .allowed("a path relative to the folder of budgets.toml, with `/`, without `..`")
        .example("document = \"docs/storage.md\"")
}
