//! The totals of a measurement, one small table for each lens.

use plimsoll::format::Quantity;
use plimsoll::measure::{Clock, Heap, Mapping, Measurement, Process, Sampled, StackUse};

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
    if !measurement.mappings.is_empty() {
        out += &mappings(&measurement.mappings, colours);
        out.push('\n');
    }
    if let Some(table) = asked(measurement, colours) {
        out += &table;
        out.push('\n');
    }
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
    let (start, end) = (&process.start, &process.end);
    for (name, bytes) in [
        ("start", Some(start.rss)),
        ("  anonymous", Some(start.anonymous)),
        ("  pss", start.pss),
        ("peak", Some(process.peak_rss)),
        ("  anonymous, seen", process.peak_anonymous.map(|peak| peak.seen)),
        ("  anonymous, most", process.peak_anonymous.and_then(|peak| peak.at_most)),
        ("end", Some(end.rss)),
        ("  anonymous", Some(end.anonymous)),
        ("  file", Some(end.file)),
        ("  shmem", Some(end.shmem)),
        ("  pss", end.pss),
        ("virtual", Some(process.peak_virtual)),
    ] {
        // What was not measured is left out.
        if let Some(bytes) = bytes {
            table.push([name.into(), human(bytes).into(), grouped(bytes).into()]);
        }
    }
    let mut out = table.render("  ", colours);
    if let Some(Sampled { samples, longest_gap, .. }) = process.peak_anonymous {
        let gap = seconds(Some(longest_gap));
        out += &format!("  {} samples, the longest gap between two {gap}\n", grouped(samples));
    }
    out
}

/// The mappings that are or were resident, the most grown first.
fn mappings(mappings: &[Mapping], colours: bool) -> String {
    let mut table = Table::new([
        ("mapping", Side::Left),
        ("number", Side::Right),
        ("mapped", Side::Right),
        ("at the start", Side::Right),
        ("at the end", Side::Right),
        ("anonymous", Side::Right),
    ]);
    for mapping in mappings.iter().filter(|mapping| mapping.start + mapping.end > 0) {
        table.push([
            mapping.name.as_str().into(),
            grouped(mapping.count).into(),
            human(mapping.mapped).into(),
            human(mapping.start).into(),
            human(mapping.end).into(),
            human(mapping.anonymous).into(),
        ]);
    }
    table.render("  ", colours)
}

/// Lenses that are on only where a budget asks for them.
fn asked(measurement: &Measurement, colours: bool) -> Option<String> {
    let mut rows: Vec<(&str, Result<u64, &String>)> = Vec::new();
    if let Some(c_heap) = &measurement.c_heap {
        rows.push(("C heap, start", c_heap.as_ref().map(|c_heap| c_heap.start)));
        rows.push(("C heap, end", c_heap.as_ref().map(|c_heap| c_heap.end)));
    }
    if let Some(stack) = &measurement.stack {
        rows.push(("stack", stack.as_ref().map(|stack| stack.deepest)));
        if let Ok(StackUse { others, .. }) = stack
            && others.threads > 0
        {
            rows.push(("stacks of other threads", Ok(others.sum)));
            rows.push(("  the deepest", Ok(others.deepest)));
        }
    }
    if rows.is_empty() {
        return None;
    }
    let mut table = Table::new([("asked", Side::Left), ("", Side::Right), ("bytes", Side::Right)]);
    for (name, figure) in rows {
        table.push(match figure {
            Ok(bytes) => [name.into(), human(bytes).into(), grouped(bytes).into()],
            Err(reason) => [name.into(), reason.as_str().into(), "".into()],
        });
    }
    Some(table.render("  ", colours))
}

fn clock(clock: &Clock, colours: bool) -> String {
    let mut table = Table::new([("clock", Side::Left), ("", Side::Right)]);
    table.push(["wall".into(), seconds(Some(clock.wall_seconds)).into()]);
    table.push(["cpu".into(), seconds(clock.cpu_seconds).into()]);
    table.render("  ", colours)
}
