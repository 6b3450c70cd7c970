//! A tablet that seals each respondent beside the tally is cut off at every write there is: whatever was
//! written last, everyone counts once, by the sum or by the report.

use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::LazyLock,
};

use anxin::{
    campaign::Campaign,
    device::{Outcome, kept},
    outbox::{self, Full, Storage, Waiting},
    outgoing::Acknowledgement,
    response::Mode,
    split::{Keys, Pair, Recipients, Report, Task},
    tally::{Batch, BatchId},
};
use proptest::prelude::*;

use crate::tablet::{AREAS, PIN, QUESTIONNAIRE, campaign, day, respondent, who};

const PEOPLE: usize = 40;

/// The browser's storage, which ends with the power after so many writes.
#[derive(Default)]
struct Cut {
    kept: BTreeMap<String, String>,
    writes: Cell<usize>,
    power: Option<usize>,
}

struct PowerCut;

impl Cut {
    fn write(&self) {
        if self.power == Some(self.writes.get()) {
            std::panic::resume_unwind(Box::new(PowerCut));
        }
        self.writes.set(self.writes.get() + 1);
    }
}

impl Storage for Cut {
    fn get(&self, key: &str) -> Option<String> {
        self.kept.get(key).cloned()
    }

    fn set(&mut self, key: &str, text: &str) -> Result<(), Full> {
        self.write();
        self.kept.insert(key.to_owned(), text.to_owned());
        Ok(())
    }

    fn remove(&mut self, key: &str) {
        if self.kept.contains_key(key) {
            self.write();
            self.kept.remove(key);
        }
    }

    fn keys(&self) -> Vec<String> {
        self.kept.keys().cloned().collect()
    }
}

static PAIR: LazyLock<Pair> =
    LazyLock::new(|| Pair { leader: Keys::new([1; 16], [3; 32]), helper: Keys::new([2; 16], [3; 32]) });

fn task() -> Task {
    Task::of(&campaign("one"), &AREAS[0].parse().unwrap(), QUESTIONNAIRE.layout.len())
}

/// Everybody's report, made once; the first byte of its id tells whose it is.
static REPORTS: LazyLock<Vec<Waiting>> = LazyLock::new(|| {
    let to = Recipients { leader: PAIR.leader.newest().unwrap(), helper: PAIR.helper.newest().unwrap() };
    let report = |number: usize| Waiting {
        campaign: "one".into(),
        leader: "/dap/leader".into(),
        report: Report::split(&task(), day("2026-11-23"), &respondent(number), [number as u8; 16], &to).unwrap(),
        refused: None,
    };
    (0..PEOPLE).map(report).collect()
});

/// What becomes of what is posted.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Arrives,
    /// Counted, but the answer never comes.
    Lost,
    Refused,
    Unreachable,
}

#[derive(Clone, Copy, Debug)]
enum Event {
    /// The next respondent; sealed, if there are keys.
    Add(bool),
    Batches(Fate),
    Reports(Fate),
    Release,
    /// The shift ends, and another begins.
    Shift,
    /// The page is loaded again.
    Reload,
}

/// A tablet and those to whom it posts. What they have counted, power cuts cannot take.
struct Day {
    storage: Cut,
    campaign: Campaign,
    next: usize,
    batches: BTreeMap<BatchId, Batch>,
    reports: BTreeSet<String>,
    /// Whose tablet said that they were added.
    added: BTreeSet<usize>,
}

impl Day {
    fn new(power: Option<usize>) -> Self {
        let mut day = Self {
            storage: Cut::default(),
            campaign: campaign("one"),
            next: 0,
            batches: BTreeMap::new(),
            reports: BTreeSet::new(),
            added: BTreeSet::new(),
        };
        day.begin();
        day.storage.writes.set(0);
        day.storage.power = power;
        day
    }

    fn begin(&mut self) {
        let today = day("2026-11-23");
        kept::step(&mut self.storage, |device| {
            device.begin(&self.campaign, AREAS[0], Mode::SelfCompleted, PIN, [7; 16], today)
        })
        .unwrap();
    }

    /// Something happens; if the power goes meanwhile, the page is opened again, and what was begun is ended.
    fn happens(&mut self, event: Event) {
        match catch_unwind(AssertUnwindSafe(|| self.event(event))) {
            Ok(()) => {}
            Err(cut) if cut.is::<PowerCut>() => {
                self.storage.power = None;
                kept::settle(&mut self.storage).unwrap();
                if kept::read(&self.storage).unwrap().state(&self.campaign).is_none() {
                    self.begin();
                }
            }
            Err(other) => std::panic::resume_unwind(other),
        }
        self.law();
    }

    fn event(&mut self, event: Event) {
        let storage = &mut self.storage;
        match event {
            Event::Add(sealed) => {
                let number = self.next;
                self.next += 1;
                let mut random = [0xaa; 16];
                random[0] = number as u8;
                // In the order of `Shift::add`: first the report, then the document that names it.
                if sealed {
                    outbox::hold(storage, &REPORTS[number]).unwrap();
                }
                let held = sealed.then(|| REPORTS[number].name());
                let (layout, cells) = (&QUESTIONNAIRE.layout, respondent(number));
                let today = day("2026-11-23");
                kept::step(storage, |device| device.add(&self.campaign, layout, &cells, held, today, random)).unwrap();
                self.added.insert(number);
            }
            Event::Batches(fate) => {
                for unsent in kept::read(storage).unwrap().to_post(true) {
                    let id = unsent.batch.id.clone();
                    // What was counted once is never refused: the collector knows it.
                    let fate =
                        if self.batches.contains_key(&id) && matches!(fate, Fate::Refused) { Fate::Lost } else { fate };
                    if matches!(fate, Fate::Arrives | Fate::Lost) {
                        self.batches.insert(id.clone(), unsent.batch);
                    }
                    let outcome = match fate {
                        Fate::Arrives => Outcome::Acknowledged(Acknowledgement { id: id.clone(), counted: true }),
                        Fate::Refused => Outcome::Refused("closed".into()),
                        Fate::Lost | Fate::Unreachable => Outcome::Unreachable("nobody".into()),
                    };
                    kept::step(storage, |device| {
                        device.posted(&id, outcome);
                        Ok(())
                    })
                    .unwrap();
                }
                kept::settle(storage).unwrap();
            }
            Event::Reports(fate) => {
                for name in outbox::waiting(storage) {
                    let waiting = outbox::find(storage, &name).unwrap();
                    let known = matches!(fate, Fate::Arrives | Fate::Lost) && !self.reports.insert(name);
                    let counted = br#"{"type":"urn:ietf:params:ppm:dap:error:reportRejected","counted":true}"#;
                    let refused = br#"{"type":"urn:ietf:params:ppm:dap:error:reportTooEarly"}"#;
                    let (status, body): (u16, &[u8]) = match fate {
                        Fate::Arrives if known => (400, counted),
                        Fate::Arrives => (200, b""),
                        Fate::Refused => (400, refused),
                        Fate::Lost | Fate::Unreachable => (502, b"<html>"),
                    };
                    outbox::tried(storage, waiting, outbox::meaning(status, body)).unwrap();
                }
            }
            Event::Release => kept::release(storage, &self.campaign).unwrap(),
            Event::Shift => {
                assert_eq!(kept::step(storage, |device| device.end(&self.campaign, PIN)), Ok(true));
                self.begin();
            }
            Event::Reload => kept::settle(storage).unwrap(),
        }
    }

    /// Everyone of whom the tablet said that they were added is in one place; nobody is in two.
    fn law(&self) {
        let document: serde_json::Value =
            serde_json::from_str(self.storage.get("anxin.device").as_deref().unwrap()).unwrap();
        let names = |value: &serde_json::Value| -> BTreeSet<String> { serde_json::from_value(value.clone()).unwrap() };
        let mut found = Vec::new();
        for tally in document["tallies"].as_array().unwrap() {
            let cells: Vec<u64> = serde_json::from_value(tally["tally"]["cells"].clone()).unwrap();
            found.extend(who(&cells));
        }
        let mut batches = self.batches.clone();
        let unsent = kept::read(&self.storage).unwrap().to_post(true);
        batches.extend(unsent.into_iter().map(|it| (it.batch.id.clone(), it.batch)));
        found.extend(batches.values().flat_map(|batch| who(&batch.cells)));
        let mut reports = self.reports.clone();
        reports.extend(outbox::waiting(&self.storage));
        reports.extend(names(&document["released"]));
        found.extend(reports.iter().map(|name| usize::from_str_radix(&name[..2], 16).unwrap()));
        found.sort_unstable();
        let once: BTreeSet<usize> = found.iter().copied().collect();
        assert_eq!(found.len(), once.len(), "counted twice: {found:?}");
        assert!(self.added.is_subset(&once), "lost: {:?}", self.added.difference(&once));
        // What is held, is held for a sum or for its release.
        let needed = |name: &str| kept::read(&self.storage).unwrap().holds(name);
        for name in names(&document["released"]) {
            let there = |prefix: &str| self.storage.get(&format!("{prefix}{name}")).is_some();
            assert!(
                there("anxin.held.") || there("anxin.report.") || self.reports.contains(&name),
                "a released report is gone"
            );
            assert!(needed(&name));
        }
    }

    /// The network comes, and everything goes home: only a sum under k that is not sealed stays.
    fn home(mut self) -> Self {
        self.storage.power = None;
        for event in [Event::Reload, Event::Release, Event::Batches(Fate::Arrives), Event::Reports(Fate::Arrives)] {
            self.happens(event);
        }
        assert!(outbox::waiting(&self.storage).is_empty());
        let left = self.storage.keys().into_iter().filter(|key| key.starts_with("anxin.held.")).count();
        let document = kept::read(&self.storage).unwrap();
        assert!(document.released().is_empty());
        let in_tally = document.state(&self.campaign).map_or(0, |state| state.in_tally as usize);
        assert!(left <= in_tally, "{left} reports are held for {in_tally} respondents");
        self
    }
}

/// A day on which everything happens: batches lost, refused and released, a rest that goes out.
const EVERYTHING: &[Event] = &[
    Event::Add(true),
    Event::Add(true),
    Event::Add(true),
    Event::Release,
    Event::Reports(Fate::Lost),
    Event::Add(true),
    Event::Add(true),
    Event::Add(true),
    Event::Add(true),
    Event::Add(true),
    Event::Batches(Fate::Lost),
    Event::Reload,
    Event::Batches(Fate::Arrives),
    Event::Reports(Fate::Arrives),
    Event::Add(true),
    Event::Add(true),
    Event::Add(true),
    Event::Add(true),
    Event::Add(true),
    Event::Batches(Fate::Refused),
    Event::Shift,
    Event::Add(true),
    Event::Release,
    Event::Reports(Fate::Refused),
    Event::Reports(Fate::Unreachable),
    Event::Add(true),
    Event::Add(false),
    Event::Release,
];

#[test]
fn everyone_counts_once_wherever_the_power_goes() {
    let mut whole = Day::new(None);
    EVERYTHING.iter().for_each(|event| whole.happens(*event));
    let writes = whole.storage.writes.get();
    assert!(writes > 60, "{writes} writes");
    for power in 0..writes {
        let mut day = Day::new(Some(power));
        EVERYTHING.iter().for_each(|event| day.happens(*event));
        assert!(day.added.len() + 1 >= day.next, "one at most was not told that they are added");
        day.home();
    }
}

#[test]
fn what_goes_out_sealed_is_what_was_added() {
    let mut day = Day::new(None);
    for event in [Event::Add(true), Event::Add(true), Event::Add(true), Event::Release] {
        day.happens(event);
    }
    let mut sum = anxin::split::Sum::empty(QUESTIONNAIRE.layout.len());
    for name in outbox::waiting(&day.storage) {
        let report = outbox::find(&day.storage, &name).unwrap().report;
        sum.add(&PAIR.verify(&task(), report.bytes()).unwrap().shares);
    }
    assert_eq!(who(&sum.combine(1).unwrap().cells), [0, 1, 2]);
}

#[test]
fn a_sum_with_one_unsealed_respondent_is_not_released() {
    let mut day = Day::new(None);
    for sealed in [true, false, true] {
        day.happens(Event::Add(sealed));
    }
    let state = |day: &Day| kept::read(&day.storage).unwrap().state(&day.campaign).unwrap();
    assert!(!state(&day).releasable);
    day.happens(Event::Release);
    assert_eq!((state(&day).in_tally, outbox::waiting(&day.storage).len()), (3, 0));
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let fate = prop_oneof![Just(Fate::Arrives), Just(Fate::Lost), Just(Fate::Refused), Just(Fate::Unreachable)];
    let event = prop_oneof![
        8 => prop::bool::weighted(0.9).prop_map(Event::Add),
        3 => fate.clone().prop_map(Event::Batches),
        2 => fate.prop_map(Event::Reports),
        2 => Just(Event::Release),
        1 => Just(Event::Shift),
        1 => Just(Event::Reload),
    ];
    prop::collection::vec(event, 1..PEOPLE)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn so_it_is_on_any_day(events in events(), power in 0usize..150) {
        let mut day = Day::new(Some(power));
        events.iter().for_each(|event| day.happens(*event));
        day.home();
    }
}
