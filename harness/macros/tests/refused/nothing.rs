plimsoll_macros::main!();
