//! Drives a store by hand: `cargo run -p storage --example blobs -- --root FOLDER put FILE`.
#![expect(clippy::print_stdout, reason = "a command line tool answers on stdout")]

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::PathBuf;

use clap::{Parser, Subcommand};
use storage::{Digest, Options, Store};

/// Puts, gets and checks blobs in a content-addressed store.
#[derive(Parser)]
struct Arguments {
    /// The store's folder; its roots are `hot` and `cold` below it.
    #[arg(long)]
    root: PathBuf,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Stores a file, or stdin (`-`), and prints its digest.
    Put { file: PathBuf },
    /// Writes a blob to stdout, verified.
    Get { digest: Digest },
    /// Compares a blob with its name.
    Verify { digest: Digest },
    /// Moves a blob to the cold root, compressed.
    Cool { digest: Digest },
    /// Deletes a blob.
    Rm { digest: Digest },
    /// Lists all blobs: digest, bytes, bytes on the disk, tier.
    Ls,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let Arguments { root, verb } = Arguments::parse();
    let store = Store::open(Options::new(root.join("hot"), root.join("cold"))).await?;
    match verb {
        Verb::Put { file } => println!("{}", store.put(source(file)?).await?.digest),
        Verb::Get { digest } => store.get(&digest, io::stdout()).await?.flush()?,
        Verb::Verify { digest } => println!("{} bytes, intact", store.verify(&digest).await?),
        Verb::Cool { digest } => print(&store, &store.cool(&digest).await?.digest).await?,
        Verb::Rm { digest } => store.delete(&digest).await?,
        Verb::Ls => {
            for digest in store.list().await? {
                print(&store, &digest).await?;
            }
        }
    }
    Ok(())
}

fn source(file: PathBuf) -> io::Result<Box<dyn Read + Send>> {
    match file.to_str() {
        Some("-") => Ok(Box::new(io::stdin())),
        _ => Ok(Box::new(File::open(file)?)),
    }
}

async fn print(store: &Store, digest: &Digest) -> anyhow::Result<()> {
    let stat = store.stat(digest).await?;
    println!("{digest} {:>12} {:>12} {:?}", stat.bytes, stat.stored_bytes, stat.tier);
    Ok(())
}
