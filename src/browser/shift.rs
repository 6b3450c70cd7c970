//! The tablet channel on the page: the steps of a shift, each one entry of the tablet's journal.

use std::cell::Cell;

use janus_messages::HpkeConfig;
use wasm_bindgen::prelude::*;

use super::{
    journal::{self, Journal, step},
    js::{Error, error, plain},
    post::post,
    storage,
    survey::{self, Sealing},
    world,
};
use crate::{
    campaign::Campaign,
    device::{Entry, Person, Post, Unsent},
    disposition::{Adults, Disposition, Visit},
    layout::Cells,
    mask::{self, Seed},
    outbox,
    parcel::{self, Fingerprint, Parcel, Sealed},
    questionnaire::{hex, unhex},
    split::{deposit, deposit_key},
};

/// The volunteer's shift. Everything it knows is in the journal.
#[wasm_bindgen]
pub struct Shift;

const FIRST_PAUSE_MS: f64 = 2_000.0;
const LONGEST_PAUSE_MS: f64 = 300_000.0;

thread_local! {
    /// One pass over the outbox at a time, one retry loop at a time.
    static SENDING: Cell<bool> = const { Cell::new(false) };
    /// Another pass was asked for meanwhile: what has come since is not left behind. With refused posts or without.
    static AGAIN: Cell<Option<bool>> = const { Cell::new(None) };
    static RETRYING: Cell<bool> = const { Cell::new(false) };
}

#[wasm_bindgen]
impl Shift {
    /// Reads the journal. To be awaited before anything else.
    ///
    /// Throws `StorageDenied`, `StorageBlocked`, `StorageDamaged`.
    pub async fn open(journal: Journal) -> Result<(), JsValue> {
        journal::open(journal).await
    }

    /// Reads again what another tab may have written.
    pub async fn refresh() -> Result<(), JsValue> {
        journal::refresh().await
    }

    /// The shift of a campaign, or `null`.
    #[wasm_bindgen(unchecked_return_type = "import('../types.js').ShiftState | null")]
    pub fn current(campaign_json: &str) -> Result<JsValue, Error> {
        let campaign = campaign(campaign_json)?;
        Ok(plain(&journal::look(|device| device.state(&campaign))?))
    }

    /// What came of the shift that ended last, or `null`.
    #[wasm_bindgen(unchecked_return_type = "import('../types.js').Card | null")]
    pub fn card(campaign_json: &str) -> Result<JsValue, Error> {
        let campaign = campaign(campaign_json)?;
        Ok(plain(&journal::look(|device| device.card(&campaign))?))
    }

    /// Respondents on this tablet who are not in an acknowledged batch.
    pub fn waiting() -> Result<u32, Error> {
        journal::look(|device| device.waiting())
    }

    /// Starts a shift.
    ///
    /// Throws `WrongArea`, `Closed`, `BadPin`, `ShiftOn`, `TooManyShifts`.
    pub async fn begin(
        campaign_json: String,
        area: String,
        #[wasm_bindgen(unchecked_param_type = "import('../types.js').Mode")] mode: String,
        pin: String,
    ) -> Result<(), JsValue> {
        let campaign = campaign(&campaign_json)?;
        let (mode, random, today) = (survey::parse_mode(&mode)?, (world::random()?, world::random()?), world::today()?);
        step(None, |device| device.begin(&campaign, &area, mode, &pin, random, today).map(Some)).await?;
        Ok(())
    }

    /// Draws one of so many adults; asked again for as many, it stays the same one.
    ///
    /// Throws `WrongAdults`.
    pub async fn pick(campaign_json: String, adults: u32) -> Result<(), JsValue> {
        let campaign = campaign(&campaign_json)?;
        let random = u64::from_le_bytes(world::random()?);
        step(None, |device| device.pick(&campaign, adults, random).map(Some)).await?;
        Ok(())
    }

    /// The tablet goes into a resident's hands. Of a call-back, `before` is what the door was counted under.
    ///
    /// Throws `WrongVisit`.
    pub async fn hand_over(
        campaign_json: String,
        #[wasm_bindgen(unchecked_optional_param_type = "import('../types.js').Disposition")] before: Option<String>,
    ) -> Result<(), JsValue> {
        let (campaign, before) = (campaign(&campaign_json)?, before.as_deref().map(disposition).transpose()?);
        step(None, |device| device.hand_over(&campaign, before).map(Some)).await?;
        Ok(())
    }

    /// Takes the tablet back; `false` for a wrong PIN. After three wrong ones each takes longer.
    pub async fn take_back(campaign_json: String, pin: String) -> Result<bool, JsValue> {
        let campaign = campaign(&campaign_json)?;
        wait_for_pin(&campaign).await?;
        let mut right = false;
        step(None, |device| {
            let entry = device.take_back(&campaign, &pin)?;
            right = entry == Entry::TakenBack;
            Ok(Some(entry))
        })
        .await?;
        Ok(right)
    }

    /// Counts a door at which nobody answered questions.
    ///
    /// Throws `WrongVisit`.
    pub async fn visit(
        campaign_json: String,
        #[wasm_bindgen(unchecked_param_type = "import('../types.js').Disposition")] outcome: String,
        #[wasm_bindgen(unchecked_optional_param_type = "import('../types.js').Disposition")] before: Option<String>,
    ) -> Result<(), JsValue> {
        let campaign = campaign(&campaign_json)?;
        let before = before.as_deref().map(disposition).transpose()?;
        let visit = Visit { outcome: disposition(&outcome)?, before, adults: Adults::Unknown };
        let now = world::now()?;
        step(None, |device| device.visit(&campaign, visit, now).map(Some)).await?;
        Ok(())
    }

    /// Takes the last door back.
    ///
    /// Throws `NothingToUndo`.
    pub async fn undo(campaign_json: String) -> Result<(), JsValue> {
        let campaign = campaign(&campaign_json)?;
        step(None, |device| device.undo(&campaign).map(Some)).await?;
        Ok(())
    }

    /// Lets the last door stand.
    pub async fn settle() -> Result<(), JsValue> {
        step(None, |device| Ok(device.settle())).await?;
        Ok(())
    }

    /// Adds the finished respondent to the sum, masked, and forgets the answers. With a sealer for the shift's
    /// area they are sealed too, and the report is held beside the sum.
    ///
    /// With `partial`, it is one who breaks off and lets count what was answered.
    ///
    /// Throws `StorageFull`, `StorageLost`, `NotFinished`, `OtherHands`, or what the sealing throws; the answers are
    /// then still there.
    pub async fn complete(
        campaign_json: String,
        survey: &mut survey::Survey,
        partial: bool,
        sealer: Option<Sealing>,
    ) -> Result<(), JsValue> {
        let campaign = campaign(&campaign_json)?;
        let now = world::now()?;
        let (cells, length) = (survey.cells(partial)?, survey.questionnaire.layout.len());
        let key = deposit_to(&campaign)?;
        let seed = Seed::new(world::random()?);
        let mask = deposit(&key, mask::ABOUT, seed.bytes()).ok_or_else(|| error("Internal", "could not be sealed"))?;
        let report = sealer.map(|sealer| sealer.hold(cells.ones(), length as u32)).transpose()?;
        let report = report.as_deref().and_then(<[String]>::first_chunk::<2>);
        let person = Person {
            questionnaire: survey.questionnaire.hash.clone(),
            cells: masked(&cells, length, &seed),
            mask: hex(&mask),
            held: report.as_ref().map(|[name, _]| name.clone()),
        };
        drop((cells, seed));
        let held = report.as_ref().map(|[name, text]| (name.as_str(), text.as_str()));
        step(held, |device| device.complete(&campaign, person.clone(), partial, now).map(Some)).await?;
        survey.stop();
        Ok(())
    }

    /// The resident has left before the end; `begun` if anything had been answered. The answers are gone.
    pub async fn leave(campaign_json: String, begun: bool) -> Result<(), JsValue> {
        let campaign = campaign(&campaign_json)?;
        let now = begun.then(world::now).transpose()?;
        step(None, |device| device.leave(&campaign, now).map(Some)).await?;
        Ok(())
    }

    /// Lets sealed reports go out instead of the sum under k, and instead of batches that were refused.
    pub async fn release(campaign_json: String) -> Result<(), JsValue> {
        let campaign = campaign(&campaign_json)?;
        step(None, |device| device.release(&campaign).map(Some)).await?;
        hand_reports_on().await
    }

    /// Posts everything that waits, once; what was refused too.
    pub async fn send() -> Result<(), JsValue> {
        step(None, |device| Ok(device.settle())).await?;
        pass(true).await?;
        Ok(())
    }

    /// Posts what waits until all is acknowledged or refused, with longer and longer pauses between;
    /// `on_change` is called after each pass. A second call while one is at it posts at once, and leaves the rest to it.
    pub fn keep_sending(#[wasm_bindgen(unchecked_param_type = "() => void")] on_change: js_sys::Function) {
        // What has just come need not wait until a pause is over.
        let at_it = RETRYING.replace(true);
        wasm_bindgen_futures::spawn_local(async move {
            if at_it {
                let _ = pass(false).await;
                let _ = on_change.call0(&JsValue::NULL);
            } else {
                retry(&on_change).await;
                RETRYING.set(false);
            }
        });
    }

    /// The file of a tablet that gets no network: all of this campaign that may leave it, signed by the tablet and
    /// sealed to the collector. What is in it stays here until the collector has acknowledged it.
    ///
    /// Throws `NothingToSend`, `NoKeys`.
    pub async fn file(campaign_json: String) -> Result<Vec<u8>, JsValue> {
        let campaign = campaign(&campaign_json)?;
        let key = deposit_to(&campaign)?;
        step(None, |device| Ok(device.settle())).await?;
        gather(true).await?;
        hand_reports_on().await?;
        let posts = journal::look(|device| device.to_post(true))?.into_iter().filter(|it| it.campaign == campaign.id);
        let (mut batches, mut fieldwork, mut ids) = (Vec::new(), Vec::new(), Vec::new());
        for Unsent { post, .. } in posts {
            ids.push(post.id().clone());
            match post {
                Post::Batch(it) => batches.push(it),
                Post::Fieldwork(it) => fieldwork.push(it),
            }
        }
        let reports = sealed_reports(&campaign)?;
        if ids.is_empty() && reports.is_empty() {
            return Err(error("NothingToSend", "nothing that may leave this tablet").into());
        }
        step(None, |_| Ok(Some(Entry::Exported { ids: ids.clone() }))).await?;
        let (version, questionnaire) = (parcel::VERSION, campaign.questionnaire.clone());
        let packed =
            Parcel { version, campaign: campaign.id, questionnaire, batches, fieldwork, reports }.pack(&seed()?);
        Ok(parcel::seal(&key, &packed).ok_or_else(|| error("Internal", "could not be sealed"))?)
    }

    /// The short name of this tablet, under which the collector knows its files.
    pub fn fingerprint() -> Result<String, Error> {
        Ok(Fingerprint::of_seed(&seed()?).to_string())
    }

    /// Ends the shift; `false` for a wrong PIN. What is under k stays for the next one.
    pub async fn end(campaign_json: String, pin: String) -> Result<bool, JsValue> {
        let campaign = campaign(&campaign_json)?;
        wait_for_pin(&campaign).await?;
        let mut right = false;
        step(None, |device| {
            let entry = device.end(&campaign, &pin)?;
            right = entry == Entry::Ended;
            Ok(Some(entry))
        })
        .await?;
        Ok(right)
    }
}

fn campaign(json: &str) -> Result<Campaign, Error> {
    serde_json::from_str(json).map_err(|it| error("FaultyCampaign", it))
}

fn disposition(name: &str) -> Result<Disposition, Error> {
    let known = Disposition::ALL.into_iter().find(|it| it.name() == name);
    known.ok_or_else(|| error("WrongVisit", name))
}

/// What is for the collector alone is sealed to this.
fn deposit_to(campaign: &Campaign) -> Result<HpkeConfig, Error> {
    let key = campaign.deposit.as_deref().and_then(deposit_key);
    key.ok_or_else(|| error("NoKeys", "the campaign tells no key to seal to"))
}

/// With which this tablet signs.
fn seed() -> Result<[u8; 32], Error> {
    let seed = journal::look(|device| device.signer().and_then(unhex))?;
    seed.and_then(|it| it.try_into().ok()).ok_or_else(|| error("NoShift", "there was no shift on this tablet yet"))
}

/// A campaign's reports that wait to be posted.
fn sealed_reports(campaign: &Campaign) -> Result<Vec<Sealed>, Error> {
    let storage = storage::open()?;
    let waiting = outbox::waiting(&storage).into_iter().filter_map(|name| outbox::find(&storage, &name));
    let sealed = |it: outbox::Waiting| Sealed { task: it.report.task().to_string(), report: hex(it.report.bytes()) };
    Ok(waiting.filter(|it| it.campaign == campaign.id).map(sealed).collect())
}

/// The cells of one respondent under a mask.
fn masked(cells: &Cells, length: usize, seed: &Seed) -> Vec<u32> {
    let mut masked = vec![0; length];
    for &one in cells.ones() {
        masked[one as usize] = 1;
    }
    seed.mask(&mut masked);
    masked
}

async fn wait_for_pin(campaign: &Campaign) -> Result<(), JsValue> {
    let seconds = journal::look(|device| device.pin_wait_seconds(campaign))?.map_err(journal::named)?;
    if seconds > 0 {
        world::pause(f64::from(seconds) * 1000.0).await;
    }
    Ok(())
}

/// Posts each thing that waits once; tells whether any is left to try again.
async fn pass(mut refused_too: bool) -> Result<bool, JsValue> {
    if SENDING.replace(true) {
        AGAIN.set(Some(refused_too || AGAIN.get() == Some(true)));
        return Ok(true);
    }
    let outcome = loop {
        let outcome = post_each(refused_too).await;
        match AGAIN.take() {
            Some(again) if outcome.is_ok() => refused_too = again,
            _ => break outcome,
        }
    };
    SENDING.set(false);
    outcome
}

/// Makes posts of what is ready; or of all that may become one.
async fn gather(all: bool) -> Result<(), JsValue> {
    loop {
        let (now, random) = (world::now()?, world::random()?);
        if !step(None, |device| Ok(device.gather(now, all, random))).await? {
            return Ok(());
        }
    }
}

async fn post_each(refused_too: bool) -> Result<bool, JsValue> {
    gather(false).await?;
    for unsent in journal::look(|device| device.to_post(refused_too))? {
        let outcome = post(&unsent.campaign, &unsent.post).await;
        step(None, |_| Ok(Some(Entry::Posted { id: unsent.post.id().clone(), outcome: outcome.clone() }))).await?;
    }
    hand_reports_on().await?;
    Ok(journal::look(|device| !device.to_post(false).is_empty())?)
}

/// Reports that count from now on go to where phones keep theirs, and from there to the aggregators.
async fn hand_reports_on() -> Result<(), JsValue> {
    let names = journal::look(|device| device.released().to_vec())?;
    if names.is_empty() {
        return Ok(());
    }
    for name in &names {
        if let Some(text) = journal::report(name).await? {
            outbox::wait(&mut storage::open()?, name, &text).map_err(storage::full)?;
        }
    }
    step(None, |_| Ok(Some(Entry::HandedOn { names: names.clone() }))).await?;
    Ok(())
}

async fn retry(on_change: &js_sys::Function) {
    let mut pause_ms = FIRST_PAUSE_MS;
    loop {
        let left = pass(false).await.unwrap_or(true);
        let _ = on_change.call0(&JsValue::NULL);
        if !left {
            return;
        }
        // Jitter, so that tablets that lost the collector together do not come back together.
        let jitter = world::random::<1>().map_or(0.5, |[byte]| f64::from(byte) / 255.0);
        world::pause(pause_ms * (0.5 + jitter)).await;
        pause_ms = (pause_ms * 2.0).min(LONGEST_PAUSE_MS);
    }
}
