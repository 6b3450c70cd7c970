//! X25519 is that of RFC 7748, and of the library by which aggregators open, in every world.

use anxin::split::{BASE, x25519};
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg32;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
use x25519_dalek::x25519 as library;

type Bytes = [u8; 32];

/// Comparisons with the library; a browser gets a module that nothing made quick.
const DRAWN: usize = if cfg!(target_arch = "wasm32") { 100 } else { 1_000 };

fn bytes(digits: &str) -> Bytes {
    std::array::from_fn(|i| u8::from_str_radix(&digits[2 * i..2 * i + 2], 16).unwrap())
}

fn one(secret: Bytes, point: Bytes) -> Bytes {
    x25519(secret, &[point])[0]
}

/// 2^255 − 38 and so many more: p = 2^255 − 19 with 19, 2^255 − 1 with 37.
fn near_the_end(more: u8) -> Bytes {
    let mut bytes = [255; 32];
    (bytes[0], bytes[31]) = (218 + more, 127);
    bytes
}

/// The points of order 1, 2, 4 and 8, on the curve and on its twist, and every other way to write them.
fn of_low_order() -> Vec<Bytes> {
    let of_eight = [
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    ];
    let mut one = [0; 32];
    one[0] = 1;
    // p − 1, p and p + 1.
    let around = [18, 19, 20].map(near_the_end);
    let plain: Vec<_> = [[0; 32], one].into_iter().chain(of_eight.map(bytes)).chain(around).collect();
    let marked = plain.iter().map(|point| {
        let mut point = *point;
        point[31] |= 128;
        point
    });
    marked.chain(plain.iter().copied()).collect()
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
        assert_eq!(one(secret, point), shared);
    }
    let (mut secret, mut point) = (BASE, BASE);
    for time in 1..=1_000 {
        (secret, point) = (one(secret, point), secret);
        if time == 1 {
            assert_eq!(secret, bytes("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079"));
        }
    }
    assert_eq!(secret, bytes("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51"));
}

/// §6.1.
#[test]
fn two_agree() {
    let alice = bytes("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
    let bob = bytes("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
    let [to_bob, to_alice] = [alice, bob].map(|secret| one(secret, BASE));
    assert_eq!(to_bob, bytes("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"));
    assert_eq!(to_alice, bytes("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"));
    let shared = bytes("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
    assert_eq!([one(alice, to_alice), one(bob, to_bob)], [shared; 2]);
}

#[test]
fn it_is_the_librarys() {
    let mut random = Pcg32::seed_from_u64(1);
    let mut draw = || {
        let mut bytes = [0; 32];
        random.fill_bytes(&mut bytes);
        bytes
    };
    for _ in 0..DRAWN {
        let (secret, points) = (draw(), [draw(), BASE, draw()]);
        assert_eq!(*x25519(secret, &points), points.map(|point| library(secret, point)), "{secret:?} {points:?}");
    }
    // Around p and 2^255, and limbs and bytes that are as small or large as can be.
    let mut ends: Vec<_> = (0..38).map(near_the_end).collect();
    for of in [0, 255, 0x55, 0xaa] {
        for bit in (0..256).step_by(if cfg!(target_arch = "wasm32") { 29 } else { 3 }) {
            let mut bytes = [of; 32];
            bytes[bit / 8] ^= 1 << (bit % 8);
            ends.push(bytes);
            bytes[bit / 8..].fill(!of);
            ends.push(bytes);
        }
    }
    for end in ends {
        let secret = draw();
        assert_eq!(one(secret, end), library(secret, end), "{secret:?} {end:?}");
        let points = [BASE, end];
        assert_eq!(*x25519(end, &points), points.map(|point| library(end, point)), "{end:?}");
    }
}

/// Their secret is 0, which who seals refuses (RFC 9180 §7.1.4); what stands beside them comes out as it would alone.
#[test]
fn a_point_of_low_order_makes_0_and_spoils_nothing() {
    let secret = bytes("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4");
    let point = bytes("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c");
    let (public, shared) = (library(secret, BASE), library(secret, point));
    for low in of_low_order() {
        assert_eq!(library(secret, low), [0; 32], "{low:?}");
        assert_eq!(*x25519(secret, &[low]), [[0; 32]], "{low:?}");
        assert_eq!(*x25519(secret, &[BASE, low, point]), [public, [0; 32], shared], "{low:?}");
        assert_eq!(*x25519(secret, &[low, point, low, BASE]), [[0; 32], shared, [0; 32], public], "{low:?}");
    }
}
