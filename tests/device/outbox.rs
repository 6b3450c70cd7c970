//! Posts that wait: tried again, closed late, too many.

use anxin::{
    device::{Entry, OUTBOX, Outcome},
    outgoing::Acknowledgement,
};

use crate::{
    books::{Books, Event, Fate},
    tablet::{AREAS, TODAY, Tablet, campaign, day, on, who_in},
};

/// A batch that was refused waits for the volunteer; one that found no network is tried by itself.
#[test]
fn refused_batches_are_tried_again_only_by_hand() {
    let mut books = Books::open();
    books.happens(Event::Ask(5, false));
    let waiting = |books: &Books, refused_too| books.tablet.device().to_post(refused_too).len();
    books.posts(&[Fate::Refused], false);
    assert_eq!((waiting(&books, false), waiting(&books, true)), (0, 1));
    books.posts(&[Fate::Unreachable], true);
    assert_eq!((waiting(&books, false), waiting(&books, true)), (1, 1));
    books.posts(&[Fate::Impostor(true)], false);
    books.posts(&[Fate::Impostor(false)], false);
    let state = |books: &Books| books.tablet.device().state(&books.campaign()).unwrap();
    let unsent = &state(&books).unsent[0];
    assert_eq!((unsent.n, unsent.tries, unsent.refused), (5, 4, false));
    assert_eq!(unsent.problem.as_deref(), Some("acknowledges something else"));
    books.posts(&[Fate::Arrives], false);
    assert_eq!((state(&books).unsent.len(), state(&books).sent), (0, 5));
}

/// While a batch waits for the network the next sum grows on, however large; then it is one batch.
#[test]
fn a_sum_grows_while_a_batch_waits() {
    let mut books = Books::open();
    books.happens(Event::Ask(6, true));
    books.posts(&[Fate::Unreachable], false);
    for _ in 0..4 {
        books.happens(Event::Ask(7, true));
        books.posts(&[Fate::Unreachable], false);
    }
    let sizes = |books: &Books| books.tablet.outbox().iter().map(|(_, batch)| batch.n).collect::<Vec<_>>();
    assert_eq!(sizes(&books), [6]);
    assert_eq!(books.tablet.device().state(&books.campaign()).unwrap().in_tally, 28);
    books.posts(&[Fate::Arrives], false);
    books.posts(&[Fate::Unreachable], false);
    assert_eq!(sizes(&books), [28]);
}

/// A full outbox keeps nobody from answering: the sum grows on, and goes out when there is room.
#[test]
fn a_full_outbox_keeps_adding() {
    let (mut tablet, campaign) = (Tablet::long(), campaign("one"));
    // Each shift leaves a batch; its doors are gathered when there is room again.
    for shift in 0..OUTBOX {
        let today = day("2026-11-01").plus_days((shift / 90) as u16);
        let random = (tablet.random(), tablet.random());
        let mode = anxin::response::Mode::ReadAloud;
        tablet.step(|device| device.begin(&campaign, AREAS[0], mode, "2580", random, today).map(Some)).unwrap();
        for number in 0..5 {
            tablet.ask(&campaign, shift * 5 + number, false, on(TODAY)).unwrap();
        }
        tablet.step(|_| Ok(Some(Entry::Ended))).unwrap();
        let random = tablet.random();
        // Sums come first.
        tablet.step(|device| Ok(device.gather(on(TODAY), false, random))).unwrap();
    }
    assert_eq!(tablet.outbox().len(), OUTBOX);
    tablet.begin(&campaign, AREAS[0]).unwrap();
    (0..12).for_each(|number| tablet.ask(&campaign, number, false, on(TODAY)).unwrap());
    tablet.gather(on(TODAY));
    assert_eq!((tablet.device().to_post(true).len(), tablet.device().state(&campaign).unwrap().in_tally), (OUTBOX, 12));
    let (_, first) = tablet.outbox().remove(0);
    let outcome = Outcome::Acknowledged(Acknowledgement { id: first.id.clone(), counted: true });
    tablet.step(|_| Ok(Some(Entry::Posted { id: first.id, outcome }))).unwrap();
    tablet.gather(on("2026-11-24"));
    assert_eq!(who_in(&tablet.outbox().last().unwrap().1), (0..12).collect::<Vec<_>>());
}

/// A batch bears the day of its latest respondent; one of an earlier day is closed by itself.
#[test]
fn a_batch_bears_the_day_on_which_people_were_asked() {
    let (mut tablet, campaign) = (Tablet::new(), campaign("one"));
    tablet.begin(&campaign, AREAS[0]).unwrap();
    for number in 0..10 {
        tablet.ask(&campaign, number, false, on(TODAY)).unwrap();
    }
    tablet.gather(on(TODAY));
    (10..16).for_each(|number| tablet.ask(&campaign, number, false, on(TODAY)).unwrap());
    tablet.gather(on(TODAY));
    (16..18).for_each(|number| tablet.ask(&campaign, number, false, on("2026-11-24")).unwrap());
    let days = |tablet: &Tablet| tablet.outbox().iter().map(|(_, it)| (it.n, it.day)).collect::<Vec<_>>();
    assert_eq!(days(&tablet), [(10, day(TODAY))], "one batch at a time");
    tablet.gather(on("2026-11-25"));
    // The latest of them was asked on the second day.
    assert_eq!(days(&tablet), [(10, day(TODAY)), (8, day("2026-11-24"))]);
}

/// A clock that jumps in the middle of a shift costs nobody: days stay within the campaign and the shift.
#[test]
fn a_clock_that_jumps_costs_nobody() {
    let (mut tablet, campaign) = (Tablet::new(), campaign("one"));
    tablet.begin(&campaign, AREAS[0]).unwrap();
    for (number, today) in ["1970-01-01", "2027-11-23", "2025-11-23", "2026-12-02", TODAY].into_iter().enumerate() {
        tablet.ask(&campaign, number, false, on(today)).unwrap();
    }
    tablet.gather(on(TODAY));
    tablet.step(|device| device.end(&campaign, "2580").map(Some)).unwrap();
    tablet.gather(on(TODAY));
    for day in tablet.outbox().iter().map(|(_, it)| it.day).chain(tablet.fieldwork().iter().map(|it| it.day)) {
        assert!(campaign.open_on(day), "{day}");
    }
    assert_eq!(tablet.fieldwork().iter().map(|it| it.doors.visits()).sum::<u64>(), 5);
}
