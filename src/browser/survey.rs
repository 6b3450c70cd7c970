//! A questionnaire on the page, and the respondent who answers it.

use std::sync::Arc;

use wasm_bindgen::prelude::*;

use super::{
    js::{Error, error, given, plain},
    world,
};
use crate::{
    item::{Answer, Refusal, Special},
    questionnaire::{Questionnaire, Status, json::Json},
    response::Mode,
    session::Session,
};

#[wasm_bindgen]
extern "C" {
    /// The sealing module: another one, which is loaded while the respondent answers. The cells go from
    /// module to module; the page only hands the one to the other.
    #[wasm_bindgen(typescript_type = "Pick<import('./anxin_seal.js').Sealer, 'seal' | 'hold'>")]
    pub type Sealing;
    #[wasm_bindgen(method, catch)]
    fn seal(this: &Sealing, ones: &[u32], cells: u32) -> Result<(), JsValue>;
    #[cfg(feature = "shift")]
    #[wasm_bindgen(method, catch)]
    pub(super) fn hold(this: &Sealing, ones: &[u32], cells: u32) -> Result<Vec<String>, JsValue>;
}

/// A questionnaire, and at most one respondent at a time.
#[wasm_bindgen]
pub struct Survey {
    pub(super) questionnaire: Arc<Questionnaire>,
    session: Option<Session>,
}

#[wasm_bindgen]
impl Survey {
    /// Reads a questionnaire file; with a hash, only the one so named.
    ///
    /// Throws `FaultyDefinition` or `WrongHash`.
    #[wasm_bindgen(constructor)]
    pub fn new(bytes: &[u8], expected_hash: Option<String>) -> Result<Survey, Error> {
        let questionnaire = Questionnaire::parse(bytes).map_err(|faults| error("FaultyDefinition", faults))?;
        match expected_hash {
            Some(expected) if expected != questionnaire.hash => Err(error("WrongHash", questionnaire.hash)),
            _ => Ok(Self { questionnaire: Arc::new(questionnaire), session: None }),
        }
    }

    /// What is shown before the start.
    #[wasm_bindgen(unchecked_return_type = "import('../types.js').Cover")]
    pub fn cover(&self, language: &str) -> Result<JsValue, Error> {
        Ok(plain(&self.questionnaire.cover(language, world::today()?)))
    }

    /// Starts a respondent with a new seed from the browser's randomness.
    ///
    /// Throws `Expired` outside the questionnaire's validity.
    pub fn start(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "import('../types.js').Mode")] mode: &str,
    ) -> Result<(), Error> {
        if self.questionnaire.status(world::today()?) != Status::Open {
            return Err(error("Expired", "the questionnaire is not valid today"));
        }
        self.begin(mode, u64::from_le_bytes(world::random()?))
    }

    /// Starts a respondent with a given seed: the same seed, the same screens.
    pub fn start_seeded(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "import('../types.js').Mode")] mode: &str,
        seed: u32,
    ) -> Result<(), Error> {
        self.begin(mode, u64::from(seed))
    }

    fn begin(&mut self, mode: &str, seed: u64) -> Result<(), Error> {
        self.session = Some(Session::start(self.questionnaire.clone(), seed, parse_mode(mode)?));
        Ok(())
    }

    /// The screen to draw.
    #[wasm_bindgen(unchecked_return_type = "import('../types.js').View")]
    pub fn view(&self, language: &str) -> Result<JsValue, Error> {
        Ok(plain(&self.respondent()?.view(language)))
    }

    /// Answers the item on view; `null` takes the answer back. A number out of bounds is told by the next view.
    ///
    /// Throws `WrongAnswer` for what the item does not take.
    pub fn answer(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "import('../types.js').Answer | null")] answer: JsValue,
    ) -> Result<(), Error> {
        let answer = parse_answer(&answer).ok_or_else(|| error("WrongAnswer", Refusal::WrongAnswer))?;
        match self.respondent_mut()?.answer(answer.as_ref()) {
            Err(Refusal::WrongAnswer) => Err(error("WrongAnswer", Refusal::WrongAnswer)),
            Ok(()) | Err(Refusal::OutOfRange) => Ok(()),
        }
    }

    /// Goes on, or has the next view tell why not.
    pub fn forward(&mut self) -> Result<(), Error> {
        self.respondent_mut()?.forward();
        Ok(())
    }

    /// Goes back.
    pub fn back(&mut self) -> Result<(), Error> {
        self.respondent_mut()?.back();
        Ok(())
    }

    /// The cells of this respondent, in words; empty before the end.
    #[wasm_bindgen(unchecked_return_type = "import('../types.js').SentLine[]")]
    pub fn sent(&self, language: &str) -> Result<JsValue, Error> {
        Ok(plain(&self.respondent()?.sent(language)))
    }

    /// Hands the cells of a finished respondent to be split and sealed, and forgets the answers.
    ///
    /// Throws `NotFinished`, or what the sealing throws: the answers are then still there.
    pub fn hand_in(&mut self, sealer: &Sealing) -> Result<(), JsValue> {
        let cells = self.cells(false)?;
        sealer.seal(cells.ones(), self.questionnaire.layout.len() as u32)?;
        self.stop();
        Ok(())
    }

    /// Forgets the respondent.
    pub fn stop(&mut self) {
        self.session = None;
    }

    fn respondent(&self) -> Result<&Session, Error> {
        self.session.as_ref().ok_or_else(nobody)
    }

    fn respondent_mut(&mut self) -> Result<&mut Session, Error> {
        self.session.as_mut().ok_or_else(nobody)
    }

    /// The cells of the finished respondent; or of one who breaks off, where that can be counted.
    pub(super) fn cells(&self, partial: bool) -> Result<crate::layout::Cells, Error> {
        let session = self.respondent()?;
        let response = if partial { session.break_off() } else { session.finish() };
        let response = response.ok_or_else(|| error("NotFinished", "the respondent is not at the end"))?;
        Ok(crate::layout::Cells::encode(&self.questionnaire, &response))
    }
}

#[cfg(feature = "shift")]
#[wasm_bindgen]
impl Survey {
    /// Whether what was answered so far can be counted, if the respondent breaks off.
    pub fn partial(&self) -> bool {
        self.session.as_ref().is_some_and(|session| session.break_off().is_some())
    }
}

fn nobody() -> Error {
    error("NoRespondent", "nobody is answering")
}

/// What the page hands over: `{options}`, `{number}`, `{special}` or `null`.
fn parse_answer(answer: &JsValue) -> Option<Option<Answer>> {
    let text = given(answer);
    let fields = match Json::parse(text.as_bytes()) {
        Ok(Json::Null) => return Some(None),
        Ok(Json::Object(fields)) => fields,
        // The one number that JSON can write and a questionnaire cannot hold: it lies out of every bound.
        Err(_) => return Some(Some(Answer::Number(i64::MAX))),
        Ok(_) => return None,
    };
    let [(name, value)] = <[_; 1]>::try_from(fields).ok()?;
    let answer = match (name.as_str(), value) {
        ("options", Json::List(ids)) => Answer::Options(ids.into_iter().map(id).collect::<Option<_>>()?),
        ("number", Json::Number(number)) => Answer::Number(number),
        ("special", Json::Text(special)) if special == "dont_know" => Answer::Special(Special::DontKnow),
        ("special", Json::Text(special)) if special == "refused" => Answer::Special(Special::Refused),
        _ => return None,
    };
    Some(Some(answer))
}

fn id(value: Json) -> Option<String> {
    if let Json::Text(id) = value { Some(id) } else { None }
}

pub(super) fn parse_mode(mode: &str) -> Result<Mode, Error> {
    match mode {
        "self_completed" => Ok(Mode::SelfCompleted),
        "read_aloud" => Ok(Mode::ReadAloud),
        _ => Err(error("WrongMode", mode)),
    }
}
