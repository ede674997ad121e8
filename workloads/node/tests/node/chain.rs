//! The ledger: what it accepts, what it refuses, and what is left when it is full or closed.

use node::crypto::Verified;
use node::ledger::{Body, Options};
use node::transaction::{Member, Output};
use node::{Block, Chain, Error, Ledger};

use crate::test_chain::{GENESIS, SMALL, SPEC, minting, next, open, paying, verified};

fn add(ledger: &mut Ledger, transactions: &[Verified]) -> node::Result<()> {
    let block = next(ledger, transactions);
    ledger.commit(&block)
}

#[test]
fn blocks_survive_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = open(folder.path(), SMALL);
    for block in verified().chunks(8) {
        assert!(!ledger.is_spent(block[0].inputs()[0].key_image()).unwrap());
        add(&mut ledger, block).unwrap();
    }
    let tip = ledger.tip();
    drop(ledger);
    let ledger = open(folder.path(), SMALL);
    assert_eq!((ledger.tip(), ledger.height().unwrap()), (tip, 8));
    for transaction in verified() {
        assert!(ledger.is_spent(transaction.inputs()[0].key_image()).unwrap());
        assert!(ledger.has_output(&transaction.inputs()[0].ring()[2]).unwrap());
    }
    let size = ledger.size().unwrap();
    assert_eq!((size.blocks.records, size.key_images.records), (8, 64));
    assert_eq!(size.outputs.records, GENESIS.outputs().len() + 64 * 2);
    let Body::Whole(stored) = ledger.block(3).unwrap().unwrap().body else { panic!("pruned") };
    assert_eq!(stored[5], *verified()[2 * 8 + 5].transaction().as_ref());
    assert!(ledger.block(9).unwrap().is_none());
}

#[test]
fn member_with_another_commitment_is_unknown() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open(folder.path(), SMALL);
    let mut member = GENESIS.members()[3];
    assert!(ledger.has_output(&member).unwrap());
    member.commitment = GENESIS.members()[4].commitment;
    assert!(!ledger.has_output(&member).unwrap());
}

#[test]
fn block_that_does_not_continue_the_chain_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = open(folder.path(), SMALL);
    add(&mut ledger, &verified()[..4]).unwrap();
    let (height, parent) = ledger.tip();
    let [spent, fresh] = [&verified()[3..4], &verified()[4..5]];
    let wrong = [
        Block::new(height, parent, 0, fresh.to_vec()),
        Block::new(height + 2, parent, 0, fresh.to_vec()),
        Block::new(height + 1, GENESIS.id(), 0, fresh.to_vec()),
        Block::new(height + 1, parent, 0, [fresh, spent].concat()),
        Block::new(height + 1, parent, 0, [fresh, fresh].concat()),
    ];
    for block in wrong {
        let refused = ledger.commit(&block).unwrap_err();
        assert!(matches!(refused, Error::Discontinuous { .. } | Error::Spent { .. }), "{refused}");
        assert_eq!(ledger.tip(), (height, parent));
        assert!(!ledger.is_spent(verified()[4].inputs()[0].key_image()).unwrap());
    }
    add(&mut ledger, fresh).unwrap();
}

/// Otherwise a payment to a key with coins would replace them by one coin of another commitment.
#[test]
fn first_output_of_a_key_stays() {
    const CLUSTER: u64 = 99;
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = open(folder.path(), SMALL);
    let again = |output: &Output| Output { amount: 1, cluster: CLUSTER, ..output.clone() };
    let fresh = &verified()[0].outputs()[0];
    let first = Output { amount: 5, cluster: CLUSTER, ..fresh.clone() };
    let block = [
        paying(10, vec![again(&GENESIS.outputs()[3]), first.clone()]),
        paying(20, vec![again(fresh), again(&verified()[0].outputs()[1])]),
    ];
    add(&mut ledger, &block).unwrap();
    assert!(ledger.has_output(&GENESIS.members()[3]).unwrap());
    assert!(ledger.has_output(&Member::of(&first)).unwrap());
    // 5 of the first output of that key, and 1 of the last one, whose key was new.
    assert_eq!(ledger.cluster_value(CLUSTER).unwrap(), 6);
    assert_eq!(ledger.size().unwrap().outputs.records, GENESIS.outputs().len() + 2);
}

#[test]
fn ledger_opens_once_and_for_one_chain() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open(folder.path(), SMALL);
    let second = Ledger::open(folder.path(), &GENESIS, SMALL);
    assert!(matches!(second, Err(Error::Locked { .. })));
    drop(ledger);
    let other = node::Genesis::new(SPEC.seed + 1, 8);
    let second = Ledger::open(folder.path(), &other, SMALL);
    assert!(matches!(second, Err(Error::OtherChain { .. })));
    open(folder.path(), SMALL);
}

#[test]
fn block_mints_once_and_for_its_own_place() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = open(folder.path(), SMALL);
    add(&mut ledger, &verified()[8..9]).unwrap();
    let (height, parent) = ledger.tip();
    let good = minting(height + 1, parent, 0);
    let wrong = [
        vec![good.clone(), minting(height + 1, parent, 1)],
        vec![minting(height, parent, 0)],
        vec![minting(height + 2, parent, 0)],
        vec![minting(height + 1, GENESIS.id(), 0)],
    ];
    for transactions in wrong {
        let refused = add(&mut ledger, &transactions).unwrap_err();
        assert!(matches!(refused, Error::Invalid { .. }), "{refused}");
        assert_eq!(ledger.tip(), (height, parent));
    }
    add(&mut ledger, &[good]).unwrap();
    assert_eq!(ledger.height().unwrap(), height + 1);
}

#[test]
fn full_map_refuses_blocks_and_keeps_old_ones() {
    let folder = tempfile::tempdir().unwrap();
    let tight = Options { map_bytes: 128 << 10, ..SMALL };
    let mut ledger = open(folder.path(), tight);
    let refused = verified().chunks(8).find_map(|block| add(&mut ledger, block).err());
    assert!(matches!(refused, Some(Error::MapFull { limit: 131_072 })), "{refused:?}");
    let (height, hash) = ledger.tip();
    assert!(height > 0 && ledger.block(height).unwrap().unwrap().header.hash() == hash);
    let missing = &verified()[8 * height as usize..];
    assert!(!ledger.is_spent(missing[0].inputs()[0].key_image()).unwrap());
    drop(ledger);
    // With a larger map it goes on where it was.
    let mut ledger = open(folder.path(), SMALL);
    missing.chunks(8).for_each(|block| add(&mut ledger, block).unwrap());
    assert_eq!(ledger.height().unwrap(), 8);
}

#[test]
fn map_grows_up_to_its_limit() {
    let folder = tempfile::tempdir().unwrap();
    let growing = Options { map_bytes: 128 << 10, grow_to_bytes: 4 << 20, ..SMALL };
    let mut ledger = open(folder.path(), growing);
    verified().chunks(8).for_each(|block| add(&mut ledger, block).unwrap());
    let size = ledger.size().unwrap();
    assert!((256 << 10..=4 << 20).contains(&size.map_bytes), "{size:?}");
    assert!(ledger.is_spent(verified()[0].inputs()[0].key_image()).unwrap());
}

#[test]
fn final_blocks_lose_their_rings_and_nothing_else() {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let [whole, pruned] = [None, Some(2)].map(|finality_depth| Options { finality_depth, ..SMALL });
    let mut whole = open(folders[0].path(), whole);
    let mut pruned = open(folders[1].path(), pruned);
    for block in verified().chunks(8) {
        add(&mut whole, block).unwrap();
        add(&mut pruned, block).unwrap();
    }
    assert_eq!(whole.tip(), pruned.tip());
    for height in 1..=8_u64 {
        let (all, left) = (whole.block(height).unwrap(), pruned.block(height).unwrap());
        let (Some(all), Some(left)) = (all, left) else { panic!("block {height} is missing") };
        assert_eq!(all.header, left.header);
        let Body::Whole(transactions) = all.body else { panic!("pruned without a finality depth") };
        match left.body {
            Body::Whole(_) => assert!(height > 6, "block {height} is final"),
            Body::Pruned { key_images, outputs } => {
                assert!(height <= 6, "block {height} is not final");
                let images = transactions.iter().flat_map(|one| one.inputs());
                assert!(
                    images
                        .map(|input| input.key_image())
                        .eq(key_images.iter().map(|image| &image.0))
                );
                assert!(transactions.iter().flat_map(|one| one.outputs()).eq(&outputs));
            }
        }
    }
    let bytes = |ledger: &Ledger| ledger.size().unwrap().blocks.bytes;
    assert!(bytes(&pruned) < bytes(&whole));
    assert!(pruned.is_spent(verified()[0].inputs()[0].key_image()).unwrap());
}

/// 600 clusters are three records of 252, of which two fit a page: 8.5 bytes each where they are many.
#[test]
fn neighbouring_clusters_share_a_record() {
    let folder = tempfile::tempdir().unwrap();
    let genesis = node::Genesis::clustered(SPEC.seed, 600, 600);
    let ledger = Ledger::open(folder.path(), &genesis, SMALL).unwrap();
    let size = ledger.size().unwrap().clusters;
    assert_eq!((size.records, size.bytes), (3, 3 * 4096));
    for cluster in [0, 1, 251, 252, 599] {
        let amount = genesis.outputs()[cluster].amount;
        assert_eq!(ledger.cluster_value(cluster as u64).unwrap(), amount);
    }
    assert_eq!(ledger.cluster_value(600).unwrap(), 0);
}

#[test]
fn cluster_value_is_the_sum_of_its_outputs() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = open(folder.path(), SMALL);
    add(&mut ledger, &verified()[..10]).unwrap();
    let paid = verified()[..10].iter().flat_map(|one| one.outputs());
    for cluster in [0, 7, 63, 64, 1 << 40] {
        let of = |outputs: &mut dyn Iterator<Item = &node::transaction::Output>| -> u64 {
            outputs.filter(|output| output.cluster == cluster).map(|output| output.amount).sum()
        };
        let expected = of(&mut GENESIS.outputs().iter()) + of(&mut paid.clone());
        assert_eq!(ledger.cluster_value(cluster).unwrap(), expected, "cluster {cluster}");
    }
}
