//! What is stored, read as one who has the disk: sums, ids, and nothing of a single respondent.

use std::{
    collections::{BTreeMap, HashSet},
    fs,
    path::PathBuf,
};

use anxin::split::{Keys, Pair, Sum};
use hpke::{Deserializable, OpModeR, aead, kdf, kem};
use janus_messages::{HpkeCiphertext, InputShareAad, PlaintextInputShare, Report as Message};
use prio::{
    codec::{Decode, Encode},
    field::Field128,
};
use rusqlite::types::ValueRef;
use serde_json::Value;

use super::{K, Phones, SAFETY, Told, assert_problem, count, counted, keys, send, shares, store};
use crate::site::{Site, TODAY, until};

type Window = [u8; 16];

/// Everything that lies on the disk: the files of the data directory, SQLite's own beside its main one
/// included, and the log.
fn files(site: &Site) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(site.data()).unwrap().map(|entry| entry.unwrap());
    let mut files: BTreeMap<_, _> =
        entries.map(|it| (it.file_name().into_string().unwrap(), fs::read(it.path()).unwrap())).collect();
    files.insert("log".into(), site.log().into_bytes());
    files
}

/// The files that hold one of these.
fn found(files: &BTreeMap<String, Vec<u8>>, secrets: &HashSet<Window>) -> Vec<String> {
    let holds = |bytes: &[u8]| bytes.windows(16).any(|window| secrets.contains(window));
    files.iter().filter(|(_, bytes)| holds(bytes)).map(|(name, _)| name.clone()).collect()
}

fn windows(bytes: &[u8]) -> impl Iterator<Item = Window> + '_ {
    bytes.windows(16).map(|window| window.try_into().unwrap())
}

/// Every 16 bytes in a row of what was uploaded, but for the id and the day.
fn uploaded(told: &Told) -> HashSet<Window> {
    let message = Message::get_decoded(told.report.bytes()).unwrap();
    let sealed = [message.leader_encrypted_input_share(), message.helper_encrypted_input_share()];
    let sealed = sealed.iter().flat_map(|it| windows(it.payload()).chain(windows(it.encapsulated_key())));
    sealed.chain(windows(message.public_share())).collect()
}

/// The output shares in clear, a number a cell, as each aggregator has them for a moment; the helper's is
/// what the leader's lacks. And the seeds from which the helper makes its own.
fn opened(data: &std::path::Path, told: &Told, cells: usize) -> HashSet<Window> {
    let message = Message::get_decoded(told.report.bytes()).unwrap();
    let aad = (told.report.task(), message.metadata().clone(), message.public_share().to_vec());
    let aad = InputShareAad::new(aad.0, aad.1, aad.2).get_encoded().unwrap();
    let open = |role: u8, name: &str, sealed: &HpkeCiphertext| {
        type Kem = kem::X25519HkdfSha256;
        let keys: Value = serde_json::from_slice(&fs::read(data.join(name)).unwrap()).unwrap();
        let private: Vec<u8> = serde_json::from_value(keys["hpke"][0]["private"].clone()).unwrap();
        let private = <Kem as hpke::Kem>::PrivateKey::from_bytes(&private).unwrap();
        let encapsulated = <Kem as hpke::Kem>::EncappedKey::from_bytes(sealed.encapsulated_key()).unwrap();
        let (mode, info) = (OpModeR::Base, [b"dap-09 input share".as_slice(), &[1, role]].concat());
        let plain = hpke::single_shot_open::<aead::AesGcm128, kdf::HkdfSha256, Kem>(
            &mode,
            &private,
            &encapsulated,
            &info,
            sealed.payload(),
            &aad,
        );
        PlaintextInputShare::get_decoded(&plain.unwrap()).unwrap().payload().to_vec()
    };
    let leader = open(2, "dap-leader.json", message.leader_encrypted_input_share());
    let helper = open(3, "dap-helper.json", message.helper_encrypted_input_share());
    let mut secrets: HashSet<Window> = windows(&helper).collect();
    for (cell, number) in leader.as_chunks::<16>().0.iter().take(cells).enumerate() {
        let answer = Field128::from(u128::from(told.cells.ones().contains(&(cell as u32))));
        let rest = answer - Field128::get_decoded(number).unwrap();
        secrets.extend([*number, rest.get_encoded().unwrap().try_into().unwrap()]);
    }
    secrets
}

/// One respondent's cells, in every way in which the collector writes numbers.
fn in_clear(told: &Told, cells: usize) -> [Vec<u8>; 3] {
    let row: Vec<u8> = (0..cells as u32).map(|cell| u8::from(told.cells.ones().contains(&cell))).collect();
    let numbers = row.iter().flat_map(|&cell| u128::from(cell).to_le_bytes()).collect();
    let json = serde_json::to_vec(&row).unwrap();
    [row, numbers, json]
}

/// Reads the whole disk for anything of these respondents.
#[track_caller]
fn assert_nothing_of(site: &Site, told: &[Told], cells: usize) {
    let files = files(site);
    for expected in ["anxin.sqlite", "anxin.sqlite-wal", "dap-leader.json", "dap-helper.json"] {
        assert!(files.contains_key(expected), "{expected} is not among {:?}", files.keys());
    }
    let ids: HashSet<Window> = told.iter().map(|one| *one.report.id().as_ref()).collect();
    assert!(!found(&files, &ids).is_empty(), "the search finds what is there");
    for one in told {
        assert_eq!(found(&files, &uploaded(one)), [""; 0], "what was uploaded");
        assert_eq!(found(&files, &opened(&site.data(), one, cells)), [""; 0], "a share in clear");
        for row in in_clear(one, cells) {
            let holds = |bytes: &[u8]| bytes.windows(row.len()).any(|window| window == row);
            assert!(!files.values().any(|bytes| holds(bytes)), "an answer in clear");
        }
    }
}

#[test]
fn nothing_of_a_respondent_is_on_the_disk() {
    let site = Site::new();
    let mut collector = site.start();
    let mut phones = Phones::fetch(&collector, SAFETY, 1);
    let cells = phones.task(0).cells;
    let mut told = phones.some(3, 0, TODAY);
    count(&collector, &told);
    assert_nothing_of(&site, &told, cells);

    // Both aggregators' keys together open the sum of the three: the bytes looked at are the right ones.
    let (at_rest, place) = shares(&site.data(), &phones.task(0), TODAY).unwrap();
    let pair = keys(&site.data());
    let sum = at_rest.open(&pair, &place, cells).unwrap();
    assert_eq!(sum.combine(1), Some(phones.sum(&told)));
    assert_eq!(sum.combine(K as u32), None);
    let mut again = Sum::empty(cells);
    told.iter().for_each(|one| again.add(&pair.verify(&phones.task(0), one.report.bytes()).unwrap().shares));
    assert_eq!(sum, again, "each aggregator has the sum of its own shares");
    let Pair { leader, helper } = keys(&site.data());
    assert!(at_rest.open(&Pair { leader: helper, helper: leader }, &place, cells).is_err());

    told.extend(phones.some(K + 2, 0, TODAY));
    count(&collector, &told[3..]);
    assert_nothing_of(&site, &told, cells);
    assert_eq!(shares(&site.data(), &phones.task(0), TODAY), None, "all are released");
    collector.kill();
    collector = site.start();
    let more = phones.one(0, TODAY);
    count(&collector, [&more]);
    told.push(more);
    assert_nothing_of(&site, &told, cells);
    assert_eq!(counted(&site.data(), &phones, 0, TODAY), phones.sum(&told));
}

/// The same respondents at two collectors.
#[test]
fn sums_under_k_look_like_noise() {
    let sites = [Site::new(), Site::new()];
    let seen = sites.each_ref().map(|site| {
        let collector = site.start();
        let mut phones = Phones::fetch(&collector, SAFETY, 2);
        let cells = phones.task(0).cells;
        let mut seen = Vec::new();
        for told in phones.some(K - 1, 0, TODAY) {
            count(&collector, [&told]);
            let (at_rest, _) = shares(&site.data(), &phones.task(0), TODAY).unwrap();
            assert_eq!((at_rest.leader.len(), at_rest.helper.len()), (12 + 16 + 16 * cells, 12 + 16 + 16 * cells));
            seen.extend([at_rest.leader, at_rest.helper]);
        }
        seen
    });
    let blobs: Vec<&Vec<u8>> = seen.iter().flatten().collect();
    let windows: HashSet<&[u8]> = blobs.iter().flat_map(|blob| blob.windows(8)).collect();
    assert_eq!(windows.len(), blobs.iter().map(|blob| blob.len() - 7).sum::<usize>(), "no eight bytes come twice");
    // Each bit is set in half of the bytes: six standard deviations are far beyond chance.
    let bytes: Vec<u8> = blobs.into_iter().flatten().copied().collect();
    let n = bytes.len() as f64;
    for bit in 0..8 {
        let ones = bytes.iter().filter(|byte| *byte >> bit & 1 == 1).count() as f64;
        assert!((ones - n / 2.0).abs() < 3.0 * n.sqrt(), "bit {bit} is set in {ones} of {n}");
    }
}

/// Tables, columns, and how much may stand in each row of those that reports reach.
#[test]
fn the_tables_hold_sums_and_ids() {
    let site = Site::new();
    let collector = site.start();
    let mut phones = Phones::fetch(&collector, SAFETY, 3);
    let cells = phones.task(0).cells;
    count(&collector, &phones.some(2 * K + 3, 0, TODAY));
    count(&collector, &phones.some(2, 1, TODAY));

    let store = store(&site.data());
    let rows = |sql: &str| -> Vec<Vec<rusqlite::types::Value>> {
        let mut statement = store.prepare(sql).unwrap();
        let columns = statement.column_count();
        let row = |row: &rusqlite::Row| (0..columns).map(|column| row.get(column)).collect();
        statement.query_map([], row).unwrap().map(Result::unwrap).collect()
    };
    let text = |value: &rusqlite::types::Value| match ValueRef::from(value) {
        ValueRef::Text(text) => String::from_utf8(text.to_vec()).unwrap(),
        other => panic!("{other:?}"),
    };
    let columns = rows(
        "SELECT t.name || '.' || c.name FROM sqlite_schema t, pragma_table_info(t.name) c
                        WHERE t.type = 'table' ORDER BY t.name, c.cid",
    );
    let columns: Vec<String> = columns.iter().map(|row| text(&row[0])).collect();
    assert_eq!(
        columns.join(" "),
        "batch.campaign batch.id batch.digest campaign.id campaign.json campaign.changes \
         decision.campaign decision.questionnaire decision.number decision.sizes decision.n decision.cells \
         door.campaign door.area door.day door.part door.doors margins.campaign margins.json \
         pace.campaign pace.questionnaire pace.shown pace.told pace.number questionnaire.hash questionnaire.bytes \
         reach.campaign reach.questionnaire reach.area reach.period reach.n \
         report.task report.id share.task share.day share.n share.leader share.helper \
         step.campaign step.questionnaire step.area step.day step.channel step.number step.n step.cells \
         tally.campaign tally.questionnaire tally.area tally.day tally.channel tally.n tally.cells \
         tally.shown_n tally.shown_cells tally.fault task.number task.id task.campaign task.area \
         token.id token.name token.role token.area token.expires token.digest \
         told.campaign told.questionnaire told.area told.period told.sums \
         told_door.campaign told_door.area told_door.period told_door.sum"
    );
    let count = |sql: &str| store.query_row(sql, [], |row| row.get::<_, u64>(0)).unwrap();
    assert_eq!(count("SELECT count(*) FROM token"), 0, "readers have them, respondents have none");
    assert_eq!(count("SELECT count(*) FROM batch"), 0);
    assert_eq!(count("SELECT count(*) FROM report"), 2 * K as u64 + 5);
    assert_eq!(count("SELECT count(*) FROM report WHERE length(id) != 16"), 0);
    assert_eq!(count("SELECT count(*) FROM share"), 2);
    let length = 12 + 16 + 16 * cells;
    let other = format!("SELECT count(*) FROM share WHERE length(leader) != {length} OR length(helper) != {length}");
    assert_eq!(count(&other), 0);
    assert_eq!(count("SELECT count(*) FROM step"), 0, "too few for a first one");
    assert_eq!(count("SELECT count(*) FROM told"), 0);
    assert_eq!(count("SELECT count(*) FROM reach WHERE n != 10"), 0, "each place and period has those who are shown");
    assert_eq!(count("SELECT count(*) FROM tally"), 1);
    assert_eq!(count("SELECT count(*) FROM tally WHERE n = 10 AND shown_n = 10 AND cells = shown_cells"), 1);
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_look() {
    use std::os::unix::fs::PermissionsExt;

    let site = Site::new();
    let collector = site.start();
    let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(site.data()), 0o700);
    for name in ["dap-leader.json", "dap-helper.json"] {
        assert_eq!(mode(site.data().join(name)), 0o600, "{name}");
        let keys: Keys = serde_json::from_slice(&fs::read(site.data().join(name)).unwrap()).unwrap();
        assert_eq!(keys.ids(), [1]);
    }
    let left: Vec<_> = files(&site).into_keys().filter(|name| name.ends_with(".new")).collect();
    assert_eq!(left, [""; 0]);
    drop(collector);
}

/// An id is kept only while a report of that id could still be counted.
#[test]
fn ids_go_when_their_campaign_takes_nothing_any_more() {
    let site = Site::new();
    let collector = site.start();
    let mut phones = Phones::fetch(&collector, SAFETY, 4);
    let told = phones.some(K + 1, 0, TODAY);
    count(&collector, &told);
    drop(collector);
    let ids: HashSet<Window> = told.iter().map(|one| *one.report.id().as_ref()).collect();
    let known =
        || store(&site.data()).query_row("SELECT count(*) FROM report", [], |row| row.get::<_, usize>(0)).unwrap();
    drop(site.start_on("2027-12-14"));
    assert_eq!(known(), told.len(), "the last day of the grace");

    let collector = site.start_on("2027-12-15");
    let reply = send(&collector.address, &told[0].report).unwrap();
    assert_problem(&reply, "reportRejected", &phones.task(0).id.to_string());
    assert!(reply.json()["counted"].is_null());
    let gone = || known() == 0 && found(&files(&site), &ids).is_empty();
    until(|| gone().then_some(()));
    assert_eq!(counted(&site.data(), &phones, 0, TODAY), phones.sum(&told), "the sums stay");
}
