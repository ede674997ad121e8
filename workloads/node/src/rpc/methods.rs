//! The methods of the server.

use std::sync::Arc;

use serde_json::{Value, json};

use super::answer::Outcome;
use super::budget::Budget;
use super::fault::Fault;
use super::token::{Parameters, Token};
use crate::state::State;
use crate::{Error, Hex, Network, Transaction, process};

const METHODS: [&str; 6] = [
    "getblockcount",
    "getmemoryinfo",
    "getmempoolinfo",
    "getpeerinfo",
    "getrawtransaction",
    "sendrawtransaction",
];

/// The method whose answer can be long.
pub(super) const LONG_ANSWER: &str = "getrawtransaction";

/// The parts of a node that the methods read.
#[derive(Clone, Debug)]
pub(super) struct Methods {
    pub(super) state: Arc<State>,
    pub(super) network: Arc<Network>,
    pub(super) budget: Budget,
}

impl Methods {
    pub(super) async fn answer(
        &self,
        method: &str,
        parameters: &Parameters<'_>,
    ) -> Result<Outcome, Fault> {
        let value = match (method, parameters.count, parameters.first.as_deref()) {
            ("getblockcount", 0, _) => json!(self.state.ledger().tip().0),
            ("getmemoryinfo", 0, _) => self.memory()?,
            ("getmempoolinfo", 0, _) => self.pool(),
            ("getpeerinfo", 0, _) => self.peers(),
            (LONG_ANSWER, 1, Some(id)) => return self.transaction(id),
            ("sendrawtransaction", 1, Some(bytes)) => self.send(bytes).await?,
            (known, count, _) if METHODS.contains(&known) => {
                return Err(Fault::parameters(format!(
                    "`{known}` with {count} parameters; `getrawtransaction` takes an id and \
                     `sendrawtransaction` an encoding, in hex, and the others nothing"
                )));
            }
            (unknown, ..) => return Err(Fault::method(unknown, &METHODS)),
        };
        Ok(Outcome::Value(value))
    }

    /// `size` counts transactions, `bytes` their encodings, `usage` what the pool holds on the heap.
    fn pool(&self) -> Value {
        let pool = self.state.pool();
        json!({
            "size": pool.len(),
            "bytes": pool.encoded_bytes(),
            "usage": pool.heap_size(),
            "capacity": pool.capacity(),
            "keyimages": pool.key_images(),
            "lowestrate": pool.lowest_rate(),
            "totalfees": pool.total_fees(),
        })
    }

    fn memory(&self) -> Result<Value, Fault> {
        let usage = self.state.pool().usage();
        let ledger = self.state.ledger().size().map_err(Fault::internal)?;
        Ok(json!({ "mempool": usage, "ledger": ledger, "resident": process::resident() }))
    }

    fn peers(&self) -> Value {
        let status = self.network.status();
        json!({
            "connected": status.connected,
            "identified": status.identified,
            "subscribed": status.subscribed,
        })
    }

    fn transaction(&self, id: &Token<'_>) -> Result<Outcome, Fault> {
        let id = bytes(id).and_then(|id| id.try_into().ok());
        let id = id.ok_or_else(|| Fault::parameters("an id is 64 digits of hex"))?;
        match self.state.pool().get(&Hex(id)) {
            Some(transaction) => Ok(Outcome::Transaction(transaction.clone())),
            None => Err(Fault::missing("such transaction in the pool")),
        }
    }

    /// Verifies a transaction, lets it in and publishes it to the connected peers. Peers that come later do not get
    /// it: a client that sends while no peer is connected sends again once it has left the pool.
    async fn send(&self, encoding: &Token<'_>) -> Result<Value, Fault> {
        let bytes = bytes(encoding)
            .ok_or_else(|| Fault::parameters("a transaction is an even number of digits of hex"))?;
        let transaction = Transaction::decode(&bytes).map_err(Fault::parameters)?;
        let (state, share) = (self.state.clone(), self.budget.submission().await);
        // The share moves along, since the verification goes on if the client leaves.
        let submitted = tokio::task::spawn_blocking(move || {
            let _share = share;
            state.submit(transaction)
        });
        let id = match submitted.await.map_err(Fault::internal)? {
            Ok(id) => id,
            Err(error @ (Error::Ledger { .. } | Error::Damaged { .. })) => {
                return Err(Fault::internal(error));
            }
            Err(error) => return Err(Fault::refused(error)),
        };
        if let Err(error) = self.network.publish(crate::net::Topic::Transactions, bytes).await {
            tracing::warn!(%error, %id, "the transaction was let in, but not sent to every peer");
        }
        Ok(json!(id.to_string()))
    }
}

fn bytes(token: &Token<'_>) -> Option<Vec<u8>> {
    match token {
        Token::Text(digits) => ::hex::decode(digits.as_bytes()).ok(),
        _ => None,
    }
}
