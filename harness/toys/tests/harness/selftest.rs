//! `selftest` itself: on limits that can fail, and on limits that cannot.
#![cfg(target_os = "linux")]

use std::path::Path;
use std::process::Command;

use plimsoll::selftest::{Report, VARIABLE};
use serial_test::file_serial;

fn selftest(binary: &str) -> Report {
    let name = Path::new(binary).file_name().unwrap();
    let report = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name).with_extension("selftest");
    let output = Command::new(binary).env(VARIABLE, &report).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&std::fs::read(report).unwrap()).unwrap()
}

/// The toys have every kind of limit. One of them cannot fail: the sizes of its sweep are too close.
#[test]
#[file_serial(toys_timed)]
fn every_kind_of_limit_can_fail() {
    let Report { budgets, loads, faults } = selftest(env!("CARGO_BIN_EXE_toys"));
    assert!(budgets > 150 && loads > 2 * budgets, "{budgets} budgets, {loads} synthetic loads");
    let wrong: Vec<_> =
        faults.iter().filter(|fault| fault.test != "toys::close::bad_class").collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(faults.len(), 2, "{faults:#?}");
}

/// Without the allocator nothing is measured, so no synthetic load passes.
#[test]
#[file_serial(toys_timed)]
fn limits_without_a_measurement_are_reported() {
    let Report { budgets, faults, .. } = selftest(env!("CARGO_BIN_EXE_without_allocator"));
    for test in ["toys::exact::peak_heap", "toys::doubling::reallocations", "toys::linear::each"] {
        let of_test = faults.iter().filter(|fault| fault.test == test);
        let verdicts: Vec<_> = of_test.map(|fault| (&*fault.tried, &*fault.verdict)).collect();
        assert!(
            verdicts.iter().any(|(tried, _)| *tried == "took 99 %" || tried.contains("middle")),
            "{verdicts:?}"
        );
        assert!(
            verdicts.iter().all(|(_, verdict)| verdict.contains("is not the global allocator")),
            "{verdicts:?}"
        );
    }
    assert!(faults.len() > budgets, "{} faults of {budgets} budgets", faults.len());
}
