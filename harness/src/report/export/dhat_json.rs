//! The format of Valgrind's DHAT, version 2, as dhat writes it for Rust programs.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Figure, merged};
use crate::sites::frame::Frame;
use crate::sites::profile::{PointWire, Stack, Usage};

/// The profile as a text that [Valgrind's `dh_view.html`][viewer] and the
/// [Firefox Profiler](https://profiler.firefox.com) open. `command` is what they name it by.
///
/// `dh_view.html` shows `figure`, under the name of *Total*: it shows the peak of a profile only
/// together with the lifetimes of its blocks, which are not measured. For the same reason there
/// are no times: the run is one unit of time. The Firefox Profiler shows peak and end in any
/// case, and `figure` as *Total Bytes*; nothing is known of *Maximum Bytes*. Frames have running
/// numbers in place of addresses, and stacks that read the same are one.
///
/// With [`Figure::Total`] the text is what dhat itself would write, and nothing is lost.
///
/// [viewer]: https://valgrind.org/docs/manual/dh-manual.html
///
/// # Panics
/// Never: numbers and texts can always be written.
pub fn dhat_json(stacks: &[Stack], command: &str, figure: Figure) -> String {
    let mut table = Table::default();
    let points = merged(stacks);
    let points =
        points.into_iter().map(|(frames, usage)| point(&usage, table.numbers(frames), figure));
    let profile = ProfileWire {
        dhat_file_version: 2,
        mode: "rust-heap",
        verb: match figure {
            Figure::Peak => "Live at the peak: allocated",
            Figure::Total => "Allocated",
            Figure::End => "Live at the end: allocated",
        },
        bklt: false,
        bkacc: false,
        tu: "millionths of the run",
        million_tu: "run",
        cmd: command,
        pid: 0,
        te: 1_000_000,
        pps: points.collect(),
        ftbl: table.texts(),
    };
    serde_json::to_string(&profile).expect("numbers and texts can be written")
}

fn point(usage: &Usage, fs: Vec<usize>, figure: Figure) -> PointWire {
    let Usage { peak, end, .. } = usage;
    let shown = figure.of(usage);
    PointWire {
        tb: shown.bytes,
        tbk: shown.blocks,
        gb: peak.bytes,
        gbk: peak.blocks,
        eb: end.bytes,
        ebk: end.blocks,
        fs,
    }
}

/// The frames that were met, by their number in the file.
#[derive(Default)]
struct Table<'a> {
    numbers: BTreeMap<&'a Frame, usize>,
    frames: Vec<&'a Frame>,
}

impl<'a> Table<'a> {
    fn numbers(&mut self, frames: &'a [Frame]) -> Vec<usize> {
        let Self { numbers, frames: met } = self;
        let number = |frame: &'a Frame| {
            *numbers.entry(frame).or_insert_with(|| {
                met.push(frame);
                met.len() // Number 0 is the root.
            })
        };
        frames.iter().map(number).collect()
    }

    fn texts(&self) -> Vec<String> {
        let frames = self.frames.iter().zip(1..);
        let texts = frames.map(|(frame, number)| format!("{number:#x}: {}", frame.as_str()));
        std::iter::once("[root]".to_owned()).chain(texts).collect()
    }
}

/// What `dh_view.js` needs when neither lifetimes (`bklt`) nor accesses (`bkacc`) are known.
#[derive(Serialize)]
struct ProfileWire<'a> {
    #[serde(rename = "dhatFileVersion")]
    dhat_file_version: u32,
    mode: &'a str,
    verb: &'a str,
    bklt: bool,
    bkacc: bool,
    tu: &'a str,
    #[serde(rename = "Mtu")]
    million_tu: &'a str,
    cmd: &'a str,
    pid: u32,
    te: u64,
    pps: Vec<PointWire>,
    ftbl: Vec<String>,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::dhat_json;
    use crate::report::export::Figure;
    use crate::sites::frame::Frame;
    use crate::sites::profile::{Amount, Stack, Usage, stacks};

    fn usage([pb, pk, tb, tk, eb, ek]: [u64; 6]) -> Usage {
        let amount = |bytes, blocks| Amount { bytes, blocks };
        Usage { peak: amount(pb, pk), total: amount(tb, tk), end: amount(eb, ek) }
    }

    fn stack(figures: [u64; 6], frames: &[&str]) -> Stack {
        Stack {
            usage: usage(figures),
            frames: frames.iter().map(|text| Frame::parse(text)).collect(),
        }
    }

    #[test]
    fn the_whole_text_is_as_the_viewer_reads_it() {
        let (sign, main) = ("keys::sign (a.rs:9:5)", "keys::main (b.rs:2:1)");
        let stacks = [
            stack([1, 2, 30, 40, 5, 6], &[sign, main]),
            stack([7, 1, 7, 1, 7, 1], &[main]),
            // The same lines again: 1 + 10 bytes at the peak, 2 + 1 blocks, and so on.
            stack([10, 1, 100, 9, 0, 0], &[sign, main]),
            stack([3, 3, 3, 3, 3, 3], &[]),
        ];
        let head = |verb: &str| {
            format!(r#"{{"dhatFileVersion":2,"mode":"rust-heap","verb":"{verb}","bklt":false,"#,)
                + r#""bkacc":false,"tu":"millionths of the run","Mtu":"run","cmd":"keys \"a\"","#
                + r#""pid":0,"te":1000000,"pps":["#
        };
        let table =
            r#"],"ftbl":["[root]","0x1: keys::main (b.rs:2:1)","0x2: keys::sign (a.rs:9:5)"]}"#;
        let total = [
            r#"{"tb":3,"tbk":3,"gb":3,"gbk":3,"eb":3,"ebk":3,"fs":[]}"#,
            r#"{"tb":7,"tbk":1,"gb":7,"gbk":1,"eb":7,"ebk":1,"fs":[1]}"#,
            r#"{"tb":130,"tbk":49,"gb":11,"gbk":3,"eb":5,"ebk":6,"fs":[2,1]}"#,
        ];
        let expected = format!("{}{}{table}", head("Allocated"), total.join(","));
        assert_eq!(dhat_json(&stacks, "keys \"a\"", Figure::Total), expected);
        let peak =
            [total[0], total[1], &total[2].replace(r#""tb":130,"tbk":49"#, r#""tb":11,"tbk":3"#)];
        let expected = format!("{}{}{table}", head("Live at the peak: allocated"), peak.join(","));
        assert_eq!(dhat_json(&stacks, "keys \"a\"", Figure::Peak), expected);
        let end =
            [total[0], total[1], &total[2].replace(r#""tb":130,"tbk":49"#, r#""tb":5,"tbk":6"#)];
        let expected = format!("{}{}{table}", head("Live at the end: allocated"), end.join(","));
        assert_eq!(dhat_json(&stacks, "keys \"a\"", Figure::End), expected);
    }

    fn frames() -> impl Strategy<Value = Vec<Frame>> {
        let text = prop_oneof![any::<String>(), "[a-c]::[a-c] \\([a-c]\\.rs:[1-9]:[1-9]\\)"];
        prop::collection::vec(text.prop_map(|text| Frame::parse(&text)), 0..6)
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(
            written in prop::collection::btree_map(frames(), any::<[u64; 6]>(), 0..20),
        ) {
            let written: Vec<Stack> = written
                .into_iter()
                .map(|(frames, figures)| Stack { usage: usage(figures), frames })
                .collect();
            let text = dhat_json(&written, "keys", Figure::Total);
            prop_assert_eq!(stacks(&text)?, written);
        }
    }
}
