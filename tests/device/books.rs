//! A day out: respondents come, doors are counted and undone, posts get lost, the tablet moves and dies. After
//! every step the books balance.

use std::collections::{BTreeMap, BTreeSet};

use anxin::{
    campaign::Campaign,
    device::{Entry, Outcome, Post},
    disposition::{Disposition, Doors},
    outgoing::Acknowledgement,
    tally::BatchId,
};
use proptest::prelude::*;

use crate::tablet::{AREAS, QUESTIONNAIRE, TODAY, Tablet, campaign, on, who_in};

/// A collector that counts a post once, by its id.
#[derive(Default)]
struct Collector(BTreeMap<BatchId, (String, Post)>);

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
    fn post(&mut self, campaign: &str, post: &Post, fate: Fate) -> Outcome {
        let acknowledged = |id: &BatchId, counted| Outcome::Acknowledged(Acknowledgement { id: id.clone(), counted });
        if matches!(fate, Fate::Arrives | Fate::LostAcknowledgement) {
            let (_, stored) = self.0.entry(post.id().clone()).or_insert((campaign.to_owned(), post.clone()));
            assert_eq!(stored, post, "the same id with other content");
        }
        match fate {
            Fate::Arrives => acknowledged(post.id(), true),
            Fate::LostAcknowledgement => Outcome::Unreachable("no answer".into()),
            // What is counted is never refused: it is known by its id before anything else is looked at.
            Fate::Refused if self.0.contains_key(post.id()) => acknowledged(post.id(), true),
            Fate::Refused => Outcome::Refused("not now".into()),
            Fate::Unreachable => Outcome::Unreachable("no network".into()),
            Fate::Impostor(true) => acknowledged(&BatchId::new([0xee; 16]), true),
            Fate::Impostor(false) => acknowledged(post.id(), false),
        }
    }
}

/// What can happen on a day out.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    /// So many respondents, each with a report or not.
    Ask(usize, bool),
    /// A door where nobody answers.
    Visit(Disposition),
    /// The last door was a mistake.
    Undo,
    /// What is ready becomes posts; a pass over the outbox, with what becomes of each.
    Post(Vec<Fate>, bool),
    /// Reports go out instead of the sum; cut off after copying so many.
    Release(usize),
    /// The shift ends, and another begins somewhere.
    Move(usize),
    /// A resident begins, and leaves.
    Leave(bool),
}

fn events() -> impl Strategy<Value = Event> {
    let fate = prop_oneof![
        Just(Fate::Arrives),
        Just(Fate::LostAcknowledgement),
        Just(Fate::Refused),
        Just(Fate::Unreachable),
        any::<bool>().prop_map(Fate::Impostor),
    ];
    let outcome = prop::sample::select(Disposition::ALL[1..].to_vec());
    prop_oneof![
        6 => (1usize..8, any::<bool>()).prop_map(|(count, sealed)| Event::Ask(count, sealed)),
        3 => outcome.prop_map(Event::Visit),
        2 => Just(Event::Undo),
        4 => (prop::collection::vec(fate, 1..5), any::<bool>()).prop_map(|(fates, refused)| Event::Post(fates, refused)),
        1 => (0usize..6).prop_map(Event::Release),
        1 => (0usize..6).prop_map(Event::Move),
        1 => any::<bool>().prop_map(Event::Leave),
    ]
}

/// Every respondent in exactly one place, and what was counted where they were.
pub(crate) struct Books {
    pub(crate) tablet: Tablet,
    collector: Collector,
    campaigns: [Campaign; 2],
    /// Campaign and area where each respondent was asked; nothing for one who was undone.
    asked: Vec<Option<(String, String)>>,
    /// Doors, but for the undone ones.
    doors: Doors,
    /// Reports where phones keep theirs: counted once, by name.
    reports: BTreeSet<String>,
    /// What the last door was: a respondent or an outcome.
    last: Option<(Option<usize>, Disposition)>,
    on: usize,
}

impl Books {
    pub(crate) fn open() -> Self {
        Self::on(Tablet::new())
    }

    fn on(mut tablet: Tablet) -> Self {
        let campaigns = [campaign("one"), campaign("two")];
        tablet.begin(&campaigns[0], AREAS[0]).unwrap();
        let (collector, doors, reports) = (Collector::default(), Doors::empty(), BTreeSet::new());
        Self { tablet, collector, campaigns, asked: Vec::new(), doors, reports, last: None, on: 0 }
    }

    pub(crate) fn campaign(&self) -> Campaign {
        self.campaigns[self.on / 3].clone()
    }

    /// A door was counted; the one before stands.
    fn counted(&mut self, person: Option<usize>, outcome: Disposition) {
        self.stands();
        self.last = Some((person, outcome));
    }

    fn stands(&mut self) {
        if let Some((_, outcome)) = self.last.take() {
            let adults = anxin::disposition::Adults::Unknown;
            self.doors.add(anxin::disposition::Visit { outcome, before: None, adults }).unwrap();
        }
    }

    pub(crate) fn happens(&mut self, event: Event) {
        let campaign = self.campaign();
        match event {
            Event::Ask(count, sealed) => {
                for _ in 0..count {
                    self.tablet.ask(&campaign, self.asked.len(), sealed, on(TODAY)).unwrap();
                    self.counted(Some(self.asked.len()), Disposition::Completed);
                    self.asked.push(Some((campaign.id.clone(), AREAS[self.on % 3].into())));
                    self.balance();
                }
            }
            Event::Visit(outcome) => {
                self.tablet.visit(&campaign, outcome).unwrap();
                self.counted(None, outcome);
            }
            Event::Undo => {
                let undone = self.tablet.step(|device| device.undo(&campaign).map(Some));
                assert_eq!(undone.is_ok(), self.last.is_some(), "{undone:?}");
                if let Some((Some(person), _)) = self.last.take() {
                    self.asked[person] = None;
                }
            }
            Event::Post(fates, refused_too) => self.posts(&fates, refused_too),
            Event::Release(cut) => {
                self.tablet.step(|device| device.release(&campaign).map(Some)).unwrap();
                self.stands();
                self.hand_reports_on(cut);
                self.hand_reports_on(usize::MAX);
            }
            Event::Move(to) => {
                self.tablet.step(|_| Ok(Some(Entry::Ended))).unwrap();
                self.stands();
                self.on = to;
                self.tablet.begin(&self.campaign(), AREAS[to % 3]).unwrap();
            }
            Event::Leave(begun) => {
                self.tablet.step(|device| device.hand_over(&campaign, None).map(Some)).unwrap();
                self.stands();
                self.tablet.step(|device| device.leave(&campaign, begun.then(|| on(TODAY))).map(Some)).unwrap();
                if begun {
                    self.last = Some((None, Disposition::Refused));
                }
                self.balance();
                self.tablet.step(|_| Ok(Some(Entry::TakenBack))).unwrap();
            }
        }
        self.balance();
    }

    /// Copies released reports to where phones keep theirs, until it is cut off.
    fn hand_reports_on(&mut self, cut: usize) {
        let names = self.tablet.device().released().to_vec();
        for name in names.iter().take(cut) {
            assert!(self.tablet.reports.contains(name), "a report is there until it was handed on");
            self.reports.insert(name.clone());
        }
        if cut >= names.len() {
            self.tablet.step(|_| Ok(Some(Entry::HandedOn { names }))).unwrap();
        }
        self.balance();
    }

    /// One pass over the outbox; each outcome is a step of its own.
    pub(crate) fn posts(&mut self, fates: &[Fate], refused_too: bool) {
        self.tablet.gather(on(TODAY));
        self.stands();
        self.balance();
        let waiting = self.tablet.device().to_post(refused_too);
        for (unsent, fate) in waiting.iter().zip(fates.iter().cycle()) {
            let outcome = self.collector.post(&unsent.campaign, &unsent.post, *fate);
            self.tablet.step(|_| Ok(Some(Entry::Posted { id: unsent.post.id().clone(), outcome }))).unwrap();
            self.balance();
        }
    }

    /// The law. What the collector has and the tablet has not yet struck off counts once, by its id; so does a
    /// report that was handed on and is still named.
    fn balance(&self) {
        let mut found: Vec<(usize, (String, String))> = Vec::new();
        let mut find = |campaign: &str, area: &str, people: Vec<usize>| {
            found.extend(people.into_iter().map(|number| (number, (campaign.to_owned(), area.to_owned()))));
        };
        let device = self.tablet.device();
        let mut waiting = 0;
        for (campaign, area, people) in self.tablet.sums() {
            waiting += people.len();
            find(&campaign, &area, people);
        }
        let mut ids = BTreeSet::new();
        for (campaign, batch) in self.tablet.outbox() {
            assert!(batch.n >= 5 && ids.insert(batch.id.clone()));
            waiting += batch.n as usize;
            if !self.collector.0.contains_key(&batch.id) {
                find(&campaign, batch.area.as_str(), who_in(&batch));
            }
        }
        let mut doors = Doors::empty();
        for (campaign, post) in self.collector.0.values() {
            match post {
                Post::Batch(batch) => find(campaign, batch.area.as_str(), who_in(batch)),
                Post::Fieldwork(it) => doors.merge(&it.doors),
            }
        }
        // A released report counts for the respondent whose number is its name.
        let released: BTreeSet<&String> = self.reports.iter().chain(device.released()).collect();
        for name in released {
            let number: usize = name.split('.').next().unwrap().parse().unwrap();
            found.push((number, self.asked[number].clone().expect("nobody undone is sent")));
        }
        found.sort();
        let want: Vec<_> =
            self.asked.iter().enumerate().filter_map(|(number, place)| Some((number, place.clone()?))).collect();
        assert_eq!(found, want, "every respondent exactly once, where they were asked");
        assert_eq!(device.waiting() as usize, waiting);

        // Doors: at the collector, waiting to be posted, or still open on the tablet.
        for it in self.tablet.fieldwork().iter().filter(|it| !self.collector.0.contains_key(&it.id)) {
            doors.merge(&it.doors);
        }
        let open: serde_json::Value = serde_json::from_str(&device.write()).unwrap();
        for work in open["work"].as_array().unwrap() {
            doors.merge(&serde_json::from_value(work["doors"].clone()).unwrap());
        }
        assert_eq!(doors, self.doors, "every door exactly once");
        let needed: BTreeSet<String> = device.held().cloned().collect();
        assert_eq!(self.tablet.reports, needed, "a report is kept while it is needed, and no longer");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Posts that arrive, get lost, are refused or answered by somebody else; the tablet read anew from its journal
    /// between any two steps, doors undone, reports released and copied by halves, shifts ended and begun elsewhere:
    /// every respondent is exactly once in a sum, in the outbox, at the collector or in a report that counts, every
    /// door exactly once; and when the network is back all posts arrive.
    #[test]
    fn every_respondent_is_in_exactly_one_place(every in 1u64..9, events in prop::collection::vec(events(), 1..24)) {
        let mut books = Books::on(Tablet::writing_all_after(every));
        events.into_iter().for_each(|event| books.happens(event));
        for _ in 0..3 {
            books.posts(&[Fate::Arrives], true);
        }
        prop_assert!(books.tablet.outbox().is_empty());
    }
}

/// What lies on the tablet cannot be read there: no text of the journal holds the cells of anybody, and no two
/// respondents who answered alike look alike.
#[test]
fn nobody_can_be_read_on_the_tablet() {
    let (mut tablet, campaign) = (Tablet::writing_all_after(1_000), campaign("one"));
    tablet.begin(&campaign, AREAS[0]).unwrap();
    for _ in 0..8 {
        tablet.ask(&campaign, 7, false, on(TODAY)).unwrap();
    }
    tablet.gather(on(TODAY));
    let mut seen = BTreeSet::new();
    for text in tablet.texts().cloned().chain([tablet.device().write()]) {
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        let mut found = Vec::new();
        cells_of(&json, &mut found);
        for cells in found {
            // Masked numbers are of 32 bits; a bare sum has none above the number of respondents.
            let small = cells.iter().filter(|&&cell| cell <= 8).count();
            assert!(small * 20 < cells.len(), "{small} small numbers of {}", cells.len());
            seen.insert(cells);
        }
    }
    assert!(seen.len() > 8, "each looks like no other");
    assert_eq!(seen.first().unwrap().len(), QUESTIONNAIRE.layout.len());
}

/// Every list under the name `cells`.
fn cells_of(json: &serde_json::Value, found: &mut Vec<Vec<u64>>) {
    match json {
        serde_json::Value::Object(fields) => {
            for (name, value) in fields {
                match value.as_array() {
                    Some(list) if name == "cells" => found.push(list.iter().map(|it| it.as_u64().unwrap()).collect()),
                    _ => cells_of(value, found),
                }
            }
        }
        serde_json::Value::Array(list) => list.iter().for_each(|it| cells_of(it, found)),
        _ => {}
    }
}
