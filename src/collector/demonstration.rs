//! What an empty store begins with: a campaign for some of the shipped instruments, so that a newcomer has
//! something to open, and one of them fielded in the grids of a town.

use crate::{
    campaign::{Access, Aggregators, Area, Campaign, Channel, Kind, LEAST_K},
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

/// The town of the campaign by grids and what it lies in. The town and all below it are made up.
const REGIONS: [(&str, &str, &str); 2] =
    [("330602", "越城区", "Yuecheng"), ("330602901", "示范街道", "Model Subdistrict")];

/// The town's communities; each has two grids.
const COMMUNITIES: [(&str, &str, &str); 8] = [
    ("330602901001", "南门社区", "South Gate"),
    ("330602901002", "东街社区", "East Street"),
    ("330602901003", "春晖社区", "Chunhui"),
    ("330602901004", "和畅社区", "Hechang"),
    ("330602901005", "西园社区", "West Garden"),
    ("330602901006", "府桥社区", "Fuqiao"),
    ("330602901007", "水沟营社区", "Shuigouying"),
    ("330602901008", "北海社区", "North Lake"),
];

/// A year, the first day included.
const DAYS: u16 = 364;

/// The demonstration campaigns, opening on a day, each with the file of its questionnaire.
///
/// # Errors
/// The faults of a shipped instrument; a test keeps them away.
pub(super) fn campaigns(opens: Day) -> Result<Vec<(Campaign, &'static [u8])>, Faults> {
    let fielded = |&(id, bytes)| Ok((campaign(id, &Questionnaire::parse(bytes)?, opens), bytes));
    let mut campaigns = INSTRUMENTS.iter().map(fielded).collect::<Result<Vec<_>, _>>()?;
    let by_grids = campaigns.first().map(|(campaign, bytes)| (by_grids(campaign), *bytes));
    campaigns.extend(by_grids);
    Ok(campaigns)
}

/// A campaign fielded in the grids of a town, so many that one walks down to them.
fn by_grids(like: &Campaign) -> Campaign {
    let named = |language: &str| like.title.get(language).unwrap_or_default();
    let grid = |(community, zh, en): &(&str, &str, &str), number| {
        area(&format!("{community}00{number}"), &format!("{zh}第{number}网格"), &format!("{en}, grid {number}"))
    };
    Campaign {
        id: "town-demo".to_owned(),
        title: text(&format!("{}（按网格）", named("zh-CN")), &format!("{} (by grid)", named("en"))),
        areas: COMMUNITIES
            .iter()
            .flat_map(|community| [1, 2].map(|number| grid(community, number)))
            .flatten()
            .collect(),
        regions: REGIONS.iter().chain(&COMMUNITIES).filter_map(|(code, zh, en)| area(code, zh, en)).collect(),
        ..like.clone()
    }
}

/// A campaign of a questionnaire in the counties of one prefecture.
pub(super) fn campaign(id: &str, questionnaire: &Questionnaire, opens: Day) -> Campaign {
    Campaign {
        id: id.to_owned(),
        title: questionnaire.definition.title.clone(),
        kind: if questionnaire.definition.quiz.is_some() { Kind::Quiz } else { Kind::Survey },
        questionnaire: questionnaire.hash.clone(),
        areas: AREAS.iter().filter_map(|(code, zh, en)| area(code, zh, en)).collect(),
        regions: Vec::new(),
        opens,
        closes: opens.plus_days(DAYS),
        grace_days: 14,
        k: LEAST_K,
        rounding: 1,
        results: Access::Public,
        targets: Vec::new(),
        channels: vec![Channel::Tablet, Channel::Phone],
        aggregators: Aggregators::default(),
        deposit: None,
        signer: None,
    }
}

fn area(code: &str, zh: &str, en: &str) -> Option<Area> {
    Some(Area { code: code.parse().ok()?, name: text(zh, en) })
}

fn text(zh: &str, en: &str) -> Text {
    [("zh-CN".to_owned(), zh.to_owned()), ("en".to_owned(), en.to_owned())].into_iter().collect()
}
