//! One HTTP request, and its answer.

use std::convert::Infallible;
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body, Bytes, Incoming};
use hyper::{Method, Request, Response, StatusCode, header};

use super::Options;
use super::answer::Answers;
use super::budget::{self, Share};
use super::envelope::{self, Call};
use super::fault::Fault;
use super::methods::Methods;

/// The parts that all connections share.
#[derive(Clone, Debug)]
pub(super) struct Served {
    pub(super) methods: Methods,
    pub(super) options: Options,
}

type Refused = (StatusCode, Fault);

impl Served {
    pub(super) async fn answer(
        self,
        request: Request<Incoming>,
    ) -> Result<Response<Full<Bytes>>, Infallible> {
        let answered = match request.method() {
            &Method::POST => self.exchange(request.into_body()).await,
            _ => Err((StatusCode::METHOD_NOT_ALLOWED, Fault::request("it is sent with POST"))),
        };
        Ok(answered.unwrap_or_else(|(status, fault)| {
            let mut answers = Answers::single(budget::longest_results(&self.options));
            answers.refuse(fault);
            respond(status, Share::none().of(answers.finish()))
        }))
    }

    async fn exchange(&self, body: Incoming) -> Result<Response<Full<Bytes>>, Refused> {
        let Options { longest_body_bytes: longest, patience, .. } = self.options;
        let declared =
            body.size_hint().exact().map_or(longest, |bytes| bytes.min(usize::MAX as u64) as usize);
        if declared > longest {
            return Err(too_long(longest));
        }
        let _share = self.methods.budget.body(declared).await.ok_or_else(busy)?;
        let body = read(body, declared, longest, patience).await?;
        let request = envelope::parse(&body);
        let share = match &request {
            envelope::Request::One(call) if !call.as_ref().is_ok_and(Call::has_long_answer) => {
                Share::none()
            }
            _ => self.methods.budget.answer().await.ok_or_else(busy)?,
        };
        let most = budget::longest_results(&self.options);
        let answers = match request {
            envelope::Request::One(call) => {
                let mut answers = Answers::single(most);
                self.call(call, &mut answers).await;
                answers
            }
            envelope::Request::Many(calls) => {
                let mut answers = Answers::many(most);
                for call in calls {
                    self.call(call, &mut answers).await;
                }
                answers
            }
        };
        Ok(match answers.is_empty() {
            true => respond(StatusCode::NO_CONTENT, Bytes::new()),
            false => respond(StatusCode::OK, share.of(answers.finish())),
        })
    }

    /// A notification is done, and not answered.
    async fn call(&self, call: Result<Call<'_>, Fault>, answers: &mut Answers) {
        match call {
            Err(fault) => answers.refuse(fault),
            Ok(call) => {
                let result = self.methods.answer(&call.method, &call.parameters).await;
                if let Some(id) = &call.id {
                    answers.add(id, result);
                }
            }
        }
    }
}

/// Into memory that was charged for: of what was declared, or of the longest body if nothing was.
async fn read(
    mut body: Incoming,
    declared: usize,
    longest: usize,
    patience: Duration,
) -> Result<Vec<u8>, Refused> {
    let read = async {
        let mut bytes = Vec::with_capacity(declared);
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| (StatusCode::BAD_REQUEST, Fault::parse(error)))?;
            let Ok(data) = frame.into_data() else { continue };
            if bytes.len() + data.len() > declared {
                return Err(too_long(longest));
            }
            bytes.extend_from_slice(&data);
        }
        Ok(bytes)
    };
    let late = |_| (StatusCode::REQUEST_TIMEOUT, Fault::request("its body does not end"));
    tokio::time::timeout(patience, read).await.map_err(late)?
}

fn too_long(longest: usize) -> Refused {
    let fault = Fault::request(format!("its body is longer than {longest} bytes"));
    (StatusCode::PAYLOAD_TOO_LARGE, fault)
}

fn busy() -> Refused {
    let why = "there is no memory for it, since others ask for too much; ask again";
    (StatusCode::SERVICE_UNAVAILABLE, Fault::internal(why))
}

fn respond(status: StatusCode, body: Bytes) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    let json = header::HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}
