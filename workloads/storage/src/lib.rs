//! A content-addressed blob store in async Rust.
//!
//! A blob is named by the SHA-256 of its bytes and lies in `ab/cdef…` below a *hot* root; blobs that
//! are seldom read move to a *cold* root, compressed if wished. A name appears only when its blob is
//! complete, and what is read is compared with its name.
//!
//! ```
//! # let folder = tempfile::tempdir().unwrap();
//! # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
//! use storage::{Options, Store};
//!
//! # runtime.block_on(async {
//! let options = Options::new(folder.path().join("hot"), folder.path().join("cold"));
//! let store = Store::open(options).await?;
//! let stored = store.put_bytes("a plain sentence").await?;
//! assert_eq!(store.read(&stored.digest).await?, b"a plain sentence");
//! # Ok::<(), storage::Error>(())
//! # }).unwrap();
//! ```
//!
//! Every operation runs whole on one blocking thread, over `std::fs`: one hop instead of one for each
//! chunk, and an error is returned by the call that failed (tokio's `File` reports a failed write
//! only later, and loses the last one). At most [`Options::concurrent`] operations run at once.

mod buffer;
mod digest;
mod error;
mod files;
mod options;
mod pool;
mod store;

pub use digest::{Digest, Hasher};
pub use error::{Error, Result};
pub use files::{Disk, Files};
pub use options::Options;
pub use pool::{Pool, Pooled};
pub use store::{Mapped, Stat, Store, Stored, Tier};
