//! What the work computed, against what its case expects.

use serde_json::{Map, Value};

/// Where the answer differs from the fields that the case states, one line each.
pub(crate) fn differences(expected: &Map<String, Value>, answer: &Value) -> String {
    let mut lines = Vec::new();
    for (field, expected) in expected {
        compare(field, expected, answer.get(field), &mut lines);
    }
    lines.join("\n")
}

fn compare(path: &str, expected: &Value, got: Option<&Value>, lines: &mut Vec<String>) {
    let Some(got) = got else {
        lines.push(format!("{path} is absent, expected {expected}"));
        return;
    };
    match (expected, got) {
        (Value::Object(fields), Value::Object(_)) => {
            for (field, expected) in fields {
                compare(&format!("{path}.{field}"), expected, got.get(field), lines);
            }
        }
        // A float compares by value; integers are compared as they are, beyond 2^53 too.
        (Value::Number(a), Value::Number(b))
            if (a.is_f64() || b.is_f64()) && a.as_f64() == b.as_f64() => {}
        _ if expected == got => {}
        _ => lines.push(format!("{path} is {got}, expected {expected}")),
    }
}
