//! The store. Each operation runs whole on one blocking thread.

mod blob;
mod cancel;
mod cool;
mod delete;
mod get;
mod list;
mod map;
mod put;
mod root;
mod roots;
mod stat;
mod temporary;
mod whole;

use std::fmt;
use std::io::{Read, Write};
use std::sync::Arc;

use tokio::io::AsyncRead;
use tokio::sync::Semaphore;
use tokio::task;

use self::cancel::Cancel;
use self::roots::Roots;
#[cfg(doc)]
use crate::Error;
use crate::{Digest, Disk, Files, Options, Pool, Pooled, Result, buffer};

pub use self::map::Mapped;
pub use self::put::Stored;
pub use self::stat::{Stat, Tier};

/// A content-addressed store of blobs. Clones share it; all methods may run at once.
///
/// Its futures need a tokio runtime. Dropping one stops its operation at the next 256 KiB and takes
/// back what it wrote; a put whose last step is already under way may still finish.
///
/// # Errors
/// Every operation: [`Error::Io`] where the file system refuses, [`Error::Full`] where there is no room,
/// [`Error::Lost`] when the runtime shuts down under it. Those that look a blob up: [`Error::Unknown`]. Those
/// that read one: [`Error::Truncated`], [`Error::Damaged`] for a compressed one, and [`Error::Wrong`] where
/// it is verified. Each method lists its further errors.
pub struct Store<F: Files = Disk> {
    roots: Arc<Roots<F>>,
    slots: Arc<Semaphore>,
}

impl Store {
    /// Opens a store on the machine's file system, creating its roots if need be.
    ///
    /// Temporary files of writers that were killed are swept, unless another process has the same
    /// root open (its lock on the file `lock` shows that).
    pub async fn open(options: Options) -> Result<Self> {
        Self::open_on(Disk, options).await
    }

    /// Maps a blob into memory instead of copying it; a compressed one is read into a buffer.
    pub async fn map(&self, digest: &Digest) -> Result<Mapped> {
        let digest = *digest;
        self.run(move |roots| map::map(roots, &digest)).await
    }
}

impl<F: Files> Store<F> {
    /// Opens a store on the file system `files`; see [`Store::open`].
    pub async fn open_on(files: F, options: Options) -> Result<Self> {
        let slots = Arc::new(Semaphore::new(options.concurrent.max(1)));
        let roots = task::spawn_blocking(|| Roots::open(files, options)).await??;
        Ok(Self { roots: Arc::new(roots), slots })
    }

    /// Puts all that `source` gives, through one buffer of 256 KiB.
    ///
    /// The source is read on a blocking thread. [`Error::Caller`] if it fails, [`Error::Full`] if
    /// the disk does.
    pub async fn put(&self, source: impl Read + Send + 'static) -> Result<Stored> {
        self.run_cancellable(move |roots, cancel| put::put(roots, source, cancel)).await
    }

    /// Puts all that an asynchronous source gives; otherwise like [`put`](Self::put).
    pub async fn put_stream<S>(&self, source: S) -> Result<Stored>
    where
        S: AsyncRead + Unpin + Send + 'static,
    {
        let runtime = tokio::runtime::Handle::current();
        let work = move |roots: &Roots<F>, cancel: &Cancel| {
            put::put(roots, cancel.bridge(runtime, source), cancel)
        };
        self.run_cancellable(work).await
    }

    /// Puts bytes that are in memory. A blob that is there already costs its hash and no write.
    pub async fn put_bytes<B>(&self, bytes: B) -> Result<Stored>
    where
        B: AsRef<[u8]> + Send + 'static,
    {
        let work =
            move |roots: &Roots<F>, cancel: &Cancel| put::put_bytes(roots, bytes.as_ref(), cancel);
        self.run_cancellable(work).await
    }

    /// Writes a blob into `sink` through one buffer of 256 KiB; gives the sink back.
    ///
    /// The comparison with the name comes last: on [`Error::Wrong`] or [`Error::Truncated`] the sink
    /// has seen bytes that must not be trusted.
    pub async fn get<W>(&self, digest: &Digest, mut sink: W) -> Result<W>
    where
        W: Write + Send + 'static,
    {
        let digest = *digest;
        let work = move |roots: &Roots<F>, cancel: &Cancel| {
            get::get(roots, &digest, &mut sink, cancel).map(|_| sink)
        };
        self.run_cancellable(work).await
    }

    /// Compares a blob with its name, even where [`Options::verify`] is off; its length in bytes.
    pub async fn verify(&self, digest: &Digest) -> Result<u64> {
        let digest = *digest;
        self.run_cancellable(move |roots, cancel| get::verify(roots, &digest, cancel)).await
    }

    /// Reads a whole blob into one buffer of exactly its size.
    pub async fn read(&self, digest: &Digest) -> Result<Vec<u8>> {
        self.read_with(digest, buffer::presized).await
    }

    /// Reads a whole blob into the buffer that `room` gives for its length in bytes.
    pub async fn read_with<R>(&self, digest: &Digest, room: R) -> Result<Vec<u8>>
    where
        R: FnOnce(u64) -> Vec<u8> + Send + 'static,
    {
        let digest = *digest;
        self.run(move |roots| whole::read(roots, &digest, room)).await
    }

    /// Reads a whole blob into a buffer of `pool`, where it returns when dropped.
    pub async fn read_pooled(&self, digest: &Digest, pool: &Pool) -> Result<Pooled> {
        let lender = pool.clone();
        let buffer = self.read_with(digest, move |bytes| lender.take(bytes)).await?;
        Ok(pool.lend(buffer))
    }

    /// What is known of a blob without reading it.
    pub async fn stat(&self, digest: &Digest) -> Result<Stat> {
        let digest = *digest;
        self.run(move |roots| stat::stat(roots, &digest)).await
    }

    /// Moves a blob to the cold root, verified on the way, compressed if [`Options::compress`] is on.
    pub async fn cool(&self, digest: &Digest) -> Result<Stat> {
        let digest = *digest;
        self.run_cancellable(move |roots, cancel| cool::cool(roots, &digest, cancel)).await
    }

    /// Deletes a blob, hot and cold. [`Error::Unknown`] if there is none.
    pub async fn delete(&self, digest: &Digest) -> Result<()> {
        let digest = *digest;
        self.run(move |roots| delete::delete(roots, &digest)).await
    }

    /// The names of all blobs, sorted.
    pub async fn list(&self) -> Result<Vec<Digest>> {
        self.run(list::list).await
    }

    async fn run<T, W>(&self, work: W) -> Result<T>
    where
        T: Send + 'static,
        W: FnOnce(&Roots<F>) -> Result<T> + Send + 'static,
    {
        let slots = Arc::clone(&self.slots);
        let permit = slots.acquire_owned().await.expect("the store never closes its semaphore");
        let roots = Arc::clone(&self.roots);
        let work = move || {
            let done = work(&roots);
            // The slot belongs to the thread and not to the future: a cancelled operation keeps its
            // slot until it has stopped.
            drop(permit);
            done
        };
        task::spawn_blocking(work).await?
    }

    async fn run_cancellable<T, W>(&self, work: W) -> Result<T>
    where
        T: Send + 'static,
        W: FnOnce(&Roots<F>, &Cancel) -> Result<T> + Send + 'static,
    {
        let cancel = Cancel::default();
        let _when_dropped = cancel.guard();
        self.run(move |roots| work(roots, &cancel)).await
    }
}

impl<F: Files> Clone for Store<F> {
    fn clone(&self) -> Self {
        Self { roots: Arc::clone(&self.roots), slots: Arc::clone(&self.slots) }
    }
}

impl<F: Files> fmt::Debug for Store<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("options", &self.roots.options).finish_non_exhaustive()
    }
}
