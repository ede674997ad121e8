//! Every promise of docs/wire.md, as a test.

mod encoded_batch;
mod hour;
mod membership;
mod preparation;
mod preparation_and_hours;
mod setup;

plimsoll::main!(encoded_batch, hour, membership, preparation, preparation_and_hours);
