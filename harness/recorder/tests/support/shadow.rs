//! A second book beside the recorder's, in the plainest way: the recorder calls it once for every
//! event, inside the critical section that enters the event, so that both see one order.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};

use plimsoll_recorder::{Access, Amount, Usage};

/// All that it says. Signed, since a mistake in the order would make it negative.
#[derive(Clone, Copy)]
struct Book {
    live: (i64, i64),
    peak: (i64, i64),
    total: (i64, i64),
}

static BOOK: Mutex<Book> = Mutex::new(Book { live: (0, 0), peak: (0, 0), total: (0, 0) });

/// The bytes in all once more, without atomic additions where the recorder says that none is
/// needed: one addition that is lost would show.
static TOTAL: AtomicI64 = AtomicI64::new(0);

/// A block of `size` bytes was given.
pub(crate) fn allocated(size: usize, access: Access) {
    enter(access, (size as i64, 1), (size as i64, 1));
}

/// A block of `size` bytes was handed back.
pub(crate) fn freed(size: usize, access: Access) {
    enter(access, (-(size as i64), -1), (0, 0));
}

/// A block that was in the book already changed its size.
pub(crate) fn resized(old_size: usize, new_size: usize, access: Access) {
    enter(access, (new_size as i64 - old_size as i64, 0), (new_size as i64, 1));
}

/// Neither allocates nor waits for anything but itself. Of equal peaks the latest wins.
fn enter(access: Access, live: (i64, i64), total: (i64, i64)) {
    match access {
        Access::Exclusive => {
            TOTAL.store(TOTAL.load(Ordering::Relaxed) + total.0, Ordering::Relaxed);
        }
        Access::Shared => {
            TOTAL.fetch_add(total.0, Ordering::Relaxed);
        }
    }
    let mut book = BOOK.lock().unwrap_or_else(PoisonError::into_inner);
    book.live = (book.live.0 + live.0, book.live.1 + live.1);
    book.total = (book.total.0 + total.0, book.total.1 + total.1);
    if live.0 > 0 && book.live.0 >= book.peak.0 {
        book.peak = book.live;
    }
}

/// The book as six numbers on a line, for the parent of this process.
pub(crate) fn line() -> String {
    let Book { live, peak, total } = *BOOK.lock().unwrap_or_else(PoisonError::into_inner);
    assert_eq!(TOTAL.load(Ordering::Relaxed), total.0, "an addition was lost");
    let [a, b, c, d, e, f] = [peak.0, peak.1, total.0, total.1, live.0, live.1];
    format!("{a} {b} {c} {d} {e} {f}")
}

/// Reads such a line back.
pub(crate) fn parse(line: &str) -> Usage {
    let number: Vec<u64> = line.split(' ').map(|number| number.parse().unwrap()).collect();
    let amount = |at: usize| Amount { bytes: number[at], blocks: number[at + 1] };
    assert_eq!(number.len(), 6, "{line}");
    Usage { peak: amount(0), total: amount(2), end: amount(4) }
}
