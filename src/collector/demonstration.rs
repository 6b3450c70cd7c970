//! What an empty store begins with: a campaign for each shipped instrument, so that a newcomer has
//! something to open.

use crate::{
    campaign::{Aggregators, Area, Campaign, Channel, Kind, LEAST_K},
    day::Day,
    questionnaire::{Faults, Questionnaire, Text},
};

/// Campaign and instrument.
const INSTRUMENTS: [(&str, &[u8]); 3] = [
    ("safety-demo", include_bytes!("../../www/instruments/safety.json")),
    ("participation-demo", include_bytes!("../../www/instruments/participation.json")),
    ("anti-fraud-demo", include_bytes!("../../www/instruments/anti_fraud.json")),
];

/// The districts, cities and the county of Shaoxing.
const AREAS: [(&str, &str, &str); 6] = [
    ("330602", "越城区", "Yuecheng"),
    ("330603", "柯桥区", "Keqiao"),
    ("330604", "上虞区", "Shangyu"),
    ("330624", "新昌县", "Xinchang"),
    ("330681", "诸暨市", "Zhuji"),
    ("330683", "嵊州市", "Shengzhou"),
];

/// A year, the first day included.
const DAYS: u16 = 364;

/// The demonstration campaigns, opening on a day, each with the file of its questionnaire.
///
/// # Errors
/// The faults of a shipped instrument; a test keeps them away.
pub(super) fn campaigns(opens: Day) -> Result<Vec<(Campaign, &'static [u8])>, Faults> {
    INSTRUMENTS.iter().map(|&(id, bytes)| Ok((campaign(id, &Questionnaire::parse(bytes)?, opens), bytes))).collect()
}

fn campaign(id: &str, questionnaire: &Questionnaire, opens: Day) -> Campaign {
    Campaign {
        id: id.to_owned(),
        title: questionnaire.definition.title.clone(),
        kind: if questionnaire.definition.quiz.is_some() { Kind::Quiz } else { Kind::Survey },
        questionnaire: questionnaire.hash.clone(),
        areas: AREAS.iter().filter_map(area).collect(),
        opens,
        closes: opens.plus_days(DAYS),
        grace_days: 14,
        k: LEAST_K,
        channels: vec![Channel::Tablet, Channel::Phone],
        aggregators: Aggregators::default(),
        deposit: None,
    }
}

fn area(&(code, zh, en): &(&str, &str, &str)) -> Option<Area> {
    let name: Text = [("zh-CN".to_owned(), zh.to_owned()), ("en".to_owned(), en.to_owned())].into_iter().collect();
    Some(Area { code: code.parse().ok()?, name })
}
