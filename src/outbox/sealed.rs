//! What is done with the reports themselves, by the module that seals.

use super::{Full, Storage, key, wait};
use crate::{
    questionnaire::{hex, unhex},
    split::Report,
};

/// A report on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Its campaign.
    pub campaign: String,
    /// The leader's address, as it was when the report was sealed to its key.
    pub leader: String,
    /// The sealed shares.
    pub report: Report,
    /// Why the leader does not take it: it is kept and shown, and tried again only by hand.
    pub refused: Option<String>,
}

/// What came of a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome<'a> {
    /// Counted; the report may go.
    Counted,
    /// The leader does not take it, and says why.
    Refused(&'a str),
    /// No word from the leader; try again.
    Unreachable,
}

/// Leaves a report to be posted.
///
/// # Errors
/// If the storage is full; nothing is written then.
pub fn put(storage: &mut impl Storage, waiting: &Waiting) -> Result<(), Full> {
    wait(storage, &waiting.name(), &waiting.write())
}

/// A report that waits; nothing if there is none of this name, or it cannot be read.
pub fn find(storage: &impl Storage, name: &str) -> Option<Waiting> {
    Waiting::read(&storage.get(&key(name))?)
}

/// What the answer to a post means. Any 2xx without a body is the leader's; a captive portal answers with a
/// page of its own.
pub fn meaning(status: u16, body: &[u8]) -> Outcome<'_> {
    match status {
        200..=299 if body.is_empty() => Outcome::Counted,
        400..=499 => match after(body, b"urn:ietf:params:ppm:dap:error:") {
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

/// Notes what came of a try.
///
/// # Errors
/// If the storage is full; the report then waits as before.
pub fn tried(storage: &mut impl Storage, mut waiting: Waiting, outcome: Outcome) -> Result<(), Full> {
    let refused = match outcome {
        Outcome::Counted => {
            storage.remove(&key(&waiting.name()));
            return Ok(());
        }
        Outcome::Refused(why) => Some(why.to_owned()),
        Outcome::Unreachable => None,
    };
    if waiting.refused != refused {
        waiting.refused = refused;
        put(storage, &waiting)?;
    }
    Ok(())
}

/// Removes a report that was refused: its owner has read why.
pub fn discard(storage: &mut impl Storage, name: &str) {
    if find(storage, name).is_some_and(|it| it.refused.is_some()) {
        storage.remove(&key(name));
    }
}

impl Waiting {
    /// The report's id.
    pub fn name(&self) -> String {
        hex(self.report.id().as_ref())
    }

    /// A line each: campaign, leader, task, refusal, the report. None of them holds a line's end.
    pub fn write(&self) -> String {
        let (task, report) = (hex(self.report.task().as_ref()), hex(self.report.bytes()));
        let refused = self.refused.as_deref().unwrap_or_default();
        [&self.campaign, &self.leader, &task, refused, &report].join("\n")
    }

    fn read(text: &str) -> Option<Self> {
        let mut lines = text.split('\n');
        let (campaign, leader) = (lines.next()?, lines.next()?);
        let (task, refused, report) = (unhex(lines.next()?)?, lines.next()?, unhex(lines.next()?)?);
        Some(Self {
            campaign: campaign.to_owned(),
            leader: leader.to_owned(),
            report: Report::parse(task.as_slice().try_into().ok()?, report).ok()?,
            refused: (!refused.is_empty()).then(|| refused.to_owned()),
        })
    }
}
