//! One HTTP request, and its answer.

use std::convert::Infallible;
use std::time::Duration;

use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::{Body, Bytes, Incoming};
use hyper::{Method, Request, Response, StatusCode, header};
use serde_json::Value;

use super::envelope::{self, Call};
use super::fault::Fault;
use super::methods::Asked;

/// How long a client may take to send what it asks.
const LONGEST_READ: Duration = Duration::from_secs(10);

pub(super) async fn serve(
    asked: Asked,
    longest_body_bytes: usize,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    if request.method() != Method::POST {
        let fault = Fault::request("it is sent with POST");
        return Ok(respond(StatusCode::METHOD_NOT_ALLOWED, &envelope::answer(None, Err(fault))));
    }
    let body = match read(request.into_body(), longest_body_bytes).await {
        Ok(body) => body,
        Err((status, fault)) => return Ok(respond(status, &envelope::answer(None, Err(fault)))),
    };
    let answer = match envelope::parse(&body) {
        envelope::Request::One(call) => answer(&asked, call).await,
        envelope::Request::Many(calls) => {
            let mut answers = Vec::with_capacity(calls.len());
            for call in calls {
                answers.extend(answer(&asked, call).await);
            }
            (!answers.is_empty()).then_some(Value::Array(answers))
        }
    };
    Ok(match answer {
        Some(answer) => respond(StatusCode::OK, &answer),
        None => respond(StatusCode::NO_CONTENT, &Value::Null),
    })
}

async fn read(body: Incoming, longest: usize) -> Result<Bytes, (StatusCode, Fault)> {
    let too_long = || {
        let fault = Fault::request(format!("its body is longer than {longest} bytes"));
        (StatusCode::PAYLOAD_TOO_LARGE, fault)
    };
    if body.size_hint().lower() > longest as u64 {
        return Err(too_long());
    }
    match tokio::time::timeout(LONGEST_READ, Limited::new(body, longest).collect()).await {
        Err(_) => Err((StatusCode::REQUEST_TIMEOUT, Fault::request("its body does not end"))),
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_long()),
        Ok(Err(error)) => Err((StatusCode::BAD_REQUEST, Fault::parse(error))),
    }
}

/// A notification is done, and not answered.
async fn answer(asked: &Asked, call: Result<Call, Fault>) -> Option<Value> {
    let Call { method, parameters, id } = match call {
        Ok(call) => call,
        Err(fault) => return Some(envelope::answer(None, Err(fault))),
    };
    let result = asked.answer(&method, &parameters).await;
    id.map(|id| envelope::answer(Some(id), result))
}

fn respond(status: StatusCode, answer: &Value) -> Response<Full<Bytes>> {
    let body = match status {
        StatusCode::NO_CONTENT => Bytes::new(),
        _ => Bytes::from(answer.to_string()),
    };
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    let json = header::HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}
