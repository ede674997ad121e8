//! Every promise of docs/storage.md, as a test.

mod cold;
mod content;
mod count;
mod crowd;
mod read;
mod reader;
mod setup;
mod stream;
mod write;

plimsoll::main!(cold, crowd, read, stream, write);
