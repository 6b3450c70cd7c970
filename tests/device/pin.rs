//! The volunteer's shift, and the PIN that keeps residents out of it.

use anxin::{
    device::{BadStep, Device, Entry, Hand},
    response::Mode,
};

use crate::tablet::{AREAS, PIN, TODAY, Tablet, campaign, day, on};

/// Wrong PINs make the next try wait, longer and longer up to a minute; the right one always opens.
#[test]
fn a_wrong_pin_waits_and_never_locks_out() {
    let (mut tablet, campaign) = (Tablet::new(), campaign("one"));
    tablet.begin(&campaign, AREAS[0]).unwrap();
    tablet.step(|device| device.hand_over(&campaign, None).map(Some)).unwrap();
    let wait = |tablet: &Tablet| tablet.device().pin_wait_seconds(&campaign).unwrap();
    let mut waits = Vec::new();
    for _ in 0..12 {
        waits.push(wait(&tablet));
        let taken = tablet.step(|device| device.take_back(&campaign, "2581").map(Some));
        assert_eq!(taken, Ok(Some(Entry::WrongPin)));
    }
    assert_eq!(waits, [0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
    let hand = |tablet: &Tablet| tablet.device().state(&campaign).unwrap().hand;
    assert_eq!(hand(&tablet), Hand::Resident);
    tablet.step(|device| device.take_back(&campaign, PIN).map(Some)).unwrap();
    assert_eq!((hand(&tablet), wait(&tablet)), (Hand::Volunteer, 0));
    assert_eq!(tablet.device().end(&campaign, ""), Ok(Entry::WrongPin));
    tablet.step(|device| device.end(&campaign, PIN).map(Some)).unwrap();
    assert_eq!(tablet.device().end(&campaign, PIN), Err(BadStep::NoShift));
}

/// A PIN is four to eight digits, and does not stand in the journal.
#[test]
fn a_pin_is_four_to_eight_digits() {
    let campaign = campaign("one");
    for (pin, taken) in [
        ("2580", true),
        ("25802580", true),
        ("258", false),
        ("258025802", false),
        ("", false),
        ("25 80", false),
        ("２５８０", false),
        ("abcd", false),
        ("-258", false),
    ] {
        let random = ([1; 16], [2; 32]);
        let begun = Device::default().begin(&campaign, AREAS[0], Mode::ReadAloud, pin, random, day(TODAY));
        match begun {
            Ok(entry) => assert!(taken && !serde_json::to_string(&entry).unwrap().contains(pin), "the PIN can be read"),
            Err(why) => assert_eq!((why, taken), (BadStep::Pin, false), "{pin}"),
        }
    }
}

/// A shift begins in an area of an open campaign, one at a time, a hundred a day; nothing is added to another's.
#[test]
fn a_shift_begins_where_and_when_people_are_asked() {
    let (one, two) = (campaign("one"), campaign("two"));
    let begin = |device: &Device, campaign, area, today| {
        device.begin(campaign, area, Mode::ReadAloud, PIN, ([1; 16], [2; 32]), day(today))
    };
    let mut device = Device::default();
    for area in ["330605", "3306", "33060201", ""] {
        assert_eq!(begin(&device, &one, area, TODAY), Err(BadStep::Area), "{area}");
    }
    for today in ["2026-10-31", "2026-12-01"] {
        assert_eq!(begin(&device, &one, AREAS[1], today), Err(BadStep::Closed), "{today}");
    }
    device.apply(&begin(&device, &one, AREAS[1], "2026-11-30").unwrap());
    assert_eq!(begin(&device, &two, AREAS[1], TODAY), Err(BadStep::ShiftOn));
    let person = Tablet::new().person(0, false);
    assert_eq!(device.complete(&two, person, false, on(TODAY)), Err(BadStep::NoShift));
    assert_eq!(
        (device.hand_over(&two, None), device.take_back(&two, PIN)),
        (Err(BadStep::NoShift), Err(BadStep::NoShift))
    );
    assert_eq!(device.pin_wait_seconds(&two), Err(BadStep::NoShift));
    assert!(device.state(&two).is_none());
    let state = device.state(&one).unwrap();
    assert_eq!((state.area.as_str(), state.mode, state.k, state.completed), (AREAS[1], Mode::ReadAloud, 5, 0));
    for _ in 1..100 {
        device.apply(&device.end(&one, PIN).unwrap());
        device.apply(&begin(&device, &one, AREAS[1], "2026-11-30").unwrap());
    }
    device.apply(&device.end(&one, PIN).unwrap());
    assert_eq!(begin(&device, &one, AREAS[1], "2026-11-30"), Err(BadStep::Shifts));
}
