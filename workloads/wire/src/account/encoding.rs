//! An account as bytes, as the tree stores it. Each account has exactly one encoding.

use super::Account;
use crate::fields::{Cursor, put_text, put_u16};
use crate::operation::{ServiceChallenge, SignedData};
use crate::{Error, Keys, Result};

const VERSION: u8 = 1;

impl<K: Keys> Account<K> {
    /// The account's bytes: `version, id, nonce, keys, data, challenge`.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut to = Vec::with_capacity(self.encoded_bytes());
        to.push(VERSION);
        put_text(&mut to, &self.id);
        to.extend_from_slice(&self.nonce.to_le_bytes());
        put_u16(&mut to, self.valid_keys.len());
        self.valid_keys.iter().for_each(|key| to.extend_from_slice(&K::bytes(key)));
        put_u16(&mut to, self.signed_data.len());
        self.signed_data.iter().for_each(|data| data.encode(&mut to));
        match &self.service_challenge {
            None => to.push(0),
            Some(ServiceChallenge::Signed(by)) => {
                to.push(1);
                to.extend_from_slice(&K::bytes(by));
            }
        }
        to
    }

    /// How many bytes [`Account::encode`] makes.
    #[must_use]
    pub fn encoded_bytes(&self) -> usize {
        let data: usize = self.signed_data.iter().map(SignedData::encoded_bytes).sum();
        let challenge = if self.service_challenge.is_some() { 32 } else { 0 };
        1 + 1 + self.id.len() + 8 + 2 + 32 * self.valid_keys.len() + 2 + data + 1 + challenge
    }

    /// Reads the bytes of [`Account::encode`].
    ///
    /// # Errors
    /// [`Error::Encoding`] for anything else, with the byte at which it began.
    ///
    /// ```
    /// assert!(wire::Account::<wire::Compact>::decode(b"no account").is_err());
    /// ```
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        let mut from = Cursor::new(bytes);
        if from.u8("version 1")? != VERSION {
            return Err(Error::Encoding { at: 0, what: "version 1" });
        }
        let id = from.text("an id of 1 to 255 bytes of UTF-8")?.to_owned();
        if id.is_empty() {
            return Err(Error::Encoding { at: 1, what: "an id of 1 to 255 bytes of UTF-8" });
        }
        let nonce = from.u64("a nonce of 8 bytes")?;
        let count = from.u16("the number of keys")?;
        let valid_keys = (0..count).map(|_| from.key::<K>()).collect::<Result<_>>()?;
        let count = from.u16("the number of data")?;
        let signed_data = (0..count).map(|_| data(&mut from)).collect::<Result<_>>()?;
        let service_challenge = match from.u8("challenge 0 or 1")? {
            0 => None,
            1 => Some(ServiceChallenge::Signed(from.key::<K>()?)),
            _ => return Err(Error::Encoding { at: bytes.len(), what: "challenge 0 or 1" }),
        };
        from.end()?;
        Ok(Self { id, nonce, valid_keys, signed_data, service_challenge })
    }
}

fn data<K: Keys>(from: &mut Cursor<'_>) -> Result<SignedData<K>> {
    let key = from.key::<K>()?;
    let count = from.u16("the number of bytes of data")?;
    let data = from.bytes(count, "data")?.to_vec();
    let signature = from.array::<64>("a signature of 64 bytes")?.into();
    Ok(SignedData { key, data, signature })
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::{Compact, Expanded};

    fn keys() -> impl Strategy<Value = [u8; 32]> {
        any::<[u8; 32]>().prop_map(|seed| Compact::bytes(&Compact::of(&Compact::signer(&seed))))
    }

    fn accounts<K: Keys>() -> impl Strategy<Value = Account<K>> {
        let key = || keys().prop_map(|bytes| K::public(bytes).unwrap());
        let data =
            (key(), vec(any::<u8>(), 0..40), any::<[u8; 32]>()).prop_map(|(key, data, half)| {
                SignedData {
                    key,
                    data,
                    signature: <[u8; 64]>::try_from([half, half].concat()).unwrap().into(),
                }
            });
        let challenge = proptest::option::of(key().prop_map(ServiceChallenge::Signed));
        ("\\PC{1,60}", any::<u64>(), vec(key(), 0..4), vec(data, 0..3), challenge).prop_map(
            |(id, nonce, valid_keys, signed_data, service_challenge)| Account {
                id,
                nonce,
                valid_keys,
                signed_data,
                service_challenge,
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_decoded_account_has_the_same_bytes(account in accounts::<Expanded>()) {
            let bytes = account.encode();
            prop_assert_eq!(bytes.len(), account.encoded_bytes());
            prop_assert_eq!(Account::decode(&bytes).unwrap(), account);
            prop_assert_eq!(Account::<Compact>::decode(&bytes).unwrap().encode(), bytes);
        }

        #[test]
        fn cut_and_longer_bytes_are_refused(account in accounts::<Compact>(), cut in 1_usize..50) {
            let mut bytes = account.encode();
            let kept = bytes.len() - cut.min(bytes.len());
            prop_assert!(Account::<Compact>::decode(&bytes[..kept]).is_err());
            bytes.push(0);
            prop_assert!(Account::<Compact>::decode(&bytes).is_err());
        }

        #[test]
        fn any_bytes_are_read_or_refused(mut bytes in vec(any::<u8>(), 0..200), first: bool) {
            if let (true, [version, length, ..]) = (first, &mut bytes[..]) {
                (*version, *length) = (1, *length % 8);
            }
            if let Ok(account) = Account::<Compact>::decode(&bytes) {
                prop_assert_eq!(account.encode(), bytes.clone());
            }
            let _ = Account::<Expanded>::decode(&bytes);
        }
    }

    // 1 version + (1 + 6) id + 8 nonce + 2 + 32 keys + 2 data + 1 challenge = 53 bytes.
    #[test]
    fn a_user_with_one_key_takes_53_bytes() {
        let account = Account::<Compact> {
            id: "user-1".into(),
            nonce: 1,
            valid_keys: vec![[7; 32].into()],
            signed_data: Vec::new(),
            service_challenge: None,
        };
        assert_eq!(account.encode().len(), 53);
    }
}
