//! Keys come and go; none prints.

use std::{collections::BTreeSet, fmt::Debug, marker::PhantomData};

use anxin::{
    day::Day,
    layout::Cells,
    split::{Key, Keys, Pair, Refusal, Shares, Task, UnknownSuite, Verified, choose, vdaf},
};
use janus_messages::{HpkeAeadId, HpkeConfig, HpkeConfigList};
use prio::codec::Encode;

use crate::forge::{Draft, recipients};

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn keys() -> Keys {
    Keys::new([1; 16], [3; 32])
}

fn report(pair: &Pair, task: &Task) -> Vec<u8> {
    Draft::of(task, &vdaf(task.cells).unwrap(), &vec![1; task.cells], &recipients(pair)).bytes()
}

#[test]
fn a_key_stays_as_long_as_reports_may_wait_for_it() {
    let mut keys = keys();
    let early = day("2026-01-01");
    assert_eq!(keys.ids(), [1]);
    keys.rotate(day("2026-11-01"), early);
    keys.rotate(day("2026-11-08"), early);
    assert_eq!(keys.ids(), [3, 2, 1]);
    // Replaced on the first day that is still needed.
    keys.rotate(day("2026-11-15"), day("2026-11-01"));
    assert_eq!(keys.ids(), [4, 3, 2, 1]);
    keys.rotate(day("2026-11-22"), day("2026-11-02"));
    assert_eq!(keys.ids(), [5, 4, 3, 2]);
    // The newest was in use until today, whatever is said of it.
    keys.rotate(day("2026-11-29"), day("2027-11-29"));
    assert_eq!(keys.ids(), [6, 5]);
}

#[test]
fn ids_never_collide() {
    let mut keys = keys();
    let mut newest = Vec::new();
    for _ in 0..300 {
        keys.rotate(day("2026-11-01"), day("2026-01-01"));
        let ids = keys.ids();
        assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len());
        assert_eq!(keys.newest().map(|key| u8::from(*key.id())), Some(ids[0]));
        newest.push(ids[0]);
    }
    assert_eq!(keys.ids().len(), 256);
    assert!(newest.windows(256).all(|ids| ids.iter().collect::<BTreeSet<_>>().len() == 256), "an id comes back early");
}

/// Also from a file whose ids do not follow one another.
#[test]
fn an_id_in_use_is_passed_over() {
    let mut keys = keys();
    keys.rotate(day("2026-11-01"), day("2026-10-01"));
    let mut file = serde_json::to_value(&keys).unwrap();
    (file["hpke"][0]["id"], file["hpke"][1]["id"]) = (255.into(), 0.into());
    let mut keys: Keys = serde_json::from_value(file).unwrap();
    keys.rotate(day("2026-11-08"), day("2026-10-01"));
    assert_eq!(keys.ids(), [1, 255, 0]);
}

#[test]
fn what_was_sealed_before_opens_until_its_key_is_dropped() {
    let mut pair = Pair { leader: keys(), helper: keys() };
    let task = Task::named("one", "hash", "330602", 3);
    let old = report(&pair, &task);
    pair.leader.rotate(day("2026-11-01"), day("2026-10-01"));
    let mixed = report(&pair, &task);
    pair.helper.rotate(day("2026-11-01"), day("2026-10-01"));
    let new = report(&pair, &task);
    assert!([&old, &mixed, &new].iter().all(|bytes| pair.verify(&task, bytes).is_ok()));
    pair.helper.rotate(day("2026-12-01"), day("2026-12-01"));
    assert_eq!(pair.verify(&task, &old).err(), Some(Refusal::OutdatedKey(1)));
    assert_eq!(pair.verify(&task, &mixed).err(), Some(Refusal::OutdatedKey(1)));
    assert!(pair.verify(&task, &new).is_ok());
}

#[test]
fn keys_are_written_and_read_again() {
    let mut keys = keys();
    keys.rotate(day("2026-11-01"), day("2026-10-01"));
    let written = serde_json::to_string(&keys).unwrap();
    let pair = Pair { leader: serde_json::from_str(&written).unwrap(), helper: self::keys() };
    let task = Task::named("one", "hash", "330602", 3);
    let bytes = report(&Pair { leader: keys.clone(), helper: pair.helper.clone() }, &task);
    assert!(pair.verify(&task, &bytes).is_ok());
    assert_eq!(serde_json::to_string(&pair.leader).unwrap(), written);
    // The days came along: the older key goes when it should.
    let mut again = pair.leader.clone();
    again.rotate(day("2026-11-08"), day("2026-11-02"));
    assert_eq!(again.ids(), [3, 2]);
    let with = written.replacen('{', "{\"more\":1,", 1);
    assert!(serde_json::from_str::<Keys>(&with).is_err());
    assert!(serde_json::from_str::<Keys>(&written[..written.len() - 1]).is_err());
}

#[test]
fn every_task_has_a_verification_key_of_its_own() {
    let pair = |secret| Pair { leader: Keys::new([1; 16], [secret; 32]), helper: Keys::new([2; 16], [secret; 32]) };
    let task = |area: &str| Task::named("one", "hash", area, 3);
    let all = [(3, "330602"), (3, "330603"), (4, "330602")].map(|(secret, area)| pair(secret).verify_key(&task(area)));
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 3);
    assert_eq!(pair(3).verify_key(&task("330602")), all[0]);
}

#[test]
fn the_newest_key_is_the_one_that_is_told() {
    let mut keys = keys();
    keys.rotate(day("2026-11-01"), day("2026-10-01"));
    assert_eq!(choose(&keys.config_list().unwrap()).ok(), keys.newest());
}

/// Other suites, and keys that are none, are passed over; the first of ours is taken.
#[test]
fn the_first_key_of_our_suite_is_chosen() {
    let ours = [keys(), keys()].map(|keys| keys.newest().unwrap());
    let like = |aead, key: Vec<u8>| HpkeConfig::new(7.into(), *ours[0].kem_id(), *ours[0].kdf_id(), aead, key.into());
    let other = like(HpkeAeadId::ChaCha20Poly1305, vec![9; 32]);
    let short = like(HpkeAeadId::Aes128Gcm, vec![9; 31]);
    let list = |configs: &[&HpkeConfig]| {
        HpkeConfigList::new(configs.iter().map(|&config| config.clone()).collect()).get_encoded().unwrap()
    };
    assert_eq!(choose(&list(&[&other, &short, &ours[1], &ours[0]])).as_ref(), Ok(&ours[1]));
    let good = list(&[&ours[0]]);
    for bad in [&list(&[&other, &short])[..], &list(&[]), &good[..good.len() - 1], &[&good[..], &[0]].concat(), b"{}"] {
        assert_eq!(choose(bad), Err(UnknownSuite));
    }
}

/// Whether a type prints: a constant of its own, if it does, goes before that of the trait.
struct Of<T>(PhantomData<T>);

trait Silent {
    const PRINTS: bool = false;
}

impl<T> Silent for Of<T> {}

impl<T: Debug> Of<T> {
    const PRINTS: bool = true;
}

#[test]
fn no_secret_prints() {
    let secrets = [
        Of::<Keys>::PRINTS,
        Of::<Key>::PRINTS,
        Of::<Pair>::PRINTS,
        Of::<Cells>::PRINTS,
        Of::<Shares>::PRINTS,
        Of::<Verified>::PRINTS,
    ];
    // A day is no secret: the trick works.
    assert_eq!((secrets, Of::<Day>::PRINTS), ([false; 6], true));
}
