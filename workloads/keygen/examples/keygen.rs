//! Makes a key, and signs with it, for comparison with another implementation:
//!
//! `cargo run --release -p keygen --example keygen -- --log-lifetime 10 --prf-key HEX --parameter
//! 1,2,3,4,5 --retain whole --sign 3 --message HEX`
#![expect(clippy::print_stdout, reason = "a command line tool answers on stdout")]

use anyhow::Context;
use clap::Parser;
use keygen::{
    Digest, Epoch, FieldElement, KeyGeneration, Lifetime, Parameter, Seed, Signature, SimdBackend,
    TreeRetention, simd_backend,
};
use serde::Serialize;

#[expect(dead_code, reason = "only a workload starts threads in a way of its own")]
#[path = "../tests/budgets/workers.rs"]
mod workers;

use workers::Workers;

/// Prints the public key, and a signature if `--sign` is given, as JSON in canonical field elements.
#[derive(Parser)]
struct Arguments {
    /// log2 of the number of epochs: even, 4 … 32.
    #[arg(long)]
    log_lifetime: u8,
    /// The key of the pseudorandom function: 64 hex digits.
    #[arg(long)]
    prf_key: String,
    /// The public parameter: five integers below 2130706433.
    #[arg(long, required = true, value_delimiter = ',')]
    parameter: Vec<u32>,
    /// How much of the tree is kept: root, top or whole. A root signs nothing, so that with `--sign`
    /// the top tree is kept in its place.
    #[arg(long, default_value_t)]
    retain: TreeRetention,
    /// The epoch to sign in.
    #[arg(long, requires = "message")]
    sign: Option<u32>,
    /// The message to sign: 64 hex digits.
    #[arg(long, requires = "sign")]
    message: Option<String>,
    /// The instructions: scalar, avx2, avx512 or avx512ifma (default: the best there are).
    #[arg(long)]
    backend: Option<SimdBackend>,
    /// How many threads (default: one for each processor).
    #[arg(long)]
    threads: Option<usize>,
}

/// The names are those of the file of known answers.
#[derive(Serialize)]
struct Answer {
    log_lifetime: Lifetime,
    parameter: Parameter,
    root: Digest,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    signatures: Vec<Signed>,
}

#[derive(Serialize)]
struct Signed {
    epoch: Epoch,
    message: String,
    #[serde(flatten)]
    signature: Signature,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let answer = match arguments.threads {
        Some(threads) => Workers::start(threads)?.run(|| answer(&arguments)),
        None => answer(&arguments),
    }?;
    println!("{}", serde_json::to_string_pretty(&answer)?);
    Ok(())
}

fn answer(arguments: &Arguments) -> anyhow::Result<Answer> {
    let backend = arguments.backend.unwrap_or_else(simd_backend);
    anyhow::ensure!(backend.is_available(), "this machine has no {backend}; try scalar");
    let lifetime = Lifetime::new(arguments.log_lifetime)?;
    let generation = KeyGeneration { backend, ..KeyGeneration::new(lifetime) };
    let parameter = parameter(&arguments.parameter)?;
    let seed = Seed::new(bytes(&arguments.prf_key).context("--prf-key")?);
    // Of a root alone there is no path to sign with. The public key is the same.
    let retention = match (arguments.retain, arguments.sign) {
        (TreeRetention::RootOnly, Some(_)) => TreeRetention::TopAndBottomTrees,
        (retention, _) => retention,
    };
    let (public, mut secret) = generation.retaining(retention).run(seed, parameter)?;

    let mut signatures = Vec::new();
    if let (Some(epoch), Some(message)) = (arguments.sign, &arguments.message) {
        let (epoch, digits) = (Epoch(epoch), bytes(message).context("--message")?);
        let number = u64::from(epoch.0);
        // No move of the window leads to an epoch that is not active.
        while secret.active_epochs().contains(&number)
            && number >= secret.prepared_epochs().end
            && secret.advance_preparation()
        {}
        let signature = secret.sign(epoch, &digits)?;
        public.verify(epoch, &digits, &signature)?;
        signatures.push(Signed { epoch, message: message.clone(), signature });
    }
    Ok(Answer { log_lifetime: lifetime, parameter, root: *public.root(), signatures })
}

fn parameter(values: &[u32]) -> anyhow::Result<Parameter> {
    let elements: Option<Vec<_>> = values.iter().copied().map(FieldElement::new).collect();
    let elements = elements.and_then(|elements| elements.try_into().ok());
    let said = "--parameter takes five integers below 2130706433, for example 1,2,3,4,5";
    Ok(Parameter::new(elements.context(said)?))
}

fn bytes(hex: &str) -> anyhow::Result<[u8; 32]> {
    let plain = hex.len() == 64 && hex.bytes().all(|digit| digit.is_ascii_hexdigit());
    anyhow::ensure!(plain, "`{hex}` is not 32 bytes; write 64 hex digits");
    let mut bytes = [0; 32];
    for (byte, at) in bytes.iter_mut().zip((0..64).step_by(2)) {
        *byte = u8::from_str_radix(&hex[at..at + 2], 16)?;
    }
    Ok(bytes)
}
