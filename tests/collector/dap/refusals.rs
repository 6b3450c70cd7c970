//! Bad reports: each is refused by its name in DAP, where a page of any site can read it, and adds nothing.

use anxin::split::{Report, Task, vdaf};
use janus_messages::{HpkeCiphertext, HpkeConfig, Report as Message, Role};
use prio::{
    codec::{Decode, Encode},
    field::Field128,
};

use super::{
    K, Phones, SAFETY, Told, assert_problem, assert_repeated, count, counted,
    forge::{Draft, anything},
    put, send,
};
use crate::site::{Collector, Site, TODAY, try_ask};

/// A collector that has counted k honest reports, and will count k more.
struct Spoiling {
    collector: Collector,
    phones: Phones,
    task: Task,
    before: Vec<Told>,
    after: Vec<Told>,
    results: String,
    site: Site,
}

impl Spoiling {
    fn new() -> Self {
        let site = Site::new();
        let collector = site.start();
        let mut phones = Phones::fetch(&collector, SAFETY, 7);
        let (before, after) = (phones.some(K, 0, TODAY), phones.some(K, 0, TODAY));
        count(&collector, &before);
        let (results, task) = (phones.results(&collector), phones.task(0));
        assert_eq!(results, phones.field.results_of(&[(0, TODAY, phones.sum(&before))]));
        Self { collector, phones, task, before, after, results, site }
    }

    /// Uploads bytes; they must change nothing.
    #[track_caller]
    fn refuses(&self, bytes: &[u8], kind: &str) {
        assert_problem(&put(&self.collector, &self.task.id.to_string(), bytes), kind, &self.task.id.to_string());
    }

    /// An honest report by hand.
    fn draft(&self) -> Draft {
        let measurement = (0..self.task.cells).map(|cell| u128::from(cell % 3 == 0)).collect();
        self.dated(Draft::of(&self.task, &vdaf(self.task.cells).unwrap(), &measurement, &self.phones.to))
    }

    fn dated(&self, draft: Draft) -> Draft {
        Draft { time: Task::time(TODAY.parse().unwrap()), ..draft }
    }

    /// The same, bent.
    #[track_caller]
    fn refuses_bent(&self, kind: &str, bend: impl FnOnce(&mut Draft)) {
        let mut draft = self.draft();
        bend(&mut draft);
        self.refuses(&draft.bytes(), kind);
    }
}

impl Drop for Spoiling {
    /// Nothing that was refused is in any sum, shown or waiting.
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let counted = |told: &mut dyn Iterator<Item = &Told>| {
            assert_eq!(counted(&self.site.data(), &self.phones, 0, TODAY), self.phones.sum(told));
        };
        assert_eq!(self.phones.results(&self.collector), self.results);
        counted(&mut self.before.iter());
        count(&self.collector, &self.after[..K - 1]);
        assert_eq!(self.phones.results(&self.collector), self.results);
        count(&self.collector, &self.after[K - 1..]);
        counted(&mut self.before.iter().chain(&self.after));
        let all = self.phones.sum(self.before.iter().chain(&self.after));
        assert_eq!(self.phones.results(&self.collector), self.phones.field.results_of(&[(0, TODAY, all)]));
    }
}

#[test]
fn entries_that_are_no_answers() {
    let it = Spoiling::new();
    let cells = it.task.cells;
    for (cell, number) in [(0, Field128::from(2)), (cells - 1, Field128::from(2)), (5, -Field128::from(1))] {
        let mut numbers = vec![Field128::from(0); cells];
        numbers[cell] = number;
        let draft = Draft::of(&it.task, &anything(cells), &numbers, &it.phones.to);
        it.refuses(&it.dated(draft).bytes(), "reportRejected");
    }
}

#[test]
fn shares_and_proofs_that_were_tampered_with() {
    let it = Spoiling::new();
    let proof = 16 * it.task.cells;
    it.refuses_bent("reportRejected", |draft| draft.leader.share[0] ^= 1);
    it.refuses_bent("reportRejected", |draft| draft.leader.share[proof] ^= 1);
    it.refuses_bent("reportRejected", |draft| *draft.leader.share.last_mut().unwrap() ^= 1);
    it.refuses_bent("reportRejected", |draft| draft.helper.share[0] ^= 1);
    it.refuses_bent("reportRejected", |draft| draft.public[0] ^= 1);
    it.refuses_bent("reportRejected", |draft| draft.id[0] ^= 1);
    it.refuses_bent("reportRejected", |draft| drop(draft.leader.share.drain(..16)));
    it.refuses_bent("reportRejected", |draft| draft.helper.share.push(0));
    it.refuses_bent("invalidMessage", |draft| draft.public.push(0));
    it.refuses_bent("invalidMessage", |draft| draft.public.clear());

    // On its way, after it was sealed: every part is bound to the others.
    let good = it.after[0].report.bytes();
    for at in [0, 15, 16 + 7, 16 + 8 + 4, good.len() / 2, good.len() - 1] {
        let mut bytes = good.to_vec();
        bytes[at] ^= 1;
        it.refuses(&bytes, "reportRejected");
    }
}

#[test]
fn what_was_made_for_someone_else() {
    let it = Spoiling::new();
    let elsewhere = it.phones.report(1, TODAY, &it.after[0].cells, [1; 16]);
    it.refuses(elsewhere.bytes(), "reportRejected");
    it.refuses_bent("reportRejected", |draft| draft.task = elsewhere.task());
    it.refuses_bent("reportRejected", |draft| draft.leader.share = draft.helper.share.clone());
    // Roles: in what is sealed, in the keys, in the message.
    it.refuses_bent("reportRejected", |draft| (draft.leader.to, draft.helper.to) = (Role::Helper, Role::Leader));
    it.refuses_bent("reportRejected", |draft| draft.leader.from = Role::Collector);
    it.refuses_bent("reportRejected", |draft| std::mem::swap(&mut draft.leader.key, &mut draft.helper.key));
    it.refuses_bent("reportRejected", |draft| std::mem::swap(&mut draft.leader, &mut draft.helper));
    // Another questionnaire's cells.
    let fewer = Task { cells: it.task.cells - 1, ..it.task.clone() };
    let draft = Draft::of(&fewer, &vdaf(fewer.cells).unwrap(), &vec![0; fewer.cells], &it.phones.to);
    it.refuses(&it.dated(draft).bytes(), "reportRejected");
}

#[test]
fn keys_that_are_not_known() {
    let it = Spoiling::new();
    let other = |key: &HpkeConfig, id: u8| {
        HpkeConfig::new(id.into(), *key.kem_id(), *key.kdf_id(), *key.aead_id(), key.public_key().clone())
    };
    it.refuses_bent("outdatedConfig", |draft| draft.leader.key = other(&draft.leader.key, 200));
    it.refuses_bent("outdatedConfig", |draft| draft.helper.key = other(&draft.helper.key, 0));

    // No point on the curve, and one of small order.
    let message = it.draft().report();
    let (metadata, sealed) = (message.metadata(), message.leader_encrypted_input_share());
    for encapsulated in [vec![], vec![0; 32], vec![1; 33]] {
        let leader = HpkeCiphertext::new(*sealed.config_id(), encapsulated, sealed.payload().to_vec());
        let helper = message.helper_encrypted_input_share().clone();
        let bent = Message::new(metadata.clone(), message.public_share().to_vec(), leader, helper);
        it.refuses(&bent.get_encoded().unwrap(), "reportRejected");
    }
}

#[test]
fn bytes_that_are_no_report() {
    let it = Spoiling::new();
    let good = it.after[0].report.bytes();
    for cut in (0..good.len()).step_by(101).chain([1, 15, 16, 24, good.len() - 1]) {
        it.refuses(&good[..cut], "invalidMessage");
    }
    it.refuses(&[good, &[0]].concat(), "invalidMessage");
    it.refuses(b"{\"n\":1}", "invalidMessage");
    // Lengths that promise more than there is.
    it.refuses(&[&good[..24], &[0xff; 4], &good[28..]].concat(), "invalidMessage");
    it.refuses(&vec![0xff; good.len()], "invalidMessage");
}

#[test]
fn what_is_too_long() {
    let it = Spoiling::new();
    let good = it.after[0].report.bytes();
    for size in [anxin::split::REPORT_BYTES, anxin::split::REPORT_BYTES + 1, 5 << 20] {
        it.refuses(&[good, &vec![0; size - good.len()]].concat(), "invalidMessage");
    }
    // A flood is not heard out; whatever its sender sees, it is no acknowledgement.
    let path = format!("/dap/leader/tasks/{}/reports", it.task.id);
    let media = [("content-type", "application/dap-report")];
    if let Ok(reply) = try_ask(&it.collector.address, "PUT", &path, &media, &vec![0; 64 << 20]) {
        assert_problem(&reply, "invalidMessage", &it.task.id.to_string());
    }
}

#[test]
fn what_says_that_it_is_something_else() {
    let it = Spoiling::new();
    let task = it.task.id.to_string();
    let path = format!("/dap/leader/tasks/{task}/reports");
    let good = it.after[0].report.bytes();
    for media in ["application/json", "text/plain", "application/dap-aggregate-share", ""] {
        assert_problem(&it.collector.ask("PUT", &path, &[("content-type", media)], good), "invalidMessage", &task);
    }
    assert_problem(&it.collector.ask("PUT", &path, &[], good), "invalidMessage", &task);
}

#[test]
fn tasks_that_are_none() {
    let it = Spoiling::new();
    let good = it.after[0].report.bytes();
    let unknown = Task::named("no-such", "hash", "330602", 1).id.to_string();
    assert_problem(&put(&it.collector, &unknown, good), "unrecognizedTask", &unknown);
    let task = it.task.id.to_string();
    for malformed in ["x", &task[1..], &format!("{task}A"), &format!("{task}="), "..", "%E8%B6%8A", SAFETY] {
        assert_problem(&put(&it.collector, malformed, good), "unrecognizedTask", "");
    }
}

#[test]
fn what_is_counted_already() {
    let it = Spoiling::new();
    let known = &it.before[0];
    for _ in 0..3 {
        assert_repeated(&send(&it.collector.address, &known.report).unwrap(), &it.task);
    }
    // Under the same id nothing else is counted, whatever it holds, on whatever day.
    let id = *Message::get_decoded(known.report.bytes()).unwrap().metadata().id().as_ref();
    for (day, cells) in [(TODAY, &known.cells), (TODAY, &it.after[0].cells), ("2026-12-02", &it.after[0].cells)] {
        let again: Report = it.phones.report(0, day, cells, id);
        assert_repeated(&send(&it.collector.address, &again).unwrap(), &it.task);
    }
}

#[test]
fn days_on_which_nobody_was_asked() {
    let it = Spoiling::new();
    let report = |day| it.phones.report(0, day, &it.after[0].cells, [8; 16]);
    it.refuses(report("2026-11-30").bytes(), "reportRejected");
    it.refuses(report("1970-01-01").bytes(), "reportRejected");
    it.refuses(report("2026-12-03").bytes(), "reportTooEarly");
    it.refuses(report("2027-11-30").bytes(), "reportTooEarly");
    it.refuses(report("9999-12-31").bytes(), "reportTooEarly");
    let today = Task::time(TODAY.parse().unwrap());
    for time in [today + 1, today + 86_399, u64::MAX, u64::MAX / 86_400 * 86_400] {
        it.refuses_bent("reportRejected", |draft| draft.time = time);
    }
}

/// Opens on 2026-12-01, asks until 2027-11-30, takes until 2027-12-14.
#[test]
fn days_on_which_nothing_is_taken() {
    let site = Site::new();
    let collector = site.start();
    let mut phones = Phones::fetch(&collector, SAFETY, 7);
    drop(collector);
    let task = phones.task(0);
    // The collector's day, the report's, and what it says.
    let days = [
        ("2026-11-30", TODAY, "reportRejected"),
        (TODAY, "2026-12-02", "counted"),
        ("2027-11-30", "2027-12-01", "reportRejected"),
        ("2027-12-14", "2027-12-01", "reportRejected"),
        ("2027-12-14", "2027-11-30", "counted"),
        ("2027-12-14", TODAY, "counted"),
        ("2027-12-15", "2027-11-30", "reportRejected"),
        ("2029-01-01", TODAY, "reportRejected"),
    ];
    for (today, day, kind) in days {
        let collector = site.start_on(today);
        let told = phones.one(0, day);
        if kind == "counted" {
            count(&collector, [&told]);
        } else {
            assert_problem(&send(&collector.address, &told.report).unwrap(), kind, &task.id.to_string());
        }
    }
    let n = |day| counted(&site.data(), &phones, 0, day).n;
    assert_eq!([TODAY, "2026-12-02", "2027-11-30", "2027-12-01"].map(n), [1, 1, 1, 0]);
}
