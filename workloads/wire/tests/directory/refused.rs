//! Transactions that are refused, and their errors; the tree is then as it was.

use wire::{Error, Operation};

use crate::world::{Tx, World, add, create, key, register, revoke, service, set};

type Is = fn(&Error) -> bool;

fn cases() -> Vec<(&'static str, Tx, Is)> {
    let mut forged = add("anna", 2, &key(9), &key(1));
    forged.signature = key(7).sign(&forged.message());
    let mut altered = add("anna", 2, &key(9), &key(1));
    altered.operation = add("anna", 2, &key(8), &key(1)).operation;
    let mut moved = add("anna", 2, &key(9), &key(3));
    moved.id = "bert".into();
    let mut unadmitted = create("cleo", &key(5));
    if let Operation::CreateAccount { admission, .. } = &mut unadmitted.operation {
        *admission = key(5).sign(b"by myself");
    }
    unadmitted.signature = key(5).sign(&unadmitted.message());
    let mut elsewhere = create("cleo", &key(5));
    if let Operation::CreateAccount { service, .. } = &mut elsewhere.operation {
        *service = "nowhere".into();
    }
    let mut data = set("anna", 2, b"data", &key(1));
    if let Operation::SetData { data } = &mut data.operation {
        data.data = b"fata".to_vec();
    }
    data.signature = key(1).sign(&data.message());
    vec![
        ("a wrong signature", forged, |it| matches!(it, Error::Signature { .. })),
        ("an altered operation", altered, |it| matches!(it, Error::Signature { .. })),
        ("another account", moved, |it| matches!(it, Error::Signature { .. })),
        ("no admission", unadmitted, |it| matches!(it, Error::Inner { what: "creation", .. })),
        ("unsigned data", data, |it| matches!(it, Error::Inner { what: "data", .. })),
        ("an unknown service", elsewhere, |it| matches!(it, Error::UnknownService { .. })),
        ("a replay", add("anna", 1, &key(2), &key(1)), |it| {
            matches!(it, Error::Nonce { read: 1, expected: 2, .. })
        }),
        ("too early", add("anna", 3, &key(9), &key(1)), |it| {
            matches!(it, Error::Nonce { read: 3, expected: 2, .. })
        }),
        ("no account", add("dora", 0, &key(9), &key(1)), |it| {
            matches!(it, Error::UnknownAccount { .. })
        }),
        ("an id that is taken", create("anna", &key(9)), |it| matches!(it, Error::Exists { .. })),
        ("a service again", register("service"), |it| matches!(it, Error::Exists { .. })),
        ("no id", create("", &key(9)), |it| matches!(it, Error::Size { read: 0, .. })),
        ("a key of no account", add("anna", 2, &key(9), &key(8)), |it| {
            matches!(it, Error::UnknownKey { keys: 2, .. })
        }),
        ("a key that is there", add("anna", 2, &key(2), &key(1)), |it| {
            matches!(it, Error::KnownKey { .. })
        }),
        ("revoking no key", revoke("anna", 2, &key(9), &key(1)), |it| {
            matches!(it, Error::UnknownKey { .. })
        }),
        ("revoking the last key", revoke("bert", 1, &key(3), &key(3)), |it| {
            matches!(it, Error::LastKey { .. })
        }),
        ("no data", set("anna", 2, b"", &key(1)), |it| matches!(it, Error::Size { read: 0, .. })),
    ]
}

#[test]
fn an_invalid_transaction_is_refused_with_its_error() {
    for World { mut directory } in World::both() {
        let root = directory.root();
        for (name, transaction, is) in cases() {
            let error = directory.enter(vec![transaction]).unwrap_err();
            assert!(is(&error), "{name}: {error:?}");
            assert_eq!(directory.root(), root, "{name}");
        }
        directory.enter(vec![add("anna", 2, &key(9), &key(1))]).unwrap();
    }
}

#[test]
fn a_wrong_signature_refuses_the_whole_batch() {
    for World { mut directory } in World::both() {
        let root = directory.root();
        let user = |number: u8| create(&format!("user-{number}"), &key(number));
        let mut batch: Vec<_> = (10..210).map(user).collect();
        batch[150].signature = service().sign(b"something else");
        let error = directory.enter(batch).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the signature of transaction 0 on `user-160` is invalid; sign it with its key"
        );
        assert_eq!(directory.root(), root);
    }
}
