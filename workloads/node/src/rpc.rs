//! JSON-RPC 2.0 over HTTP: reads the node's figures, and takes transactions.

mod answer;
mod budget;
mod call;
mod envelope;
mod fault;
mod methods;
mod options;
mod server;
mod slow_clients;
mod token;

pub use self::options::Options;
pub use self::server::Server;
