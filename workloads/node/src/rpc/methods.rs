//! What can be asked.

use std::sync::Arc;

use serde_json::{Value, json};

use super::fault::Fault;
use crate::state::State;
use crate::{Error, Hex, Network, Transaction, hex, process};

const METHODS: [&str; 6] = [
    "getblockcount",
    "getmemoryinfo",
    "getmempoolinfo",
    "getpeerinfo",
    "getrawtransaction",
    "sendrawtransaction",
];

/// What the methods ask.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) state: Arc<State>,
    pub(super) network: Arc<Network>,
}

impl Asked {
    pub(super) async fn answer(&self, method: &str, parameters: &[Value]) -> Result<Value, Fault> {
        match (method, parameters) {
            ("getblockcount", []) => Ok(json!(self.state.ledger().tip().0)),
            ("getmemoryinfo", []) => self.memory(),
            ("getmempoolinfo", []) => Ok(self.pool()),
            ("getpeerinfo", []) => Ok(self.peers()),
            ("getrawtransaction", [id]) => self.transaction(id),
            ("sendrawtransaction", [bytes]) => self.send(bytes).await,
            (known, _) if METHODS.contains(&known) => Err(Fault::parameters(format!(
                "`{known}` with {} parameters; `getrawtransaction` takes an id and \
                 `sendrawtransaction` an encoding, in hex, and the others nothing",
                parameters.len()
            ))),
            (unknown, _) => Err(Fault::method(unknown, &METHODS)),
        }
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
        json!({ "connected": status.connected, "identified": status.identified })
    }

    fn transaction(&self, id: &Value) -> Result<Value, Fault> {
        let id = id.as_str().and_then(hex::parse).and_then(|id| id.try_into().ok());
        let id = id.ok_or_else(|| Fault::parameters("an id is 64 digits of hex"))?;
        match self.state.pool().get(&Hex(id)) {
            Some(transaction) => Ok(json!(hex::text(&transaction.encode()))),
            None => Err(Fault::missing("such transaction in the pool")),
        }
    }

    /// Verifies, lets in, and tells the peers that are there. Those who come later are not told: whoever
    /// sends while nobody is connected sends again once it has left the pool.
    async fn send(&self, bytes: &Value) -> Result<Value, Fault> {
        let bytes = bytes.as_str().and_then(hex::parse);
        let bytes = bytes
            .ok_or_else(|| Fault::parameters("a transaction is an even number of digits of hex"))?;
        let transaction = Transaction::decode(&bytes).map_err(Fault::parameters)?;
        let state = self.state.clone();
        let submitted = tokio::task::spawn_blocking(move || state.submit(transaction)).await;
        let id = match submitted.map_err(Fault::internal)? {
            Ok(id) => id,
            Err(error @ (Error::Ledger { .. } | Error::Damaged { .. })) => {
                return Err(Fault::internal(error));
            }
            Err(error) => return Err(Fault::refused(error)),
        };
        if let Err(error) = self.network.publish(crate::net::Topic::Transactions, bytes).await {
            tracing::warn!(%error, %id, "let in, and not sent to every peer");
        }
        Ok(json!(id.to_string()))
    }
}
