plimsoll_macros::main!("storage::read");
