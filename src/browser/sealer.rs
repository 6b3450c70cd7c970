//! A respondent's cells leave the modules here: split, sealed, and kept until both aggregators have them.
//!
//! Nothing here waits: the page awaits what is promised and brings back what came.

use wasm_bindgen::prelude::*;

use super::{
    js::{Error, error},
    network, storage, world,
};
use crate::{
    day::Day,
    outbox::{self, Outcome, Waiting},
    outgoing::request,
    split::{Recipients, Report, Task, choose},
};

/// Seals for one campaign and area, to the keys of its two aggregators.
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
    /// The name of the task of a campaign and area, for which aggregators are asked for their keys.
    pub fn task(campaign: &str, questionnaire: &str, area: &str) -> String {
        Task::named(campaign, questionnaire, area, 0).id.to_string()
    }

    /// From the aggregators' answers to `hpke_config`.
    ///
    /// Throws `NoKeys` if one of them holds none that can be used here.
    #[wasm_bindgen(constructor)]
    pub fn new(
        campaign: String,
        questionnaire: String,
        area: String,
        closes: &str,
        leader: String,
        leader_keys: &[u8],
        helper_keys: &[u8],
    ) -> Result<Sealer, Error> {
        let closes = closes.parse().map_err(|it| error("FaultyCampaign", it))?;
        let key = |list| choose(list).map_err(|it| error("NoKeys", it));
        let to = Recipients { leader: key(leader_keys)?, helper: key(helper_keys)? };
        Ok(Self { campaign, questionnaire, area, closes, leader, to })
    }

    /// Splits and seals the cells of a respondent, given as the indices of the ones among so many cells,
    /// and leaves the report to be posted. Called by the survey, never by the page.
    ///
    /// Throws `StorageFull`: nothing is kept then, and the answers are still there.
    pub fn seal(&self, ones: Vec<u32>, cells: u32) -> Result<(), Error> {
        outbox::put(&mut storage::open()?, &self.split(ones, cells)?).map_err(storage::full)
    }

    /// The same for a tablet, which keeps the report beside its sum: the report's name and its text.
    pub fn hold(&self, ones: Vec<u32>, cells: u32) -> Result<Vec<String>, Error> {
        let waiting = self.split(ones, cells)?;
        Ok(vec![waiting.name(), waiting.write()])
    }

    fn split(&self, ones: Vec<u32>, cells: u32) -> Result<Waiting, Error> {
        let ones = zeroize::Zeroizing::new(ones);
        let task = Task::named(&self.campaign, &self.questionnaire, &self.area, cells as usize);
        let day = world::today()?.min(self.closes);
        let report = Report::split_ones(&task, day, &ones, world::random()?, &self.to);
        let report = report.map_err(|it| error("Internal", it))?;
        Ok(Waiting { campaign: self.campaign.clone(), leader: self.leader.clone(), report, refused: None })
    }
}

/// The reports that wait on this device, by name.
#[wasm_bindgen]
pub struct Outbox;

#[wasm_bindgen]
impl Outbox {
    /// Those that wait, refused ones included.
    pub fn waiting() -> Result<Vec<String>, Error> {
        Ok(outbox::waiting(&storage::open()?))
    }

    /// Why the leader does not take a report, by the name that DAP has for it.
    pub fn refusal(name: &str) -> Result<Option<String>, Error> {
        Ok(find(name)?.refused)
    }

    /// Where the leader tells its keys: whether it works at all.
    pub fn leader(name: &str) -> Result<String, Error> {
        let waiting = find(name)?;
        Ok(format!("{}/hpke_config?task_id={}", waiting.leader, waiting.report.task()))
    }

    /// Posts a report, once, always the same bytes.
    #[wasm_bindgen(unchecked_return_type = "Promise<Response>")]
    pub fn post(
        name: &str,
        #[wasm_bindgen(unchecked_param_type = "AbortSignal")] signal: &JsValue,
    ) -> Result<js_sys::Promise, Error> {
        let waiting = find(name)?;
        Ok(network::begin(&request(&waiting.report, &waiting.leader), signal))
    }

    /// Notes the answer to a post, and tells what it means: `counted` (the report is gone),
    /// `unreachable` (somebody else's answer, or none that settles it), or a refusal's name.
    pub fn answered(name: &str, status: u16, body: &[u8]) -> Result<String, Error> {
        let outcome = outbox::meaning(status, body);
        outbox::tried(&mut storage::open()?, find(name)?, outcome).map_err(storage::full)?;
        Ok(match outcome {
            Outcome::Counted => "counted",
            Outcome::Unreachable => "unreachable",
            Outcome::Refused(why) => why,
        }
        .to_owned())
    }

    /// Forgets a report that was refused, once its owner has read why.
    pub fn discard(name: &str) -> Result<(), Error> {
        outbox::discard(&mut storage::open()?, name);
        Ok(())
    }
}

fn find(name: &str) -> Result<Waiting, Error> {
    outbox::find(&storage::open()?, name).ok_or_else(|| error("NoReport", name))
}
