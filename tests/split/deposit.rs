//! Deposits: what is sealed for the collector alone.

use anxin::{
    questionnaire::hex,
    split::{Keys, deposit, deposit_key},
};
use prio::codec::Encode;
use proptest::prelude::*;

fn keys() -> Keys {
    Keys::new([1; 16], [2; 32])
}

#[test]
fn a_deposit_is_opened_by_its_key_alone_and_only_for_what_it_is_good_for() {
    let (mut keys, others) = (keys(), keys());
    let key = deposit_key(&hex(&keys.newest().unwrap().get_encoded().unwrap())).unwrap();
    let sealed = deposit(&key, b"mask", b"seed").unwrap();
    assert_eq!(keys.withdraw(b"mask", &sealed).unwrap().as_slice(), b"seed");
    assert!(keys.withdraw(b"parcel", &sealed).is_none(), "good for something else");
    assert!(others.withdraw(b"mask", &sealed).is_none(), "another collector's");
    let today = "2026-11-23".parse().unwrap();
    keys.rotate(today, today);
    assert!(keys.withdraw(b"mask", &sealed).is_some(), "the older key is kept while it is needed");
    let later = today.plus_days(30);
    keys.rotate(later, later);
    assert!(keys.withdraw(b"mask", &sealed).is_none(), "and then goes");
}

#[test]
fn what_is_no_key_is_none() {
    for digits in ["", "00", "zz", &"00".repeat(41)] {
        assert!(deposit_key(digits).is_none(), "{digits}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// No byte of a deposit can be changed, none left out.
    #[test]
    fn a_changed_deposit_is_refused(at: prop::sample::Index, bit in 0u8..8) {
        let keys = keys();
        let sealed = deposit(&keys.newest().unwrap(), b"mask", &[7; 32]).unwrap();
        let mut changed = sealed.clone();
        changed[at.index(sealed.len())] ^= 1 << bit;
        prop_assert!(keys.withdraw(b"mask", &changed).is_none());
        prop_assert!(keys.withdraw(b"mask", &sealed[..at.index(sealed.len())]).is_none());
    }
}
