//! Doors: counted, called back at, undone; the adult who is picked; what the shift came to.

use anxin::{
    device::{BadStep, Entry, Hand, Pick},
    disposition::{Adults, Disposition, Visit},
};

use crate::tablet::{AREAS, PIN, TODAY, Tablet, campaign, on};

/// A shift as the volunteer sees it: doors, contacts, a call-back, an undo, and AAPOR's rates of it.
#[test]
fn a_shift_counts_its_doors() {
    let (mut tablet, campaign) = (Tablet::new(), campaign("one"));
    tablet.begin(&campaign, AREAS[0]).unwrap();
    let outcomes = [
        Disposition::NobodyHome,
        Disposition::NobodyHome,
        Disposition::Refused,
        Disposition::CannotGetIn,
        Disposition::NotEligible,
        Disposition::Other,
    ];
    outcomes.iter().for_each(|&outcome| tablet.visit(&campaign, outcome).unwrap());
    (0..3).for_each(|number| tablet.ask(&campaign, number, false, on(TODAY)).unwrap());
    // Somebody is at home the second time.
    tablet.step(|device| device.hand_over(&campaign, Some(Disposition::NobodyHome)).map(Some)).unwrap();
    let person = tablet.person(3, false);
    tablet.step(|device| device.complete(&campaign, person, false, on(TODAY)).map(Some)).unwrap();
    tablet.step(|device| device.take_back(&campaign, PIN).map(Some)).unwrap();
    // One breaks off and lets it count, one does not.
    for partial in [true, false] {
        tablet.step(|device| device.hand_over(&campaign, None).map(Some)).unwrap();
        let person = tablet.person(4, false);
        let left = |device: &anxin::device::Device| match partial {
            true => device.complete(&campaign, person, true, on(TODAY)).map(Some),
            false => device.leave(&campaign, Some(on(TODAY))).map(Some),
        };
        tablet.step(left).unwrap();
        tablet.step(|device| device.take_back(&campaign, PIN).map(Some)).unwrap();
    }
    // A door by mistake.
    tablet.visit(&campaign, Disposition::Language).unwrap();
    tablet.step(|device| device.undo(&campaign).map(Some)).unwrap();

    let state = tablet.device().state(&campaign).unwrap();
    let doors = &state.doors;
    assert_eq!((doors.total, doors.callbacks, doors.contacts, doors.completes), (11, 1, 8, 4));
    let ended: Vec<_> = doors.ended.iter().map(|&(_, count)| count).collect();
    assert_eq!(ended, [4, 1, 2, 1, 1, 1, 0, 1], "in the order of the dispositions");
    // I 4, P 1, R 2, NC 2, O 1, NE 1.
    let of = |it: Option<anxin::statistic::proportion::Estimate>| it.map(|it| (it.x, it.n));
    let rates = &doors.rates;
    assert_eq!(
        [rates.rr1, rates.rr2, rates.coop1, rates.ref1, rates.con1].map(of),
        [Some((4, 10)), Some((5, 10)), Some((4, 8)), Some((2, 10)), Some((8, 10))]
    );
    assert_eq!((state.completed, state.in_tally, state.undo), (4, 5, None));

    // The card of the shift that has ended says the same; a new shift begins from nothing.
    let before = doors.clone();
    tablet.step(|device| device.end(&campaign, PIN).map(Some)).unwrap();
    assert_eq!(tablet.device().card(&campaign).unwrap().doors, before);
    tablet.begin(&campaign, AREAS[1]).unwrap();
    let state = tablet.device().state(&campaign).unwrap();
    assert_eq!((state.number, state.doors.total, state.completed), (2, 0, 0));
    assert!(tablet.device().card(&campaign).is_none());
}

/// Only the last door can be undone, until something else is done; who is undone is in no sum and in no count.
#[test]
fn the_last_door_can_be_undone_once() {
    let (mut tablet, campaign) = (Tablet::new(), campaign("one"));
    tablet.begin(&campaign, AREAS[0]).unwrap();
    assert_eq!(tablet.step(|device| device.undo(&campaign).map(Some)), Err(BadStep::Nothing));
    tablet.ask(&campaign, 0, true, on(TODAY)).unwrap();
    tablet.ask(&campaign, 1, true, on(TODAY)).unwrap();
    assert_eq!((tablet.device().waiting(), tablet.reports.len()), (2, 2));
    tablet.step(|device| device.undo(&campaign).map(Some)).unwrap();
    assert_eq!((tablet.device().waiting(), tablet.reports.len()), (1, 1), "the report goes with the respondent");
    assert_eq!(tablet.step(|device| device.undo(&campaign).map(Some)), Err(BadStep::Nothing));
    assert_eq!(tablet.sums()[0].2, [0]);
    tablet.visit(&campaign, Disposition::Refused).unwrap();
    tablet.step(|device| Ok(device.settle())).unwrap();
    assert_eq!(tablet.step(|device| device.undo(&campaign).map(Some)), Err(BadStep::Nothing), "it stands");
}

/// What is drawn for a household stays, however often it is asked for; each adult has the same chance.
#[test]
fn one_adult_is_picked_with_equal_chance() {
    let (mut tablet, campaign) = (Tablet::writing_all_after(64), campaign("one"));
    tablet.begin(&campaign, AREAS[0]).unwrap();
    let mut counts = [0u32; 3];
    for round in 0..300u64 {
        // Any number may come from the browser.
        let random = round.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let Ok(Some(Entry::Picked(Pick { adults: 3, nth }))) =
            tablet.step(|device| device.pick(&campaign, 3, random).map(Some))
        else {
            panic!("nobody was picked")
        };
        counts[nth as usize - 1] += 1;
        let again = tablet.step(|device| device.pick(&campaign, 3, !random).map(Some));
        assert_eq!(again, Ok(Some(Entry::Picked(Pick { adults: 3, nth }))), "asking again draws nobody else");
        tablet.visit(&campaign, Disposition::Refused).unwrap();
    }
    assert!(counts.iter().all(|&count| (70..130).contains(&count)), "{counts:?}");
    for adults in [0, 21, u32::MAX] {
        assert_eq!(tablet.device().pick(&campaign, adults, 0), Err(BadStep::Adults));
    }
    // The number of adults is kept as the respondent's weight class.
    tablet.step(|device| device.pick(&campaign, 4, 9).map(Some)).unwrap();
    tablet.ask(&campaign, 0, false, on(TODAY)).unwrap();
    tablet.ask(&campaign, 1, false, on(TODAY)).unwrap();
    tablet.step(|device| device.end(&campaign, PIN).map(Some)).unwrap();
    tablet.gather(on(TODAY));
    let doors = &tablet.fieldwork()[0].doors;
    assert_eq!((doors.adults(Adults::Four), doors.adults(Adults::Unknown)), (1, 1));
}

/// In a resident's hands nothing of the volunteer's can be done, and the other way about; a respondent counts once.
#[test]
fn each_step_belongs_to_one_pair_of_hands() {
    let (mut tablet, campaign) = (Tablet::new(), campaign("one"));
    tablet.begin(&campaign, AREAS[0]).unwrap();
    let person = tablet.person(0, false);
    let complete = |device: &anxin::device::Device| device.complete(&campaign, person.clone(), false, on(TODAY));
    assert_eq!(complete(&tablet.device()), Err(BadStep::Hand), "nobody has the tablet");
    tablet.step(|device| device.hand_over(&campaign, None).map(Some)).unwrap();
    let visit = Visit { outcome: Disposition::Refused, before: None, adults: Adults::Unknown };
    for step in [
        tablet.device().visit(&campaign, visit, on(TODAY)),
        tablet.device().undo(&campaign),
        tablet.device().release(&campaign),
        tablet.device().pick(&campaign, 2, 0),
        tablet.device().hand_over(&campaign, None),
    ] {
        assert_eq!(step, Err(BadStep::Hand));
    }
    tablet.step(|device| complete(device).map(Some)).unwrap();
    assert_eq!(tablet.device().state(&campaign).unwrap().hand, Hand::Done);
    assert_eq!(complete(&tablet.device()), Err(BadStep::Hand), "handing in twice counts once");
    assert_eq!(tablet.device().leave(&campaign, None), Err(BadStep::Hand));
    // What cannot have come of a door is no step.
    tablet.step(|device| device.take_back(&campaign, PIN).map(Some)).unwrap();
    let completed = Visit { outcome: Disposition::Completed, ..visit };
    assert_eq!(tablet.device().visit(&campaign, completed, on(TODAY)), Err(BadStep::Visit));
    let twice = Visit { before: Some(Disposition::Completed), ..visit };
    assert_eq!(tablet.device().visit(&campaign, twice, on(TODAY)), Err(BadStep::Visit));
    assert_eq!(tablet.device().hand_over(&campaign, Some(Disposition::NotEligible)), Err(BadStep::Visit));
}
