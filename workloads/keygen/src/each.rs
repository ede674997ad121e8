//! Repetition without a loop.

/// Repeats a block for each index below `$width`, which is at most 24.
///
/// A loop over a state would be left a loop, its body being long, and the state in memory; with
/// indices that are constants the state lives in registers.
macro_rules! each {
    ($index:ident in $width:expr => $body:block) => {
        each!($index in $width => $body 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23)
    };
    ($index:ident in $width:expr => $body:block $($value:literal)*) => {
        $({
            const $index: usize = $value;
            if $index < $width {
                $body
            }
        })*
    };
}
