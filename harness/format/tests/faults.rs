//! Every fault, word for word: the rows stand in `faults.txt`.

mod rows;

/// Each row is a small project and the whole text of what is wrong with it.
#[test]
fn every_fault_reads_as_it_was_written_down() {
    let rows = rows::read(include_str!("faults.txt"));
    let mut wrong = String::new();
    for row in &rows {
        let said = match row.check() {
            Ok(system) => format!("no fault: {system:?}"),
            Err(faults) => faults.to_string(),
        };
        if said.trim_end() != row.expected.trim_end() {
            wrong += &format!("=== {}\n{said}\n\n", row.name);
        }
    }
    assert!(wrong.is_empty(), "these rows of tests/faults.txt read otherwise:\n\n{wrong}");
    assert!(rows.len() >= 60, "{} rows: were some lost?", rows.len());
}
