//! Python in WebAssembly: sandboxes that load from a file, and sessions that keep their state.
//!
//! A [`Sandbox`] is a loaded guest with its grants and its limits; a [`Session`] is one live
//! interpreter of it. A guest is CPython with numpy and pandas, which [`Guests`] fetches and compiles
//! once, or any WASI module that keeps to the protocol of [`Sandbox`].
//!
//! ```no_run
//! use sandbox::{Engine, EngineSettings, Guest, Guests, Sandbox};
//!
//! let engine = Engine::new(EngineSettings::default())?;
//! let installed = Guests::obtain(Guest::Numpy, &engine)?;
//! let sandbox = Sandbox::builder(&engine).python(&installed)?;
//!
//! let mut session = sandbox.session()?;
//! session.execute("import numpy as np; squares = np.arange(1000) ** 2")?;
//! let output = session.execute("print(int(squares.sum()))")?;
//! assert_eq!(output.stdout, "332833500\n");
//! # Ok::<(), sandbox::Error>(())
//! ```

mod builder;
mod capture;
mod clock;
mod door;
mod engine;
mod error;
mod grants;
mod guests;
mod image;
mod imports;
mod limits;
mod output;
mod pages;
mod precompiled;
mod sandbox;
mod session;
mod ticker;

pub use builder::SandboxBuilder;
pub use engine::{Allocator, Engine, EngineSettings};
pub use error::{Error, Result, Stream};
pub use grants::{Access, Grants};
pub use guests::{Guest, Guests, Installed, Order};
pub use limits::Limits;
pub use output::{Outcome, Output};
pub use pages::Trimmed;
pub use precompiled::{Precompiled, PrecompiledBytes};
pub use sandbox::Sandbox;
pub use session::Session;
