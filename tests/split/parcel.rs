//! Parcels: what was packed and sealed is what is opened, by its collector alone, and unchanged.

use anxin::{
    parcel::{BadParcel, Fingerprint, MAGIC, Parcel, Sealed, seal},
    split::Keys,
};
use proptest::prelude::*;

fn keys() -> Keys {
    Keys::new([1; 16], [2; 32])
}

fn parcel(reports: Vec<String>) -> Parcel {
    let report = |report| Sealed { task: "task".into(), report };
    Parcel {
        version: 1,
        campaign: "safety".into(),
        questionnaire: "0".repeat(64),
        batches: Vec::new(),
        fieldwork: Vec::new(),
        reports: reports.into_iter().map(report).collect(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_parcel_survives_the_way(seed: [u8; 32], reports in prop::collection::vec("[0-9a-f]{0,40}", 0..4)) {
        let (keys, parcel) = (keys(), parcel(reports));
        let file = seal(&keys.newest().unwrap(), &parcel.pack(&seed)).unwrap();
        prop_assert!(file.starts_with(MAGIC));
        prop_assert_eq!(Parcel::open(&file, &keys), Ok((parcel, Fingerprint::of_seed(&seed))));
    }

    /// No byte can be changed, none left out, none added; and no other collector opens it.
    #[test]
    fn a_changed_parcel_is_refused(at: prop::sample::Index, bit in 0u8..8) {
        let keys = keys();
        let file = seal(&keys.newest().unwrap(), &parcel(vec!["00".into()]).pack(&[7; 32])).unwrap();
        let mut changed = file.clone();
        changed[at.index(file.len())] ^= 1 << bit;
        prop_assert!(Parcel::open(&changed, &keys).is_err());
        prop_assert!(Parcel::open(&file[..at.index(file.len())], &keys).is_err());
        prop_assert!(Parcel::open(&[&file[..], &[0]].concat(), &keys).is_err());
        prop_assert_eq!(Parcel::open(&file, &self::keys()), Err(BadParcel::Sealed));
    }

    /// Nor can who is able to seal change what a tablet signed.
    #[test]
    fn a_changed_packing_is_refused(at: prop::sample::Index, bit in 0u8..8) {
        let keys = keys();
        let mut packed = parcel(vec!["00".into()]).pack(&[7; 32]);
        let at = at.index(packed.len());
        packed[at] ^= 1 << bit;
        let file = seal(&keys.newest().unwrap(), &packed).unwrap();
        prop_assert_eq!(Parcel::open(&file, &keys), Err(BadParcel::Signature));
    }
}

/// A tablet's name is short, and not that of another tablet.
#[test]
fn a_fingerprint_names_a_tablet() {
    let name = Fingerprint::of_seed(&[7; 32]).to_string();
    assert_eq!(name.len(), 9);
    assert!(name.bytes().enumerate().all(|(i, byte)| if i == 4 { byte == b'-' } else { byte.is_ascii_hexdigit() }));
    assert_ne!(name, Fingerprint::of_seed(&[8; 32]).to_string());
}
