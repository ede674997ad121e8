//! A file that is not what was written: an error, not a crash.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use wire::{Error, Proving, Store};

use crate::world::{World, directory, open};

/// A store that was closed, or abandoned as by a killed process.
fn store(folder: &Path, closed: bool) -> PathBuf {
    let world = World::new(Store::Disk(open(folder).unwrap()), Proving::Together);
    match world.directory.into_store() {
        Store::Disk(disk) if closed => disk.close().unwrap(),
        _ => {}
    }
    folder.join("data.mdb")
}

fn flip(data: &Path, at: u64) {
    let file = OpenOptions::new().read(true).write(true).open(data).unwrap();
    let mut byte = [0];
    file.read_exact_at(&mut byte, at).unwrap();
    file.write_all_at(&[byte[0] ^ 1], at).unwrap();
}

/// Opens and reads all that there is.
fn read(folder: &Path) -> wire::Result<()> {
    let directory = directory_of(folder)?;
    for id in ["service", "anna", "bert"] {
        let (account, proof) = directory.prove(id)?;
        let value = account.ok_or(Error::UnknownAccount { account: id.into() })?.encode();
        let verified = proof.verify_existence(directory.root(), wire::key_of(id), value);
        verified.map_err(|source| Error::Proof { what: id.into(), source: Some(source) })?;
    }
    Ok(())
}

fn directory_of(folder: &Path) -> wire::Result<wire::Directory<wire::Compact>> {
    Ok(directory(Store::Disk(open(folder)?), Proving::Together))
}

#[test]
fn what_was_not_damaged_is_read() {
    for closed in [true, false] {
        let folder = tempfile::tempdir().unwrap();
        store(folder.path(), closed);
        read(folder.path()).unwrap();
    }
}

#[test]
fn any_bit_of_a_closed_store() {
    let folder = tempfile::tempdir().unwrap();
    let data = store(folder.path(), true);
    let bytes = fs::metadata(&data).unwrap().len();
    for at in (0..bytes).step_by(251) {
        flip(&data, at);
        assert!(matches!(open(folder.path()), Err(Error::Damaged { .. })), "byte {at}");
        flip(&data, at);
    }
    open(folder.path()).unwrap();
}

#[test]
fn a_closed_store_that_is_shorter_or_gone() {
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
fn a_file_of_something_else() {
    for content in [&b"something else"[..], &[0; 100_000], &[0xff; 100_000]] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("data.mdb"), content).unwrap();
        assert!(matches!(open(folder.path()), Err(Error::Damaged { .. })));
    }
}

/// Without a seal, a record is still compared with its checksum when it is read.
#[test]
fn a_record_of_an_abandoned_store() {
    let folder = tempfile::tempdir().unwrap();
    let data = store(folder.path(), false);
    let content = fs::read(&data).unwrap();
    let found: Vec<_> =
        (0..content.len() - 5).filter(|&at| content[at..].starts_with(b"\x04anna")).collect();
    assert!(!found.is_empty(), "the account is not in the file");
    found.iter().for_each(|&at| flip(&data, at as u64 + 3));
    assert!(matches!(read(folder.path()), Err(Error::Tree { .. } | Error::Damaged { .. })));
}

/// Without a seal, and with the end gone: where pages are missing, reading fails.
#[test]
fn an_abandoned_store_that_is_cut() {
    let folder = tempfile::tempdir().unwrap();
    let data = store(folder.path(), false);
    let bytes = fs::metadata(&data).unwrap().len();
    let kept = 3 * 4096;
    assert!(bytes > kept, "{bytes}");
    OpenOptions::new().write(true).open(&data).unwrap().set_len(kept).unwrap();
    assert!(read(folder.path()).is_err());
}

/// Each page in turn, overwritten: it is noticed, or it was not in use. A crash would end all tests.
#[test]
fn any_page_of_an_abandoned_store() {
    let folder = tempfile::tempdir().unwrap();
    let pristine = fs::read(store(folder.path(), false)).unwrap();
    let (mut noticed, pages) = (0, pristine.len() / 4096);
    for page in 2..pages {
        for garbage in [0x00, 0x01, 0xa5] {
            let folder = tempfile::tempdir().unwrap();
            let mut content = pristine.clone();
            content[page * 4096 + 8..(page + 1) * 4096].fill(garbage);
            fs::write(folder.path().join("data.mdb"), content).unwrap();
            noticed += usize::from(read(folder.path()).is_err());
        }
    }
    // In use are at least a page of each of the three tables, and the page that lists them.
    assert!(noticed >= 4 * 3, "{noticed} of {} were noticed", (pages - 2) * 3);
}

/// Bits of an abandoned store, likewise.
#[test]
fn any_bit_of_an_abandoned_store() {
    let folder = tempfile::tempdir().unwrap();
    let pristine = fs::read(store(folder.path(), false)).unwrap();
    let mut noticed = 0;
    for at in (2 * 4096..pristine.len()).step_by(37) {
        let folder = tempfile::tempdir().unwrap();
        let mut content = pristine.clone();
        content[at] ^= 1 << (at % 8);
        fs::write(folder.path().join("data.mdb"), content).unwrap();
        noticed += usize::from(read(folder.path()).is_err());
    }
    assert!(noticed > 20, "{noticed} were noticed");
}
