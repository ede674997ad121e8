mod storage {
    pub mod read {
        pub fn prepare() {}
    }
}

fn main() {
    let _ = plimsoll_macros::system!(storage::read, self::storage::read);
}
