//! The totals of a measurement, one small table for each lens.

use plimsoll::format::Quantity;
use plimsoll::{Clock, Heap, Measurement, Process};

use crate::figure::{grouped, seconds};
use crate::table::{Side, Table};

/// Heap, process and clock, as far as they were measured.
pub(crate) fn tables(measurement: &Measurement, colours: bool) -> String {
    let mut out = String::new();
    if let Some(heap) = &measurement.heap {
        out += &self::heap(heap, colours);
        out.push('\n');
    }
    out += &match &measurement.process {
        Ok(process) => self::process(process, colours),
        Err(reason) => format!("  process  not measured: {reason}\n"),
    };
    out.push('\n');
    out += &clock(&measurement.clock, colours);
    out
}

fn human(bytes: u64) -> String {
    Quantity::bytes(bytes as f64).to_string()
}

fn heap(heap: &Heap, colours: bool) -> String {
    let mut table = Table::new([
        ("heap", Side::Left),
        ("", Side::Right),
        ("bytes", Side::Right),
        ("blocks", Side::Right),
    ]);
    for (name, bytes, blocks) in [
        ("peak", heap.peak_bytes, heap.peak_blocks),
        ("total", heap.total_bytes, heap.total_blocks),
        ("end", heap.end_bytes, heap.end_blocks),
    ] {
        table.push([
            name.into(),
            human(bytes).into(),
            grouped(bytes).into(),
            grouped(blocks).into(),
        ]);
    }
    table.push(["reallocations".into(), "".into(), "".into(), grouped(heap.reallocations).into()]);
    table.render("  ", colours)
}

fn process(process: &Process, colours: bool) -> String {
    let mut table =
        Table::new([("process", Side::Left), ("", Side::Right), ("bytes", Side::Right)]);
    for (name, bytes) in [
        ("start", process.start_rss),
        ("peak", process.peak_rss),
        ("anonymous", process.anonymous_rss),
        ("file", process.file_rss),
        ("shmem", process.shmem_rss),
        ("virtual", process.peak_virtual),
    ] {
        table.push([name.into(), human(bytes).into(), grouped(bytes).into()]);
    }
    table.render("  ", colours)
}

fn clock(clock: &Clock, colours: bool) -> String {
    let mut table = Table::new([("clock", Side::Left), ("", Side::Right)]);
    table.push(["wall".into(), seconds(Some(clock.wall_seconds)).into()]);
    table.push(["cpu".into(), seconds(clock.cpu_seconds).into()]);
    table.render("  ", colours)
}
