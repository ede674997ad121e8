//! A runaway is stopped at its cap, told from every other death, and the machine does not feel it.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers too")]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

const TOYS: &str = env!("CARGO_BIN_EXE_toys");

/// Runs one test of the toys, in a run of its own, and looks at the machine meanwhile: what it
/// said, and the least memory that was free.
fn judge(test: &str) -> (Option<i32>, String, u64) {
    let mut command = Command::new(TOYS);
    command.env_remove("NEXTEST_RUN_ID").env_remove("PLIMSOLL_RUN_ID");
    command.args(["--exact", test]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    let test = thread::spawn(move || child.wait_with_output().unwrap());
    let mut least = available();
    while !test.is_finished() {
        least = least.min(available());
        thread::sleep(Duration::from_millis(5));
    }
    let output = test.join().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout) + &text(&output.stderr), least)
}

/// `MemAvailable`, in bytes.
fn available() -> u64 {
    let text = fs::read_to_string("/proc/meminfo").unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:")).unwrap();
    line.split_whitespace().next().unwrap().parse::<u64>().unwrap() * 1024
}

/// What the test said when it failed as stopped, with all these words, and the least memory that
/// was free meanwhile.
#[track_caller]
fn is_stopped(test: &str, says: &[&str]) -> (String, u64) {
    let (code, text, least) = judge(test);
    assert_eq!(code, Some(101), "{test} is not stopped:\n{text}");
    for words in ["the work went over its cap and was stopped", "cap        "].iter().chain(says) {
        assert!(text.contains(words), "{test} does not say `{words}`:\n{text}");
    }
    (text, least)
}

/// The figure in MiB that comes next after a label, such as `live`.
fn mib(text: &str, label: &str) -> f64 {
    let (_, rest) = text.split_once(label).unwrap_or_default();
    let figure = rest.split_whitespace().zip(rest.split_whitespace().skip(1)).next();
    let figure = figure.filter(|(_, unit)| *unit == "MiB").and_then(|(is, _)| is.parse().ok());
    figure.unwrap_or_else(|| panic!("there is no `{label}` in MiB:\n{text}"))
}

/// A runaway that is stopped near its cap of 256 MiB.
struct Runaway {
    test: &'static str,
    says: &'static [&'static str],
    /// The label of the figure that says how far it came, and how far it may have, in MiB.
    within: (&'static str, f64),
}

impl Runaway {
    /// The least memory that was free.
    #[track_caller]
    fn is_stopped(&self) -> u64 {
        let (text, least) = is_stopped(self.test, self.says);
        let (label, most) = self.within;
        let figure = mib(&text, label);
        assert!((128.0..=most).contains(&figure), "{label} {figure} of {most} MiB:\n{text}");
        least
    }
}

/// 1 MiB at a time on one thread: the 256th would be the first to reach the cap, were it not for
/// the list of the pieces.
const BLOCKS: Runaway = Runaway {
    test: "toys::floods_blocks::peak_heap",
    says: &[
        "256.0 MiB, stated by the case: cap = \"256 MiB\"",
        "live       255.0 MiB on the heap",
        "refused    a block of 1.00 MiB, at the cap",
        "requested  toys::floods::push",
        "src/floods.rs:",
        "255.0 MiB            toys::floods::push",
        "memory allocation of 1048576 bytes failed",
        "look      cargo plimsoll show toys::floods_blocks",
        "cap = \"384 MiB\"",
    ],
    within: ("live", 256.0),
};

/// Eight threads may each go over by one piece.
const THREADS: Runaway = Runaway {
    test: "toys::floods_threads::peak_heap",
    says: &["refused    a block of 1.00 MiB, at the cap", "requested  toys::floods::push"],
    within: ("where the memory was then", 256.0 + 8.0),
};

/// 256 + 256 / 4 + 256 = 576 MiB of data, and some 10 MiB that were resident before.
const MAPS: Runaway = Runaway {
    test: "toys::floods_maps::peak_heap",
    says: &[
        "refused    more memory, by the kernel",
        "no map: Cannot allocate memory (os error 12)",
        "the work continued without that memory",
    ],
    within: ("resident", 576.0 + 10.0),
};

#[test]
fn what_grows_through_the_allocator_is_stopped_and_its_function_named() {
    BLOCKS.is_stopped();
    THREADS.is_stopped();
}

#[test]
fn what_grows_by_maps_is_stopped_by_the_kernel() {
    MAPS.is_stopped();
}

#[test]
fn who_goes_on_without_its_block_is_stopped_all_the_same() {
    is_stopped(
        "toys::floods_reserves::peak_heap",
        &["live       255.0 MiB", "requested  toys::floods::reserve", "the work continued without that memory"],
    );
}

#[test]
fn without_a_cap_it_is_twice_the_largest_line() {
    is_stopped(
        "toys::floods_uncapped::peak_heap",
        &["300.0 MiB, twice the limit of `peak_heap`, at most 150 MiB", "live       299.0 MiB"],
    );
}

/// dhat stands in the allocator's place: there is no counter, and the kernel's limit is wider.
#[test]
fn under_dhat_the_kernel_stops_it() {
    is_stopped("toys::floods_blocks::profile", &["plimsoll refused a block: 1048576 B"]);
}

/// The request that a parent made for this test's case.
fn request(case: &str, test: &str) -> Value {
    let run = format!("stopped-{}", case.replace('_', "-"));
    let target = Path::new(TOYS).ancestors().find(|folder| folder.join("CACHEDIR.TAG").is_file());
    let folder = target.unwrap().join("plimsoll/runs").join(&run);
    let _ = fs::remove_dir_all(&folder);
    let mut command = Command::new(TOYS);
    command.env_remove("NEXTEST_RUN_ID").env("PLIMSOLL_RUN_ID", run).args(["--exact", test]);
    command.output().unwrap();
    let files = fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path());
    let request = files.into_iter().find(|file| file.extension() == Some("request".as_ref()));
    serde_json::from_slice(&fs::read(request.unwrap()).unwrap()).unwrap()
}

/// Whether a child ends well that is to run this test's case under another cap and with so much
/// memory that is said to be free, and what it says. Its tables cannot be laid out, as where no
/// stack can be walked.
fn unrecorded(test: &str, cap: u64, available: u64) -> (bool, String) {
    let case = test.split("::").nth(1).unwrap();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let file = folder.join(case).with_extension("request");
    let mut asked = request(case, test);
    asked["parent"] = json!(std::process::id());
    asked["outcome"] = json!(folder.join(case).with_extension("outcome"));
    asked["tables"] = json!(folder.join("no/such/folder"));
    asked["task"]["cap"]["bytes"] = json!(cap);
    asked["task"]["cap"]["available"] = json!(available);
    fs::write(&file, asked.to_string()).unwrap();
    let mut child = Command::new(TOYS);
    child.env("PLIMSOLL_REQUEST", &file).env("PLIMSOLL_MODE", "counting");
    let output = child.output().unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}

const MIB: u64 = 1 << 20;

#[test]
fn without_the_recorder_the_guard_says_itself_that_it_refused() {
    let (well, text) = unrecorded("toys::floods_threads::peak_heap", 64 * MIB, 8_192 * MIB);
    assert!(!well);
    assert!(text.contains("plimsoll refused a block: 1048576 B, at the cap\n"), "{text}");
}

/// It takes 1 GiB, of which three quarters of 1,024 MiB would not be enough.
#[test]
fn a_preparation_may_take_more_than_the_cap_and_not_all_that_is_free() {
    let (code, text, _) = judge("toys::floods_first::end_heap");
    assert_eq!(code, Some(0), "{text}");
    let (well, text) = unrecorded("toys::floods_first::end_heap", 256 * MIB, 1_024 * MIB);
    assert!(!well);
    let words = "plimsoll refused a block: 1073741824 B, at the limit of the preparation\n";
    assert!(text.contains(words), "{text}");
    let (well, text) = unrecorded("toys::floods_first::end_heap", 256 * MIB, 8_192 * MIB);
    assert!(well, "{text}");
}

#[test]
fn shared_memory_is_measured_and_stops_nothing() {
    let (code, text, _) = judge("toys::floods_shared::peak_heap");
    assert_eq!(code, Some(0), "{text}");
    let (code, text, _) = judge("toys::floods_shared::shared");
    assert!(code == Some(101) && text.contains("512.0 MiB of 100.0 MiB"), "{text}");
}

#[test]
fn a_cap_below_its_own_line_is_refused() {
    let (code, text, _) = judge("toys::floods_contradicted::peak_heap");
    assert_eq!(code, Some(101), "{text}");
    for words in ["could not be measured", "its cap of 99 MiB is less than the 104,857,600 B"] {
        assert!(text.contains(words), "{text}");
    }
}

/// Each of the three, twenty times: `cargo test -p toys --test stopped -- --ignored --nocapture`.
#[test]
#[ignore = "sixty runaways: some 30 s, and up to 1 GB of memory"]
fn twenty_times_of_twenty_and_the_machine_does_not_feel_it() {
    for runaway in [BLOCKS, THREADS, MAPS] {
        let (before, started) = (available(), Instant::now());
        let least = (0..20).map(|_| runaway.is_stopped()).min().unwrap();
        let seconds = started.elapsed().as_secs_f64() / 20.0;
        let name = runaway.test;
        let [least_mb, before_mb] = [least, before].map(|bytes| bytes / 1_000_000);
        eprintln!(
            "{name}: 20 of 20, {seconds:.2} s each; free {least_mb} of {before_mb} MB at least"
        );
        assert!(least > before / 2, "{least} of {before}");
    }
}
