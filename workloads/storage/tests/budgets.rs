//! Every promise of docs/storage.md, as a test.

plimsoll::main!(storage::cold, storage::crowd, storage::read, storage::stream, storage::write);
