//! The coins of each cluster: eight bytes, many to a record.
//!
//! A record by itself would cost 26 bytes in its page. So neighbours share one: two records fit a page
//! of 4,096 bytes, which is 8.5 bytes a cluster where they are dense.

use heed::{PutFlags, RoTxn, RwTxn, WithoutTls};

use super::Table;

/// 16 of the page's header, and 2 · (2 + 8 + 8 + 8 · 252) for two records: 4,084 of 4,096 bytes.
const EACH: u64 = 252;

pub(super) fn read(
    table: Table,
    reading: &RoTxn<'_, WithoutTls>,
    cluster: u64,
) -> heed::Result<u64> {
    let record = table.get(reading, &(cluster / EACH).to_be_bytes())?;
    Ok(record.and_then(|record| slot(record, cluster)).map_or(0, u64::from_le_bytes))
}

/// Adds to the values of many clusters, sorted by cluster, so that each record is written once.
pub(super) fn add(table: Table, writing: &mut RwTxn<'_>, more: &[(u64, u64)]) -> heed::Result<()> {
    for neighbours in more.chunk_by(|one, other| one.0 / EACH == other.0 / EACH) {
        let Some((first, _)) = neighbours.first() else { continue };
        let key = (first / EACH).to_be_bytes();
        let mut record = match table.get(writing, &key)? {
            Some(record) => record.to_vec(),
            None => vec![0; 8 * EACH as usize],
        };
        for (cluster, coins) in neighbours {
            let before = slot(&record, *cluster).map_or(0, u64::from_le_bytes);
            let at = at(*cluster);
            if let Some(place) = record.get_mut(at..at + 8) {
                place.copy_from_slice(&before.saturating_add(*coins).to_le_bytes());
            }
        }
        // Without this flag a full page is halved for a record behind all others, and stays half empty.
        let is_last = table.last(writing)?.is_none_or(|(last, _)| last < key.as_slice());
        let flags = if is_last { PutFlags::APPEND } else { PutFlags::empty() };
        table.put_with_flags(writing, flags, &key, &record)?;
    }
    Ok(())
}

fn at(cluster: u64) -> usize {
    8 * (cluster % EACH) as usize
}

fn slot(record: &[u8], cluster: u64) -> Option<[u8; 8]> {
    record.get(at(cluster)..at(cluster) + 8)?.try_into().ok()
}
