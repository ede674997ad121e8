fn main() {
    let _ = plimsoll_macros::system!(storage::read + storage::put,);
}
