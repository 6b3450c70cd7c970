//! Sharding alone: what is done to a respondent's cells before anything is sealed, with the very call that
//! reports are made with (`src/split/report.rs`). It is no part of what is shipped.
//!
//! The same lines twice: as a module, in which the bench calls `shard` (`making.mjs`);
//! and as a program of this machine, which reads lines of `cells runs` and answers each with how many
//! milliseconds every run took.

use anxin::split::splitter;
use prio::vdaf::Client;

/// Splits as many cells, of which the given ones are one; gives the number of shares.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen::prelude::wasm_bindgen)]
pub fn shard(cells: usize, ones: &[u32]) -> usize {
    let mut id = [0; 16];
    getrandom::fill(&mut id).expect("random bytes");
    let mut measurement = zeroize::Zeroizing::new(vec![0; cells]);
    for &one in ones {
        measurement[one as usize] = 1;
    }
    let (public, shares) = splitter(cells).and_then(|splitter| splitter.shard(&measurement, &id)).expect("shares");
    std::hint::black_box(public);
    std::hint::black_box(shares).len()
}

#[cfg(target_arch = "wasm32")]
fn main() {}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    for line in std::io::stdin().lines().map_while(Result::ok) {
        let numbers: Vec<usize> = line.split(' ').map(|number| number.parse().expect("a number")).collect();
        let [cells, runs] = numbers[..] else { panic!("cells and runs") };
        // Every fourth, as in the browser.
        let ones: Vec<u32> = (0..cells as u32).step_by(4).collect();
        let times = (0..runs).map(|_| {
            let start = std::time::Instant::now();
            assert_eq!(shard(cells, &ones), 2);
            format!("{:.6}", start.elapsed().as_secs_f64() * 1e3)
        });
        println!("{}", times.collect::<Vec<_>>().join(" "));
    }
}
