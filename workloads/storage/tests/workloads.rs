//! Each workload, from its parameters in JSON to its output in JSON; and the content that they share.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "budgets/cold.rs"]
mod cold;
#[path = "budgets/content.rs"]
mod content;
#[path = "budgets/count.rs"]
mod count;
#[path = "budgets/crowd.rs"]
mod crowd;
#[path = "budgets/read.rs"]
mod read;
#[path = "budgets/reader.rs"]
mod reader;
#[path = "budgets/setup.rs"]
mod setup;
#[path = "budgets/stream.rs"]
mod stream;
#[path = "budgets/write.rs"]
mod write;

use std::io::Read as _;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::content::{Seeded, bytes, text};

macro_rules! run {
    ($workload:ident, $params:tt) => {{
        let params = parse(json!($params));
        let work = $workload::prepare(params).unwrap();
        serde_json::to_value(work().unwrap()).unwrap()
    }};
}

fn parse<P: DeserializeOwned>(params: Value) -> P {
    serde_json::from_value(params).unwrap()
}

#[test]
fn read_returns_the_blob_through_every_buffer() {
    for buffer in ["presized", "growing", "reader_presized", "reader_growing", "pooled", "mapped"] {
        let output = run!(read, { "bytes": 70_000, "buffer": buffer, "reads": 3 });
        // 3 reads of 70,000 bytes.
        assert_eq!((&output["same"], &output["bytes"]), (&json!(3), &json!(210_000)), "{buffer}");
    }
}

#[test]
fn write_stores_all_blobs_from_every_source() {
    for source in ["preallocated", "new", "shared"] {
        for durable in [false, true] {
            let params =
                json!({ "bytes": 1000, "writes": 5, "source": source, "durable": durable });
            let output = run!(write, params);
            assert_eq!((&output["new"], &output["bytes"]), (&json!(5), &json!(5000)), "{source}");
        }
    }
}

#[test]
fn stream_moves_all_bytes_in_every_direction() {
    let put = run!(stream, { "bytes": 1 << 20, "direction": "put" });
    assert_eq!(put["bytes"], 1 << 20);
    // `head -c 1M /dev/zero | sha256sum`
    let zeros = "30e14955ebf1352266dc2ff8067e68104607e750abb9d3b36582b8af909fcb58";
    for direction in ["get", "map"] {
        let got = run!(stream, { "bytes": 1 << 20, "direction": direction });
        assert_eq!(got, json!({ "bytes": 1 << 20, "digest": zeros }), "{direction}");
    }
}

#[test]
fn cold_blob_is_smaller_and_reads_back() {
    let cooled = run!(cold, { "bytes": 100_000, "compress": true, "step": "cool" });
    assert!(cooled["blob"]["stored_bytes"].as_u64().unwrap() < 60_000, "{cooled}");
    let read = run!(cold, { "bytes": 100_000, "compress": false, "step": "read" });
    assert_eq!((&read["read"], &read["blob"]["stored_bytes"]), (&json!(100_000), &json!(100_000)));
}

#[test]
fn crowd_moves_all_bytes() {
    for direction in ["put", "get"] {
        let output = run!(crowd, { "operations": 8, "bytes": 1000, "direction": direction });
        assert_eq!(output, json!({ "operations": 8, "bytes": 8000 }));
    }
}

#[test]
fn unknown_parameters_are_refused() {
    let params = json!({ "bytes": 1, "buffer": "pooled", "reeds": 2 });
    let error = serde_json::from_value::<read::Params>(params).unwrap_err();
    assert!(error.to_string().starts_with("unknown field `reeds`, expected one of"), "{error}");
}

// The first output for seed 0, from the reference implementation of SplitMix64.
#[test]
fn seeded_content_matches_the_reference() {
    assert_eq!(bytes(0, 8), 0xe220_a839_7b1d_cdaf_u64.to_le_bytes());
}

#[test]
fn seeded_content_is_the_same_in_chunks_of_eight() {
    let mut source = Seeded::new(7, 40);
    let mut chunked = vec![0; 40];
    let (head, tail) = chunked.split_at_mut(16);
    assert_eq!(source.read(head).unwrap(), 16);
    assert_eq!(source.read(tail).unwrap(), 24);
    assert_eq!(source.read(&mut [0; 8]).unwrap(), 0);
    assert_eq!(chunked, bytes(7, 40));
}

#[test]
fn text_is_of_its_length_and_repeats() {
    assert_eq!(text(1, 1000).len(), 1000);
    assert_eq!(text(1, 1000), text(1, 1000));
    assert!(text(1, 1000).is_ascii());
}
