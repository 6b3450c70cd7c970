//! Splitting in every world: the public vectors of the VDAF, and a report that both aggregators open. What
//! is random is drawn from the browser there, so that the very shares can be pinned.

use anxin::{
    layout::Cells,
    questionnaire::Questionnaire,
    simulate::Respondents,
    split::{Recipients, Report, Task, vdaf},
};
use hpke::{Deserializable, Kem as _, OpModeR, Serializable, aead, kdf, kem::X25519HkdfSha256 as Kem};
use janus_messages::{
    HpkeAeadId, HpkeCiphertext, HpkeConfig, HpkeKdfId, HpkeKemId, InputShareAad, PlaintextInputShare,
    Report as Message, Role,
};
use prio::{
    codec::{Decode, Encode},
    vdaf::{Aggregator, Collector},
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use self::vectors::{Sent, Vector, prepare};

#[path = "../split/vdaf.rs"]
mod vectors;

#[test]
fn the_public_vectors_come_out_byte_for_byte() {
    Vector::all().iter().for_each(Vector::comes_out);
}

type PrivateKey = <Kem as hpke::Kem>::PrivateKey;

fn key(id: u8) -> (PrivateKey, HpkeConfig) {
    let (private, public) = Kem::gen_keypair();
    let suite = (HpkeKemId::X25519HkdfSha256, HpkeKdfId::HkdfSha256, HpkeAeadId::Aes128Gcm);
    (private, HpkeConfig::new(id.into(), suite.0, suite.1, suite.2, public.to_bytes().to_vec().into()))
}

fn open(to: Role, key: &PrivateKey, sealed: &HpkeCiphertext, aad: &[u8]) -> Vec<u8> {
    let encapsulated = <Kem as hpke::Kem>::EncappedKey::from_bytes(sealed.encapsulated_key()).unwrap();
    let info = [b"dap-09 input share".as_slice(), &[Role::Client as u8, to as u8]].concat();
    let plain = hpke::single_shot_open::<aead::AesGcm128, kdf::HkdfSha256, Kem>(
        &OpModeR::Base,
        key,
        &encapsulated,
        &info,
        sealed.payload(),
        aad,
    );
    PlaintextInputShare::get_decoded(&plain.unwrap()).unwrap().payload().to_vec()
}

/// Read by another implementation, opened by each aggregator, verified, and put together again.
#[test]
fn a_report_is_opened_verified_and_put_together() {
    let questionnaire = Questionnaire::parse(include_bytes!("../vectors/good/survey.json")).unwrap();
    let questionnaire = std::sync::Arc::new(questionnaire);
    let cells = questionnaire.layout.len();
    let task = Task::named("one", &questionnaire.hash, "330602", cells);
    let ((leader_key, leader), (helper_key, helper)) = (key(1), key(200));
    let to = Recipients { leader, helper };
    for (person, number) in Respondents::new(questionnaire.clone(), 1).take(3).zip(0..) {
        let person = Cells::encode(&questionnaire, &person);
        let report = Report::split(&task, "2026-11-23".parse().unwrap(), &person, [number; 16], &to).unwrap();
        assert_eq!(report.bytes().len(), 1_270, "of {cells} cells");
        let message = Message::get_decoded(report.bytes()).unwrap();
        assert_eq!(message.metadata().time().as_seconds_since_epoch(), 20_780 * 86_400);
        let aad = InputShareAad::new(task.id, message.metadata().clone(), message.public_share().to_vec());
        let aad = aad.get_encoded().unwrap();
        let (leader, helper) = (message.leader_encrypted_input_share(), message.helper_encrypted_input_share());
        assert_eq!((u8::from(*leader.config_id()), u8::from(*helper.config_id())), (1, 200));
        let inputs = vec![open(Role::Leader, &leader_key, leader, &aad), open(Role::Helper, &helper_key, helper, &aad)];
        let sent = Sent { nonce: [number; 16], public: message.public_share().to_vec(), inputs };
        let vdaf = vdaf(cells).unwrap();
        let prepared = prepare(&vdaf, &[6; 16], &sent, |_, _| ()).unwrap();
        let sums = prepared.outputs.into_iter().map(|share| vdaf.aggregate(&(), [share]).unwrap());
        let together = vdaf.unshard(&(), sums, 1).unwrap();
        let ones = together.iter().zip(0u32..).filter(|(cell, _)| **cell == 1).map(|(_, at)| at);
        assert_eq!(ones.collect::<Vec<_>>(), person.ones());
    }
}

/// Only a browser's randomness can be replaced from outside.
#[cfg(target_arch = "wasm32")]
mod sharding {
    use anxin::split::splitter;
    use js_sys::{Function, Reflect, Uint8Array};
    use prio::vdaf::Client;
    use wasm_bindgen::JsValue;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    /// Runs with a `crypto.getRandomValues` that gives these bytes, one after the other; gives what was
    /// left of them, and how often it was asked.
    fn drawing<T>(bytes: &[u8], run: impl FnOnce() -> T) -> (T, Vec<u8>, f64) {
        let crypto = Reflect::get(&js_sys::global(), &"crypto".into()).unwrap();
        let source = js_sys::Object::new();
        Reflect::set(&source, &"bytes".into(), &Uint8Array::from(bytes)).unwrap();
        Reflect::set(&source, &"asked".into(), &0.into()).unwrap();
        let script = "return (array) => {
            array.set(source.bytes.subarray(0, array.length));
            source.bytes = source.bytes.slice(array.length);
            source.asked += 1;
            return array;
        }";
        let draw = Function::new_with_args("source", script).call1(&JsValue::NULL, &source).unwrap();
        Reflect::set(&crypto, &"getRandomValues".into(), &draw).unwrap();
        let result = run();
        // The browser's own is that of the prototype.
        assert!(Reflect::delete_property(&crypto.into(), &"getRandomValues".into()).unwrap());
        let left = Uint8Array::new(&Reflect::get(&source, &"bytes".into()).unwrap()).to_vec();
        (result, left, Reflect::get(&source, &"asked".into()).unwrap().as_f64().unwrap())
    }

    #[wasm_bindgen_test]
    fn the_shares_of_the_public_vectors_come_out_byte_for_byte() {
        for vector in Vector::all() {
            for prep in &vector.prep {
                let (vdaf, want) = (vector.vdaf(), prep.sent());
                let shard = || vdaf.shard(&prep.measurement, &want.nonce).unwrap();
                let ((public, inputs), left, asked) = drawing(&prep.rand.0, shard);
                assert_eq!((left, asked), (Vec::new(), 1.0));
                let inputs = inputs.iter().map(|share| share.get_encoded().unwrap()).collect();
                assert_eq!(Sent { nonce: want.nonce, public: public.get_encoded().unwrap(), inputs }, want);
            }
        }
    }

    /// From the same bytes the quick splitter makes what the library makes, of a layout of any size.
    #[wasm_bindgen_test]
    fn the_splitter_makes_the_shares_of_the_library() {
        let random: Vec<u8> = (0..80).map(|byte: u8| byte.wrapping_mul(151) ^ 90).collect();
        for cells in [1, 2, 13, 128, 500, 968] {
            let ones = |cell: usize| cell.is_multiple_of(4);
            let ours = || splitter(cells).unwrap().shard(&(0..cells).map(|cell| ones(cell).into()).collect(), &[7; 16]);
            let theirs = || vdaf(cells).unwrap().shard(&(0..cells).map(|cell| ones(cell).into()).collect(), &[7; 16]);
            let (ours, left, _) = drawing(&random, ours);
            assert_eq!(left, Vec::<u8>::new());
            assert!(ours.unwrap() == drawing(&random, theirs).0.unwrap(), "{cells} cells");
        }
    }

    /// Afterwards the browser draws again, and never the same.
    #[wasm_bindgen_test]
    fn two_reports_draw_differently() {
        let ((), left, asked) = drawing(&[1, 2, 3], || ());
        assert_eq!((left, asked), (vec![1, 2, 3], 0.0));
        let vector = &Vector::all()[0];
        let shard = || vector.vdaf().shard(&vector.prep[0].measurement, &[7; 16]).unwrap().0;
        assert_ne!(shard(), shard());
    }
}
