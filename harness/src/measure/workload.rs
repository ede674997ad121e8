//! A workload: code that can be prepared and then run once, with the lenses on.

use std::error::Error;
use std::fmt;
use std::path::Path;

use anyhow::Context as _;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::measure::measurement::Outcome;
use crate::measure::needs::Needs;
use crate::measure::probe::{Mode, sites};
use crate::measure::window;

/// The parameters of a case as `budgets.toml` has them.
pub(crate) type Params = Map<String, Value>;

type Check = Box<dyn Fn(&Params) -> anyhow::Result<()> + Send + Sync>;
type Run = Box<dyn Fn(&Params, Mode, Needs, &Path) -> Outcome + Send + Sync>;

/// A named workload of the crate under test; see [`workload`].
pub struct Workload {
    pub(crate) name: &'static str,
    check: Check,
    run: Run,
}

impl fmt::Debug for Workload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workload").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Workload {
    /// Parses `params` into the workload's own type, without running anything.
    pub(crate) fn check(&self, params: &Params) -> anyhow::Result<()> {
        (self.check)(params)
    }

    /// Prepares, then runs the work under `lens` and those that are needed besides; the recorder's
    /// tables are to lie at `tables`.
    pub(crate) fn run(&self, params: &Params, lens: Mode, needs: Needs, tables: &Path) -> Outcome {
        (self.run)(params, lens, needs, tables)
    }
}

/// Makes a workload of a `prepare` function. [`main!`](crate::main) calls this for each of its
/// arguments; call it yourself only to build a [`Embedded`](crate::Embedded) by hand.
///
/// `prepare` takes the parameters of the case and does, free of charge, all that is not to be
/// measured; the closure that it returns is the work, and what that returns is the answer. A
/// parameter that `P` does not know is refused.
///
/// ```
/// #[derive(serde::Deserialize)]
/// struct Params {
///     bytes: usize,
/// }
///
/// fn prepare(params: Params) -> Result<impl FnOnce() -> Result<usize, String>, String> {
///     Ok(move || Ok(vec![1u8; params.bytes].len()))
/// }
///
/// let fill = plimsoll::workload("fill", prepare);
/// ```
pub fn workload<P, W, A, E, F>(
    name: &'static str,
    prepare: impl Fn(P) -> Result<W, E> + Send + Sync + 'static,
) -> Workload
where
    P: DeserializeOwned,
    W: FnOnce() -> Result<A, F>,
    A: Serialize,
    E: Into<Box<dyn Error + Send + Sync>>,
    F: Into<Box<dyn Error + Send + Sync>>,
{
    let run = move |params: &Params, lens, needs, tables: &Path| {
        if let Err(reason) = window::ready(lens) {
            return Outcome::NotMeasured(reason.to_owned());
        }
        let recorder = sites::recorder(lens, tables);
        let work = parse(params).and_then(|params| {
            prepare(params).map_err(|error| anyhow::Error::from_boxed(error.into()))
        });
        match work {
            Ok(work) => window::measure(work, lens, needs, recorder),
            Err(error) => Outcome::NotMeasured(format!("preparing it failed: {error:#}")),
        }
    };
    Workload { name, check: Box::new(|params| parse::<P>(params).map(drop)), run: Box::new(run) }
}

/// Every parameter has to be one that `P` reads: a misspelt one would run the default.
fn parse<P: DeserializeOwned>(params: &Params) -> anyhow::Result<P> {
    let mut unknown = Vec::new();
    let table = Value::Object(params.clone());
    let parsed = serde_ignored::deserialize(table, |path| unknown.push(path.to_string()))
        .context("its params do not fit the workload")?;
    anyhow::ensure!(unknown.is_empty(), "its params hold unknown keys: {}", unknown.join(", "));
    Ok(parsed)
}
