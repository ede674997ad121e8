//! Every promise of docs/wire.md, as a test.

plimsoll::main!(wire::hour, wire::membership, wire::preparation, wire::proofs, wire::simulate);
