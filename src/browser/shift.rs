//! The tablet channel on the page: the steps of a shift, each one write to the device's document.

use std::cell::Cell;

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::{
    document,
    js::{Error, error},
    post::post,
    survey, world,
};
use crate::{
    campaign::Campaign,
    device::{ShiftState, kept},
};

/// The volunteer's shift. Everything it knows is in the browser's storage.
#[wasm_bindgen]
pub struct Shift;

const FIRST_PAUSE_MS: f64 = 2_000.0;
const LONGEST_PAUSE_MS: f64 = 300_000.0;

thread_local! {
    /// One pass over the outbox at a time, one retry loop at a time.
    static SENDING: Cell<bool> = const { Cell::new(false) };
    static RETRYING: Cell<bool> = const { Cell::new(false) };
}

#[wasm_bindgen]
impl Shift {
    /// The shift of a campaign, or `null`.
    #[wasm_bindgen(unchecked_return_type = "import('../types.js').ShiftState | null")]
    pub fn current(campaign_json: &str) -> Result<JsValue, Error> {
        state(&campaign(campaign_json)?)
    }

    /// Starts a shift.
    ///
    /// Throws `WrongArea`, `Closed`, `BadPin`, `ShiftOn`.
    #[wasm_bindgen(unchecked_return_type = "import('../types.js').ShiftState")]
    pub fn begin(
        campaign_json: &str,
        area: &str,
        #[wasm_bindgen(unchecked_param_type = "import('../types.js').Mode")] mode: &str,
        pin: &str,
    ) -> Result<JsValue, Error> {
        let campaign = campaign(campaign_json)?;
        let (mode, salt, today) = (survey::parse_mode(mode)?, world::random()?, world::today()?);
        document::step(|device| device.begin(&campaign, area, mode, pin, salt, today))?;
        state(&campaign)
    }

    /// The tablet goes into a resident's hands.
    #[wasm_bindgen(unchecked_return_type = "import('../types.js').ShiftState")]
    pub fn hand_over(campaign_json: &str) -> Result<JsValue, Error> {
        let campaign = campaign(campaign_json)?;
        document::step(|device| device.hand_over(&campaign))?;
        state(&campaign)
    }

    /// Takes the tablet back; `false` for a wrong PIN. After three wrong ones each takes longer.
    pub async fn take_back(campaign_json: String, pin: String) -> Result<bool, Error> {
        let campaign = campaign(&campaign_json)?;
        wait_for_pin(&campaign).await?;
        document::step(|device| device.take_back(&campaign, &pin))
    }

    /// Ends what was begun when the device was cut off.
    pub fn settle() -> Result<(), Error> {
        document::with(kept::settle)
    }

    /// Lets sealed reports go out instead of the tally under k, and instead of batches that were refused.
    #[wasm_bindgen(unchecked_return_type = "import('../types.js').ShiftState | null")]
    pub fn release(campaign_json: &str) -> Result<JsValue, Error> {
        let campaign = campaign(campaign_json)?;
        document::with(|storage| kept::release(storage, &campaign))?;
        state(&campaign)
    }

    /// Adds the finished respondent to the tally, and forgets the answers. With a sealer for the shift's
    /// area they are sealed too, and the report is held beside the tally.
    ///
    /// Throws `StorageFull`, `NotFinished`, or what the sealing throws; the answers are then still there.
    pub fn add(
        campaign_json: &str,
        survey: &mut survey::Survey,
        sealer: Option<survey::Sealing>,
    ) -> Result<(), JsValue> {
        let campaign = campaign(campaign_json)?;
        let (cells, today, random) = (survey.cells()?, world::today()?, world::random()?);
        if campaign.questionnaire != survey.questionnaire.hash {
            return Err(error("WrongHash", "the campaign fields another questionnaire").into());
        }
        let layout = &survey.questionnaire.layout;
        let held = sealer.map(|sealer| sealer.hold(cells.ones(), layout.len() as u32)).transpose()?;
        document::step(|device| device.add(&campaign, layout, &cells, held, today, random))?;
        survey.stop();
        Ok(())
    }

    /// Posts everything that waits, once; refused batches too.
    #[wasm_bindgen(unchecked_return_type = "import('../types.js').ShiftState | null")]
    pub async fn send(campaign_json: String) -> Result<JsValue, Error> {
        let campaign = campaign(&campaign_json)?;
        pass(true).await?;
        state(&campaign)
    }

    /// Posts what waits until all is acknowledged or refused, with longer and longer pauses between;
    /// `on_change` gets the state after each pass. A second call while one is at it does nothing.
    pub fn keep_sending(
        campaign_json: &str,
        #[wasm_bindgen(unchecked_param_type = "(state: import('../types.js').ShiftState | null) => void")]
        on_change: js_sys::Function,
    ) -> Result<(), Error> {
        let campaign = campaign(campaign_json)?;
        if !RETRYING.replace(true) {
            wasm_bindgen_futures::spawn_local(async move {
                retry(&campaign, &on_change).await;
                RETRYING.set(false);
            });
        }
        Ok(())
    }

    /// Ends the shift; `false` for a wrong PIN. What is under k stays for the next one.
    pub async fn end(campaign_json: String, pin: String) -> Result<bool, Error> {
        let campaign = campaign(&campaign_json)?;
        wait_for_pin(&campaign).await?;
        document::step(|device| device.end(&campaign, &pin))
    }
}

fn campaign(json: &str) -> Result<Campaign, Error> {
    serde_json::from_str(json).map_err(|it| error("FaultyCampaign", it))
}

fn state(campaign: &Campaign) -> Result<JsValue, Error> {
    let state: Option<ShiftState> = document::read()?.state(campaign);
    state.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).map_err(|it| error("Internal", it))
}

async fn wait_for_pin(campaign: &Campaign) -> Result<(), Error> {
    let seconds = document::read()?.pin_wait_seconds(campaign).map_err(|it| error("NoShift", it))?;
    if seconds > 0 {
        world::pause(f64::from(seconds) * 1000.0).await;
    }
    Ok(())
}

/// Posts each waiting batch once; tells whether any is left to try again.
async fn pass(refused_too: bool) -> Result<bool, Error> {
    if SENDING.replace(true) {
        return Ok(true);
    }
    let outcome = post_each(refused_too).await;
    SENDING.set(false);
    outcome
}

async fn post_each(refused_too: bool) -> Result<bool, Error> {
    for unsent in document::read()?.to_post(refused_too) {
        let outcome = post(&unsent.campaign, &unsent.batch).await;
        document::step(|device| {
            device.posted(&unsent.batch.id, outcome);
            Ok(())
        })?;
    }
    document::with(kept::settle)?;
    Ok(!document::read()?.to_post(false).is_empty())
}

async fn retry(campaign: &Campaign, on_change: &js_sys::Function) {
    let mut pause_ms = FIRST_PAUSE_MS;
    loop {
        let left = pass(false).await.unwrap_or(true);
        if let Ok(state) = state(campaign) {
            let _ = on_change.call1(&JsValue::NULL, &state);
        }
        if !left {
            return;
        }
        // Jitter, so that tablets that lost the collector together do not come back together.
        let jitter = world::random::<1>().map_or(0.5, |[byte]| f64::from(byte) / 255.0);
        world::pause(pause_ms * (0.5 + jitter)).await;
        pause_ms = (pause_ms * 2.0).min(LONGEST_PAUSE_MS);
    }
}
