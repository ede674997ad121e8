//! A project small enough to read here, and what the binary says in it.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

/// Three cases, five budgets, four promises.
pub(crate) const BUDGETS: &str = r#"[my_store.read]
params = { bytes = 1_048_576 }

[my_store.read.budgets]
peak_heap = { id = "S1", max = "1 MiB", quote = "at most 1 MiB" }
cpu_time = { id = "S2", max = "20 ms", quote = "in under 20 ms" }

[my_store.read_twice]
params = { bytes = 2_097_152 }

[my_store.read_twice.budgets]
total_blocks = { max = "12 blocks", quote = "with 12 blocks | or fewer" }

[my_store.put]
threads = 4

[my_store.put.budgets]
peak_heap = { about = "34 MB", tolerance = "5 %", quote = "takes about 34 MB" }
throughput = { min = "100 /s", rate = "puts", quote = "does 100 /s" }
"#;

/// A heavy case with one budget.
pub(crate) const HEAVY: &str = r#"
[my_store.read_all]
heavy = true

[my_store.read_all.budgets]
peak_heap = { max = "3 GB", quote = "all of it at most 3 GB" }
"#;

const DOCUMENT: &str = "# Store

- <a id=\"S1\"></a>Reading takes at most 1 MiB.
- <a id=\"S2\"></a>It is done in under 20 ms.
- A second read makes do with 12 blocks | or fewer.
- A put takes about 34 MB, and the store does 100 /s.
";

const MANIFEST: &str = "[workspace]

[package]
name = \"my-store\"
edition = \"2024\"

[[test]]
name = \"budgets\"
harness = false
";

/// The project and its folder, which is removed with it.
#[derive(Debug)]
pub(crate) struct Scratch(TempDir);

/// What the binary said and how it ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Scratch {
    pub(crate) fn new() -> Self {
        let scratch = Self(tempfile::tempdir().unwrap());
        scratch.write("Cargo.toml", MANIFEST);
        scratch.write("src/lib.rs", "");
        scratch.write("tests/budgets.rs", "fn main() {}\n");
        scratch.write("budgets.toml", BUDGETS);
        scratch.write("docs/my_store.md", DOCUMENT);
        for case in ["read", "read_twice", "put"] {
            let page = format!("case    my_store::{case}\ntarget  x86_64-linux-gnu\n");
            scratch.write(&format!("snapshots/my_store.{case}.snap"), &page);
        }
        scratch
    }

    /// The same with [`HEAVY`].
    pub(crate) fn with_heavy() -> Self {
        let scratch = Self::new();
        scratch.write("budgets.toml", &format!("{BUDGETS}{HEAVY}"));
        scratch.write("docs/my_store.md", &format!("{DOCUMENT}- And all of it at most 3 GB.\n"));
        let page = "case    my_store::read_all\ntarget  x86_64-linux-gnu\n";
        scratch.write("snapshots/my_store.read_all.snap", page);
        scratch
    }

    pub(crate) fn root(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        let file = self.root().join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    pub(crate) fn read(&self, file: &str) -> String {
        fs::read_to_string(self.root().join(file)).unwrap()
    }

    pub(crate) fn remove(&self, file: &str) {
        fs::remove_file(self.root().join(file)).unwrap();
    }

    /// Writes the results of `my_store` as a run would have left them.
    pub(crate) fn judged(&self, records: &[Value]) {
        for record in records {
            self.write(&format!("target/plimsoll/results/{}", file(record)), &record.to_string());
        }
    }

    /// Starts the binary as cargo would, in the project's root.
    pub(crate) fn plimsoll(&self, arguments: &str) -> Said {
        self.plimsoll_in(".", arguments)
    }

    pub(crate) fn plimsoll_in(&self, folder: &str, arguments: &str) -> Said {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-plimsoll"));
        command.arg("plimsoll").args(arguments.split_whitespace());
        command.current_dir(self.root().join(folder));
        for name in ["CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR", "CARGO_BUILD_BUILD_DIR"] {
            command.env_remove(name);
        }
        // The runner that runs these tests is not the one that they start.
        let names = std::env::vars_os().map(|(name, _)| name);
        for name in names.filter(|name| name.to_string_lossy().starts_with("NEXTEST")) {
            command.env_remove(name);
        }
        let output = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Said { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}

/// Where the record of a test lies below `results`.
pub(crate) fn file(record: &Value) -> String {
    format!("{}.json", record["test"].as_str().unwrap().replace("::", "/"))
}

/// A record of `my_store` in the second run of two; the line and the metric must be those of
/// [`BUDGETS`]. The case took 250 ms.
pub(crate) fn record(test: &str, metric: &str, line: &str, measured: Value, room: Value) -> Value {
    json!({
        "schema": 2, "test": format!("my_store::{test}"), "id": null, "run": "second",
        "unix_seconds": 2000, "verdict": "within", "metric": metric, "measured": measured,
        "line": line, "headroom": room, "quote": "", "cited": "docs/my_store.md:1",
        "bounds": null, "points": [], "sides": null, "growth": null,
        "cost_wall_seconds": 0.25, "cost_cpu_seconds": 0.2, "provenance": {
            "target": "x86_64-linux-gnu", "allocator": "System", "libc": "glibc 2.36",
            "rustc": "1.95.0", "profile": "opt-level 3", "page_size": 4096,
            "huge_pages": "madvise", "cpu": "EPYC", "cores": 2, "commit": "aaa1",
        },
    })
}

/// The record of a heap that lies `over` bytes over its line of 1 MiB.
pub(crate) fn peak_heap(over: u32) -> Value {
    let bytes = 1_048_576.0 + f64::from(over);
    let measured = json!({ "value": bytes, "unit": "bytes" });
    let room = json!(-f64::from(over) / 1_048_576.0);
    let mut record = record("read::peak_heap", "peak_heap", "at most 1 MiB", measured, room);
    record["verdict"] = json!(if over > 0 { "over" } else { "near" });
    record
}

/// The records of all budgets but `my_store::read::peak_heap`: they pass, one of them in an
/// earlier run.
pub(crate) fn others() -> [Value; 4] {
    let quantity = |value: f64, unit: &str| json!({ "value": value, "unit": unit });
    let mut blocks = record(
        "read_twice::total_blocks",
        "total_blocks",
        "at most 12 blocks",
        quantity(12.0, "blocks"),
        json!(0.0),
    );
    blocks["run"] = json!("first");
    blocks["unix_seconds"] = json!(1000);
    [
        // (20 − 0.85) / 20 = 95.75 %, which is 95.8 % rounded.
        record(
            "read::cpu_time",
            "cpu_time",
            "at most 20 ms",
            quantity(0.000_85, "seconds"),
            json!(0.9575),
        ),
        blocks,
        record(
            "put::peak_heap",
            "peak_heap",
            "34 MB ± 5 %",
            quantity(34_170_000.0, "bytes"),
            json!(0.045),
        ),
        record(
            "put::throughput",
            "throughput",
            "at least 100 /s",
            quantity(1250.4, "per_second"),
            json!(11.504),
        ),
    ]
}

/// 2 GB of 3 GB: a third is left.
pub(crate) fn read_all() -> Value {
    record(
        "read_all::peak_heap",
        "peak_heap",
        "at most 3 GB",
        json!({ "value": 2_000_000_000.0, "unit": "bytes" }),
        json!(0.333),
    )
}
