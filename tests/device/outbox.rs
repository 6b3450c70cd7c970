//! Batches that wait: tried again, closed late, too many.

use anxin::{
    device::{Device, OUTBOX, Outcome},
    outgoing::Acknowledgement,
};

use crate::{
    books::{Books, Event, Fate},
    tablet::{AREAS, PEOPLE, QUESTIONNAIRE, Tablet, campaign, day, respondent, who},
};

/// A batch that was refused waits for the volunteer; one that found no network is tried by itself.
#[test]
fn refused_batches_are_tried_again_only_by_hand() {
    let mut books = Books::open();
    books.happens(Event::Add(5));
    let waiting =
        |books: &Books, refused_too| Device::read(books.tablet.document.as_deref()).unwrap().to_post(refused_too).len();
    books.posts(&[Fate::Refused], false);
    assert_eq!((waiting(&books, false), waiting(&books, true)), (0, 1));
    books.posts(&[Fate::Unreachable], true);
    assert_eq!((waiting(&books, false), waiting(&books, true)), (1, 1));
    books.posts(&[Fate::Impostor(true)], false);
    books.posts(&[Fate::Impostor(false)], false);
    let state =
        |books: &Books| Device::read(books.tablet.document.as_deref()).unwrap().state(&books.campaign()).unwrap();
    let unsent = &state(&books).unsent[0];
    assert_eq!((unsent.n, unsent.tries, unsent.refused), (5, 4, false));
    assert_eq!(unsent.problem.as_deref(), Some("acknowledges something else"));
    books.posts(&[Fate::Arrives], false);
    assert_eq!((state(&books).unsent.len(), state(&books).sent), (0, 5));
}

/// A full outbox keeps nobody from answering: the tally grows on, and goes out as one batch when there
/// is room.
#[test]
fn a_full_outbox_keeps_adding() {
    let (mut tablet, campaign) = (Tablet::new(), campaign("one"));
    tablet.begin(&campaign, AREAS[0]).unwrap();
    let mut device = Device::read(tablet.document.as_deref()).unwrap();
    let add = |device: &mut Device, number: usize| {
        let random = std::array::from_fn(|i| number.to_be_bytes().get(i).copied().unwrap_or_default());
        device.add(&campaign, &QUESTIONNAIRE.layout, &respondent(number), None, day("2026-11-23"), random).unwrap();
    };
    let full = OUTBOX * 5;
    (0..full + 12).for_each(|number| add(&mut device, number));
    assert_eq!(device.to_post(true).len(), OUTBOX);
    assert_eq!(device.state(&campaign).unwrap().in_tally, 12);
    let first = device.to_post(true)[0].batch.clone();
    device.posted(&first.id, Outcome::Acknowledged(Acknowledgement { id: first.id.clone(), counted: true }));
    add(&mut device, full + 12);
    let waiting = device.to_post(true);
    assert_eq!((waiting.len(), device.state(&campaign).unwrap().in_tally), (OUTBOX, 0));
    assert_eq!(
        who(&waiting[OUTBOX - 1].batch.cells),
        (full..full + 13).map(|number| number % PEOPLE).collect::<Vec<_>>()
    );
}

/// A batch bears the day on which it was closed, and none on which nobody was asked.
#[test]
fn a_batch_closed_after_the_campaign_bears_its_last_day() {
    let (mut tablet, campaign) = (Tablet::new(), campaign("one"));
    tablet.begin(&campaign, AREAS[0]).unwrap();
    for (number, today) in (0..10).zip(["2026-11-30"; 5].into_iter().chain(["2026-12-02"; 5])) {
        let add = |device: &mut Device| {
            device.add(&campaign, &QUESTIONNAIRE.layout, &respondent(number), None, day(today), [number as u8; 16])
        };
        tablet.step(add).unwrap();
    }
    assert!(tablet.outbox().iter().all(|(_, batch)| batch.day == day("2026-11-30")));
}
