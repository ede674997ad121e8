//! The node as its users see it: each part by itself, and two of them on loopback.

mod world;

mod crypto;
mod encoding;
mod fixtures;
