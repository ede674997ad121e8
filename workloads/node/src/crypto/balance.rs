//! Checks that a transaction pays what it spends: with amounts in the open on one side, and commitments on
//! the other.

use std::collections::BTreeSet;

use monero_ed25519::Commitment;

use crate::transaction::{Minting, Private};
use crate::{Error, Hex, Result, Rules, curve};

/// Checks a private transaction, except its signatures.
///
/// Every output commits to its amount with a mask of one, and every number of coins is a `u64` in the
/// open, so no range has to be proven.
pub(super) fn check(private: &Private, rules: &Rules) -> Result<()> {
    let mut images = BTreeSet::new();
    for (at, input) in private.inputs().iter().enumerate() {
        if input.ring().len() != usize::from(rules.ring) {
            let (read, allowed) = (input.ring().len(), rules.ring);
            return Err(Error::invalid(format!("a ring of {read}; {allowed} are allowed")));
        }
        let keys: BTreeSet<_> = input.ring().iter().map(|member| member.target_key).collect();
        if keys.len() != input.ring().len() {
            return Err(Error::invalid(format!("the ring of input {at} has a member twice")));
        }
        if !images.insert(input.key_image()) {
            let image = Hex(*input.key_image());
            return Err(Error::invalid(format!("it spends key image {image} twice")));
        }
    }
    for output in private.outputs() {
        keys_decompress(&output.target_key, &output.public_key)?;
    }
    sums(private)
}

pub(super) fn check_minting(minting: &Minting, rules: &Rules) -> Result<()> {
    let (claimed, has) = (minting.minted().difficulty_bits, minting.work_bits());
    if claimed < rules.difficulty_bits || has < u32::from(claimed) {
        let least = rules.difficulty_bits;
        return Err(Error::invalid(format!(
            "its hash has {has} leading zero bits and it claims {claimed}; {least} are needed"
        )));
    }
    let (amount, reward) = (minting.output().amount, rules.reward);
    if amount != reward {
        return Err(Error::invalid(format!("it mints {amount} coins; {reward} are allowed")));
    }
    keys_decompress(&minting.output().target_key, &minting.output().public_key)
}

/// An output whose keys are no points could be in no ring.
fn keys_decompress(target_key: &[u8; 32], public_key: &[u8; 32]) -> Result<()> {
    for key in [target_key, public_key] {
        if curve::decompress(key).is_none() {
            return Err(Error::invalid(format!("{} is no point of the curve", Hex(*key))));
        }
    }
    Ok(())
}

fn sums(private: &Private) -> Result<()> {
    let mut amounts = private.outputs().iter().map(|output| output.amount);
    let paid = amounts.try_fold(private.fee(), u64::checked_add);
    let paid = paid.ok_or_else(|| Error::invalid("it pays more than 2^64 - 1 coins"))?;
    let masks = curve::small(private.outputs().len() as u64);
    let spent = private.inputs().iter().map(|input| curve::decompress(input.pseudo_output()));
    let spent = spent.reduce(|sum, point| Some(curve::plus(sum?, point?))).flatten();
    match spent == Some(Commitment::new(masks, paid).commit()) {
        true => Ok(()),
        false => Err(Error::invalid(format!("it does not spend the {paid} coins that it pays"))),
    }
}
