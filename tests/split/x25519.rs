//! X25519 is that of RFC 7748, and of the library by which aggregators open.

use anxin::split::{BASE, Keys, Pair, Report, Task, x25519};
use janus_messages::Report as Message;
use prio::codec::Decode;
use x25519_dalek::x25519 as library;

use crate::{forge::recipients, shared::tape::Tape, vdaf::Hex};

fn bytes(digits: &str) -> [u8; 32] {
    Hex::try_from(digits.to_owned()).unwrap().0.try_into().unwrap()
}

/// §5.2.
#[test]
fn the_vectors_of_the_rfc_come_out() {
    let vectors = [
        [
            "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
            "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
            "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
        ],
        [
            "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
            "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
            "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957",
        ],
    ];
    for [secret, point, shared] in vectors.map(|vector| vector.map(bytes)) {
        assert_eq!(x25519(secret, point), shared);
    }
    let (mut secret, mut point) = (BASE, BASE);
    for _ in 0..1_000 {
        (secret, point) = (x25519(secret, point), secret);
    }
    assert_eq!(secret, bytes("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51"));
}

/// §6.1.
#[test]
fn two_agree() {
    let alice = bytes("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
    let bob = bytes("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
    let [to_bob, to_alice] = [alice, bob].map(|secret| x25519(secret, BASE));
    assert_eq!(to_bob, bytes("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"));
    assert_eq!(to_alice, bytes("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"));
    let shared = bytes("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
    assert_eq!([x25519(alice, to_alice), x25519(bob, to_bob)], [shared; 2]);
}

/// Numbers at both ends of the field and of limbs, points of low order, and what is not below p among them.
#[test]
fn it_is_the_librarys() {
    let mut tape = Tape::seeded(1);
    let drawn = |tape: &mut Tape| std::array::from_fn(|_| tape.below(256) as u8);
    let ends = (0..32).flat_map(|at| {
        [[0; 32], [255; 32]].into_iter().flat_map(move |of| {
            [0, 1, 2, 18, 19, 127, 128, 236, 237, 238, 255].map(move |end: u8| {
                let mut bytes = of;
                bytes[at] = end;
                bytes
            })
        })
    });
    for point in ends.collect::<Vec<_>>() {
        let secret = drawn(&mut tape);
        assert_eq!(x25519(secret, point), library(secret, point), "{secret:?} {point:?}");
        assert_eq!(x25519(point, BASE), library(point, BASE), "{point:?}");
    }
    for _ in 0..500 {
        let (secret, point) = (drawn(&mut tape), drawn(&mut tape));
        assert_eq!(x25519(secret, point), library(secret, point), "{secret:?} {point:?}");
    }
}

/// Both parts of a report say one ephemeral key, and no two reports the same; each part is opened by its own.
#[test]
fn a_report_has_a_key_of_its_own() {
    let (pair, task) = (
        Pair { leader: Keys::new([1; 16], [3; 32]), helper: Keys::new([2; 16], [3; 32]) },
        Task::named("one", "hash", "330602", 7),
    );
    let keys = [[5; 16], [6; 16]].map(|id| {
        let report =
            Report::split(&task, "2026-11-23".parse().unwrap(), &Default::default(), id, &recipients(&pair)).unwrap();
        assert!(pair.verify(&task, report.bytes()).is_ok());
        let message = Message::get_decoded(report.bytes()).unwrap();
        let (leader, helper) = (message.leader_encrypted_input_share(), message.helper_encrypted_input_share());
        assert_eq!(leader.encapsulated_key(), helper.encapsulated_key());
        leader.encapsulated_key().to_vec()
    });
    assert_ne!(keys[0], keys[1]);
}
