//! Fetches the guests and compiles them, so that tests and programs find them in the cache.
//!
//! `cargo run -p sandbox --bin guests` makes those that the tests want; one argument, an order in
//! JSON such as `{"guest": "numpy", "settings": {"fuel": true}}`, makes one.
#![expect(clippy::print_stderr, reason = "a person waits and wants to know for what")]

use std::env;
use std::process::ExitCode;

use sandbox::{EngineSettings, Error, Guest, Guests, Order};

fn main() -> ExitCode {
    match orders().and_then(|orders| orders.into_iter().try_for_each(make)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(said) => {
            eprintln!("{said}");
            ExitCode::FAILURE
        }
    }
}

fn orders() -> Result<Vec<Order>, String> {
    let order = |guest, settings| Order { guest, settings };
    match env::args().nth(1) {
        Some(text) => match serde_json::from_str(&text) {
            Ok(order) => Ok(vec![order]),
            Err(error) => {
                Err(format!("`{text}` is no order: {error}; try {{\"guest\": \"numpy\"}}"))
            }
        },
        None => Ok(vec![
            order(Guest::Numpy, EngineSettings::default()),
            order(Guest::Python, EngineSettings::default()),
            order(Guest::Numpy, EngineSettings { memory_init_cow: false, ..Default::default() }),
        ]),
    }
}

fn make(order: Order) -> Result<(), String> {
    let installed = Guests::install(order, &mut |step| eprintln!("{step}")).map_err(full)?;
    eprintln!("ready: {}", installed.precompiled().path().display());
    Ok(())
}

fn full(error: Error) -> String {
    let causes = std::iter::successors(std::error::Error::source(&error), |error| error.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
