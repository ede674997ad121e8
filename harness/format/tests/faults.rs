//! Every fault, word for word: the rows stand in `faults.txt`.

mod rows;

/// Each row is a small project and the whole text of what is wrong with it.
#[test]
fn faults_match_their_rows() {
    let rows = rows::read(include_str!("faults.txt"));
    let mut wrong = String::new();
    for row in &rows {
        let actual = match row.check() {
            Ok(system) => format!("no fault: {system:?}"),
            Err(faults) => faults.to_string(),
        };
        if actual.trim_end() != row.expected.trim_end() {
            wrong += &format!("=== {}\n{actual}\n\n", row.name);
        }
    }
    assert!(wrong.is_empty(), "these rows of tests/faults.txt read otherwise:\n\n{wrong}");
    assert!(rows.len() >= 60, "{} rows: were some lost?", rows.len());
}
