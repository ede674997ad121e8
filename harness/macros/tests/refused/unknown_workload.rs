mod storage {
    pub mod raed {
        pub fn prepare() {}
    }
}

plimsoll_macros::main!(storage::raed);
