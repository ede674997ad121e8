pub mod read {
    pub fn prepare() {}
}

pub mod put {
    pub fn prepare() {}
}
