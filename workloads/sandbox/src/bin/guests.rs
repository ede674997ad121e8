//! Fetches and compiles the guests, so that tests and programs find them in the cache.
//!
//! `cargo run -p sandbox --bin guests` makes the guests of the tests. With one argument, an order in
//! JSON such as `{"guest": "numpy", "settings": {"fuel": true}}`, it makes that guest.
#![expect(clippy::print_stderr, reason = "a person waits and reads the progress")]

use std::env;

use anyhow::Context as _;
use sandbox::{EngineSettings, Guest, Guests, Order};

fn main() -> anyhow::Result<()> {
    for order in orders()? {
        let installed = Guests::install(order, &mut |step| eprintln!("{step}"))?;
        eprintln!("ready: {}", installed.precompiled().path().display());
    }
    Ok(())
}

fn orders() -> anyhow::Result<Vec<Order>> {
    if let Some(text) = env::args().nth(1) {
        let order = serde_json::from_str(&text);
        let message = || format!("`{text}` is no order; try {{\"guest\": \"numpy\"}}");
        return Ok(vec![order.with_context(message)?]);
    }
    let mapped = EngineSettings::default();
    let copied = EngineSettings { memory_init_cow: false, ..mapped };
    let limited = EngineSettings { reserved_bytes: Some(256 << 20), ..mapped };
    let wanted = [
        (Guest::Numpy, mapped),
        (Guest::Python, mapped),
        (Guest::Numpy, copied),
        (Guest::Numpy, limited),
    ];
    Ok(wanted.map(|(guest, settings)| Order { guest, settings }).into())
}
