//! The envelope of every call (JSON-RPC 2.0, sections 4 to 6).

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed as _, Deserializer as _, IgnoredAny, SeqAccess, Visitor};
use serde::{Serialize, Serializer};

use super::fault::Fault;
use super::token::{As, Parameters, Token};

/// The most calls in one request.
const MOST_CALLS: usize = 32;
/// The longest id that is a string: it comes back with the answer.
const LONGEST_ID_BYTES: usize = 64;

/// One call.
#[derive(Debug)]
pub(super) struct Call<'a> {
    pub(super) method: Cow<'a, str>,
    pub(super) parameters: Parameters<'a>,
    /// `None` is a notification, which is not answered.
    pub(super) id: Option<Id<'a>>,
}

/// The id of a call and its answer: null, a number or a string.
#[derive(Debug)]
pub(super) struct Id<'a>(Token<'a>);

/// The content of a body.
#[derive(Debug)]
pub(super) enum Request<'a> {
    One(Result<Call<'a>, Fault>),
    Many(Vec<Result<Call<'a>, Fault>>),
}

pub(super) fn parse(body: &[u8]) -> Request<'_> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let is_list = body.trim_ascii_start().starts_with(b"[");
    let request = match is_list {
        true => json.deserialize_seq(List),
        false => As::Call.deserialize(&mut json).map(|one| Request::One(call(one))),
    };
    match request.and_then(|request| json.end().map(|()| request)) {
        Ok(request) => request,
        Err(error) => Request::One(Err(Fault::parse(error))),
    }
}

/// Counts the calls while it reads them, and keeps no more than are allowed.
struct List;

impl<'de> Visitor<'de> for List {
    type Value = Request<'de>;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("a list of calls")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Request<'de>, A::Error> {
        let mut calls = Vec::new();
        while calls.len() < MOST_CALLS
            && let Some(one) = list.next_element_seed(As::Call)?
        {
            calls.push(call(one));
        }
        let mut count = calls.len();
        while count >= MOST_CALLS && list.next_element::<IgnoredAny>()?.is_some() {
            count += 1;
        }
        Ok(match count {
            0 => Request::One(Err(Fault::request("it is an empty list"))),
            1..=MOST_CALLS => Request::Many(calls),
            more => {
                let why = format!("a list of {more}; {MOST_CALLS} are allowed");
                Request::One(Err(Fault::request(why)))
            }
        })
    }
}

fn call(token: Token<'_>) -> Result<Call<'_>, Fault> {
    let Token::Call(fields) = token else { return Err(Fault::request("it is no object")) };
    if !matches!(&fields.jsonrpc, Some(Token::Text(version)) if version == "2.0") {
        return Err(Fault::request("`jsonrpc` must be \"2.0\""));
    }
    let id = fields.id.map(Id::new).transpose()?;
    let Some(Token::Text(method)) = fields.method else {
        return Err(Fault::request("`method` must be a string"));
    };
    let parameters = match fields.params {
        None => Parameters::default(),
        Some(Token::Parameters(parameters)) => parameters,
        Some(_) => return Err(Fault::request("`params` must be a list or an object")),
    };
    Ok(Call { method, parameters, id })
}

impl Call<'_> {
    pub(super) fn has_long_answer(&self) -> bool {
        self.method == super::methods::LONG_ANSWER
    }
}

impl<'a> Id<'a> {
    pub(super) const NULL: Self = Self(Token::Null);

    fn new(token: Token<'a>) -> Result<Self, Fault> {
        match &token {
            Token::Null | Token::Number(_) => Ok(Self(token)),
            Token::Text(text) if text.len() <= LONGEST_ID_BYTES => Ok(Self(token)),
            _ => Err(Fault::request(format!(
                "`id` must be a string of at most {LONGEST_ID_BYTES} bytes, a number or null"
            ))),
        }
    }
}

impl Serialize for Id<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Token::Number(number) => number.serialize(serializer),
            Token::Text(text) => serializer.serialize_str(text),
            _ => serializer.serialize_unit(),
        }
    }
}
