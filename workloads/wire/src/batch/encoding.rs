//! A batch as bytes on the wire.

use std::io;

use super::{Batch, Proofs, ServiceProof, Shared};
use crate::fields::put_text;
use crate::proof::{Proof, membership_bytes};
use crate::{Keys, Transaction};

impl<K: Keys> Batch<K> {
    /// The bytes of the batch: both roots, the services with their proofs, and the proofs of the
    /// transactions; proofs of the tree are in Borsh.
    ///
    /// # Errors
    /// None: Borsh returns errors of the writer, and memory has none.
    // Not inlined, so that allocation profiles name it.
    #[inline(never)]
    pub fn encode(&self) -> io::Result<Vec<u8>> {
        let mut to = Vec::with_capacity(self.encoded_bytes());
        to.extend_from_slice(&self.old_root.0);
        to.extend_from_slice(&self.new_root.0);
        for (id, proof) in &self.service_proofs {
            put_text(&mut to, id);
            to.extend_from_slice(&proof.service.encode());
            borsh::to_writer(&mut to, &proof.present)?;
        }
        match &self.proofs {
            Proofs::Each(proofs) => proofs.iter().try_for_each(|proof| proof.encode(&mut to))?,
            Proofs::Shared(shared) => shared.encode(&mut to),
        }
        Ok(to)
    }

    /// How many bytes [`Batch::encode`] makes.
    #[must_use]
    pub fn encoded_bytes(&self) -> usize {
        let service = |(id, proof): (&String, &ServiceProof<K>)| {
            1 + id.len() + proof.service.encoded_bytes() + membership_bytes(&proof.present)
        };
        let services: usize = self.service_proofs.iter().map(service).sum();
        let proofs = match &self.proofs {
            Proofs::Each(proofs) => proofs.iter().map(Proof::encoded_bytes).sum(),
            Proofs::Shared(shared) => shared.encoded_bytes(),
        };
        2 * 32 + services + proofs
    }
}

impl<K: Keys> Shared<K> {
    fn encode(&self, to: &mut Vec<u8>) {
        self.transactions.iter().for_each(|transaction| transaction.encode(to));
        for account in &self.accounts {
            to.push(u8::from(account.is_some()));
            if let Some(account) = account {
                to.extend_from_slice(&(account.len() as u32).to_le_bytes());
                to.extend_from_slice(account);
            }
        }
        for section in &self.sections {
            to.extend_from_slice(&(section.len() as u32).to_le_bytes());
            to.extend_from_slice(section);
        }
    }

    fn encoded_bytes(&self) -> usize {
        let transactions: usize = self.transactions.iter().map(Transaction::encoded_bytes).sum();
        let account = |account: &Option<Vec<u8>>| 1 + account.as_ref().map_or(0, |it| 4 + it.len());
        let accounts: usize = self.accounts.iter().map(account).sum();
        let sections: usize = self.sections.iter().map(|section| 4 + section.len()).sum();
        transactions + accounts + sections
    }
}
