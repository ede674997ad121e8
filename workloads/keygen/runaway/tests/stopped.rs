//! The naive way at a lifetime of 2^18 is stopped at its cap, and says which block was one too many.
#![cfg(target_os = "linux")]

use std::process::Command;

#[test]
fn the_naive_way_is_stopped_at_its_cap() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keygen-runaway"));
    command.env_remove("NEXTEST_RUN_ID").env_remove("PLIMSOLL_RUN_ID");
    let output = command
        .args(["--exact", "keygen_runaway::naive::peak_heap"])
        .output()
        .expect("it was built");
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(101), "it is not stopped:\n{text}");
    // 1 GiB has room for some 6,800 epochs beside the vectors that list them; the chains of each are one block of 22 × 256 × 28 B, 154 KiB.
    for words in [
        "the work went over its cap and was stopped",
        "1.00 GiB, stated by the case: cap = \"1 GiB\"",
        "refused    a block of 154.0 KiB, at the cap",
        "requested  keygen_runaway::naive::",
    ] {
        assert!(text.contains(words), "it does not say `{words}`:\n{text}");
    }
}
