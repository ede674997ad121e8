//! What goes around every call and its answer (JSON-RPC 2.0, sections 4 to 6).

use serde_json::{Value, json};

use super::fault::Fault;

/// The most calls in one request.
const MOST_CALLS: usize = 32;

/// One call.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) method: String,
    pub(super) parameters: Vec<Value>,
    /// `None` is a notification, which is not answered.
    pub(super) id: Option<Value>,
}

/// What a body asks.
#[derive(Debug)]
pub(super) enum Request {
    One(Result<Call, Fault>),
    Many(Vec<Result<Call, Fault>>),
}

pub(super) fn parse(body: &[u8]) -> Request {
    match serde_json::from_slice(body) {
        Err(error) => Request::One(Err(Fault::parse(error))),
        Ok(Value::Array(calls)) if calls.is_empty() => {
            Request::One(Err(Fault::request("it is an empty list")))
        }
        Ok(Value::Array(calls)) if calls.len() > MOST_CALLS => {
            let why = format!("a list of {}; {MOST_CALLS} are allowed", calls.len());
            Request::One(Err(Fault::request(why)))
        }
        Ok(Value::Array(calls)) => Request::Many(calls.into_iter().map(call).collect()),
        Ok(one) => Request::One(call(one)),
    }
}

fn call(value: Value) -> Result<Call, Fault> {
    let Value::Object(mut object) = value else { return Err(Fault::request("it is no object")) };
    if object.get("jsonrpc").and_then(Value::as_str) != Some("2.0") {
        return Err(Fault::request("`jsonrpc` must be \"2.0\""));
    }
    let id = object.remove("id");
    if !matches!(id, None | Some(Value::Null | Value::String(_) | Value::Number(_))) {
        return Err(Fault::request("`id` must be a string, a number or null"));
    }
    let Some(Value::String(method)) = object.remove("method") else {
        return Err(Fault::request("`method` must be a string"));
    };
    let parameters = match object.remove("params") {
        None => Vec::new(),
        Some(Value::Array(parameters)) => parameters,
        // The methods have one parameter at most, so its name says nothing.
        Some(Value::Object(named)) => named.into_iter().map(|(_, value)| value).collect(),
        Some(_) => return Err(Fault::request("`params` must be a list or an object")),
    };
    Ok(Call { method, parameters, id })
}

pub(super) fn answer(id: Option<Value>, result: Result<Value, Fault>) -> Value {
    let id = id.unwrap_or(Value::Null);
    match result {
        Ok(result) => json!({ "jsonrpc": "2.0", "result": result, "id": id }),
        Err(error) => json!({ "jsonrpc": "2.0", "error": error, "id": id }),
    }
}
