//! Errors as JSON-RPC 2.0 numbers them.

use serde::Serialize;

/// An error object.
#[derive(Debug, Serialize)]
pub(super) struct Fault {
    code: i32,
    message: String,
}

impl Fault {
    pub(super) fn parse(why: impl std::fmt::Display) -> Self {
        Self { code: -32700, message: format!("not JSON: {why}") }
    }

    pub(super) fn request(why: impl std::fmt::Display) -> Self {
        Self { code: -32600, message: format!("no request of JSON-RPC 2.0: {why}") }
    }

    pub(super) fn method(name: &str, known: &[&str]) -> Self {
        let name: String = name.chars().take(64).collect();
        let message = format!("there is no method `{name}`; there are {}", known.join(", "));
        Self { code: -32601, message }
    }

    pub(super) fn parameters(why: impl std::fmt::Display) -> Self {
        Self { code: -32602, message: why.to_string() }
    }

    pub(super) fn internal(why: impl std::fmt::Display) -> Self {
        Self { code: -32603, message: why.to_string() }
    }

    /// A transaction that the node does not take: as Bitcoin's nodes number it.
    pub(super) fn refused(why: impl std::fmt::Display) -> Self {
        Self { code: -26, message: why.to_string() }
    }

    /// Something that the node does not have: as Bitcoin's nodes number it.
    pub(super) fn missing(what: &str) -> Self {
        Self { code: -5, message: format!("there is no {what}") }
    }
}
