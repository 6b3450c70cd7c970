//! A questionnaire's file as people have it: JSON, or a form in XLSForm.

use std::path::Path;

use serde::Serialize;

use super::{
    Failure,
    convert::{built, extension, read},
};
use crate::questionnaire::{Questionnaire, limit};

/// What a file without faults holds.
#[derive(Serialize)]
pub(super) struct Good {
    /// The questionnaire's name.
    pub(super) id: String,
    /// The version of its wording.
    pub(super) version: String,
    /// Questions.
    pub(super) items: usize,
    /// Cells of its layout.
    pub(super) cells: usize,
    /// What it is fielded under.
    pub(super) hash: String,
}

impl Good {
    /// Of a questionnaire.
    pub(super) fn of(questionnaire: &Questionnaire) -> Self {
        Self {
            id: questionnaire.definition.id.clone(),
            version: questionnaire.definition.version.clone(),
            items: questionnaire.items.len(),
            cells: questionnaire.layout.len(),
            hash: questionnaire.hash.clone(),
        }
    }
}

/// A questionnaire and its file in JSON, or everything that is wrong with it, a line each.
type Read = Result<(Vec<u8>, Questionnaire), String>;

/// Reads a questionnaire; one that is not JSON is made of a form.
///
/// # Errors
/// If the file cannot be read.
pub(super) fn questionnaire(path: &Path) -> Result<Read, Failure> {
    let name = path.display();
    if extension(path) != "json" {
        let built = built(path)?.map(|built| (built.json.into_bytes(), built.questionnaire));
        return Ok(built.map_err(|faults| faults.0.iter().map(|fault| format!("{name}: {fault}\n")).collect()));
    }
    let file = read(path, limit::FILE_BYTES)?;
    Ok(match Questionnaire::parse(&file) {
        Ok(questionnaire) => Ok((file, questionnaire)),
        Err(faults) => Err(faults.0.iter().map(|fault| format!("{name}:{fault}\n")).collect()),
    })
}
