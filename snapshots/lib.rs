//! A member only so that `cargo insta` finds the pages of this folder; it holds no code.
