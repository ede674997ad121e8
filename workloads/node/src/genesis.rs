//! The outputs that a chain begins with: a test chain, whose coins all belong to one wallet.

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
use sha2::{Digest as _, Sha256};

use crate::transaction::{Member, Output};
use crate::wallet::{Payment, Wallet};
use crate::{Hex, curve, random, signing::Spend};

const CLUSTERS: u64 = 64;

/// The beginning of a chain. The same seed gives the same outputs, and the wallet that owns them.
#[derive(Debug)]
pub struct Genesis {
    seed: u64,
    wallet: Wallet,
    outputs: Vec<Output>,
    members: Vec<Member>,
    /// The places of the members, sorted by their target keys.
    sorted: Vec<u32>,
}

impl Genesis {
    /// A genesis of so many outputs, of 1 to 2 billion coins each. It uses the rayon pool in which it
    /// is called.
    pub fn new(seed: u64, outputs: usize) -> Self {
        Self::clustered(seed, outputs, CLUSTERS)
    }

    /// The same with another number of clusters than 64, which the outputs count towards in turn.
    pub fn clustered(seed: u64, outputs: usize, clusters: u64) -> Self {
        let wallet = Wallet::from_seed(seed);
        let each = (0..outputs as u64).into_par_iter().map(|index| {
            let mut source = random::source("genesis", seed, index);
            let amount = 1_000_000_000 + random::below(&mut source, 1_000_000_000);
            let cluster = index % clusters.max(1);
            let payment = Payment { amount, cluster, memo: None, quantum: false };
            let output = wallet.address().pay(payment, &mut source);
            let member = Member::of(&output);
            (output, member)
        });
        let (outputs, members): (_, Vec<Member>) = each.unzip();
        let mut sorted: Vec<u32> = (0..members.len() as u32).collect();
        sorted.sort_unstable_by_key(|place| members[*place as usize].target_key);
        Self { seed, wallet, outputs, members, sorted }
    }

    /// The seed of all keys and amounts.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The owner of the outputs.
    pub fn wallet(&self) -> &Wallet {
        &self.wallet
    }

    /// The outputs.
    pub fn outputs(&self) -> &[Output] {
        &self.outputs
    }

    /// The outputs as rings hold them, in their order.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// The output of this target key, as rings hold it.
    pub fn member(&self, target_key: &[u8; 32]) -> Option<&Member> {
        let key = |place: &u32| self.members[*place as usize].target_key;
        let found = self.sorted.binary_search_by_key(target_key, key).ok()?;
        self.members.get(self.sorted[found] as usize)
    }

    /// A hash of all outputs, which names the chain.
    pub fn id(&self) -> Hex {
        let mut hasher = Sha256::new();
        self.outputs.iter().for_each(|output| output.encode_to(&mut hasher));
        Hex(hasher.finalize().into())
    }

    /// Output `index`, in a ring of `ring` outputs of the genesis that `source` chooses. `None` if
    /// there is no such output or there are too few for the ring.
    pub fn spend(
        &self,
        index: usize,
        ring: u8,
        source: &mut rand_chacha::ChaCha20Rng,
    ) -> Option<Spend> {
        let owned = self.wallet.recognise(self.outputs.get(index)?)?;
        if usize::from(ring) > self.outputs.len() {
            return None;
        }
        let mut chosen = vec![index];
        while chosen.len() < usize::from(ring) {
            let decoy = random::below(source, self.outputs.len() as u64) as usize;
            if !chosen.contains(&decoy) {
                chosen.push(decoy);
            }
        }
        chosen.sort_unstable();
        let position = chosen.iter().position(|chosen| *chosen == index)? as u8;
        let ring = chosen.into_iter().map(|chosen| self.members[chosen]).collect();
        Some(Spend { owned, ring, position })
    }
}

impl Member {
    /// An output of the chain as rings hold it. Its amount is in the open, so its commitment is, too.
    pub fn of(output: &Output) -> Self {
        Self {
            target_key: output.target_key,
            public_key: output.public_key,
            commitment: curve::open_commitment(output.amount).commit().compress().to_bytes(),
        }
    }
}
