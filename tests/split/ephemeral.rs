//! The key with which a phone seals.

use anxin::{
    layout::Cells,
    split::{CannotSplit, Keys, Pair, Recipients, Report, Task, deposit},
};
use janus_messages::{HpkeConfig, Report as Message};
use prio::codec::Decode;

use crate::forge::recipients;

fn pair() -> Pair {
    Pair { leader: Keys::new([1; 16], [3; 32]), helper: Keys::new([2; 16], [3; 32]) }
}

fn report(id: [u8; 16], to: &Recipients) -> Result<Report, CannotSplit> {
    Report::split(&task(), "2026-11-23".parse().unwrap(), &Cells::default(), id, to)
}

fn task() -> Task {
    Task::named("one", "hash", "330602", 7)
}

/// Both parts of a report say one ephemeral key, and no two reports the same; each part is opened by its own.
#[test]
fn a_report_has_a_key_of_its_own() {
    let pair = pair();
    let keys = [[5; 16], [6; 16]].map(|id| {
        let report = report(id, &recipients(&pair)).unwrap();
        assert!(pair.verify(&task(), report.bytes()).is_ok());
        let message = Message::get_decoded(report.bytes()).unwrap();
        let (leader, helper) = (message.leader_encrypted_input_share(), message.helper_encrypted_input_share());
        assert_eq!(leader.encapsulated_key(), helper.encapsulated_key());
        leader.encapsulated_key().to_vec()
    });
    assert_ne!(keys[0], keys[1]);
}

/// Anybody could open what is sealed to a point of low order.
#[test]
fn nothing_is_sealed_to_a_key_of_low_order() {
    let good = recipients(&pair());
    let bad =
        |key: &HpkeConfig| HpkeConfig::new(*key.id(), *key.kem_id(), *key.kdf_id(), *key.aead_id(), vec![0; 32].into());
    let leader = Recipients { leader: bad(&good.leader), helper: good.helper.clone() };
    let helper = Recipients { leader: good.leader.clone(), helper: bad(&good.helper) };
    for to in [leader, helper] {
        assert_eq!(report([5; 16], &to), Err(CannotSplit::Library));
    }
    assert!(deposit(&good.leader, b"good for", b"plain").is_some());
    assert_eq!(deposit(&bad(&good.leader), b"good for", b"plain"), None);
}
