//! Acknowledged means stored, and nothing is stored by halves: killed outright in the middle of
//! posts, and asked to stop in the middle of one.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    sync::mpsc,
    thread,
};

use anxin::tally::Batch;
use rand::{RngExt, SeedableRng};

use crate::{
    fixture::{Field, body},
    site::{Collector, Site, batches, try_ask},
};

const SAFETY: &str = "safety-demo";
const RESULTS: &str = "/api/campaigns/safety-demo/results";
const ROUNDS: usize = 6;
const POSTERS: usize = 4;
const BATCHES: usize = 160;

#[test]
fn killed_during_posts() {
    let site = Site::new();
    let mut collector = site.start();
    let mut field = Field::fetch(&collector, SAFETY, 9);
    let days = ["2026-12-01", "2026-12-02"];
    let all: Vec<Batch> = (0..BATCHES).map(|i| field.batch_of(5 + i % 3, i % 3, days[i % 2])).collect();
    let mut rng = rand_pcg::Pcg64Mcg::seed_from_u64(9);
    let mut acknowledged = vec![false; BATCHES];

    for round in 0..ROUNDS {
        let pending: Vec<usize> = (0..BATCHES).filter(|&i| !acknowledged[i]).collect();
        let kill_after = rng.random_range(1..BATCHES / ROUNDS);
        post_until_killed(&mut collector, &all, &pending, kill_after, &mut acknowledged);
        collector = site.start();
        // Of what was acknowledged nothing is lost: posted again, it is known.
        let known = (0..BATCHES).filter(|&i| acknowledged[i]);
        for i in known.skip(round).step_by(7) {
            assert_eq!(collector.post(SAFETY, &body(&all[i])).status, 200, "batch {i} was acknowledged and is gone");
        }
    }

    let left = acknowledged.iter().filter(|it| !**it).count();
    assert!((1..BATCHES).contains(&left), "{left} left: nothing was interrupted");
    for batch in &all {
        assert!([200, 201].contains(&collector.post(SAFETY, &body(batch)).status));
    }
    field.assert_sums(&site.data(), &all);
    let told = all.iter().map(|batch| batch.n).sum::<u64>();
    assert_eq!(collector.get(RESULTS).json()["n"], told, "every batch once");
}

/// Posts from several threads and kills the collector once so many posts are acknowledged.
fn post_until_killed(
    collector: &mut Collector,
    all: &[Batch],
    pending: &[usize],
    kill_after: usize,
    acknowledged: &mut [bool],
) {
    let address = collector.address.clone();
    let (tell, told) = mpsc::channel();
    thread::scope(|scope| {
        for poster in 0..POSTERS {
            let (tell, address) = (tell.clone(), &address);
            scope.spawn(move || {
                for &i in pending.iter().skip(poster).step_by(POSTERS) {
                    let posted = try_ask(
                        address,
                        "POST",
                        &batches(SAFETY),
                        &[("content-type", "application/json")],
                        &body(&all[i]),
                    );
                    let Ok(reply) = posted else { return };
                    assert!([200, 201].contains(&reply.status), "{}", reply.text());
                    tell.send(i).unwrap();
                }
            });
        }
        drop(tell);
        for i in told.iter().take(kill_after) {
            acknowledged[i] = true;
        }
        collector.kill();
        // What was acknowledged while the signal was on its way.
        for i in told.iter() {
            acknowledged[i] = true;
        }
    });
}

#[test]
fn asked_to_stop_during_a_post() {
    let site = Site::new();
    let collector = site.start();
    let mut field = Field::fetch(&collector, SAFETY, 10);
    let batch = field.batch(5);
    let sent = body(&batch);
    let (first, rest) = sent.split_at(sent.len() / 2);

    let mut stream = TcpStream::connect(&collector.address).unwrap();
    let head = format!(
        "POST {} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {}\r\nexpect: 100-continue\r\n\r\n",
        batches(SAFETY),
        sent.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut told = String::new();
    reader.read_line(&mut told).unwrap();
    assert_eq!(told, "HTTP/1.1 100 Continue\r\n", "the post is being read");
    stream.write_all(first).unwrap();

    collector.terminate();
    collector.wait_until_closed();
    stream.write_all(rest).unwrap();
    reader.read_to_string(&mut told).unwrap();
    assert!(told.contains("HTTP/1.1 201 Created"), "{told}");
    assert_eq!(collector.ended().code(), Some(0));
    assert_eq!(site.start().get(RESULTS).text(), field.results(&[batch], None, None));
}

#[test]
fn an_idle_connection_does_not_keep_it_from_stopping() {
    let site = Site::new();
    let collector = site.start();
    let idle = TcpStream::connect(&collector.address).unwrap();
    let mut kept = TcpStream::connect(&collector.address).unwrap();
    kept.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    let mut line = String::new();
    BufReader::new(&kept).read_line(&mut line).unwrap();
    assert_eq!(line, "HTTP/1.1 200 OK\r\n");
    collector.terminate();
    assert_eq!(collector.ended().code(), Some(0));
    drop((idle, kept));
}
