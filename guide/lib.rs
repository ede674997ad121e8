//! The guide: an [mdBook](https://rust-lang.github.io/mdBook/) whose pages lie in `src/`.
//!
//! This crate has no code. Its tests build the book, check each link, and compare each TOML example
//! with the document beside it. `harness/tests/adoption.rs` runs each command.
