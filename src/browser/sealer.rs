//! A respondent's cells leave the module here: split, sealed, and kept until both aggregators have them.

use prio::codec::{Decode, Encode};
use wasm_bindgen::prelude::*;

use super::{
    js::{Error, error},
    network::{self, Answer},
    storage, world,
};
use crate::{
    day::Day,
    outbox::{self, Outcome, Storage, Waiting},
    outgoing::request,
    questionnaire::{hex, unhex},
    split::{Recipients, Report, Task, choose},
};

/// Seals for one campaign and area, with the keys of its two aggregators.
#[wasm_bindgen]
pub struct Sealer {
    campaign: String,
    questionnaire: String,
    area: String,
    closes: Day,
    leader: String,
    to: Recipients,
}

#[wasm_bindgen]
impl Sealer {
    /// Fetches the keys of both aggregators; without a network those that were fetched before.
    ///
    /// Throws `NoKeys` if there are none.
    pub async fn prepare(
        campaign: String,
        questionnaire: String,
        area: String,
        closes: String,
        leader: String,
        helper: String,
    ) -> Result<Sealer, Error> {
        let closes = closes.parse().map_err(|it| error("FaultyCampaign", it))?;
        let task = Task::named(&campaign, &questionnaire, &area, 0).id.to_string();
        let to = Recipients { leader: key(&leader, &task).await?, helper: key(&helper, &task).await? };
        Ok(Self { campaign, questionnaire, area, closes, leader, to })
    }

    /// Splits and seals the cells of a respondent, given as the indices of the ones among so many cells,
    /// and leaves the report to be posted. Called by the survey, never by the page.
    ///
    /// Throws `StorageFull`: nothing is kept then, and the answers are still there.
    pub fn seal(&self, ones: Vec<u32>, cells: u32) -> Result<(), Error> {
        let ones = zeroize::Zeroizing::new(ones);
        let waiting = self.split(&ones, cells as usize)?;
        outbox::put(&mut storage::open()?, &waiting).map_err(storage::full)
    }
}

impl Sealer {
    /// The sealer of an area of a campaign.
    #[cfg(feature = "shift")]
    pub(super) async fn of(campaign: &crate::campaign::Campaign, area: &crate::area::AreaCode) -> Result<Self, Error> {
        let named = |it: &str| it.to_owned();
        let (leader, helper) = (&campaign.aggregators.leader, &campaign.aggregators.helper);
        let (id, questionnaire, area) = (named(&campaign.id), named(&campaign.questionnaire), named(area.as_str()));
        Self::prepare(id, questionnaire, area, campaign.closes.to_string(), named(leader), named(helper)).await
    }

    /// Whether it seals for this campaign and area.
    #[cfg(feature = "shift")]
    pub(super) fn seals(&self, campaign: &crate::campaign::Campaign, area: &crate::area::AreaCode) -> bool {
        self.campaign == campaign.id && self.questionnaire == campaign.questionnaire && self.area == area.as_str()
    }

    /// Splits and seals, and keeps nothing.
    pub(super) fn split(&self, ones: &[u32], cells: usize) -> Result<Waiting, Error> {
        let task = Task::named(&self.campaign, &self.questionnaire, &self.area, cells);
        let day = world::today()?.min(self.closes);
        let report =
            Report::split_ones(&task, day, ones, world::random()?, &self.to).map_err(|it| error("Internal", it))?;
        Ok(Waiting { campaign: self.campaign.clone(), leader: self.leader.clone(), report, refused: None })
    }
}

/// The reports that wait on this device.
#[wasm_bindgen]
pub struct Outbox;

#[wasm_bindgen]
impl Outbox {
    /// How many wait, refused ones included.
    pub fn waiting() -> Result<u32, Error> {
        Ok(outbox::waiting(&storage::open()?).len() as u32)
    }

    /// Posts everything that waits, once; refused reports only if asked for. Tells what is left to say:
    /// `counted` (nothing waits any more), `unreachable`, `silent` (the leader works, but does not say why
    /// it does not take a report), or a refusal's name.
    pub async fn pass(refused_too: bool) -> Result<String, Error> {
        let mut told = "counted".to_owned();
        for waiting in outbox::waiting(&storage::open()?) {
            if let (Some(why), false) = (&waiting.refused, refused_too) {
                told.clone_from(why);
                continue;
            }
            let answer = network::send(&request(&waiting.report, &waiting.leader)).await;
            let outcome = match &answer {
                Ok(answer) => outcome(answer),
                Err(_) => Outcome::Unreachable,
            };
            match outcome {
                Outcome::Counted => {}
                Outcome::Refused(why) => why.clone_into(&mut told),
                Outcome::Unreachable if answer.is_err() && answers(&waiting).await => "silent".clone_into(&mut told),
                Outcome::Unreachable => "unreachable".clone_into(&mut told),
            }
            outbox::tried(&mut storage::open()?, waiting, outcome).map_err(storage::full)?;
        }
        Ok(told)
    }

    /// Forgets the reports that were refused.
    pub fn discard_refused() -> Result<(), Error> {
        outbox::discard_refused(&mut storage::open()?);
        Ok(())
    }
}

/// What an answer means. Any 2xx without a body is the leader's; a captive portal answers with a page.
fn outcome(answer: &Answer) -> Outcome<'_> {
    match answer {
        Answer { status: 200..=299, body } if body.is_empty() => Outcome::Counted,
        Answer { status: 400..=499, body } => match after(body, b"urn:ietf:params:ppm:dap:error:") {
            // The acknowledgement of an earlier try was lost on its way.
            Some(_) if after(body, b"\"counted\":true").is_some() => Outcome::Counted,
            Some(name) => {
                let end = name.iter().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(name.len());
                std::str::from_utf8(&name[..end]).map_or(Outcome::Unreachable, Outcome::Refused)
            }
            None => Outcome::Unreachable,
        },
        _ => Outcome::Unreachable,
    }
}

/// What follows on a mark.
fn after<'b>(body: &'b [u8], mark: &[u8]) -> Option<&'b [u8]> {
    body.windows(mark.len()).position(|window| window == mark).map(|at| &body[at + mark.len()..])
}

/// A browser does not show an answer that lacks the header for other sites, as a leader's refusals may: then
/// its keys are there, and only the report is not taken.
async fn answers(waiting: &Waiting) -> bool {
    fetch_key(&waiting.leader, &waiting.report.task().to_string()).await.is_ok()
}

/// An aggregator's key: fetched, or the one that was fetched before.
async fn key(aggregator: &str, task: &str) -> Result<janus_messages::HpkeConfig, Error> {
    let kept = format!("anxin.key.{aggregator} {task}");
    if let Ok(config) = fetch_key(aggregator, task).await {
        if let (Ok(mut storage), Ok(bytes)) = (storage::open(), config.get_encoded()) {
            // Without room it is fetched again the next time.
            let _ = storage.set(&kept, &hex(&bytes));
        }
        return Ok(config);
    }
    let kept = storage::open().ok().and_then(|storage| storage.get(&kept));
    let kept = kept.and_then(|text| janus_messages::HpkeConfig::get_decoded(&unhex(&text)?).ok());
    kept.ok_or_else(|| error("NoKeys", aggregator))
}

async fn fetch_key(aggregator: &str, task: &str) -> Result<janus_messages::HpkeConfig, ()> {
    let url = format!("{}/hpke_config?task_id={task}", aggregator.trim_end_matches('/'));
    match network::get(&url).await {
        Ok(Answer { status: 200, body }) => choose(&body).map_err(|_| ()),
        _ => Err(()),
    }
}
