//! The kernel refuses to let a file grow past 64 KiB (`EFBIG`), in the last chunk.

use std::path::Path;
use std::process::Command;

use storage::{Error, Store};
use testkit::{assert_success, child};

use crate::block_on;
use crate::scratch::{content, files, options};

pub(crate) fn a_file_that_the_kernel_limits_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    // 128 blocks of 512 B; a shell that counts in KiB allows twice that, still less than the blob.
    let script = "trap '' XFSZ; ulimit -f 128; exec \"$@\"";
    let child = child("limited::put_too_much", folder.path());
    let mut shell = Command::new("sh");
    shell.args(["-c", script, "sh"]).arg(child.get_program()).args(child.get_args());
    assert_success(&mut shell);
    assert!(files(folder.path()).is_empty(), "{:?}", files(folder.path()));
}

pub(crate) fn put_too_much(folder: &Path) {
    block_on(async {
        let store = Store::open(options(folder)).await.unwrap();
        let error = store.put_bytes(content(200 * 1024)).await.unwrap_err();
        assert!(matches!(error, Error::Full { doing: "write", .. }), "{error}");
    });
}
