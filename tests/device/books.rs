//! A day out: respondents come, posts get lost, the tablet moves. After every step the books balance.

use std::collections::{BTreeMap, BTreeSet};

use anxin::{
    campaign::Campaign,
    device::{Device, Outcome},
    outgoing::Acknowledgement,
    tally::{Batch, BatchId},
};
use proptest::prelude::*;

use crate::tablet::{AREAS, PIN, QUESTIONNAIRE, Tablet, campaign, who};

/// A collector that counts a batch once, by its id.
#[derive(Default)]
struct Collector(BTreeMap<BatchId, (String, Batch)>);

/// What becomes of a post.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fate {
    Arrives,
    /// Stored, but the answer never comes.
    LostAcknowledgement,
    Refused,
    /// Nothing arrives.
    Unreachable,
    /// Somebody else answers: another id, or nothing counted.
    Impostor(bool),
}

impl Collector {
    fn post(&mut self, campaign: &str, batch: &Batch, fate: Fate) -> Outcome {
        let acknowledged = |id: &BatchId, counted| Outcome::Acknowledged(Acknowledgement { id: id.clone(), counted });
        if matches!(fate, Fate::Arrives | Fate::LostAcknowledgement) {
            let (_, stored) = self.0.entry(batch.id.clone()).or_insert((campaign.to_owned(), batch.clone()));
            assert_eq!(stored, batch, "the same id with other content");
        }
        match fate {
            Fate::Arrives => acknowledged(&batch.id, true),
            Fate::LostAcknowledgement => Outcome::Unreachable("no answer".into()),
            Fate::Refused => Outcome::Refused("not now".into()),
            Fate::Unreachable => Outcome::Unreachable("no network".into()),
            Fate::Impostor(true) => acknowledged(&BatchId::new([0xee; 16]), true),
            Fate::Impostor(false) => acknowledged(&batch.id, false),
        }
    }
}

/// What can happen on a day out.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    /// So many respondents.
    Add(usize),
    /// A pass over the outbox, with what becomes of each post.
    Post(Vec<Fate>, bool),
    /// The shift ends, and another begins somewhere.
    Move(usize),
    HandOver,
    /// The PIN of somebody who does not know it.
    WrongPin,
}

fn events() -> impl Strategy<Value = Event> {
    let fate = prop_oneof![
        Just(Fate::Arrives),
        Just(Fate::LostAcknowledgement),
        Just(Fate::Refused),
        Just(Fate::Unreachable),
        any::<bool>().prop_map(Fate::Impostor),
    ];
    prop_oneof![
        6 => (1usize..8).prop_map(Event::Add),
        4 => (prop::collection::vec(fate, 1..5), any::<bool>()).prop_map(|(fates, refused)| Event::Post(fates, refused)),
        1 => (0usize..6).prop_map(Event::Move),
        1 => Just(Event::HandOver),
        1 => Just(Event::WrongPin),
    ]
}

/// Every respondent in exactly one place, and what was counted where they were.
pub(crate) struct Books {
    pub(crate) tablet: Tablet,
    collector: Collector,
    campaigns: [Campaign; 2],
    /// Campaign and area where each respondent was asked.
    added: Vec<(String, String)>,
    on: usize,
}

impl Books {
    pub(crate) fn open() -> Self {
        let mut tablet = Tablet::new();
        let campaigns = [campaign("one"), campaign("two")];
        tablet.begin(&campaigns[0], AREAS[0]).unwrap();
        Self { tablet, collector: Collector::default(), campaigns, added: Vec::new(), on: 0 }
    }

    pub(crate) fn campaign(&self) -> Campaign {
        self.campaigns[self.on / 3].clone()
    }

    pub(crate) fn happens(&mut self, event: Event) {
        let campaign = self.campaign();
        match event {
            Event::Add(count) => {
                for _ in 0..count {
                    self.tablet.add(&campaign, self.added.len()).unwrap();
                    self.added.push((campaign.id.clone(), AREAS[self.on % 3].into()));
                }
            }
            Event::Post(fates, refused_too) => self.posts(&fates, refused_too),
            Event::Move(to) => {
                assert_eq!(self.tablet.step(|device| device.end(&campaign, PIN)), Ok(true));
                self.on = to;
                self.tablet.begin(&self.campaign(), AREAS[to % 3]).unwrap();
            }
            Event::HandOver => self.tablet.step(|device| device.hand_over(&campaign)).unwrap(),
            Event::WrongPin => assert_eq!(self.tablet.step(|device| device.take_back(&campaign, "0000")), Ok(false)),
        }
        self.balance();
    }

    /// One pass over the outbox; each outcome is a step of its own.
    pub(crate) fn posts(&mut self, fates: &[Fate], refused_too: bool) {
        let waiting = Device::read(self.tablet.document.as_deref()).unwrap().to_post(refused_too);
        for (unsent, fate) in waiting.iter().zip(fates.iter().cycle()) {
            let outcome = self.collector.post(&unsent.campaign, &unsent.batch, *fate);
            let step = |device: &mut Device| {
                device.posted(&unsent.batch.id, outcome);
                Ok(())
            };
            self.tablet.step(step).unwrap();
            self.balance();
        }
    }

    /// The law. What the collector has and the tablet has not yet struck off counts once, by its id.
    fn balance(&self) {
        let mut found: Vec<(usize, (String, String))> = Vec::new();
        let mut find = |campaign: &str, area: &str, cells: &[u64]| {
            found.extend(who(cells).into_iter().map(|number| (number, (campaign.to_owned(), area.to_owned()))));
        };
        for (campaign, area, cells) in self.tablet.tallies() {
            find(&campaign, &area, &cells);
            assert!(who(&cells).len() < 5, "a tally of k is a batch");
        }
        let mut sent =
            self.added.len() as u64 - self.tablet.tallies().iter().map(|it| who(&it.2).len() as u64).sum::<u64>();
        let mut ids = BTreeSet::new();
        for (campaign, batch) in self.tablet.outbox() {
            assert!(batch.n >= 5 && ids.insert(batch.id.clone()));
            sent -= batch.n;
            if !self.collector.0.contains_key(&batch.id) {
                find(&campaign, batch.area.as_str(), &batch.cells);
            }
        }
        for (campaign, batch) in self.collector.0.values() {
            assert_eq!(batch.tally().check(&QUESTIONNAIRE.layout), Ok(()));
            find(campaign, batch.area.as_str(), &batch.cells);
        }
        found.sort();
        let want: Vec<_> = self.added.iter().cloned().enumerate().collect();
        assert_eq!(found, want, "every respondent exactly once, where they were asked");
        let state = Device::read(self.tablet.document.as_deref()).unwrap().state(&self.campaign()).unwrap();
        assert_eq!((u64::from(state.sent), state.unsent.len()), (sent, ids.len()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Posts that arrive, get lost, are refused or answered by somebody else; the tablet reloaded between
    /// any two steps, handed over, moved to another area or campaign: every respondent is exactly once in
    /// a tally, in the outbox or at the collector, and when the network is back all batches arrive.
    #[test]
    fn every_respondent_is_in_exactly_one_place(events in prop::collection::vec(events(), 1..30)) {
        let mut books = Books::open();
        events.into_iter().for_each(|event| books.happens(event));
        books.posts(&[Fate::Arrives], true);
        prop_assert!(books.tablet.outbox().is_empty());
    }
}
