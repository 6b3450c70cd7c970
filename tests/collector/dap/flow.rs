//! Many phones at once.

use std::thread;

use super::{K, Phones, SAFETY, Told, counted, send, shares};
use crate::site::{Collector, Site, TODAY};

const THREADS: usize = 8;
const EACH: usize = 19;
const DAYS: [&str; 2] = [TODAY, "2026-12-02"];

/// Several campaigns, areas and days, from several threads: the sums are exact.
#[test]
fn sums_are_exact() {
    let site = Site::new();
    let collector = site.start();
    let mut groups: Vec<(Phones, usize, Vec<Told>)> = [SAFETY, "participation-demo", "anti-fraud-demo"]
        .into_iter()
        .enumerate()
        .map(|(area, campaign)| {
            let mut phones = Phones::fetch(&collector, campaign, area as u64);
            let told = (0..2 * EACH).map(|i| phones.one(area, DAYS[i % 2])).collect();
            (phones, area, told)
        })
        .collect();
    let all: Vec<&Told> = (0..2 * EACH).flat_map(|i| groups.iter().map(move |group| &group.2[i])).collect();
    upload(&collector, &all);
    for (phones, area, told) in &mut groups {
        for (i, day) in DAYS.into_iter().enumerate() {
            let sum = phones.sum(told.iter().skip(i).step_by(2));
            assert_eq!(counted(&site.data(), phones, *area, day), sum, "{} {day}", phones.field.campaign.id);
            let waiting = shares(&site.data(), &phones.task(*area), day).map_or(0, |(at_rest, _)| at_rest.n);
            assert!(waiting < K as u64, "{waiting} wait");
        }
    }
}

fn upload(collector: &Collector, all: &[&Told]) {
    thread::scope(|scope| {
        for first in 0..THREADS {
            scope.spawn(move || {
                for told in all.iter().skip(first).step_by(THREADS) {
                    let reply = send(&collector.address, &told.report).unwrap();
                    assert_eq!(reply.status, 200, "{}", reply.text());
                }
            });
        }
    });
}

/// A phone that lost the answer asks again at once: of all tries of a report exactly one is told that it counted.
#[test]
fn the_same_report_from_several_threads_counts_once() {
    let site = Site::new();
    let collector = site.start();
    let mut phones = Phones::fetch(&collector, SAFETY, 7);
    let told = phones.some(2 * K + 1, 0, TODAY);
    for one in &told {
        let tries: Vec<u16> = thread::scope(|scope| {
            let tries = [(); 4].map(|()| scope.spawn(|| send(&collector.address, &one.report).unwrap().status));
            tries.into_iter().map(|it| it.join().unwrap()).collect()
        });
        let times = |status| tries.iter().filter(|it| **it == status).count();
        assert_eq!((times(200), times(400)), (1, 3));
    }
    assert_eq!(counted(&site.data(), &phones, 0, TODAY), phones.sum(&told));
}
