//! The public vectors come out; nothing that differs from them by a byte does.

use crate::{
    shared::tape::Tape,
    vdaf::{Prep, Sent, Vector, prepare},
};

/// A way to spoil what a respondent sends.
type Part = fn(&mut Sent) -> &mut Vec<u8>;

const PARTS: [Part; 3] = [|sent| &mut sent.public, |sent| &mut sent.inputs[0], |sent| &mut sent.inputs[1]];

fn respondents(vectors: &[Vector]) -> impl Iterator<Item = (&Vector, &Prep)> {
    vectors.iter().flat_map(|vector| vector.prep.iter().map(move |prep| (vector, prep)))
}

/// Places in so many bytes: both ends, and some between.
fn places(tape: &mut Tape, len: usize) -> Vec<usize> {
    let between = (0..12).map(|_| tape.below(len));
    [0, len - 1].into_iter().chain(between).collect()
}

#[test]
fn the_public_vectors_come_out_byte_for_byte() {
    let vectors = Vector::all();
    assert_eq!(vectors.each_ref().map(|vector| (vector.shares, vector.prep.len())), [(2, 3), (3, 3)]);
    vectors.iter().for_each(Vector::comes_out);
}

#[test]
fn a_share_changed_by_a_byte_is_refused() {
    let mut tape = Tape::seeded(1);
    for (vector, prep) in respondents(&Vector::all()) {
        let vdaf = vector.vdaf();
        for (number, part) in PARTS.iter().enumerate() {
            let len = part(&mut prep.sent()).len();
            for at in places(&mut tape, len) {
                let mut sent = prep.sent();
                part(&mut sent)[at] ^= 1 << tape.below(8);
                assert!(prepare(&vdaf, &vector.key(), &sent, |_, _| ()).is_err(), "part {number}, byte {at}");
            }
        }
    }
}

#[test]
fn what_an_aggregator_says_changed_by_a_byte_is_refused() {
    let mut tape = Tape::seeded(2);
    for (vector, prep) in respondents(&Vector::all()) {
        let (vdaf, sent) = (vector.vdaf(), prep.sent());
        let said = prepare(&vdaf, &vector.key(), &sent, |_, _| ()).unwrap().said;
        for (speaker, said) in said.iter().enumerate() {
            for at in places(&mut tape, said.len()) {
                let bit = 1 << tape.below(8);
                let spoil = |index, bytes: &mut Vec<u8>| bytes[at] ^= if index == speaker { bit } else { 0 };
                assert!(prepare(&vdaf, &vector.key(), &sent, spoil).is_err(), "aggregator {speaker}, byte {at}");
            }
        }
    }
}

#[test]
fn another_nonce_or_shares_exchanged_are_refused() {
    for (vector, prep) in respondents(&Vector::all()) {
        let mut sent = prep.sent();
        sent.nonce[15] ^= 1;
        assert!(prepare(&vector.vdaf(), &vector.key(), &sent, |_, _| ()).is_err());
        let mut sent = prep.sent();
        sent.inputs.swap(0, 1);
        assert!(prepare(&vector.vdaf(), &vector.key(), &sent, |_, _| ()).is_err());
    }
}

#[test]
fn what_is_cut_short_or_too_long_is_refused() {
    let mut tape = Tape::seeded(3);
    for (vector, prep) in respondents(&Vector::all()) {
        let (vdaf, key) = (vector.vdaf(), vector.key());
        let refused = |sent: &Sent| prepare(&vdaf, &key, sent, |_, _| ()).is_err();
        for part in PARTS {
            let len = part(&mut prep.sent()).len();
            for cut in places(&mut tape, len) {
                let mut sent = prep.sent();
                part(&mut sent).truncate(cut);
                assert!(refused(&sent));
            }
            for more in [1, 16, 32] {
                let mut sent = prep.sent();
                part(&mut sent).extend(vec![0; more]);
                assert!(refused(&sent));
            }
        }
        let shorter = |_, bytes: &mut Vec<u8>| bytes.truncate(bytes.len() - 1);
        let longer = |_, bytes: &mut Vec<u8>| bytes.push(0);
        assert!(prepare(&vdaf, &key, &prep.sent(), shorter).is_err());
        assert!(prepare(&vdaf, &key, &prep.sent(), longer).is_err());
    }
}
