//! A tablet as the browser keeps it, and respondents who can be told apart in a sum.

use std::{
    collections::BTreeSet,
    sync::{Arc, LazyLock},
};

use anxin::{
    campaign::Campaign,
    day::Day,
    device::{BadStep, Device, Entry, Person, Post, When},
    disposition::Disposition,
    fieldwork::{DayPart, Fieldwork},
    item::Answer,
    layout::Cells,
    mask::Seed,
    questionnaire::{Questionnaire, hex, unhex},
    response::Mode,
    session::Session,
    tally::{Batch, Tally},
};
use serde_json::{Value, json};

/// Options of each of two items.
pub(crate) const SIDE: usize = 15;

/// Two items, crossed: so many respondents can be told apart in a sum.
pub(crate) const PEOPLE: usize = SIDE * SIDE;

pub(crate) static QUESTIONNAIRE: LazyLock<Arc<Questionnaire>> = LazyLock::new(|| {
    let mut json: Value = serde_json::from_str(include_str!("../vectors/good/survey.json")).unwrap();
    let options: Vec<Value> =
        (0..SIDE).map(|i| json!({ "id": format!("o{i}"), "text": { "zh-CN": "选项" } })).collect();
    let item = |id| json!({ "id": id, "type": "single", "text": { "zh-CN": "问" }, "options": options });
    json["sections"] = json!([{ "id": "s", "title": { "zh-CN": "节" }, "items": [item("a"), item("b")] }]);
    json["indicators"] = json!([]);
    json["joints"] = json!([{ "id": "who", "of": ["a", "b"] }]);
    Arc::new(Questionnaire::parse(json.to_string().as_bytes()).unwrap())
});

/// Cells of a respondent who is like no other of [`PEOPLE`].
pub(crate) fn respondent(number: usize) -> Cells {
    let mut session = Session::start(QUESTIONNAIRE.clone(), 0, Mode::SelfCompleted);
    for option in [number % PEOPLE / SIDE, number % SIDE] {
        assert!(session.answer(Some(&Answer::Options(vec![format!("o{option}")]))).is_ok());
        session.forward();
    }
    Cells::encode(&QUESTIONNAIRE, &session.finish().unwrap())
}

/// The respondents in a sum, as often as they are in it.
pub(crate) fn who(tally: &Tally) -> Vec<usize> {
    let joint = tally.cells[2 * SIDE..2 * SIDE + PEOPLE].iter().enumerate();
    joint.flat_map(|(number, count)| std::iter::repeat_n(number, *count as usize)).collect()
}

/// The respondents in a batch, as the collector sees them: in these tests a seed is "sealed" as itself.
pub(crate) fn who_in(batch: &Batch) -> Vec<usize> {
    who(&batch.open(&QUESTIONNAIRE.layout, Seed::read).expect("the masks come off"))
}

pub(crate) fn campaign(id: &str) -> Campaign {
    let area = |code| json!({ "code": code, "name": { "zh-CN": "地" } });
    let campaign = json!({
        "id": id, "title": { "zh-CN": "调查" }, "kind": "survey", "questionnaire": QUESTIONNAIRE.hash,
        "areas": [area("330602"), area("330603"), area("330604")],
        "opens": "2026-11-01", "closes": "2026-11-30", "grace_days": 14, "k": 5, "channels": ["tablet"],
    });
    serde_json::from_value(campaign).unwrap()
}

pub(crate) fn day(text: &str) -> Day {
    text.parse().unwrap()
}

pub(crate) const PIN: &str = "2580";
pub(crate) const AREAS: [&str; 3] = ["330602", "330603", "330604"];

/// A moment: the day, in the morning.
pub(crate) fn on(today: &str) -> When {
    When { day: day(today), part: DayPart::Morning }
}

pub(crate) const TODAY: &str = "2026-11-23";

/// A tablet: its journal as the database has it, and a count of the random numbers that it drew.
pub(crate) struct Tablet {
    whole: Option<String>,
    entries: Vec<String>,
    /// Sealed reports by name.
    pub(crate) reports: BTreeSet<String>,
    /// After so many entries the whole state is written.
    every: u64,
    drawn: u64,
    /// What the browser holds in memory.
    device: Device,
    /// Whether what is stored is read again after every step.
    reads: bool,
}

impl Tablet {
    pub(crate) fn new() -> Self {
        Self::writing_all_after(4)
    }

    pub(crate) fn writing_all_after(every: u64) -> Self {
        Self {
            whole: None,
            entries: Vec::new(),
            reports: BTreeSet::new(),
            every,
            drawn: 0,
            device: Device::default(),
            reads: true,
        }
    }

    /// One on which so much happens that it is not read again after every step.
    pub(crate) fn long() -> Self {
        Self { reads: false, ..Self::writing_all_after(16) }
    }

    pub(crate) fn device(&self) -> Device {
        self.device.clone()
    }

    /// What is stored, as after a reload.
    pub(crate) fn stored(&self) -> Device {
        Device::read(self.whole.as_deref(), &self.entries).unwrap()
    }

    /// The texts in the database.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &String> {
        self.whole.iter().chain(&self.entries)
    }

    /// One step as the browser takes it: one transaction, with the report that belongs to it.
    pub(crate) fn step(
        &mut self,
        next: impl FnOnce(&Device) -> Result<Option<Entry>, BadStep>,
    ) -> Result<Option<Entry>, BadStep> {
        let before = self.device();
        let Some(entry) = next(&before)? else { return Ok(None) };
        let mut after = before.clone();
        after.apply(&entry);
        if let Entry::Completed { person, .. } = &entry {
            self.reports.extend(person.held.clone());
        }
        if entry.lets_go() {
            let needed: BTreeSet<_> = after.held().cloned().collect();
            self.reports.retain(|name| needed.contains(name));
        }
        self.entries.push(serde_json::to_string(&entry).unwrap());
        if after.seq().is_multiple_of(self.every) {
            (self.whole, self.entries) = (Some(after.write()), Vec::new());
        }
        assert!(!self.reads || self.stored() == after, "what is stored is what is held");
        self.device = after;
        Ok(Some(entry))
    }

    pub(crate) fn random<const N: usize>(&mut self) -> [u8; N] {
        self.drawn += 1;
        let mut random = [0; N];
        random[..8].copy_from_slice(&self.drawn.to_be_bytes());
        random
    }

    pub(crate) fn begin(&mut self, campaign: &Campaign, area: &str) -> Result<(), BadStep> {
        let random = (self.random(), self.random());
        let begin = |device: &Device| device.begin(campaign, area, Mode::SelfCompleted, PIN, random, day(TODAY));
        self.step(|device| begin(device).map(Some)).map(drop)
    }

    /// A respondent as they are stored, with or without a report.
    pub(crate) fn person(&mut self, number: usize, sealed: bool) -> Person {
        let seed: [u8; 32] = self.random();
        let mut cells = vec![0; QUESTIONNAIRE.layout.len()];
        respondent(number).ones().iter().for_each(|&one| cells[one as usize] = 1);
        Seed::new(seed).mask(&mut cells);
        let held = sealed.then(|| format!("{number}.{}", self.drawn));
        Person { questionnaire: QUESTIONNAIRE.hash.clone(), cells, mask: hex(&seed), held }
    }

    /// Hands over, has a respondent answer, and takes back.
    pub(crate) fn ask(&mut self, campaign: &Campaign, number: usize, sealed: bool, when: When) -> Result<(), BadStep> {
        self.step(|device| device.hand_over(campaign, None).map(Some))?;
        let person = self.person(number, sealed);
        self.step(|device| device.complete(campaign, person, false, when).map(Some))?;
        // With the PIN, which takes its time on purpose.
        self.step(|_| Ok(Some(Entry::TakenBack)))?;
        Ok(())
    }

    pub(crate) fn visit(&mut self, campaign: &Campaign, outcome: Disposition) -> Result<(), BadStep> {
        let visit = anxin::disposition::Visit { outcome, before: None, adults: anxin::disposition::Adults::Unknown };
        self.step(|device| device.visit(campaign, visit, on(TODAY)).map(Some)).map(drop)
    }

    /// Lets the last door stand, and makes posts of all that is ready.
    pub(crate) fn gather(&mut self, now: When) {
        self.step(|device| Ok(device.settle())).unwrap();
        loop {
            let random = self.random();
            if self.step(|device| Ok(device.gather(now, false, random))).unwrap().is_none() {
                break;
            }
        }
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.device().write()).unwrap()
    }

    /// Campaign, area and respondents of every sum that is not a batch yet; the last door's is one by itself.
    pub(crate) fn sums(&self) -> Vec<(String, String, Vec<usize>)> {
        let json = self.json();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let open = |cells: &Value, masks: &[Value]| {
            let mut cells: Vec<u32> = serde_json::from_value(cells.clone()).unwrap();
            for mask in masks {
                Seed::read(&unhex(mask.as_str().unwrap()).unwrap()).unwrap().unmask(&mut cells);
            }
            who(&Tally { n: masks.len() as u64, cells: cells.into_iter().map(u64::from).collect() })
        };
        let sum = |it: &Value| {
            let key = &it["key"];
            (text(&key["campaign"]), text(&key["area"]), open(&it["cells"], it["masks"].as_array().unwrap()))
        };
        let last = Some(&json["last"]["person"]).filter(|it| it.is_object()).map(|it| {
            let shift = &json["shift"];
            (text(&shift["campaign"]), text(&shift["area"]), open(&it["cells"], std::slice::from_ref(&it["mask"])))
        });
        json["sums"].as_array().unwrap().iter().map(sum).chain(last).collect()
    }

    /// Campaign and batch of every one that waits.
    pub(crate) fn outbox(&self) -> Vec<(String, Batch)> {
        let unsent = self.device().to_post(true).into_iter();
        unsent
            .filter_map(|it| if let Post::Batch(batch) = it.post { Some((it.campaign, batch)) } else { None })
            .collect()
    }

    /// Counts of doors that wait.
    pub(crate) fn fieldwork(&self) -> Vec<Fieldwork> {
        let unsent = self.device().to_post(true).into_iter();
        unsent.filter_map(|it| if let Post::Fieldwork(it) = it.post { Some(it) } else { None }).collect()
    }
}
