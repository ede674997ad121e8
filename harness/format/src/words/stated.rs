//! What `budgets.toml` states wrongly.

use super::{Words, listed, near, nearest, words};
use crate::Metric;

const BUDGET: &str = "peak_rss = { max = \"200 MB\", quote = \"stays under 200 MB\" }";
const WAIVER: &str = "[[waiver]]\ndocument = \"docs/node.md\"\nquote = \"a map of 1 GiB\"\nwhy = \"an \
                      input, not a promise\"";

pub(crate) fn syntax(message: &str) -> Words {
    words(format!("this is not TOML: {message}"))
        .remedy("the syntax is described on https://toml.io")
}

pub(crate) fn duplicate(key: &str) -> Words {
    words(format!("`{key}` is stated twice"))
        .remedy("one name, one meaning: rename one of them, or remove it")
}

pub(crate) fn no_systems() -> Words {
    words("no system is stated, so nothing would be judged")
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
        "system" => "[storage.read]",
        "case" => "[storage.read]\nworkload = \"read\"",
        _ => BUDGET,
    };
    words(format!("`{name}` is {found}, but a {kind} is a table")).example(example)
}

pub(crate) fn not_a_list_of_waivers(found: &str) -> Words {
    words(format!("`waiver` is {found}, but each waiver is headed by `[[waiver]]`")).example(WAIVER)
}

pub(crate) fn shape(kind: &str, message: &str) -> Words {
    let example = match kind {
        "budget" => BUDGET,
        "waiver" => WAIVER,
        "system" => "document = \"README.md\"",
        _ => {
            "workload = \"read\"\nparams = { keys = 1000 }\nanswer = { found = 1000 }\nthreads = 1"
        }
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
        _ => words.example("workload = \"read\"\nparams = { keys = 1000 }"),
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
            let line = metric.unit().example();
            let example =
                format!("{metric} = {{ max = \"{line}\", quote = \"stays under {line}\" }}");
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

pub(crate) fn no_line(budget: &str) -> Words {
    words(format!("`{budget}` has no line to keep"))
        .allowed("max, min, between, about with tolerance, grows, matches_sweep")
        .example(BUDGET)
}

pub(crate) fn two_lines(first: &str, second: &str) -> Words {
    words(format!("one budget keeps one line, and here are `{first}` and `{second}`"))
        .remedy("make two budgets of it, or write `between = [\"200 MB\", \"500 MB\"]`")
}

pub(crate) fn about_alone() -> Words {
    words("`about` needs `tolerance`, the distance that is still about right")
        .example("about = \"34 MB\", tolerance = \"5 %\"")
}

pub(crate) fn within_alone() -> Words {
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
        .remedy("write the smaller end first; `about` and `max` are there for a single figure")
        .example("between = [\"200 MB\", \"500 MB\"]")
}

pub(crate) fn wide(line: &str, limit: &str) -> Words {
    words(format!("{line} would hold almost anything: say why it is so wide"))
        .allowed(format!("{limit} without a reason"))
        .example("why = \"300 B an account × 500,000 = 150 MB, and the maps double at worst\"")
}

pub(crate) fn no_says(budget: &str) -> Words {
    words(format!("`{budget}` cites no sentence"))
        .remedy("copy the words of the document that promise it")
        .example("quote = \"stays under 200 MB\"")
}

pub(crate) fn empty(key: &str) -> Words {
    words(format!("`{key}` is empty")).remedy("write it, or leave the key out")
}

pub(crate) fn no_rate(metric: Metric) -> Words {
    words(format!("`{metric}` needs `rate`, the field of the answer that it counts"))
        .example("throughput = { min = \"100 /s\", rate = \"transactions\", quote = \"100 tx/s\" }")
}

pub(crate) fn rate_unwanted(metric: Metric) -> Words {
    words(format!("`rate` belongs to `throughput` and `cpu_throughput`, not to `{metric}`"))
        .remedy("remove it")
}

pub(crate) fn no_cases(system: &str) -> Words {
    words(format!("the system `{system}` has no case, so nothing would be judged"))
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
    words(format!("`{written}` does not say how far two runs of the case may lie apart"))
        .allowed("a number and `%`, more than 0 % and at most 50 %")
        .example("varies = \"20 %\"")
}

pub(crate) fn no_time() -> Words {
    words("a run without time cannot end").example("timeout = \"60 s\"")
}

pub(crate) fn too_much_time() -> Words {
    words("a run of more than a day is not waited for").example("timeout = \"60 s\"")
}

pub(crate) fn not_heavy(found: &str) -> Words {
    words(format!("{found} does not say whether a case is heavy"))
        .allowed("true, false")
        .example("heavy = true")
}

pub(crate) fn not_children(found: &str) -> Words {
    words(format!("{found} does not say whether child processes count"))
        .allowed("true, false")
        .example("children = true")
}

pub(crate) fn not_above_start(found: &str) -> Words {
    words(format!("{found} does not say whether the start is taken off"))
        .allowed("true, false")
        .example("above_start = true")
}

pub(crate) fn ratchet_beyond(ratchet: &str, limit: &str) -> Words {
    words(format!("`ratchet` is {ratchet}, which is beyond the limit of {limit}"))
        .remedy("state what is reached today; `cargo plimsoll ratchet` proposes it")
}

pub(crate) fn ratchet_of_two_sides() -> Words {
    words("`ratchet` belongs to `max` or `min`, lines with one side")
        .remedy("remove it: a line with two sides holds what is reached already")
}

pub(crate) fn not_of_heap(key: &str, metric: Metric) -> Words {
    let heap = Metric::ALL.iter().filter(|metric| metric.is_of_heap()).map(|metric| metric.name());
    words(format!("`{key}` cannot narrow down `{metric}`, which is known of the whole run only"))
        .allowed(listed(heap))
}

pub(crate) fn not_at_the_end(metric: Metric) -> Words {
    words(format!("`after` is a moment, and `{metric}` is not of one"))
        .allowed("end_heap, end_blocks; `during` for the others")
}

pub(crate) fn no_peak_of_both(metric: Metric) -> Words {
    words(format!("`{metric}` is not known of a component in a phase"))
        .allowed("total_heap, total_blocks, end_heap, end_blocks")
        .remedy("leave `at` or `during` out")
}

pub(crate) fn not_of_process(metric: Metric) -> Words {
    let known =
        Metric::ALL.iter().filter(|metric| metric.is_of_process()).map(|metric| metric.name());
    words(format!("`{metric}` counts nothing that was there before the work began"))
        .allowed(listed(known))
}

pub(crate) fn not_a_pattern(found: &str) -> Words {
    words(format!("`{found}` names no function"))
        .allowed("a path or its beginning; `*` for anything")
        .example("at = \"node::mempool\"")
}

pub(crate) fn not_plain(found: &str) -> Words {
    words(format!("{found} cannot be given to a workload"))
        .allowed("texts, whole and finite numbers, true and false, lists and tables of these")
}

pub(crate) fn no_document_in_waiver() -> Words {
    words("a waiver names its document").example(WAIVER)
}

pub(crate) fn no_why_in_waiver() -> Words {
    words("a waiver says why").example(WAIVER)
}

pub(crate) fn path(text: &str) -> Words {
    words(format!("`{text}` is not a page below the root"))
        .allowed("a path relative to budgets.toml, with `/`, without `..`")
        .example("document = \"docs/storage.md\"")
}
