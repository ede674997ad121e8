//! Every promise of docs/node.md, as a test.

mod client;
mod commit;
mod configure;
mod fill;
mod fixture;
mod hoard;
mod images;
mod incoming;
mod leave;
mod lookups;
mod on_painted_stacks;
mod order;
mod outputs;
mod peer_swarm;
mod peers;
mod pool;
mod rpc;
mod runtime;
mod signature;
mod size;
mod template;
mod verify;
mod whole;

plimsoll::main!(
    commit,
    configure,
    fill,
    images,
    leave,
    lookups,
    on_painted_stacks,
    outputs,
    peers,
    rpc,
    signature,
    size,
    template,
    whole,
);
