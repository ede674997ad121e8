//! A directory with one service, and the keys of some users.

use std::path::Path;
use std::process::Command;

use ed25519_consensus::SigningKey;
use wire::operation::{ServiceChallenge, SignedData, admission};
use wire::store::Options;
use wire::{Compact, Directory, Disk, Keys as _, Operation, Proving, Store, Threads, Transaction};

pub(crate) type Tx = Transaction<Compact>;

pub(crate) struct World {
    pub(crate) directory: Directory<Compact>,
}

pub(crate) fn key(number: u8) -> SigningKey {
    SigningKey::from([number; 32])
}

/// The key of the service.
pub(crate) fn service() -> SigningKey {
    key(255)
}

pub(crate) fn directory(store: Store, proving: Proving) -> Directory<Compact> {
    Directory::open(store, proving, Threads::start(1).unwrap()).unwrap()
}

pub(crate) fn open(folder: &Path) -> wire::Result<Disk> {
    Disk::open(folder, Options { durable: false, ..Options::default() })
}

/// Closes the store of a directory, which seals it.
pub(crate) fn close(directory: Directory<Compact>) -> wire::Result<()> {
    match directory.into_store() {
        Store::Disk(disk) => disk.close(),
        Store::Memory(_) => Ok(()),
    }
}

/// Runs `wire-recover`: the error that it prints, or the signal that ends it.
pub(crate) fn recover(folder: &Path) -> Result<(), String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wire-recover"));
    // To resolve a backtrace takes a hundred times as long as the recovery.
    let output = command.arg(folder).env("RUST_LIB_BACKTRACE", "0").output().unwrap();
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{}: {}", output.status, String::from_utf8_lossy(&output.stderr)))
}

pub(crate) fn register(id: &str) -> Tx {
    let key = Compact::of(&service());
    let operation = Operation::RegisterService { challenge: ServiceChallenge::Signed(key), key };
    Transaction::sign(id.into(), 0, operation, &service())
}

pub(crate) fn create(id: &str, by: &SigningKey) -> Tx {
    let key = Compact::of(by);
    let admission = service().sign(&admission(id, "service", &Compact::bytes(&key)));
    let operation = Operation::CreateAccount { service: "service".into(), admission, key };
    Transaction::sign(id.into(), 0, operation, by)
}

pub(crate) fn add(id: &str, nonce: u64, new: &SigningKey, by: &SigningKey) -> Tx {
    Transaction::sign(id.into(), nonce, Operation::AddKey { key: Compact::of(new) }, by)
}

pub(crate) fn revoke(id: &str, nonce: u64, old: &SigningKey, by: &SigningKey) -> Tx {
    Transaction::sign(id.into(), nonce, Operation::RevokeKey { key: Compact::of(old) }, by)
}

pub(crate) fn set(id: &str, nonce: u64, data: &[u8], by: &SigningKey) -> Tx {
    let (key, signature) = (Compact::of(by), by.sign(data));
    let data = SignedData { key, data: data.to_vec(), signature };
    Transaction::sign(id.into(), nonce, Operation::SetData { data }, by)
}

impl World {
    /// A service, `anna` with keys 1 and 2, and `bert` with key 3.
    pub(crate) fn new(store: Store, proving: Proving) -> Self {
        let mut directory = directory(store, proving);
        directory.enter(vec![register("service")]).unwrap();
        let anna = [create("anna", &key(1)), add("anna", 1, &key(2), &key(1))];
        directory.enter([&anna[..], &[create("bert", &key(3))]].concat()).unwrap();
        Self { directory }
    }

    pub(crate) fn both() -> [Self; 2] {
        [Proving::Each, Proving::Together].map(|proving| Self::new(Store::memory(), proving))
    }
}
