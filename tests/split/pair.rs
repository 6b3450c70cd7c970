//! Both aggregators over one report: an honest one is taken, a cheat is refused by its name and adds
//! nothing.

use anxin::{
    day::Day,
    layout::Cells,
    simulate::Respondents,
    split::{Keys, NotAReport, Pair, REPORT_BYTES, Recipients, Refusal, Report, Sum, Task, vdaf},
};
use janus_messages::{Extension, ExtensionType, HpkeConfig, Report as Message, Role};
use prio::{
    codec::{Decode, Encode},
    field::{Field128, FieldElement},
};

use crate::{
    forge::{Draft, anything, recipients},
    shared::Sample,
};

const CELLS: usize = 13;

const NOT_OPENED: Refusal = Refusal::Rejected("a share does not open");
const NOT_OF_TASK: Refusal = Refusal::Rejected("a share is not of this task");
const FORGED: Refusal = Refusal::Rejected("the proof does not hold");
const NO_DAY: Refusal = Refusal::Rejected("its time is not that of a day");
const SHAPE: Refusal = Refusal::Unreadable("cut short, or of another shape");
const PUBLIC: Refusal = Refusal::Unreadable("its public share");

/// Two aggregators, a task, and what they have added so far.
struct Desk {
    pair: Pair,
    task: Task,
    sum: Sum,
}

impl Desk {
    /// One respondent was there before.
    fn new() -> Self {
        let pair = Pair { leader: Keys::new([1; 16], [3; 32]), helper: Keys::new([2; 16], [3; 32]) };
        let mut desk = Self { pair, task: Task::named("one", "hash", "330602", CELLS), sum: Sum::empty(CELLS) };
        assert_eq!(desk.take(&desk.draft().bytes()), Ok(()));
        desk
    }

    fn take(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        let verified = self.pair.verify(&self.task, bytes)?;
        self.sum.add(&verified.shares);
        Ok(())
    }

    #[track_caller]
    fn refuses(&mut self, bytes: &[u8], why: Refusal) {
        let before = self.sum.clone();
        assert_eq!(self.take(bytes), Err(why));
        assert_eq!(self.sum, before);
    }

    fn to(&self) -> Recipients {
        recipients(&self.pair)
    }

    /// An honest report by hand: the ones are every third cell.
    fn draft(&self) -> Draft {
        let measurement = (0..CELLS).map(|cell| u128::from(cell % 3 == 0)).collect();
        Draft::of(&self.task, &vdaf(CELLS).unwrap(), &measurement, &self.to())
    }

    /// The same, bent.
    fn bent(&self, bend: impl FnOnce(&mut Draft)) -> Vec<u8> {
        let mut draft = self.draft();
        bend(&mut draft);
        draft.bytes()
    }

    /// Any numbers in the cells, proved as well as it can be done.
    fn numbers(&self, numbers: &[Field128]) -> Vec<u8> {
        Draft::of(&self.task, &anything(CELLS), &numbers.to_vec(), &self.to()).bytes()
    }
}

/// Where the parts of the leader's share lie.
const CELL: usize = 16;
const PROOF: usize = CELL * CELLS;

#[test]
fn an_honest_report_is_taken() {
    let sample = Sample::parse(include_bytes!("../vectors/good/survey.json"));
    let day: Day = "2026-11-23".parse().unwrap();
    let mut desk = Desk::new();
    desk.task.cells = sample.questionnaire.layout.len();
    let mut people = Respondents::new(sample.questionnaire.clone(), 1);
    for id in [[0; 16], [7; 16], [255; 16]] {
        let cells = Cells::encode(&sample.questionnaire, &people.next().unwrap());
        let report = Report::split(&desk.task, day, &cells, id, &desk.to()).unwrap();
        assert_eq!((report.task(), report.id()), (desk.task.id, id.into()));
        assert_eq!(Report::parse(desk.task.id, report.bytes().to_vec()).as_ref(), Ok(&report));

        let verified = desk.pair.verify(&desk.task, report.bytes()).unwrap();
        assert_eq!((verified.id, verified.day), (id.into(), day));
        let mut alone = Sum::empty(desk.task.cells);
        alone.add(&verified.shares);
        let ones = alone.combine(1).unwrap().cells;
        let ones = ones.iter().zip(0u32..).filter(|(count, _)| **count == 1).map(|(_, cell)| cell);
        assert_eq!(ones.collect::<Vec<_>>(), cells.ones());
    }
}

/// What is uploaded is a report of DAP-09 as another implementation reads it.
#[test]
fn a_report_is_read_by_another_implementation() {
    let desk = Desk::new();
    let day: Day = "2026-11-23".parse().unwrap();
    let report = Report::split(&desk.task, day, &Cells::default(), [7; 16], &desk.to()).unwrap();
    let message = Message::get_decoded(report.bytes()).unwrap();
    assert_eq!(message.get_encoded().unwrap(), report.bytes());
    assert_eq!(message.metadata().id().as_ref(), &[7; 16]);
    assert_eq!(message.metadata().time().as_seconds_since_epoch(), 20_780 * 86_400);
    assert_eq!(message.public_share().len(), 32);
    for sealed in [message.leader_encrypted_input_share(), message.helper_encrypted_input_share()] {
        assert_eq!((u8::from(*sealed.config_id()), sealed.encapsulated_key().len()), (1, 32));
    }
}

#[test]
fn a_respondent_of_more_cells_than_the_task_is_not_split() {
    let sample = Sample::parse(include_bytes!("../vectors/good/survey.json"));
    let mut desk = Desk::new();
    desk.task.cells = sample.questionnaire.layout.len() - 2;
    let cells =
        Cells::encode(&sample.questionnaire, &Respondents::new(sample.questionnaire.clone(), 1).next().unwrap());
    let split = Report::split(&desk.task, "2026-11-23".parse().unwrap(), &cells, [7; 16], &desk.to());
    assert_eq!(split, Err(anxin::split::CannotSplit::Cells));
}

/// The forger's reports are taken when nothing is bent: what is refused below is refused for the bend.
#[test]
fn a_report_by_hand_is_taken() {
    let mut desk = Desk::new();
    assert_eq!(desk.take(&desk.bent(|_| ())), Ok(()));
    assert_eq!(desk.take(&desk.numbers(&[Field128::one(); CELLS])), Ok(()));
    let cells = desk.sum.combine(3).unwrap().cells;
    assert_eq!(cells, (0..CELLS).map(|cell| if cell % 3 == 0 { 3 } else { 1 }).collect::<Vec<_>>());
}

#[test]
fn a_cell_of_anything_but_0_or_1_is_refused() {
    let mut desk = Desk::new();
    let two = Field128::from(2);
    for number in [two, two + Field128::one(), -Field128::one(), two.inv()] {
        for cell in [0, 5, CELLS - 1] {
            let mut numbers = [Field128::zero(); CELLS];
            numbers[cell] = number;
            desk.refuses(&desk.numbers(&numbers), FORGED);
        }
    }
    // Nor do two wrongs that add up to nothing.
    let mut numbers = [Field128::zero(); CELLS];
    (numbers[2], numbers[3]) = (two, -two);
    desk.refuses(&desk.numbers(&numbers), FORGED);
}

/// The proof is of cells, not of blocks: a respondent in every cell at once is found out after the sum.
#[test]
fn ones_in_every_cell_are_told_by_the_check_of_the_sum() {
    let sample = Sample::parse(include_bytes!("../vectors/good/survey.json"));
    let layout = &sample.questionnaire.layout;
    let mut desk = Desk::new();
    desk.task.cells = layout.len();
    let bytes = Draft::of(&desk.task, &vdaf(layout.len()).unwrap(), &vec![1; layout.len()], &desk.to()).bytes();
    let mut sum = Sum::empty(layout.len());
    sum.add(&desk.pair.verify(&desk.task, &bytes).unwrap().shares);
    assert!(sum.combine(1).unwrap().check(layout).is_err());
}

#[test]
fn a_tampered_share_is_refused() {
    let mut desk = Desk::new();
    let end = desk.draft().leader.share.len();
    // The lowest byte of a number: the first and last cell, the first and last of the proof, and the blind.
    for at in [0, PROOF - CELL, PROOF, end - 2 * CELL, end - CELL, end - 1] {
        desk.refuses(&desk.bent(|draft| draft.leader.share[at] ^= 1), FORGED);
    }
    for at in [0, 16, 32, 47] {
        desk.refuses(&desk.bent(|draft| draft.helper.share[at] ^= 1), FORGED);
    }
    for at in [0, 31] {
        desk.refuses(&desk.bent(|draft| draft.public[at] ^= 1), FORGED);
    }
}

#[test]
fn a_share_that_is_none_is_refused() {
    let mut desk = Desk::new();
    // Beyond the field's prime.
    desk.refuses(&desk.bent(|draft| draft.leader.share[..CELL].fill(255)), NOT_OF_TASK);
    for len in [0, 1, PROOF, PROOF + CELL] {
        desk.refuses(&desk.bent(|draft| draft.leader.share.truncate(len)), NOT_OF_TASK);
    }
    desk.refuses(&desk.bent(|draft| draft.leader.share.extend([0; CELL])), NOT_OF_TASK);
    desk.refuses(&desk.bent(|draft| draft.helper.share.truncate(47)), NOT_OF_TASK);
    desk.refuses(&desk.bent(|draft| draft.helper.share.push(0)), NOT_OF_TASK);
    desk.refuses(&desk.bent(|draft| draft.public.truncate(31)), PUBLIC);
    desk.refuses(&desk.bent(|draft| draft.public.push(0)), PUBLIC);
}

#[test]
fn a_share_of_another_task_is_refused() {
    let mut desk = Desk::new();
    for other in [("two", "hash", "330602"), ("one", "hasi", "330602"), ("one", "hash", "330603")] {
        let task = Task::named(other.0, other.1, other.2, CELLS);
        desk.refuses(&desk.bent(|draft| draft.task = task.id), NOT_OPENED);
    }
    // The same names, but another number of cells.
    for cells in [CELLS - 1, CELLS + 1] {
        let draft = Draft::of(&desk.task, &vdaf(cells).unwrap(), &vec![1; cells], &desk.to());
        desk.refuses(&draft.bytes(), NOT_OF_TASK);
    }
}

/// The time, the name and the public share are sealed with the shares.
#[test]
fn a_report_changed_outside_of_its_shares_is_refused() {
    let mut desk = Desk::new();
    let honest = desk.draft();
    let bytes = |draft: &Draft| {
        let (message, sealed) = (draft.report(), honest.report());
        let (leader, helper) = (sealed.leader_encrypted_input_share(), sealed.helper_encrypted_input_share());
        let (metadata, public) = (message.metadata().clone(), message.public_share().to_vec());
        Message::new(metadata, public, leader.clone(), helper.clone()).get_encoded().unwrap()
    };
    assert_eq!(desk.take(&bytes(&honest)), Ok(()));
    let changes: [fn(&mut Draft); 3] =
        [|draft| draft.id[0] ^= 1, |draft| draft.time += Task::PRECISION_SECONDS, |draft| draft.public[0] ^= 1];
    for change in changes {
        let mut draft = Draft { leader: honest.leader.clone(), helper: honest.helper.clone(), ..desk.draft() };
        draft.public.clone_from(&honest.public);
        change(&mut draft);
        desk.refuses(&bytes(&draft), NOT_OPENED);
    }
}

/// Sealed for another report, in the open: the proof is bound to the report's name.
#[test]
fn shares_made_for_another_report_are_refused() {
    let mut desk = Desk::new();
    desk.refuses(&desk.bent(|draft| draft.id[0] ^= 1), FORGED);
    let other = desk.draft();
    desk.refuses(&desk.bent(|draft| draft.helper = other.helper), FORGED);
}

#[test]
fn swapped_roles_are_refused() {
    let mut desk = Desk::new();
    // Each sealed to the other, who opens it and finds the wrong share.
    let swap = |draft: &mut Draft| std::mem::swap(&mut draft.leader.share, &mut draft.helper.share);
    desk.refuses(&desk.bent(swap), NOT_OF_TASK);
    // In the other's place.
    desk.refuses(&desk.bent(|draft| std::mem::swap(&mut draft.leader, &mut draft.helper)), NOT_OPENED);
    desk.refuses(&desk.bent(|draft| std::mem::swap(&mut draft.leader.to, &mut draft.helper.to)), NOT_OPENED);
    desk.refuses(&desk.bent(|draft| std::mem::swap(&mut draft.leader.key, &mut draft.helper.key)), NOT_OPENED);
    // To the right one, but as if from or for somebody else.
    desk.refuses(&desk.bent(|draft| draft.leader.to = Role::Helper), NOT_OPENED);
    desk.refuses(&desk.bent(|draft| draft.helper.to = Role::Leader), NOT_OPENED);
    for from in [Role::Collector, Role::Leader, Role::Helper] {
        desk.refuses(&desk.bent(|draft| draft.leader.from = from), NOT_OPENED);
        desk.refuses(&desk.bent(|draft| draft.helper.from = from), NOT_OPENED);
    }
}

#[test]
fn an_extension_is_refused() {
    let mut desk = Desk::new();
    for kind in [ExtensionType::Tbd, ExtensionType::Taskprov] {
        let extension = vec![Extension::new(kind, b"?".to_vec())];
        desk.refuses(&desk.bent(|draft| draft.leader.extensions.clone_from(&extension)), NOT_OPENED);
        desk.refuses(&desk.bent(|draft| draft.helper.extensions = extension), NOT_OPENED);
    }
}

#[test]
fn a_key_that_is_not_known_is_told_by_its_id() {
    let mut desk = Desk::new();
    let renamed = |key: &HpkeConfig, id: u8| {
        HpkeConfig::new(id.into(), *key.kem_id(), *key.kdf_id(), *key.aead_id(), key.public_key().clone())
    };
    for id in [0, 2, 255] {
        let leader = desk.bent(|draft| draft.leader.key = renamed(&draft.leader.key, id));
        desk.refuses(&leader, Refusal::OutdatedKey(id));
        let helper = desk.bent(|draft| draft.helper.key = renamed(&draft.helper.key, id));
        desk.refuses(&helper, Refusal::OutdatedKey(id));
    }
}

#[test]
fn a_time_within_a_day_is_refused() {
    let mut desk = Desk::new();
    for seconds in [1, 3_600, 86_399] {
        desk.refuses(&desk.bent(|draft| draft.time += seconds), NO_DAY);
    }
    desk.refuses(&desk.bent(|draft| draft.time = u64::MAX / 86_400 * 86_400), NO_DAY);
}

#[test]
fn a_report_cut_short_anywhere_is_refused() {
    let mut desk = Desk::new();
    let bytes = desk.draft().bytes();
    for len in 0..bytes.len() {
        desk.refuses(&bytes[..len], SHAPE);
        assert_eq!(Report::parse(desk.task.id, bytes[..len].to_vec()), Err(NotAReport));
    }
}

#[test]
fn a_report_with_more_behind_it_is_refused() {
    let mut desk = Desk::new();
    let bytes = desk.draft().bytes();
    for more in [&[0][..], &[0; 7], &bytes] {
        let bytes = [&bytes, more].concat();
        desk.refuses(&bytes, SHAPE);
        assert_eq!(Report::parse(desk.task.id, bytes), Err(NotAReport));
    }
}

#[test]
fn a_report_over_the_limit_is_not_even_read() {
    let mut desk = Desk::new();
    // Whole, but for its length.
    let fill = |len: usize| desk.bent(|draft| draft.public = vec![0; len]);
    let rest = fill(0).len();
    let (at, over) = (fill(REPORT_BYTES - rest), fill(REPORT_BYTES - rest + 1));
    assert_eq!((at.len(), over.len()), (REPORT_BYTES, REPORT_BYTES + 1));
    desk.refuses(&at, PUBLIC);
    desk.refuses(&over, Refusal::Unreadable("too long"));
}

/// Whatever a byte of a report is changed to, nothing is added and nothing panics: every third is tried.
#[test]
fn a_report_changed_by_a_byte_is_refused() {
    let mut desk = Desk::new();
    let (bytes, before) = (desk.draft().bytes(), desk.sum.clone());
    for at in (0..bytes.len()).step_by(3) {
        let mut changed = bytes.clone();
        changed[at] ^= 1 << (at % 8);
        assert!(desk.take(&changed).is_err(), "byte {at}");
    }
    assert_eq!(desk.sum, before);
}
