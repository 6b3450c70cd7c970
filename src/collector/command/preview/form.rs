//! The form as it was saved: read by the converter and the parser that everything else reads forms with.

use std::{
    cell::RefCell,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::Arc,
};

use serde_json::Value;

use super::{
    super::{
        Failure,
        convert::{extension, read as read_bytes},
        locate::Source,
    },
    finding::{Finding, Origin},
};
use crate::{
    campaign::Campaign,
    collector::demonstration,
    day::Day,
    prove::{self, Proof},
    questionnaire::{Questionnaire, Status, limit},
    xlsform,
};

/// Name of the campaign under which the frames find the form.
pub(super) const CAMPAIGN: &str = "preview";

/// So many days from today a questionnaire is valid that is not valid today.
const VALID_DAYS: u16 = 366;

/// A form without faults.
pub(super) struct Form {
    /// What it says.
    pub(super) questionnaire: Arc<Questionnaire>,
    /// What was left out of it.
    pub(super) warnings: Vec<Finding>,
    /// The questionnaire's file as the frames get it, and its hash.
    pub(super) file: Vec<u8>,
    pub(super) hash: String,
    /// The campaign in which they find it.
    pub(super) campaign: Campaign,
    /// Whether it is valid today. One that is not is shown all the same, with other days on its cover.
    pub(super) status: Status,
    origin: Origin,
}

/// What came of reading a file.
pub(super) struct Read {
    /// The form, or all that is wrong with it.
    pub(super) form: Result<Form, Vec<Finding>>,
    /// Files beside it that were asked for, there or not.
    pub(super) beside: Vec<PathBuf>,
}

/// What is proved of a form.
pub(super) struct Proved {
    /// Lengths, ways, sizes.
    pub(super) proof: Proof,
    /// What is wrong, as its author finds it.
    pub(super) faults: Vec<Finding>,
    /// What may be wrong.
    pub(super) warnings: Vec<Finding>,
}

/// Reads a form. Whatever is in the file, something comes back.
pub(super) fn read(path: &Path, today: Day) -> Read {
    let beside = RefCell::default();
    let form = caught(|| if extension(path) == "json" { json(path, today) } else { sheets(path, today, &beside) });
    let form = form.unwrap_or_else(|| Err(vec![broke_down()]));
    Read { form, beside: beside.into_inner() }
}

/// A library that panics over a strange file stops neither the watch nor the page.
fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

fn broke_down() -> Finding {
    Finding::of_file("broke_down", "the program broke down over this file: a fault of the program's".into())
}

fn json(path: &Path, today: Day) -> Result<Form, Vec<Finding>> {
    let bytes = bytes(path, limit::FILE_BYTES)?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    match Questionnaire::parse(&bytes) {
        Ok(questionnaire) => Form::of(questionnaire, bytes, Vec::new(), Origin::Lines(text), today),
        Err(faults) => {
            let source = Source::new(&text);
            let mut faults: Vec<_> = faults.0.into_iter().map(|fault| Finding::of_line(fault, &source)).collect();
            faults.truncate(xlsform::limit::FAULTS);
            Err(faults)
        }
    }
}

fn sheets(path: &Path, today: Day, asked: &RefCell<Vec<PathBuf>>) -> Result<Form, Vec<Finding>> {
    let bytes = bytes(path, xlsform::limit::FILE_BYTES)?;
    let beside = |file: &str| {
        let path = path.with_file_name(file);
        asked.borrow_mut().push(path.clone());
        read_bytes(&path, xlsform::limit::FILE_BYTES)
    };
    let found = |faults: xlsform::Faults| faults.0.into_iter().map(Finding::of_cell).collect::<Vec<_>>();
    let form = xlsform::workbook(&path.display().to_string(), &bytes).map_err(found)?;
    let built = xlsform::build(&form, &beside).map_err(found)?;
    Form::of(built.questionnaire, built.json.into_bytes(), found(built.warnings), Origin::rows(&form), today)
}

fn bytes(path: &Path, limit: usize) -> Result<Vec<u8>, Vec<Finding>> {
    read_bytes(path, limit).map_err(|error| vec![Finding::of_file("unreadable", format!("cannot be read: {error}"))])
}

impl Form {
    fn of(
        questionnaire: Questionnaire,
        file: Vec<u8>,
        warnings: Vec<Finding>,
        origin: Origin,
        today: Day,
    ) -> Result<Self, Vec<Finding>> {
        let status = questionnaire.status(today);
        let faulty = |failure: Failure| vec![Finding::of_file("not_shown", format!("cannot be shown: {failure}"))];
        let (file, hash) = match status {
            Status::Open => (file, questionnaire.hash.clone()),
            Status::NotYet | Status::Expired => valid_on(today, &file).map_err(faulty)?,
        };
        let campaign = campaign(&questionnaire, &hash, today);
        Ok(Self { questionnaire: Arc::new(questionnaire), warnings, file, hash, campaign, status, origin })
    }

    /// What it is, in a line.
    pub(super) fn told(&self) -> String {
        let it = &self.questionnaire;
        let (items, cells) = (it.items.len(), it.layout.len());
        format!("{} {}, {items} items, {cells} cells", it.definition.id, it.definition.version)
    }

    /// What can be proved of it.
    pub(super) fn prove(&self) -> Result<Proved, Box<Finding>> {
        let mut proof = caught(|| prove::prove(&self.questionnaire)).ok_or_else(|| Box::new(broke_down()))?;
        let places = self.origin.places();
        let of_meaning = |fault| Finding::of_meaning(fault, &self.questionnaire, &places);
        let found = |faults: Vec<_>| faults.into_iter().map(of_meaning).collect();
        let (faults, warnings) = (std::mem::take(&mut proof.faults), std::mem::take(&mut proof.warnings));
        Ok(Proved { faults: found(faults), warnings: found(warnings), proof })
    }
}

/// The same questionnaire, valid on a day: the page opens no other.
fn valid_on(today: Day, file: &[u8]) -> Result<(Vec<u8>, String), Failure> {
    let mut json: Value = serde_json::from_slice(file)?;
    json["header"]["valid_from"] = today.previous().unwrap_or(today).to_string().into();
    json["header"]["valid_until"] = today.plus_days(VALID_DAYS).to_string().into();
    let file = serde_json::to_vec(&json)?;
    let hash = Questionnaire::parse(&file)?.hash;
    Ok((file, hash))
}

/// A campaign that opens on every day, and by no channel: what is answered in it is practice.
fn campaign(questionnaire: &Questionnaire, hash: &str, today: Day) -> Campaign {
    let like = demonstration::campaign(CAMPAIGN, questionnaire, today);
    let first = Day::new(1, 1, 1).unwrap_or(today);
    let last = Day::new(9999, 12, 31).unwrap_or(today);
    Campaign { questionnaire: hash.to_owned(), channels: Vec::new(), opens: first, closes: last, ..like }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_valid_today_is_shown_all_the_same() {
        for (day, status) in [("2020-01-01", Status::NotYet), ("2099-01-01", Status::Expired)] {
            let today: Day = day.parse().unwrap();
            let form = read(Path::new("www/instruments/safety.json"), today).form.unwrap();
            assert_eq!(form.status, status);
            assert_eq!(form.questionnaire.status(today), status, "what is told of it is what its author wrote");
            let shown = Questionnaire::parse(&form.file).unwrap();
            assert_eq!((shown.status(today), shown.hash), (Status::Open, form.hash.clone()));
            assert_eq!(form.campaign.questionnaire, form.hash);
            assert!(form.campaign.open_on(today));
        }
    }

    #[test]
    fn what_is_valid_is_shown_as_it_stands() {
        let file = Path::new("www/instruments/safety.json");
        let form = read(file, "2026-12-01".parse().unwrap()).form.unwrap();
        assert_eq!((form.status, &form.hash), (Status::Open, &form.questionnaire.hash));
        assert_eq!(form.file, std::fs::read(file).unwrap());
        assert!(form.campaign.channels.is_empty(), "nothing can be handed in");
    }
}
