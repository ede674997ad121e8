//! A call stack with each of its calls once.

use crate::limits::MOST_FRAMES;

/// The return addresses of a stack in the order in which they first come, from the inside: the same
/// however often, and in whatever order further out, recursion comes back to a call.
#[derive(Debug)]
pub(crate) struct Folded {
    addresses: [u64; MOST_FRAMES],
    count: usize,
    /// Whether an address came again.
    pub(crate) has_lost: bool,
}

impl Folded {
    /// At most `depth` calls, from all frames up to an address of 0.
    pub(crate) fn of(frames: impl Iterator<Item = u64>, depth: usize) -> Self {
        let mut folded = Self { addresses: [0; MOST_FRAMES], count: 0, has_lost: false };
        for address in frames.take_while(|address| *address != 0) {
            if folded.addresses[..folded.count].contains(&address) {
                folded.has_lost = true;
            } else if folded.count < depth.min(MOST_FRAMES) {
                folded.addresses[folded.count] = address;
                folded.count += 1;
            } else {
                break;
            }
        }
        folded
    }

    pub(crate) fn frames(&self) -> impl Iterator<Item = u64> + Clone {
        self.addresses[..self.count].iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::Folded;

    #[test]
    fn each_call_stays_where_it_comes_first() {
        let table: [(&[u64], usize, &[u64], bool); 5] = [
            (&[], 64, &[], false),
            (&[3, 1, 2], 64, &[3, 1, 2], false),
            (&[3, 1, 3, 1, 1, 2], 64, &[3, 1, 2], true),
            (&[3, 3, 3, 1, 2], 2, &[3, 1], true),
            (&[3, 1, 0, 2], 64, &[3, 1], false),
        ];
        for (frames, depth, expected, has_lost) in table {
            let folded = Folded::of(frames.iter().copied(), depth);
            assert_eq!(folded.frames().collect::<Vec<_>>(), expected);
            assert_eq!(folded.has_lost, has_lost, "{frames:?}");
        }
    }
}
