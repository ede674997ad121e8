//! Root and signatures that hash-sig itself printed; the file says which revision.

use keygen::{
    Digest, Epoch, FieldElement, KeyGeneration, Lifetime, Parameter, Seed, Signature, TreeRetention,
};
use serde::Deserialize;

const FILE: &str = include_str!("../data/hash_sig_w8_known_answers.json");

#[derive(Deserialize)]
struct FileWire {
    cases: Vec<CaseWire>,
}

#[derive(Deserialize)]
struct CaseWire {
    log_lifetime: u8,
    prf_key: String,
    parameter: [u32; 5],
    root: [u32; 7],
    signatures: Vec<SignatureWire>,
}

#[derive(Deserialize)]
struct SignatureWire {
    epoch: u32,
    message: String,
    rho: [u32; 5],
    hashes: Vec<[u32; 7]>,
    path: Vec<[u32; 7]>,
}

#[test]
fn root_and_signatures_are_those_of_hash_sig() {
    let FileWire { cases } = serde_json::from_str(FILE).unwrap();
    assert_eq!(cases.len(), 1);
    for case in cases {
        let lifetime = Lifetime::new(case.log_lifetime).unwrap();
        let parameter = Parameter::new(case.parameter.map(canonical));
        let generation = KeyGeneration::new(lifetime).retaining(TreeRetention::WholeTree);
        let seed = Seed::new(bytes(&case.prf_key));
        let (public, mut secret) = generation.run(seed, parameter).unwrap();
        assert_eq!(*public.root(), digest(case.root));

        assert_eq!(case.signatures.len(), 3);
        for expected in case.signatures {
            let (epoch, message) = (Epoch(expected.epoch), bytes(&expected.message));
            let signature = secret.sign(epoch, &message).unwrap();
            assert_eq!(*signature.randomness(), expected.rho.map(canonical));
            assert_eq!(signature.hashes()[..], digests(&expected.hashes));
            assert_eq!(signature.path(), digests(&expected.path));

            // What hash-sig printed verifies too, read from its canonical elements.
            let elements = [expected.hashes, expected.path].concat().concat();
            let words = expected.rho.into_iter().chain(elements);
            let encoded: Vec<u8> = words.flat_map(u32::to_le_bytes).collect();
            let read = Signature::from_bytes(lifetime, &encoded).unwrap();
            assert_eq!(public.verify(epoch, &message, &read), Ok(()));
        }
    }
}

fn canonical(value: u32) -> FieldElement {
    FieldElement::new(value).unwrap()
}

fn digest(values: [u32; 7]) -> Digest {
    Digest::new(values.map(canonical))
}

fn digests(values: &[[u32; 7]]) -> Vec<Digest> {
    values.iter().copied().map(digest).collect()
}

fn bytes(hex: &str) -> [u8; 32] {
    std::array::from_fn(|index| u8::from_str_radix(&hex[2 * index..][..2], 16).unwrap())
}
