//! A signed operation on one account.

use ed25519_consensus::{Signature, SigningKey, VerificationKeyBytes, batch};

use crate::fields::put_text;
use crate::operation::{Operation, admission};
use crate::threads::Threads;
use crate::{Error, Keys, Result};

/// Below so many signatures a batch is not worth its multiplication.
const TOGETHER: usize = 64;

/// An operation that is signed and numbered.
#[derive(Clone, Debug, PartialEq)]
pub struct Transaction<K: Keys> {
    /// The account it changes.
    pub id: String,
    /// The number of transactions on this account before it.
    pub nonce: u64,
    /// The operation.
    pub operation: Operation<K>,
    /// The key that signed it.
    pub key: K::Public,
    /// The signature over [`Transaction::message`].
    pub signature: Signature,
}

impl<K: Keys> Transaction<K> {
    /// Signs an operation.
    #[must_use]
    pub fn sign(id: String, nonce: u64, operation: Operation<K>, by: &SigningKey) -> Self {
        let signature = by.sign(&message(&id, nonce, &operation));
        Self { id, nonce, operation, key: K::of(by), signature }
    }

    /// The signed message: a prefix, the id, the nonce, the operation.
    #[must_use]
    pub fn message(&self) -> Vec<u8> {
        message(&self.id, self.nonce, &self.operation)
    }

    /// Writes the transaction: id, nonce, operation, key, signature.
    pub(crate) fn encode(&self, to: &mut Vec<u8>) {
        put_text(to, &self.id);
        to.extend_from_slice(&self.nonce.to_le_bytes());
        self.operation.encode(to);
        to.extend_from_slice(&K::bytes(&self.key));
        to.extend_from_slice(&self.signature.to_bytes());
    }

    /// The bytes of the transaction on the wire.
    #[must_use]
    pub fn encoded_bytes(&self) -> usize {
        1 + self.id.len() + 8 + self.operation.encoded_bytes() + 32 + 64
    }

    /// Checks the signatures: the transaction's own, and the one inside a creation or data.
    ///
    /// # Errors
    /// [`Error::Signature`], [`Error::Inner`], or the error of `service` for an unknown service.
    pub fn check(&self, service: impl Fn(&str) -> Result<K::Public>) -> Result<()> {
        self.items(&service)?
            .into_iter()
            .try_for_each(|(item, wrong)| item.verify_single().map_err(|_| self.refused(wrong)))
    }

    fn items(
        &self,
        service: impl Fn(&str) -> Result<K::Public>,
    ) -> Result<Vec<(batch::Item, Part)>> {
        let item = |key: &K::Public, signature: &Signature, message: &[u8]| {
            batch::Item::from((VerificationKeyBytes::from(K::bytes(key)), *signature, message))
        };
        let mut items = vec![(item(&self.key, &self.signature, &self.message()), Part::Outer)];
        match &self.operation {
            Operation::CreateAccount { service: id, admission: signed, key } => {
                let by = service(id)?;
                let bytes = admission(&self.id, id, &K::bytes(key));
                items.push((item(&by, signed, &bytes), Part::Inner));
            }
            Operation::SetData { data } => {
                items.push((item(&data.key, &data.signature, &data.data), Part::Inner));
            }
            _ => {}
        }
        Ok(items)
    }

    fn refused(&self, part: Part) -> Error {
        let account = self.id.clone();
        match (part, &self.operation) {
            (Part::Inner, Operation::CreateAccount { service, .. }) => {
                Error::Inner { what: "creation", account, signer: service.clone() }
            }
            (Part::Inner, _) => {
                Error::Inner { what: "data", signer: "the key beside it".into(), account }
            }
            (Part::Outer, _) => Error::Signature { account, nonce: self.nonce },
        }
    }
}

#[derive(Clone, Copy)]
enum Part {
    Outer,
    Inner,
}

fn message<K: Keys>(id: &str, nonce: u64, operation: &Operation<K>) -> Vec<u8> {
    let bytes = 13 + 1 + id.len() + 8 + operation.encoded_bytes();
    let mut message = Vec::with_capacity(bytes);
    message.extend_from_slice(b"transaction/1");
    put_text(&mut message, id);
    message.extend_from_slice(&nonce.to_le_bytes());
    operation.encode(&mut message);
    message
}

/// Checks the signatures of many transactions, on all threads, each part in one equation; only if
/// that fails does it look for the wrong one.
///
/// # Errors
/// Those of [`Transaction::check`], for the first transaction that is refused.
pub(crate) fn check_all<K: Keys>(
    transactions: &[Transaction<K>],
    threads: &Threads,
    service: impl Fn(&str) -> Result<K::Public> + Sync,
) -> Result<()> {
    let parts = transactions.len().div_ceil(threads.count()).clamp(TOGETHER, 512);
    let parts: Vec<_> = transactions.chunks(parts).collect();
    threads.try_each(&parts, |part| check_part(part, &service))
}

fn check_part<K: Keys>(
    transactions: &[Transaction<K>],
    service: &impl Fn(&str) -> Result<K::Public>,
) -> Result<()> {
    let mut together = batch::Verifier::new();
    for transaction in transactions {
        for (item, _) in transaction.items(service)? {
            together.queue(item);
        }
    }
    match together.verify(rand_core::OsRng) {
        Ok(()) => Ok(()),
        Err(_) => transactions.iter().try_for_each(|transaction| transaction.check(service)),
    }
}
