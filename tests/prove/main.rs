//! The prover: against every way of answering, against seeded faults, and on questionnaires too long for either.
#![cfg(not(target_arch = "wasm32"))]

mod brute;
mod command;
mod hand;
mod seeded;
#[path = "../shared/mod.rs"]
mod shared;

use anxin::{
    prove::{Proof, prove},
    questionnaire::{Fault, Questionnaire},
};
use serde_json::Value;

/// The proof of a questionnaire that can be parsed.
#[track_caller]
fn proof(json: &Value) -> Proof {
    prove(&parsed(json))
}

#[track_caller]
fn parsed(json: &Value) -> Questionnaire {
    Questionnaire::parse(json.to_string().as_bytes()).unwrap_or_else(|faults| panic!("{faults}\n{json}"))
}

/// Everything that is wrong with a questionnaire, as `anxin check` finds it: faults, then warnings.
fn faults(json: &Value) -> (Vec<Fault>, Vec<Fault>) {
    match Questionnaire::parse(json.to_string().as_bytes()) {
        Err(faults) => (faults.0, Vec::new()),
        Ok(questionnaire) => {
            let proof = prove(&questionnaire);
            (proof.faults, proof.warnings)
        }
    }
}
