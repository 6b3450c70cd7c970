//! A tablet as the browser keeps it, and respondents who can be told apart in a sum.

use std::sync::{Arc, LazyLock};

use anxin::{
    campaign::Campaign,
    day::Day,
    device::{BadStep, Device},
    item::Answer,
    layout::Cells,
    questionnaire::Questionnaire,
    response::Mode,
    session::Session,
    tally::Batch,
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
pub(crate) fn who(cells: &[u64]) -> Vec<usize> {
    let joint = cells[2 * SIDE..2 * SIDE + PEOPLE].iter().enumerate();
    joint.flat_map(|(number, count)| std::iter::repeat_n(number, *count as usize)).collect()
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

/// A tablet: its document in its storage, and a count of the random numbers that it drew.
pub(crate) struct Tablet {
    pub(crate) document: Option<String>,
    drawn: u64,
}

impl Tablet {
    pub(crate) fn new() -> Self {
        Self { document: None, drawn: 0 }
    }

    /// One step as the browser takes it: read, change, write whole; every step survives a reload.
    pub(crate) fn step<T>(&mut self, change: impl FnOnce(&mut Device) -> Result<T, BadStep>) -> Result<T, BadStep> {
        let mut device = Device::read(self.document.as_deref()).unwrap();
        let outcome = change(&mut device)?;
        self.document = Some(device.write());
        Ok(outcome)
    }

    pub(crate) fn begin(&mut self, campaign: &Campaign, area: &str) -> Result<(), BadStep> {
        self.step(|device| device.begin(campaign, area, Mode::SelfCompleted, PIN, [7; 16], day("2026-11-23")))
    }

    pub(crate) fn add(&mut self, campaign: &Campaign, number: usize) -> Result<(), BadStep> {
        self.drawn += 1;
        let mut random = [0; 16];
        random[..8].copy_from_slice(&self.drawn.to_be_bytes());
        self.step(|device| {
            device.add(campaign, &QUESTIONNAIRE.layout, &respondent(number), None, day("2026-11-23"), random)
        })
    }

    fn json(&self) -> Value {
        self.document.as_deref().map_or_else(|| json!({}), |document| serde_json::from_str(document).unwrap())
    }

    /// Campaign, area and sum of every tally.
    pub(crate) fn tallies(&self) -> Vec<(String, String, Vec<u64>)> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let tally = |it: &Value| (text(&it["campaign"]), text(&it["area"]), numbers(&it["tally"]["cells"]));
        self.json()["tallies"].as_array().into_iter().flatten().map(tally).collect()
    }

    /// Campaign and batch of every one that waits.
    pub(crate) fn outbox(&self) -> Vec<(String, Batch)> {
        let unsent = Device::read(self.document.as_deref()).unwrap().to_post(true);
        unsent.into_iter().map(|it| (it.campaign, it.batch)).collect()
    }
}

fn numbers(json: &Value) -> Vec<u64> {
    json.as_array().unwrap().iter().map(|it| it.as_u64().unwrap()).collect()
}
