//! A file that is not as it was written: an error for the process that opens it, and at most a
//! crash of the one that recovers it.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use jmt::RootHash;
use rayon::prelude::*;
use wire::{Compact, Directory, Error, Proving, Store};

use crate::world::{World, close, directory, open, recover};

/// A store that was closed, or left without a seal as by a killed process.
fn store(folder: &Path, closed: bool) -> PathBuf {
    let world = World::new(Store::Disk(open(folder).unwrap()), Proving::Together);
    match world.directory.into_store() {
        Store::Disk(disk) if closed => disk.close().unwrap(),
        unsealed => drop(unsealed),
    }
    folder.join("data.mdb")
}

fn flip(data: &Path, at: u64) {
    let file = OpenOptions::new().read(true).write(true).open(data).unwrap();
    let mut byte = [0];
    file.read_exact_at(&mut byte, at).unwrap();
    file.write_all_at(&[byte[0] ^ 1], at).unwrap();
}

/// Opens the store and verifies all accounts in it.
fn read(folder: &Path) -> wire::Result<Directory<Compact>> {
    let directory = directory(Store::Disk(open(folder)?), Proving::Together);
    for id in ["service", "anna", "bert"] {
        let (account, proof) = directory.prove(id)?;
        let value = account.ok_or(Error::UnknownAccount { account: id.into() })?.encode();
        let verified = proof.verify_existence(directory.root(), wire::key_of(id), value);
        verified.map_err(|source| Error::Proof { what: id.into(), source: Some(source) })?;
    }
    Ok(directory)
}

/// The same, and closes the store again.
fn root_of_closed(folder: &Path) -> RootHash {
    let directory = read(folder).unwrap();
    let root = directory.root();
    close(directory).unwrap();
    root
}

#[test]
fn an_undamaged_store_is_read_again() {
    let folder = tempfile::tempdir().unwrap();
    store(folder.path(), true);
    let root = root_of_closed(folder.path());
    assert_eq!(root_of_closed(folder.path()), root);
}

#[test]
fn an_unsealed_store_is_opened_after_its_recovery_only() {
    let folder = tempfile::tempdir().unwrap();
    store(folder.path(), false);
    let error = open(folder.path()).unwrap_err();
    assert!(matches!(error, Error::Unsealed { .. }), "{error}");
    assert!(error.to_string().contains("wire-recover"), "{error}");
    recover(folder.path()).unwrap();
    let root = root_of_closed(folder.path());
    recover(folder.path()).unwrap();
    assert_eq!(root_of_closed(folder.path()), root);
}

#[test]
fn a_flipped_bit_of_a_closed_store_is_damage() {
    let folder = tempfile::tempdir().unwrap();
    let data = store(folder.path(), true);
    let bytes = fs::metadata(&data).unwrap().len();
    for at in (0..bytes).step_by(251) {
        flip(&data, at);
        assert!(matches!(open(folder.path()), Err(Error::Damaged { .. })), "byte {at}");
        flip(&data, at);
    }
    read(folder.path()).unwrap();
}

#[test]
fn a_closed_store_that_is_shorter_or_gone_is_damage() {
    let folder = tempfile::tempdir().unwrap();
    let data = store(folder.path(), true);
    let bytes = fs::metadata(&data).unwrap().len();
    for kept in [bytes - 1, bytes / 2, 5000, 1, 0] {
        OpenOptions::new().write(true).open(&data).unwrap().set_len(kept).unwrap();
        assert!(matches!(open(folder.path()), Err(Error::Damaged { .. })), "{kept} bytes");
    }
    fs::remove_file(&data).unwrap();
    assert!(matches!(open(folder.path()), Err(Error::Damaged { .. })));
}

#[test]
fn a_file_of_something_else_is_neither_opened_nor_recovered() {
    for content in [&b"something else"[..], &[0; 100_000], &[0xff; 100_000]] {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data.mdb");
        fs::write(&data, content).unwrap();
        assert!(matches!(open(folder.path()), Err(Error::Unsealed { .. })));
        recover(folder.path()).unwrap_err();
        assert_eq!(fs::read(&data).unwrap(), content);
    }
}

/// Recovers a copy of a store's file that was changed, and reads it.
fn recovered(content: &[u8]) -> Result<RootHash, String> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("data.mdb"), content).unwrap();
    recover(folder.path())?;
    read(folder.path()).map(|directory| directory.root()).map_err(|error| error.to_string())
}

/// An unsealed store, as the bytes of its file, and its root.
fn unsealed() -> (Vec<u8>, RootHash) {
    let folder = tempfile::tempdir().unwrap();
    let content = fs::read(store(folder.path(), false)).unwrap();
    let root = recovered(&content).unwrap();
    (content, root)
}

#[test]
fn a_changed_record_of_an_unsealed_store_fits_no_checksum() {
    let (mut content, _) = unsealed();
    let found: Vec<_> =
        (0..content.len() - 5).filter(|&at| content[at..].starts_with(b"\x04anna")).collect();
    assert!(!found.is_empty(), "the account is not in the file");
    found.iter().for_each(|&at| content[at + 3] ^= 1);
    let error = recovered(&content).unwrap_err();
    assert!(error.contains("does not fit its checksum"), "{error}");
}

#[test]
fn an_unsealed_store_that_is_cut_is_not_recovered() {
    let (content, _) = unsealed();
    let kept = 3 * 4096;
    assert!(content.len() > kept, "{}", content.len());
    recovered(&content[..kept]).unwrap_err();
}

/// Each page in turn, overwritten: the recovery fails, or the page was not in use.
#[test]
fn an_overwritten_page_of_an_unsealed_store_is_noticed() {
    let (pristine, root) = unsealed();
    let (mut noticed, pages) = (0, pristine.len() / 4096);
    for page in 2..pages {
        for garbage in [0x00, 0x01, 0xa5] {
            let mut content = pristine.clone();
            content[page * 4096 + 8..(page + 1) * 4096].fill(garbage);
            match recovered(&content) {
                Ok(read) => assert_eq!(read, root, "page {page} of {garbage}"),
                Err(_) => noticed += 1,
            }
        }
    }
    // In use are at least a page of each of the three tables, and the page that lists them.
    assert!(noticed >= 4 * 3, "{noticed} of {} were noticed", (pages - 2) * 3);
}

/// Bits of an unsealed store, likewise.
#[test]
fn a_flipped_bit_of_an_unsealed_store_is_noticed() {
    let (pristine, root) = unsealed();
    let noticed = (2 * 4096..pristine.len()).into_par_iter().step_by(37).filter(|&at| {
        let mut content = pristine.clone();
        content[at] ^= 1 << (at % 8);
        let read = recovered(&content);
        assert!(read.as_ref().is_err() || read == Ok(root), "byte {at}: {read:?}");
        read.is_err()
    });
    let noticed = noticed.count();
    assert!(noticed > 20, "{noticed} were noticed");
}
