//! Answered means counted, and counted once, whatever happens to the process.

use std::{fs, process::Stdio, sync::mpsc, thread};

use rand::{RngExt, SeedableRng};

use super::{K, Phones, SAFETY, Told, assert_repeated, count, counted, send};
use crate::site::{Collector, Site, TODAY, anxin};

const ROUNDS: usize = 6;
const POSTERS: usize = 4;
const REPORTS: usize = 120;
const LEAVES: [(usize, &str); 3] = [(0, TODAY), (0, "2026-12-02"), (1, TODAY)];

#[test]
fn killed_during_uploads() {
    for seed in [1, 2] {
        let site = Site::new();
        let mut collector = site.start();
        let mut phones = Phones::fetch(&collector, SAFETY, seed);
        let place = |i: usize| LEAVES[i % LEAVES.len()];
        let all: Vec<Told> = (0..REPORTS).map(|i| phones.one(place(i).0, place(i).1)).collect();
        let mut rng = rand_pcg::Pcg64Mcg::seed_from_u64(seed);
        let mut answered = [false; REPORTS];
        for round in 0..ROUNDS {
            let pending: Vec<usize> = (0..REPORTS).filter(|&i| !answered[i]).collect();
            let kill_after = rng.random_range(1..REPORTS / ROUNDS);
            upload_until_killed(&mut collector, &all, &pending, kill_after, &mut answered);
            collector = site.start();
            // Of what was answered nothing is lost.
            for i in (0..REPORTS).filter(|&i| answered[i]).skip(round).step_by(5) {
                assert_repeated(&send(&collector.address, &all[i].report).unwrap(), &phones.task(place(i).0));
            }
        }
        let left = answered.iter().filter(|it| !**it).count();
        assert!((1..REPORTS).contains(&left), "{left} left: nothing was interrupted");
        for (i, told) in all.iter().enumerate() {
            let reply = send(&collector.address, &told.report).unwrap();
            if reply.status != 200 {
                assert_repeated(&reply, &phones.task(place(i).0));
            } else {
                assert!(!answered[i], "report {i} was answered and is gone");
            }
        }
        for (i, (area, day)) in LEAVES.into_iter().enumerate() {
            let sum = phones.sum(all.iter().skip(i).step_by(LEAVES.len()));
            assert_eq!(counted(&site.data(), &phones, area, day), sum, "every report once, seed {seed}");
        }
    }
}

/// Uploads from several threads and kills the collector once so many are answered.
fn upload_until_killed(
    collector: &mut Collector,
    all: &[Told],
    pending: &[usize],
    kill_after: usize,
    answered: &mut [bool],
) {
    let address = collector.address.clone();
    let (tell, told) = mpsc::channel();
    thread::scope(|scope| {
        for poster in 0..POSTERS {
            let (tell, address) = (tell.clone(), &address);
            scope.spawn(move || {
                for &i in pending.iter().skip(poster).step_by(POSTERS) {
                    let Ok(reply) = send(address, &all[i].report) else { return };
                    // Some were counted by a collector that was killed before it could say so.
                    assert!(reply.status == 200 || reply.json()["counted"] == true, "{}", reply.text());
                    tell.send(i).unwrap();
                }
            });
        }
        drop(tell);
        told.iter().take(kill_after).for_each(|i| answered[i] = true);
        collector.kill();
        told.iter().for_each(|i| answered[i] = true);
    });
}

/// The sums under k are sealed with keys: without one of them, or both, it says so and does not start.
#[test]
fn a_missing_key_is_told() {
    const BOTH: [&str; 2] = ["dap-leader.json", "dap-helper.json"];
    for (missing, says) in [
        (&BOTH[..1], "the keys of one aggregator are missing"),
        (&BOTH[1..], "the keys of one aggregator are missing"),
        (&BOTH[..], "the aggregators' keys (dap-leader.json, dap-helper.json) are missing"),
    ] {
        let site = Site::new();
        let mut collector = site.start();
        let mut phones = Phones::fetch(&collector, SAFETY, 1);
        let told = phones.some(K - 1, 0, TODAY);
        count(&collector, &told[..2]);
        collector.kill();
        let (there, aside) =
            (|name: &str| site.data().join(name), |name: &str| site.data().join(name).with_extension("aside"));
        missing.iter().for_each(|name| fs::rename(there(name), aside(name)).unwrap());

        let mut serve = anxin();
        serve.args(["serve", "--listen", "127.0.0.1:0", "--today", TODAY, "--data"]).arg(site.data());
        let refused = serve.stdin(Stdio::null()).output().unwrap();
        let said = String::from_utf8(refused.stderr).unwrap();
        assert_eq!((refused.status.code(), refused.stdout.len()), (Some(1), 0), "{said}");
        assert!(said.contains(says), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
        assert!(missing.iter().all(|name| !there(name).exists()), "no new key in place of the lost one");

        missing.iter().for_each(|name| fs::rename(aside(name), there(name)).unwrap());
        let collector = site.start();
        count(&collector, &told[2..]);
        assert_eq!(counted(&site.data(), &phones, 0, TODAY), phones.sum(&told));
    }
}
