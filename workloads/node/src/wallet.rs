//! Wallets: keys under which coins are paid, recognised and spent.

use std::fmt;

use ml_kem::{Decapsulate as _, DecapsulationKey768, EncapsulationKey768};
use monero_ed25519::{Point, Scalar};
use rand_chacha::ChaCha20Rng;
use rand_core::{RngCore as _, SeedableRng as _};
use sha2::{Digest as _, Sha256};

use crate::transaction::{MEMO_BYTES, Output};
use crate::{curve, random};

/// The keys of an owner.
pub struct Wallet {
    view: Scalar,
    spend: Scalar,
    quantum: DecapsulationKey768,
    address: Address,
}

/// The keys that a payer needs.
#[derive(Clone)]
pub struct Address {
    view: Point,
    spend: Point,
    quantum: EncapsulationKey768,
}

/// An output that a wallet has recognised.
#[derive(Clone)]
pub struct Owned {
    /// The secret of its target key.
    pub(crate) secret: Scalar,
    /// The number of coins.
    pub amount: u64,
    /// The memo of the payer.
    pub memo: Option<[u8; MEMO_BYTES]>,
}

/// A payment.
#[derive(Clone, Copy, Debug)]
pub struct Payment {
    /// The number of coins.
    pub amount: u64,
    /// The cluster that they count towards.
    pub cluster: u64,
    /// A text for the owner.
    pub memo: Option<[u8; MEMO_BYTES]>,
    /// Whether the memo's key comes from ML-KEM-768 as well as from the curve.
    pub quantum: bool,
}

impl Wallet {
    /// The same wallet for the same seed. The seed is enough to spend its coins.
    pub fn from_seed(seed: u64) -> Self {
        let mut source = random::source("wallet", seed, 0);
        let (view, spend) = (curve::scalar(&mut source), curve::scalar(&mut source));
        let quantum = DecapsulationKey768::from_seed(random::bytes::<64>(&mut source).into());
        let address = Address {
            view: curve::public(view),
            spend: curve::public(spend),
            quantum: quantum.encapsulation_key().clone(),
        };
        Self { view, spend, quantum, address }
    }

    /// The address of this wallet.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// The output as its owner sees it; `None` if it belongs to another wallet.
    pub fn recognise(&self, output: &Output) -> Option<Owned> {
        let shared = curve::times(curve::decompress(&output.public_key)?, self.view);
        let secret = curve::add(one_time(shared), self.spend);
        if curve::public(secret).compress().to_bytes() != output.target_key {
            return None;
        }
        let quantum = output.ciphertext.as_ref().map(|ciphertext| {
            let secret = self.quantum.decapsulate(&(**ciphertext).into());
            <[u8; 32]>::from(secret)
        });
        let memo = output.memo.as_ref().map(|memo| encrypt(**memo, shared, quantum));
        Some(Owned { secret, amount: output.amount, memo })
    }
}

impl Address {
    /// An output that pays this address.
    pub fn pay(&self, payment: Payment, source: &mut ChaCha20Rng) -> Output {
        let secret = curve::scalar(source);
        let shared = curve::times(self.view, secret);
        let target = curve::plus(curve::public(one_time(shared)), self.spend);
        let quantum = payment.quantum.then(|| {
            let random = random::bytes::<32>(source);
            self.quantum.encapsulate_deterministic(&random.into())
        });
        let key = quantum.as_ref().map(|(_, key)| <[u8; 32]>::from(*key));
        Output {
            amount: payment.amount,
            target_key: target.compress().to_bytes(),
            public_key: curve::public(secret).compress().to_bytes(),
            cluster: payment.cluster,
            memo: payment.memo.map(|memo| Box::new(encrypt(memo, shared, key))),
            ciphertext: quantum.map(|(ciphertext, _)| Box::new(ciphertext.into())),
        }
    }

    /// The keys for recognising and for spending, encoded.
    pub fn keys(&self) -> [[u8; 32]; 2] {
        [self.view, self.spend].map(|key| key.compress().to_bytes())
    }
}

/// The secret that payer and owner share, as a scalar.
fn one_time(shared: Point) -> Scalar {
    Scalar::hash([b"one-time".as_slice(), &shared.compress().to_bytes()].concat())
}

/// Encrypts, and decrypts: the key stream of ChaCha20 is added to the memo.
fn encrypt(
    mut memo: [u8; MEMO_BYTES],
    shared: Point,
    quantum: Option<[u8; 32]>,
) -> [u8; MEMO_BYTES] {
    let mut hasher = Sha256::new();
    hasher.update(b"memo");
    hasher.update(shared.compress().to_bytes());
    hasher.update(quantum.unwrap_or_default());
    let mut stream = [0; MEMO_BYTES];
    ChaCha20Rng::from_seed(hasher.finalize().into()).fill_bytes(&mut stream);
    memo.iter_mut().zip(stream).for_each(|(byte, key)| *byte ^= key);
    memo
}

impl fmt::Debug for Wallet {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.debug_struct("Wallet").field("address", &self.address).finish_non_exhaustive()
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [view, spend] = self.keys().map(crate::Hex);
        to.debug_struct("Address")
            .field("view", &view)
            .field("spend", &spend)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Owned {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.debug_struct("Owned").field("amount", &self.amount).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_owner_recognises_an_output_and_reads_its_memo() {
        let (owner, other) = (Wallet::from_seed(1), Wallet::from_seed(2));
        let mut source = random::source("test", 1, 1);
        for quantum in [false, true] {
            let memo = Some([7; MEMO_BYTES]);
            let payment = Payment { amount: 5, cluster: 3, memo, quantum };
            let output = owner.address().pay(payment, &mut source);
            assert_ne!(output.memo.as_deref(), Some(&[7; MEMO_BYTES]));
            let owned = owner.recognise(&output).unwrap();
            assert_eq!((owned.amount, owned.memo), (5, memo));
            assert!(other.recognise(&output).is_none());
        }
    }
}
