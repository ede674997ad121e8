//! Answers as JSON, written where they are sent from.

use serde::Serialize;
use serde_json::Value;

use super::budget::{self, LONGEST_SHORT_BYTES};
use super::envelope::Id;
use super::fault::Fault;
use crate::codec::Sink;
use crate::crypto::Verified;

/// The result of a method.
#[derive(Debug)]
pub(super) enum Outcome {
    /// Short.
    Value(Value),
    /// In hex, and only encoded when it is written.
    Transaction(Verified),
}

/// The answers to one request.
#[derive(Debug)]
pub(super) struct Answers {
    bytes: Vec<u8>,
    many: bool,
    /// The most bytes of results.
    most: usize,
}

#[derive(Serialize)]
struct Refusal<'a> {
    jsonrpc: &'static str,
    error: Fault,
    id: &'a Id<'a>,
}

#[derive(Serialize)]
struct Success<'a> {
    jsonrpc: &'static str,
    result: Value,
    id: &'a Id<'a>,
}

impl Answers {
    pub(super) fn single(most: usize) -> Self {
        Self { bytes: Vec::new(), many: false, most }
    }

    pub(super) fn many(most: usize) -> Self {
        Self { many: true, ..Self::single(most) }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// An answer to what is so wrong that it has no id.
    pub(super) fn refuse(&mut self, error: Fault) {
        self.add(&Id::NULL, Err(error));
    }

    pub(super) fn add(&mut self, id: &Id<'_>, result: Result<Outcome, Fault>) {
        match result {
            Ok(Outcome::Value(result)) => {
                self.write(&Success { jsonrpc: "2.0", result, id });
            }
            Ok(Outcome::Transaction(transaction)) => self.transaction(id, &transaction),
            Err(error) => self.write(&Refusal { jsonrpc: "2.0", error, id }),
        }
    }

    fn transaction(&mut self, id: &Id<'_>, transaction: &Verified) {
        // The rest of it, and an id of at most 64 bytes, each of which may need six.
        let bytes = 2 * transaction.estimate_size() + 512;
        if self.bytes.len() + bytes > self.most {
            let most = self.most;
            let fault = Fault::internal(format!(
                "the answers would be longer than {most} bytes; ask for fewer at once"
            ));
            return self.add(id, Err(fault));
        }
        self.bytes.reserve_exact(bytes + LONGEST_SHORT_BYTES);
        self.separate();
        self.bytes.extend_from_slice(b"{\"jsonrpc\":\"2.0\",\"result\":\"");
        transaction.encode_to(&mut InHex(&mut self.bytes));
        self.bytes.extend_from_slice(b"\",\"id\":");
        self.json(id);
        self.bytes.push(b'}');
    }

    fn write(&mut self, answer: &impl Serialize) {
        self.separate();
        self.json(answer);
    }

    /// Memory is added in steps that end at the longest answer, not doubled beyond it.
    fn separate(&mut self) {
        let (length, room) = (self.bytes.len(), self.bytes.capacity() - self.bytes.len());
        if room < LONGEST_SHORT_BYTES {
            let most = (self.most + budget::ERRORS_BYTES).saturating_sub(length);
            self.bytes.reserve_exact((length / 2).min(most).max(LONGEST_SHORT_BYTES));
        }
        match (self.many, self.bytes.is_empty()) {
            (true, true) => self.bytes.push(b'['),
            (true, false) => self.bytes.push(b','),
            (false, _) => {}
        }
    }

    fn json(&mut self, value: &impl Serialize) {
        let _of_plain_data_into_memory = serde_json::to_writer(&mut self.bytes, value);
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        if self.many {
            self.bytes.push(b']');
        }
        self.bytes
    }
}

struct InHex<'a>(&'a mut Vec<u8>);

impl Sink for InHex<'_> {
    fn put(&mut self, bytes: &[u8]) {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let digit = |four: u8| DIGITS[usize::from(four & 15)];
        self.0.extend(bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(*byte)]));
    }
}
