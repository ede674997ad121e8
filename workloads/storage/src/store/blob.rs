//! An open blob: its plain bytes, however they are stored.

use std::io::{self, BufRead, BufReader, Read};
use std::path::PathBuf;

use zstd::stream::read::Decoder;
use zstd::zstd_safe;

use super::stat::Tier;
use crate::{Digest, Error, Files, Hasher, Result, buffer};

/// A frame may ask its decoder for no more than 2²³ = 8 MiB of window; level 3 asks for 2 MiB.
const WINDOW_LOG_MAX: u32 = 23;

pub(super) struct Blob<R: Read> {
    pub(super) source: Source<R>,
    /// The length of the plain bytes.
    pub(super) bytes: u64,
    pub(super) stored_bytes: u64,
    pub(super) tier: Tier,
    pub(super) path: PathBuf,
    digest: Digest,
}

pub(super) enum Source<R: Read> {
    Plain(R),
    Packed(Box<Decoder<'static, BufReader<R>>>),
}

impl<R: Read> Blob<R> {
    pub(super) fn new<F: Files<File = R>>(
        files: &F,
        file: R,
        path: PathBuf,
        digest: &Digest,
        tier: Tier,
        packed: bool,
    ) -> Result<Self> {
        let stored_bytes = files.bytes(&file).map_err(Error::at("measure", &path))?;
        let (source, bytes) = match packed {
            false => (Source::Plain(file), stored_bytes),
            true => unpack(file).map_err(|source| Error::Damaged { digest: *digest, source })?,
        };
        Ok(Self { source, bytes, stored_bytes, tier, path, digest: *digest })
    }

    pub(super) fn packed(&self) -> bool {
        matches!(self.source, Source::Packed(_))
    }

    pub(super) fn file(&self) -> &R {
        match &self.source {
            Source::Plain(file) => file,
            Source::Packed(decoder) => decoder.get_ref().get_ref(),
        }
    }

    /// Gives a read error its meaning.
    pub(super) fn failed(&self, error: io::Error) -> Error {
        match &self.source {
            Source::Plain(_) => Error::at("read", &self.path)(error),
            Source::Packed(_) => Error::Damaged { digest: self.digest, source: error },
        }
    }

    /// Judges `found` bytes that ended: their count always, their hash if one was made.
    pub(super) fn judge(&self, found: u64, hash: Option<Digest>) -> Result<()> {
        if found < self.bytes {
            return Err(Error::Truncated { expected: self.bytes, found });
        }
        match hash {
            Some(hash) if hash != self.digest => {
                Err(Error::Wrong { digest: self.digest, found: hash, bytes: found })
            }
            _ => Ok(()),
        }
    }

    /// Passes every chunk to `each`, through one buffer; hashes on the way if `verify`.
    pub(super) fn pass(
        &mut self,
        verify: bool,
        mut each: impl FnMut(&[u8]) -> Result<()>,
    ) -> Result<u64> {
        let mut buffer = buffer::io();
        let mut hasher = verify.then(Hasher::default);
        let mut found = 0;
        loop {
            let read = match self.source.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(self.failed(error)),
            };
            if let Some(hasher) = &mut hasher {
                hasher.update(&buffer[..read]);
            }
            each(&buffer[..read])?;
            found += read as u64;
        }
        self.judge(found, hasher.map(Hasher::finish))?;
        Ok(found)
    }
}

fn unpack<R: Read>(file: R) -> io::Result<(Source<R>, u64)> {
    let mut reader = BufReader::with_capacity(buffer::IO_BYTES, file);
    let bytes = zstd_safe::get_frame_content_size(reader.fill_buf()?)
        .map_err(|_| io::Error::other("not a zstd frame"))?
        .ok_or_else(|| io::Error::other("the frame does not state its length"))?;
    let mut decoder = Decoder::with_buffer(reader)?;
    decoder.window_log_max(WINDOW_LOG_MAX)?;
    Ok((Source::Packed(Box::new(decoder)), bytes))
}

/// Only `read`, on purpose: `File::read_to_end` would ask for the length itself and reserve it, and
/// then the caller's buffer would not be the one place that decides.
impl<R: Read> Read for Source<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(file) => file.read(buffer),
            Self::Packed(decoder) => decoder.read(buffer),
        }
    }
}
