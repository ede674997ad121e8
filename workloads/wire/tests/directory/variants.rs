//! All variants reach the same roots, in every run.

use jmt::RootHash;
use wire::simulation::Counts;
use wire::{Simulation, Variant};

use crate::{encoded_batch, hour, membership, preparation, preparation_and_hours};

const USERS: u32 = 300;

fn run(variant: Variant, seed: u64, threads: usize) -> ([RootHash; 3], [Counts; 3]) {
    let folder = tempfile::tempdir().unwrap();
    let mut simulation = Simulation::new(variant, USERS, seed, threads, folder.path()).unwrap();
    let mut steps = [(); 3].map(|()| (RootHash([0; 32]), Counts::default()));
    for (number, step) in steps.iter_mut().enumerate() {
        let counts = match number {
            0 => simulation.prepare(|_| ()).unwrap(),
            _ => simulation.hour().unwrap(),
        };
        *step = (simulation.root(), counts);
    }
    (steps.map(|step| step.0), steps.map(|step| step.1))
}

#[test]
fn all_variants_reach_the_same_roots() {
    let (roots, _) = run(Variant::Plain, 7, 1);
    for variant in Variant::ALL {
        for threads in [1, 2] {
            assert_eq!(run(variant, 7, threads).0, roots, "{variant} on {threads} threads");
        }
    }
}

#[test]
fn the_seed_decides_roots_and_bytes() {
    for variant in [Variant::Plain, Variant::Lean] {
        let (roots, counts) = run(variant, 7, 2);
        assert_eq!((roots, counts), run(variant, 7, 2), "{variant}");
        assert_ne!(roots, run(variant, 8, 2).0, "{variant}");
    }
}

// 41 + 250 + 20 = 311.
#[test]
fn an_hour_is_311_verified_proofs() {
    for variant in Variant::ALL {
        let (_, [prepared, hours @ ..]) = run(variant, 7, 1);
        assert_eq!(prepared.transactions, u64::from(USERS));
        for hour in hours {
            assert_eq!((hour.transactions, hour.verified), (311, 311), "{variant}");
            assert!(hour.proof_bytes <= 3_000_000, "{variant}: {} bytes", hour.proof_bytes);
        }
    }
}

/// With 20 users, a day revokes several keys of one user in one hour, and keys of hours before.
/// 24 × 311 = 7,464.
#[test]
fn a_day_of_20_users_has_7464_verified_proofs() {
    let day = |variant| {
        let json = format!(r#"{{ "accounts": 20, "hours": 24, "variant": "{variant}" }}"#);
        preparation_and_hours::prepare(params(&json)).unwrap()().unwrap()
    };
    let plain = day(Variant::Plain);
    assert_eq!(plain.hours.verified, 7464);
    for variant in [Variant::Lazy, Variant::BatchedProofs, Variant::Lean] {
        let other = day(variant);
        assert_eq!((other.root, other.hours.verified), (plain.root.clone(), 7464), "{variant}");
    }
}

#[test]
fn variants_keep_different_nodes_and_accounts() {
    let kept = |variant| {
        let folder = tempfile::tempdir().unwrap();
        let mut simulation = Simulation::new(variant, USERS, 7, 1, folder.path()).unwrap();
        simulation.prepare(|_| ()).unwrap();
        simulation.hour().unwrap();
        simulation.kept().unwrap()
    };
    let (plain_nodes, plain_accounts) = kept(Variant::Plain);
    let (disk_nodes, disk_accounts) = kept(Variant::Disk);
    let (lean_nodes, lean_accounts) = kept(Variant::Lean);
    assert_eq!((plain_accounts, disk_accounts, lean_accounts), (341, 341, 0));
    // On disk there is one version of each node: the leaves, and what is above them.
    assert_eq!(disk_nodes, lean_nodes);
    assert!(lean_nodes > 344 && lean_nodes < 600, "{lean_nodes}");
    assert!(plain_nodes > 3 * disk_nodes, "{plain_nodes} and {disk_nodes}");
}

fn params<P: serde::de::DeserializeOwned>(json: &str) -> P {
    serde_json::from_str(json).unwrap()
}

#[test]
fn workloads_reach_the_same_roots() {
    let json = r#"{ "accounts": 50, "hours": 2, "variant": "lean" }"#;
    let whole = preparation_and_hours::prepare(params(json)).unwrap()().unwrap();
    let hours = hour::prepare(params(json)).unwrap()().unwrap();
    let prepared = preparation::prepare(params(json)).unwrap()().unwrap();
    assert_eq!(whole.root, hours.root);
    assert_eq!(whole.prepared_root, prepared.root);
    assert_eq!(whole.hours, hours.hours);
    assert_eq!((hours.hours.verified, hours.operations, whole.operations), (622, 622, 672));
    let proven = membership::prepare(params(json)).unwrap()().unwrap();
    assert_eq!((proven.proofs, proven.root), (50, prepared.root));
    // 53 leaves: a path has at least log2(53) = 5.7 siblings, on average.
    assert!(proven.siblings >= 5 * 50 && proven.siblings < 10 * 50, "{}", proven.siblings);
}

#[test]
fn an_hour_counts_the_bytes_of_its_encoded_batch() {
    for variant in ["plain", "lean"] {
        let json = format!(r#"{{ "accounts": 50, "variant": "{variant}" }}"#);
        let encoded = encoded_batch::prepare(params(&json)).unwrap()().unwrap();
        let hour = hour::prepare(params(&json)).unwrap()().unwrap();
        assert_eq!((encoded.proofs, encoded.bytes), (311, hour.hours.proof_bytes));
        assert_eq!(encoded.root, hour.root);
    }
}
