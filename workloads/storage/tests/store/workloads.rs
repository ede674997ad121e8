//! Each workload, from its parameters in JSON to its answer in JSON.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

macro_rules! run {
    ($workload:ident, $params:tt) => {{
        let params = parse(json!($params));
        let work = storage::$workload::prepare(params).unwrap();
        serde_json::to_value(work().unwrap()).unwrap()
    }};
}

fn parse<P: DeserializeOwned>(params: Value) -> P {
    serde_json::from_value(params).unwrap()
}

#[test]
fn every_buffer_reads_the_same() {
    for buffer in ["presized", "growing", "reader_presized", "reader_growing", "pooled", "mapped"] {
        let answer = run!(read, { "bytes": 70_000, "buffer": buffer, "reads": 3 });
        // 3 reads of 70,000 bytes.
        assert_eq!((&answer["same"], &answer["bytes"]), (&json!(3), &json!(210_000)), "{buffer}");
    }
}

#[test]
fn every_source_writes_as_many() {
    for source in ["preallocated", "new", "shared"] {
        for durable in [false, true] {
            let params =
                json!({ "bytes": 1000, "writes": 5, "source": source, "durable": durable });
            let answer = run!(write, params);
            assert_eq!((&answer["new"], &answer["bytes"]), (&json!(5), &json!(5000)), "{source}");
        }
    }
}

#[test]
fn a_stream_goes_every_way() {
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
fn a_blob_cools_and_reads_cold() {
    let cooled = run!(cold, { "bytes": 100_000, "compress": true, "step": "cool" });
    assert!(cooled["blob"]["stored_bytes"].as_u64().unwrap() < 60_000, "{cooled}");
    let read = run!(cold, { "bytes": 100_000, "compress": false, "step": "read" });
    assert_eq!((&read["read"], &read["blob"]["stored_bytes"]), (&json!(100_000), &json!(100_000)));
}

#[test]
fn a_crowd_passes() {
    for direction in ["put", "get"] {
        let answer = run!(crowd, { "operations": 8, "bytes": 1000, "direction": direction });
        assert_eq!(answer, json!({ "operations": 8, "bytes": 8000 }));
    }
}

#[test]
fn unknown_parameters_are_refused() {
    let params = json!({ "bytes": 1, "buffer": "pooled", "reeds": 2 });
    let error = serde_json::from_value::<storage::read::Params>(params).unwrap_err();
    assert!(error.to_string().starts_with("unknown field `reeds`, expected one of"), "{error}");
}
