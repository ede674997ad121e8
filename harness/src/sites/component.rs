//! A component of a program: what was allocated in some functions, or in what they called.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use plimsoll_format::Metric;

use crate::sites::frame::Frame;
use crate::sites::profile::{Stack, Usage};

/// The usage of a component.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Component {
    /// Allocated below its functions.
    pub(crate) known: Usage,
    /// Allocated on stacks whose outer calls are not known: some of it may be the component's.
    pub(crate) unknown: Usage,
}

/// What was allocated below a function that one of `patterns` names, and whether any stack passes
/// through one. Below the paths `roots` the harness calls the work.
pub(crate) fn attribute(
    patterns: &[String],
    stacks: &[Stack],
    roots: &[&str],
) -> (Component, bool) {
    let mut component = Component::default();
    let mut found = false;
    for stack in stacks {
        if functions(stack).any(|name| names(patterns, &name)) {
            component.known.add(&stack.usage);
            found = true;
        } else if !is_whole(stack, roots) {
            component.unknown.add(&stack.usage);
        }
    }
    (component, found)
}

/// Whether the stack reaches to where its thread began. One that is deeper than the recorder keeps
/// calls does not, nor one that C code without frame pointers has interrupted.
fn is_whole(stack: &Stack, roots: &[&str]) -> bool {
    stack.frames.iter().any(|frame| {
        let function = frame.function();
        function.starts_with(PROGRAM)
            || function.ends_with(THREAD)
            || roots.iter().any(|root| function.starts_with(root))
    })
}

/// Where a program begins.
const PROGRAM: &str = "std::rt::lang_start";

/// Where a thread begins.
const THREAD: &str = "::thread_start";

/// The stacks that pass through a function which one of `patterns` names.
pub(crate) fn below(patterns: &[String], mut stacks: Vec<Stack>) -> Vec<Stack> {
    stacks.retain(|stack| functions(stack).any(|name| names(patterns, &name)));
    stacks
}

/// The functions with the most memory, for a message on a misspelt one.
pub(crate) fn largest(stacks: &[Stack], count: usize) -> Vec<String> {
    let mut totals = BTreeMap::<String, u64>::new();
    for stack in stacks {
        if let Some(innermost) = functions(stack).next() {
            *totals.entry(innermost).or_default() += stack.usage.total.bytes;
        }
    }
    let mut names: Vec<(String, u64)> = totals.into_iter().collect();
    names.sort_by_key(|(_, bytes)| Reverse(*bytes));
    names.into_iter().take(count).map(|(name, _)| name).collect()
}

/// The functions with the last name of one of `patterns`, for a message on a wrong path.
pub(crate) fn alike(patterns: &[String], stacks: &[Stack], count: usize) -> Vec<String> {
    let wanted: Vec<&str> = patterns.iter().map(|pattern| last_name(pattern)).collect();
    let all: BTreeSet<String> = stacks.iter().flat_map(functions).collect();
    all.into_iter().filter(|name| wanted.contains(&last_name(name))).take(count).collect()
}

fn last_name(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

fn functions(stack: &Stack) -> impl Iterator<Item = String> {
    stack.frames.iter().filter(|frame| !frame.is_plumbing()).map(Frame::function)
}

/// Whether one of `patterns` names this function, or a path that it lies below. `<wire::Index as
/// core::clone::Clone>::clone` lies below `wire::Index`; so written, it names itself.
pub(crate) fn names(patterns: &[String], function: &str) -> bool {
    let path = function.trim_start_matches(['<', '&', '*']);
    let named = |pattern: &String| {
        let text = if pattern.starts_with('<') { function } else { path };
        begins(pattern, text, true)
    };
    patterns.iter().any(named)
}

/// Whether `text` begins like `pattern`, up to the end of a name. A `*` stands for anything.
fn begins(pattern: &str, text: &str, at_start: bool) -> bool {
    let (head, rest) = match pattern.split_once('*') {
        Some((head, rest)) => (head, Some(rest)),
        None => (pattern, None),
    };
    let mut starts: Box<dyn Iterator<Item = usize>> = if at_start {
        Box::new(text.starts_with(head).then_some(0).into_iter())
    } else {
        Box::new(text.match_indices(head).map(|(at, _)| at))
    };
    starts.any(|start| {
        let behind = &text[start + head.len()..];
        match rest {
            Some(rest) => begins(rest, behind, false),
            None => head.is_empty() || is_end_of_name(behind),
        }
    })
}

fn is_end_of_name(behind: &str) -> bool {
    !behind.starts_with(|c: char| c.is_alphanumeric() || c == '_')
}

/// The figure of a metric of the heap. A reallocation is one more block of its whole new size.
pub(crate) fn figure(metric: Metric, usage: &Usage) -> Option<u64> {
    Some(match metric {
        Metric::PeakHeap => usage.peak.bytes,
        Metric::TotalHeap => usage.total.bytes,
        Metric::EndHeap => usage.end.bytes,
        Metric::PeakBlocks => usage.peak.blocks,
        Metric::TotalBlocks => usage.total.blocks,
        Metric::EndBlocks => usage.end.blocks,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{Component, alike, attribute, largest, names};
    use crate::sites::frame::Frame;
    use crate::sites::profile::{Amount, Stack, Usage};

    /// A name that a snapshot shows is a pattern for that function, `<` included.
    #[test]
    fn name_of_a_snapshot_is_a_pattern() {
        let of_trait = "<words::Counter as words::Count>::add";
        let named = |pattern: &str| names(&[pattern.to_owned()], of_trait);
        assert!(named(of_trait) && named("<words::Counter as *>::add") && named("words::Counter"));
        assert!(!named("<words::Counter as words::Count>::ad") && !named("<words::Count"));
    }

    #[test]
    fn pattern_matches_a_path_and_all_below_it() {
        for (pattern, function, expected) in [
            ("node::mempool", "node::mempool::Pool::insert", true),
            ("node::mempool", "node::mempool", true),
            ("node::mempool", "node::mempools::insert", false),
            ("node::mempool", "other::node::mempool", false),
            ("node::Pool", "<node::Pool as core::ops::Drop>::drop", true),
            ("node::Pool", "<node::Pool>::insert", true),
            ("*::insert", "node::mempool::Pool::insert", true),
            ("*::insert", "node::mempool::Pool::insert_all", false),
            ("node::*::insert", "node::mempool::Pool::insert", true),
            ("node::*insert", "node::mempool::Pool::reinsert", true),
            ("node::*", "node::mempool", true),
            ("node::*", "nodes::mempool", false),
            ("*pool*", "node::mempool::Pool", true),
            // The first `in` does not end a name, the second one does.
            ("*in", "main::in", true),
        ] {
            assert_eq!(names(&[pattern.to_owned()], function), expected, "{pattern} {function}");
        }
    }

    fn stack(bytes: u64, frames: &[&str]) -> Stack {
        let amount = Amount { bytes, blocks: 1 };
        let frames = frames.iter().map(|frame| Frame::parse(frame)).collect();
        Stack { usage: Usage { peak: amount, total: amount, end: amount }, frames }
    }

    const ROOT: &str = "<std::sys::thread::unix::Thread>::new::thread_start (t.rs:1:1)";

    #[test]
    fn cut_stacks_count_as_unknown() {
        let stacks = [
            stack(
                1,
                &["alloc::vec::push (a.rs:1:1)", "node::mempool::Pool::insert (n.rs:1:1)", ROOT],
            ),
            stack(
                2,
                &[
                    "jmt::put (j.rs:1:1)",
                    "node::mempool::add (n.rs:2:1)",
                    "node::run (n.rs:3:1)",
                    ROOT,
                ],
            ),
            stack(4, &["node::run (n.rs:3:1)", "plimsoll::called (p.rs:1:1)"]),
            stack(8, &["alloc::vec::push (a.rs:1:1)", "node::rpc::deep (n.rs:4:1)"]),
        ];
        let of = |patterns: &[&str]| {
            let patterns: Vec<String> = patterns.iter().map(|one| (*one).to_owned()).collect();
            attribute(&patterns, &stacks, &["plimsoll::"])
        };
        let bytes = |(component, found): (Component, bool)| {
            (component.known.peak.bytes, component.unknown.peak.bytes, found)
        };
        assert_eq!(bytes(of(&["node::mempool"])), (3, 8, true));
        assert_eq!(bytes(of(&["node::mempool::add", "jmt"])), (2, 8, true));
        assert_eq!(bytes(of(&["node"])), (15, 0, true));
        // Whether the last one is the ledger's is not known.
        assert_eq!(bytes(of(&["node::ledger"])), (0, 8, false));
        assert_eq!(bytes(of(&["alloc"])), (0, 8, false));
        assert_eq!(largest(&stacks, 2), ["node::rpc::deep", "node::run"]);
        let alike = |pattern: &str| alike(&[pattern.to_owned()], &stacks, 3);
        assert_eq!(alike("node::Pool::insert"), ["node::mempool::Pool::insert"]);
        assert!(alike("node::Pool::remove").is_empty());
    }
}
