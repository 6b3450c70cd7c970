//! Counts as bytes: LEB128, seven bits a byte, the lowest first; most take one byte.

/// Writes counts.
pub(crate) fn encode(cells: &[u64]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(cells.len() * 2);
    for &cell in cells {
        let mut rest = cell;
        while rest >= 0x80 {
            bytes.push(rest as u8 | 0x80);
            rest >>= 7;
        }
        bytes.push(rest as u8);
    }
    bytes
}

/// Reads cells back; `None` if the bytes are damaged.
pub(crate) fn decode(bytes: &[u8]) -> Option<Vec<u64>> {
    let mut cells = Vec::with_capacity(bytes.len());
    let (mut cell, mut shift) = (0u64, 0);
    for &byte in bytes {
        let bits = u64::from(byte & 0x7f);
        cell |= bits.checked_shl(shift).filter(|it| it >> shift == bits)?;
        if byte & 0x80 == 0 {
            cells.push(cell);
            (cell, shift) = (0, 0);
        } else {
            shift += 7;
        }
    }
    (shift == 0).then_some(cells)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn reads_what_it_wrote(cells in prop::collection::vec(prop_oneof![0..300u64, any::<u64>()], 0..50)) {
            prop_assert_eq!(decode(&encode(&cells)), Some(cells));
        }
    }

    #[test]
    fn refuses_damaged_bytes() {
        assert_eq!(decode(&[1, 0x80]), None, "cut short");
        assert_eq!(decode(&[0xff; 10]), None, "beyond 64 bits");
        assert_eq!(encode(&[5, 0, 300]), [5, 0, 0xac, 0x02]);
    }
}
