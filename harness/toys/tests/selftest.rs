//! The proof that gates bite is itself tried: on gates that do, and on some that cannot.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers too")]

use std::path::Path;
use std::process::Command;

use plimsoll::selftest::{Report, VARIABLE};
use serial_test::file_serial;

fn tried(binary: &str) -> Report {
    let name = Path::new(binary).file_name().unwrap();
    let report = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name).with_extension("selftest");
    let output = Command::new(binary).env(VARIABLE, &report).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&std::fs::read(report).unwrap()).unwrap()
}

/// Toys of every kind of line. Only one gate does not bite: its sizes are too close to tell.
#[test]
#[file_serial(toys_timed)]
fn every_kind_of_gate_bites() {
    let Report { budgets, loads, faults } = tried(env!("CARGO_BIN_EXE_toys"));
    assert!(budgets > 150 && loads > 2 * budgets, "{budgets} gates, {loads} ballasts");
    let dull: Vec<_> =
        faults.iter().filter(|fault| fault.test != "toys::close::bad_class").collect();
    assert!(dull.is_empty(), "{dull:#?}");
    assert_eq!(faults.len(), 2, "{faults:#?}");
}

/// Without the allocator nothing is measured, so that no gate lets anything pass.
#[test]
#[file_serial(toys_timed)]
fn gates_that_cannot_bite_are_named() {
    let Report { budgets, faults, .. } = tried(env!("CARGO_BIN_EXE_unmanaged"));
    for test in ["toys::exact::peak_heap", "toys::doubling::reallocations", "toys::line::each"] {
        let of_test = faults.iter().filter(|fault| fault.test == test);
        let said: Vec<_> = of_test.map(|fault| (&*fault.tried, &*fault.verdict)).collect();
        assert!(
            said.iter().any(|(tried, _)| *tried == "took 99 %" || tried.contains("middle")),
            "{said:?}"
        );
        assert!(
            said.iter().all(|(_, said)| said.contains("is not the global allocator")),
            "{said:?}"
        );
    }
    assert!(faults.len() > budgets, "{} faults of {budgets} gates", faults.len());
}
