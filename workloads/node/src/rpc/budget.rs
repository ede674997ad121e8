//! The memory of the server for all its clients together, in bytes. A request that needs more waits.
//!
//! A body of `n` bytes is charged `5 n` while it is read and answered: itself; up to `3 n` that the parser's
//! scratch takes while it doubles, if it is all brackets or one escaped text; and `n` of an unescaped copy. Once
//! it is parsed, what is decoded of it (`n / 2` of hex, and as much of a transaction) takes the scratch's place.
//! An answer that can be long is charged twice while it is made, since its buffer grows, and once until it is
//! sent.

use std::sync::Arc;
use std::time::Duration;

use hyper::body::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Options;

/// A connection: 8 KiB that are read and as much that hyper reserves beside them or for up to 100 headers, a
/// body and an answer that are too short to be charged, and the task.
const CONNECTION_BYTES: usize = 32 << 10;
/// Bodies no longer than this are not charged.
const SHORT_BODY_BYTES: usize = 1 << 10;
const BODY_WEIGHT: usize = 5;
/// The longest bodies at once.
const BODIES: usize = 2;
/// The longest answer but that with a transaction: an error that repeats 64 characters of an id and of a method,
/// each of which may need six bytes; or figures.
pub(super) const LONGEST_SHORT_BYTES: usize = 1536;
/// Room for the short answers to 32 calls, when there is no more for long ones.
pub(super) const ERRORS_BYTES: usize = 32 * LONGEST_SHORT_BYTES;
const ANSWER_WEIGHT: usize = 2;
/// The longest answers that are made at once.
const ANSWERS: usize = 2;
/// Transactions that are verified at once, with up to 48 KiB each.
const SUBMISSIONS: usize = 4;
const VERIFICATION_BYTES: usize = 48 << 10;

/// The most that a server of these options holds: 32 · 32 KiB + 2 · 5 · 175,736 + 2 · 2 · 224,888 + 4 · 48 KiB =
/// 3,902,096 bytes by default.
pub(super) const fn most_bytes(options: &Options) -> usize {
    options.connections * CONNECTION_BYTES
        + BODIES * BODY_WEIGHT * options.longest_body_bytes
        + ANSWERS * ANSWER_WEIGHT * longest_answer(options)
        + SUBMISSIONS * VERIFICATION_BYTES
}

/// The longest transaction in hex is as long as the longest body.
pub(super) const fn longest_answer(options: &Options) -> usize {
    longest_results(options) + ERRORS_BYTES
}

/// The same without the errors of those for which there is no room.
pub(super) const fn longest_results(options: &Options) -> usize {
    options.longest_body_bytes
}

#[derive(Clone, Debug)]
pub(super) struct Budget {
    bodies: Arc<Semaphore>,
    answers: Arc<Semaphore>,
    submissions: Arc<Semaphore>,
    patience: Duration,
    longest_answer: usize,
}

/// A share of the budget, given back when it is dropped; short bodies and answers have none.
#[derive(Debug)]
pub(super) struct Share(Option<OwnedSemaphorePermit>);

impl Budget {
    pub(super) fn new(options: &Options) -> Self {
        let of = |bytes| Arc::new(Semaphore::new(bytes));
        Self {
            bodies: of(BODIES * BODY_WEIGHT * options.longest_body_bytes),
            answers: of(ANSWERS * ANSWER_WEIGHT * longest_answer(options)),
            submissions: of(SUBMISSIONS),
            patience: options.patience,
            longest_answer: longest_answer(options),
        }
    }

    /// Room for a body; `None` if there was none for too long.
    pub(super) async fn body(&self, bytes: usize) -> Option<Share> {
        match bytes > SHORT_BODY_BYTES {
            true => self.share(&self.bodies, BODY_WEIGHT * bytes).await,
            false => Some(Share(None)),
        }
    }

    /// A share for a long answer; `None` if there was no room for too long. A request that waits here has a share
    /// for its body, and one that has a share for its answer waits for neither.
    pub(super) async fn answer(&self) -> Option<Share> {
        self.share(&self.answers, ANSWER_WEIGHT * self.longest_answer).await
    }

    /// Room for verifying.
    pub(super) async fn submission(&self) -> Option<Share> {
        self.submissions.clone().acquire_owned().await.ok().map(|permit| Share(Some(permit)))
    }

    /// Waits until nothing is verified any more.
    pub(super) async fn idle(&self) {
        let _all = self.submissions.acquire_many(SUBMISSIONS as u32).await;
    }

    async fn share(&self, of: &Arc<Semaphore>, bytes: usize) -> Option<Share> {
        let share = of.clone().acquire_many_owned(u32::try_from(bytes).ok()?);
        let share = tokio::time::timeout(self.patience, share).await.ok()?;
        share.ok().map(|permit| Share(Some(permit)))
    }
}

impl Share {
    pub(super) fn none() -> Self {
        Self(None)
    }

    /// Bytes to be sent, which keep as much of the share as they are long until the last of them is.
    pub(super) fn of(mut self, bytes: Vec<u8>) -> Bytes {
        let kept = self.0.as_mut().and_then(|permit| permit.split(bytes.capacity()));
        Bytes::from_owner(Held { bytes, _share: Self(kept) })
    }
}

struct Held {
    bytes: Vec<u8>,
    _share: Share,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn most_bytes_is_less_than_the_document_promises() {
        assert_eq!(most_bytes(&Options::default()), 3_902_096);
    }

    #[tokio::test]
    async fn answer_keeps_its_share_until_it_is_dropped() {
        let options = Options { longest_body_bytes: 2048, ..Options::default() };
        let budget = Budget::new(&options);
        let all = budget.answers.available_permits();
        let bytes = budget.answer().await.unwrap().of(vec![7; 100]);
        assert_eq!(budget.answers.available_permits(), all - 100);
        let part = bytes.slice(..1);
        drop(bytes);
        assert_eq!(budget.answers.available_permits(), all - 100);
        drop(part);
        assert_eq!(budget.answers.available_permits(), all);
        // 1,024 bytes are free, and each one more costs five.
        let (free, charged) = (budget.body(1024).await.unwrap(), budget.body(1025).await.unwrap());
        assert_eq!(budget.bodies.available_permits(), 2 * 5 * 2048 - 5 * 1025);
        drop((free, charged));
        assert_eq!(budget.bodies.available_permits(), 2 * 5 * 2048);
    }
}
