//! Folded stacks: one line a stack, which `flamegraph.pl`, inferno and speedscope draw.

use std::collections::BTreeMap;

use super::Figure;
use crate::sites::frame::Frame;
use crate::sites::profile::Stack;

/// The bytes of `figure` as folded stacks: `outermost;...;innermost BYTES`, sorted. A frame is
/// told by its [function](Frame::function), so that calls from several of its lines are one;
/// stacks that hold nothing are left out, and one without frames is `[unknown]`.
///
/// A semicolon in a name (`<[u8; 4] as Trait>::f`) is written as a colon: it would end the frame.
/// A space stays, as tools take the value from behind the last one.
pub fn folded(stacks: &[Stack], figure: Figure) -> String {
    let mut lines = BTreeMap::<String, u64>::new();
    for stack in stacks {
        *lines.entry(line(&stack.frames)).or_default() += figure.of(&stack.usage).bytes;
    }
    let lines = lines.into_iter().filter(|&(_, bytes)| bytes > 0);
    lines.map(|(line, bytes)| format!("{line} {bytes}\n")).collect()
}

fn line(frames: &[Frame]) -> String {
    if frames.is_empty() {
        return "[unknown]".to_owned();
    }
    frames.iter().rev().map(name).collect::<Vec<_>>().join(";")
}

/// A name without what the line's own syntax uses.
fn name(frame: &Frame) -> String {
    let name = frame.function().replace(';', ":").replace(char::is_control, " ");
    match name.trim_end().rsplit_once(' ') {
        // Tools would take such an end for a first value, and the real one for a second.
        Some((start, end)) if end.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') => {
            format!("{start}_{end}")
        }
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::folded;
    use crate::report::export::Figure;
    use crate::sites::frame::Frame;
    use crate::sites::profile::{Amount, Stack, Usage};

    fn stack(peak: u64, total: u64, end: u64, frames: &[&str]) -> Stack {
        let amount = |bytes| Amount { bytes, blocks: 1 };
        Stack {
            usage: Usage { peak: amount(peak), total: amount(total), end: amount(end) },
            frames: frames.iter().map(|text| Frame::parse(text)).collect(),
        }
    }

    #[test]
    fn a_line_is_a_stack_with_the_outermost_first() {
        let main = "keys::main (b.rs:2:1)";
        let stacks = [
            stack(1, 10, 0, &["keys::sign::{{closure}} (a.rs:9:5)", "keys::sign (a.rs:8:5)", main]),
            stack(2, 20, 0, &["keys::sign (a.rs:12:5)", "keys::sign (a.rs:8:9)", main]),
            stack(4, 40, 4, &[main]),
            stack(8, 80, 0, &["??? [library]", "<[u8; 4] as keys::Words>::say (a.rs:1:1)", main]),
            stack(16, 160, 0, &[]),
            stack(0, 320, 0, &["keys::brief (a.rs:3:3)", main]),
        ];
        // Both of sign's stacks: 1 + 2 = 3.
        let peak = "\
[unknown] 16
keys::main 4
keys::main;<[u8: 4] as keys::Words>::say;??? [library] 8
keys::main;keys::sign;keys::sign 3
";
        assert_eq!(folded(&stacks, Figure::Peak), peak);
        let total = "\
[unknown] 160
keys::main 40
keys::main;<[u8: 4] as keys::Words>::say;??? [library] 80
keys::main;keys::brief 320
keys::main;keys::sign;keys::sign 30
";
        assert_eq!(folded(&stacks, Figure::Total), total);
        assert_eq!(folded(&stacks, Figure::End), "keys::main 4\n");
        assert_eq!(folded(&[], Figure::Peak), "");
    }

    #[test]
    fn no_name_breaks_its_line() {
        let table = [
            ("a::b\nc (a.rs:1:1)", "a::b c 1\n"),
            ("a::b 17 (a.rs:1:1)", "a::b_17 1\n"),
            ("a::b 1.5 (a.rs:1:1)", "a::b_1.5 1\n"),
            ("a::b\n17\n", "a::b_17 1\n"),
            ("<a as b<[u8; 4]>>::c (a.rs:1:1)", "<a as b>::c 1\n"),
        ];
        for (text, line) in table {
            assert_eq!(folded(&[stack(1, 0, 0, &[text])], Figure::Peak), line, "{text:?}");
        }
    }
}
